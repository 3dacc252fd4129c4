"""Firework shells: when each one rises and bursts, and where its stars fly."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix
from nemo_widgets.local.picture.scenes.setting import Setting

_SLOTS = 7
"""Mortars: each fires again as soon as the smoke of its last shell has gone."""
RISE_S = 1.15
_GRAVITY = 150.0
"""In units a second, squared."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of shell.

    Attributes
    ----------
    name : str
        Its name.
    stars : int
        How many.
    reach : float
        Radius of the burst, in units.
    drag : float
        How soon the air stops the stars, in 1/s.
    life_s : float
        For how long they burn.
    trail : int
        Sparks that each star draws behind it.
    root : float
        Where the trail begins, as a share of the age of the burst.
    weight : float
        How strongly gravity pulls.
    """

    name: str
    stars: int
    reach: float
    drag: float
    life_s: float
    trail: int
    root: float
    weight: float


KINDS = (
    Kind("peony", 150, 285, 2.3, 2.0, 9, 0.62, 0.7),
    Kind("chrysanthemum", 96, 345, 2.0, 2.5, 22, 0.22, 0.7),
    Kind("willow", 70, 310, 1.5, 3.3, 26, 0.34, 1.4),
    Kind("ring", 84, 275, 2.2, 1.9, 8, 0.70, 0.6),
    Kind("palm", 20, 330, 1.7, 2.4, 44, 0.10, 1.2),
    Kind("double", 160, 300, 2.2, 2.1, 9, 0.60, 0.7),
    Kind("crackle", 120, 300, 2.1, 2.5, 7, 0.66, 0.8),
    Kind("heart", 96, 260, 2.6, 2.1, 6, 0.80, 0.35),
)
_COMMON = (0.17, 0.20, 0.15, 0.10, 0.10, 0.13, 0.11, 0.04)
GOLD: Color = (1.0, 0.78, 0.36)


@dataclass(frozen=True, slots=True)
class Shell:
    """One shell, from its launch to the last of its smoke; places in pixels, speeds in pixels a second."""

    kind: Kind
    launch_x: float
    x: float
    y: float
    speed: Floats
    burn_s: Floats
    phase: Floats
    inner: int
    colors: tuple[Color, Color]

    def stars(self, age_s: float, unit: float, share: float) -> tuple[Floats, Floats, Floats]:
        """Return x, y and brightness of stars and their sparks `age_s` after the burst, each ``(sparks, stars)``."""
        kind = self.kind
        count = max(1, round(len(self.burn_s) * share))
        back = np.linspace(0, 1, kind.trail + 1, dtype=np.float32)[:, None]
        age = np.float32(age_s) * (1 - back * np.float32(1 - kind.root))
        slowed = (1 - np.exp(-kind.drag * age)) / np.float32(kind.drag)
        fall = np.float32(_GRAVITY * unit * kind.weight / kind.drag) * (age - slowed)
        x = np.float32(self.x) + self.speed[:count, 0] * slowed
        y = np.float32(self.y) + self.speed[:count, 1] * slowed + fall
        left = np.clip(1 - age_s / self.burn_s[:count], 0, 1)
        bright = np.minimum(1, np.minimum(1, left * 2) * (1.05 - back) ** 0.9 * 1.5)
        if kind.name in ("crackle", "willow"):
            flicker = 0.5 + 0.5 * np.sin(age_s * 41 + self.phase[:count] * 50)
            bright = bright * (1 - np.float32(min(1.0, age_s / kind.life_s)) * flicker * 0.9)
        return x.astype(np.float32), y.astype(np.float32), bright.astype(np.float32)


class Show:
    """Which shells are in the air at a moment: a function of the seed and the time alone."""

    def __init__(self, setting: Setting, shore: int) -> None:
        self._setting = setting
        self._shore = shore
        random = generator(setting.seed, "fireworks", "show")
        self._period_s = random.uniform(4.6, 5.4, _SLOTS)
        self._first_s = (random.permutation(_SLOTS) + random.uniform(0.1, 0.9, _SLOTS)) / _SLOTS * self._period_s
        self._place = random.permutation(_SLOTS)
        self._shell = lru_cache(maxsize=4 * _SLOTS)(self._make)

    def at(self, at_s: float) -> list[tuple[Shell, float, float]]:
        """Return each shell, its age since the burst (below zero, it rises), and the share of its time that is left."""
        shells = []
        for slot in range(_SLOTS):
            period = float(self._period_s[slot])
            cycle, since = divmod(at_s + float(self._first_s[slot]) + period, period)
            shells.append((self._shell(slot, int(cycle)), since - RISE_S, 1 - since / period))
        return shells

    def _make(self, slot: int, cycle: int) -> Shell:
        setting = self._setting
        unit = setting.unit
        random = generator(setting.seed, "shell", str(slot), str(cycle))
        kind = KINDS[int(random.choice(len(KINDS), p=_COMMON))]
        size = float(random.uniform(0.78, 1.12)) * unit
        room = (float(self._place[(slot + cycle) % _SLOTS]) + float(random.uniform(0.15, 0.85))) / _SLOTS
        x = (0.08 + 0.84 * room) * setting.width
        y = float(random.uniform(0.26, 0.52)) * self._shore
        count = kind.stars
        speed = _directions(kind, count, random) * np.float32(kind.reach * size * kind.drag)
        shades = setting.palette.colors["shells"]
        first, second = random.permutation(len(shades))[:2].tolist()
        main = GOLD if kind.name in ("willow", "palm") else shades[first]
        return Shell(
            kind,
            x + float(random.uniform(-90, 90)) * unit,
            x,
            y,
            speed.astype(np.float32),
            (kind.life_s * random.uniform(0.8, 1.0, count)).astype(np.float32),
            random.random(count, dtype=np.float32),
            round(count * 0.36) if kind.name == "double" else 0,
            (main, mix(shades[second], (1, 1, 1), 0.1)),
        )


def _directions(kind: Kind, count: int, random: np.random.Generator) -> Floats:
    """Return where the stars of a shell fly, as seen from the front, ``(count, 2)``."""
    around = random.uniform(0, 2 * np.pi, count)
    if kind.name == "heart":
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
        x = 16 * np.sin(turn) ** 3
        y = -(13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn))
        return np.stack([x, y], 1) / 15
    if kind.name == "ring":
        around = np.linspace(0, 2 * np.pi, count, endpoint=False)
        tilt, lean = random.uniform(0.3, 0.75), random.uniform(-0.6, 0.6)
        x, y = np.cos(around), np.sin(around) * tilt
        return np.stack([x * np.cos(lean) - y * np.sin(lean), x * np.sin(lean) + y * np.cos(lean)], 1)
    if kind.name == "palm":
        up = random.uniform(-0.25, 1.0, count)
        side = np.linspace(-1, 1, count)
        return np.stack([side * random.uniform(0.75, 1.0, count), -up * (1 - 0.5 * side**2) - 0.1], 1)
    height = random.uniform(-1, 1, count)
    across = np.sqrt(1 - height**2)
    pace = random.uniform(0.92, 1.0, count)
    if kind.name == "double":
        pace[: round(count * 0.36)] *= 0.48
    return np.stack([across * np.cos(around), height], 1) * pace[:, None]
