"""What film does to a picture: grain that changes with every frame, and corners that fall dark."""

import numpy as np

from nemo_widgets.local.picture.lens.tone import BLACK
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, Words

_SLACK = 64
"""How much larger than the frame the grain is, in pixels: each frame shows another part of it."""
_FRAMES_S = 30
_BAND = 128
_LIMIT = 2.5
"""In standard deviations: no grain is darker or lighter, so that the sums below fit 16 bits."""


class Film:
    """Grain and vignette in one pass.

    Parameters
    ----------
    view : View
        The frame.
    grain : float
        Standard deviation of the grain, in steps of luma, 6 at most.
    vignette : float
        How much darker the corners are, 0 to 1.
    """

    def __init__(self, view: View, *, grain: float, vignette: float) -> None:
        self._kept = _corners(view, vignette)
        self._black = (255 - self._kept).astype(np.uint16) * np.uint16(BLACK)
        self._grain = _grain(view, grain)
        self._sum: Words = np.empty((_BAND, view.width), np.uint16)

    def apply(self, target: Planes, at_s: float) -> None:
        """Lay them over the luma of `target`, none of which is below 16 or above 235."""
        random = generator(round(at_s * _FRAMES_S) % 4096, "grain")
        top, left = random.integers(0, _SLACK, 2).tolist()
        grain = self._grain[top : top + target.height, left : left + target.width]
        for start in range(0, target.height, _BAND):
            some = slice(start, start + _BAND)
            row = target.y[some]
            total = self._sum[: len(row)]
            np.multiply(row, self._kept[some], dtype=np.uint16, out=total)
            np.add(total, self._black[some], out=total)
            # Dark grain is added as 2**16 less itself: the sum comes round to what it should be.
            np.add(total, grain[some], out=total)
            np.right_shift(total, 8, out=total)
            np.copyto(row, total, casting="unsafe")


def _corners(view: View, vignette: float) -> Bytes:
    x = np.linspace(-1, 1, view.width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, view.height, dtype=np.float32)[:, None]
    away = np.clip((x * x * np.float32(0.6) + y * y * np.float32(0.6) - np.float32(0.22)), 0, 1)
    return np.rint(255 - 255 * vignette * np.minimum(away, 1)).astype(np.uint8)


def _grain(view: View, deviation: float) -> Words:
    random = generator(view.seed, "film")
    rows, columns = view.height + _SLACK, view.width + _SLACK
    # A grain is about two pixels of 1080p wide: finer ones would not survive the encoder, nor be seen.
    fine: Floats = random.standard_normal((rows, columns), dtype=np.float32)
    if view.unit > 0.6:
        fine = (fine + np.roll(fine, 1, axis=0) + np.roll(fine, 1, axis=1) + np.roll(fine, (1, 1), (0, 1))) / 2
    limited = np.clip(fine, -_LIMIT, _LIMIT) * np.float32(deviation * 256)
    # Half a step up, so that cutting off the fraction rounds.
    return (limited + 128).astype(np.int16).view(np.uint16)
