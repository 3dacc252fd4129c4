"""The Studio: the one owner of the screen, with a place for everything that making a video takes."""

import asyncio
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

import traitlets as t

from nemo_widgets.client import Client, Session
from nemo_widgets.errors import InputError, NothingToExportError, SessionGoneError
from nemo_widgets.kernel import Job, submit
from nemo_widgets.widgets.base import Answer, Buffers, Later, in_words
from nemo_widgets.widgets.footage import Footage
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import Done, StartExport, StopExport
from nemo_widgets.widgets.prompt_box import PromptBox
from nemo_widgets.widgets.shelf import ClipShelf
from nemo_widgets.widgets.states import ExportState
from nemo_widgets.widgets.upload_messages import MAX_FILE_BYTES

if TYPE_CHECKING:
    from nemo_widgets.client import Clip, ExportProgress, Turn

_GONE: Final = (
    "This session is gone: the server has begun anew and does not know it any more. Your next prompt begins a new one; "
    "files that were exported stay."
)
_SHOWN: Final["WeakSet[Studio]"] = WeakSet()


class Studio(PromptBox):
    """Write a prompt, drop in footage, read the answer, watch the result, export it: in one output.

    Parameters
    ----------
    source : Client or Session, optional
        Who does the work, or a session to go on with; by default ``connect()``, which is the local studio unless a
        token is set.

    Examples
    --------
    >>> studio = Studio()
    >>> studio
    >>> studio.clip  # what it shows now
    """

    max_file_bytes = t.Int(MAX_FILE_BYTES, min=1, help="The largest file that the drop zone takes, in bytes.").tag(
        sync=True
    )

    def __init__(self, source: Client | Session | None = None) -> None:
        self._shelf = ClipShelf()
        self._preview: Clip | None = None
        self._final: Clip | None = None
        self._export: Job[Clip] | None = None
        self._catching_up: Job[None] | None = None
        session = source.new_session() if isinstance(source, Client) else source
        super().__init__(session, _kind="studio")
        self._footage = Footage(
            self.session,
            self._feed,
            max_file_bytes=lambda: int(self.max_file_bytes),
            on_asset=self._conversation.offer,
        )
        _SHOWN.add(self)
        if session is not None and session.id is not None:
            self._catching_up = submit(self._catch_up(), name="studio")

    @property
    def clip(self) -> "Clip | None":
        """The newest clip: the exported one, else the raw one."""
        return self._final or self._preview

    @property
    def prompts(self) -> list[str]:
        """The prompts of a CSV file that was dropped; empty without one. `compare` takes them."""
        rows = self._feed.state.prompt_rows
        return list(rows.prompts) if rows is not None else []

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view."""
        told = self._shelf.answer(ask) or self._footage.answer(ask, buffers)
        if told is not None:
            return told
        match ask:
            case StartExport():
                self.export()
            case StopExport():
                self.stop_export()
            case _:
                return super().answer(ask, buffers)
        return Done(id=ask.id)

    def export(self) -> "Job[Clip]":
        """Render the timeline to a file, as the Export button does.

        Raises
        ------
        NothingToExportError
            There is nothing on the timeline yet.
        InputError
            An export is under way already.
        """
        with self._guard:
            if self._export is not None:
                raise InputError("An export is under way already. Wait for it, or cancel it.")
            if not self._feed.state.timeline:
                raise NothingToExportError("There is nothing to export yet: send a prompt first.")
            self._feed.change(export=ExportState(status="running"), notice="")
            self._export = job = submit(self._run_export(), name="export")
        job.add_done_callback(self._export_ended)
        return job

    def stop_export(self) -> None:
        """Stop the export that is under way; without one nothing happens."""
        with self._guard:
            job = self._export
        if job is not None:
            job.cancel()

    def look_again(self) -> None:
        """Ask whether its session is still there; when it is gone, say so and show nothing of it. Returns at once."""
        if self.session.id is not None:
            submit(self._look_again(), name="studio")

    def wind_up(self) -> None:
        """Stop the answer and the export that are under way, and remove what was uploaded but not handed over."""
        self.stop_export()
        if self._catching_up is not None:
            self._catching_up.cancel()
        self._footage.close()
        super().wind_up()

    async def _run_export(self) -> "Clip":
        def show(progress: "ExportProgress") -> None:
            self._feed.change(
                export=ExportState(status="running", fraction=progress.fraction, elapsed_s=progress.elapsed_s)
            )

        clip = await self.session.export(on_progress=show, show=False)
        facts = await asyncio.to_thread(self._shelf.put, clip)
        self._final = clip
        self._feed.change(final=facts)
        self.refresh_fallback()
        return clip

    def _export_ended(self, job: "Job[Clip]") -> None:
        try:
            job.result()
            outcome = ExportState(status="done")
        except asyncio.CancelledError:
            outcome = ExportState(status="stopped")
        except SessionGoneError:
            outcome = ExportState()
            self._show_that_it_is_gone()
        except Exception as error:
            outcome = ExportState(status="failed", error=in_words(error))
        with self._guard:
            self._export = None
            self._feed.change(export=outcome)

    def _answered(self, turn: "Turn") -> None:
        if turn.draft is not None and not turn.draft.is_empty:
            self._feed.change(timeline=turn.draft.summary())
            if turn.changes:
                self._final = None
                self._feed.change(final=None, export=ExportState())
            submit(self._show_preview(), name="preview")
        super()._answered(turn)

    def _tool_finished(self, name: str) -> None:
        if "generat" in name.lower():
            submit(self._show_preview(early=True), name="preview")

    def _show_that_it_is_gone(self) -> None:
        self._preview = self._final = None
        self._feed.change(preview=None, final=None, timeline="", export=ExportState(), notice=_GONE)
        self.refresh_fallback()

    async def _look_again(self) -> None:
        try:
            await self.session.draft()
        except SessionGoneError:
            self._show_that_it_is_gone()
        except Exception as error:
            self._feed.change(notice=in_words(error))

    async def _catch_up(self) -> None:
        try:
            draft = await self.session.draft()
        except Exception as error:
            self._feed.change(notice=in_words(error))
            return
        if not draft.is_empty:
            self._feed.change(timeline=draft.summary())
            await self._show_preview()

    async def _show_preview(self, *, early: bool = False) -> None:
        try:
            clip = await self.session.preview()
            if self._preview is not None and clip.path == self._preview.path:
                return
            facts = await asyncio.to_thread(self._shelf.put, clip)
        except NothingToExportError:
            return  # an answer without generated media, or one that comes later
        except Exception as error:
            if not early:  # the answer's end tries again
                self._feed.change(notice=f"The preview could not be shown. {in_words(error)}")
            return
        self._preview = clip
        self._feed.change(preview=facts, notice="")
        self.refresh_fallback()


def began_anew(url: str) -> None:
    """Let the studios that work at an origin look whether their sessions are still there.

    Parameters
    ----------
    url : str
        The origin of a server that has forgotten everything.
    """
    for studio in [*_SHOWN]:
        if studio.session.client.url == url:
            studio.look_again()
