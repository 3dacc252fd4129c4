"""Pictures that come nearer and go away: scaled for each frame, or seen from the side as on a wall."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, blend, yuv

_LEVELS = 4
"""How often a picture is kept, each time at half the size."""
_MARGIN = 16
"""Empty pixels around a picture, so that its edges are soft."""

_LARGE = 9000
"""Pixels from which on a picture on a wall is drawn coarsely."""

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Upper left, upper right, lower right, lower left, in pixels."""


class Billboard:
    """One picture.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGBA, as large as it is ever seen, or a little smaller.
    """

    def __init__(self, picture: Image.Image) -> None:
        self.width, self.height = picture.size
        # Only what holds something is kept.
        first_x, first_y, last_x, last_y = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
        self._corner, self._size = (first_x, first_y), (last_x - first_x, last_y - first_y)
        wide, high = (-(-side // _MARGIN) * _MARGIN + 2 * _MARGIN for side in self._size)
        grown = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
        grown.paste(picture.crop((first_x, first_y, last_x, last_y)), (_MARGIN, _MARGIN))
        alpha = grown.getchannel("A")
        # Premultiplied: what is transparent is black and adds nothing.
        shown = Image.new("RGB", grown.size)
        shown.paste(grown, mask=alpha)
        luma = _bytes(yuv(_floats(shown))[0] - 16 * (1 - _floats(alpha)))
        small, thin = shown.reduce(2), alpha.reduce(2)
        _, u, v = yuv(_floats(small))
        clear = 128 * (1 - _floats(thin))
        chroma = Image.merge("RGB", (_bytes(u - clear), _bytes(v - clear), thin))
        steps = [2**level for level in range(_LEVELS)]
        self._levels = [
            (alpha.reduce(step), luma.reduce(step), chroma.reduce(step)) if step > 1 else (alpha, luma, chroma)
            for step in steps
        ]

    def lay(self, target: Planes, x: float, foot: float, scale: float) -> None:
        """Blend it into `target`, the middle of its lower edge at (`x`, `foot`), in pixels.

        Parameters
        ----------
        target : Planes
            What is drawn on.
        x, foot : float
            Where it stands.
        scale : float
            Of the picture; 1 is as large as it was given.
        """
        level = _level(scale)
        alpha, luma, chroma = self._levels[level]
        step = 2**level
        left = x + (self._corner[0] - self.width / 2) * scale
        top = foot + (self._corner[1] - self.height) * scale
        size = self._size[0] / step, self._size[1] / step
        place = _place(target.y, left, top, scale * step, _MARGIN / step, size, alpha)
        if place is not None:
            _blend([target.y[place[0]]], *(_part(picture, place) for picture in (alpha, luma)))
        half = size[0] / 2, size[1] / 2
        place = _place(target.u, left / 2, top / 2, scale * step, _MARGIN / step / 2, half, chroma)
        if place is not None:
            seen = _part(chroma, place)
            _blend([target.u[place[0]], target.v[place[0]]], seen[..., 2], seen[..., 0], seen[..., 1])

    def hang(self, target: Planes, corners: Corners) -> None:
        """Blend it into `target` with its corners at those places, as on a wall that is seen from the side."""
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        level = _level(max(wide / self.width, high / self.height))
        alpha, luma, chroma = self._levels[level]
        step = 2**level
        for pictures, planes, share in (((alpha, luma), (target.y,), 1), ((chroma,), (target.u, target.v), 2)):
            rows, columns = planes[0].shape
            x0, y0 = max(0, int(min(xs) / share)), max(0, int(min(ys) / share))
            x1, y1 = min(columns, int(max(xs) / share) + 2), min(rows, int(max(ys) / share) + 2)
            if x1 <= x0 or y1 <= y0:
                continue
            fine = step * share
            source = [
                (
                    (_MARGIN + right * self.width - self._corner[0]) / fine,
                    (_MARGIN + down * self.height - self._corner[1]) / fine,
                )
                for right, down in _UNIT
            ]
            size = (x1 - x0, y1 - y0)
            # What is large passes quickly: it is looked up for every other pixel, and grown.
            sparse = 2 if size[0] * size[1] > _LARGE else 1
            way = _homography([((x / share - x0) / sparse, (y / share - y0) / sparse) for x, y in corners], source)
            seen = [_slanted(picture, size, sparse, way) for picture in pictures]
            parts = [plane[y0:y1, x0:x1] for plane in planes]
            if share == 1:
                _blend(parts, *seen)
            else:
                _blend(parts, seen[0][..., 2], seen[0][..., 0], seen[0][..., 1])


_UNIT = ((0, 0), (1, 0), (1, 1), (0, 1))
_Place = tuple[tuple[slice, slice], tuple[float, float, float, float]]


def _floats(picture: Image.Image) -> Floats:
    return np.asarray(picture, np.float32) / np.float32(255)


def _bytes(values: Floats) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _level(scale: float) -> int:
    level = 0
    while level < _LEVELS - 1 and scale * 2 ** (level + 1) <= 1.25:
        level += 1
    return level


def _place(
    plane: Bytes,
    left: float,
    top: float,
    scale: float,
    margin: float,
    size: tuple[float, float],
    picture: Image.Image,
) -> _Place | None:
    """Return which part of a plane a picture covers, and which part of the picture that is."""
    height, width = plane.shape
    x0, y0 = max(0, int(np.floor(left))), max(0, int(np.floor(top)))
    x1 = min(width, int(np.ceil(left + size[0] * scale)))
    y1 = min(height, int(np.ceil(top + size[1] * scale)))
    if x1 <= x0 or y1 <= y0 or scale < 1e-3:
        return None
    box = (
        max(0.0, margin + (x0 - left) / scale),
        max(0.0, margin + (y0 - top) / scale),
        min(float(picture.width), margin + (x1 - left) / scale),
        min(float(picture.height), margin + (y1 - top) / scale),
    )
    return (slice(y0, y1), slice(x0, x1)), box


def _part(picture: Image.Image, place: _Place) -> Bytes:
    (rows, columns), box = place
    size = (columns.stop - columns.start, rows.stop - rows.start)
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box))


def _slanted(picture: Image.Image, size: tuple[int, int], sparse: int, way: list[float]) -> Bytes:
    small = (-(-size[0] // sparse), -(-size[1] // sparse))
    seen = picture.transform(small, Image.Transform.PERSPECTIVE, way, resample=Image.Resampling.BILINEAR)
    if sparse > 1:
        box = (0, 0, size[0] / sparse, size[1] / sparse)
        seen = seen.resize(size, Image.Resampling.BILINEAR, box=box)
    return np.asarray(seen)


def _blend(targets: list[Bytes], opacity: Bytes, *values: Bytes) -> None:
    kept = np.subtract(255, opacity, dtype=np.uint8)
    for target, value in zip(targets, values, strict=True):
        added = np.left_shift(value, np.uint16(8), dtype=np.uint16)
        np.bitwise_or(added, 255, out=added)
        blend(target, kept, added)


def _homography(shown: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    """Return the eight numbers that take places in the frame to places in a picture, as Pillow wants them."""
    rows: list[list[float]] = []
    for (x, y), (right, down) in zip(shown, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -right * x, -right * y])
        rows.append([0, 0, 0, x, y, 1, -down * x, -down * y])
    goal = [value for pair in source for value in pair]
    solved: list[float] = np.linalg.solve(np.array(rows, np.float64), np.array(goal, np.float64)).tolist()
    return solved
