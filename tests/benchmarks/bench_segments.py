"""Ask the media helper for a large clip in pieces: how soon, how fast, and how much memory.

Run with ``python tests/benchmarks/bench_segments.py``. The films are made first: noise, so that 28 Mbit/s are really
there; what is converted has a little of it. Every figure stands beside reading the same bytes from the file, or
decoding the same pictures, in the same run.
"""

# ruff: noqa: T201

import argparse
import contextlib
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil

from nemo_widgets.errors import StoppedError
from nemo_widgets.media.service import MediaService

ROUNDS = 5
CANCELS = 20


def make(path: Path, codec: str, seconds: float, options: dict[str, str], *, bit_rate: int, grain: int = 64) -> Path:
    """Write moving noise at 720p, 30 fps, with a tone."""
    random = np.random.default_rng(1)
    ramp = np.linspace(0, 120, 1280, dtype=np.uint8)
    noise = [random.integers(0, grain, (1080, 1280), np.uint8) + ramp for _ in range(8)]
    with av.open(path, "w") as container:
        video = container.add_stream(codec, rate=30, options=options)
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv420p"
        video.codec_context.gop_size = 60
        video.codec_context.bit_rate = bit_rate
        audio = container.add_stream("aac", rate=48000, layout="stereo")
        for number in range(round(seconds * 30)):
            frame = av.VideoFrame.from_ndarray(noise[number % 8] + number % 60, format="yuv420p")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        tone = np.sin(np.arange(round(seconds * 48000)) / 20).astype(np.float32) / 3
        sound = av.AudioFrame.from_ndarray(np.stack([tone, tone]), "fltp", "stereo")
        sound.sample_rate = 48000
        container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    return path


