"""A conversation with the agent about one timeline."""

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_widgets.client.answering import Answering, check_prompt
from nemo_widgets.client.clip import Clip, OutputFile, free_name
from nemo_widgets.client.export import Exporter, raw_clip
from nemo_widgets.client.given import Given
from nemo_widgets.client.project import IN_ORDER, Project
from nemo_widgets.client.render import ExportProgress, checked_output
from nemo_widgets.client.running import Running
from nemo_widgets.client.show import shown_answer, shown_upload
from nemo_widgets.client.state import State
from nemo_widgets.client.stream import AnswerStream
from nemo_widgets.client.turn import Audience, Turn
from nemo_widgets.client.upload import Asset, OnProgress, Source
from nemo_widgets.client.upload_checks import MAX_FILE_BYTES
from nemo_widgets.client.uploading import Uploading
from nemo_widgets.client.weblink import WebLink
from nemo_widgets.display import resolve
from nemo_widgets.errors import InputError
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.routing import route

if TYPE_CHECKING:
    import pandas as pd

    from nemo_widgets.client.batch import Batch
    from nemo_widgets.client.credits import Credits


class Session:
    """A timeline, and the agent that edits it. Made by ``Client.new_session`` and ``Client.open_session``.

    Every coroutine may be awaited on any loop. One message is answered at a time; another one waits. Its `client` is
    whom it talks through, `made` the order in which clients and sessions were made, counted together.
    """

    def __init__(self, project: Project) -> None:
        self.client = project.client
        self.made = next(IN_ORDER)
        self._project = project
        self._answering = Answering(project)
        self._answers = Running(
            "The answer was stopped",
            "What the agent had finished is on the timeline: look with await session.tracks().",
        )
        self._exports = Running("The export was stopped", "The timeline is still there: call export() again.")
        self._exporter = Exporter(project)
        self._uploading = Uploading(project)

    @property
    def id(self) -> str | None:
        """The service's name for it; None until it is opened."""
        return self._project.id

    @property
    def is_busy(self) -> bool:
        """Whether an answer or an export is under way, or waits."""
        return self._answers.is_under_way or self._exports.is_under_way

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
    async def send(self, text: str, *, show: bool = True, reuse: bool = False, repeat: int = 1) -> Turn:
        """Say something to the agent and wait for the whole answer. A generation or an edit costs credits.

        Parameters
        ----------
        text : str
            Such as ``"a 10-second cinematic clip of a futuristic city at night"``. It is sent once, whatever happens.
        show : bool, default True
            Let the answer appear in the output cell while it arrives.
        reuse : bool, default False
            Take the answer from the library when the same was asked before: same service, same words, same files, same
            timeline; or said just before in this session. Then nothing is sent, ``turn.note`` says so, and ``export``
            gives the clip that was kept. What is said next goes on in the session that the answer was made in, as long
            as nobody has changed it since.
        repeat : int, default 1
            With `reuse`: which take of the same request, in the order in which they were made; one that was not made
            yet is sent.

        Raises
        ------
        EmptyPromptError
            There is no text.
        NemoError
            The service refused, the agent failed, or nobody could find out what became of the message.
        """
        check_prompt(text)
        answer = partial(self._answer, text, reuse=reuse, repeat=repeat)
        return await (shown_answer(answer, self.client.clock) if show else answer(Audience()))

    def stream(self, text: str, *, reuse: bool = False, repeat: int = 1) -> AnswerStream:
        """Say something to the agent and get its answer as events; leaving the block stops the agent.

        Parameters
        ----------
        text, reuse, repeat
            As for `send`.

        Raises
        ------
        EmptyPromptError
            There is no text.
        """
        check_prompt(text)
        return AnswerStream(text, partial(self._answer, text, reuse=reuse, repeat=repeat))

    @on_job_loop
    async def ask(self, text: str, *, show: bool = True) -> "Turn | Clip | Credits | Draft | list[Asset]":
        """Do what a sentence asks for. Only a sentence that is sent to the agent costs credits.

        ===============================================  ==========================  =====================
        the sentence asks for                            what is done                returns
        ===============================================  ==========================  =====================
        a file: ``"export 1080p MP4"``, ``"导出 720p"``   `export`, free              `Clip`
        the balance: ``"credits"``, ``"积分"``            ``client.credits()``, free  `Credits`
        the timeline: ``"show tracks"``, ``"状态"``       `draft`, free               `Draft`
        an upload: ``"upload a.mov"``                    `upload`, free              list of `Asset`
        anything else, and whatever is not plainly one   `send`, paid for            `Turn`
        ===============================================  ==========================  =====================

        The methods themselves never guess. ``connect(budget=…)`` bounds what is spent.

        Parameters
        ----------
        text : str
            As a person writes it, in English or Chinese.
        show : bool, default True
            Show progress in the output cell.
        """
        check_prompt(text)
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
                return await self.upload(*request.sources, show=show)
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
    async def upload(
        self,
        *sources: Source,
        on_progress: OnProgress | None = None,
        max_file_bytes: int = MAX_FILE_BYTES,
        show: bool = True,
    ) -> list[Asset]:
        """Give the agent material: files, bytes, open files, or URLs. Costs no credits.

        What this session was given already is not sent again: its asset comes back.

        Parameters
        ----------
        *sources : str, path, bytes or binary file
            At most 200 MB each. They are read to see what they are, and again while they are sent; assets come back in
            this order.
        on_progress : callable, optional
            Takes an `UploadProgress` whenever a piece has left.
        max_file_bytes : int, default 200 MiB
            The largest file that is taken: for a service of your own, which may take larger ones.
        show : bool, default True
            Show progress in the output cell when it takes longer than a second.

        Raises
        ------
        FileTypeError, FileTooLargeError, InputError
            A file is not what its name says, is damaged, too large or not there; nothing was sent.
        """
        if not sources:
            return []
        work = partial(self._uploading.upload, sources, max_file_bytes)
        return await (shown_upload(work, len(sources), on_progress) if show else work(on_progress))

    @property
    def assets(self) -> "pd.DataFrame":
        """What this session was given here, as a table, one row a file, oldest first.

        ``name`` is what a prompt calls it, ``kind`` is video, image or audio, ``duration_s`` seconds, ``width`` and
        ``height`` pixels, ``fps`` frames a second, ``size_bytes`` the file's size, ``digest`` its SHA-256; missing
        where it does not apply or nobody knows. Types are the same when it is empty.
        """
        table: pd.DataFrame = resolve("assets_table")(self.given.files)
        return table

    @on_job_loop
    async def batch(
        self,
        files: Sequence[tuple[str | os.PathLike[str], str]],
        folder: str | os.PathLike[str] = ".",
        *,
        show: bool = True,
    ) -> "Batch":
        """Do the same for several files, one by one: upload, instruct, export.

        Each instruction costs as a message does. Calling it again with the same list goes on where it stopped, also in
        another kernel (``client.open_session(id)``): what was sent is never sent again, and what was exported is kept.

        Parameters
        ----------
        files : sequence of (path, str)
            Each file and what is to be done with it. Where the instruction does not name the file, *Make a clip of it
            alone* is put before it.
        folder : path, default "."
            Where the clips go, as ``01-beach.mp4``.
        show : bool, default True
            Show a table of how far each is in the output cell.

        Returns
        -------
        Batch
            Its ``table`` says what came of each, its ``clips`` are what was exported. A failure is told there.

        Raises
        ------
        InputError
            A file is not there, or an instruction is empty; nothing was sent.
        """
        from nemo_widgets.client.batch import Batching, planned  # it takes up jobs, and so knows clients and sessions

        items = await asyncio.to_thread(planned, files, folder)
        return await Batching(self, items).run(show=show)

    @property
    def given(self) -> Given:
        """What it was given here, for who shows it."""
        return self._uploading.given

    @on_job_loop
    async def preview(self) -> Clip:
        """Fetch the newest raw clip, as it was generated, before any export. Costs no credits.

        Raises
        ------
        NothingToExportError
            Nothing was generated yet.
        """
        return await raw_clip(self._project, self._answering.prompt)

    @on_job_loop
    async def export(
        self,
        path: str | Path | None = None,
        *,
        format: str = "mp4",
        resolution: str = "1080p",
        fps: int | None = None,
        quality: str = "high",
        overwrite: bool = False,
        on_progress: Callable[[ExportProgress], None] | None = None,
        show: bool = True,
    ) -> Clip:
        """Render the timeline and fetch the file. Costs no credits.

        Parameters
        ----------
        path : path, optional
            Where the MP4 goes; by default a new file in the current folder, named after the prompt. An older file of
            that name is kept: it is set aside under a number, ``city-1.mp4``, once the new one is whole.
        format : str, default "mp4"
            The service renders nothing else.
        resolution : str, default "1080p"
            The shorter side of the picture: ``"360p"``, ``"480p"``, ``"540p"``, ``"720p"`` or ``"1080p"``.
        fps : int, optional
            Frames a second, 1 to 60; by default as many as the service gives, which is 30.
        quality : str, default "high"
            ``"high"``, ``"normal"``, or ``"draft"`` for a quick look.
        overwrite : bool, default False
            Replace an older file of that name instead of keeping it.
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
        named = path if path is not None else free_name(self._answering.prompt or self.task_name)
        output = OutputFile(named, overwrite=overwrite)
        wanted = checked_output(format, resolution, fps, quality)

        work = self._exporter.export(output, wanted, on_progress, self._answering.prompt, show=show)
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

    async def _answer(self, text: str, audience: Audience, *, reuse: bool = False, repeat: int = 1) -> Turn:
        return await self._answers.run(self._answering.answer(text, audience, reuse=reuse, repeat=repeat))
