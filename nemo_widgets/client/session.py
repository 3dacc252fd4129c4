"""A conversation with the agent about one timeline."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_widgets.client.clip import Clip, OutputFile, free_name
from nemo_widgets.client.exchange import Exchange
from nemo_widgets.client.export import Exporter, raw_clip
from nemo_widgets.client.looks import looked
from nemo_widgets.client.project import Project
from nemo_widgets.client.render import ExportProgress, checked_output
from nemo_widgets.client.running import Running
from nemo_widgets.client.show import shown_answer
from nemo_widgets.client.state import State
from nemo_widgets.client.stopping import run_telling_stop, unsent_told
from nemo_widgets.client.stream import AnswerStream
from nemo_widgets.client.turn import Audience, Turn
from nemo_widgets.client.upload import Asset, OnProgress, Source, upload
from nemo_widgets.client.weblink import WebLink
from nemo_widgets.display import resolve
from nemo_widgets.errors import EmptyPromptError, InputError
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.hints import hint
from nemo_widgets.protocol.routing import route

if TYPE_CHECKING:
    import pandas as pd

    from nemo_widgets.client.credits import Credits


class Session:
    """A timeline, and the agent that edits it. Made by ``Client.new_session`` and ``Client.open_session``.

    Every coroutine may be awaited on any loop. One message is answered at a time; another one waits.

    Attributes
    ----------
    client : Client
        Whom it talks through.
    """

    def __init__(self, project: Project) -> None:
        self.client = project.client
        self._project = project
        self._prompt = ""
        self._speaking = asyncio.Lock()
        self._answers = Running(
            "The answer was stopped. What the agent had finished by then is on the timeline: look with await "
            "session.tracks()."
        )
        self._exports = Running("The export was stopped. The draft is still there: call export() again.")
        self._exporter = Exporter(project)

    @property
    def id(self) -> str | None:
        """The service's name for it; None until it is opened."""
        return self._project.id

    @property
    def task_name(self) -> str:
        """What the project is called."""
        return self._project.task_name

    @property
    def language(self) -> str | None:
        """ISO code that the agent was asked to answer in; None when that of the first prompt decides."""
        return self._project.language

    def __repr__(self) -> str:
        return f"<Session {self.id or 'not opened yet'} on {self.client.backend}>"

    @on_job_loop
    async def send(self, text: str, *, show: bool = True) -> Turn:
        """Say something to the agent and wait for the whole answer.

        Parameters
        ----------
        text : str
            Such as ``"a 10-second cinematic clip of a futuristic city at night"``. It is sent once, whatever happens.
        show : bool, default True
            Let the answer appear in the output cell while it arrives.

        Raises
        ------
        EmptyPromptError
            There is no text.
        NemoError
            The service refused, the agent failed, or nobody could find out what became of the message.
        """
        _check_prompt(text)
        if not show:
            return await self._answer(text, Audience())
        return await shown_answer(lambda audience: self._answer(text, audience), self.client.clock)

    def stream(self, text: str) -> AnswerStream:
        """Say something to the agent and get its answer as events; leaving the block stops the agent.

        Raises
        ------
        EmptyPromptError
            There is no text.
        """
        _check_prompt(text)
        return AnswerStream(text, lambda audience: self._answer(text, audience))

    @on_job_loop
    async def ask(self, text: str, *, show: bool = True) -> "Turn | Clip | Credits | Draft | list[Asset]":
        """Do what a sentence asks for: export, upload, tell the credits or the timeline; anything else is sent.

        Parameters
        ----------
        text : str
            Such as ``"export 1080p MP4"``, ``"积分"``, ``"show tracks"`` or a prompt.
        show : bool, default True
            Show progress in the output cell.
        """
        _check_prompt(text)
        request = route(text)
        match request.action:
            case "export":
                return await self.export(
                    request.path,
                    format=request.format or "mp4",
                    resolution=request.resolution or "1080p",
                    fps=request.fps,
                    quality=request.quality or "high",
                    show=show,
                )
            case "credits":
                return await self.client.credits()
            case "state":
                return await self.draft()
            case "upload":
                if not request.sources:
                    raise InputError('Which file? Drop it into the Studio, or call session.upload("clip.mp4").')
                return await self.upload(*request.sources)
            case "chat":
                return await self.send(text, show=show)

    @on_job_loop
    async def draft(self) -> Draft:
        """Return the timeline as it is now; an empty one while nothing was said."""
        return (await self.state()).draft

    @on_job_loop
    async def state(self) -> State:
        """Return everything the service knows about this session."""
        return await self._project.state()

    @on_job_loop
    async def tracks(self) -> "pd.DataFrame":
        """Return the timeline as a table, one row a segment."""
        table: pd.DataFrame = resolve("tracks_table")(await self.draft())
        return table

    @on_job_loop
    async def upload(self, *sources: Source, on_progress: OnProgress | None = None) -> list[Asset]:
        """Give the agent material: files, bytes, open files, or URLs.

        Parameters
        ----------
        *sources : str, path, bytes or binary file
            At most 200 MB each. Files are read while they are sent.
        on_progress : callable, optional
            Takes an `UploadProgress` whenever a piece has left.

        Returns
        -------
        list of Asset
            In the order of the sources.

        Raises
        ------
        FileTypeError, FileTooLargeError, InputError
            Nothing was sent.
        """
        if not sources:
            return []
        session_id = await self._project.opened()
        with self._project.not_found_told("upload"):
            return await upload(self.client.api, session_id, sources, on_progress)

    @on_job_loop
    async def preview(self) -> Clip:
        """Fetch the newest raw clip, as it was generated, before any export.

        Raises
        ------
        NothingToExportError
            Nothing was generated yet.
        """
        return await raw_clip(self.client, (await self.state()).generated_media, self._prompt)

    @on_job_loop
    async def export(
        self,
        path: str | Path | None = None,
        *,
        format: str = "mp4",
        resolution: str = "1080p",
        fps: int | None = None,
        quality: str = "high",
        on_progress: Callable[[ExportProgress], None] | None = None,
        show: bool = True,
    ) -> Clip:
        """Render the timeline and fetch the file.

        Parameters
        ----------
        path : path, optional
            Where the MP4 goes; by default a new file in the current folder, named after the prompt.
        format : str, default "mp4"
            The service renders nothing else.
        resolution : str, default "1080p"
            The shorter side of the picture: ``"360p"``, ``"480p"``, ``"540p"``, ``"720p"`` or ``"1080p"``.
        fps : int, optional
            Frames a second, 1 to 60; by default as many as the service gives, which is 30.
        quality : str, default "high"
            ``"high"``, ``"normal"``, or ``"draft"`` for a quick look.
        on_progress : callable, optional
            Takes an `ExportProgress` now and then.
        show : bool, default True
            Show a progress bar in the output cell.

        Raises
        ------
        InputError
            The service does not render that; nothing was asked of it.
        NothingToExportError
            There is no timeline yet.
        OutputPathError
            The file cannot be written; found out before anything is rendered.
        RenderFailedError, DeadlineError
            There is no result; the timeline is still there.
        StoppedError
            `cancel` was called.
        """
        output = OutputFile(path if path is not None else free_name(self._prompt or self.task_name))
        wanted = checked_output(format, resolution, fps, quality)

        work = self._exporter.export(output, wanted, on_progress, self._prompt, show=show)
        with self._project.gone_told("export"):
            return await self._exports.run(work)

    @on_job_loop
    async def cancel_export(self) -> None:
        """Stop the exports that are under way or wait; each ends with a `StoppedError`."""
        await self._exports.stop()

    @on_job_loop
    async def cancel(self) -> None:
        """Stop whatever of this session is under way, answers and exports; each ends with a `StoppedError`.

        The agent hears of it at once: it stops working.
        """
        await asyncio.gather(self._answers.stop(), self._exports.stop())

    @on_job_loop
    async def web_link(self) -> WebLink:
        """Return the way into the web app, where this project can be edited by hand.

        It shows neither itself nor its token in a notebook: call its ``open()``.

        Raises
        ------
        InputError
            Nothing was made yet, or it is the local studio, which has no web app.
        """
        return await self._project.web_link()

    async def _answer(self, text: str, audience: Audience) -> Turn:
        return await self._answers.run(self._exchange(text, audience))

    async def _exchange(self, text: str, audience: Audience) -> Turn:
        async with unsent_told(), self._speaking, self.client.accounted() as account:
            session_id = await self._project.opened(text)
            audience.notify("")
            chinese = self._project.speaks_chinese(text)
            exchange = Exchange(
                self.client.api,
                (await self.client.access()).account,
                session_id,
                text,
                ask_state=partial(self._project.state_of, session_id, "message"),
                audience=audience,
                clock=self.client.clock,
                pace=await self.client.pace(),
                chinese=chinese,
            )
            before = await self._project.state_of(session_id, "unsent message")
            self._prompt = self._prompt or text.strip()
            with self._project.not_found_told("message"):
                turn = await run_telling_stop(exchange, before, self._project.state, account)
            turn = await account.settled(replace(turn, hint=hint(text, chinese=chinese)))
            return replace(turn, shown=await looked(exchange.instructions, turn.draft, account.left, chinese=chinese))


def _check_prompt(text: str) -> None:
    if not isinstance(text, str):
        raise InputError(
            f'A prompt is text, not {type(text).__name__}; nothing was sent. Try: "a 10-second clip of a city at night"'
        )
    if not text.strip():
        raise EmptyPromptError('The prompt is empty, so nothing was sent. Try: "a 10-second clip of a city at night"')
