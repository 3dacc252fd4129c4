"""A server that ends as soon as it is told to."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from time import monotonic

import uvicorn

_TICK_S = 0.1
_LOOK_EVERY_S = 0.005
_CANCELLED_S = 1.0
_STEPS = 10


class Server(uvicorn.Server):
    """uvicorn's, which looks ten times a second whether it should end, and ten times whether all have gone.

    That makes a fifth of a second of every end, and a studio that begins a new lesson ends before each.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def leave(self) -> None:
        """End; may be called from any thread."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # it has ended, and its loop with it
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until told to end."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks = (ticks + 1) % 864_000
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._told.wait()

    async def shutdown(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """Let nobody in any more, and let everyone go: who is being answered has the configured time."""
        # asyncio loses a connection whose server is closed between its accept and its first step: it would stay open,
        # and nobody would answer. So first nothing more is accepted, then what was is let through these steps.
        with contextlib.suppress(NotImplementedError):  # Windows' loop has no readers
            for listener in [listener for server in self.servers for listener in server.sockets]:
                self._loop.remove_reader(listener)
        for _ in range(_STEPS):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for socket_given in sockets or ():
            socket_given.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._all_gone(monotonic() + (self.config.timeout_graceful_shutdown or 0))
        for task in self.server_state.tasks:
            task.cancel("the server ends")
        await self._all_gone(monotonic() + _CANCELLED_S)

    async def _all_gone(self, ends_at: float) -> None:
        while self._is_waiting(ends_at):  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(_LOOK_EVERY_S)

    def _is_waiting(self, ends_at: float) -> bool:
        some = self.server_state.connections or self.server_state.tasks
        return bool(some) and monotonic() < ends_at and not self.force_exit
