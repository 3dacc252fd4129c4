"""The desert: dunes with sharp crests and shadowed slip faces, wind that carries sand, a caravan, an oasis, mesas."""

from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.scenes.caravan import Caravan
from nemo_widgets.local.picture.scenes.drift import Plumes, Shimmer
from nemo_widgets.local.picture.scenes.dunes import Field, Sand, draw_dunes
from nemo_widgets.local.picture.scenes.growth import Growth
from nemo_widgets.local.picture.scenes.landform import Sun
from nemo_widgets.local.picture.scenes.mesas import draw_mesas
from nemo_widgets.local.picture.scenes.mist import Mist
from nemo_widgets.local.picture.scenes.moon import Moon
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.sky import SCALE, Sky, Weather
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.strip import Strip

_HEIGHT: dict[Light, float] = {"day": 0.50, "dusk": 0.34, "night": 0.42}
"""How high the sun or the moon stands, over how far aside it is."""
_STRONG = 1.25
_ROOM = {"ridge": 60, "hero": 120, "near": 330}
"""How far cacti stand above the crests."""
_BLOWN = {"far": (100, 140), "ridge": (210, 360), "hero": (330, 520)}
"""How far sand flies off the crests of a row, and how many grains of it are in the air."""


class Desert:
    """Gliding over dunes."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "desert")
        palette, unit = setting.palette, setting.unit
        tall = setting.height > setting.width
        share = float(random.uniform(0.38, 0.42)) if tall else float(random.uniform(0.42, 0.50))
        horizon = round(setting.height * share) // 2 * 2
        self._speed = 30 * unit * float(random.choice([-1, 1])) * float(random.uniform(0.85, 1.15))
        self._light = _Light(setting, horizon, random)
        self._layers: list[_Layer] = []
        made_of, wind = _sand(setting), self._light.wind
        fields = _fields(setting, horizon, random)
        rows = []
        for share, field, base in fields:
            if field.name == "horizon" and "rock" in palette.colors:
                high = float(random.uniform(150, 210)) * unit
                cover = float(random.uniform(0.16, 0.28))
                drawn = draw_mesas(
                    field.period, high, cover, palette["rock"], made_of, self._light.sun, 0.22, setting.seed
                )
                base = horizon + round(26 * unit)
            else:
                drawn = draw_dunes(field, made_of, self._light.sun, wind, setting.seed)
            rows.append((share, field, drawn, base - drawn.picture.height // 2))
        growth = Growth(setting, -wind)
        for index, (share, field, drawn, top) in enumerate(rows):
            growth.plant(field, drawn)
            line = top // 2 * 2 + drawn.top
            walkers = None
            if field.name == "ridge" and "rock" not in palette.colors:
                walkers = Caravan(setting, line, 46 * unit, float(np.sign(self._speed)), -wind)
            plume = None
            if field.name in _BLOWN:
                far, grains = _BLOWN[field.name]
                plume = Plumes(setting, field.name, line, wind, palette["blown"], far * unit, grains)
            self._layers.append(_Layer(share, Strip(drawn.picture, top), walkers, plume))
            if field.name == "ridge" and "bark" in palette.colors:
                after = rows[index + 1]
                self._layers.append(
                    _Layer(share, growth.pool(field, after[2].top + after[3], setting.width), None, None)
                )
        self._shimmer = Shimmer(setting, horizon, round(46 * unit)) if palette.light == "day" else None
        low = (setting.height - round(190 * unit), setting.height - round(20 * unit))
        self._veil = Mist(setting, "sand", low, palette["blown"], 0.20, -230 * wind)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._speed * at_s
        self._light.draw(target, at_s)
        for index, layer in enumerate(self._layers):
            offset = travel * layer.share
            if layer.walkers is not None:
                layer.walkers.draw(target, at_s, offset)
            layer.strip.draw(target, offset)
            if layer.plume is not None:
                layer.plume.draw(target, at_s, offset)
            if index == 1 and self._shimmer is not None:
                self._shimmer.draw(target, at_s)
        self._veil.draw(target, at_s)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A row of the land, its share of the glide, who walks on its crest, and the sand that blows off it."""

    share: float
    strip: Strip
    walkers: Caravan | None
    plume: Plumes | None


