"""Uploaded videos and photos as moving pictures of the canvas's size."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageOps

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.scenes.planes import Planes, pixels
from nemo_widgets.media.container import open_media
from nemo_widgets.media.probe import open_picture

_BT709 = {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}
_ZOOM = 0.12
"""How far a photo is pushed in, as a share of its size."""
_PUSH_S = 12.0


def is_picture(path: Path) -> bool:
    """Whether a file is a photo, by the first bytes rather than by its name."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(12)
    return head[:3] in (b"\xff\xd8\xff", b"GIF") or head[:8] == b"\x89PNG\r\n\x1a\n" or head[8:12] == b"WEBP"


def _fit(width: int, height: int, into: tuple[int, int]) -> tuple[int, int]:
    scale = min(into[0] / width, into[1] / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


class Photo:
    """A still that fills the canvas while the camera pushes in slowly (Ken Burns)."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        with open_picture(path) as opened:
            try:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
            except (OSError, ValueError, SyntaxError) as error:
                raise MediaError(f"{path.name} is damaged: the picture breaks off. Upload it again.") from error
        self._size = size
        wide = (round(size[0] * (1 + _ZOOM)), round(size[1] * (1 + _ZOOM)))
        self._picture = ImageOps.fit(upright, wide, Image.Resampling.LANCZOS, centering=(0.5, 0.42))

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        share = (1 - np.cos(np.pi * min(1.0, at_s / _PUSH_S))) / 2
        zoom = 1 + _ZOOM * (1 - share)
        width = min(self._size[0] * zoom, self._picture.width)
        height = min(self._size[1] * zoom, self._picture.height)
        left = (self._picture.width - width) * 0.5
        top = (self._picture.height - height) * 0.5
        view = self._picture.resize(self._size, Image.Resampling.BILINEAR, box=(left, top, left + width, top + height))
        frame = av.VideoFrame.from_ndarray(np.asarray(view), format="rgb24")
        _copy(frame.reformat(format="yuv420p", threads=1, **_BT709), target, 0, 0)


class Video:
    """An uploaded clip, letterboxed on black, from `start_s` seconds into it; after its end its last frame stays."""

    def __init__(self, path: Path, size: tuple[int, int], start_s: float = 0.0) -> None:
        self._path = path
        self._container = open_media(path)
        if not self._container.streams.video:
            raise MediaError(f"{path.name} has no picture. Use it as music instead.")
        self._stream = self._container.streams.video[0]
        self._stream.thread_count = 1
        self._size = size
        self._start_s = start_s + float((self._stream.start_time or 0) * (self._stream.time_base or 0))
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._shown: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = None

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        frame = self._frame(self._start_s + at_s)
        target.clear()
        if frame is None:
            return
        turn = round(frame.rotation) % 360
        wide, high = (frame.height, frame.width) if turn in (90, 270) else (frame.width, frame.height)
        size = _fit(wide, high, self._size)
        left, top = (self._size[0] - size[0]) // 4 * 2, (self._size[1] - size[1]) // 4 * 2
        stored = (size[1], size[0]) if turn in (90, 270) else size
        scaled = frame.reformat(*stored, "yuv420p", interpolation="BILINEAR", threads=1, **_BT709)
        _copy(scaled, target, left, top, turn // 90)

    def _frame(self, at_s: float) -> av.VideoFrame | None:
        behind = self._shown is None or at_s < (self._shown.time or 0)
        if behind or (self._next is not None and at_s > (self._next.time or 0) + 3):
            self._seek(at_s)
        try:
            while self._next is not None and (self._next.time or 0) <= at_s + 1e-4:
                self._shown = self._next
                self._next = next(self._frames, None)
        except (av.FFmpegError, ValueError):
            self._next = None
        return self._shown or self._next

    def _seek(self, at_s: float) -> None:
        try:
            self._container.seek(max(0, int(at_s * av.time_base)), backward=True)
            self._frames = self._container.decode(self._stream)
            self._next = next(self._frames, None)
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(f"{self._path.name} can't be decoded. Convert it to MP4 and upload it again.") from error
        self._shown = None


def _copy(frame: av.VideoFrame, target: Planes, left: int, top: int, quarter_turns: int = 0) -> None:
    for index, plane in enumerate((target.y, target.u, target.v)):
        step = 1 if index == 0 else 2
        picture = np.rot90(pixels(frame.planes[index]), quarter_turns)
        height, width = picture.shape
        plane[top // step : top // step + height, left // step : left // step + width] = picture
