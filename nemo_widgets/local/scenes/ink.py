"""One colour through a mask, drawn once and laid anywhere with any strength: text, birds, silhouettes."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nemo_widgets.local.scenes.planes import Bytes, Color, Planes, yuv_of


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
        self._luma = np.asarray(even).astype(np.int32)
        self._chroma = np.asarray(even.reduce(2)).astype(np.int32)
        self._goal = tuple(round(channel) for channel in yuv_of(rgb))
        self.width, self.height = even.size

    def lay(self, target: Planes, left: int, top: int, strength: float) -> None:
        """Blend it into `target` at (`left`, `top`); 1 is full strength."""
        weight = round(min(1.0, max(0.0, strength)) * 256)
        if weight == 0:
            return
        y, u, v = self._goal
        _mix(target.y, self._luma, left, top, weight, y)
        _mix(target.u, self._chroma, left // 2, top // 2, weight, u)
        _mix(target.v, self._chroma, left // 2, top // 2, weight, v)


def _mix(plane: Bytes, mask: NDArray[np.int32], left: int, top: int, weight: int, goal: int) -> None:
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(plane.shape[1], left + mask.shape[1]), min(plane.shape[0], top + mask.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    ground = plane[y0:y1, x0:x1]
    share = mask[y0 - top : y1 - top, x0 - left : x1 - left] * weight
    share *= goal - ground.astype(np.int32)
    share += 32768
    share >>= 16
    np.add(ground, share, out=ground, casting="unsafe")
