"""Short streaks of light that flash up here and there on still water."""

import numpy as np

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow

_COUNT = 220


class Glints:
    """Light on water, most of it in a broad path.

    Parameters
    ----------
    setting : Setting
        Size, seed and detail.
    rows : tuple of int
        The first row of water, and the one below its last.
    middle : float
        Where the path of light lies, in pixels.
    rgb : Color
        The colour of the light.
    """

    def __init__(self, setting: Setting, rows: tuple[int, int], middle: float, rgb: Color) -> None:
        random = generator(setting.seed, "glints")
        top, bottom = rows
        count = max(12, round(_COUNT * setting.detail))
        near = random.beta(1.1, 1.9, count)
        self._near = near.astype(np.float32)
        self._y = (top + near * (bottom - top)).astype(np.float32)
        spread = setting.width * (0.12 + 0.24 * near)
        self._x = (middle + random.normal(0, 1, count) * spread).astype(np.float32)
        self._phase = random.uniform(0, 2 * np.pi, count).astype(np.float32)
        self._pace = random.uniform(0.8, 2.2, count).astype(np.float32)
        self._rgb = rgb
        self._far = Glow(0.8 * setting.unit + 0.7, 0.2, 5.0)
        self._close = Glow(1.3 * setting.unit + 0.8, 0.2, 7.0)
        self._unit = setting.unit

    def draw(self, target: Planes, at_s: float) -> None:
        """Light up those that flash at `at_s` seconds."""
        beat = np.sin(self._phase + self._pace * np.float32(at_s))
        light = np.clip(beat * 3 - 2, 0, 1).astype(np.float32) * np.float32(0.75)
        x = self._x + np.sin(self._phase * 5 + np.float32(at_s * 0.6)) * np.float32(6 * self._unit)
        close = self._near > 0.4
        self._far.stamp(target, x[~close], self._y[~close], light[~close], self._rgb)
        self._close.stamp(target, x[close], self._y[close], light[close], self._rgb)
