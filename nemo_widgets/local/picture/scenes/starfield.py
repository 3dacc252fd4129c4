"""The depths of space: clouds of gas that glow, dark dust before them, and stars that slide at several depths."""

import numpy as np

from nemo_widgets.local.picture.scenes.field import Upscaler
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, mix, yuv
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.terrain import rolling, warped

SCALE = 4
"""How many pixels of the frame one point of the gas covers, in both directions."""

_DEPTHS = ((0.35, 620, 1.15, 0.5), (0.7, 190, 1.5, 0.75), (1.0, 46, 2.1, 1.0))
"""Of stars: how fast they slide, how many there are at 1080p, their radius, their light."""


class Gas:
    """Glowing gas, and the light of a star before it that stands still.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `deep`, `gas`, `star_glow`.
    shine : NDArray[np.float32]
        How far each point nears `star_glow`, ``(height / SCALE, width / SCALE)``.
    pace : float
        How fast it slides to the left, in pixels a second.
    """

    def __init__(self, setting: Setting, shine: Floats, pace: float) -> None:
        random = generator(setting.seed, "space", "gas")
        rows, columns = shine.shape
        self._columns, self._pace = columns, pace / SCALE
        side = min(setting.width, setting.height) / SCALE
        period = 2 * columns
        self.density, rgb = _nebula(random, setting, rows, period, side)
        kept = 1 - shine
        glow = yuv(np.array(setting.palette["star_glow"], np.float32))
        self._kept = kept
        self._kept_small = kept[::2, ::2]
        self._added = [level * (shine if index == 0 else shine[::2, ::2]) for index, level in enumerate(glow)]
        planes = [plane if index == 0 else plane[::2, ::2] for index, plane in enumerate(yuv(rgb))]
        self._planes = [np.concatenate([plane, plane], axis=1).astype(np.float32) for plane in planes]
        self._period = period
        self._upscaler = Upscaler()

    def draw(self, target: Planes, at_s: float) -> None:
        """Fill `target`."""
        offset = self._pace * at_s % self._period
        seen = []
        for plane, kept, added, step in zip(
            self._planes, (self._kept, self._kept_small, self._kept_small), self._added, (1, 2, 2), strict=True
        ):
            whole = int(offset / step)
            window = plane[:, whole : whole + kept.shape[1]]
            ahead = plane[:, whole + 1 : whole + 1 + kept.shape[1]] - window
            ahead *= np.float32(offset / step - whole)
            ahead += window
            ahead *= kept
            ahead += added
            seen.append(ahead)
        self._upscaler.paint(target, seen[0], seen[1], seen[2])


def _noise(random: np.random.Generator, rows: int, period: int, cell: float, octaves: int, rough: float) -> Floats:
    total = np.zeros((rows, period), np.float32)
    for octave in range(octaves):
        own = cell / 2.0**octave
        total += rolling(random, rows, period, rows / own, period / own) * np.float32(rough**octave)
    return total


def _nebula(
    random: np.random.Generator, setting: Setting, rows: int, period: int, side: float
) -> tuple[Floats, Floats]:
    """Return how dense gas is, and its colours; both wrap round."""
    palette = setting.palette
    bend = [_noise(random, rows, period, side * 0.5, 4, 0.55) * np.float32(side * 0.10) for _ in range(2)]
    thick = warped(_noise(random, rows, period, side * 0.62, 7, 0.56), *bend)
    veins = 1 - np.abs(warped(_noise(random, rows, period, side * 0.42, 6, 0.55), bend[1], bend[0])) * np.float32(1.7)
    y = np.arange(rows, dtype=np.float32)[:, None] / side
    x = np.arange(period, dtype=np.float32)[None, :] * np.float32(2 * np.pi / period)
    tall = rows / side
    lean, start = float(random.uniform(0.08, 0.18)), float(random.uniform(0, 6.3))
    middle = tall * float(random.uniform(0.4, 0.6)) + np.float32(lean) * np.sin(x + np.float32(start))
    band = np.exp(-(((y - middle) / np.float32(0.42)) ** 2))
    strong = float(np.mean(setting.palette.colors["gas_light"][0]))
    density = smoothstep(-0.75, 1.15, thick + band * 0.9 - 0.55)
    fine = smoothstep(0.35, 1.0, veins) * density
    dust = smoothstep(0.25, 0.9, warped(_noise(random, rows, period, side * 0.5, 6, 0.6), bend[0], bend[1]))
    which = np.clip(_noise(random, rows, period, side * 0.8, 3, 0.5) * np.float32(0.75) + np.float32(0.5), 0, 1)
    first, second, third = (np.array(shade, np.float32) for shade in palette.colors["gas"])
    tint = first + (second - first) * which[..., None]
    rgb = np.array(palette["deep"], np.float32) * (0.75 + 0.5 * density)[..., None]
    light = (density**1.7 * (1 - 0.72 * dust * density))[..., None]
    rgb = rgb + tint * light * np.float32(strong * 1.15)
    rgb += third * (fine**2.2)[..., None] * np.float32(strong * 0.85) * (1 - 0.6 * dust)[..., None]
    rgb = 1 - np.exp(-rgb * np.float32(1.25))
    return density, rgb


