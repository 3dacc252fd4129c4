"""Under water: shafts of light from the surface, a reef, shoals that turn, and something large that passes."""

from functools import partial

import numpy as np

from nemo_widgets.local.picture.scenes.creatures import Creature, Dress
from nemo_widgets.local.picture.scenes.drifters import Bubbles, Kelp, Snow
from nemo_widgets.local.picture.scenes.fish import ANGELFISH, BUTTERFLY, TANG, hazy
from nemo_widgets.local.picture.scenes.jellies import Jellies
from nemo_widgets.local.picture.scenes.manta import Manta
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix
from nemo_widgets.local.picture.scenes.reef import cliffs, garden, ridge, shades_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.shoals import Dwellers, Shoal
from nemo_widgets.local.picture.scenes.strip import Strip
from nemo_widgets.local.picture.scenes.sunbeams import Light
from nemo_widgets.local.picture.scenes.turtle import Turtle
from nemo_widgets.local.picture.scenes.whale import Whale
from nemo_widgets.local.picture.together import together


class Underwater:
    """Gliding along a reef, the surface far above."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        random = generator(setting.seed, "underwater")
        palette, unit = setting.palette, setting.unit
        width, height = setting.width, setting.height
        self._speed = 15 * unit * float(random.choice([-1, 1]))
        self._start = float(random.uniform(0, 3000)) * unit
        self._light = Light(setting)
        water = palette.colors["water"]
        # The farthest rocks do not seem to move, so they are part of the backdrop.
        far = _cliff_strip(setting, "far", 0.40, mix(palette["rock"], water[2], 0.72), 4)
        self._light.add(far)
        self._cliffs = _cliff_strip(setting, "middle", 0.27, mix(palette["rock"], water[3], 0.36), 7)
        self._reefs = together(
            (setting, "reefs"),
            [partial(_reef, setting, "behind", 0.23, 96, 0.34), partial(_reef, setting, "front", 0.30, 150, 0.02)],
        )
        self._creature, self._path = _creature(setting, random)
        # It swims towards the shoal, and has passed behind it after some seconds.
        ahead = float(np.sign(self._path[1])) * float(random.uniform(0.10, 0.24))
        middle = (width * (0.5 + ahead), height * float(random.uniform(0.44, 0.54)))
        share = 0.45 + 0.55 * setting.detail
        self._shoal = Shoal(setting, "main", round(190 * share), 42 * unit, middle, (0.70, 0.06), water[2], 4)
        above = (width * float(random.uniform(0.2, 0.8)), height * float(random.uniform(0.20, 0.30)))
        self._distant = Shoal(setting, "distant", round(110 * share), 17 * unit, above, (0.8, 0.8), water[1], 1)
        self._dwellers = _dwellers(setting, random)
        self._kelp = Kelp(setting)
        self._bubbles = Bubbles(setting)
        self._snow = Snow(setting)
        self._jellies = Jellies(setting) if "jelly" in palette.colors else None

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._start + self._speed * at_s
        self._light.backdrop(target, at_s)
        self._distant.draw(target, at_s)
        self._light.ground(target, at_s, travel / (0.28 * target.height))
        self._cliffs.draw(target, travel * 0.2)
        self._pass_by(target, at_s)
        self._shoal.draw(target, at_s)
        if self._jellies is not None:
            self._jellies.draw(target, at_s)
        self._reefs[0].draw(target, travel * 0.5)
        self._light.shafts(target, at_s)
        self._dwellers[0].draw(target, at_s, travel * 0.62)
        self._reefs[1].draw(target, travel)
        self._dwellers[1].draw(target, at_s, travel * 1.05)
        self._snow.draw(target, at_s, travel)
        self._bubbles.draw(target, at_s)
        self._kelp.draw(target, at_s, travel)

    def _pass_by(self, target: Planes, at_s: float) -> None:
        start, speed, level, rise = self._path
        span = target.width + 2.6 * self._creature.length
        x = (start + speed * at_s + 0.8 * self._creature.length) % span - 0.8 * self._creature.length
        away = (x - target.width / 2) * (1 if speed > 0 else -1)
        y = level - rise * away + np.sin(at_s * 0.5) * 9 * self._setting.unit
        self._creature.draw(target, x, float(y), at_s)


def _creature(setting: Setting, random: np.random.Generator) -> tuple[Creature, tuple[float, float, float, float]]:
    """Choose what passes, and its way: where it is at first, its speed, its level, and how it rises."""
    palette, unit = setting.palette, setting.unit
    way = int(random.choice([-1, 1]))
    water = palette.colors["water"]
    kind = int(random.integers(3))
    back, belly = palette.colors["turtle" if kind == 2 else "creature"]
    beam = palette["beam"]
    level = setting.height * float(random.uniform(0.26, 0.35))
    creature: Creature
    if kind == 0:
        long = round(min(1120 * unit, 0.9 * setting.width))
        creature = Whale(max(16, long), way, Dress(back, belly, water[2], 0.34, beam), setting.seed)
        speed, rise = 44.0, 0.03
    elif kind == 1:
        creature = Manta(max(16, round(700 * unit)), way, Dress(back, belly, water[1], 0.30, beam), setting.seed)
        speed, rise = 38.0, 0.10
        level -= setting.height * 0.02
    else:
        creature = Turtle(max(16, round(470 * unit)), way, Dress(back, belly, water[1], 0.14, beam), setting.seed)
        speed, rise = 42.0, 0.06
    start = setting.width * (0.5 - way * float(random.uniform(0.10, 0.26)))
    return creature, (start, way * speed * unit, level, rise)


def _period(setting: Setting, share: float) -> int:
    return max(32, round(setting.width * share + 160 * setting.unit) // 4 * 4)


def _cliff_strip(setting: Setting, name: str, high: float, shade: Color, bumps: int) -> Strip:
    random = generator(setting.seed, "cliffs", name)
    foot = round(setting.height * (0.78 if name == "far" else 0.82))
    rows = max(8, round(setting.height * high) // 2 * 2)
    period = _period(setting, 1.15)
    count = max(2, round(bumps * period / (1.2 * setting.height)))
    air = setting.palette.colors["water"][3]
    return Strip(cliffs(period, rows, shade, air, random, count), foot - rows)


def _reef(setting: Setting, name: str, high: float, size: float, haze: float) -> Strip:
    random = generator(setting.seed, "reef", name)
    palette, unit = setting.palette, setting.unit
    tall = max(12.0, min(setting.height * high, 520 * unit))
    rows = max(12, round(tall + size * unit * 1.5) // 2 * 2)
    period = _period(setting, 1.2)
    bumps = max(2, round((2.6 if name == "front" else 3.2) * period / (1920 * unit)))
    line = ridge(period, random, bumps)
    low, tallest = (0.02, 0.62) if name == "front" else (0.05, 0.62)
    ground = (low + (tallest - low) * line**1.7) * tall
    shades = shades_of(palette.colors["coral"], setting.seed)
    air = palette.colors["water"][3]
    sunk = 0.0 if name == "front" else 0.55
    picture = garden(period, rows, max(4.0, size * unit), shades, air, haze, random, ground.astype(np.float32), sunk)
    foot = setting.height if name == "front" else round(setting.height * 0.93)
    return Strip(picture, (foot - rows) // 2 * 2)


def _dwellers(setting: Setting, random: np.random.Generator) -> tuple[Dwellers, Dwellers]:
    palette, unit = setting.palette, setting.unit
    fish = palette.colors["fish"]
    water = palette.colors["water"][3]
    looks = (
        (BUTTERFLY, (fish[5], fish[6], fish[7])),
        (TANG, (fish[2], mix(fish[2], (0.1, 0.1, 0.3), 0.25), fish[3])),
        (ANGELFISH, (fish[4], fish[6], fish[7])),
        (BUTTERFLY, (fish[6], fish[5], fish[7])),
    )
    first, second = random.permutation(len(looks))[:2].tolist()
    groups = []
    for name, chosen, count, length, levels, haze in (
        ("small", first, 13, 46, (0.60, 0.86), 0.14),
        ("large", second, 4, 104, (0.50, 0.80), 0.0),
    ):
        kind, shades = looks[chosen]
        number = max(2, round(count * (0.5 + 0.5 * setting.detail)))
        span = setting.width + 400 * unit
        x = (np.arange(number) + random.uniform(0.1, 0.9, number)) / number * span
        y = random.uniform(*levels, number) * setting.height
        places = np.stack([x, y], 1).astype(np.float32)
        groups.append(Dwellers(setting, name, kind, hazy(shades, water, haze), places, max(4.0, length * unit), water))
    return groups[0], groups[1]
