"""Render 10 s of video with sky, three layers, 200 particles, title and music; and encode the same frames alone.

Run with ``python tests/benchmarks/bench_render.py``; ``--scenes all`` measures the scenes beside the composition,
``--moviepy PYTHON`` moviepy, with an interpreter that has it. Both sides of a ratio take turns in one run, on as many
processes, each with one thread of x264 and the same settings: the ratio holds on any machine, the seconds on this one.
Processor time is beside it, because other programs disturb it less.
"""

# ruff: noqa: T201

import argparse
import multiprocessing
import multiprocessing.synchronize
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from composition import take_the_citys_place

from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.quality import QUALITIES, QualityName
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.rendering.encode import encode_frames
from nemo_widgets.local.rendering.render import render
from nemo_widgets.protocol.draft import Draft

FPS = 30
COMPOSITION = "composition"
SIZES = ["1920x1080", "1080x1920", "1080x1080"]

_barrier: multiprocessing.synchronize.Barrier
_drawn: list[Planes] = []


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took, in seconds: by the clock, and of the processors."""

    took_s: float
    spent_s: float


def _begin(barrier: multiprocessing.synchronize.Barrier, composed: bool) -> None:
    global _barrier
    _barrier = barrier
    if composed:
        take_the_citys_place()


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


def _own_cpu_s() -> float:
    """Return the processor time of this process and its workers."""
    return _cpu_s() + time.process_time()


class Bench:
    """One draft at one size and quality; its two sides in pools of their own, that wait for each other."""

    def __init__(
        self, stack: ExitStack, scene: str, size: tuple[int, int], quality: QualityName, seconds: int, workers: int
    ) -> None:
        self._size, self._quality, self._workers, self._seconds = size, quality, workers, seconds
        self._folder = stack.enter_context(tempfile.TemporaryDirectory())
        self._composed = scene == COMPOSITION
        self._scene = "city" if self._composed else scene
        self._encoding, self._rendering = (stack.enter_context(self._pool()) for _ in range(2))
        self._render(0, 1, (320, 180))

    def _pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        arguments = (context.Barrier(self._workers), self._composed)
        return ProcessPoolExecutor(self._workers, context, initializer=_begin, initargs=arguments)

    def _draft(self, seed: int, seconds: int) -> Draft:
        length = seconds * 1000
        return Draft.parse(
            {
                "t": [
                    {"tt": 0, "sg": [{"d": length, "m": {"scene": self._scene, "seed": seed}}]},
                    {"tt": 7, "sg": [{"d": min(length, 4000), "m": {"text": "Urban Dreams", "role": "title"}}]},
                    {"tt": 1, "sg": [{"d": length, "m": {"style": "lofi", "seed": seed, "volume": 0.8}}]},
                ]
            }
        )

    def draw_ahead(self) -> None:
        """Keep the frames ready that are to be encoded alone."""
        draft = self._draft(1, self._seconds)
        jobs = [
            self._encoding.submit(_draw_ahead, draft, self._size, self._quality, worker, self._workers)
            for worker in range(self._workers)
        ]
        assert sum(job.result() for job in jobs) == self._seconds * FPS

    def encode(self) -> Cost:
        """Encode them."""
        spent = _own_cpu_s()
        jobs = [
            self._encoding.submit(_encode_drawn, self._folder, self._size, self._quality) for _ in range(self._workers)
        ]
        return Cost(max(job.result() for job in jobs), _own_cpu_s() - spent)

    def render(self, seed: int) -> Cost:
        """Render the whole, with a seed that no worker has prepared."""
        start, spent = time.perf_counter(), _own_cpu_s()
        self._render(seed, self._seconds, self._size)
        return Cost(time.perf_counter() - start, _own_cpu_s() - spent)

    def _render(self, seed: int, seconds: int, size: tuple[int, int]) -> None:
        pool: Executor = self._rendering
        render(
            self._draft(seed, seconds), Path(self._folder) / "clip.mp4", size=size, quality=self._quality, pool=pool,
            assets={}, on_progress=lambda share: None, cancelled=lambda: False,
        )  # fmt: skip


def measure(options: argparse.Namespace, scene: str, size: tuple[int, int], quality: QualityName) -> Cost:
    """Print one row of the table; return what the render took."""
    with ExitStack() as stack:
        bench = Bench(stack, scene, size, quality, options.seconds, options.workers)
        bench.draw_ahead()
        pairs = [(bench.encode(), bench.render(seed)) for seed in range(1, options.runs + 1)]
    limit, whole = (
        Cost(statistics.median(c.took_s for c in side), statistics.median(c.spent_s for c in side))
        for side in zip(*pairs, strict=True)
    )
    settings = QUALITIES[quality]
    print(
        f"| {scene} | {size[0]}×{size[1]} | {settings.preset}, {settings.crf} | {whole.took_s:.1f} s "
        f"| {limit.took_s:.1f} s | {statistics.median(w.took_s / e.took_s for e, w in pairs):.2f} "
        f"| {whole.spent_s:.1f} s / {limit.spent_s:.1f} s = {whole.spent_s / max(limit.spent_s, 0.01):.2f} |",
        flush=True,
    )
    return whole


def _memory_kb(pid: int | str) -> tuple[int, int]:
    """Return the resident and the proportional size of a process: pages that several share count once in the latter."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return sizes["Rss"], sizes["Pss"]


