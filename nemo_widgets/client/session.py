"""A conversation with the agent about one timeline."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from nemo_widgets.client.clip import Clip, OutputFile, free_name
from nemo_widgets.client.export import Exporter, raw_clip
from nemo_widgets.client.language import language_of
from nemo_widgets.client.render import ExportProgress, checked_output
from nemo_widgets.client.show import shown_answer, shown_export
from nemo_widgets.client.state import State
from nemo_widgets.client.stream import AnswerStream
from nemo_widgets.client.turn import Exchange, Turn
from nemo_widgets.client.upload import Asset, OnProgress, Source, upload
from nemo_widgets.display import resolve
from nemo_widgets.errors import EmptyPromptError, InputError, ProtocolError, ServiceError, SessionGoneError
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.envelope import Account, error_for
from nemo_widgets.protocol.events import Event
from nemo_widgets.protocol.routing import Request, route

if TYPE_CHECKING:
    import pandas as pd

    from nemo_widgets.client.client import Client
    from nemo_widgets.client.credits import Credits


class Session:
    """A timeline, and the agent that edits it. Made by ``Client.new_session``; opened at the first call.

    Every coroutine may be awaited on any loop. One message is answered at a time; another one waits.

    Parameters
    ----------
    client : Client
        Whom it talks through.
    task_name : str
        What the project is called.
    language : str, optional
        ISO code that the agent answers in; by default that of the first prompt.
    """

    def __init__(self, client: "Client", task_name: str = "project", language: str | None = None) -> None:
        self.client = client
        self.task_name = task_name
        self.language = language
        self._id: str | None = None
        self._prompt = ""
        self._opening = asyncio.Lock()
        self._speaking = asyncio.Lock()
        self._exporter = Exporter(client)

    @property
    def id(self) -> str | None:
        """The service's name for it; None until it is opened."""
        return self._id

    def __repr__(self) -> str:
        return f"<Session {self._id or 'not opened yet'} on {self.client.backend}>"

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
            return await self._answer(text, _ignore, _ignore)
        return await shown_answer(lambda emit, notify: self._answer(text, emit, notify), self.client.clock)

    def stream(self, text: str) -> AnswerStream:
        """Say something to the agent and get its answer as events; leaving the block stops the agent.

        Raises
        ------
        EmptyPromptError
            There is no text.
        """
        _check_prompt(text)
        return AnswerStream(lambda emit: self._answer(text, emit, _ignore))

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
                return await self._export_as_asked(request, show=show)
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
        if self._id is None:
            return State.parse({"task_name": self.task_name})
        return await self._ask_state()

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
        session_id = await self._opened("")
        with self._gone_told():
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
        resolution: str = "1080p",
        quality: str = "high",
        on_progress: Callable[[ExportProgress], None] | None = None,
        show: bool = True,
    ) -> Clip:
        """Render the timeline and fetch the file.

        Parameters
        ----------
        path : path, optional
            Where the MP4 goes; by default a new file in the current folder, named after the prompt.
        resolution : str, default "1080p"
            The shorter side of the picture, at most ``"1080p"``.
        quality : str, default "high"
            ``"high"``, or ``"draft"`` for a quick look.
        on_progress : callable, optional
            Takes an `ExportProgress` now and then.
        show : bool, default True
            Show a progress bar in the output cell.

        Raises
        ------
        NothingToExportError
            There is no timeline yet.
        OutputPathError
            The file cannot be written; found out before anything is rendered.
        RenderFailedError, DeadlineError
            There is no result; the timeline is still there.
        StoppedError
            `cancel_export` was called.
        """
        output = OutputFile(path if path is not None else free_name(self._prompt or self.task_name))
        wanted = checked_output(resolution, quality)

        async def ask() -> tuple[str, Draft]:
            draft = await self.draft()
            return self._id or "", draft

        async def export(shown: Callable[[ExportProgress], None]) -> Clip:
            def tell(now: ExportProgress) -> None:
                shown(now)
                if on_progress is not None:
                    on_progress(now)

            return await self._exporter.export(ask, output, wanted, tell, self._prompt)

        return await (shown_export(export) if show else export(_ignore))

    @on_job_loop
    async def cancel_export(self) -> None:
        """Stop the export that is under way, if there is one; it ends with a `StoppedError`."""
        await self._exporter.cancel()

    async def _export_as_asked(self, request: Request, *, show: bool) -> Clip:
        if request.format not in (None, "mp4"):
            raise InputError(f"An export is an MP4, not {str(request.format).upper()}. Say: export 1080p MP4")
        return await self.export(resolution=request.resolution or "1080p", show=show)

    async def _answer(self, text: str, emit: Callable[[Event], None], notify: Callable[[str], None]) -> Turn:
        async with self._speaking, self.client.accounted() as account:
            session_id = await self._opened(text)
            notify("")
            access = await self.client.access()
            exchange = Exchange(
                self.client.api,
                access.account,
                session_id,
                text,
                ask_state=self._ask_state,
                emit=emit,
                notify=notify,
                clock=self.client.clock,
                pace=await self.client.pace(),
            )
            self._prompt = self._prompt or text.strip()
            with self._gone_told():
                turn = await exchange.run()
            return await account.settled(turn)

    async def _opened(self, prompt: str) -> str:
        async with self._opening:
            if self._id is None:
                answer = await self.client.api.post(
                    "/api/tasks/me/with-session/nemo_agent",
                    {"task_name": self.task_name, "language": self.language or language_of(prompt)},
                )
                session_id = answer.get("session_id")
                if not isinstance(session_id, str) or not session_id:
                    raise ProtocolError("The service opened no session. Check NEMO_API_URL: is it the API's address?")
                self._id = session_id
            return self._id

    async def _ask_state(self) -> State:
        with self._gone_told():
            return State.parse(await self.client.api.get(f"/api/state/nemo_agent/me/{quote(self._id or '')}/latest"))

    @contextmanager
    def _gone_told(self) -> Iterator[None]:
        """Forget a session that the service has forgotten: the next message opens a new one."""
        try:
            yield
        except ServiceError as error:
            if isinstance(error, SessionGoneError):
                self._id = None
            elif error.code == HTTPStatus.NOT_FOUND:
                self._id = None
                raise error_for(1002, "", Account()) from error
            raise


def _check_prompt(text: str) -> None:
    if not text.strip():
        raise EmptyPromptError('The prompt is empty, so nothing was sent. Try: "a 10-second clip of a city at night"')


def _ignore(_: object) -> None:
    """Take what nobody asked to see."""
