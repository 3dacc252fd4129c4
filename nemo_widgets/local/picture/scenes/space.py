"""A planet in space: it turns under the light of its star, with moons and rings, before gas and stars."""

import numpy as np

from nemo_widgets.local.picture.scenes import dawn
from nemo_widgets.local.picture.scenes.globe import Ball, Globe, Vector
from nemo_widgets.local.picture.scenes.moons import Moons, Rocks
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.plate import Plate
from nemo_widgets.local.picture.scenes.rings import Rings
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.starfield import SCALE, Gas, Stars
from nemo_widgets.local.picture.scenes.starlight import Star
from nemo_widgets.local.picture.scenes.travellers import Drifter, Rocket
from nemo_widgets.local.picture.scenes.worlds import surface_of

_TOWARD_EYE: dict[Light, float] = {"day": 0.62, "dusk": 0.22, "night": 0.42}
"""How far the light comes from behind the eye: 1 is full, 0 a half planet."""


class Space:
    """Hanging in space before a planet."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "space")
        palette, unit = setting.palette, setting.unit
        side = float(random.choice([-1, 1]))
        plate = Plate(setting.width, setting.height)
        pace = 16 * unit * -side
        low = "dawn" in palette.colors
        if low:
            ball, place = dawn.low_orbit(setting, random)
            toward = _toward(ball, place, -0.3)
            side = 1.0 if place[0] < setting.width / 2 else -1.0
        else:
            ringed = "ring" in palette.colors and random.random() < 0.8
            ball, place = _portrait(setting, side, ringed, random)
            toward = _toward(ball, place, _TOWARD_EYE[palette.light])
        self._star = Star(setting, place, low)
        shine = self._star.shine(SCALE)
        self._gas = Gas(setting, shine, pace * 0.22)
        self._stars = Stars(setting, pace, (1 - shine) ** 2)
        nearest = 1.15
        if low:
            self._globe = dawn.compose(setting, plate, ball, place, random)
            self._pace = float(random.uniform(0.8, 1.2)) / 420
        else:
            rings = Rings(ball, palette.gradient("ring"), toward, random) if ringed else None
            self._globe = _compose(setting, plate, ball, toward, rings, random)
            self._pace = float(random.uniform(0.9, 1.2)) / 150 * side
            nearest = rings.outer if rings is not None else nearest
        self._still = plate.seal()
        self._moons = None if low else Moons(setting, ball, toward, nearest)
        self._rocks = None if low else Rocks(setting, pace * 2.6, toward)
        self._rocket = Rocket(setting, toward, side)
        self._drifter = Drifter(setting, (setting.width * (0.5 - side * 0.29 * (1 - 1.8 * low)), setting.height * 0.42))

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._gas.draw(target, at_s)
        self._stars.draw(target, at_s)
        self._star.draw(target, at_s)
        if self._moons is not None:
            self._moons.draw(target, at_s, front=False)
        self._still.draw(target)
        self._globe.draw(target, self._pace * at_s)
        if self._moons is not None:
            self._moons.draw(target, at_s, front=True)
        self._star.flare(target, at_s)
        self._drifter.draw(target, at_s)
        if self._rocks is not None:
            self._rocks.draw(target, at_s)
        self._rocket.draw(target, at_s)


def _portrait(
    setting: Setting, side: float, ringed: bool, random: np.random.Generator
) -> tuple[Ball, tuple[float, float]]:
    """Choose where a whole planet hangs, and its star on the other side."""
    tall = setting.height > setting.width
    radius = max(8.0, setting.unit * float(random.uniform(300, 370)) * (0.84 if ringed else 1.06))
    ball = Ball(
        setting.width * (0.5 + side * float(random.uniform(0.06, 0.14)) * (0.4 if tall else 1)),
        setting.height * float(random.uniform(0.47, 0.56)),
        radius,
        # It leans so that the star shines on the face of its rings that is seen.
        float(random.uniform(-0.22, 0.50)) * side,
        float(random.uniform(0.22, 0.36)),
    )
    return ball, (setting.width * (0.5 - side * float(random.uniform(0.38, 0.44))), setting.height * 0.13)


def _toward(ball: Ball, star: tuple[float, float], near: float) -> Vector:
    """Return the direction in which a star lies, seen from a globe."""
    right, up = star[0] - ball.x, ball.y - star[1]
    long = float(np.hypot(right, up)) / (1 - near * near) ** 0.5
    return right / long, up / long, near


def _compose(
    setting: Setting, plate: Plate, ball: Ball, toward: Vector, rings: Rings | None, random: np.random.Generator
) -> Globe:
    """Put what stands still of a planet on a plate: its dark side, its air, its rings; return what turns."""
    palette = setting.palette
    surface = surface_of(palette)(random, palette, max(16, min(720, round(1.6 * ball.radius))))
    box = ball.box(setting.width, setting.height, 1.35)
    across, up, near, off = ball.normals(box)
    disc = np.clip((1 - off) * np.float32(ball.radius) + 0.5, 0, 1)
    facing = across * np.float32(toward[0]) + up * np.float32(toward[1]) + near * np.float32(toward[2])
    day = smoothstep(-0.10, 0.34, facing)
    left, top = box[0], box[1]
    covered: Floats = np.zeros_like(disc)
    if rings is not None:
        ring_box = ball.box(setting.width, setting.height, rings.outer)
        tone, dense, front = rings.layer(ring_box)
        plate.over(tone, dense * (1 - front), ring_box[0], ring_box[1])
    # The air: outside of the limb it glows where the star shines, inside it veils the ground.
    beyond = np.maximum(off - 1, 0)
    glow = (np.exp(-beyond / 0.013) * 0.70 + np.exp(-beyond / 0.07) * 0.25) * smoothstep(-0.25, 0.55, facing)
    veil = (0.10 + 0.85 * (1 - near) ** 2.6) * smoothstep(-0.22, 0.42, facing)
    plate.over(palette["shade"], disc, left, top)
    plate.over(palette["air"], np.where(off > 1, glow, veil).astype(np.float32), left, top)
    if rings is not None:
        before = dense * front
        plate.over(tone, before, ring_box[0], ring_box[1])
        whole = np.zeros((setting.height, setting.width), np.float32)
        whole[ring_box[1] : ring_box[3], ring_box[0] : ring_box[2]] = before
        covered = whole[box[1] : box[3], box[0] : box[2]]
        day = day * (1 - 0.8 * rings.shadow((across, up, near)))
    light = day * (0.42 + 0.58 * np.clip(facing, 0, 1) ** 0.7) * (1 - veil) * (1 - covered) * disc
    return Globe(ball, surface, light.astype(np.float32), box)
