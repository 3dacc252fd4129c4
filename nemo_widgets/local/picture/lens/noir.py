"""Noir: black and white, hard contrast around whatever brightness the scene has, grain and dark corners."""

import numpy as np

from nemo_widgets.local.picture.lens.film import Film
from nemo_widgets.local.picture.lens.tone import NEUTRAL, look_up, luma_table, s_curve, shares
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.planes import Planes

_DARKEST, _LIGHTEST = 8, 98
"""Percentiles of the picture that become black and white."""


class Noir:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        seen = shares()[sample.y[view.height // 8 : view.height * 7 // 8]]
        low, middle, high = (float(share) for share in np.percentile(seen, (_DARKEST, 50, _LIGHTEST)))
        high = max(high, low + 0.25)
        at = np.clip((shares() - low) / (high - low), 0, 1).astype(np.float32)
        middle = min(0.55, max(0.3, (middle - low) / (high - low)))
        self._luma = luma_table(0.97 * s_curve(at, 1.0, middle))
        self._film = Film(view, grain=4.6, vignette=0.55)

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        target.u[:] = NEUTRAL
        target.v[:] = NEUTRAL
        look_up(target.y, self._luma)
        self._film.apply(target, at_s)
