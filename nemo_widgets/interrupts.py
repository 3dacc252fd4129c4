"""What an interrupt (SIGINT) does while something is waited for, and what a person reads about it afterwards."""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

Handler = Callable[[int, FrameType | None], object]
Lines = Callable[[], list[str]]


def explained(error: BaseException, words: str, lines: Lines | None = None) -> None:
    """Let a cell show `words` alone instead of a traceback, and a script show them as the error's message.

    They hang on the instance: what a wait is stopped with stays exactly a `CancelledError` or a `KeyboardInterrupt`,
    as ``asyncio.timeout`` and a script's ``except`` want it.

    Parameters
    ----------
    error : BaseException
        What is raised.
    words : str
        What became of the work.
    lines : callable, optional
        Gives what a cell shows, asked for when it does; by default the words.
    """
    error.args = (words,)
    error._render_traceback_ = lines or (lambda: [words])  # type: ignore[attr-defined]  # IPython asks the instance


class Stopped(Protocol):
    """Work that is being stopped."""

    def stop_words(self) -> str:
        """Return what a person reads about it."""
        ...


StoppedT = TypeVar("StoppedT", bound=Stopped)


class StoppedTogether(Generic[StoppedT]):
    """The works that one interrupt stops: one error goes to the cell, and speaks for all of them.

    They are those whose waits are cancelled on one loop while another one of them still cleans up.
    """

    def __init__(self) -> None:
        self._now: dict[asyncio.AbstractEventLoop, tuple[list[StoppedT], int]] = {}

    @contextmanager
    def joined(self, work: StoppedT) -> Generator[list[StoppedT]]:
        """Stop one more; gives all of them, those that come later too."""
        loop = asyncio.get_running_loop()
        works, count = self._now.get(loop, ([], 0))
        works.append(work)
        self._now[loop] = works, count + 1
        try:
            yield works
        finally:
            works, count = self._now.pop(loop)
            if count > 1:
                self._now[loop] = works, count - 1


def lines_of(works: Sequence[Stopped]) -> list[str]:
    """Return what a cell shows of works that were stopped; when more is known of some, not the time alone of others."""
    lines = [work.stop_words() for work in works]
    return [line for line in lines if ";" in line] or lines[:1]


def explain_next(lines: Lines) -> None:
    """Let the running cell show `lines` for a cancellation that knows none.

    ``asyncio.wait_for`` before Python 3.12 drops the one that was told, and raises one of its own.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    is_cell = threading.current_thread() is threading.main_thread()
    if sys.version_info >= (3, 12) or shell is None or not is_cell or shell.custom_exceptions:  # a person's own
        return

    def show(
        shell: Any, kind: type[BaseException], value: BaseException, tb: Any, tb_offset: int | None = None
    ) -> None:
        if not hasattr(value, "_render_traceback_"):
            explained(value, "".join(map(str, value.args)), lines)
        shell.showtraceback((kind, value, tb), tb_offset=tb_offset)

    def cell_over(*_: object) -> None:
        shell.events.unregister("post_run_cell", cell_over)
        shell.custom_exceptions = ()

    shell.set_custom_exc((asyncio.CancelledError,), show)
    shell.events.register("post_run_cell", cell_over)


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
