"""Small things that move in a street: neon that flickers, petals or leaves in the wind."""

from math import sin

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.perspective import View
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.shopfronts import Sign
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites

_SIGNS = 9
_TURNS = 12


class Flicker:
    """Signs that breathe, and some that flicker.

    Parameters
    ----------
    setting : Setting
        Size and seed.
    view : View
        Where the eye is.
    signs : list of Sign
        All of them; the nearest are chosen.
    """

    def __init__(self, setting: Setting, view: View, signs: list[Sign]) -> None:
        random = generator(setting.seed, "street", "flicker")
        self._lights: list[tuple[Glow, Floats, Floats, Color, float, float, bool]] = []
        for sign in sorted(signs, key=lambda sign: sign.away)[:_SIGNS]:
            x, y = view.at(sign.x, sign.up, sign.away)
            high = sign.tall * view.focal / sign.away
            glow = Glow(max(2.0, min(high * 0.7, 44 * setting.unit)), 0.0, 0.6)
            self._lights.append(
                (
                    glow,
                    np.array([x], np.float32),
                    np.array([y], np.float32),
                    sign.shade,
                    float(random.uniform(0.7, 2.4)),
                    float(random.uniform(0, 6.28)),
                    bool(random.random() < 0.25),
                )
            )

    def draw(self, target: Planes, at_s: float) -> None:
        """Light them up."""
        for glow, x, y, shade, pace, phase, broken in self._lights:
            level = 0.30 + 0.18 * sin(at_s * pace + phase)
            if broken and sin(at_s * 2.3 + phase) > 0.55:
                level *= 0.2 + 0.8 * (sin(at_s * 41 + phase * 3) > 0)
            glow.stamp(target, x, y, np.array([level], np.float32), shade)


class Petals:
    """Petals or leaves that the wind carries down the street.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `drift`, `leaf`.
    """

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "street", "petals")
        unit = setting.unit
        self._layers: list[tuple[Sprites, Floats, float]] = []
        for count, size, near in ((44, 6.0, 0.5), (22, 10.0, 0.8), (7, 19.0, 1.35)):
            shade = setting.palette["drift"]
            tints = (shade, mix(shade, setting.palette.colors["leaf"][1], 0.5))
            pictures = [
                _petal(max(2.0, size * unit), turn / _TURNS * 2 * np.pi, tint)
                for tint in tints
                for turn in range(_TURNS)
            ]
            places = random.random((max(2, round(count * setting.detail)), 5), dtype=np.float32)
            self._layers.append((Sprites(pictures), places, near))
        self._way = float(random.choice([-1, 1]))

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        for sprites, places, near in self._layers:
            x0, y0, pace, phase, kind = places.T
            turn = phase * np.float32(6.28)
            sway = np.sin(np.float32(at_s * 1.3) * (0.6 + pace) + turn)
            x = (x0 + self._way * np.float32(at_s * 0.035 * near) * (0.6 + pace) + 0.02 * near * sway) % 1.1 - 0.05
            y = (y0 + np.float32(at_s * 0.055 * near) * (0.7 + 0.6 * pace)) % 1.1 - 0.05
            angle = ((at_s * (0.3 + 0.5 * pace) + phase + 0.2 * sway) % 1 * _TURNS).astype(np.intp) % _TURNS
            which = angle + np.where(kind > 0.5, _TURNS, 0)
            sprites.stamp(target, (x * target.width).astype(np.float32), (y * target.height).astype(np.float32), which)


def _petal(size: float, angle: float, shade: Color) -> Image.Image:
    """Draw a petal as it turns: it is narrow when it is seen from its edge."""
    fine, side = 4, max(4, round(size * 2))
    picture = Image.new("RGBA", (side * fine, side * fine), (*rgb8(shade), 0))
    middle = side * fine / 2
    narrow = 0.28 + 0.50 * abs(np.sin(angle * 1.5))
    box = (
        middle - size * fine * 0.5,
        middle - size * fine * 0.5 * narrow,
        middle + size * fine * 0.5,
        middle + size * fine * 0.5 * narrow,
    )
    tone = mix(shade, (0.0, 0.0, 0.0), 0.22 * (1 - narrow))
    ImageDraw.Draw(picture).ellipse(box, fill=(*rgb8(tone), 235))
    return picture.rotate(angle * 180 / np.pi, Image.Resampling.BICUBIC).reduce(fine)
