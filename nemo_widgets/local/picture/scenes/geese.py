"""Geese that fly in a wedge across the sky."""

import numpy as np

from nemo_widgets.local.picture.scenes.ink import Ink
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.shore import wing_beats

_BEATS = 12
_MOST = 13


class Geese:
    """A wedge of them.

    Parameters
    ----------
    setting : Setting
        Size, seed and detail.
    level : float
        How high they fly, as a share of the frame from the top.
    rgb : Color
        Their colour.
    """

    def __init__(self, setting: Setting, level: float, rgb: Color) -> None:
        random = generator(setting.seed, "geese")
        unit = setting.unit
        size = float(random.uniform(9.0, 15.0))
        self._pictures = [Ink(mask, rgb) for mask in wing_beats(max(2.5, size * unit), _BEATS)]
        count = max(3, round(int(random.integers(7, _MOST + 1)) * (0.5 + 0.5 * setting.detail)))
        # One leads; the others follow behind and to both sides, one arm longer than the other.
        place = np.arange(count)
        arm = (place + 1) // 2 * np.where(place % 2, 1, -1)
        self._behind = (np.abs(arm) * 2.3 * size + random.uniform(-0.3, 0.3, count) * size) * unit
        self._aside = (arm * 0.95 * size + random.uniform(-0.2, 0.2, count) * size) * unit
        self._phase = random.uniform(0, _BEATS, count)
        self._way = float(random.choice([-1, 1]))
        self._start = float(random.uniform(0.25, 0.55)) * setting.width
        self._span = setting.width + 1100 * unit
        self._pace = 46 * unit
        self._unit = unit
        self._y = level * setting.height

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        lead = self._start + self._pace * at_s
        margin = 80 * self._unit
        for behind, aside, phase in zip(self._behind, self._aside, self._phase, strict=True):
            gone = (lead - behind + margin) % self._span - margin
            x = gone if self._way > 0 else target.width - gone
            y = self._y + aside + 4 * self._unit * np.sin(at_s * 1.1 + phase)
            beat = round(phase + at_s * 20) % _BEATS
            self._pictures[beat].lay(target, round(x), round(y), 0.85)
