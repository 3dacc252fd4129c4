"""Uploaded videos and photos as moving pictures of the canvas's size."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageFilter, ImageOps

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.scenes.planes import Planes, pixels
from nemo_widgets.media.container import open_media
from nemo_widgets.media.probe import open_picture

_BT709 = {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}
_LEAST_SEEN = 0.55
"""A photo fills the canvas if at least this share of it is seen then; else it is shown whole, on a blur of itself."""
_SKIP_S = 3.0
"""Frames that lie farther ahead than this are sought, nearer ones decoded one after the other."""
_REMEMBERED = 32
"""Frames that are kept while a clip runs backwards: 100 MB at 1080p."""


def is_picture(path: Path) -> bool:
    """Whether a file is a photo, by the first bytes rather than by its name."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(12)
    return head[:3] in (b"\xff\xd8\xff", b"GIF") or head[:8] == b"\x89PNG\r\n\x1a\n" or head[8:12] == b"WEBP"


class Photo:
    """A still that fills the canvas.

    Parameters
    ----------
    path : Path
        The file.
    size : tuple of int
        Canvas in pixels, both even.
    cover : bool
        Whether it fills the canvas however little of it is seen then.
    """

    def __init__(self, path: Path, size: tuple[int, int], *, cover: bool = False) -> None:
        with open_picture(path) as opened:
            try:
                upright = _flattened(ImageOps.exif_transpose(opened))
            except (OSError, ValueError, SyntaxError) as error:
                raise MediaError(f"{path.name} is damaged: the picture breaks off. Upload it again.") from error
        frame = av.VideoFrame.from_ndarray(
            np.asarray(_filled(upright, size, 0.0 if cover else _LEAST_SEEN)), format="rgb24"
        )
        self._planes = Planes.black(*size)
        _copy(frame.reformat(format="yuv420p", threads=1, **_BT709), self._planes)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds: always the same, the camera is another's."""
        target.copy_from(self._planes)


def _flattened(picture: Image.Image) -> Image.Image:
    """Return a picture without transparency: what can be seen through is dark grey."""
    if picture.mode == "P" or "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, (24, 24, 26, 255)), clear).convert("RGB")
    return picture.convert("RGB")


