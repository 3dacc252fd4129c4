"""Pictures out of a clip: at exact moments, at keyframes, many in one."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from PIL import Image, ImageOps

from nemo_widgets.errors import MediaError
from nemo_widgets.media.decoding import decoded_video, shown_from
from nemo_widgets.media.description import Description
from nemo_widgets.media.feed import Feed
from nemo_widgets.media.probe import open_picture

TILES_PER_ROW = 10
_MAX_DECODED_PER_TILE = 4
_MAX_PIXELS_DECODED = 1_000_000_000  # 16 s of 1080p at 30 fps: a second or two of one core
_MAX_TILE_WIDTH_PX = 640
_JPEG_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Sprite:
    """Small pictures in one JPEG, left to right in rows of ten, and when each is shown."""

    jpeg: bytes
    count: int
    tile_width_px: int
    tile_height_px: int
    times_s: list[float]


def picture_at(path: Path, about: Description, time_s: float, check: Callable[[], None]) -> tuple[Image.Image, float]:
    """Return the picture that is shown at `time_s`, in full size and upright, and when it begins to be shown."""
    feed = Feed(path, "video", about.origin_s)
    try:
        feed.video.thread_type = "AUTO"
        found = next(shown_from(feed, about, max(0.0, time_s), check), None)
        if found is None:  # after the last picture
            found = _last(shown_from(feed, about, max(0.0, about.duration_s - 1), check))
        if found is None:
            raise MediaError(f"{path.name} has no picture at {time_s:.2f} s that can be decoded.")
        return upright(found[0], about, (about.width, about.height)), max(0.0, found[1])
    finally:
        feed.close()


def pictures_at(
    path: Path,
    about: Description,
    times_s: Sequence[float],
    check: Callable[[], None],
    *,
    size: tuple[int, int] | None = None,
) -> Iterator[Image.Image]:
    """Yield the pictures that are shown at `times_s`, which ascend, in full size by default; the file is read once."""
    feed = Feed(path, "video", about.origin_s)
    try:
        feed.video.thread_type = "AUTO"
        shown = shown_from(feed, about, max(0.0, times_s[0]), check) if times_s else iter(())
        frame = next(shown, None)
        following = next(shown, None)
        for time_s in times_s:
            while following is not None and following[1] <= time_s + 1e-6:
                frame, following = following, next(shown, None)
            if frame is None:
                raise MediaError(f"{path.name} has no picture at {time_s:.2f} s that can be decoded.")
            yield upright(frame[0], about, size or (about.width, about.height))
    finally:
        feed.close()


def filmstrip(path: Path, about: Description, count: int, height_px: int, check: Callable[[], None]) -> Sprite:
    """Return `count` pictures spread evenly.

    The keyframe before each moment is cheap to find. Where keyframes are rarer than that, as in most clips of a few
    seconds, a small clip is decoded as a whole.
    """
    width_px = min(_MAX_TILE_WIDTH_PX, max(2, round(height_px * about.width / max(1, about.height) / 2) * 2))
    size = (width_px, height_px)
    moments_s = [about.duration_s * (number + 0.5) / count for number in range(count)]
    tiles, times_s = _at_keyframes(path, about, moments_s, size, check)
    pixels = about.duration_s * about.fps * about.width * about.height
    if len(set(times_s)) < count and 0 < pixels <= _MAX_PIXELS_DECODED:
        with suppress(MediaError):  # what is damaged further on has its keyframes
            tiles, times_s = list(pictures_at(path, about, moments_s, check, size=size)), moments_s
    if not tiles:
        raise MediaError(f"{path.name} has no pictures that can be decoded.")
    rows = -(-len(tiles) // TILES_PER_ROW)
    sheet = Image.new("RGB", (width_px * min(len(tiles), TILES_PER_ROW), height_px * rows))
    for number, tile in enumerate(tiles):
        sheet.paste(tile, (number % TILES_PER_ROW * width_px, number // TILES_PER_ROW * height_px))
    data = io.BytesIO()
    sheet.save(data, "JPEG", quality=_JPEG_QUALITY)
    return Sprite(data.getvalue(), len(tiles), width_px, height_px, times_s)


def _at_keyframes(
    path: Path, about: Description, moments_s: Sequence[float], size: tuple[int, int], check: Callable[[], None]
) -> tuple[list[Image.Image], list[float]]:
    tiles: list[Image.Image] = []
    times_s: list[float] = []
    feed = Feed(path, "video", about.origin_s)
    try:
        for moment_s in moments_s:
            found = _near(feed, about, moment_s, check)
            if found is not None:
                tiles.append(upright(found[0], about, size))
                times_s.append(max(0.0, found[1]))
            elif tiles:
                tiles.append(tiles[-1])
                times_s.append(times_s[-1])
    finally:
        feed.close()
    return tiles, times_s


def png_of(picture: Image.Image) -> bytes:
    """Return a picture as PNG."""
    data = io.BytesIO()
    picture.save(data, "PNG", compress_level=3)
    return data.getvalue()


def upright(frame: VideoFrame, about: Description, size: tuple[int, int]) -> Image.Image:
    """Return a frame as an RGB picture of this size, turned as its file asks."""
    width, height = size if about.rotation % 180 == 0 else size[::-1]
    small = frame.reformat(width, height, "rgb24", dst_color_range=ColorRange.JPEG)
    pixels = np.rot90(small.to_ndarray(), about.rotation // 90)
    return Image.fromarray(np.ascontiguousarray(pixels))


def still(path: Path) -> Image.Image:
    """Return a picture file as an RGB picture, turned as it asks; of a moving one the first."""
    with open_picture(path) as picture:
        try:
            return ImageOps.exif_transpose(picture).convert("RGB")
        except (OSError, ValueError, SyntaxError) as error:
            raise MediaError(f"{path.name} is damaged: the picture breaks off. Get it again.") from error


def _near(feed: Feed, about: Description, time_s: float, check: Callable[[], None]) -> tuple[VideoFrame, float] | None:
    for number, (frame, at_s) in enumerate(decoded_video(feed, about.fps, time_s, check)):
        if number + 1 >= _MAX_DECODED_PER_TILE or at_s <= time_s:
            return frame, at_s
    return None


def _last(shown: Iterator[tuple[VideoFrame, float]]) -> tuple[VideoFrame, float] | None:
    found = None
    for frame in shown:
        found = frame
    return found
