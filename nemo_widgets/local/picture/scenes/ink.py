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
        even = Image.new("L", (mask.width + mask.width % 2, mask.height + mask.height % 2), 0)
        even.paste(mask, (0, 0))
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
