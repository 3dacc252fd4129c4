"""Fog: what is far is gone, what is near is pale, and two banks drift past each other."""

from nemo_widgets.local.picture.lens.grade import Grade, dimmed
from nemo_widgets.local.picture.lens.mist import Mist
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Planes

_GOALS = {"day": 196, "dusk": 168, "night": 92}
"""Luma of the fog by the light that falls into it."""
_TINTS = {"day": (129, 127), "dusk": (126, 132), "night": (135, 125)}

_FAR, _NEAR = (0.30, 0.62, 0.88, 0.72, 0.40), (0.05, 0.25, 0.55, 0.7, 0.62)
"""How much each bank hides, from the top of the picture to its foot: what is far lies about the middle."""


class Fog:
    """See the module."""

    def __init__(self, view: View) -> None:
        goal = _GOALS[view.light]
        way = float(generator(view.seed, "fog").choice([-1.0, 1.0]))
        shade = goal / 255
        tint = _TINTS[view.light]
        self._haze = Grade(shade * 0.34 + dimmed(0.9, 0.60, 0.0), 0.5, (3, -2))
        self._banks = [
            Mist(view, "far", level=_FAR, goal=goal, drift=way * 24, thick=3.0, tint=tint),
            Mist(view, "near", level=_NEAR, goal=min(235, goal + 14), drift=way * 62, thick=1.7, tint=tint),
        ]

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        self._haze.apply(target, at_s)
        for bank in self._banks:
            bank.apply(target, at_s)
