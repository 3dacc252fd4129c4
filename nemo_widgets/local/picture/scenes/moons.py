"""Moons that go round a planet, before it and behind it, and rocks that tumble past."""

from math import cos, pi, sin

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.globe import Ball, Vector
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, picture_of
from nemo_widgets.local.picture.scenes.setting import Palette, Setting
from nemo_widgets.local.picture.scenes.sprites import Sprites
from nemo_widgets.local.picture.scenes.worlds import cratered, fractal

_PHASES = 4
"""Places between two pixels at which a moon is kept ready, in each direction: it moves slowly."""
_TURNS = 28
"""Pictures of a rock in one turn."""
_KINDS = 2
"""Rocks of one size."""


class Moons:
    """One or two moons of a planet.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `moon`.
    ball : Ball
        The planet.
    toward : tuple of float
        The direction of the light.
    nearest : float
        The smallest orbit, in radii of the planet.
    """

    def __init__(self, setting: Setting, ball: Ball, toward: Vector, nearest: float) -> None:
        random = generator(setting.seed, "space", "moons")
        self._ball = ball
        self._moons: list[tuple[Sprites, float, float, float, float]] = []
        for index in range(int(random.integers(1, 3))):
            radius = max(2.0, ball.radius * float(random.uniform(0.07, 0.12)) * (1 - 0.3 * index))
            far = nearest + 0.45 + 0.5 * index + float(random.uniform(0, 0.2))
            start = float(random.uniform(0.62, 0.98)) * pi + pi * float(random.integers(0, 2))
            pace = 2 * pi / (80 + 50 * index) * float(random.choice([-1, 1]))
            rise = float(random.uniform(-0.25, 0.25))
            self._moons.append((_drawn(setting.palette, radius, toward, random), far, start, pace, rise))

    def draw(self, target: Planes, at_s: float, front: bool) -> None:
        """Lay those over `target` that are before the planet, or those behind it."""
        ball = self._ball
        for sprites, far, start, pace, rise in self._moons:
            turn = start + pace * at_s
            near = sin(turn)
            if (near > 0) != front:
                continue
            right, up = cos(turn) * far, -near * far * sin(ball.pitch) + rise * cos(turn)
            across = right * cos(ball.roll) - up * sin(ball.roll)
            above = right * sin(ball.roll) + up * cos(ball.roll)
            x, y = ball.x + across * ball.radius, ball.y - above * ball.radius
            whole_x, whole_y = np.floor(x), np.floor(y)
            phase = int((y - whole_y) * _PHASES) * _PHASES + int((x - whole_x) * _PHASES)
            sprites.stamp(
                target, np.array([whole_x], np.float32), np.array([whole_y], np.float32), np.array([phase], np.intp)
            )


