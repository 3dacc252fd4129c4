"""Start jobs beside the kernel's own loop, and wait for them from any loop.

Jobs run on one background thread with an asyncio loop of its own (`job_thread`), never on the kernel's loop: there a
stream would stand still while a cell computes. `submit` and `wait` may be called from anywhere, a job included.
"""

import asyncio
import concurrent.futures
import contextvars
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import suppress
from functools import partial, wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar

from nemo_widgets import pump
from nemo_widgets.comms_ahead import hand_over, waiting_kernel
from nemo_widgets.interrupts import StoppedTogether, explain_next, explained, lines_of, raising_interrupts, waits
from nemo_widgets.job_thread import CLEANUP_S, job_loop, on_job_thread

__all__ = ["Job", "current_job", "job_loop", "on_job_loop", "run", "submit", "tell_stopped", "wait"]

T = TypeVar("T")
P = ParamSpec("P")

TICK_S = 0.05
"""A waiting thread looks up this often: an idle wait would not notice an interrupt."""

_log = logging.getLogger(__name__)


class Job(Generic[T]):
    """A coroutine that runs on the job loop. Made by `submit`; may be awaited from any loop.

    Attributes
    ----------
    name : str
        For people who read logs; may be empty.
    told : list of str
        What `tell_stopped` was given in it.
    """

    def __init__(self, coro: Coroutine[Any, Any, T], name: str = "") -> None:
        self.name = name
        self.told: list[str] = []
        self._loop = job_loop()
        self._outcome: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._outcome.set_running_or_notify_cancel()  # from now on only the task's end settles it
        self._task: asyncio.Task[T] | None = None
        self._asked_for = False
        self._began_s = time.monotonic()
        self._stopping = threading.Lock()
        self._stopped_s: float | None = None
        self._loop.call_soon_threadsafe(self._start, coro, contextvars.copy_context())

    def _start(self, coro: Coroutine[Any, Any, T], context: contextvars.Context) -> None:
        context.run(_current.set, self)
        self._task = self._loop.create_task(coro, name=self.name or None, context=context)
        self._task.add_done_callback(self._settle)

    def _settle(self, task: asyncio.Task[T]) -> None:
        self._task = None
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if isinstance(error, asyncio.CancelledError):
            explained(error, self.stop_words())
        if error is None:
            self._outcome.set_result(task.result())
        else:
            self._outcome.set_exception(error)

    def cancel(self) -> None:
        """Ask the job to stop, from any thread. It is done once it has cleaned up, undisturbed by a second stop."""
        with self._stopping:
            if self._stopped_s is not None:
                return
            self._stopped_s = time.monotonic()
        with suppress(RuntimeError):  # the loop is closed: nothing runs any more
            self._loop.call_soon_threadsafe(self._cancel_task)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def stop_words(self) -> str:
        """Return what a person reads when it was stopped, such as ``Stopped after 12 s; the draft is unchanged``."""
        words = f"Stopped after {_duration((self._stopped_s or time.monotonic()) - self._began_s)}"
        told = list(dict.fromkeys(self.told))
        return f"{words}; {told[0]}" if len(told) == 1 else words  # of several none speaks for the whole

    def done(self) -> bool:
        """Whether it has ended, in whichever way, and cleaned up."""
        return self._outcome.done()

    def cancelled(self) -> bool:
        """Whether it has ended because someone stopped it."""
        return self.done() and isinstance(self._outcome.exception(), asyncio.CancelledError)

    def result(self, timeout: float | None = None) -> T:
        """Block until it has ended; return its value, or raise its error.

        Parameters
        ----------
        timeout : float, optional
            In seconds; without one it waits as long as it takes.

        Raises
        ------
        TimeoutError
            It is still running after `timeout` seconds.
        asyncio.CancelledError
            Someone stopped it.
        """
        if not self.done():
            _refuse_on_job_loop("Job.result()")
        self._asked_for = True
        return self._outcome.result(timeout)

    def add_done_callback(self, callback: Callable[["Job[T]"], object]) -> None:
        """Call `callback` with this job once it has ended: on the job loop's thread, or at once when it already has."""
        job: Job[T] | None = self

        def call(_outcome: concurrent.futures.Future[T]) -> None:
            nonlocal job
            ended, job = job, None  # the outcome keeps its callbacks: a circle would hold its value until a collection
            if ended is not None:
                callback(ended)

        self._outcome.add_done_callback(call)

    def __await__(self) -> Generator[Any, None, T]:
        return wait(self).__await__()

    def __repr__(self) -> str:
        state = "done" if self.done() else "running"
        return f"<Job {self.name or 'unnamed'} {state}>"

    def __del__(self) -> None:
        outcome: concurrent.futures.Future[T] | None = getattr(self, "_outcome", None)
        if outcome is None or self._asked_for or not outcome.done():
            return
        error = outcome.exception()
        if isinstance(error, Exception):
            _log.error("Nobody asked for the result of job %r, which failed", self.name, exc_info=error)


