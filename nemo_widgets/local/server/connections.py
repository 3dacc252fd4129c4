"""Connections of people who have not said who they are: few, and not for long.

uvicorn takes any number of connections, and lets one that has sent no whole request stay for ever: a handful of lines
would keep everyone else of the machine out. Here a request's head must arrive in time, and when there are too many
connections the oldest idle one goes, those that never brought a token first. A request under way is left in peace.
"""

import asyncio
import sys
from collections import OrderedDict
from typing import Any, Final, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS: Final = 512


def most_connections() -> int:
    """Return how many connections are kept: a third of the files that this process may have open, 512 at most."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if files == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(16, files // 3))


def allow_files() -> None:
    """Let this process have enough files open for all the connections that it keeps, if the system permits."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * MOST_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Crowd:
    """The connections of one server.

    Parameters
    ----------
    most : int
        How many are kept.
    head_timeout_s : float
        How long the head of a request may take, in seconds.
    """

    def __init__(self, most: int, head_timeout_s: float) -> None:
        self.head_timeout_s = head_timeout_s
        self._most = most
        self._count = 0
        self._strangers: OrderedDict[Connection, None] = OrderedDict()
        self._guests: OrderedDict[Connection, None] = OrderedDict()

    def enter(self, newcomer: "Connection") -> None:
        """Count a new connection, and let another one go when there are too many."""
        self._count += 1
        self._strangers[newcomer] = None
        if self._count > self._most:
            waiting = self._strangers if len(self._strangers) > 1 else self._guests or self._strangers
            victim = next(iter(waiting))
            # Counted out at once: its end is told in a later step of the loop.
            self.leave(victim)
            victim.transport.abort()

    def is_idle(self, connection: "Connection", *, is_guest: bool) -> None:
        """Note that a connection may go if it must; one that was idle before keeps its place."""
        group, other = (self._guests, self._strangers) if is_guest else (self._strangers, self._guests)
        if connection.is_counted and connection not in group:
            other.pop(connection, None)
            group[connection] = None

    def is_busy(self, connection: "Connection") -> None:
        """Note that a connection may not go."""
        self._strangers.pop(connection, None)
        self._guests.pop(connection, None)

    def leave(self, connection: "Connection") -> None:
        """Forget a connection."""
        if connection.is_counted:
            connection.is_counted = False
            self._count -= 1
            self.is_busy(connection)


class Connection(H11Protocol):
    """One connection, which must say what it wants in time."""

    crowd: Crowd

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_counted = True
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait_for_head()
        self.crowd.enter(self)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        super().data_received(data)
        if self._is_answering:
            self._stop_waiting()
            self.crowd.is_busy(self)
        else:
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn ends a connection that says nothing more."""
        is_guest = self.scope.get("account") is not None
        super().on_response_complete()
        if not self._is_answering:
            self.crowd.is_idle(self, is_guest=is_guest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        self.crowd.leave(self)
        super().connection_lost(exc)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.crowd.head_timeout_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if not self._is_answering:
            self.transport.abort()


def connection_class(most: int, head_timeout_s: float) -> type[asyncio.Protocol]:
    """Return the class of one server's connections, as uvicorn wants it."""
    made = type("Connection", (Connection,), {"crowd": Crowd(most, head_timeout_s)})
    return cast(type[asyncio.Protocol], made)
