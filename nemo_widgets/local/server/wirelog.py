"""What went over the wire, as a bounded list that any thread may read while it grows."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import RLock
from typing import Final, Literal

Direction = Literal["to studio", "from studio"]
What = Literal["request", "response", "event", "end"]

MOST_RECORDS: Final = 5000
"""Older ones are forgotten; with their excerpts they take some 5 MB."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRecord:
    """One thing that went over the wire, secrets taken out.

    Attributes
    ----------
    number : int
        Counts from 1, also over what was forgotten.
    at_s : float
        When, in seconds since the epoch.
    elapsed_ms : float
        Milliseconds since the request that it belongs to began to arrive.
    exchange : int
        The same for a request and all that answers it.
    direction : {"to studio", "from studio"}
        Which way it went.
    what : {"request", "response", "event", "end"}
        "event" is one of an event stream; "end" is the end of a stream, or of a connection before its time.
    call : int or None
        The number of the call in ``protocol/README.md``; files have none.
    name : str
        The call's name in fault plans.
    method, path : str
        Of the request; the path without a query and without the keys of files.
    session : str
        Whose it is; empty when it belongs to none.
    status : int or None
        Of a response.
    event : str
        The type of an event, or how the end came about.
    size_bytes : int
        Of the body, the event or what was sent in all; heads are not counted.
    fault : str
        The rules of the fault plan that it met.
    headers : str
        The few that matter.
    excerpt : str
        How its text begins.
    """

    number: int = 0
    at_s: float
    elapsed_ms: float
    exchange: int
    direction: Direction
    what: What
    call: int | None
    name: str
    method: str
    path: str
    session: str = ""
    status: int | None = None
    event: str = ""
    size_bytes: int = 0
    fault: str = ""
    headers: str = ""
    excerpt: str = ""


class WireLog:
    """The newest records; safe from any thread.

    Parameters
    ----------
    most : int
        So many are kept.
    """

    def __init__(self, most: int = MOST_RECORDS) -> None:
        self._lock = RLock()
        self._records: deque[WireRecord] = deque(maxlen=most)
        self._count = 0
        self._exchanges = 0
        self._watchers: dict[object, Callable[[], None]] = {}

    def __len__(self) -> int:
        return len(self._records)

    def new_exchange(self) -> int:
        """Return the number of the next exchange."""
        with self._lock:
            self._exchanges += 1
            return self._exchanges

    def add(self, record: WireRecord) -> None:
        """Give a record its number and keep it."""
        with self._lock:
            self._count += 1
            self._records.append(replace(record, number=self._count))
        self._tell()

    def records(self, newest: int | None = None) -> tuple[WireRecord, ...]:
        """Return the records that are kept, or the newest of them, oldest first."""
        with self._lock:
            kept = tuple(self._records)
        return kept if newest is None else kept[-newest:] if newest else ()

    def clear(self) -> None:
        """Forget all records; numbers go on."""
        with self._lock:
            self._records.clear()
        self._tell()

    def note_change(self) -> None:
        """Let those who watch know that something else has changed."""
        self._tell()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have a function called after each change, on whatever thread made it; it must be quick.

        Returns
        -------
        callable
            Ends it.
        """
        key = object()
        with self._lock:
            self._watchers[key] = changed

        def end() -> None:
            with self._lock:
                self._watchers.pop(key, None)

        return end

    def _tell(self) -> None:
        with self._lock:
            watchers = list(self._watchers.values())
        for changed in watchers:
            try:
                changed()
            except Exception:  # what a watcher gets wrong must not reach the wire
                _log.exception("a watcher of the wire failed")
