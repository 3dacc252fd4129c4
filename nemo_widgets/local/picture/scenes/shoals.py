"""Shoals: where each fish of a shoal is at a moment, and which way it looks. Functions of the time alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.fish import ANTHIAS, BEATS, FUSILIER, SARDINE, SQUASHES, Kind, fishes, hazy
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sprites import Sprites


@dataclass(frozen=True, slots=True)
class _Places:
    """Where fish are, in pixels; how near, -1 to 1; how fast they go right and away, in the same measure."""

    x: Floats
    y: Floats
    near: Floats
    right: Floats
    away: Floats


class Shoal:
    """Many fish that move as one, in a stream that turns round or in a ball that circles.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    name : str
        Its own stream of random numbers.
    count : int
        How many fish.
    length : float
        Of a fish, in pixels.
    middle : tuple of float
        Where the shoal is, in pixels.
    haze : tuple of float
        How much of the water lies before the farthest and the nearest fish, 0 to 1.
    water : Color
        The colour of that water.
    depths : int
        Distances at which fish are drawn: nearer ones are larger and clearer, and cover those behind.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        count: int,
        length: float,
        middle: tuple[float, float],
        haze: tuple[float, float],
        water: Color,
        depths: int,
    ) -> None:
        random = generator(setting.seed, "shoal", name)
        self._middle = middle
        self._unit = setting.unit
        self._circling = bool(random.random() < 0.42)
        self._way = float(random.choice([-1, 1]))
        palette = setting.palette
        kind, shades = (
            (SARDINE, (palette.colors["fish"][0], palette.colors["fish"][1], palette.colors["fish"][0])),
            (FUSILIER, (palette.colors["fish"][2], palette.colors["fish"][1], palette.colors["fish"][3])),
            (ANTHIAS, (palette.colors["fish"][4], mix(palette.colors["fish"][4], (1, 1, 1), 0.25),
                       palette.colors["fish"][4])),
        )[int(random.choice(3, p=[0.45, 0.35, 0.2]))]  # fmt: skip
        self._banks = [
            Sprites(fishes(kind, length * (0.78 + 0.44 * step), _through(shades, water, haze, step), water))
            for step in ((np.arange(depths) + 0.5) / depths).tolist()
        ]
        self._reach = min(0.34 * setting.width, 640 * setting.unit)
        self._lag = np.abs(random.normal(0, 1, count)).astype(np.float32) * np.float32(0.24)
        self._aside = random.normal(0, 1, (2, count)).astype(np.float32)
        self._phase = random.uniform(0, 2 * np.pi, count).astype(np.float32)
        self._pace = random.uniform(0.85, 1.15, count).astype(np.float32)
        self._radius = np.sqrt(random.uniform(0.12, 1, count)).astype(np.float32)
        self._turns_s = float(random.uniform(1.6, 4.0))
        self._drift = float(random.uniform(0, 2 * np.pi))

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay the shoal over `target` as it is at `at_s` seconds, the farthest fish first."""
        places = self._circle(at_s) if self._circling else self._stream(at_s)
        speed = np.hypot(places.right, places.away) + np.float32(1e-3)
        squash = np.abs(places.right) / speed
        turn = np.abs(squash[:, None] - np.array(SQUASHES, np.float32)).argmin(axis=1)
        turn = turn + np.where(places.right < 0, len(SQUASHES), 0)
        beat = (np.float32(at_s * 5) * self._pace + self._phase).astype(np.int64) % BEATS
        # A fish that rolls in its turn throws the light of the surface back for a moment.
        flash = np.exp(-(((squash - 0.72) / 0.16) ** 2)) * (0.5 + 0.5 * np.sin(self._phase * 5 + np.float32(at_s * 2)))
        gain = 0.92 + 0.14 * np.sin(self._phase + np.float32(at_s * 1.3)) + 0.85 * flash
        depth = np.clip((places.near + 1) / 2 * len(self._banks), 0, len(self._banks) - 1).astype(np.int64)
        for index, bank in enumerate(self._banks):
            mine = depth == index
            bank.stamp(target, places.x[mine], places.y[mine], (turn * BEATS + beat)[mine], None, gain[mine])

    def _stream(self, at_s: float) -> _Places:
        """Follow a flat loop that lies in the depth of the picture, one after the other."""
        turn = np.pi / 2 + np.float32(0.26 * (at_s - self._turns_s)) * (0.96 + 0.04 * self._pace) - self._lag
        unit = np.float32(self._unit)
        spread = 1 + 0.25 * np.sin(np.float32(at_s * 0.4) + self._phase)
        x = self._middle[0] + self._way * (np.sin(turn) * np.float32(self._reach) + self._aside[0] * spread * unit * 60)
        y = (
            np.float32(self._middle[1])
            + np.sin(turn * 2 + np.float32(self._drift)) * 70 * unit
            + self._aside[1] * spread * unit * (42 + 22 * np.abs(np.cos(turn)))
            + np.sin(self._phase + np.float32(at_s * 1.1)) * 5 * unit
        )
        right, away = self._way * np.cos(turn), -np.sin(turn) * np.float32(0.75)
        near = np.clip(np.cos(turn) * 0.4 + self._aside[0] * 0.35, -1, 1)
        return _Places(x.astype(np.float32), y.astype(np.float32), near, right, away)

    def _circle(self, at_s: float) -> _Places:
        """Circle about an upright axis, the inner fish sooner round."""
        unit = np.float32(self._unit)
        turn = self._phase + np.float32(self._way * at_s * 0.85) * self._pace / (0.35 + 0.65 * self._radius)
        level = np.clip(self._aside[0] * 0.5, -1, 1)
        waist = 1 - 0.35 * (1 - level * level) * (0.5 + 0.5 * np.sin(np.float32(at_s * 0.3)))
        radius = self._radius * waist * 265 * unit
        sway = np.sin(np.float32(at_s * 0.25 + self._drift) + level * 0.9) * 60 * unit
        x = self._middle[0] + sway + np.cos(turn) * radius
        y = self._middle[1] + level * 215 * unit + np.sin(turn) * radius * np.float32(0.18) + self._aside[1] * 6 * unit
        right, away = -np.sin(turn) * self._way, np.cos(turn) * self._way
        return _Places(x.astype(np.float32), y.astype(np.float32), np.sin(turn) * self._radius, right, away)


def _through(
    shades: tuple[Color, Color, Color], water: Color, haze: tuple[float, float], near: float
) -> tuple[Color, Color, Color]:
    return hazy(shades, water, haze[0] + (haze[1] - haze[0]) * near)


class Dwellers:
    """A few fish of a reef, each about its own place: they loiter, turn, and loiter back.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    name : str
        Its own stream of random numbers.
    kind : Kind
        What they are.
    shades : tuple of Color
        Back, belly and paint.
    places : NDArray[np.float32]
        Where each one lives, ``(count, 2)``, in pixels.
    length : float
        In pixels.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        kind: Kind,
        shades: tuple[Color, Color, Color],
        places: NDArray[np.float32],
        length: float,
        water: Color,
    ) -> None:
        random = generator(setting.seed, "dwellers", name)
        self._bank = Sprites(fishes(kind, length, shades, water))
        self._places = places
        count = len(places)
        self._reach = random.uniform(50, 150, count).astype(np.float32) * np.float32(setting.unit)
        self._pace = random.uniform(0.22, 0.5, count).astype(np.float32)
        self._phase = random.uniform(0, 2 * np.pi, count).astype(np.float32)
        self._unit = setting.unit

    def draw(self, target: Planes, at_s: float, glide: float) -> None:
        """Lay them over `target`, the whole of which has moved `glide` pixels to the left."""
        turn = self._phase + self._pace * np.float32(at_s)
        span = np.float32(target.width + 400 * self._unit)
        x = (self._places[:, 0] - np.float32(glide)) % span - np.float32(200 * self._unit)
        x = x + np.sin(turn) * self._reach
        y = self._places[:, 1] + np.sin(turn * 2.3 + self._phase) * self._reach * np.float32(0.16)
        right, away = np.cos(turn), np.sin(turn) * np.float32(0.28)
        squash = np.abs(right) / (np.hypot(right, away) + np.float32(1e-3))
        side = np.abs(squash[:, None] - np.array(SQUASHES, np.float32)).argmin(axis=1)
        side = side + np.where(right < 0, len(SQUASHES), 0)
        beat = (np.float32(at_s * 4) + self._phase * 3).astype(np.int64) % BEATS
        self._bank.stamp(target, x, y, side * BEATS + beat)
