"""The background thread that jobs run on, and its loop: started when first needed, ended with the process."""

import asyncio
import atexit
import os
import threading
from asyncio.base_events import BaseEventLoop

CLEANUP_S = 5.0
"""A job that is stopped has this long to tell the service before its caller goes on without it."""


class JobLoop(asyncio.SelectorEventLoop):
    """An event loop that ``nest_asyncio`` never changes.

    ``nest_asyncio.apply`` replaces methods on the *class* of the loop it is given. This class has the methods pinned,
    and says that it is patched already.
    """

    run_forever = BaseEventLoop.run_forever
    run_until_complete = BaseEventLoop.run_until_complete
    _run_once = BaseEventLoop._run_once  # type: ignore[attr-defined]
    _check_running = BaseEventLoop._check_running  # type: ignore[attr-defined]
    _nest_patched = True


class _JobThread:
    """The background thread and its loop, started when first needed."""

    def __init__(self) -> None:
        self.loop = JobLoop()
        self.is_closing = False
        self._thread = threading.Thread(target=self._serve, name="nemo-jobs", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        while True:
            try:
                self.loop.run_forever()
            except (KeyboardInterrupt, SystemExit):
                continue  # one job ended that way, and its Job says so; the others go on
            return

    def close(self) -> None:
        """Cancel what still runs, so that the service hears of it, and end the thread."""
        if self.loop.is_closed():
            return
        self.is_closing = True
        asyncio.run_coroutine_threadsafe(_cancel_all(), self.loop)
        self._thread.join(CLEANUP_S)
        if not self._thread.is_alive():
            self.loop.close()


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CLEANUP_S / 2)
    asyncio.get_running_loop().stop()


_starting = threading.Lock()
_current: _JobThread | None = None
_left_behind: list[_JobThread] = []


def job_loop() -> asyncio.AbstractEventLoop:
    """Return the loop that jobs run on, started if need be."""
    global _current
    with _starting:
        if _current is None:
            _current = _JobThread()
        return _current.loop


def on_job_thread() -> bool:
    """Whether the caller runs on the job loop."""
    return _current is not None and asyncio._get_running_loop() is _current.loop


def is_ending() -> bool:
    """Whether the jobs are being cancelled because the process ends."""
    return _current is not None and _current.is_closing


def _forget_after_fork() -> None:
    # Threads don't survive a fork. The old loop is kept unclosed: its selector is shared with the parent process.
    global _starting, _current
    _starting = threading.Lock()
    if _current is not None:
        _left_behind.append(_current)
        _current = None


def _close_at_exit() -> None:
    if _current is not None:
        _current.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_close_at_exit)
