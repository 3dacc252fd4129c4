"""People and cars on a street, the far ones drawn first: they walk and drive towards the eye or away from it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.scenes.billboards import Billboard
from nemo_widgets.local.picture.scenes.cyclists import cycling
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.passersby import STEPS, dress, walking
from nemo_widgets.local.picture.scenes.pavement import lanes
from nemo_widgets.local.picture.scenes.perspective import View
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.vehicles import CAR_LONG_M, CAR_M, CAR_TALL_M, car, flank

_DIM: dict[Light, float] = {"day": 0.96, "dusk": 0.66, "night": 0.50}
_FAR_M = 85.0
_PEOPLE: dict[Light, int] = {"day": 20, "dusk": 14, "night": 13}
_STRIDE_M = 1.45
_SIDE_M = 26.0
"""Up to here one sees the sides and shadows of cars, and their light on wet ground."""
_SHADOW_M = 14.0
"""Up to here one sees the shadows of people."""
_GONE: tuple[Color, Color] = ((1.0, 0.97, 0.88), (1.0, 0.12, 0.08))
"""Light of the lamps before and behind."""


@dataclass(frozen=True, slots=True)
class _Walker:
    x: float
    start: float
    pace: float
    nearest: float
    tall: float
    pictures: list[Billboard]


@dataclass(frozen=True, slots=True)
class _Driver:
    x: float
    start: float
    pace: float
    nearest: float
    rear: bool
    picture: Billboard
    side: Billboard


class Traffic:
    """Everyone who is on the move.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `coat`, `umbrella`, `car`, `glass`, `air`.
    view : View
        Where the eye is.
    """

    def __init__(self, setting: Setting, view: View) -> None:
        self._view = view
        palette = setting.palette
        self._lit = palette.light != "day"
        self._shadow = Billboard(_blot(64, 0.62 if palette.light == "day" else 0.5))
        self._walkers = [*_walkers(setting, view), *_cyclists(setting, view)]
        self._drivers = _drivers(setting, view)
        unit = setting.unit
        self._lamps = [Glow(max(1.5, size * unit), 0.05) for size in (6, 13, 26, 46)]
        self._streaks = [Glow(max(4.0, size * unit), 0.0, 0.2) for size in (24, 50, 90, 140)]
        self._wet = max(palette["wet"])

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        everyone: list[_Walker | _Driver] = [*self._walkers, *self._drivers]
        drawn = [(one.nearest + (one.start + one.pace * at_s) % (_FAR_M - one.nearest), one) for one in everyone]
        for away, one in sorted(drawn, key=lambda pair: -pair[0]):
            if isinstance(one, _Walker):
                self._walk(target, one, away, at_s)
            else:
                self._drive(target, one, away)

    def _walk(self, target: Planes, one: _Walker, away: float, at_s: float) -> None:
        px, py = self._view.at(one.x, 0, away)
        metre = self._view.focal / away
        step = int((at_s * abs(one.pace) + one.start) / _STRIDE_M * STEPS) % STEPS
        picture = one.pictures[step]
        if away < _SHADOW_M:
            self._shadow.lay(target, px, py + 0.10 * metre, 0.85 * metre / self._shadow.width)
        picture.lay(target, px, py + 0.03 * metre, one.tall * 1.22 * metre / picture.height)

    def _drive(self, target: Planes, one: _Driver, away: float) -> None:
        px, py = self._view.at(one.x, 0, away)
        metre = self._view.focal / away
        if away < _SIDE_M:
            self._shadow.lay(target, px, py + 0.10 * metre, 2.3 * metre / self._shadow.width)
        if away < _SIDE_M:
            # The side that the eye sees leans inwards.
            inner = -1 if one.x > 0 else 1
            low, high = one.x + inner * CAR_M * 0.49, one.x + inner * CAR_M * 0.34
            back = away + CAR_LONG_M
            at = self._view.at
            one.side.hang(
                target, (at(high, CAR_TALL_M, away), at(high, CAR_TALL_M, back), at(low, 0, back), at(low, 0, away))
            )
        one.picture.lay(target, px, py, CAR_M * metre / one.picture.width)
        if not self._lit:
            return
        shade = _GONE[one.rear]
        size = min(3, int(np.searchsorted((30, 90, 240), metre * CAR_M)))
        x = np.array([px - 0.68 * metre, px + 0.68 * metre], np.float32)
        up = np.full(2, py - 0.70 * metre, np.float32)
        self._lamps[size].stamp(target, x, up, np.full(2, 0.85 if not one.rear else 0.5, np.float32), shade)
        if self._wet > 0.1 and away < _SIDE_M:
            down = np.full(2, py + (0.62 * metre), np.float32)
            self._streaks[size].stamp(target, x, down, np.full(2, 0.6 * self._wet, np.float32), shade)


def _walkers(setting: Setting, view: View) -> list[_Walker]:
    random = generator(setting.seed, "street", "people")
    palette = setting.palette
    rain = 0.62 if palette.weather == "rain" else 0.10 if palette.light == "night" else 0.0
    shade = mix(palette["air"], (0, 0, 0), 0.55)
    walkers = []
    wall, far_wall = (view.right, view.left) if view.side > 0 else (view.left, view.right)
    low, high = view.kerbs
    far_kerb = low if view.side > 0 else high
    count = _PEOPLE[palette.light]
    for index in range(count):
        close = index % 2 == 0
        # The largest are seen from the side of the eye: beside it, they leave the frame.
        x = (
            view.side * float(random.uniform(2.3, abs(wall) - 0.9))
            if close
            else float(random.uniform(min(far_kerb, far_wall) + 0.9, max(far_kerb, far_wall) - 0.7))
        )
        edge = view.width - view.x if x > 0 else view.x
        nearest = max(1.5, view.focal * (abs(x) - 0.6) / edge)
        tall = float(random.uniform(1.58, 1.86))
        size = max(8, round(tall * view.focal / max(nearest, 4.6 if close else 3.2)))
        outfit = dress(palette.colors["coat"], palette.colors["umbrella"], rain, _DIM[palette.light], shade, random)
        toward = bool(random.random() < 0.55)
        pictures = [Billboard(walking(size, step, outfit, not toward)) for step in range(STEPS)]
        pace = float(random.uniform(1.05, 1.5)) * (-1 if toward else 1)
        # Spread over the street, more of them close by.
        start = (_FAR_M - nearest) * ((index + 0.5 + float(random.uniform(-0.4, 0.4))) / count) ** 1.7
        walkers.append(_Walker(x, start, pace, nearest, tall, pictures))
    return walkers


def _cyclists(setting: Setting, view: View) -> list[_Walker]:
    random = generator(setting.seed, "street", "cyclists")
    palette = setting.palette
    low, high = view.kerbs
    kerb = low if view.side > 0 else high
    shade = mix(palette["air"], (0, 0, 0), 0.55)
    riders = []
    for index in range(2):
        x = kerb + view.side * 0.45
        edge = view.width - view.x if x > 0 else view.x
        nearest = max(1.5, view.focal * (abs(x) - 0.4) / edge)
        outfit = dress(palette.colors["coat"], palette.colors["umbrella"], 0.0, _DIM[palette.light], shade, random)
        frame = mix(shade, palette.colors["car"][int(random.integers(len(palette.colors["car"])))], _DIM[palette.light])
        size = max(8, round(1.75 * view.focal / nearest))
        pictures = [Billboard(cycling(size, step, outfit, frame, away=False)) for step in range(STEPS)]
        place = float(random.uniform(4, 16)) + index * 34
        riders.append(_Walker(x, place, -float(random.uniform(3.2, 4.0)), nearest, 1.75, pictures))
    return riders


def _drivers(setting: Setting, view: View) -> list[_Driver]:
    random = generator(setting.seed, "street", "cars")
    palette = setting.palette
    glass = mix(palette.colors["glass"][0], palette.colors["glass"][1], 0.35)
    drivers = []
    for lane, x in enumerate(lanes(view)):
        edge = view.width - view.x if x > 0 else view.x
        nearest = max(2.0, view.focal * (abs(x) - CAR_M / 2) / edge * 0.9)
        start = float(random.uniform(0, 30))
        pace = float(random.uniform(5.0, 6.5)) * (1 if lane == 0 else -1)
        width = max(6, round(min(400.0, 0.8 * CAR_M * view.focal / nearest)))
        for index in range(3):
            paint = palette.colors["car"][int(random.integers(len(palette.colors["car"])))]
            picture = car(width, paint, glass, _DIM[palette.light], lane == 0, palette.light != "day")
            side = flank(max(8, width * 2), paint, glass, _DIM[palette.light])
            place = start + index * (_FAR_M - nearest) / 3 + float(random.uniform(-4, 4))
            drivers.append(_Driver(x, place, pace, nearest, lane == 0, Billboard(picture), Billboard(side)))
    return drivers


def _blot(size: int, dark: float) -> Image.Image:
    """Draw the soft shadow under somebody."""
    picture = Image.new("L", (size * 2, size // 2), 0)
    ImageDraw.Draw(picture).ellipse((size * 0.3, size * 0.10, size * 1.7, size * 0.40), fill=round(255 * dark))
    soft = picture.filter(ImageFilter.GaussianBlur(size * 0.05))
    whole = Image.new("RGBA", soft.size, (8, 8, 14, 0))
    whole.putalpha(soft)
    return whole
