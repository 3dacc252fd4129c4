"""What an interrupt (SIGINT) does while something is waited for, and what a person reads about it afterwards."""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], object]


def explained(error: BaseException, words: str) -> None:
    """Let a cell show `words` alone instead of a traceback, and a script show them as the error's message.

    They hang on the instance: what a wait is stopped with stays exactly a `CancelledError` or a `KeyboardInterrupt`,
    as ``asyncio.timeout`` and a script's ``except`` want it.
    """
    error.args = (words,)
    error._render_traceback_ = lambda: [words]  # type: ignore[attr-defined]  # IPython asks the instance


@contextmanager
def raising_interrupts() -> Generator[None]:
    """Let an interrupt raise here while this thread's loop is blocked: the loop's own handler would only post to it."""
    if asyncio._get_running_loop() is None:
        yield
        return
    with _on_interrupt(signal.default_int_handler):
        yield


@contextmanager
def cancelling_interrupts(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> Generator[None]:
    """Let an interrupt cancel `task`, and raise `KeyboardInterrupt` here once that has ended it."""
    interrupted = False

    def cancel(signum: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        if interrupted:  # the second one is for whatever keeps the first from being heard
            signal.default_int_handler(signum, frame)
        interrupted = True
        loop.call_soon_threadsafe(task.cancel)

    try:
        with _on_interrupt(cancel):
            yield
    except asyncio.CancelledError:
        if interrupted:
            raise KeyboardInterrupt from None
        raise


class _Waits:
    """The waits on a loop that does nothing about interrupts: one would end the loop, and leave the work to itself.

    That is so under ``loop.run_until_complete``, which IPython in a terminal uses; ``asyncio.run`` and a kernel have
    handlers of their own, which cancel.
    """

    def __init__(self) -> None:
        self._stops: dict[asyncio.Task[Any], Callable[[], None]] = {}
        self._alone = False

    @contextmanager
    def guarded(self, stop: Callable[[], None]) -> Generator[None]:
        """On an interrupt call `stop` and cancel the waiting task; a wait that was alone ends as KeyboardInterrupt."""
        task = asyncio.current_task()
        if task is None or threading.current_thread() is not threading.main_thread() or not self._takes_interrupts():
            yield
            return
        self._stops[task] = stop
        try:
            yield
        except asyncio.CancelledError as error:
            # With others beside it they all end as cancelled: a second KeyboardInterrupt would come out of whatever
            # the loop runs next.
            if self._alone:
                raise _same_words(error, KeyboardInterrupt()) from None
            raise
        finally:
            self._stops.pop(task, None)
            if not self._stops and signal.getsignal(signal.SIGINT) == self._interrupted:
                signal.signal(signal.SIGINT, signal.default_int_handler)

    def _takes_interrupts(self) -> bool:
        if not self._stops and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupted)
            self._alone = False
        return signal.getsignal(signal.SIGINT) == self._interrupted

    def _interrupted(self, signum: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the second one is not for us
        self._alone = len(self._stops) == 1
        for task, stop in list(self._stops.items()):
            stop()
            task.get_loop().call_soon_threadsafe(task.cancel)


def _same_words(error: BaseException, other: BaseException) -> BaseException:
    if error.args:
        explained(other, str(error.args[0]))
    return other


waits = _Waits()


@contextmanager
def _on_interrupt(handler: Handler) -> Generator[None]:
    ours = threading.current_thread() is threading.main_thread()
    previous = signal.getsignal(signal.SIGINT) if ours else None
    if previous is None or previous is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
