"""Rain: streaks in three depths, rings where drops fall on the ground, and a wet, dull light."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.lens.grade import Grade, dimmed
from nemo_widgets.local.picture.lens.hashing import scattered
from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.tone import add_light
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes

_DEPTHS = (
    # streaks, length and breadth in units, strength, speed in units a second
    (1500, 26, 1.3, 40, 1150),
    (520, 58, 2.0, 56, 1750),
    (90, 130, 3.0, 64, 2700),
)
"""From far to near, for a picture of 1920 by 1080 units."""
_GROUND = 0.80
"""Where rings begin to be seen, as a share of the height."""
_RINGS, _LIFE_S = 70, 0.55


class Rain:
    """See the module.

    Parameters
    ----------
    view : View
        The frame.
    slant : float
        How far a drop moves aside while it falls by one pixel.
    amount : float
        How much it rains; 1 is a shower.
    light : Grade, optional
        The light under the clouds.
    """

    def __init__(self, view: View, *, slant: float = 0.12, amount: float = 1.0, light: Grade | None = None) -> None:
        self._half = (view.width // 2, view.height // 2)
        self._light = light or _shower(view)
        self._slant = slant
        random = generator(view.seed, "rain")
        falling = amount * view.detail * view.width * view.height / (1920 * 1080 * view.unit**2)
        self._layers = [
            (_sheet(view, random, slant, round(count * falling) + 1, length, breadth, strength), speed)
            for count, length, breadth, strength, speed in _DEPTHS
        ]
        self._rings = _Rings(view, amount)
        self._unit = view.unit
        self._up = Scaler()

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        self._light.apply(target, at_s)
        columns, rows = self._half
        light = np.zeros((rows, columns), np.uint8)
        for sheet, speed in self._layers:
            fallen = speed * self._unit * at_s / 2
            high, wide = sheet.shape[0] - rows, sheet.shape[1] - columns
            top, left = round(-fallen) % high, round(fallen * self._slant) % wide
            light += sheet[top : top + rows, left : left + columns]
        self._rings.draw(light, at_s)
        add_light(target.y, self._up.scale(light, target.width, target.height))


def _shower(view: View) -> Grade:
    if view.light == "night":
        return Grade(dimmed(1.12, 0.86, 0.03), 0.72, (3, -2))
    return Grade(dimmed(1.25, 0.66, 0.05, 0.6), 0.55, (5, -4))


def _sheet(
    view: View, random: np.random.Generator, slant: float, count: int, length: float, breadth: float, strength: int
) -> Bytes:
    """Draw one depth at half the size, on a plane that repeats and is larger than the frame by one period."""
    rows, columns = view.height // 2, view.width // 2
    high, wide = round(rows * float(random.uniform(1.2, 1.6))), round(columns * float(random.uniform(1.1, 1.4)))
    fine = 2
    picture = Image.new("L", (wide * fine, high * fine), 0)
    draw = ImageDraw.Draw(picture)
    reach = length * view.unit / 2 * fine
    thick = max(1, round(breadth * view.unit / 2 * fine))
    shares = random.random((count, 4), dtype=np.float32)
    for share_x, share_y, share_length, share_light in shares.tolist():
        x, y = share_x * picture.width, share_y * picture.height
        long = reach * (0.6 + 0.8 * share_length)
        bright = round(strength * (0.45 + 0.55 * share_light) * 1.5)
        # Each streak twice where it runs over the lower border: the plane repeats.
        for again in (0, -picture.height):
            draw.line((x, y + again, x - slant * long, y + long + again), fill=bright, width=thick)
    soft = picture.filter(ImageFilter.GaussianBlur(0.4 * fine * max(0.5, breadth * view.unit / 3)))
    sheet = np.asarray(soft.reduce(fine))
    return np.ascontiguousarray(np.pad(sheet, ((0, rows), (0, columns)), mode="wrap"))


class _Rings:
    """Drops on the ground or on water: rings that widen and fade, the nearer the larger."""

    def __init__(self, view: View, amount: float) -> None:
        self._seed = view.seed
        self._rows, self._columns = view.height // 2, view.width // 2
        self._unit = view.unit
        self._slots = np.arange(round(_RINGS * amount * view.detail * max(1.0, view.width / view.height / 1.78)) + 1)

    def draw(self, light: Bytes, at_s: float) -> None:
        """Lay them on `light`, a plane of half the frame's size."""
        started = at_s / _LIFE_S + scattered(self._seed, self._slots, 1)
        cycle = np.floor(started).astype(np.int64)
        age = started - cycle
        near = scattered(self._seed, self._slots, cycle, 2) ** 0.7
        x = scattered(self._seed, self._slots, cycle, 3) * self._columns
        y = (_GROUND + (1 - _GROUND) * near) * self._rows
        radius = (5 + 22 * near) * (0.25 + 0.75 * age) * self._unit / 2
        bright = (1 - age) ** 1.5 * (26 + 44 * near)
        for place in zip(x.tolist(), y.tolist(), radius.tolist(), bright.tolist(), strict=True):
            self._ring(light, *place)

    def _ring(self, light: Bytes, x: float, y: float, radius: float, bright: float) -> None:
        flat = radius * 0.3
        left, right = max(0, int(x - radius - 1)), min(self._columns, int(x + radius + 2))
        top, bottom = max(0, int(y - flat - 1)), min(self._rows, int(y + flat + 2))
        if right <= left or bottom <= top or radius < 1:
            return
        across = (np.arange(left, right, dtype=np.float32) - np.float32(x)) / np.float32(radius)
        down = (np.arange(top, bottom, dtype=np.float32) - np.float32(y)) / np.float32(max(flat, 0.6))
        away = np.abs(np.hypot(across[None, :], down[:, None]) - np.float32(0.85))
        ring = np.clip(1 - away * np.float32(max(1.2, flat * 0.9)), 0, 1) * np.float32(bright)
        part = light[top:bottom, left:right]
        np.maximum(part, ring.astype(np.uint8), out=part)
