"""Render 10 s of 1080p30 with title and music, and encode the same frames alone: how far is the whole from its limit.

Run with ``python tests/benchmarks/bench_render.py``. Both happen in one run, on as many processes, with the same
encoder settings, so the ratio holds on any machine; the seconds hold on this one.
"""

# ruff: noqa: T201

import argparse
import multiprocessing
import multiprocessing.synchronize
import os
import platform
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av
import numpy as np

from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.quality import QUALITIES, QualityName
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.rendering.encode import encode_frames
from nemo_widgets.local.rendering.pool import render_pool
from nemo_widgets.local.rendering.render import render
from nemo_widgets.protocol.draft import Draft

FPS = 30
PROMPTS = {
    "city": "a {seconds}-second clip of a city at night, title 'Urban Dreams', lo-fi music",
    "sea": "a {seconds}-second clip of a sunset over the sea, title 'Urban Dreams', lo-fi music",
    "forest": "a {seconds}-second clip of a forest, title 'Urban Dreams', lo-fi music",
    "abstract_light": "a {seconds}-second clip of abstract light, title 'Urban Dreams', lo-fi music",
}

_barrier: multiprocessing.synchronize.Barrier
_drawn: list[Planes] = []


def _join_in(barrier: multiprocessing.synchronize.Barrier) -> None:
    global _barrier
    _barrier = barrier


def _draw_ahead(draft: Draft, size: tuple[int, int], quality: QualityName, worker: int, workers: int) -> int:
    painter = Painter(draft, size, quality, {})
    frames = round(draft.duration_ms * FPS / 1000)
    _drawn.clear()
    for second in range(worker * FPS, frames, workers * FPS):
        for index in range(second, min(second + FPS, frames)):
            planes = Planes.black(*size)
            painter.paint(planes, index / FPS)
            _drawn.append(planes)
    _barrier.wait()
    return len(_drawn)


def _encode_drawn(folder: str, size: tuple[int, int], quality: QualityName) -> float:
    _barrier.wait()
    start = time.perf_counter()
    for number, second in enumerate(range(0, len(_drawn), FPS)):
        some = _drawn[second : second + FPS]
        out = Path(folder) / f"{os.getpid()}-{number}.mp4"
        encode_frames(
            out, size, FPS, quality, len(some), lambda planes, index, some=some: planes.copy_from(some[index])
        )
    return time.perf_counter() - start


def _cpu_s() -> float:
    """Return the processor time of this process's workers so far, in seconds; 0 where the system does not tell."""
    ticks = 0
    for child in multiprocessing.active_children():
        stat = Path(f"/proc/{child.pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def measure_limit(draft: Draft, size: tuple[int, int], quality: QualityName, workers: int) -> tuple[float, float]:
    """Return how long encoding the frames of `draft` takes once drawn: by the clock, and in processor time."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(workers)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(workers, context, initializer=_join_in, initargs=(barrier,)) as pool,
    ):
        drawing = [pool.submit(_draw_ahead, draft, size, quality, worker, workers) for worker in range(workers)]
        assert sum(job.result() for job in drawing) == round(draft.duration_ms * FPS / 1000)
        spent = _cpu_s()
        encoding = [pool.submit(_encode_drawn, folder, size, quality) for _ in range(workers)]
        return max(job.result() for job in encoding), _cpu_s() - spent


def measure_render(
    drafts: list[Draft], size: tuple[int, int], quality: QualityName, workers: int
) -> list[tuple[float, float]]:
    """Return how long each draft takes in a warm pool: by the clock, and in processor time."""
    times = []
    with tempfile.TemporaryDirectory() as folder, render_pool(workers) as pool:
        render(
            drafts[0], Path(folder) / "warm-up.mp4", size=(320, 180), quality="draft", pool=pool, assets={},
            on_progress=lambda share: None, cancelled=lambda: False,
        )  # fmt: skip
        for draft in drafts:
            start, spent = time.perf_counter(), _cpu_s()
            render(
                draft, Path(folder) / "clip.mp4", size=size, quality=quality, pool=pool, assets={},
                on_progress=lambda share: None, cancelled=lambda: False,
            )  # fmt: skip
            times.append((time.perf_counter() - start, _cpu_s() - spent))
    return times


def main() -> None:
    """Measure, and print one row of the table in README.md for each scene and quality."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenes", nargs="+", default=list(SCENES), choices=list(SCENES))
    options.add_argument("--qualities", nargs="+", default=["draft", "final"], choices=list(QUALITIES))
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--size", default="1920x1080")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    width, _, height = chosen.size.partition("x")
    size = (int(width), int(height))
    print(f"{platform.platform()}, {os.cpu_count()} processors, PyAV {av.__version__}, NumPy {np.__version__}")
    print(
        f"{chosen.seconds} s at {size[0]}×{size[1]}, {FPS} fps, {chosen.workers} processes, median of {chosen.runs}\n"
    )
    print(
        "| scene | quality | x264 preset, crf | render | limit (encoding alone) | ratio | of processor time |\n"
        "|---|---|---|---|---|---|---|"
    )
    for quality in chosen.qualities:
        for scene in chosen.scenes:
            prompt = PROMPTS[scene].format(seconds=chosen.seconds)
            drafts = [
                Draft.parse(plan(prompt, Draft.parse({}), (), seed).stages[-1].draft) for seed in range(chosen.runs)
            ]
            runs = measure_render(drafts, size, quality, chosen.workers)
            took, spent = (statistics.median(column) for column in zip(*runs, strict=True))
            limit, needed = measure_limit(drafts[0], size, quality, chosen.workers)
            settings = QUALITIES[quality]
            print(
                f"| {scene} | {quality} | {settings.preset}, {settings.crf} | {took:.1f} s | {limit:.1f} s "
                f"| {took / limit:.2f} | {spent:.1f} s / {needed:.1f} s = {spent / max(needed, 0.01):.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
