"""A field of flowers in the wind: poppies, tulips, sunflowers, lavender or a meadow, and hills behind."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.blooming import blurred, plant
from nemo_widgets.local.picture.scenes.breeze import Breeze
from nemo_widgets.local.picture.scenes.butterflies import Butterflies
from nemo_widgets.local.picture.scenes.countryside import farm, hills, sails, windmill
from nemo_widgets.local.picture.scenes.crops import crop_of
from nemo_widgets.local.picture.scenes.drape import Drape
from nemo_widgets.local.picture.scenes.flowerbed import draw_bed
from nemo_widgets.local.picture.scenes.heaven import Heaven
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING, Strip

_TURNS = 30
"""Pictures of a windmill's sails in a quarter of a turn."""
_GLIDE = 84
"""How far the eye sways to and fro, in units, as the nearest flowers see it."""


class Flowers:
    """Standing in a field on a windy day."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "flowers")
        self._setting = setting
        unit, palette = setting.unit, setting.palette
        tall = setting.height > setting.width
        share = float(random.uniform(0.36, 0.41)) if tall else float(random.uniform(0.40, 0.48))
        self._horizon = round(setting.height * share) // 4 * 4
        self._phase = float(random.uniform(0, 6.28))
        self._sun = _sun(setting, self._horizon, random)
        self._heaven = Heaven(setting, self._horizon, self._sun, float(random.uniform(0.15, 0.75)))
        self._hills = _ranges(setting, self._horizon, random)
        self._mill = _Mill(setting, self._horizon) if palette.name.startswith("tulips") else None
        margin = round((_GLIDE + 26) * unit) // 2 * 2 + 4
        self._breeze = Breeze(
            setting, draw_bed(setting, self._horizon, margin, self._sun[0]), self._horizon, margin, 1.0
        )
        self._close = _Close(setting)
        self._butterflies = Butterflies(setting, share + 0.02, 0.92) if palette.light != "night" else None
        self._motes = _Motes(setting, share)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        glide = float(np.sin(at_s * 0.16 + self._phase)) * _GLIDE * self._setting.unit
        self._heaven.draw(target, at_s)
        for depth, strip in self._hills:
            strip.draw(target, 4000 * self._setting.unit + glide * depth)
        if self._mill is not None:
            self._mill.draw(target, at_s, glide * 0.08)
        self._breeze.draw(target, at_s, glide)
        self._motes.draw(target, at_s)
        self._close.draw(target, at_s, glide)
        if self._butterflies is not None:
            self._butterflies.draw(target, at_s)


def _sun(setting: Setting, horizon: int, random: np.random.Generator) -> tuple[float, float]:
    """Return where the sun or the moon stands: low at dusk."""
    x = float(random.uniform(0.2, 0.8)) * setting.width
    up = {"day": 0.92, "dusk": 0.22, "night": 0.66}[setting.palette.light] + float(random.uniform(-0.06, 0.06))
    return x, horizon * (1 - up)


def _ranges(setting: Setting, horizon: int, random: np.random.Generator) -> list[tuple[float, Strip]]:
    """Draw the hills behind the field, the far ones hazy, and a farm on the near ones where none mills stand."""
    palette, unit = setting.palette, setting.unit
    far, near = palette.colors["hill"]
    air = palette.colors["sky"][-1]
    period = max(32, round(setting.width * 1.15 + 240 * unit) // 4 * 4)
    strips = []
    for name, high, tone, above, tree, woods, depth in (
        ("far", 150, mix(far, air, 0.45), mix(far, air, 0.55), mix(far, air, 0.30), 0.42, 0.03),
        ("near", 96, near, mix(near, far, 0.5), palette["tree"], 0.62, 0.07),
    ):
        own = generator(setting.seed, "hills", name)
        rows = max(8, round(high * float(own.uniform(0.8, 1.35)) * unit) // 2 * 2)
        picture, line = hills(period, rows, tone, above, tree, woods, own)
        if name == "near" and palette.name.split("_")[0] in ("lavender", "poppies", "sunflowers"):
            _settle(setting, picture, line, own)
        strips.append((depth, Strip(picture, horizon - rows)))
    return strips


def _settle(setting: Setting, picture: Image.Image, line: Floats, random: np.random.Generator) -> None:
    """Build a farm on a slope."""
    palette, unit = setting.palette, setting.unit
    lit = palette["lamp"] if palette.light != "day" else None
    size = max(6, round(62 * unit * OVERSAMPLING))
    house = farm(size, palette["wall"], palette["roof"], palette["tree"], lit, random)
    x = (4000 * unit + float(random.uniform(0.15, 0.85)) * setting.width) % len(line)
    foot = picture.height - float(line[int(x)]) * 0.35 * OVERSAMPLING
    left = min(max(0, round(x * OVERSAMPLING - house.width / 2)), picture.width - house.width)
    picture.alpha_composite(house, (max(0, left), max(0, round(foot - house.height))))


class _Mill:
    """A windmill or two on the horizon, turning."""

    def __init__(self, setting: Setting, horizon: int) -> None:
        random = generator(setting.seed, "flowers", "mill")
        palette, unit = setting.palette, setting.unit
        lit = palette["lamp"] if palette.light != "day" else None
        self._mills = []
        places = (random.uniform(0.12, 0.88), random.uniform(0.0, 1.0))
        for index, size in enumerate((240, 118)):
            high = max(6, round(size * unit))
            haze = 0.12 + 0.38 * index
            wall, roof = (mix(palette[name], palette.colors["hill"][0], haze) for name in ("wall", "roof"))
            tower = Sprites([windmill(high, wall, roof, lit)])
            shade: Color = mix(palette["sail"], palette.colors["hill"][0], haze)
            turning = Sprites([sails(round(high * 0.62), turn / _TURNS / 4, shade) for turn in range(_TURNS)])
            x = float(places[index]) * setting.width
            pace = float(random.uniform(0.035, 0.055)) * float(random.choice([-1, 1]))
            self._mills.append((x, horizon + 3 * unit - high * 0.5 * (1 - 0.06 * index), high, tower, turning, pace))
        self._mills.reverse()

    def draw(self, target: Planes, at_s: float, glide: float) -> None:
        for x, y, high, tower, turning, pace in self._mills:
            at = np.array([x - glide], np.float32)
            tower.stamp(target, at, np.array([y], np.float32), np.array([0]))
            turn = int((at_s * pace * 4 % 1) * _TURNS) % _TURNS
            turning.stamp(target, at, np.array([y - high * 0.30], np.float32), np.array([turn]))


class _Close:
    """Plants close to the eye that bend in the wind, and blossoms so close that they are out of focus."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "flowers", "close")
        kind, _ = crop_of(setting)
        unit = setting.unit
        self._unit = unit
        head = {"sunflowers": 205, "lavender": 200, "tulips": 104, "poppies": 112}.get(kind, 84) * unit
        self._plants: list[tuple[Drape, Floats, tuple[float, float], float, float]] = []
        wide_frame = setting.width / unit
        count = max(3, round(wide_frame / 330))
        places = (np.arange(count) + random.uniform(0.15, 0.85, count)) / count
        for index, place in enumerate(random.permutation(places).tolist()):
            grown = float(random.uniform(0.85, 1.15))
            wide, high = round((head * 1.9 + 120 * unit) * grown), round((head * 1.1 + 190 * unit) * grown)
            number = 1 if kind == "sunflowers" else 7 if kind == "lavender" else int(random.integers(2, 4))
            picture = plant(setting, head * grown, max(8, wide), max(8, high), number, random)
            self._add(picture, place * setting.width, setting.height + 14 * unit * (index % 3), 1.0, random)
        for side in (0.06, 0.93) if random.random() < 0.6 else (0.04 if random.random() < 0.5 else 0.95,):
            size = head * (1.25 if kind == "sunflowers" else 2.1)
            wide, high = round(size * 1.9), round(size * 1.75)
            picture = plant(setting, size, max(8, wide), max(8, high), 4 if kind == "lavender" else 1, random)
            soft = blurred(picture, max(0.6, 11 * unit))
            self._add(soft, side * setting.width, setting.height + size * 0.30, 1.5, random)

    def _add(self, picture: Image.Image, x: float, foot: float, near: float, random: np.random.Generator) -> None:
        drape = Drape(picture, False, (66 if near > 1 else 46) * self._unit)
        up = np.clip(1 - drape.along / np.float32(picture.height), 0, 1)
        corner = (x - picture.width / 2, foot - picture.height)
        self._plants.append((drape, up, corner, near, float(random.uniform(0, 6.28))))

    def draw(self, target: Planes, at_s: float, glide: float) -> None:
        """Lay them over `target`; the eye has moved `glide` pixels to the right."""
        for drape, up, (x, y), near, phase in self._plants:
            turn = at_s * 1.25 - x / target.width * 2.4 + 0.25 * phase
            wind = np.sin(turn) * 0.62 + np.sin(turn * 2.3 + phase) * 0.24 + np.sin(turn * 0.41) * 0.45
            bend = up**1.6 * np.float32(30 * near * wind * self._unit)
            flutter = np.sin(np.float32(at_s * 5.1 + phase) - up * 3) * up * np.float32(1.8 * self._unit)
            drape.lay(target, x - glide * (1.12 if near == 1 else 1.5), y, (bend + flutter).astype(np.float32))


