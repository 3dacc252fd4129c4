"""What a person asks of a shot's colours: warmer, lighter, harder, more colourful, or the opposite."""

from collections.abc import Mapping

import numpy as np

from nemo_widgets.local.picture.lens.tone import NEUTRAL, look_up, luma_table, packed, s_curve, shares
from nemo_widgets.local.picture.scenes.planes import Floats, Planes

_WARM = (-22.0, 17.0)
"""What U and V gain at full warmth, in steps of chroma: away from blue, towards red."""


class Grading:
    """Four corrections, each -1 to 1; 0 changes nothing."""

    def __init__(self, grade: Mapping[str, float]) -> None:
        bright, contrast = grade.get("brightness", 0.0), grade.get("contrast", 0.0)
        self._luma = luma_table(_curve(bright, contrast)) if bright or contrast else None
        warmth, saturation = grade.get("warmth", 0.0), grade.get("saturation", 0.0)
        gain = 1 + saturation * (1.0 if saturation < 0 else 1.2)
        steps = (np.arange(256, dtype=np.float32) - NEUTRAL) * np.float32(gain) + NEUTRAL
        self._chroma = [packed(np.clip(steps + warmth * most, 16, 240)) for most in _WARM]
        self._coloured = bool(warmth or saturation)

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        if self._luma is not None:
            look_up(target.y, self._luma)
        if self._coloured:
            look_up(target.u, self._chroma[0])
            look_up(target.v, self._chroma[1])


def _curve(bright: float, contrast: float) -> Floats:
    # A power keeps black and white where they are: nothing burns out.
    lit = shares() ** np.float32(2.0**-bright)
    if contrast >= 0:
        return s_curve(lit, contrast)
    curve: Floats = 0.45 + (lit - np.float32(0.45)) * np.float32(1 + 0.75 * contrast)
    return curve
