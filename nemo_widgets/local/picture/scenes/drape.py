"""Pictures that bend: rows that slide sideways (kelp, trees) or columns that slide up and down (wings, fins).

They are kept at half their size, and scaled up after they were bent: half a millisecond for 600 by 300 pixels.
"""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, Words, blend, pixels, yuv

_SCALE = 2
_PHASES = 4
"""Places between two pixels of the small picture that are kept ready: with them, it slides by half pixels."""


class Drape:
    """One picture that bends in one direction.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGBA, at the size at which it is seen.
    upright : bool
        Whether its columns slide up and down; otherwise its rows slide sideways.
    room : float
        The farthest slide, in pixels; farther ones end there.

    Attributes
    ----------
    along : NDArray[np.float32]
        The place of each slide in the picture, in pixels: rows from the top, or columns from the left.
    """

    def __init__(self, picture: Image.Image, upright: bool, room: float) -> None:
        self._upright = upright
        box = picture.getchannel("A").getbbox() or (0, 0, 4, 4)
        first_x, first_y = box[0] // 4 * 4, box[1] // 4 * 4
        cut = np.asarray(picture)[first_y : box[3], first_x : box[2]].astype(np.float32)
        high, wide = (-(-cut.shape[axis] // 4) * 4 for axis in (0, 1))
        padded = np.zeros((high, wide, 4), np.float32)
        padded[: cut.shape[0], : cut.shape[1]] = cut
        padded[..., :3] *= padded[..., 3:] / np.float32(255)
        small = padded.reshape(high // _SCALE, _SCALE, wide // _SCALE, _SCALE, 4).mean(axis=(1, 3))
        self._room = float(np.ceil(room / _SCALE / 2 + 2)) * 2
        free = int(self._room)
        small = np.pad(small, ((free, free) if upright else (0, 0), (0, 0) if upright else (free, free), (0, 0)))
        margin = free * _SCALE
        self._left, self._top = (first_x, first_y - margin) if upright else (first_x - margin, first_y)
        count, start = (small.shape[1], first_x) if upright else (small.shape[0], first_y)
        self.along: Floats = np.arange(count, dtype=np.float32) * _SCALE + np.float32(start)
        alpha = small[..., 3]
        share = alpha / np.float32(255)
        planes = [
            plane - np.float32(offset) * (1 - share)
            for plane, offset in zip(yuv(small[..., :3] / np.float32(255)), (16, 128, 128), strict=True)
        ]
        axis = 0 if upright else 1
        self._luma = _Bendable([alpha, planes[0]], axis)
        self._chroma = _Bendable([_half(alpha), _half(planes[1]), _half(planes[2])], axis)

    def lay(self, target: Planes, x: float, y: float, slide: Floats) -> None:
        """Blend it into `target`, its corner at (`x`, `y`).

        Parameters
        ----------
        target : Planes
            What is drawn on.
        x, y : float
            Of its upper left corner, unbent, in pixels.
        slide : NDArray[np.float32]
            How far each row slides to the right, or each column down, in pixels; at the places `along`.
        """
        # Across the slide it moves by whole pixels, along it by half ones.
        left, top = round(x), int(np.floor(y / 2)) * 2
        if not self._upright:
            left, top = int(np.floor(x / 2)) * 2, round(y)
        slides = (slide + np.float32(y - top if self._upright else x - left)) / np.float32(_SCALE)
        slides = np.clip(slides, 2 - self._room, self._room - 2)
        left, top = left + self._left, top + self._top
        free = int(self._room)
        self._luma.lay([target.y], left, top, slides, free)
        self._chroma.lay([target.u, target.v], left // 2, top // 2, slides[::2] / 2, free // 2)


def _half(plane: Floats) -> Floats:
    rows, columns = plane.shape
    smaller: Floats = plane.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    return smaller


class _Bendable:
    """An opacity and the planes that it belongs to, premultiplied, at half the size of the planes they are laid on."""

    def __init__(self, planes: list[Floats], axis: int) -> None:
        self._axis = axis
        self.rows, self.columns = planes[0].shape
        self._planes = [_phases(plane, axis).reshape(-1) for plane in planes]
        self._base = np.arange(self.rows * self.columns, dtype=np.intp).reshape(self.rows, self.columns)
        self._scaler = VideoReformatter()

    def lay(self, targets: list[Bytes], left: int, top: int, slides: Floats, free: int) -> None:
        height, width = targets[0].shape
        fine = np.rint(slides * _PHASES).astype(np.intp)
        whole, phase = fine // _PHASES, fine % _PHASES
        first, last = free + int(whole.min()) - 1, int(whole.max()) + 2 - free
        rows, columns = (0, self.rows), (0, self.columns)
        # Of the margin, only what the slides reach; of the rest, only what lies in the frame.
        if self._axis == 0:
            rows = (max(0, first), self.rows + min(0, last))
        else:
            columns = (max(0, first), self.columns + min(0, last))
        y0, y1 = _window(rows, self.rows, top, height)
        x0, x1 = _window(columns, self.columns, left, width)
        from_y, from_x = max(0, -top - y0 * _SCALE), max(0, -left - x0 * _SCALE)
        at_y, at_x = top + y0 * _SCALE + from_y, left + x0 * _SCALE + from_x
        high, wide = min((y1 - y0) * _SCALE - from_y, height - at_y), min((x1 - x0) * _SCALE - from_x, width - at_x)
        if high <= 0 or wide <= 0:
            return
        size = self.rows * self.columns
        # What is read beyond a border comes from the margin of a neighbour, which is empty.
        if self._axis == 0:
            index = self._base[y0:y1, x0:x1] + (phase * size - whole * self.columns)[None, x0:x1]
        else:
            index = self._base[y0:y1, x0:x1] + (phase * size - whole)[y0:y1, None]
        part = (slice(from_y, from_y + high), slice(from_x, from_x + wide))
        alpha, *values = (self._grown(plane.take(index, mode="wrap"))[part] for plane in self._planes)
        kept = np.subtract(255, alpha, dtype=np.uint8)
        for target, value in zip(targets, values, strict=True):
            added = np.left_shift(value, np.uint16(8), dtype=np.uint16)
            np.bitwise_or(added, 255, out=added)
            blend(target[at_y : at_y + high, at_x : at_x + wide], kept, added)

    def _grown(self, plane: Words) -> Bytes:
        frame = av.VideoFrame.from_numpy_buffer(plane, format="gray16le")
        wide, high = plane.shape[1] * _SCALE, plane.shape[0] * _SCALE
        scaled = self._scaler.reformat(frame, wide, high, "gray", interpolation=Interpolation.BILINEAR, threads=1)
        return pixels(scaled.planes[0])


def _window(span: tuple[int, int], whole: int, start: int, size: int) -> tuple[int, int]:
    """Return which part of a span of rows or columns, laid from `start` on, lies in a frame of that size.

    The ends lie on a grid of 16: a scaler is set up anew for every size.
    """
    first, last = span
    first = max(first, (-start) // _SCALE - 1) // 16 * 16
    last = -(-min(last, (size - start) // _SCALE + 2) // 16) * 16
    return max(0, first), min(whole, last)


def _phases(plane: Floats, axis: int) -> Words:
    """Return a plane, slid by no, one, two and three quarters of a pixel; what reaches beyond its border is lost."""
    before = np.roll(plane, 1, axis)
    shares = [np.float32(phase / _PHASES) for phase in range(_PHASES)]
    return np.stack([(np.clip(plane + (before - plane) * share, 0, 255) * 256).astype(np.uint16) for share in shares])
