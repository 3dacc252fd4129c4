"""From a draft to an MP4 file: stretches of a second drawn and encoded in parallel, then joined."""

import shutil
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Executor, Future, wait
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
    """
    if draft.is_empty or draft.duration_ms == 0:
        raise NothingToExportError("There is nothing on the timeline yet. Ask for a clip first, then export it.")
    size = (max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2))
    frames = max(1, round(draft.duration_ms * fps / 1000))
    parts = out.parent / f".{out.name}.{uuid.uuid4().hex[:8]}.parts"
    try:
        parts.mkdir()
        board = Board.create(parts / "board", -(-frames // fps))
    except OSError as error:
        raise OutputPathError(f"{out} can't be written: {error.strerror}. Choose another folder.") from error
    used = tuple((url, str(path)) for url, path in sorted(assets.items()))
    job = Job(dump_draft(draft), size, fps, quality, used, str(parts / "board"))
    futures: list[Future[None]] = []
    try:
        with board:
            sound = parts / "sound.mp4"
            stretches = [(parts / f"{first}.mp4", first) for first in range(0, frames, fps)]
            futures.append(pool.submit(draw_sound, job, frames / fps, str(sound)))
            futures += [
                pool.submit(draw_stretch, job, worker, first, min(fps, frames - first), str(path))
                for worker, (path, first) in enumerate(stretches)
            ]
            try:
                _watch(futures, board, frames, on_progress, cancelled)
            except BaseException:
                board.stop()
                for future in futures:
                    future.cancel()
                raise
        whole = parts / "whole.mp4"
        join(stretches, sound, whole, fps=fps, title=draft.title)
        if cancelled():
            raise StoppedError("The render was stopped.")
        try:
            whole.replace(out)
        except OSError as error:
            raise OutputPathError(f"{out} can't be written: {error.strerror}. Choose another name.") from error
    finally:
        _clean_up(parts, futures)
    on_progress(1.0)


def _watch(
    futures: list[Future[None]],
    board: Board,
    frames: int,
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Wait for all, telling progress; raise what the first failing worker raised."""
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=_TICK_S, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
        if cancelled():
            raise StoppedError("The render was stopped.")
        on_progress(board.total() / frames * _DRAWN_SHARE)


def _clean_up(parts: Path, futures: list[Future[None]]) -> None:
    """Remove the parts now, and once more when a worker that was still drawing has let go of its file."""
    running = [future for future in futures if not future.done()]
    for future in running:
        future.add_done_callback(lambda _: shutil.rmtree(parts, ignore_errors=True))
    shutil.rmtree(parts, ignore_errors=True)
