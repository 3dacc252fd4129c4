"""Open sky: a gradient, the glow of the sun, clouds that drift with light on one side, stars and a band of them."""

from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.moon import Moon
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, yuv
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Fixed, Glow
from nemo_widgets.local.picture.scenes.terrain import rolling
from nemo_widgets.local.picture.together import together

SCALE = 4
"""How many pixels of the frame one point of the sky covers, in both directions."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What is in the sky.

    Attributes
    ----------
    cover : float
        Share of the sky that clouds take, 0 to 1.
    dense : float
        How much clouds hide, 0 to 1.
    pace : float
        How fast they drift to the left, in pixels a second where the shorter side has 1080.
    stars : float
        How many stars there are, 1 is a clear night.
    band : float
        How bright the Milky Way is, 0 to 1.
    """

    cover: float
    dense: float
    pace: float
    stars: float = 0.0
    band: float = 0.0


_Fields = tuple[tuple[Floats, ...], tuple[Floats, ...], tuple[Floats, ...], np.random.Generator]


class Sky:
    """The sky above a landscape.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `sky`, `glow`, `cloud_lit`, `cloud_dark`.
    rows : int
        How many rows of the frame it fills, even.
    sun : tuple of float
        Where light comes from, in pixels of the frame; it may lie outside.
    weather : Weather
        What is in it.
    spread : float
        How far the glow of the sun reaches, as a share of the shorter side.
    moon : Moon or None
        A moon, made for clouds at a scale of 4.
    """

    def __init__(
        self,
        setting: Setting,
        rows: int,
        sun: tuple[float, float],
        weather: Weather,
        spread: float = 0.6,
        moon: Moon | None = None,
    ) -> None:
        self._moon = moon
        self._rows = rows
        self._upscaler = Upscaler()
        self._wide, self._columns = max(4, setting.width // SCALE), setting.width

        def fields() -> _Fields:
            return self._fields(setting, sun, weather, spread)

        # What the light of a moon falls on is drawn with the moon, which is not told from another by a name.
        key = ("open sky", setting, rows, sun, weather, spread)
        (made,) = together(key, [fields]) if moon is None else (fields(),)
        self._ground, self._cover, self._clouds, random = made
        self._pace = weather.pace * setting.unit / SCALE
        self._painted: tuple[int, Planes, Floats] | None = None
        self._stars = _Stars(setting, rows, weather.stars, random) if weather.stars else None

    def _fields(self, setting: Setting, sun: tuple[float, float], weather: Weather, spread: float) -> "_Fields":
        """Return the sky without clouds, what clouds hide, their colours, and whence further random numbers come."""
        moon = self._moon
        random = generator(setting.seed, "open sky")
        high, wide = max(4, self._rows // SCALE), self._wide
        side = min(setting.width, setting.height) / SCALE
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        rgb = ramp(setting.palette.gradient("sky"), (y / high) ** np.float32(0.92))
        if weather.band:
            rgb += _milky_way(random, x, y, side)[..., None] * np.array((0.62, 0.66, 0.86), np.float32) * weather.band
        off = np.hypot(x - sun[0] / SCALE, y - sun[1] / SCALE) / np.float32(side * spread)
        shine = np.exp(-off * np.float32(1.9)) * np.float32(0.95)
        low = np.exp((y - high) / np.float32(0.16 * side)) * np.exp(-(((x - sun[0] / SCALE) / (1.1 * side)) ** 2))
        glow = np.array(setting.palette["glow"], np.float32)
        if moon is None:
            rgb += (glow - rgb) * np.maximum(shine, low * np.float32(0.5))[..., None]
        else:
            rgb += (np.array(setting.palette["moon"], np.float32) - rgb) * moon.halo(high, wide)[..., None]
            rgb += (glow - rgb) * (shine * np.float32(0.25) + low * np.float32(0.3))[..., None]
        ground = _halved(yuv(np.clip(rgb, 0, 1)))
        return ground, *self._drifting(setting, random, weather, sun[0], (high, wide)), random

    def _drifting(
        self,
        setting: Setting,
        random: np.random.Generator,
        weather: Weather,
        sun_x: float,
        size: tuple[int, int],
    ) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
        """Return how much clouds hide, and their colour times that, by plane; once more to the right of the tile."""
        high, wide = size
        period = wide * 2
        side = min(setting.width, setting.height) / SCALE
        # Clouds lie on a ceiling: towards the horizon they are lower, flatter and closer together.
        y = (np.arange(high, dtype=np.float32) / high)[:, None]
        away = 1 / (1.45 - y)
        puffs = np.zeros((high, period), np.float32)
        tile = 512
        for octave in range(6):
            cells = 2.0**octave
            noise = rolling(random, tile, period, 5.5 * high / side * cells, period / side * 1.5 * cells)
            line = np.clip((away - away.min()) / (away.max() - away.min()), 0, 1)[:, 0] * (tile - 2)
            low = line.astype(np.intp)
            part = (line - low)[:, None]
            puffs += (noise[low] * (1 - part) + noise[low + 1] * part) * np.float32(0.56**octave)
        level = np.quantile(puffs, 1 - weather.cover)
        depth = (puffs - level) / np.float32(puffs.std())
        cover = smoothstep(-0.05, 0.75, depth) * np.float32(weather.dense) * (0.5 + 0.5 * smoothstep(0, 0.4, y))
        toward = 1 if sun_x > setting.width / 2 else -1
        reach = max(1, round(side * 0.012))
        lower = np.concatenate([depth[:1].repeat(reach, axis=0), depth[:-reach]])
        slope = depth - np.roll(lower, toward * -reach * 2, axis=1)
        bright = np.clip(0.52 + slope * np.float32(0.55) - depth * np.float32(0.16), 0, 1)
        lit, dark = (np.array(setting.palette[name], np.float32) for name in ("cloud_lit", "cloud_dark"))
        tinted = yuv(dark + (lit - dark) * bright[..., None])
        covers = _halved((cover, cover, cover))
        colours = _halved(tuple(plane * cover for plane in tinted))
        wider = tuple(np.concatenate([field, field], axis=1).astype(np.float32) for field in (*covers, *colours))
        return wider[:3], wider[3:]

    def draw(self, target: Planes, at_s: float) -> None:
        """Fill the rows of the sky of `target`."""
        sky = target.band(0, self._rows)
        # Clouds move by half pixels, as strips do, and so slowly that most of them serve for several frames.
        steps = round(self._pace * at_s * SCALE * 2)
        if self._painted is None or self._painted[0] != steps:
            self._painted = (steps, *self._paint(steps / (SCALE * 2) % (self._wide * 2)))
        sky.copy_from(self._painted[1])
        if self._stars is not None:
            self._stars.draw(sky, at_s)
        if self._moon is not None:
            self._moon.draw(sky, self._painted[2])

    def _paint(self, offset: float) -> tuple[Planes, Floats]:
        """Return the sky without stars and moon, its clouds moved by `offset` points, and how much they hide."""
        planes, covers = [], []
        for ground, cover, cloud, step in zip(self._ground, self._cover, self._clouds, (1, 2, 2), strict=True):
            hidden = _slide(cover, offset / step, ground.shape[1])
            covers.append(hidden.copy() if step == 1 else hidden)
            np.subtract(1, hidden, out=hidden)
            hidden *= ground
            hidden += _slide(cloud, offset / step, ground.shape[1])
            planes.append(hidden)
        return self._upscaler.planes(self._columns, self._rows, planes[0], planes[1], planes[2]), covers[0]


def _halved(planes: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Take every other point of the fields of colour, which is coarser than light."""
    return tuple(np.ascontiguousarray(plane if index == 0 else plane[::2, ::2]) for index, plane in enumerate(planes))


def _slide(field: Floats, offset: float, columns: int) -> Floats:
    """Cut a window out of a field, between two columns if need be."""
    whole = int(offset)
    left, right = field[:, whole : whole + columns], field[:, whole + 1 : whole + 1 + columns]
    window: Floats = right - left
    window *= np.float32(offset - whole)
    window += left
    return window


def _milky_way(random: np.random.Generator, x: Floats, y: Floats, side: float) -> Floats:
    """Return a ragged band of light across the sky."""
    rows, columns = x.shape
    slant = float(random.uniform(0.5, 1.1)) * float(random.choice([-1, 1]))
    middle = float(random.uniform(0.3, 0.7)) * columns
    off = ((x - middle) - (y - rows / 2) * np.float32(slant)) / np.float32(side * 0.2 * (1 + slant * slant) ** 0.5)
    dust = sum(
        rolling(random, rows, columns, rows / side * 5 * 2.0**octave, columns / side * 5 * 2.0**octave)
        * np.float32(0.6**octave)
        for octave in range(4)
    )
    off = off + np.asarray(dust, np.float32) * np.float32(0.35)
    band = np.exp(-off * off) * (0.62 + 0.30 * np.asarray(dust, np.float32))
    lane = np.exp(-(((off - 0.12) / 0.22) ** 2)) * np.float32(0.30)
    light: Floats = np.clip(band - lane, 0, 1) * np.float32(0.34)
    return light


class _Stars:
    """Stars of many brightnesses and a few colours, that twinkle."""

    _SHADES: tuple[Color, ...] = ((0.96, 0.97, 1.0), (0.78, 0.86, 1.0), (1.0, 0.90, 0.76))

    def __init__(self, setting: Setting, rows: int, many: float, random: np.random.Generator) -> None:
        unit = setting.unit
        count = round(430 * many * setting.width * rows / (1920 * 700 * unit * unit) * (0.5 + 0.5 * setting.detail))
        x = (random.random(count) * setting.width).astype(np.float32)
        y = (random.random(count) * rows).astype(np.float32)
        fade = np.clip(1.15 - y / rows, 0.1, 1)
        self._bright = ((random.random(count) ** 4 * 0.9 + 0.16) * fade).astype(np.float32)
        self._pace = random.uniform(1.2, 4.0, count).astype(np.float32)
        self._phase = random.uniform(0, 7, count).astype(np.float32)
        shades = [self._SHADES[shade] for shade in random.integers(0, len(self._SHADES), count).tolist()]
        self._small = Fixed(Glow(1.2 * unit + 0.9, 0.1), x, y, shades)
        self._bold = self._bright > 0.62
        large = x[self._bold], y[self._bold]
        self._large = Fixed(Glow(3.4 * unit + 1.1, 0.05), *large, [self._SHADES[1]] * len(large[0]))

    def draw(self, sky: Planes, at_s: float) -> None:
        twinkle = 0.78 + 0.22 * np.sin(self._phase + self._pace * np.float32(at_s))
        light = (self._bright * twinkle).astype(np.float32)
        self._small.light(sky, light)
        self._large.light(sky, light[self._bold] * np.float32(0.55))
