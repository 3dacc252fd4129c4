"""Who crosses the sky of a planet: a rocket with its flame, a satellite or an astronaut."""

from math import atan2, cos, pi, sin

import numpy as np

from nemo_widgets.local.picture.scenes.globe import Vector
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.spacecraft import astronaut, burning, rocket, satellite, turned
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites

_LENGTH = 165
"""Of the rocket, in pixels where the shorter side has 1080."""
_FLAMES = 6
"""Pictures of its flame, shown in turn."""


class Rocket:
    """A rocket that flies past again and again.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `hull`, `trim`, `flame`.
    toward : tuple of float
        The direction of the light.
    way : float
        1 to fly to the right, -1 to the left.
    """

    def __init__(self, setting: Setting, toward: Vector, way: float) -> None:
        random = generator(setting.seed, "space", "rocket")
        palette, unit = setting.palette, setting.unit
        rise = float(random.uniform(0.16, 0.42))
        length = max(8, round(_LENGTH * unit * float(random.uniform(0.85, 1.15))))
        low = setting.height * float(random.uniform(0.70, 0.84))
        wide = setting.width + 4 * length
        self._start = (-2.0 * length if way > 0 else setting.width + 2.0 * length, low)
        self._step = (way * wide, -rise * min(wide, setting.height * 1.5))
        self.angle = atan2(-self._step[1], self._step[0])
        far = float(np.hypot(*self._step))
        self._flight_s = far / (128 * unit * float(random.uniform(0.9, 1.15)))
        self._pause_s = 3.0
        self._early_s = self._flight_s * float(random.uniform(0.18, 0.30))
        # Its own left is up when it flies to the right, down when it flies to the left.
        drawn = rocket(length, palette["hull"], palette["trim"], (toward[0] * way, toward[1] * way))
        flames = burning(drawn, palette["flame"], random, _FLAMES)
        self._sprites = Sprites([turned(flame, self.angle) for flame in flames])
        self._length, self._unit = length, unit
        self._glow = palette["flame"]
        self._halo = Glow(max(3.0, length * 0.36), 0.0)

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        share = ((at_s + self._early_s) % (self._flight_s + self._pause_s)) / self._flight_s
        if share > 1:
            return
        x, y = self._start[0] + self._step[0] * share, self._start[1] + self._step[1] * share
        y += sin(share * 5) * 10 * self._unit
        beat = 0.30 + 0.05 * sin(at_s * 31)
        tail = np.array([x - cos(self.angle) * 0.55 * self._length], np.float32)
        down = np.array([y + sin(self.angle) * 0.55 * self._length], np.float32)
        self._halo.stamp(target, tail, down, np.array([beat], np.float32), self._glow)
        flame = np.array([int(at_s * 15) % _FLAMES])
        self._sprites.stamp(target, np.array([x], np.float32), np.array([y], np.float32), flame)


class Drifter:
    """A satellite or an astronaut who floats by, slowly turning.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `hull`, `trim`.
    place : tuple of float
        About where, in pixels.
    """

    _TURNS = 40

    def __init__(self, setting: Setting, place: tuple[float, float]) -> None:
        random = generator(setting.seed, "space", "drifter")
        palette, unit = setting.palette, setting.unit
        self._unit, self._place = unit, place
        floats = random.random() < 0.5
        if floats:
            drawn = astronaut(max(8, round(138 * unit)), palette["hull"], palette["trim"])
            swing, lean = 0.5, float(random.uniform(-0.4, 0.4))
        else:
            drawn = satellite(max(10, round(210 * unit)), palette["hull"], (0.86, 0.62, 0.24))
            swing, lean = 0.3, float(random.uniform(0.2, 0.6)) * float(random.choice([-1, 1]))
        angles = lean + swing * np.sin(np.linspace(-pi / 2, pi / 2, self._TURNS))
        self._sprites = Sprites([turned(drawn, angle) for angle in angles.tolist()])
        self._phase = float(random.uniform(0, 6.28))
        self._blink = None if floats else Glow(9 * unit + 1.5, 0.1)

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        x = self._place[0] + 46 * self._unit * sin(at_s * 0.11 + self._phase)
        y = self._place[1] + 22 * self._unit * sin(at_s * 0.17 + self._phase * 2)
        turn = (sin(at_s * 0.13 + self._phase) + 1) / 2 * (self._TURNS - 1)
        at = np.array([x], np.float32), np.array([y], np.float32)
        self._sprites.stamp(target, *at, np.array([round(turn)]))
        if self._blink is not None:
            pulse = np.array([max(0.0, sin(at_s * 3.1)) ** 8], np.float32)
            self._blink.stamp(target, *at, pulse, (1.0, 0.25, 0.2))
