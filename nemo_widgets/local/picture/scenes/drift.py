"""What the wind does with sand: plumes off the crests of dunes, and veils that run along the ground; hot air, too."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.dots import light_dots
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, Planes
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.terrain import blurred

_BLOCK = 8
_FADING = np.array([0.55, 1.0, 0.8, 0.55, 0.3], np.float32)
"""How bright the points of a streak are, from its head to its tail."""
_SPOTS = 7
"""Places on a row of dunes from which the wind takes sand."""


class Plumes:
    """Sand that is blown off the highest crests of a strip.

    Parameters
    ----------
    setting : Setting
        Size, seed and detail.
    name : str
        Its own stream of random numbers.
    ground : NDArray[np.float32]
        The row of the frame where the strip begins, by column of the strip.
    wind : float
        To the right (1) or to the left (-1).
    rgb : Color
        The colour of sand in the light.
    size : float
        How far it flies, in pixels.
    count : int
        How many grains are in the air.
    """

    def __init__(
        self, setting: Setting, name: str, ground: Floats, wind: float, rgb: Color, size: float, count: int
    ) -> None:
        random = generator(setting.seed, "plumes", name)
        self._period = period = len(ground)
        bulge = blurred(ground[None, :], 0.5 * size)[0] - ground
        sharp = np.clip(bulge - np.quantile(bulge, 0.80), 0, None) ** 2 + 1e-6
        count = max(20, round(count * setting.detail))
        spots = random.choice(period, _SPOTS, p=sharp / sharp.sum())
        self._spot = random.integers(0, _SPOTS, count)
        column = spots[self._spot] + random.normal(0, 0.10 * size, count)
        self._x = (column % period).astype(np.float32)
        self._y = np.interp(self._x, np.arange(period), ground).astype(np.float32)
        self._far = (size * random.beta(1.3, 2.2, count) * 1.3).astype(np.float32) * np.float32(wind)
        self._up = (size * random.normal(0.05, 0.045, count)).astype(np.float32)
        self._pace = random.uniform(0.30, 0.62, count).astype(np.float32)
        self._phase = random.uniform(0, 1, count).astype(np.float32)
        self._strong = random.uniform(0.08, 0.34, count).astype(np.float32)
        self._margin = 1.5 * size
        self._radius = max(1.0, 1.7 * setting.unit)
        self._tail = (np.arange(len(_FADING), dtype=np.float32) * 1.8 * setting.unit).astype(np.float32)[:, None]
        self._rgb = rgb

    def draw(self, target: Planes, at_s: float, offset: float) -> None:
        """Lay them over `target`, whose strip has moved `offset` pixels to the left."""
        way = (self._phase + self._pace * np.float32(at_s)) % 1
        x = (self._x - np.float32(offset % self._period) + self._margin) % self._period - self._margin
        x = x + self._far * way
        # It rises, then falls on the slip face, and the wind comes in gusts.
        y = self._y - self._up * way * 1.8 + np.abs(self._far) * way * way * np.float32(0.22)
        gusts = np.clip(0.45 + 0.75 * np.sin(self._spot * np.float32(2.4) + np.float32(at_s * 0.8)), 0.1, 1)
        strength = self._strong * gusts * np.clip(way * 12, 0, 1) * (1 - way)
        # Each grain is so fast that it is seen as a streak.
        tail = self._tail * np.sign(self._far)[None, :]
        across = (x[None, :] - tail).reshape(-1)
        down = (y[None, :] + np.abs(tail) * np.float32(0.12) * (1 - 2 * way)).reshape(-1)
        lit = (strength[None, :] * _FADING[:, None]).reshape(-1)
        light_dots(target, across, down, lit.astype(np.float32), self._rgb, self._radius)


class Shimmer:
    """Hot air above the ground: what lies behind wobbles.

    Parameters
    ----------
    setting : Setting
        Size and seed.
    middle, reach : int
        The row about which it wobbles, and how far from it.
    """

    def __init__(self, setting: Setting, middle: int, reach: int) -> None:
        random = generator(setting.seed, "shimmer")
        self._top = max(0, middle - reach) // 2 * 2
        rows = (min(setting.height, middle + reach) - self._top) // 2 * 2
        self._rows = rows
        wide = -(-setting.width // _BLOCK)
        y = np.arange(rows, dtype=np.float32)[:, None] / np.float32(max(1.0, setting.unit))
        x = np.arange(wide, dtype=np.float32)[None, :]
        self._first = y * np.float32(0.42) + x * np.float32(0.33) + np.float32(random.uniform(0, 7))
        self._second = y * np.float32(0.21) - x * np.float32(0.19) + np.float32(random.uniform(0, 7))
        fade = np.sin(np.pi * (np.arange(rows, dtype=np.float32) + 0.5) / max(1, rows))[:, None]
        self._reach = fade * np.float32(1.7 * setting.unit)
        self._base = np.arange(rows * setting.width, dtype=np.int32).reshape(rows, setting.width)

    def draw(self, target: Planes, at_s: float) -> None:
        """Let the rows about the middle of `target` wobble."""
        if self._rows < 8:
            return
        wave = np.sin(self._first - np.float32(at_s * 9.0)) + np.sin(self._second - np.float32(at_s * 6.1))
        moves: NDArray[np.int32] = np.rint(wave * self._reach).astype(np.int32)
        band: Bytes = target.y[self._top : self._top + self._rows]
        spread = np.repeat(moves, _BLOCK, axis=1)[:, : band.shape[1]] * np.int32(band.shape[1])
        np.copyto(band, np.ascontiguousarray(band).reshape(-1).take(self._base + spread, mode="clip"))
