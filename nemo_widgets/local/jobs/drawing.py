"""Runs the renderer in threads, on a warm pool of processes that stay out of a person's way."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nemo_widgets.errors import StoppedError
from nemo_widgets.local.ports import Quality, Renderer
from nemo_widgets.local.rendering.pool import RenderPool, render_pool
from nemo_widgets.local.state.links import file_key
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.draft import Draft

_THREADS = 8
_NICENESS = 5
_MOST_WORKERS = 8


def find_assets(draft: Draft, store: Store) -> dict[str, Path]:
    """Return where the files lie that a draft names by URL; foreign URLs are left out."""
    found = {}
    for track in draft.tracks:
        for segment in track.segments:
            key = file_key(segment.url)
            held = store.file(key) if key else None
            if held:
                found[segment.url] = held[1]
    return found


class Drawing:
    """The renderer, its threads and its processes.

    Parameters
    ----------
    render : Renderer
        Makes a file out of a draft, blocking.
    workers : int or None
        How many processes draw; None is one a core, eight at most.
    """

    def __init__(self, render: Renderer, *, workers: int | None = None) -> None:
        self._render = render
        self._workers = workers or min(_MOST_WORKERS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="nemo-drawing")
        self._mutex = threading.Lock()
        self._pool: RenderPool | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """Stop everything that is being drawn; returns when it has stopped."""
        self._closing.set()
        self._threads.shutdown(cancel_futures=True)
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def warm_up(self) -> None:
        """Start the processes if there are none, so that the first drawing does not wait for them. Returns at once."""
        if self._pool is None:
            self._threads.submit(self._start_all)

    def _start_all(self) -> None:
        pool = self._started()
        for _ in range(self._workers):
            pool.submit(os.getpid)

    def _started(self) -> RenderPool:
        with self._mutex:
            if self._pool is None:
                self._pool = render_pool(self._workers, niceness=_NICENESS)
            return self._pool

    def _replace(self, broken: RenderPool) -> None:
        with self._mutex:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False, cancel_futures=True)

    async def draw(
        self,
        draft: Draft,
        out: Path,
        *,
        size: tuple[int, int],
        fps: int = 30,
        quality: Quality,
        assets: Mapping[str, Path],
        on_progress: Callable[[float], None],
    ) -> None:
        """Make a file; cancelling the caller stops the drawing.

        Parameters
        ----------
        on_progress : callable
            Called from another thread with the fraction that is done.

        Raises
        ------
        StoppedError
            The studio is shutting down.
        """
        stopped = threading.Event()

        def cancelled() -> bool:
            return stopped.is_set() or self._closing.is_set()

        def attempt() -> None:
            if cancelled():
                raise StoppedError("The render was stopped.")
            pool = self._started()
            try:
                self._render(
                    draft, out, size=size, fps=fps, quality=quality, pool=pool, assets=assets,
                    on_progress=on_progress, cancelled=cancelled,
                )  # fmt: skip
            except BrokenProcessPool:
                self._replace(pool)
                raise

        def insist() -> None:
            # A killed worker (out of memory, a person's `kill`) takes the whole pool with it: once more, on a new one.
            try:
                attempt()
            except BrokenProcessPool:
                attempt()

        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, insist)
        finally:
            stopped.set()
