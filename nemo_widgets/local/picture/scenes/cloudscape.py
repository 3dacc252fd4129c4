"""Above the clouds: a sea of them with towers, the sun between, balloons, an airliner, birds."""

from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.scenes.airliner import Flight
from nemo_widgets.local.picture.scenes.balloons import Balloons
from nemo_widgets.local.picture.scenes.cloudsea import Bank, Masters, draw_bank
from nemo_widgets.local.picture.scenes.cumulus import Lamp
from nemo_widgets.local.picture.scenes.field import Upscaler
from nemo_widgets.local.picture.scenes.geese import Geese
from nemo_widgets.local.picture.scenes.mist import Mist
from nemo_widgets.local.picture.scenes.moon import Moon
from nemo_widgets.local.picture.scenes.noise import generator, value_noise
from nemo_widgets.local.picture.scenes.planes import Planes, mix
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.sky import SCALE, Sky, Weather
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.strip import Strip

_LAMP: dict[Light, tuple[float, float]] = {"day": (0.62, 0.30), "dusk": (0.32, -0.12), "night": (0.60, 0.05)}
"""How far above, and how far on the side of the eye the light is, over how far aside."""
_ANGLES = 1024


class Clouds:
    """Flying over a sea of clouds."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "clouds")
        palette, unit = setting.palette, setting.unit
        tall = setting.height > setting.width
        share = float(random.uniform(0.40, 0.48)) if tall else float(random.uniform(0.42, 0.52))
        horizon = round(setting.height * share) // 2 * 2
        self._speed = 44 * unit * float(random.choice([-1, 1])) * float(random.uniform(0.85, 1.15))
        night, dusk = palette.light == "night", palette.light == "dusk"
        moon = Moon(setting, horizon, SCALE) if night else None
        way = float(random.choice([-1, 1]))
        if moon is not None:
            way = -1.0 if moon.x < setting.width / 2 else 1.0
        aside = float(random.uniform(0.10, 0.30)) if dusk else 0.42
        sun = (setting.width * (0.5 + aside * way), horizon * (float(random.uniform(0.70, 0.86)) if dusk else 0.12))
        if moon is not None:
            sun = (moon.x, moon.y)
        weather = Weather(float(random.uniform(0.12, 0.40)), 0.5, 9, 3.0 if night else 0.0, 0.7 if night else 0.0)
        self._sky = Sky(setting, horizon + round(40 * unit) // 2 * 2, sun, weather, 0.85, moon=moon)
        self._disc = (sun, Glow(70 * unit * float(random.uniform(0.85, 1.25)), 0.95), palette["sun"]) if dusk else None
        up, front = _LAMP[palette.light]
        lamp = Lamp(way, up, front, palette.gradient("cloud"))
        masters = Masters(setting, lamp)
        self._layers = []
        for pace, bank, foot in _banks(setting, horizon, way, random):
            self._layers.append((pace, Strip(draw_bank(setting, bank, masters), foot - bank.rows)))
        self._rays = _Rays(setting, sun, horizon) if not night and palette.weather != "storm" else None
        self._wisps = [
            Mist(setting, "far", _rows(horizon, 0.02, 0.20, setting), palette["air"], 0.55, 12),
            Mist(setting, "near", _rows(horizon, 0.36, 0.72, setting), palette["air"], 0.30, 40),
        ]
        self._flight = Flight(setting, share * float(random.uniform(0.22, 0.45)), way)
        dark = mix(palette.colors["cloud"][0], (0.04, 0.04, 0.08), 0.55)
        self._geese = None if night else Geese(setting, share * float(random.uniform(0.45, 0.8)), dark)
        light = (0.8 * way, up + 0.1, front + 0.45)
        self._far, self._near = _fleet(setting, share, light, random)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._speed * at_s
        self._sky.draw(target, at_s)
        if self._disc is not None:
            (x, y), glow, shade = self._disc
            glow.stamp(target, np.array([x], np.float32), np.array([y], np.float32), np.ones(1, np.float32), shade)
        self._flight.draw(target, at_s)
        if self._geese is not None:
            self._geese.draw(target, at_s)
        for index, (share, strip) in enumerate(self._layers):
            strip.draw(target, travel * share)
            if index == 1:
                self._wisps[0].draw(target, at_s)
                if self._far is not None:
                    self._far.draw(target, at_s, travel * share)
            if index == 2:
                if self._rays is not None:
                    self._rays.draw(target, at_s)
                if self._near is not None:
                    self._near.draw(target, at_s, travel * share)
            if index == 3:
                self._wisps[1].draw(target, at_s)


def _rows(horizon: int, first: float, last: float, setting: Setting) -> tuple[int, int]:
    below = setting.height - horizon
    return horizon + round(first * below), horizon + round(last * below)


def _banks(setting: Setting, horizon: int, way: float, random: np.random.Generator) -> list[tuple[float, Bank, int]]:
    """Return the strips, the far ones first: their share of the glide, and the row of the frame at their foot."""
    unit = setting.unit
    below = setting.height - horizon
    period = max(64, round(setting.width * 1.15 + 160 * unit) // 4 * 4)
    side = float(random.uniform(0.16, 0.34)) * setting.width
    # Where much of the frame lies below the horizon, heads are larger, too.
    grows = max(1.0, below / (580 * unit)) ** 0.7
    # The largest tower stands across from the light.
    place = (setting.width / 2 - way * side) / period
    banks = []
    before = -0.02
    for name, foot, head, air, towers in (
        ("brink", 0.07, 110, 0.62, ((0.15, 70), (0.62, 100), (0.85, 60))),
        ("far", 0.19, 190, 0.46, ((0.5 - 0.3 * way, 200), (0.3 + 0.5 * place, 150))),
        ("middle", 0.40, 300, 0.27, ((place, 430),)),
        ("close", 0.70, 470, 0.12, ()),
        ("near", 1.0, 680, 0.0, ()),
    ):
        reach = (foot - before) * below
        before = foot
        head *= grows
        sea = max(6, round(reach * 1.30 + 0.42 * head * unit) // 2 * 2)
        grown = tuple(
            ((at + float(random.uniform(-0.05, 0.05))) % 1, high * unit * float(random.uniform(0.75, 1.25)))
            for at, high in towers
        )
        highest = max([high for _, high in grown], default=0.0)
        rows = sea + round(max(0.0, highest * 0.9 - 0.2 * sea) + 0.25 * head * unit) // 2 * 2
        bank = Bank(name, period, rows, sea, head * unit * float(random.uniform(0.85, 1.2)), air, grown)
        base = (horizon + round(foot * below)) // 2 * 2
        breadth = head * unit * float(random.uniform(0.85, 1.2))
        bank = Bank(name, period, min(rows, base), min(sea, base), breadth, air, grown)
        banks.append((0.05 + 0.95 * foot, bank, base))
    return banks


def _fleet(
    setting: Setting, share: float, light: tuple[float, float, float], random: np.random.Generator
) -> tuple[Balloons | None, Balloons | None]:
    """Return balloons far away and close by, or none."""
    if "balloon" not in setting.palette.colors:
        return None, None
    unit = setting.unit
    x = random.permutation(np.linspace(0.12, 0.88, 7) + random.uniform(-0.04, 0.04, 7)).tolist()
    count = int(random.integers(3, 6))
    sizes = tuple(float(size) * unit for size in random.uniform(30, 72, count))
    places = [(x[index], share * float(random.uniform(0.45, 0.95))) for index in range(count)]
    far = Balloons(setting, "far", sizes, places, light, 0.28)
    number = int(random.integers(1, 3))
    broad = tuple(float(size) * unit for size in random.uniform(125, 190, number))
    close = [(x[-1 - index], share * float(random.uniform(0.55, 1.0))) for index in range(number)]
    return far, Balloons(setting, "near", broad, close, light, 0.04)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where each point of a small field lies about the sun, and how much light reaches it."""

    angle: np.ndarray
    fade: np.ndarray