def _filled(photo: Image.Image, size: tuple[int, int], least_seen: float) -> Image.Image:
    shape, wanted = photo.width / photo.height, size[0] / size[1]
    if min(shape, wanted) / max(shape, wanted) >= least_seen:
        return ImageOps.fit(photo, size, Image.Resampling.LANCZOS, centering=(0.5, 0.42))
    ground = ImageOps.fit(photo, (max(2, size[0] // 8), max(2, size[1] // 8)), Image.Resampling.BILINEAR)
    ground = ground.filter(ImageFilter.GaussianBlur(max(size) / 200)).point(lambda level: level * 0.45)
    whole = ground.resize(size, Image.Resampling.BICUBIC)
    inside = ImageOps.contain(photo, size, Image.Resampling.LANCZOS)
    whole.paste(inside, ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2))
    return whole


class Video:
    """An uploaded clip; after its end its last frame stays.

    Parameters
    ----------
    path : Path
        The file.
    size : tuple of int
        Canvas in pixels, both even.
    cover : bool
        Whether it fills the canvas, its borders cut off; else it is seen whole, on black.
    backwards : bool
        Whether it is going to be asked for earlier and earlier frames: then some are kept.
    """

    def __init__(self, path: Path, size: tuple[int, int], *, cover: bool = False, backwards: bool = False) -> None:
        self._path = path
        self._container = open_media(path)
        if not self._container.streams.video:
            raise MediaError(f"{path.name} has no picture. Use it as music instead.")
        self._stream = self._container.streams.video[0]
        self._stream.thread_count = 1
        self._size = size
        self._cover = cover
        self._pixel_shape = float(self._stream.sample_aspect_ratio or 1)
        self._start_s = float((self._stream.start_time or 0) * (self._stream.time_base or 0))
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._shown: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = None
        self._past: deque[tuple[float, Planes]] | None = deque(maxlen=_REMEMBERED) if backwards else None

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        if self._past is not None:
            self._draw_past(target, self._past, self._start_s + at_s)
            return
        frame = self._frame(self._start_s + at_s)
        target.clear()
        if frame is not None:
            self._fit(frame, target)

    def _draw_past(self, target: Planes, past: deque[tuple[float, Planes]], at_s: float) -> None:
        """Paint a frame out of the latest ones before a moment that has been decoded already, or decode them."""
        if not past or at_s < past[0][0] or at_s > past[-1][0] + _SKIP_S:
            past.clear()
            self._seek(at_s)
            while self._next is not None and (self._next.time or 0) <= at_s + 1e-4:
                self._advance()
                if self._shown is not None:
                    drawn = past.popleft()[1] if len(past) == _REMEMBERED else Planes.black(*self._size)
                    drawn.clear()
                    self._fit(self._shown, drawn)
                    past.append((self._shown.time or 0.0, drawn))
            if not past and self._next is not None:
                drawn = Planes.black(*self._size)
                self._fit(self._next, drawn)
                past.append((min(at_s, self._next.time or 0.0), drawn))
        if not past:
            target.clear()
            return
        target.copy_from(next((drawn for time_s, drawn in reversed(past) if time_s <= at_s + 1e-4), past[0][1]))

    def _fit(self, frame: av.VideoFrame, target: Planes) -> None:
        turn = round(frame.rotation / 90) % 4
        wide, high = frame.width * self._pixel_shape, float(frame.height)
        if turn % 2:
            wide, high = high, wide
        size = _scaled(wide, high, self._size, max if self._cover else min)
        stored = (size[1], size[0]) if turn % 2 else size
        scaled = frame.reformat(*stored, "yuv420p", interpolation="BILINEAR", threads=1, **_BT709)
        _copy(scaled, target, turn)

    def _frame(self, at_s: float) -> av.VideoFrame | None:
        behind = self._shown is None or at_s < (self._shown.time or 0)
        if behind or (self._next is not None and at_s > (self._next.time or 0) + _SKIP_S):
            self._seek(at_s)
        while self._next is not None and (self._next.time or 0) <= at_s + 1e-4:
            self._advance()
        return self._shown or self._next

    def _advance(self) -> None:
        self._shown = self._next
        try:
            self._next = next(self._frames, None)
        except (av.FFmpegError, ValueError):
            self._next = None

    def _seek(self, at_s: float) -> None:
        try:
            self._container.seek(max(0, int(at_s * av.time_base)), backward=True)
            self._frames = self._container.decode(self._stream)
            self._next = next(self._frames, None)
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(f"{self._path.name} can't be decoded. Convert it to MP4 and upload it again.") from error
        self._shown = None


def _scaled(
    width: float, height: float, into: tuple[int, int], pick: Callable[[float, float], float]
) -> tuple[int, int]:
    """Return the size in which a picture fits into the canvas (`pick` is min) or covers it (max), both even."""
    scale = pick(into[0] / width, into[1] / height)
    wide, high = (max(2, round(length * scale / 2) * 2) for length in (width, height))
    return int(pick(wide, into[0])), int(pick(high, into[1]))


def _copy(frame: av.VideoFrame, target: Planes, quarter_turns: int = 0) -> None:
    """Lay a frame on the middle of `target`; what reaches over its border is cut off."""
    for index, plane in enumerate((target.y, target.u, target.v)):
        picture = np.rot90(pixels(frame.planes[index]), quarter_turns)
        rows, above = _middle(plane.shape[0], picture.shape[0], even=index == 0)
        columns, aside = _middle(plane.shape[1], picture.shape[1], even=index == 0)
        plane[rows, columns] = picture[above, aside]


def _middle(room: int, length: int, *, even: bool) -> tuple[slice, slice]:
    """Return which part of `room` is filled by which part of `length`, so that their middles meet."""
    shared = min(room, length)
    first, second = ((whole - shared) // 4 * 2 if even else (whole - shared) // 2 for whole in (room, length))
    return slice(first, first + shared), slice(second, second + shared)
