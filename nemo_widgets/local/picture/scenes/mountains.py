"""Mountains over a lake: ranges that fade into the air, snow, wooded shores, firs close by, mist on the water."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.bank import draw_bank
from nemo_widgets.local.picture.scenes.firs import fir
from nemo_widgets.local.picture.scenes.glints import Glints
from nemo_widgets.local.picture.scenes.landform import Sun
from nemo_widgets.local.picture.scenes.leaves import paste_round
from nemo_widgets.local.picture.scenes.massif import Materials, Range, Relief, draw_range
from nemo_widgets.local.picture.scenes.mist import Mist
from nemo_widgets.local.picture.scenes.moon import Glitter, Moon
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix, yuv_of
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.sky import SCALE, Sky, Weather
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING, Strip
from nemo_widgets.local.picture.scenes.water import Mirror
from nemo_widgets.local.picture.together import together

_SHORE = 0.66
"""Where the lake begins, as a share of the height."""
_SQUEEZE = (1.12, 2.1)
"""How many rows of the land one row of water shows, at the far shore and at the foot of the frame."""

_HEIGHT: dict[Light, float] = {"day": 0.62, "dusk": 0.26, "night": 0.5}
"""How high the sun or the moon stands, over how far aside it is."""
_STRONG = 1.4

_WOODS = 12
"""How many firs are drawn for the far shore; the others are like them."""


class Mountains:
    """Gliding along the near shore of a lake, mountains beyond it."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "mountains")
        palette, unit = setting.palette, setting.unit
        self._shore = shore = round(setting.height * _SHORE) // 2 * 2
        self._speed = 26 * unit * float(random.choice([-1, 1])) * float(random.uniform(0.85, 1.2))
        way = float(random.choice([-1, 1]))
        night = palette.light == "night"
        moon = Moon(setting, shore, SCALE) if night else None
        if moon is not None:
            way = -1.0 if moon.x < setting.width / 2 else 1.0
        sun = Sun(way, _HEIGHT[palette.light], float(random.uniform(-0.6, -0.2)))
        place = (setting.width * (0.5 + 0.62 * way), shore * 0.30) if moon is None else (moon.x, moon.y)
        weather = Weather(
            float(random.uniform(0.2, 0.5)), 0.8, 7, stars=2.2 if night else 0.0, band=0.9 if night else 0.0
        )
        self._sky = Sky(setting, shore, place, weather, moon=moon)
        made_of = _materials(setting)
        far, massif, hills = _ranges(setting, shore, random)

        def raised(land: Range) -> Strip:
            drawn = draw_range(land, made_of, sun, setting.seed)
            if land.name == "hills":
                _plant(drawn.picture, land, drawn, setting, way)
            return Strip(drawn.picture, shore - land.rows)

        def bank() -> Strip:
            return Strip(*draw_bank(setting, _lights(setting), way, _snow(setting)))

        # The one that takes longest comes first.
        makers: list[Callable[[], Strip]] = [partial(raised, land) for land in (hills, massif, far)]
        hill, massive, distant, self._front = together((setting, "ranges"), [*makers, bank])
        self._strips = list(zip((0.10, 0.22, 0.52), (distant, massive, hill), strict=True))
        air = palette["mist"]
        thick = float(random.uniform(0.45, 0.8))
        rise = round(130 * unit)
        self._valley = Mist(setting, "valley", (shore - rise - rise // 2, shore - rise // 4), air, thick, 9)
        self._lake = Mist(setting, "lake", (shore - round(46 * unit), shore + round(34 * unit)), air, thick * 0.9, 16)
        self._water = Mirror(setting.width, setting.height, shore, random, _SQUEEZE, yuv_of(palette["water"]))
        self._glitter: Glitter | Glints
        if moon is not None:
            at = shore + self._water.row_of(moon.y)
            self._glitter = Glitter(setting, moon.x, at, (setting.height - shore) * 0.4)
        else:
            self._glitter = Glints(
                setting, (shore, setting.height), setting.width * (0.5 + 0.28 * way), palette["glow"]
            )

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._speed * at_s
        self._sky.draw(target, at_s)
        for index, (share, strip) in enumerate(self._strips):
            strip.draw(target, travel * share)
            if index == 1:
                self._valley.draw(target, at_s)
        self._water.draw(target, at_s)
        self._glitter.draw(target, at_s)
        self._lake.draw(target, at_s)
        self._front.draw(target, travel)


def _materials(setting: Setting) -> Materials:
    palette = setting.palette
    names = ("rock", "snow", "wood", "meadow", "sunlight", "skylight", "air")
    made_of = Materials(*(palette[name] for name in names))
    red, green, blue = made_of.sunlight
    # Slopes seldom face the sun: only a light beyond white makes snow on them white.
    return replace(made_of, sunlight=(red * _STRONG, green * _STRONG, blue * _STRONG))


def _ranges(setting: Setting, shore: int, random: np.random.Generator) -> tuple[Range, Range, Range]:
    unit = setting.unit
    tall = min(shore * 0.66, 470 * unit + max(0, setting.height - setting.width) * 0.12)
    period = max(64, round(setting.width * 1.15 + 120 * unit) // 4 * 4)
    snow = float(random.uniform(0.34, 0.5))

    def land(
        name: str,
        height: float,
        deep: float,
        cell: float,
        tilt: float,
        lines: tuple[float, float],
        mist: tuple[float, float],
        sharp: float,
        steep: float,
        lead: float,
        coarse: int = 1,
    ) -> Range:
        depth = max(24, round(deep * unit) // 2 * 2)
        rows = min(shore, round(height * 1.04 + depth * tilt + 3)) // 2 * 2
        return Range(
            name=name,
            period=period,
            rows=max(4, rows),
            tallest=height,
            depth=depth,
            cell=cell * unit,
            tilt=tilt,
            snow_line=lines[0],
            tree_line=lines[1],
            mist=mist,
            sharp=sharp,
            steep=steep,
            lead=lead,
            coarse=coarse,
        )

    side = float(random.choice([0.34, 0.66]))
    lead = (side + float(random.uniform(-0.06, 0.06))) * setting.width / period
    aside = (1 - side + float(random.uniform(-0.1, 0.1))) * setting.width / period
    return (
        land("far", tall * 0.60, 300, 380, 0.2, (snow - 0.02, 0.12), (0.62, 0.84), 0.8, 1.3, aside, 2),
        land(
            "massif", tall * float(random.uniform(0.9, 1.0)), 720, 560, 0.12, (snow, 0.2), (0.17, 0.62), 1.0, 1.35, lead
        ),
        land("hills", tall * 0.22, 260, 420, 0.16, (9, 9), (0.16, 0.34), 0.0, 0.6, aside),
    )


def _plant(picture: Image.Image, land: Range, drawn: Relief, setting: Setting, way: float) -> None:
    """Cover hills with firs, the far ones first."""
    random = generator(setting.seed, "mountains", "woods")
    unit, scale = setting.unit, OVERSAMPLING
    palette = setting.palette
    depth, columns = drawn.heights.shape
    count = round(columns * 1.5)
    spots = np.stack([random.uniform(0, depth, count), random.uniform(0, columns, count)], axis=1)
    spots = spots[np.argsort(-spots[:, 0])]
    shades = _lights(setting)
    kinds: list[list[Image.Image]] = []
    for step in range(3):
        share = land.mist[0] + 0.24 - 0.12 * step
        dark, lit = (mix(shade, palette["air"], share) for shade in shades)
        tall = 26 * unit * scale * (1 - 0.16 * (2 - step))
        sizes = np.linspace(0.55, 1.15, _WOODS).tolist()
        kinds.append([fir(random, tall * size, dark, lit, way, _snow(setting)) for size in sizes])
    rows = picture.height
    for (z, x), variant in zip(spots.tolist(), random.integers(0, _WOODS, count).tolist(), strict=True):
        ground = float(drawn.heights[int(z), int(x)])
        foot = rows - (z * land.tilt + ground) * scale
        tree = kinds[2 - min(2, int(3 * z / depth))][variant]
        paste_round(picture, tree, x * scale - tree.width / 2, foot - tree.height * 0.96)


def _lights(setting: Setting) -> tuple[Color, Color]:
    """Return the colours of firs in the shade and in the light."""
    palette = setting.palette
    sky, sun = palette["skylight"], palette["sunlight"]
    needles = palette["needles"]
    dark = _times(mix(palette["near"], needles, 0.35), sky, 0.9)
    return dark, _times(needles, (sky[0] * 0.6 + sun[0], sky[1] * 0.6 + sun[1], sky[2] * 0.6 + sun[2]), 0.9)


def _times(rgb: Color, light: Color, share: float) -> Color:
    red, green, blue = (min(1.0, channel * lit * share) for channel, lit in zip(rgb, light, strict=True))
    return red, green, blue


def _snow(setting: Setting) -> float:
    return 0.75 if setting.palette.season == "winter" else 0.0