class _Motes:
    """Seeds that the wind carries; by night fireflies."""

    def __init__(self, setting: Setting, top: float) -> None:
        random = generator(setting.seed, "flowers", "motes")
        self._top = top
        self._unit = setting.unit
        self._night = setting.palette.light == "night"
        count = round((120 if self._night else 56) * setting.detail)
        self._specks = random.random((count, 5), dtype=np.float32)
        self._way = float(random.choice([-1, 1]))
        self._shade = setting.palette["mote"]
        grown = 1.7 if self._night else 1.0
        self._small = Glow(2.6 * setting.unit * grown + 0.9, 0.2)
        self._large = Glow(6.5 * setting.unit * grown + 1.2, 0.08)

    def draw(self, target: Planes, at_s: float) -> None:
        place, level, pace, phase, size = self._specks.T
        turn = phase * np.float32(6.28)
        drift = np.float32(at_s * (0.004 if self._night else 0.035) * self._way) * (0.5 + pace)
        x = (place + drift + 0.02 * np.sin(np.float32(at_s * 0.6) + turn)) % 1 * target.width
        y = self._top - 0.10 + (1.08 - self._top) * level + 0.02 * np.sin(np.float32(at_s) * (0.5 + pace) + turn)
        beat = np.sin(np.float32(at_s) * (0.8 + 1.3 * pace) + turn * 4)
        shown = np.clip(beat, 0, 1) ** 3 if self._night else 0.25 + 0.4 * beat**2
        x, y, shown = (values.astype(np.float32) for values in (x, y * target.height, shown))
        near = size > 0.75
        self._small.stamp(target, x[~near], y[~near], shown[~near], self._shade)
        self._large.stamp(target, x[near], y[near], shown[near] * np.float32(0.75), self._shade)