class _Rays:
    """Sunbeams that fan out and drift."""

    def __init__(self, setting: Setting, sun: tuple[float, float], horizon: int) -> None:
        random = generator(setting.seed, "clouds", "rays")
        self._bottom = min(setting.height, horizon + round(0.5 * (setting.height - horizon))) // 8 * 8
        rows, columns = max(2, self._bottom // SCALE), max(2, setting.width // SCALE)
        y, x = np.mgrid[:rows, :columns].astype(np.float32)
        right, down = x - sun[0] / SCALE, y - sun[1] / SCALE
        side = min(setting.width, setting.height) / SCALE
        off = np.hypot(right, down) / np.float32(side)
        angle = (np.arctan2(right, down) / (2 * np.pi) + 0.5) * (_ANGLES - 1)
        strong = 46 if setting.palette.light == "dusk" else 34
        fade = np.exp(-off * np.float32(1.7)) * np.clip(off * 9 - 0.6, 0, 1) * strong
        edge = np.clip((rows - 1 - y) / np.float32(max(1.0, 0.25 * rows)), 0, 1)
        self._field = _Field(angle.astype(np.intp), (fade * edge).astype(np.float32))
        self._beams = [value_noise(random, 1, _ANGLES, 1, pitch)[0] for pitch in (34, 61, 23)]
        self._upscaler = Upscaler()

    def draw(self, target: Planes, at_s: float) -> None:
        first, second, third = self._beams
        turn = at_s * 1.5
        pattern = _slid(first, turn) * _slid(second, -turn * 1.4) * np.float32(1.7) + _slid(
            third, 0.5 * turn
        ) * np.float32(0.4)
        light = np.clip(pattern - np.float32(0.34), 0, 1).astype(np.float32).take(self._field.angle)
        light *= self._field.fade
        plane = target.y[: self._bottom]
        added = self._upscaler.plane(light, plane.shape[1], plane.shape[0])
        np.minimum(plane, np.subtract(235, added, dtype=np.uint8), out=plane)
        np.add(plane, added, out=plane)


def _slid(line: np.ndarray, offset: float) -> np.ndarray:
    """Shift a line that wraps round, between two places if need be."""
    whole = int(np.floor(offset))
    here = np.roll(line, whole)
    moved: np.ndarray = here + (np.roll(here, 1) - here) * np.float32(offset - whole)
    return moved