def lengthened(path: Path, source: Path, size_bytes: int) -> Path:
    """Repeat a film without encoding it again until it has so many bytes."""
    with av.open(path, "w") as out, av.open(source) as first:
        tracks = {stream.index: out.add_stream_from_template(stream, opaque=True) for stream in first.streams}
        length = Fraction(first.duration, av.time_base)
        for turn in range(-(-size_bytes // source.stat().st_size)):
            with av.open(source) as container:
                for packet in container.demux():
                    if packet.size:
                        shift = round(turn * length / packet.time_base)
                        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                        packet.stream = tracks[packet.stream_index]
                        out.mux(packet)
    return path


def median_ms(work: Callable[[int], object]) -> float:
    """Return the median of a few rounds."""
    took = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def grown(process: psutil.Process, before: int) -> float:
    """Return by how many MB a process has grown."""
    return (process.memory_info().rss - before) / 1e6


def processor_s(process: psutil.Process) -> float:
    """Return how much processor time a process has taken."""
    times = process.cpu_times()
    return times.user + times.system


def segments(service: MediaService, path: Path) -> None:
    """Measure a clip that is copied."""
    own = psutil.Process()
    before = own.memory_info().rss
    duration_s = float(str(service.ask("facts", path)[0]["duration_s"]))
    helper = psutil.Process(service.process_id)
    helper_before = helper.memory_info().rss

    def read(start_s: float, length_s: float) -> bytes:
        _, data = service.ask("segment", path, form="native", start_s=start_s, length_s=length_s, init=True)
        return data[-1]

    def first(number: int) -> None:
        other = MediaService()
        try:
            other.ask("facts", path)
            other.ask("segment", path, form="native", start_s=0.0, length_s=0.25, init=True)
        finally:
            other.close()

    def plain(number: int) -> None:
        with path.open("rb") as file:
            file.seek(round(path.stat().st_size * (0.1 + number / 10)))
            file.read(size)

    size = len(read(20.0, 2.0))
    cold, warm = median_ms(first), median_ms(lambda number: read(0.0, 0.25))
    two, seek = median_ms(lambda number: read(4.0 + 4 * number, 2.0)), median_ms(lambda _: read(duration_s * 0.8, 0.25))
    raw = median_ms(plain)
    at_s, last = 0.0, False
    began = time.perf_counter()
    while not last:
        told, _ = service.ask("segment", path, form="native", start_s=at_s, length_s=2.0, init=False)
        at_s, last = float(str(told["end_s"])), bool(told["last"])
    whole_s = time.perf_counter() - began
    print(
        f"| {path.name}, {path.stat().st_size / 1e6:.0f} MB, {duration_s:.0f} s | {cold:.0f} ms | {warm:.0f} ms | "
        f"{two:.0f} ms ({size / 1e6:.1f} MB; plain read {raw:.0f} ms) | {seek:.0f} ms | {duration_s / whole_s:.0f} × | "
        f"{grown(own, before):+.0f} MB | {grown(helper, helper_before):+.0f} MB |"
    )


def conversion(service: MediaService, path: Path) -> None:
    """Measure a clip that is converted."""
    duration_s = float(str(service.ask("facts", path)[0]["duration_s"]))
    helper, own = psutil.Process(service.process_id), psutil.Process()
    before = processor_s(own)
    with av.open(path) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(video=0):
            pass
    decoding_s = processor_s(own) - before
    began = time.perf_counter()
    service.ask("segment", path, form="converted", start_s=0.0, length_s=0.25, init=True)
    first_ms = (time.perf_counter() - began) * 1000
    at_s, last = 0.0, False
    before, began = processor_s(helper), time.perf_counter()
    while not last:
        told, _ = service.ask("segment", path, form="converted", start_s=at_s, length_s=2.0, init=False)
        at_s, last = float(str(told["end_s"])), bool(told["last"])
    took_s, busy_s = time.perf_counter() - began, processor_s(helper) - before
    print(
        f"| {path.name} | {first_ms:.0f} ms | {duration_s / took_s:.1f} × real time | "
        f"{busy_s / duration_s:.2f} s | {busy_s / decoding_s:.1f} × |"
    )


def cancelled(service: MediaService, path: Path, what: str, **options: object) -> None:
    """Measure how long work goes on that nobody wants any more."""
    service.ask("facts", path)
    took: list[float] = []
    for number in range(CANCELS):
        asked, answered = service.submit(what, path, **options)
        time.sleep(0.02 + 0.013 * number)  # another moment of the work each time
        if answered.done():
            continue
        began = time.perf_counter()
        service.cancel(asked)
        with contextlib.suppress(StoppedError):
            answered.result()
        took.append((time.perf_counter() - began) * 1000)
    said = f"{statistics.median(took):.0f} ms | {max(took):.0f} ms" if took else "– | –"
    print(f"| {what}, {path.name} | {said} | {len(took)} of {CANCELS} |")


def main() -> None:
    """Make the films, measure, print tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--megabytes", type=int, default=200)
    size_bytes = arguments.parse_args().megabytes * 1_000_000
    print(f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.0f}, PyAV {av.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        fast = {"preset": "ultrafast", "bf": "2"}
        source = make(base / "source.mp4", "libx264", 8, fast, bit_rate=28_000_000)
        service = MediaService()
        try:
            print("\n| file | helper started, facts, 0.25 s | 0.25 s | 2 s | at 80 % | all of it | kernel | helper |")
            print("|---|---|---|---|---|---|---|---|")
            segments(service, source)
            for suffix in ("mp4", "mov", "mkv"):
                segments(service, lengthened(base / f"large.{suffix}", source, size_bytes))
            print("\n| 720p, 30 fps | first 0.25 s | all of it | processor, a second of clip | beside decoding alone |")
            print("|---|---|---|---|---|")
            quiet = {"preset": "ultrafast", "x265-params": "log-level=none"}
            hevc = make(base / "hevc.mp4", "libx265", 6, quiet, bit_rate=6_000_000, grain=6)
            asp = make(base / "mpeg4.avi", "mpeg4", 6, {}, bit_rate=6_000_000, grain=6)
            conversion(service, hevc)
            conversion(service, asp)
            print("\n| cancelled while under way | until the helper is idle, median | worst | rounds |")
            print("|---|---|---|---|")
            for path in (hevc, asp):
                segment = {"form": "converted", "start_s": 1.5, "length_s": 4.0, "init": True}
                cancelled(service, path, "segment", **segment)
            large = base / "large.mp4"
            cancelled(service, large, "segment", form="converted", start_s=0.0, length_s=4.0, init=True)
            cancelled(service, large, "filmstrip", count=100, height_px=90)
            cancelled(service, large, "waveform", count=600)
        finally:
            service.close()


if __name__ == "__main__":
    main()