def submit(coro: Coroutine[Any, Any, T], *, name: str = "") -> Job[T]:
    """Start `coro` on the job loop and return at once.

    It runs in a copy of the caller's contextvars, so what it prints or displays lands in the launching cell.

    Parameters
    ----------
    coro : Coroutine
        What to run.
    name : str
        For people who read logs.
    """
    return Job(coro, name)


def current_job() -> Job[Any] | None:
    """Return the job that this is called in, also from a task that it started; None in a cell or a script."""
    return _current.get()


def tell_stopped(detail: str) -> None:
    """Add to what a person reads about the job that this is called in, which is being stopped.

    Parameters
    ----------
    detail : str
        What became of its work, such as ``the draft is unchanged``: no capital letter, no full stop.
    """
    job = current_job()
    if job is not None:
        job.told.append(detail)


async def wait(job: Job[T]) -> T:
    """Wait for `job` from any loop. Cancelling the wait stops the job and lets it clean up first.

    Returns
    -------
    T
        The job's value.

    Raises
    ------
    asyncio.CancelledError
        The wait or the job was cancelled. A cell shows its message alone, which tells after how long and what was done
        by then; in a script it goes the ways of asyncio, so ``asyncio.run`` raises `KeyboardInterrupt` after it.
    KeyboardInterrupt
        It was interrupted on a loop that does nothing about interrupts, such as IPython's in a terminal.
    """
    with waits.guarded(job.cancel):
        try:
            await _ended(job)
        except asyncio.CancelledError as error:
            with _stopped.joined(job) as jobs:
                explain_next(partial(lines_of, jobs))
                job.cancel()
                for one in jobs:  # asyncio.gather would go on with the first
                    await _ended(one, CLEANUP_S)
            explained(error, job.stop_words(), partial(lines_of, jobs))
            raise
        return job.result()


async def _ended(job: Job[T], timeout_s: float = float("inf")) -> None:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    def wake(_: Job[T]) -> None:
        with suppress(RuntimeError):  # the waiting loop has been closed: nobody waits any more
            loop.call_soon_threadsafe(end)

    job.add_done_callback(wake)
    deadline = time.monotonic() + timeout_s
    kernel = waiting_kernel()
    while not job.done() and time.monotonic() < deadline:
        await asyncio.wait({ended}, timeout=TICK_S)
        hand_over(kernel)


def run(awaitable: Awaitable[T]) -> T:
    """Block until `awaitable` has its value: in a script, and in a cell, where widgets stay alive meanwhile.

    Parameters
    ----------
    awaitable : Awaitable
        A coroutine, a `Job`, or another object that can be awaited on the job loop.

    Raises
    ------
    KeyboardInterrupt
        It was interrupted; the job was stopped and has cleaned up. A cell shows its message alone, as for `wait`.
    RuntimeError
        Called from a job, which would wait for itself: ``await`` there.
    TypeError
        A future or task of another loop, which only that loop can wait for: ``await`` it there.

    Notes
    -----
    In a Jupyter kernel the kernel's loop goes on inside, see `nemo_widgets.pump`. Where that isn't safe the thread
    just waits, and widgets answer when it is over.
    """
    _refuse_on_job_loop("run()")
    if asyncio.isfuture(awaitable):
        raise TypeError("run() takes a coroutine or a job; a future or task belongs to its own loop: await it there.")
    job: Job[T] = awaitable if isinstance(awaitable, Job) else submit(_awaited(awaitable), name="run")
    try:
        loop = pump.pumpable_loop()
        if loop is None:
            with raising_interrupts():
                _poll(job)
        else:
            pump.pump(loop, _ended(job))
    except BaseException as error:
        job.cancel()
        _poll(job, CLEANUP_S)
        if isinstance(error, KeyboardInterrupt):
            explained(error, job.stop_words())
        raise
    return job.result()


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


def _poll(job: Job[T], timeout_s: float = float("inf")) -> None:
    ended = threading.Event()
    job.add_done_callback(lambda _: ended.set())
    deadline = time.monotonic() + timeout_s
    kernel = waiting_kernel()
    while not ended.wait(TICK_S) and time.monotonic() < deadline:
        hand_over(kernel)


def on_job_loop(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Decorate a coroutine function so that its body runs on the job loop, whichever loop awaits it."""

    async def hop(*args: P.args, **kwargs: P.kwargs) -> T:
        if on_job_thread():
            return await function(*args, **kwargs)
        return await wait(submit(function(*args, **kwargs), name=function.__qualname__))

    # A traceback, such as that of a wrong keyword, speaks of what was called.
    hop.__code__ = hop.__code__.replace(co_name=function.__name__, co_qualname=function.__qualname__)
    return wraps(function)(hop)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


_current: contextvars.ContextVar[Job[Any] | None] = contextvars.ContextVar("nemo_job", default=None)


_stopped: Final = StoppedTogether[Job[Any]]()


def _refuse_on_job_loop(what: str) -> None:
    if on_job_thread():
        raise RuntimeError(f"{what} was called inside a job, which would wait for itself. Use await there.")
