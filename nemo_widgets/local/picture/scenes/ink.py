"""One colour through a mask, drawn once and laid anywhere with any strength: text, birds, silhouettes."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Planes, Words, blend, premultiply, yuv_of


class Ink:
    """One mask in one colour.

    Parameters
    ----------
    mask : PIL.Image.Image
        Mode L: how much of the ink lies where.
    rgb : Color
        Its colour.
    """

    def __init__(self, mask: Image.Image, rgb: Color) -> None:
        even = _even(mask, (0, 0))
        y, u, v = (round(channel) for channel in yuv_of(rgb))
        luma, chroma = np.asarray(even), np.asarray(even.reduce(2))
        self._masks = ((luma, y), (chroma, u), (chroma, v))
        self._ready: tuple[int, list[tuple[Bytes, Words]]] = (-1, [])
        self.width, self.height = even.size

    def lay(self, target: Planes, left: int, top: int, strength: float) -> None:
        """Blend it into `target` at (`left`, `top`); 1 is full strength."""
        weight = round(min(1.0, max(0.0, strength)) * 256)
        if weight == 0:
            return
        if self._ready[0] != weight:
            self._ready = (weight, [_weigh(mask, weight, goal) for mask, goal in self._masks])
        steps = (1, 2, 2)
        for plane, (kept, added), step in zip((target.y, target.u, target.v), self._ready[1], steps, strict=True):
            _mix(plane, kept, added, left // step, top // step)


class Shaded:
    """An ink with its shadow under it, laid as one: that is half the work.

    Parameters
    ----------
    mask, shadow : PIL.Image.Image
        Mode L: how much lies where. The shadow is the larger of the two.
    rgb, shade : Color
        The colours of the ink and of its shadow.
    left, top : int
        Where in the shadow the mask begins, in pixels.
    """

    def __init__(self, mask: Image.Image, rgb: Color, shadow: Image.Image, shade: Color, left: int, top: int) -> None:
        ink, ground = (_even(picture, place) for picture, place in ((mask, (left % 2, top % 2)), (shadow, (0, 0))))
        self._left, self._top = left - left % 2, top - top % 2
        goals = zip(yuv_of(rgb), yuv_of(shade), strict=True)
        sizes = (
            (np.asarray(ink), np.asarray(ground)),
            *((np.asarray(ink.reduce(2)), np.asarray(ground.reduce(2))),) * 2,
        )
        self._masks = [(*masks, round(goal), round(dark)) for masks, (goal, dark) in zip(sizes, goals, strict=True)]
        self._ready: tuple[tuple[int, int], list[tuple[Bytes, Words]]] = ((-1, -1), [])

    def lay(self, target: Planes, left: int, top: int, strength: float, shade: float) -> None:
        """Blend it into `target`, its shadow's corner at (`left`, `top`); 1 is full strength of each of the two."""
        weights = round(min(1.0, max(0.0, strength)) * 256), round(min(1.0, max(0.0, shade)) * 256)
        if weights == (0, 0):
            return
        if self._ready[0] != weights:
            self._ready = (weights, self._weighed(*weights))
        for plane, (kept, added), step in zip((target.y, target.u, target.v), self._ready[1], (1, 2, 2), strict=True):
            _mix(plane, kept, added, left // step, top // step)

    def _weighed(self, strength: int, shade: int) -> list[tuple[Bytes, Words]]:
        ready = []
        for (ink, shadow, goal, dark), step in zip(self._masks, (1, 2, 2), strict=True):
            kept, added = _weigh(shadow, shade, dark)
            rows = slice(self._top // step, self._top // step + ink.shape[0])
            columns = slice(self._left // step, self._left // step + ink.shape[1])
            over_kept, over_added = _weigh(ink[: kept[rows].shape[0], : kept[0, columns].shape[0]], strength, goal)
            # Ink over shadow over ground: (ground * k1 + a1) * k2 + a2, in 1/256; 255 of 256 hides nothing.
            opaque = over_kept.astype(np.uint32) + (over_kept >> np.uint8(7))
            below, light = kept[rows, columns], added[rows, columns]
            both = (light - np.uint16(255)).astype(np.uint32) * opaque >> np.uint32(8)
            light[...] = (both + over_added).astype(np.uint16)
            below[...] = (below.astype(np.uint32) * opaque >> np.uint32(8)).astype(np.uint8)
            ready.append((kept, added))
        return ready


def _even(mask: Image.Image, place: tuple[int, int]) -> Image.Image:
    """Return a mask with even sides, moved by `place`: a plane of chroma begins at an even pixel."""
    wide, high = mask.width + place[0], mask.height + place[1]
    even = Image.new("L", (wide + wide % 2, high + high % 2), 0)
    even.paste(mask, place)
    return even


def _weigh(mask: Bytes, weight: int, goal: int) -> tuple[Bytes, Words]:
    """Prepare a mask at one strength for `blend`."""
    opacity = (mask.astype(np.uint32) * np.uint32(weight) >> np.uint32(8)).astype(np.uint8)
    return premultiply(np.full_like(mask, goal), opacity)


def _mix(plane: Bytes, kept: Bytes, added: Words, left: int, top: int) -> None:
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(plane.shape[1], left + kept.shape[1]), min(plane.shape[0], top + kept.shape[0])
    if x1 > x0 and y1 > y0:
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        blend(plane[y0:y1, x0:x1], kept[part], added[part])
