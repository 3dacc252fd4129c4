"""Work that someone may stop from elsewhere, without stopping whoever waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from nemo_widgets.errors import StoppedError

T = TypeVar("T")


class Running:
    """What is under way and can be stopped together.

    Parameters
    ----------
    stopped : str
        What a person reads where the work was waited for.
    """

    def __init__(self, stopped: str) -> None:
        self._stopped = stopped
        self._tasks: set[asyncio.Task[Any]] = set()

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
        if task.cancelled():
            raise StoppedError(self._stopped)
        return task.result()

    async def stop(self) -> None:
        """Stop all of it; returns when it has cleaned up."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
