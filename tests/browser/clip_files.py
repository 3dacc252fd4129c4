"""The clips that players are shown with, of every kind that they meet: small, and written once."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from .conftest import Lab

LENGTH_S = 10
FPS = 15
CODECS = {
    "plain.mp4": ("libx264", {"preset": "ultrafast"}),
    "camera.mkv": ("libx264", {"preset": "ultrafast", "bf": "2"}),
    "phone.mp4": ("libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "old.avi": ("mpeg4", {}),
    "one-keyframe.mp4": ("libx264", {"preset": "ultrafast", "g": "1000", "sc_threshold": "0"}),
}
KINDS = ["plain.mp4", "camera.mkv", "phone.mp4", "old.avi"]
GetClip = Callable[[str], Path]


@pytest.fixture(scope="session")
def clip_file(lab: "Lab") -> Path:
    """Twelve seconds of 640×360 at 15 fps, in the server's folder: grey that brightens, with a bar that crosses."""
    path = lab.root / "clip.mp4"
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for picture in _pictures(640, 360, 12 * FPS):
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> GetClip:
    """Give the path of a clip of a name in `CODECS`, of ``sound.m4a`` or ``still.png``, outside the server's folder."""
    folder = tmp_path_factory.mktemp("clips")

    def get(name: str) -> Path:
        path = folder / name
        if not path.exists():
            if path.suffix == ".png":
                Image.fromarray(next(_pictures(320, 180, 1)).to_ndarray(format="rgb24")).save(path)
            else:
                _write(path, *CODECS.get(name, (None, {})))
        return path

    return get


def _write(path: Path, codec: str | None, options: dict[str, str]) -> None:
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=FPS, options=options) if codec else None
        tone = container.add_stream("aac" if path.suffix != ".avi" else "mp3", rate=44_100)
        if video is not None:
            video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
            for picture in _pictures(320, 180, LENGTH_S * FPS):
                container.mux(video.encode(picture))
            container.mux(video.encode())
        seconds = np.arange(LENGTH_S * 44_100) / 44_100
        wave = (8000 * np.sin(2646 * seconds) * (1 - np.cos(0.2 * np.pi * seconds)) / 2).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
        frame.rate, frame.pts, frame.time_base = 44_100, 0, Fraction(1, 44_100)
        for packet in [*tone.encode(frame), *tone.encode()]:
            container.mux(packet)


def _pictures(width: int, height: int, count: int) -> Iterator[av.VideoFrame]:
    for number in range(count):
        picture = np.full((height, width, 3), 60 + number // 2, np.uint8)
        left = number * (width - 12) // count
        picture[:, left : left + 12] = (80, 160, 240)
        yield av.VideoFrame.from_ndarray(picture, format="rgb24")


def made(path: Path, name: str = "player") -> str:
    """Return a cell that makes a player of `path`."""
    return f"import nemo_widgets as nemo\n{name} = nemo.VideoPlayer({str(path)!r})"


def shown(path: Path, name: str = "player") -> str:
    """Return a cell that makes a player of `path` and shows it."""
    return f"{made(path, name)}\n{name}"