def _drawn(palette: Palette, radius: float, toward: Vector, random: np.random.Generator) -> Sprites:
    """Draw a cratered moon at all places between two pixels."""
    rows = max(24, min(400, round(radius * 3)))
    relief = fractal(random, rows, 4, 5) * np.float32(rows * 0.012) + cratered(random, rows, 190)
    ground = ramp(palette.gradient("moon"), np.clip(0.5 + 0.42 * fractal(random, rows, 3, 5), 0, 1))
    down, across = np.gradient(relief)
    slope = np.asarray(down * toward[1] - across * toward[0], np.float32)
    bumps = np.clip(1 + slope * np.float32(1.3), 0.35, 1.6)
    surface = np.clip(ground * bumps[..., None], 0, 1)
    side = 2 * int(radius) + 6
    pictures = []
    for phase in range(_PHASES * _PHASES):
        step = 1 / _PHASES
        middle = side / 2
        ball = Ball(middle + phase % _PHASES * step, middle + phase // _PHASES * step, radius, 0.3, 0.2)
        whole = (0, 0, side, side)
        pictures.append(_lit(ball, whole, surface, toward))
    return Sprites(pictures)


def _lit(ball: Ball, box: tuple[int, int, int, int], surface: Floats, toward: Vector) -> Image.Image:
    right, up, near, off = ball.normals(box)
    rows, columns = surface.shape[:2]
    row = np.clip((0.5 - np.arcsin(np.clip(up, -1, 1)) / pi) * rows, 0, rows - 1).astype(np.intp)
    column = ((np.arctan2(right, near + 1e-6) / (2 * pi) + 0.5) * columns).astype(np.intp) % columns
    facing = right * toward[0] + up * toward[1] + near * toward[2]
    light = 0.03 + 0.97 * smoothstep(-0.06, 0.30, facing) * (0.45 + 0.55 * np.clip(facing, 0, 1))
    alpha = np.clip((1 - off) * ball.radius + 0.5, 0, 1)
    return picture_of(np.clip(surface[row, column] * light[..., None].astype(np.float32), 0, 1), alpha)


class Rocks:
    """Asteroids that tumble past the eye, the near ones fast and large.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours: `moon`.
    pace : float
        How fast the nearest pass, in pixels a second; positive is to the left.
    toward : tuple of float
        The direction of the light.
    """

    def __init__(self, setting: Setting, pace: float, toward: Vector) -> None:
        random = generator(setting.seed, "space", "rocks")
        unit = setting.unit
        self._layers: list[tuple[Sprites, Floats, float]] = []
        for count, size, speed in ((9, 9, 0.30), (5, 19, 0.55), (2, 46, 1.0)):
            kinds = [
                _tumbling(setting.palette, max(3.0, size * unit * float(random.uniform(0.8, 1.25))), toward, random)
                for _ in range(_KINDS)
            ]
            places = random.random((count, 5), dtype=np.float32)
            places[:, 0] = (np.arange(count) + places[:, 0] * np.float32(0.8)) / count
            self._layers.append((Sprites([picture for kind in kinds for picture in kind]), places, speed))
        self._pace = pace
        self._margin = 90 * unit + 8
        self._lean = float(random.uniform(-0.16, 0.16))

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        for sprites, places, speed in self._layers:
            wide = (target.width + 2 * self._margin) * (1.0 if speed < 0.9 else 1.7)
            x = (places[:, 0] * wide - self._pace * speed * at_s * (0.8 + 0.4 * places[:, 3])) % wide - self._margin
            # They come in a stream: low on one side, high on the other.
            level = 0.80 + self._lean * (x / target.width * 2 - 1) + (places[:, 1] - 0.5) * np.float32(0.34)
            turn = (places[:, 2] + at_s * (0.05 + 0.09 * places[:, 4]) / (0.4 + speed)) % 1
            which = (places[:, 4] * (_KINDS - 0.01)).astype(np.intp) * _TURNS + (turn * _TURNS).astype(np.intp) % _TURNS
            y = level * target.height
            sprites.stamp(target, x.astype(np.float32), y.astype(np.float32), which)


def _tumbling(palette: Palette, size: float, toward: Vector, random: np.random.Generator) -> list[Image.Image]:
    """Draw a lump of rock as it turns."""
    waves = [
        (count, float(random.uniform(0.03, 0.16) / count**0.7), float(random.uniform(0, 6.3))) for count in range(2, 9)
    ]
    flat = float(random.uniform(0.62, 0.9))
    pits = random.uniform(-0.8, 0.8, (7, 2)).astype(np.float32)
    deep = random.uniform(0.12, 0.30, 7).astype(np.float32)
    half = int(size * 1.5) + 2
    y, x = np.mgrid[-half:half, -half:half].astype(np.float32) / np.float32(size)
    dark, light = palette.colors["moon"][0], palette.colors["moon"][-1]
    pictures = []
    for step in range(_TURNS):
        angle = 2 * pi * step / _TURNS
        right, down = x * cos(angle) + y * sin(angle), (y * cos(angle) - x * sin(angle)) / flat
        bearing = np.arctan2(down, right)
        reach = 1 + sum(high * np.sin(count * bearing + start) for count, high, start in waves)
        off = np.hypot(right, down) / reach
        height = np.sqrt(np.clip(1 - off * off, 0, 1))
        for (pit_x, pit_y), wide in zip(pits.tolist(), deep.tolist(), strict=True):
            away = np.hypot(right - pit_x, down - pit_y) / wide
            height = (
                height - 0.55 * wide * np.clip(1 - away * away, 0, 1) + 0.10 * wide * np.exp(-(((away - 1) / 0.2) ** 2))
            )
        slope_y, slope_x = np.gradient(height * size)
        facing = (-slope_x * toward[0] + slope_y * toward[1] + toward[2] + 0.12) / np.sqrt(slope_x**2 + slope_y**2 + 1)
        lit = (0.04 + 0.96 * smoothstep(-0.10, 1.0, facing.astype(np.float32)))[..., None]
        rgb = (np.array(dark, np.float32) * (1 - lit * 0.5) + np.array(light, np.float32) * lit * 0.5) * lit * 0.85
        alpha = np.clip((1 - off) * size + 0.5, 0, 1)
        pictures.append(picture_of(np.clip(rgb, 0, 1), alpha.astype(np.float32)))
    return pictures