@contextmanager
def watched(told: Callable[[tuple[int, int]], None]) -> Iterator[None]:
    """Tell the most memory that this process and its workers take together, resident and proportional, in kB."""
    done, most = threading.Event(), [(0, 0)]

    def watch() -> None:
        while not done.wait(0.2):
            try:
                sizes = [
                    _memory_kb("self"),
                    *(_memory_kb(child.pid or 0) for child in multiprocessing.active_children()),
                ]
            except OSError:
                continue
            most.append((sum(rss for rss, _ in sizes), sum(pss for _, pss in sizes)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        told((max(rss for rss, _ in most), max(pss for _, pss in most)))


def measure_memory(options: argparse.Namespace) -> None:
    """Print how much memory a minute of the composition takes."""

    def tell(most: tuple[int, int]) -> None:
        rss, pss = (size / 1000 for size in most)
        print(f"\n60 s at 1920×1080: {rss:.0f} MB resident in all processes at most ({pss:.0f} MB, shared pages once)")

    with ExitStack() as stack:
        bench = Bench(stack, COMPOSITION, (1920, 1080), "draft", 60, options.workers)
        bench._encoding.shutdown()
        with watched(tell):
            bench.render(1)


def measure_moviepy(options: argparse.Namespace, ours: Cost) -> None:
    """Print how long moviepy takes for a composition like ours."""
    command = [options.moviepy, Path(__file__).with_name("bench_moviepy.py"), "1920", "1080", str(options.seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    took = float(done.stdout)
    print(
        f"\nmoviepy, 1920×1080, ultrafast, 28, without particles: {took:.1f} s, {took / ours.took_s:.1f} times as long"
    )


def main() -> None:
    """Measure, and print the table of nemo_widgets/README.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenes", nargs="+", default=[COMPOSITION], choices=[COMPOSITION, "all", *SCENES])
    options.add_argument("--qualities", nargs="+", default=["draft", "final"], choices=list(QUALITIES))
    options.add_argument("--sizes", nargs="+", default=SIZES)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--moviepy", metavar="PYTHON")
    options.add_argument("--memory", action="store_true")
    chosen = options.parse_args()
    scenes = [COMPOSITION, *SCENES] if "all" in chosen.scenes else chosen.scenes
    print(f"{platform.platform()}, {os.cpu_count()} processors, PyAV {av.__version__}, NumPy {np.__version__}")
    print(f"{chosen.seconds} s, {FPS} fps, {chosen.workers} processes, median of {chosen.runs}\n")
    print(
        "| scene | size | x264 preset, crf | render | encoding alone | ratio | of processor time |\n"
        "|---|---|---|---|---|---|---|"
    )
    costs: dict[tuple[str, str, str], Cost] = {}
    for quality in chosen.qualities:
        for name in chosen.sizes:
            width, _, height = name.partition("x")
            for scene in scenes:
                costs[scene, name, quality] = measure(chosen, scene, (int(width), int(height)), quality)
    ours = costs.get((COMPOSITION, "1920x1080", "draft"))
    if chosen.memory:
        measure_memory(chosen)
    if chosen.moviepy and ours is not None:
        measure_moviepy(chosen, ours)


if __name__ == "__main__":
    main()
