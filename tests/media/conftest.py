"""Small films of every kind."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

MakeFilm = Callable[..., Path]


def make_film(
    path: Path,
    *,
    video: str = "libx264",
    audio: str = "aac",
    seconds: float = 2.0,
    sound_s: float | None = None,
    fps: Fraction | int = 25,
    gop: int = 12,
    start_s: float = 0.0,
    steps: list[int] | None = None,
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    size: tuple[int, int] = (160, 90),
    rate: int = 48000,
) -> Path:
    """Write a film whose n-th picture is told by its brightness; `steps` are the lengths of pictures in frames."""
    with av.open(path, "w") as container:
        picture = sound = None
        if video:
            picture = container.add_stream(video, rate=fps, options=options or {})
            picture.width, picture.height, picture.pix_fmt = *size, pix_fmt
            picture.codec_context.gop_size = gop
        if audio:
            sound = container.add_stream(audio, rate=rate, layout="stereo")
        if picture is not None:
            at = round(start_s * Fraction(fps))
            for number in range(round(seconds * Fraction(fps))):
                pixels = np.full((size[1], size[0], 3), (number * 7 % 200, 90, 160), np.uint8)
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts, frame.time_base = at, 1 / Fraction(fps)
                at += steps[number % len(steps)] if steps else 1
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        if sound is not None:
            t = np.arange(round((sound_s or seconds) * rate)) / rate
            wave = (0.4 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = rate, round(start_s * rate), Fraction(1, rate)
            container.mux(sound.encode(frame))
            container.mux(sound.encode(None))
    return path


@pytest.fixture(scope="session")
def film() -> MakeFilm:
    return make_film


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a film once a session for the same words."""
    folder = tmp_path_factory.mktemp("films")
    made: dict[Any, Path] = {}

    def get(name: str, **how: Any) -> Path:
        key = (name, repr(sorted(how.items())))
        if key not in made:
            made[key] = make_film(folder / f"{len(made)}-{name}", **how)
        return made[key]

    return get
