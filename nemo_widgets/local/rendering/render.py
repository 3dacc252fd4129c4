"""From a draft to an MP4 file: stretches of a second drawn and encoded in parallel, then joined."""

import logging
import shutil
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, BrokenExecutor, Executor, Future, wait
from pathlib import Path

from nemo_widgets.errors import NothingToExportError, OutputPathError, StoppedError
from nemo_widgets.local.picture.quality import QualityName
from nemo_widgets.local.rendering.board import Board
from nemo_widgets.local.rendering.encode import Job, draw_sound, draw_stretch, dump_draft
from nemo_widgets.local.rendering.join import join
from nemo_widgets.protocol.draft import Draft

_TICK_S = 0.05
_DRAWN_SHARE = 0.97
"""Progress when all frames are drawn and only the joining is left."""
_MANY, _CUT_FINER = 4, 2
"""From how many seconds on some of them are cut finer, and how many are."""
_MOST_BREAKS = 3
"""How often a broken pool is forgiven in one render."""
_SOUND = -1
"""The number of the part that is the sound; the others are stretches of the picture."""

_log = logging.getLogger(__name__)


def canvas_size(draft: Draft, resolution: str = "1080p") -> tuple[int, int]:
    """Return width and height in pixels for a draft.

    Parameters
    ----------
    draft : Draft
        Its ``m.width`` and ``m.height`` give the shape; without them, 16:9.
    resolution : str
        The shorter side, such as ``"1080p"`` or ``"540p"``; the longer is at most 16/9 of it.

    Examples
    --------
    A vertical draft at ``"1080p"`` is 1080 × 1920.
    """
    shorter = int(resolution.lower().removesuffix("p"))
    width, height = draft.width or 16, draft.height or 9
    scale = min(shorter / min(width, height), shorter * 16 / 9 / max(width, height))
    return round(width * scale / 2) * 2, round(height * scale / 2) * 2


