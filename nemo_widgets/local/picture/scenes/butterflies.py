"""Butterflies and bees: small wings that beat, on paths that wander."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sprites import Sprites

_BEATS = 10
_FINE = 4
_FORE = ((0.0, 0.0), (0.25, -0.55), (0.70, -0.95), (1.0, -0.80), (0.92, -0.40), (0.55, -0.06))
_HIND = ((0.0, 0.02), (0.50, 0.0), (0.80, 0.22), (0.72, 0.62), (0.40, 0.78), (0.12, 0.42))


class Butterflies:
    """A few of them over a field.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; the palette has ``wing``.
    top, bottom : float
        Between which heights they fly, as shares of the frame.
    """

    def __init__(self, setting: Setting, top: float, bottom: float) -> None:
        random = generator(setting.seed, "butterflies")
        self._unit = setting.unit
        shades = setting.palette.colors["wing"]
        self._banks = []
        for near, count in ((0.6, 4), (1.1, 4), (2.3, 2)):
            shade = shades[int(random.integers(len(shades)))]
            size = max(2.0, 19 * near * setting.unit)
            bank = Sprites([_butterfly(size, beat / _BEATS, shade, way) for way in (1, -1) for beat in range(_BEATS)])
            number = max(1, round(count * (0.5 + 0.5 * setting.detail)))
            self._banks.append((bank, near, random.random((number, 6)).astype(np.float32)))
        self._top, self._bottom = top, bottom

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        for bank, near, seeds in self._banks:
            place, level, pace, phase, wander, flutter = seeds.T
            speed = (0.016 + 0.014 * pace) * np.float32(near) ** 0.5
            way = np.where(phase > 0.5, 1, -1)
            turn = np.float32(at_s) * (0.35 + 0.4 * wander) + phase * np.float32(6.3)
            x = (place + way * speed * np.float32(at_s) + 0.03 * np.sin(turn)) % np.float32(1.2) - np.float32(0.1)
            middle = self._top + (self._bottom - self._top) * level
            bob = 0.035 * np.sin(turn * 1.7 + wander * 5) + 0.010 * np.sin(np.float32(at_s * 7) + flutter * 6)
            y = (middle + bob) * target.height
            beats = np.float32(at_s * 4.6) * (0.8 + 0.5 * pace) + flutter
            which = (beats % 1 * _BEATS).astype(np.int64) % _BEATS + np.where(way < 0, _BEATS, 0)
            bank.stamp(target, (x * target.width).astype(np.float32), y.astype(np.float32), which)


def _butterfly(size: float, beat: float, shade: Color, way: int) -> Image.Image:
    """Draw one that flies to the right or left, its wings as they are in one moment of their beat."""
    side = int(np.ceil(size * 1.2)) * 2
    picture = Image.new("RGBA", (side * _FINE, side * _FINE), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    middle, reach = side * _FINE / 2, size * _FINE
    lift = np.cos(2 * np.pi * beat)
    for far, dim in ((True, 0.30), (False, 0.0)):
        # Wings fold upwards: seen from the side, they are tall then, and short when they are spread.
        tall = 0.28 + 0.72 * (0.5 + 0.5 * lift)
        slant = (-0.22 if far else 0.10) + 0.25 * (1 - tall)
        for outline, tone in ((_HIND, mix(shade, (0, 0, 0), 0.12 + dim)), (_FORE, mix(shade, (0, 0, 0), dim))):
            for grow, paint in ((1.0, mix(tone, (0.05, 0.04, 0.05), 0.7)), (0.80, tone)):
                points = []
                for along, up in outline:
                    px = (-(along - 0.45) * 0.8 + up * slant) * grow
                    py = (up if up < 0 else up * 0.4) * tall * (1.0 if not far else 0.92) * grow
                    points.append((middle + way * px * reach, middle + reach * 0.22 + py * reach))
                draw.polygon(points, fill=(*rgb8(paint), 255))
    body = reach * 0.05
    draw.line(
        [(middle - way * reach * 0.34, middle + reach * 0.30), (middle + way * reach * 0.30, middle + reach * 0.16)],
        fill=(30, 24, 22, 255),
        width=max(1, round(body * 2)),
    )
    return picture.resize((side, side), Image.Resampling.BOX)
