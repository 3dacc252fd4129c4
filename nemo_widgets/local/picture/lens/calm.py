"""Take texture out of a picture and leave its edges and thin things exactly where they are."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.scenes.planes import Bytes

_BAND = 64
"""Rows that are worked on at a time: few enough for what is in between to stay in the processor's cache."""


class Calm:
    """What differs little from its surroundings becomes like them; what differs much stays as it is.

    The surroundings are the plane made smaller and larger again. So a smooth edge stays smooth, and a line of one
    pixel stays a line: nothing is drawn more coarsely than it came.

    Parameters
    ----------
    reach : int
        How far the surroundings go, in pixels.
    least : int
        Difference, in steps of luma or chroma, up to which it is texture, at most 16; from twice as much on nothing is
        changed.
    levels : int
        How often the surroundings are calmed in turn, each time twice as far: broad texture goes too, and costs little.
    """

    def __init__(self, reach: int, least: int, levels: int = 0) -> None:
        self._reach = max(2, reach)
        self._least = least
        self._down, self._up = Scaler(Interpolation.AREA), Scaler()
        self._broader = Calm(2, least, levels - 1) if levels else None

    def of(self, plane: Bytes) -> Bytes:
        """Return a calm copy of `plane`."""
        height, width = plane.shape
        small = self._down.scale(plane, max(2, width // self._reach), max(2, height // self._reach))
        if self._broader is not None:
            small = self._broader.of(small)
        ground = self._up.scale(small, width, height)
        calm = np.empty_like(plane)
        # NumPy takes the higher of a value and a row ten times as fast as that of a value and a number.
        most: Bytes = np.full(width, 2 * self._least, np.uint8)
        for top in range(0, height, _BAND):
            some = slice(top, top + _BAND)
            seen, like = plane[some], ground[some]
            apart = np.maximum(seen, like)
            apart -= np.minimum(seen, like)
            # All of a small difference goes, the less of a larger one, nothing from twice the least on.
            gone = np.maximum(apart, most)
            gone -= apart
            np.minimum(gone, apart, out=gone)
            np.maximum(like, seen - gone, out=calm[some])
            gone += seen
            np.minimum(calm[some], gone, out=calm[some])
        return calm
