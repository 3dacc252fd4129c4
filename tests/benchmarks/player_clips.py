"""The clips that the player is measured with: noise, so that the bytes are really there."""

from pathlib import Path

import av
import numpy as np


def make_clip(path: Path, size: tuple[int, int], bit_rate: int, seconds: int) -> Path:
    """Write H.264 noise at `bit_rate`, 30 fps."""
    rng = np.random.default_rng(1)
    with av.open(path, "w", options={"movflags": "faststart"} if path.suffix != ".mkv" else {}) as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "60", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.bit_rate = bit_rate
        for number in range(30 * seconds):
            luma = rng.integers(0, 255, (size[1] // 4, size[0] // 4), np.uint8)
            frame = np.repeat(np.repeat(luma, 4, 0), 4, 1)
            frame[:, number % size[0] : number % size[0] + 16] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def repeated(path: Path, source: Path, size_bytes: int) -> Path:
    """Repeat a clip without encoding it again until it has about so many bytes, in the container of `path`."""
    times = max(1, round(size_bytes / source.stat().st_size))
    with av.open(path, "w", options={"movflags": "faststart"} if path.suffix != ".mkv" else {}) as out:
        stream = None
        length_s = 0.0
        for turn in range(times):
            with av.open(source) as container:
                if stream is None:
                    stream = out.add_stream_from_template(container.streams.video[0])
                    length_s = (container.duration or 0) / av.time_base
                for packet in container.demux(video=0):
                    if packet.dts is None or packet.pts is None or packet.time_base is None:
                        continue
                    ticks = round(turn * length_s / packet.time_base)
                    packet.pts, packet.dts, packet.stream = packet.pts + ticks, packet.dts + ticks, stream
                    out.mux(packet)
    return path
