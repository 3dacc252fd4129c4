"""Processes that draw and encode. Any `concurrent.futures.Executor` does; this is the one that is used by default."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def _warm_up(niceness: int) -> None:
    """Import what rendering needs, so that the first render does not wait for it."""
    threading.Thread(target=_end_with_parent, name="nemo-parent-watch", daemon=True).start()
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    import nemo_widgets.local.rendering.encode  # noqa: F401


def _end_with_parent() -> None:
    """End when the parent is killed: a worker waits for work on a pipe that it holds open itself, so for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def render_pool(workers: int | None = None, *, niceness: int = 0) -> ProcessPoolExecutor:
    """Return a pool of fresh processes, two or more times as fast as threads, which share one interpreter lock.

    Parameters
    ----------
    workers : int, optional
        How many; by default one a processor.
    niceness : int
        How far they stand back when other programs want the processors; 0 not at all. Without effect on Windows.
    """
    count = workers or os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, context, initializer=_warm_up, initargs=(niceness,))
