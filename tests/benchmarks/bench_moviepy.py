"""What the same takes with moviepy: a sky, three layers in parallax, a title and music, without particles.

Run by ``bench_render.py --moviepy PYTHON``, with a Python that has moviepy 2 and knows nothing of nemo_widgets.
"""

# ruff: noqa: T201

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from moviepy import AudioArrayClip, CompositeVideoClip, ImageClip, TextClip

FPS, RATE = 30, 48_000


def layer(width: int, height: int, shade: int, tallest: float, seed: int) -> np.ndarray:
    """Return the RGBA picture of a skyline, half as wide again as the frame."""
    random = np.random.default_rng(seed)
    picture = np.zeros((height, width * 3 // 2, 4), np.uint8)
    picture[..., :3] = shade, shade, shade + 20
    left = 0
    while left < picture.shape[1]:
        wide, tall = int(random.integers(60, 160)), int(height * tallest * random.uniform(0.4, 1))
        picture[height - tall :, left : left + wide, 3] = 255
        left += wide
    return picture


def main() -> None:
    """Write the video, and print how many seconds that took."""
    width, height, seconds = map(int, sys.argv[1:])
    sky = np.empty((height, width, 3), np.uint8)
    sky[:] = (np.linspace(20, 160, height)[:, None, None] * np.array([0.6, 0.5, 1.0])).astype(np.uint8)
    t = np.arange(seconds * RATE)[:, None] / RATE
    music = AudioArrayClip(np.repeat(0.2 * np.sin(2 * np.pi * 220 * t), 2, axis=1), fps=RATE)
    start = time.perf_counter()
    clips = [ImageClip(sky).with_duration(seconds)]
    for index, speed in enumerate((12, 28, 60)):
        picture = layer(width, height, 90 - 35 * index, 0.8 - 0.2 * index, index)
        clip = ImageClip(picture, transparent=True).with_duration(seconds)
        clips.append(clip.with_position(lambda at, speed=speed: (round(-speed * at), 0)))
    title = TextClip(text="Urban Dreams", font_size=height // 10, color="white").with_duration(seconds)
    whole = CompositeVideoClip([*clips, title.with_position("center")], size=(width, height)).with_audio(music)
    with tempfile.TemporaryDirectory() as folder:
        whole.write_videofile(
            str(Path(folder) / "clip.mp4"), fps=FPS, codec="libx264", audio_codec="aac", preset="ultrafast",
            ffmpeg_params=["-crf", "28"], threads=2, logger=None,
        )  # fmt: skip
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