class _Light:
    """The sky, and where light and wind come from.

    Attributes
    ----------
    wind : float
        To the right (1) or to the left (-1): away from the light, so that slip faces lie in the shade.
    sun : Sun
        The light on the sand.
    """

    def __init__(self, setting: Setting, horizon: int, random: np.random.Generator) -> None:
        palette, unit = setting.palette, setting.unit
        night, dusk = palette.light == "night", palette.light == "dusk"
        moon = Moon(setting, horizon, SCALE) if night else None
        self.wind = float(random.choice([-1, 1]))
        if moon is not None:
            self.wind = 1.0 if moon.x < setting.width / 2 else -1.0
        way = -self.wind
        self.sun = Sun(way, _HEIGHT[palette.light], 0.22 if dusk else -0.12)
        cover = float(random.uniform(0.04, 0.26))
        weather = Weather(cover, 0.75, 6)
        if night:
            weather = Weather(cover * 0.5, 0.4, 6, stars=4.5, band=0.8)
        aside = float(random.uniform(0.12, 0.36)) if dusk else 0.56
        place = (setting.width * (0.5 + aside * way), horizon * 0.2)
        if moon is not None:
            place = (moon.x, moon.y)
        self._disc = None
        if dusk:
            place = (place[0], horizon * float(random.uniform(0.62, 0.84)))
            self._disc = place, Glow(88 * unit * float(random.uniform(0.85, 1.25)), 0.955), palette["sun"]
        self._sky = Sky(setting, horizon + 4, place, weather, 0.8, moon=moon)

    def draw(self, target: Planes, at_s: float) -> None:
        self._sky.draw(target, at_s)
        if self._disc is not None:
            (x, y), glow, shade = self._disc
            glow.stamp(target, np.array([x], np.float32), np.array([y], np.float32), np.ones(1, np.float32), shade)


def _sand(setting: Setting) -> Sand:
    palette = setting.palette
    red, green, blue = palette["sunlight"]
    return Sand(palette["sand"], (red * _STRONG, green * _STRONG, blue * _STRONG), palette["skylight"], palette["air"])


def _fields(setting: Setting, horizon: int, random: np.random.Generator) -> list[tuple[float, Field, int]]:
    """Return rows of dunes, the far ones first: their share of the glide, and the row of the frame at their foot."""
    unit = setting.unit
    below = setting.height - horizon
    period = max(64, round(setting.width * 1.15 + 120 * unit) // 4 * 4)
    slant = float(random.choice([-1, 1]))
    side = min(below, 700 * unit)
    rows = []
    before = 0.0
    for name, foot, high, breadth, mist, ripples, coarse in (
        ("horizon", 0.05, 0.09, 240, (0.86, 0.66), 0.0, 2),
        ("far", 0.17, 0.20, 440, (0.68, 0.44), 0.0, 1),
        ("ridge", 0.40, 0.28, 1100, (0.44, 0.22), 0.25, 1),
        ("hero", 0.74, 0.50, 1000, (0.22, 0.06), 0.6, 1),
        ("near", 1.00, 0.20, 1500, (0.06, 0.0), 1.0, 1),
    ):
        deep = max(24, round((160 + 420 * foot) * unit) // 2 * 2)
        reach = (foot - before) * below * 1.12 + 6 * unit
        before = foot
        tall = high * side * float(random.uniform(0.75, 1.35))
        wide = breadth * unit * float(random.uniform(0.7, 1.3))
        tilt = reach / deep
        above = tall * 1.04 + _ROOM.get(name, 0) * unit * ("rock" in setting.palette.colors)
        base = horizon + round(foot * below)
        lines = min(base, max(4, round(above + reach + 4))) // 2 * 2
        field = Field(
            name=name,
            period=period,
            rows=lines,
            tallest=tall,
            depth=deep,
            breadth=wide,
            tilt=tilt,
            slant=slant * float(random.uniform(0.35, 0.8)),
            mist=mist,
            ripples=ripples,
            coarse=coarse,
        )
        rows.append((0.06 + 0.94 * foot, field, base))
    return rows
