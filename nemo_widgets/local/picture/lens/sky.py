"""Where the open sky is: told from the picture itself, column by column from the top."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import grown, shrunk
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.planes import Floats, Planes

_SHRINK = 8
_EDGE = (9.0, 26.0)
"""Steps of luma between neighbours, of an eighth of the size, where the sky may end and where it surely does."""

_OPEN = 0.3
"""Share of the upper half that is open in a picture with a sky."""

_DISC = 0.08
"""Radius of the largest thing that shines in the sky, as a share of the picture's shorter side."""


class SkyFinder:
    """Finds it at an eighth of the size: clouds and stars are too soft or too small there to end it."""

    def __init__(self, view: View) -> None:
        self._size = (max(2, view.width // _SHRINK), max(2, view.height // _SHRINK))
        self._disc = max(1, round(min(self._size) * _DISC))
        self._down = Scaler(Interpolation.AREA)

    def find(self, target: Planes) -> Floats:
        """Return 1 where the sky is open and 0 behind the first edge under it, ``(height / 8, width / 8)``."""
        shrunken = self._down.scale(target.y, *self._size)
        # Without what shines in the sky, or sun, moon and fireworks would end it.
        small = grown(shrunk(shrunken, self._disc), self._disc).astype(np.float32)
        steep = np.zeros_like(small)
        steep[1:] = np.abs(np.diff(small, axis=0))
        steep[:, 1:] = np.maximum(steep[:, 1:], np.abs(np.diff(small, axis=1)))
        ended = np.clip((steep - _EDGE[0]) / (_EDGE[1] - _EDGE[0]), 0, 1)
        hidden = np.maximum.accumulate(ended, axis=0)
        # A lamp or a spark on one column alone hides nothing: the sky goes on to the left and right of it.
        beside = np.sort(np.stack(_moved(hidden, 2)), axis=0)[2]
        left, middle, right = _moved(beside, 1)
        soft = (left + middle * 2 + right) / 4
        open_sky: Floats = 1 - soft
        return _with_gaps(open_sky, small)


def _with_gaps(sky: Floats, luma: Floats) -> Floats:
    """Where hardly any sky is open, as under trees, let it be what is lightest in the upper half."""
    upper = slice(0, max(1, len(sky) // 2))
    closed = min(1.0, max(0.0, (_OPEN - float(sky[upper].mean())) / (_OPEN / 2)))
    if closed == 0:
        return sky
    low, high = (float(step) for step in np.percentile(luma[upper], (45, 85)))
    gaps = np.clip((luma - low) / max(high - low, 8), 0, 1) * closed
    filled: Floats = np.maximum(sky, gaps)
    return filled


def _moved(field: Floats, reach: int) -> list[Floats]:
    """Return `field` moved aside by each distance up to `reach`; at the border its last column goes on."""
    wide = np.pad(field, ((0, 0), (reach, reach)), mode="edge")
    return [wide[:, start : start + field.shape[1]] for start in range(2 * reach + 1)]
