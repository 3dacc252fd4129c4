"""The drop zone alone: footage for a session."""

from typing import TYPE_CHECKING
from uuid import uuid4

import traitlets as t

from nemo_widgets.client.client import Client, connect, default_target
from nemo_widgets.errors import InputError
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget
from nemo_widgets.widgets.fallback import footage_html
from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.footage import Footage
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import GetSnapshot
from nemo_widgets.widgets.states import StudioState
from nemo_widgets.widgets.upload_messages import MAX_FILE_BYTES

if TYPE_CHECKING:
    from nemo_widgets.client import Session


class Uploader(NemoWidget):
    """Drop files here, and the next prompt can speak of them by name.

    Parameters
    ----------
    source : Client or Session, optional
        Who gets them: a session, or a new one of a client; by default a new one of ``connect()``.
    max_file_bytes : int, default 200 MiB
        The largest file that is taken; the service itself takes 200 MiB.

    Examples
    --------
    >>> uploader = Uploader(session)
    >>> uploader
    >>> await session.send("cut @beach.mov to 10 seconds")
    """

    max_file_bytes = t.Int(MAX_FILE_BYTES, min=1, help="The largest file that is taken, in bytes.").tag(sync=True)

    def __init__(self, source: "Client | Session | None" = None, *, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        source = source if source is not None else connect(default_target())
        self._session: Session = source.new_session() if isinstance(source, Client) else source
        client = self._session.client
        shown = StudioState(backend=client.backend, where=client.url or "", recording=client.replays)
        self._feed = Feed(self.tell, shown)
        self._footage = Footage(
            self._session, self._feed, max_file_bytes=lambda: int(self.max_file_bytes), on_asset=self.refresh_fallback
        )
        super().__init__(_kind="uploader", _fallback=uuid4().hex[:12], max_file_bytes=max_file_bytes)

    @property
    def session(self) -> "Session":
        """Who gets what is dropped."""
        return self._session

    @property
    def prompts(self) -> list[str]:
        """The prompts of a CSV file that was dropped; empty without one. `compare` takes them."""
        rows = self._feed.state.prompt_rows
        return list(rows.prompts) if rows is not None else []

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view."""
        if isinstance(ask, GetSnapshot):
            return self._feed.snapshot(ask.id)
        told = self._footage.answer(ask, buffers)
        if told is None:
            raise InputError("This widget cannot do that.")
        return told

    def fallback(self) -> str:
        """Return the names of what was uploaded."""
        return footage_html(self._fallback, self._feed.state)

    def wind_up(self) -> None:
        """Stop what is under way, and remove what was not handed over."""
        self._footage.close()
        super().wind_up()
