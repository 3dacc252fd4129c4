"""The light of a kind of weather: darker or paler, with less colour, cooler."""

import numpy as np

from nemo_widgets.local.picture.lens.tone import NEUTRAL, look_up, luma_table, packed, shares
from nemo_widgets.local.picture.scenes.planes import Floats, Planes


class Grade:
    """Curves for luma and colour.

    Parameters
    ----------
    curve : NDArray[np.float32]
        256 shares of light, for the 256 of `shares`.
    colour : float
        What is left of the colours, 0 to 1; more makes them stronger.
    tint : tuple of float
        What is added to U and V, in steps of chroma.
    """

    def __init__(self, curve: Floats, colour: float, tint: tuple[float, float]) -> None:
        self._luma = luma_table(curve)
        steps = (np.arange(256, dtype=np.float32) - NEUTRAL) * np.float32(colour) + NEUTRAL
        self._chroma = [packed(np.clip(steps + shift, 16, 240)) for shift in tint]

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        look_up(target.y, self._luma)
        look_up(target.u, self._chroma[0])
        look_up(target.v, self._chroma[1])


def dimmed(power: float, gain: float, lift: float, limit: float = 1.0) -> Floats:
    """Return a curve for `Grade`: a power of the light, scaled, on a floor of haze, nearing a limit."""
    curve: Floats = lift + shares() ** np.float32(power) * np.float32(gain)
    # Below three quarters of the limit nothing changes: it is for the sun behind clouds.
    knee = np.float32(limit * 0.75)
    over = np.maximum(curve - knee, 0)
    room = np.float32(limit) - knee
    held: Floats = np.minimum(curve, knee) + room * over / (over + room)
    return held if limit < 1 else curve
