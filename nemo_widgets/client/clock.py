"""Time that can be passed in, and waiting with a deadline that may move."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What the client waits with; a test passes in one that is faster."""

    def now(self) -> float:
        """Seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> float:
        """Seconds of the system's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running loop."""
        await asyncio.sleep(seconds)


class FasterClock:
    """The time of another clock, passing `speed` times as fast."""

    def __init__(self, clock: Clock, speed: float) -> None:
        self._clock = clock
        self._speed = speed

    def now(self) -> float:
        """Seconds of this time."""
        return self._clock.now() * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds of this time have passed."""
        await self._clock.sleep(seconds / self._speed)


async def until(clock: Clock, work: Awaitable[T], deadline: Callable[[], float]) -> T:
    """Return what `work` returns, unless the deadline comes first; at a speed of its own there is none.

    Parameters
    ----------
    clock : Clock
        What the deadline is measured with.
    work : Awaitable
        Cancelled at the deadline, and ended before this returns.
    deadline : callable
        The moment, in the clock's seconds; asked again when it seems to have come, so that it may move.

    Raises
    ------
    TimeoutError
        The deadline came first.
    """
    task = asyncio.ensure_future(work)
    try:
        if isinstance(clock, FasterClock):  # a computer that pauses for a second would pass for one of ten minutes
            await asyncio.wait({task})
        while not task.done():
            left = deadline() - clock.now()
            if left <= 0:
                raise TimeoutError
            alarm = asyncio.ensure_future(clock.sleep(left))
            try:
                await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                alarm.cancel()
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