def render(
    draft: Draft,
    out: Path,
    *,
    size: tuple[int, int],
    fps: int = 30,
    quality: QualityName = "final",
    pool: Executor,
    assets: Mapping[str, Path],
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Render `draft` as H.264 and AAC in an MP4 file that can be played while it loads.

    Blocks until it is done; the work happens in `pool`. `out` appears whole or not at all.

    Parameters
    ----------
    draft : Draft
        What to render.
    out : Path
        Where the file goes; it is replaced if it is there.
    size : tuple of int
        Width and height in pixels; an odd number is rounded down to an even one.
    fps : int
        Frames a second.
    quality : {"draft", "final"}
        See `nemo_widgets.local.picture.quality`.
    pool : concurrent.futures.Executor
        Threads, processes or anything else on this machine; `nemo_widgets.local.rendering.pool.render_pool` makes one.
    assets : Mapping of str to Path
        Where the uploaded files are, by the URL that the draft gives.
    on_progress : callable
        Told the share that is done, 0 to 1, never falling, about twenty times a second.
    cancelled : callable
        Asked as often; once it says True the work stops within a frame and nothing is left behind.

    Raises
    ------
    NothingToExportError
        The draft is empty.
    OutputPathError
        `out` can't be written.
    MediaError
        An uploaded file can't be read.
    StoppedError
        `cancelled` said so.
    concurrent.futures.BrokenExecutor
        Workers die again and again. What one or two deaths have lost is drawn once more.
    """
    if draft.is_empty or draft.duration_ms == 0:
        raise NothingToExportError("There is nothing on the timeline yet. Ask for a clip first, then export it.")
    size = (max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2))
    frames = max(1, round(draft.duration_ms * fps / 1000))
    parts = out.parent / f".{out.name}.{uuid.uuid4().hex[:8]}.parts"
    try:
        parts.mkdir()
        (parts / "shared").mkdir()
        board = Board.create(parts / "board", len(stretches_of(frames, fps)))
    except OSError as error:
        raise OutputPathError(f"{out} can't be written: {error.strerror}. Choose another folder.") from error
    used = tuple((url, str(path)) for url, path in sorted(assets.items()))
    job = Job(dump_draft(draft), size, fps, quality, used, str(parts / "board"), str(parts / "shared"))
    work = _Work(pool, job, parts, frames)
    try:
        with board:
            try:
                work.submit_all()
                _watch(work, board, on_progress, cancelled)
            except BaseException:
                board.stop()
                for future in work.futures:
                    future.cancel()
                raise
        whole = parts / "whole.mp4"
        join(work.stretches, work.sound, whole, fps=fps, title=draft.title)
        if cancelled():
            raise StoppedError("The render was stopped.")
        try:
            whole.replace(out)
        except OSError as error:
            raise OutputPathError(f"{out} can't be written: {error.strerror}. Choose another name.") from error
    finally:
        _clean_up(parts, work.started)
    on_progress(1.0)


def stretches_of(frames: int, fps: int) -> list[tuple[int, int]]:
    """Return first frame and length of the stretches into which a video is cut; each begins with a keyframe.

    They last a second. The last two are cut in three, so that no worker waits long for another at the end.
    """
    stretches = [(first, min(fps, frames - first)) for first in range(0, frames, fps)]
    if len(stretches) < _MANY:
        return stretches
    third = -(-fps // 3)
    pieces = [
        (first + begin, min(third, count - begin))
        for first, count in stretches[-_CUT_FINER:]
        for begin in range(0, count, third)
    ]
    return stretches[:-_CUT_FINER] + pieces


class _Work:
    """The parts of one render: what is to be called for each, where its file lies, and who is at it.

    What a broken pool has lost is submitted once more, into files of another name: the old worker may not be dead yet.
    """

    def __init__(self, pool: Executor, job: Job, parts: Path, frames: int) -> None:
        self.frames = frames
        self.started: list[Future[None]] = []
        self._pool, self._job, self._parts = pool, job, parts
        self._stretches = stretches_of(frames, job.fps)
        self._files: dict[int, Path] = {}
        self._futures: dict[int, Future[None]] = {}
        self._breaks = 0

    @property
    def futures(self) -> list[Future[None]]:
        """Those that count, in the order of the parts."""
        return list(self._futures.values())

    @property
    def sound(self) -> Path:
        """The file of the soundtrack."""
        return self._files[_SOUND]

    @property
    def stretches(self) -> list[tuple[Path, int]]:
        """The files of the picture in order, and the frame at which each begins."""
        return [(self._files[number], first) for number, (first, _) in enumerate(self._stretches)]

    def submit_all(self) -> None:
        """Let the pool begin. The sound takes longest, so it comes first."""
        for number in (_SOUND, *range(len(self._stretches))):
            self._submit(number)

    def submit_lost(self) -> None:
        """Wait until a broken pool has let go of everything, and submit what is not done.

        Raises
        ------
        BrokenExecutor
            It breaks again and again, or does not mend.
        """
        wait(self.futures)
        lost = [number for number, future in self._futures.items() if isinstance(future.exception(), BrokenExecutor)]
        self._breaks += 1
        if self._breaks > _MOST_BREAKS:
            self._futures[lost[0]].result()
        _log.warning("a process of the renderer has died; %d of %d parts begin anew", len(lost), len(self._futures))
        for number in lost:
            self._submit(number)

    def _submit(self, number: int) -> None:
        path = self._parts / f"{number}.{self._breaks}.mp4"
        if number == _SOUND:
            future = self._pool.submit(draw_sound, self._job, self.frames / self._job.fps, str(path))
        else:
            future = self._pool.submit(draw_stretch, self._job, number, *self._stretches[number], str(path))
        self._files[number], self._futures[number] = path, future
        self.started.append(future)


def _watch(work: _Work, board: Board, on_progress: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
    """Wait for all, telling progress; raise what the first failing worker raised."""
    told = 0.0
    pending = set(work.futures)
    while pending:
        done, pending = wait(pending, timeout=_TICK_S, return_when=FIRST_EXCEPTION)
        try:
            for future in done:
                future.result()
        except BrokenExecutor:
            work.submit_lost()
            pending = set(work.futures)
        if cancelled():
            raise StoppedError("The render was stopped.")
        # A part that begins anew counts from its first frame again; what was told is not taken back.
        told = max(told, board.total() / work.frames * _DRAWN_SHARE)
        on_progress(told)


def _clean_up(parts: Path, futures: list[Future[None]]) -> None:
    """Remove the parts now, and once more when a worker that was still drawing has let go of its file."""
    running = [future for future in futures if not future.done()]
    for future in running:
        future.add_done_callback(lambda _: shutil.rmtree(parts, ignore_errors=True))
    shutil.rmtree(parts, ignore_errors=True)
