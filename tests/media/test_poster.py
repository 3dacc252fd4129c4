"""Posters: one frame, small."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from nemo_widgets.errors import MediaError
from nemo_widgets.media.poster import poster_jpeg


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Write a clip that is red in its first second, then busy and blue for two more."""
    path = tmp_path / "a.mp4"
    random = np.random.default_rng(1)
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for index in range(30):
            picture = np.full((360, 640, 3), (220, 20, 20) if index < 10 else (20, 20, 220), np.uint8)
            if index >= 10:
                picture[:, :200] = random.integers(0, 255, (360, 200, 3))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    return picture.convert("RGB")


def test_a_poster_is_a_jpeg_within_its_budget_and_of_the_same_shape(film: Path) -> None:
    for budget in (8192, 2500):
        data = poster_jpeg(film, max_bytes=budget)
        assert len(data) <= budget
        picture = opened(data)
        assert picture.width / picture.height == pytest.approx(16 / 9, rel=0.03)


def test_a_poster_shows_the_moment_asked_for(film: Path) -> None:
    red, _, blue = opened(poster_jpeg(film, at_s=0.0)).getpixel((300, 130))
    assert red > blue
    red, _, blue = opened(poster_jpeg(film, at_s=2.5)).getpixel((300, 130))
    assert blue > red


def test_by_default_it_is_taken_a_third_of_the_way_in(film: Path) -> None:
    red, _, blue = opened(poster_jpeg(film)).getpixel((300, 130))
    assert blue > red


def test_a_moment_after_the_end_gives_the_last_picture(film: Path) -> None:
    assert opened(poster_jpeg(film, at_s=99)).width > 10


def test_a_budget_that_nothing_fits_is_said(film: Path) -> None:
    with pytest.raises(MediaError, match="Allow more"):
        poster_jpeg(film, max_bytes=100)


def test_sound_has_no_poster(tmp_path: Path) -> None:
    with av.open(tmp_path / "a.wav", "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.int16), "s16", "mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
    with pytest.raises(MediaError, match="no picture"):
        poster_jpeg(tmp_path / "a.wav")
