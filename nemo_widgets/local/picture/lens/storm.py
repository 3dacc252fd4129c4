"""Storm: heavy slanting rain, black clouds that race, mist blown over the ground, and lightning."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.lens.grade import Grade, dimmed
from nemo_widgets.local.picture.lens.hashing import scattered
from nemo_widgets.local.picture.lens.mist import Mist
from nemo_widgets.local.picture.lens.rain import Rain
from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.sky import SkyFinder
from nemo_widgets.local.picture.lens.tone import add_light
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes

_EVERY_S = 2.6
"""There is one stroke in each of these spans, at a moment that the seed chooses."""
_LASTS_S = 0.62
_FLASH, _BOLT = 120.0, 200.0


class Storm:
    """See the module."""

    def __init__(self, view: View) -> None:
        self._view = view
        slant = 0.42 * float(generator(view.seed, "storm").choice([-1.0, 1.0]))
        day = Grade(dimmed(1.4, 0.5, 0.03, 0.30), 0.26, (8, -6))
        night = Grade(dimmed(1.25, 0.66, 0.02), 0.5, (6, -4))
        self._clouds = Mist(view, "storm clouds", level=(0.75, 0.0), goal=24, drift=-np.sign(slant) * 210, thick=1.5)
        self._spray = Mist(view, "spray", level=(0.0, 0.34), goal=120, drift=-np.sign(slant) * 460, thick=1.2)
        self._rain = Rain(view, slant=slant, amount=1.7, light=night if view.light == "night" else day)
        self._sky = SkyFinder(view)
        self._up = Scaler()
        self._last: tuple[int, Bytes, Floats] | None = None

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        stroke = self._stroke(at_s)
        sky = self._sky.find(target) if stroke else None
        self._clouds.apply(target, at_s)
        self._rain.apply(target, at_s)
        self._spray.apply(target, at_s)
        if stroke and sky is not None:
            self._strike(target, sky, *stroke)

    def _stroke(self, at_s: float) -> tuple[int, float] | None:
        """Return the number of the stroke that is to be seen, and how bright it is, 0 to 1."""
        span = int(np.floor(at_s / _EVERY_S))
        begins = span * _EVERY_S + float(scattered(self._view.seed, span, 7)) * (_EVERY_S - _LASTS_S)
        age = at_s - begins
        if not 0 <= age < _LASTS_S:
            return None
        # A stroke and its return: two beats, then the afterglow.
        beat = max(np.exp(-age * 13), 0.85 * np.exp(-abs(age - 0.17) * 26), 0.3 * np.exp(-age * 4.5))
        return span, float(beat) * (1 - age / _LASTS_S)

    def _strike(self, target: Planes, sky: Floats, number: int, bright: float) -> None:
        bolt, glow = self._drawn(number)
        reach = sky * np.float32(0.75) + np.float32(0.25)
        light = glow * reach * np.float32(_FLASH * bright)
        rows, columns = bolt.shape
        lit = self._up_small(light, columns, rows)
        if bright > 0.16:
            mask = self._up_small(sky * np.float32(255), columns, rows)
            shown = np.multiply(bolt, mask, dtype=np.uint16) >> np.uint16(8)
            shown = (shown * np.uint16(min(255, round(bright * 330))) >> np.uint16(8)).astype(np.uint8)
            lit = np.maximum(lit, np.minimum(shown, np.uint8(_BOLT)))
        add_light(target.y, self._up.scale(lit, target.width, target.height))

    @staticmethod
    def _up_small(field: Floats, columns: int, rows: int) -> Bytes:
        return Scaler().scale(np.minimum(field, 219).astype(np.uint8), columns, rows)

    def _drawn(self, number: int) -> tuple[Bytes, Floats]:
        if self._last is None or self._last[0] != number:
            random = generator(self._view.seed, "bolt", str(number))
            self._last = (number, *_bolt(self._view, random))
        return self._last[1], self._last[2]


def _bolt(view: View, random: np.random.Generator) -> tuple[Bytes, Floats]:
    """Draw a stroke at half the size, and the light of its clouds at an eighth."""
    rows, columns = view.height // 2, view.width // 2
    picture = Image.new("L", (columns, rows), 0)
    draw = ImageDraw.Draw(picture)
    x, foot = float(random.uniform(0.16, 0.84)) * columns, rows * float(random.uniform(0.5, 0.66))
    unit = view.unit / 2
    _branch(draw, random, (x, -4.0), foot, max(1.0, 5.5 * unit), unit, depth=0)
    glow = picture.filter(ImageFilter.GaussianBlur(max(1.0, 9 * unit)))
    bright = np.maximum(np.asarray(picture), np.minimum(np.asarray(glow, np.uint16) * 3, 160).astype(np.uint8))
    small_y = np.linspace(0, 1, max(2, view.height // 8), dtype=np.float32)[:, None]
    small_x = np.linspace(0, 1, max(2, view.width // 8), dtype=np.float32)[None, :]
    wide = view.width / view.height
    away = np.hypot((small_x - x / columns) * wide, (small_y - 0.12) * 1.1)
    return bright, np.exp(-away * 1.5).astype(np.float32)


def _branch(
    draw: ImageDraw.ImageDraw,
    random: np.random.Generator,
    start: tuple[float, float],
    foot: float,
    thick: float,
    unit: float,
    depth: int,
) -> None:
    x, y = start
    lean = float(random.uniform(-0.5, 0.5)) * (1 if depth == 0 else 2.4)
    while y < foot:
        step = float(random.uniform(14, 44)) * unit
        side = (lean + float(random.normal(0, 0.75))) * step
        draw.line((x, y, x + side, y + step), fill=255 if depth == 0 else 170, width=max(1, round(thick)))
        x, y = x + side, y + step
        if depth < 2 and random.random() < 0.13:
            _branch(draw, random, (x, y), min(foot, y + (foot - y) * 0.55), thick * 0.5, unit, depth + 1)
        thick = max(1.0, thick * 0.985)
