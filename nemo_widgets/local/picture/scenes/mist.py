"""Banks of mist that drift before or behind a landscape."""

import numpy as np

from nemo_widgets.local.picture.scenes.field import Upscaler
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Planes, blend, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.terrain import rolling

_SCALE = 4


class Mist:
    """A bank of mist between two rows of the frame, thickest in the middle of them.

    Parameters
    ----------
    setting : Setting
        Size and seed.
    name : str
        Its own stream of random numbers.
    rows : tuple of int
        Its first row, and the one below its last.
    rgb : Color
        Its colour.
    thick : float
        How much it hides where it is thickest, 0 to 1.
    pace : float
        How fast it drifts to the left, in pixels a second where the shorter side has 1080.
    """

    def __init__(
        self, setting: Setting, name: str, rows: tuple[int, int], rgb: Color, thick: float, pace: float
    ) -> None:
        random = generator(setting.seed, "mist", name)
        self._top, self._bottom = (min(setting.height, max(0, row)) // 2 * 2 for row in rows)
        self._upscaler = Upscaler()
        high, wide = max(3, (self._bottom - self._top) // _SCALE), max(4, setting.width // _SCALE)
        side = min(setting.width, setting.height) / _SCALE
        period = wide * 2
        total = np.zeros((high, period), np.float32)
        for octave in range(4):
            cells = 2.0**octave
            total += rolling(random, high, period, 1 + 1.2 * cells, period / side * 2.2 * cells) * 0.55**octave
        y = np.linspace(-1, 1, high, dtype=np.float32)[:, None]
        bank = smoothstep(-0.75, 0.95, total + 0.25) * np.clip(1 - np.abs(y) ** 1.6, 0, 1)
        field = (np.clip(bank, 0, 1) * np.float32(thick * 255)).astype(np.float32)
        self._field = np.concatenate([field, field], axis=1)
        self._wide, self._pace = wide, pace * setting.unit / _SCALE
        self._goals = [round(goal) for goal in yuv_of(rgb)]

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        if self._bottom <= self._top:
            return
        band = target.band(self._top, self._bottom)
        offset = self._pace * at_s % (self._wide * 2)
        whole = int(offset)
        left = self._field[:, whole : whole + self._wide]
        bank = left + (self._field[:, whole + 1 : whole + 1 + self._wide] - left) * np.float32(offset - whole)
        opacity = self._upscaler.plane(np.clip(bank, 0, 254), band.width, band.height)
        for plane, goal in zip((band.y, band.u, band.v), self._goals, strict=True):
            share = opacity if plane.shape == opacity.shape else opacity[::2, ::2]
            added = np.multiply(share, np.uint8(goal), dtype=np.uint16)
            np.add(added, 255, out=added)
            blend(plane, np.subtract(255, share, dtype=np.uint8), added)
