"""What moves in the water close to the eye: kelp that sways, bubbles, specks."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.drape import Drape
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix
from nemo_widgets.local.picture.scenes.reef import kelp
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites


class Kelp:
    """Kelp close to the eye, left and right, that sways."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "underwater", "kelp")
        palette, unit = setting.palette, setting.unit
        dark, lit = palette.colors["kelp"]
        self._unit = unit
        self._plants = []
        count = 4 if "kelp" in palette.words else int(random.integers(1, 4))
        sides = random.permutation([0.02, 0.97, 0.10, 0.90])[:count].tolist()
        for place in sides:
            high = max(16, round(setting.height * float(random.uniform(0.55, 1.05))))
            broad = max(10, round(float(random.uniform(260, 400)) * unit))
            tone = float(random.uniform(0.0, 0.5))
            picture = kelp(
                high, broad, mix(dark, (0, 0, 0), 0.25 * (1 - tone)), mix(dark, lit, 0.25 + 0.5 * tone), random
            )
            x = place * setting.width - broad / 2
            room = 56 * unit
            left, right = max(0, round(-x - room)), min(broad, round(setting.width - x + room))
            drape = Drape(picture.crop((left, 0, right, high)), False, room)
            x += left
            up = np.clip(1 - drape.along / np.float32(high), 0, 1)
            self._plants.append((drape, up, x, setting.height - high, float(random.uniform(0, 6))))

    def draw(self, target: Planes, at_s: float, travel: float) -> None:
        for drape, up, x, y, phase in self._plants:
            turn = np.float32(at_s * 0.9 + phase) - up * np.float32(2.6)
            lean = np.sin(turn) * up**1.3 * np.float32(38 * self._unit)
            drape.lay(target, x, y, lean + np.float32(np.sin(at_s * 0.37 + phase) * 14 * self._unit) * up)


class Bubbles:
    """Strings of bubbles that wobble upwards."""

    _SIZES = 6

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "underwater", "bubbles")
        self._unit = setting.unit
        self._bank = Sprites([_bubble(max(1.2, (2.2 + 2.0 * size) * setting.unit)) for size in range(self._SIZES)])
        vents = random.uniform(0.06, 0.94, int(random.integers(2, 5)))
        count = max(6, round(72 * setting.detail))
        self._vent = vents[random.integers(0, len(vents), count)].astype(np.float32)
        self._size = random.choice(self._SIZES, count, p=[0.26, 0.24, 0.2, 0.14, 0.1, 0.06])
        self._period = random.uniform(7, 13, count).astype(np.float32)
        self._phase = random.random(count, dtype=np.float32)
        self._wander = random.normal(0, 1, count).astype(np.float32)

    def draw(self, target: Planes, at_s: float) -> None:
        rise = np.modf(self._phase + np.float32(at_s) / self._period)[0].astype(np.float32)
        unit = np.float32(self._unit)
        wobble = np.sin(rise * 42 + self._phase * 40) * (1.5 + self._size) * unit
        x = self._vent * target.width + self._wander * (8 + 60 * rise) * unit + wobble
        y = (1.02 - rise**0.9 * 1.1) * target.height
        strength = np.clip(rise * 8, 0, 1) * 0.85
        self._bank.stamp(target, x.astype(np.float32), y.astype(np.float32), self._size, strength.astype(np.float32))


def _bubble(radius: float) -> Image.Image:
    """Draw a bubble: a bright rim, a window of light above, nearly nothing within."""
    fine = 4
    side = int(np.ceil(radius + 1)) * 2
    mask = Image.new("L", (side * fine, side * fine), 0)
    draw = ImageDraw.Draw(mask)
    middle, reach = side * fine / 2, radius * fine
    draw.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=165)
    inner = reach - max(fine * 0.8, reach * 0.16)
    draw.ellipse((middle - inner, middle - inner, middle + inner, middle + inner), fill=36)
    x, y, spot = middle - reach * 0.32, middle - reach * 0.38, reach * 0.26
    draw.ellipse((x - spot, y - spot * 0.8, x + spot, y + spot * 0.8), fill=245)
    picture = Image.new("RGBA", (side, side), (236, 250, 255, 0))
    picture.putalpha(mask.resize((side, side), Image.Resampling.BOX))
    return picture


class Snow:
    """Specks that drift in the water; by night they glow."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "underwater", "snow")
        self._unit = setting.unit
        self._glowing = setting.palette.light == "night"
        count = round((190 if self._glowing else 110) * setting.detail)
        self._specks = random.random((count, 5), dtype=np.float32)
        self._shade: Color = setting.palette["spark"]
        self._small = Glow(2.2 * setting.unit + 0.9, 0.2)
        self._large = Glow(7.5 * setting.unit + 1.2, 0.05)

    def draw(self, target: Planes, at_s: float, travel: float) -> None:
        place, height, pace, phase, size = self._specks.T
        turn = phase * np.float32(6.28)
        x = place * target.width + np.sin(np.float32(at_s * 0.4) * (0.5 + pace) + turn) * 30 * self._unit
        x = (x - np.float32(travel) * (0.3 + 0.8 * size)) % target.width
        y = (height - (pace - 0.3) * np.float32(0.012 * at_s)) % 1 * target.height
        beat = np.sin(np.float32(at_s) * (0.6 + 1.2 * pace) + turn * 5)
        shown = np.clip(beat, 0, 1) ** 2 * 0.95 if self._glowing else 0.12 + 0.3 * beat**2
        x, y, shown = (values.astype(np.float32) for values in (x, y, shown))
        near = size > 0.84
        self._small.stamp(target, x[~near], y[~near], shown[~near], self._shade)
        self._large.stamp(target, x[near], y[near], shown[near] * np.float32(0.5), self._shade)
