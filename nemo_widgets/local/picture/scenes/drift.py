"""What the wind does with sand: plumes off the crests of dunes, and veils that run along the ground; hot air, too."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, Planes
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.terrain import blurred

_BLOCK = 8


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
        How many puffs are in the air.
    """

    def __init__(
        self, setting: Setting, name: str, ground: Floats, wind: float, rgb: Color, size: float, count: int
    ) -> None:
        random = generator(setting.seed, "plumes", name)
        self._period = period = len(ground)
        bulge = blurred(ground[None, :], 0.5 * size)[0] - ground
        sharp = np.clip(bulge - np.quantile(bulge, 0.80), 0, None) + 1e-6
        count = max(6, round(count * setting.detail))
        self._x = random.choice(period, count, p=sharp / sharp.sum()).astype(np.float32)
        self._y = ground[self._x.astype(np.intp)]
        self._far = (size * random.uniform(0.5, 1.2, count)).astype(np.float32) * np.float32(wind)
        self._up = (size * random.uniform(-0.05, 0.16, count)).astype(np.float32)
        self._pace = random.uniform(0.22, 0.5, count).astype(np.float32)
        self._phase = random.uniform(0, 1, count).astype(np.float32)
        self._strong = random.uniform(0.22, 0.5, count).astype(np.float32)
        self._margin = 1.5 * size
        self._glow = Glow(max(1.2, 0.034 * size), 0.0, 4.5)
        self._rgb = rgb

    def draw(self, target: Planes, at_s: float, offset: float) -> None:
        """Lay them over `target`, whose strip has moved `offset` pixels to the left."""
        way = (self._phase + self._pace * np.float32(at_s)) % 1
        x = (self._x - np.float32(offset % self._period) + self._margin) % self._period - self._margin
        x = x + self._far * way
        # It rises, then falls on the slip face.
        y = self._y - self._up * way * 1.6 + np.abs(self._far) * way * way * np.float32(0.30)
        gusts = 0.6 + 0.4 * np.sin(self._x * np.float32(0.011) + np.float32(at_s * 1.1))
        strength = self._strong * gusts * np.clip(way * 9, 0, 1) * (1 - way) ** 1.2
        self._glow.stamp(target, x, y, strength.astype(np.float32), self._rgb)


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
