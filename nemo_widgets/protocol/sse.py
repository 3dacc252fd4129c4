"""Server-sent events out of bytes, as the WHATWG standard says (HTML, *Interpreting an event stream*).

Only CR, LF and CRLF end a line: U+0085, U+2028 and U+2029 are ordinary characters. Work is done in bulk: everything
up to the last blank line is decoded and split at once, the rest waits for more.
"""

from itertools import repeat
from typing import Final

import msgspec

from nemo_widgets.errors import ProtocolError

MAX_EVENT_BYTES: Final = 16 * 1024 * 1024
MAX_RETRY_DIGITS: Final = 18

_BLANK_LINE: Final = b"\n\n"
_FIELDS: Final = frozenset({"data", "event", "id", "retry", ""})  # the empty one is a comment


class ServerSentEvent(msgspec.Struct, frozen=True, gc=False):
    """One dispatched event.

    Attributes
    ----------
    event : str
        Its type; ``"message"`` when the stream named none.
    data : str
        The ``data`` lines, joined by LF. Empty for a lone ``data:``, which some servers send as a heartbeat.
    id : str
        The last event id of the stream so far; empty until it gave one.
    retry : int or None
        The reconnection time in milliseconds, when a ``retry`` line came with this event.
    """

    event: str = "message"
    data: str = ""
    id: str = ""
    retry: int | None = None


class SSEDecoder:
    """Turns the bytes of an event stream into events, however the bytes were cut.

    Comments and blocks without a ``data`` line dispatch nothing, so a stream may be alive without an event: whoever
    watches over that looks at the bytes that arrive.

    Parameters
    ----------
    max_event_bytes : int
        The most bytes between two blank lines, 16 MiB by default: it bounds the memory that a stream can take.
    """

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._pending = bytearray()
        self._ended_with_cr = False
        self._at_start = True
        self._last_id = ""

    @property
    def last_event_id(self) -> str:
        """The stream's last event id, also when it came without data."""
        return self._last_id

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """Take the next bytes and return the events that they complete.

        Raises
        ------
        ProtocolError
            When one event is longer than `max_event_bytes`.
        """
        pending = self._pending
        searched = max(len(pending) - 1, 0)
        pending += self._with_lf_only(data)
        end = pending.rfind(_BLANK_LINE, searched)
        if end < 0:
            self._check_length(pending)
            return []
        complete = pending[:end]
        del pending[: end + len(_BLANK_LINE)]
        if len(complete) > self._max_event_bytes:
            for block in complete.split(_BLANK_LINE):
                self._check_length(block)
        self._check_length(pending)
        text = complete.decode("utf-8", "replace")
        if self._at_start:
            self._at_start = False
            text = text.removeprefix("\ufeff")
        return self._plain(text) or self._interpreted(text)

    def close(self) -> None:
        """End the stream: an event without its blank line is dropped, as the standard says."""
        self._pending.clear()

    def _with_lf_only(self, data: bytes) -> bytes:
        if self._ended_with_cr and data:
            data = data.removeprefix(b"\n")
            self._ended_with_cr = False
        if b"\r" not in data:
            return data
        self._ended_with_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _check_length(self, block: bytes | bytearray) -> None:
        if len(block) > self._max_event_bytes and len(block.strip(b"\n")) > self._max_event_bytes:
            raise ProtocolError(
                f"One event of the answer is longer than {self._max_event_bytes:,} bytes, which no real answer is. "
                "The stream was given up; what the agent had done by then is in the session's draft."
            )

    def _plain(self, text: str) -> list[ServerSentEvent]:
        """Events of a text that is nothing but single ``data: `` lines, as nearly every one is; else none."""
        if not text.startswith("data: ") or text.count("\n") != 2 * text.count("\n\ndata: "):
            return []
        values = text.removeprefix("data: ").split("\n\ndata: ")
        return list(map(ServerSentEvent, repeat("message"), values, repeat(self._last_id)))

    def _interpreted(self, text: str) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        kind = "message"
        data: list[str] = []
        retry: int | None = None
        for line in (*text.split("\n"), ""):
            if not line:
                if data:
                    events.append(ServerSentEvent(kind, "\n".join(data), self._last_id, retry))
                    data = []
                kind, retry = "message", None
                continue
            name, _, value = line.partition(": ")
            if name not in _FIELDS:  # no blank after the colon
                name, _, value = line.partition(":")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value or "message"
            elif name == "id":
                if "\0" not in value:
                    self._last_id = value
            elif name == "retry" and value.isascii() and value.isdigit() and len(value) <= MAX_RETRY_DIGITS:
                retry = int(value)
        return events
