"""Work that someone may stop from elsewhere, without stopping whoever waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from nemo_widgets.errors import StoppedError
from nemo_widgets.kernel import tell_stopped

T = TypeVar("T")


def tell_stop(error: asyncio.CancelledError, became: str) -> None:
    """Say what became of work that is being stopped, to whoever waits for it.

    Parameters
    ----------
    error : CancelledError
        What it is stopped with; it is raised again.
    became : str
        Such as ``the draft is unchanged``: no capital letter, no full stop.
    """
    error.args = (became,)
    tell_stopped(became)


class Running:
    """What is under way and can be stopped together.

    Parameters
    ----------
    stopped, advice : str
        What a person reads where the work was waited for: that it was stopped, and what to do next.
    """

    def __init__(self, stopped: str, advice: str) -> None:
        self._stopped = stopped
        self._advice = advice
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def is_under_way(self) -> bool:
        """Whether there is anything to stop."""
        return bool(self._tasks)

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work; cancelling the caller stops it as well, and waits until it has cleaned up.

        Raises
        ------
        StoppedError
            `stop` was called.
        """
        task = asyncio.create_task(work)
        self._tasks.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._tasks.discard(task)
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        try:
            return task.result()
        except asyncio.CancelledError as error:
            became = f"; {error.args[0]}" if error.args else ""
            raise StoppedError(f"{self._stopped}{became}. {self._advice}") from None

    async def stop(self) -> None:
        """Stop all of it; returns when it has cleaned up."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
