"""Cinematic: a wide frame between bars, teal shadows and warm lights, a gentle S, grain and soft corners."""

import numpy as np

from nemo_widgets.local.picture.lens.film import Film
from nemo_widgets.local.picture.lens.tone import (
    NEUTRAL,
    coarse_luma,
    look_up,
    luma_table,
    packed,
    s_curve,
    shares,
)
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes

_RATIO = 2.39
"""Width over height of the picture between the bars (SMPTE ST 195, as shown in cinemas since 1970)."""
_LEAST_BAR, _LARGEST_BAR = 0.075, 0.13
"""Of the height: a frame that is upright, square or already wide has bars too, and none that eat the picture up."""
_TEAL = (4.5, -6.5)
_ORANGE = (-9.0, 7.5)
"""What shadows and lights gain in U and V."""
_COLOUR = 0.86
_BIAS = 16
"""Is taken off chroma and added to the tint, so that both stay above 0."""


class Cinematic:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        middle = float(np.clip(np.median(shares()[sample.y]), 0.2, 0.5))
        at = shares()
        # Film's black is a little grey, and its white a little dull.
        self._luma = luma_table(0.018 + 0.95 * s_curve(at, 0.42, middle))
        lit = s_curve(at, 1.0, middle)
        self._tints = tuple(_tint(low + (high - low) * lit) for low, high in zip(_TEAL, _ORANGE, strict=True))
        chroma = (np.arange(256, dtype=np.float32) - NEUTRAL) * np.float32(_COLOUR) + NEUTRAL
        self._chroma = packed(chroma - _BIAS)
        self._film = Film(view, grain=2.6, vignette=0.34)
        self._bar = bar_height(view.width, view.height)

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        luma = coarse_luma(target)
        for plane, tint in zip((target.u, target.v), self._tints, strict=True):
            look_up(plane, self._chroma)
            plane += _looked_up(luma, tint)
        look_up(target.y, self._luma)
        self._film.apply(target, at_s)
        for bar in (target.band(0, self._bar), target.band(target.height - self._bar, target.height)):
            bar.clear()


def _tint(steps: Floats) -> bytes:
    return packed(steps + _BIAS)


def _looked_up(plane: Bytes, values: bytes) -> Bytes:
    return np.frombuffer(plane.tobytes().translate(values), np.uint8).reshape(plane.shape)


def bar_height(width: int, height: int) -> int:
    """Return how high each of the two black bars is, in pixels, even."""
    wanted = (height - width / _RATIO) / 2
    return round(min(max(wanted, height * _LEAST_BAR), height * _LARGEST_BAR) / 2) * 2
