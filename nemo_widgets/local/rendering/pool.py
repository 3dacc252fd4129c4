"""Processes that draw and encode. Any `concurrent.futures.Executor` does; this is the one that is used by default."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class RenderPool(Executor):
    """Fresh processes that are replaced when one of them dies.

    A process that is killed, for want of memory or by hand, takes a `ProcessPoolExecutor` with it: all that it was
    working on fails with `BrokenProcessPool`, and so does all that is submitted later. Here only the former does.

    Parameters
    ----------
    workers : int
        How many processes.
    niceness : int
        How far they stand back when other programs want the processors; 0 not at all. Without effect on Windows.
    """

    def __init__(self, workers: int, niceness: int) -> None:
        self._settings = workers, niceness
        self._mutex = threading.Lock()
        self._processes = self._new()

    def _new(self) -> ProcessPoolExecutor:
        workers, niceness = self._settings
        return ProcessPoolExecutor(workers, _Context(), initializer=_warm_up, initargs=(niceness,))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let a process call a function; see `concurrent.futures.Executor.submit`."""
        with self._mutex:
            try:
                return self._processes.submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._processes.shutdown(wait=False)
                self._processes = self._new()
                return self._processes.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; see `concurrent.futures.Executor.shutdown`."""
        self._processes.shutdown(wait, cancel_futures=cancel_futures)


def render_pool(workers: int | None = None, *, niceness: int = 0) -> RenderPool:
    """Return a pool of fresh processes, two or more times as fast as threads, which share one interpreter lock.

    Parameters
    ----------
    workers : int, optional
        How many; by default one a processor.
    niceness : int
        How far they stand back when other programs want the processors; 0 not at all. Without effect on Windows.
    """
    return RenderPool(workers or os.cpu_count() or 1, niceness)


def _warm_up(niceness: int) -> None:
    """Import what rendering needs, so that the first render does not wait for it."""
    _leave_interrupts_to_parent()
    threading.Thread(target=_end_with_parent, name="nemo-parent-watch", daemon=True).start()
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    import nemo_widgets.local.rendering.encode  # noqa: F401


def _leave_interrupts_to_parent() -> None:
    """Take no notice of Ctrl+C and of Jupyter's Stop, which reach all processes of a group: the parent decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interrupts of this thread back; a process that is started meanwhile inherits that until it is ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End when the parent is killed: a worker waits for work on a pipe that it holds open itself, so for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_starting = threading.local()
_prepared = spawn.get_preparation_data


def _preparation(name: str) -> dict[str, Any]:
    data = _prepared(name)
    if getattr(_starting, "worker", False):
        data.pop("init_main_from_name", None)
        data.pop("init_main_from_path", None)
    return data


# The one place at which multiprocessing lets nobody choose. Other processes are started as ever.
spawn.get_preparation_data = _preparation


class _Worker(SpawnProcess):
    """A process that does not run the person's script once more.

    A spawned process does so in order to know what is defined there. Here nothing of it is needed, and a script that
    is not guarded by ``if __name__ == "__main__"`` would send its messages again from every worker.
    """

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802
        _starting.worker = True
        try:
            with _uninterrupted():
                return SpawnProcess._Popen(process_obj)
        finally:
            _starting.worker = False


class _Context(SpawnContext):
    Process = _Worker