class Stars:
    """Stars at several depths, more of them where gas is, a few with rays.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `stars`.
    pace : float
        How fast the nearest slide to the left, in pixels a second.
    dim : NDArray[np.float32]
        How much of their light is seen, at a scale of `SCALE`: the light of a near star drowns them.
    """

    def __init__(self, setting: Setting, pace: float, dim: Floats) -> None:
        random = generator(setting.seed, "space", "stars")
        unit = setting.unit
        self._pace, self._dim = pace, dim
        area = setting.width * setting.height / (1920 * 1080 * unit * unit)
        self._shades = setting.palette.colors["stars"]
        self._margin = 12 * unit + 6
        self._wide = setting.width + 2 * self._margin
        self._layers = []
        for speed, many, radius, light in _DEPTHS:
            clear = 3.0 if setting.palette.light == "night" else 1.0
            count = max(3, round(many * clear * area * (0.5 + 0.5 * setting.detail)))
            places = random.random((count, 5), dtype=np.float32)
            bright = ((places[:, 2] ** 3 * 0.8 + 0.2) * light).astype(np.float32)
            shade = (places[:, 3] * len(self._shades)).astype(np.intp)
            self._layers.append((speed, places, bright, shade, Glow(radius * unit + 0.75, 0.1)))
        count = max(2, round(9 * area))
        self._rayed = random.random((count, 5), dtype=np.float32)
        self._rayed[:, 1] = (np.arange(count) + self._rayed[:, 1]) / count
        reach = 15 * unit + 2
        self._rays = [Glow(reach * 0.07 + 0.5, 0.1, 14), Glow(reach, 0.02, (0.07 * reach + 0.5) / reach)]
        self._core = Glow(4.2 * unit + 1.2, 0.15)

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        for speed, places, bright, shade, glow in self._layers:
            x, y, light = self._seen(target, places, bright, speed, at_s)
            for index, rgb in enumerate(self._shades):
                mine = shade == index
                glow.stamp(target, x[mine], y[mine], light[mine], rgb)
        x, y, light = self._seen(target, self._rayed, self._rayed[:, 2] * np.float32(0.5) + np.float32(0.5), 1.0, at_s)
        for ray in self._rays:
            ray.stamp(target, x, y, light * np.float32(0.7), mix(self._shades[0], (1, 1, 1), 0.5))
        self._core.stamp(target, x, y, light, (1.0, 1.0, 1.0))

    def _seen(
        self, target: Planes, places: Floats, bright: Floats, speed: float, at_s: float
    ) -> tuple[Floats, Floats, Floats]:
        x = (places[:, 0] * self._wide - self._pace * speed * at_s) % self._wide - self._margin
        y = places[:, 1] * target.height
        twinkle = 0.82 + 0.18 * np.sin(places[:, 4] * 40 + at_s * (1 + 3 * places[:, 4]))
        rows, columns = self._dim.shape
        row = np.clip(y / SCALE, 0, rows - 1).astype(np.intp)
        column = np.clip(x / SCALE, 0, columns - 1).astype(np.intp)
        light = bright * twinkle * self._dim[row, column]
        return x.astype(np.float32), y.astype(np.float32), light.astype(np.float32)
