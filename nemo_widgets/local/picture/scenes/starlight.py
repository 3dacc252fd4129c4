"""The star of a planet: a dazzling point, a red giant, or the sun as it comes up; its rays and the lens's flare."""

from math import sin

import numpy as np

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.globe import Ball, Globe
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.plate import Plate, Still
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.worlds import fractal

_GHOSTS = ((0.55, 26, 0.10), (0.82, 12, 0.16), (1.28, 44, 0.07), (1.5, 18, 0.12))
"""Of the flare: how far along the line through the middle of the picture, radius, strength."""


class Star:
    """A star that stands still.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `star_glow`; with `sun` it is a giant of those colours. By night it is out of sight.
    place : tuple of float
        Where it is, in pixels.
    rising : bool
        Whether it comes up behind a limb: then its light is wide and low.
    """

    def __init__(self, setting: Setting, place: tuple[float, float], rising: bool) -> None:
        palette, unit = setting.palette, setting.unit
        self._setting, self._place = setting, place
        self._rising, self._hidden = rising, palette.light == "night"
        self._giant = _Giant(setting, place) if "sun" in palette.colors else None
        self._radius = self._giant.radius if self._giant is not None else 26 * unit
        self._dazzle = None if self._hidden or self._giant is not None else self._dazzling(rising)
        self._ghosts = [(share, Glow(max(1.5, reach * unit), 0.72), light) for share, reach, light in _GHOSTS]

    def _dazzling(self, rising: bool) -> Still:
        """Return its white core, and the rays that it throws in a lens."""
        setting = self._setting
        high, wide = setting.height, setting.width
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        right, down = (x - self._place[0]) / np.float32(setting.unit), (y - self._place[1]) / np.float32(setting.unit)
        away = np.hypot(right, down)
        light = np.exp(-((away / 21) ** 2)) * 1.3 + np.exp(-away / 30) * 0.75 + np.exp(-away / 95) * 0.20
        thin = 1.6 + 0.7 / setting.unit
        for turn, far, strong in (
            (0.0, 420 if rising else 190, 0.75),
            (0.5, 190, 0.75),
            (0.25, 80, 0.5),
            (0.75, 80, 0.5),
        ):
            along = np.abs(right * np.cos(turn * np.pi) + down * np.sin(turn * np.pi))
            aside = np.abs(down * np.cos(turn * np.pi) - right * np.sin(turn * np.pi))
            light += (
                strong * np.exp(-along / np.float32(far / 3)) * np.exp(-aside / np.float32(thin) - aside * along / 900)
            )
        light = np.clip(light * np.clip(2.6 - away / 330, 0, 1), 0, 1)
        warm = np.exp(-away / 70)[..., None]
        tint = np.array(setting.palette["star_glow"], np.float32)
        plate = Plate(wide, high)
        plate.over((tint + (1 - tint) * warm).astype(np.float32), light.astype(np.float32))
        return plate.seal()

    def shine(self, scale: int) -> Floats:
        """Return how far the sky nears the star's colour, at so many pixels a point."""
        setting = self._setting
        rows, columns = max(4, setting.height // scale), max(4, setting.width // scale)
        y, x = np.mgrid[:rows, :columns].astype(np.float32) * scale
        away = np.hypot(x - self._place[0], y - self._place[1]) / np.float32(setting.unit)
        if self._giant is not None:
            off = np.maximum(away - self._radius / setting.unit, 0)
            light = np.exp(-off / 34) * 0.66 + np.exp(-off / 200) * 0.34
        else:
            light = np.exp(-away / 62) * 0.9 + np.exp(-away / 330) * (0.20 if self._rising else 0.34)
        shine: Floats = np.clip(light * (0.22 if self._hidden else 1.0), 0, 1).astype(np.float32)
        return shine

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay its disc over `target`."""
        if self._giant is not None:
            self._giant.draw(target, at_s)

    def flare(self, target: Planes, at_s: float) -> None:
        """Lay over `target` what it does to the eye: rays, and ghosts between the glasses of a lens."""
        if self._dazzle is None:
            return
        self._dazzle.draw(target)
        x, y = self._place
        beat = 0.9 + 0.1 * sin(at_s * 2.1)
        middle_x, middle_y = target.width / 2, target.height / 2
        shades = (self._setting.palette["air"], self._setting.palette["star_glow"])
        for index, (share, ghost, light) in enumerate(self._ghosts):
            place = np.array([x + (middle_x - x) * 2 * share]), np.array([y + (middle_y - y) * 2 * share])
            ghost.stamp(
                target,
                place[0].astype(np.float32),
                place[1].astype(np.float32),
                np.array([light * beat], np.float32),
                shades[index % 2],
            )


class _Giant:
    """A red giant: its cells of hot gas turn slowly, its rim is darker."""

    def __init__(self, setting: Setting, place: tuple[float, float]) -> None:
        random = generator(setting.seed, "space", "giant")
        self.radius = max(4.0, 128 * setting.unit * float(random.uniform(0.9, 1.35)))
        ball = Ball(place[0], place[1] + 40 * setting.unit, self.radius, 0.3, 0.2)
        box = ball.box(setting.width, setting.height)
        _, _, near, off = ball.normals(box)
        disc = np.clip((1 - off) * np.float32(self.radius) + 0.5, 0, 1)
        plate = Plate(setting.width, setting.height)
        plate.over(setting.palette["shade"], disc, box[0], box[1])
        self._still: Still = plate.seal()
        rows = max(16, min(400, round(2 * self.radius)))
        boiling = fractal(random, rows, 9, 5, 0.7)
        hot = smoothstep(-2.6, 2.2, boiling / np.float32(boiling.std()))
        surface = ramp(setting.palette.gradient("sun"), hot)
        light = disc * (0.62 + 0.36 * near**0.5)
        self._globe = Globe(ball, surface.astype(np.float32), light.astype(np.float32), box)

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        self._still.draw(target)
        self._globe.draw(target, at_s / 90)
