"""Render jobs: one active a session, further ones queued, taken up again after a restart."""

import asyncio
import logging
from weakref import WeakValueDictionary

from nemo_widgets.errors import NemoError, StoppedError
from nemo_widgets.local.jobs.drawing import Drawing, find_assets
from nemo_widgets.local.ports import CanvasSize, Quality
from nemo_widgets.local.state.records import FileRecord, RenderRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.draft import Draft

_log = logging.getLogger(__name__)

CANCELLED = "cancelled"


class RenderQueue:
    """The jobs that wait or run, and how far they are.

    Parameters
    ----------
    store : Store
        Where jobs are written down.
    drawing : Drawing
        What makes the files.
    canvas_size : callable
        Gives their width and height.
    parallel : int
        How many jobs may run at once, over all sessions.
    """

    def __init__(self, store: Store, drawing: Drawing, canvas_size: CanvasSize, *, parallel: int) -> None:
        self._store = store
        self._canvas_size = canvas_size
        self._drawing = drawing
        self._slots = asyncio.Semaphore(parallel)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._fractions: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def resume(self) -> None:
        """Take up what an earlier process left unfinished."""
        for record in self._store.unfinished_renders():
            self._store.set_render_status(record.id, "pending")
            self._start(record)

    def submit(self, record: RenderRecord) -> None:
        """Write a job down and let it run when it is its turn."""
        self._store.add_render(record)
        self._start(record)

    def progress(self, record: RenderRecord) -> float:
        """Return how much of a job is done, from 0 to 1."""
        return 1.0 if record.status == "completed" else self._fractions.get(record.id, 0.0)

    async def cancel(self, record: RenderRecord) -> None:
        """Stop a job that has not finished; a finished one stays as it is."""
        job = self._jobs.get(record.id)
        if job is None:
            return
        self._store.set_render_status(record.id, "failed", error=CANCELLED)
        job.cancel()
        await asyncio.wait([job])

    async def close(self) -> None:
        """Stop working; unfinished jobs stay written down, to be taken up again."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs)

    def _start(self, record: RenderRecord) -> None:
        job = asyncio.create_task(self._run(record), name=f"render {record.id}")
        self._jobs[record.id] = job
        job.add_done_callback(lambda _: self._forget(record.id))

    def _forget(self, render_id: str) -> None:
        self._jobs.pop(render_id, None)
        self._fractions.pop(render_id, None)

    async def _run(self, record: RenderRecord) -> None:
        async with self._turns.setdefault(record.session_id, asyncio.Lock()), self._slots:
            self._store.set_render_status(record.id, "processing")
            try:
                await self._draw(record)
            except StoppedError:
                return
            except NemoError as problem:
                self._store.set_render_status(record.id, "failed", error=str(problem))
            except Exception:
                _log.exception("render %s failed", record.id)
                problem_text = "The renderer failed; the studio's log has the cause."
                self._store.set_render_status(record.id, "failed", error=problem_text)
            else:
                self._store.set_render_status(record.id, "completed")

    async def _draw(self, record: RenderRecord) -> None:
        draft = Draft.parse(record.draft)
        wanted = record.output
        path = f"renders/{record.key}.mp4"
        quality: Quality = "draft" if wanted.get("quality") in ("draft", "low") else "final"

        def progressed(fraction: float) -> None:
            self._fractions[record.id] = min(1.0, max(0.0, fraction))

        await self._drawing.draw(
            draft,
            self._store.folder / path,
            size=self._canvas_size(draft, str(wanted.get("resolution", "1080p"))),
            fps=wanted.get("fps", 30),
            quality=quality,
            assets=find_assets(draft, self._store),
            on_progress=progressed,
        )
        self._store.add_file(FileRecord(record.key, record.session_id, f"{record.id}.mp4", path, "video/mp4"))
