"""A planet from a low orbit before sunrise: cities on its night side, the sun behind its limb, air that glows."""

import numpy as np

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.globe import Ball, Globe
from nemo_widgets.local.picture.scenes.noise import smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.picture.scenes.plate import Plate
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.worlds import night_side

_REPEATS = 3
_AIR = 34.0
"""How high the blue air reaches, in pixels where the shorter side has 1080."""


def low_orbit(setting: Setting, random: np.random.Generator) -> tuple[Ball, tuple[float, float]]:
    """Choose where the planet lies, and where the sun comes up behind its limb, in pixels."""
    wide, high = setting.width, setting.height
    radius = 1.3 * max(wide, 0.8 * high)
    lean = float(random.uniform(-0.16, 0.16))
    top = high * float(random.uniform(0.52, 0.60))
    ball = Ball(wide * (0.5 + lean * 1.3), top + radius, radius, np.pi / 2 + lean, 0.0)
    x = wide * float(random.choice([random.uniform(0.24, 0.40), random.uniform(0.60, 0.76)]))
    limb = ball.y - float(np.sqrt(radius**2 - (x - ball.x) ** 2))
    return ball, (x, limb - 3 * setting.unit)


def compose(
    setting: Setting, plate: Plate, ball: Ball, star: tuple[float, float], random: np.random.Generator
) -> Globe:
    """Put the planet's night and its air on a plate; return what moves: its cities and clouds."""
    surface = night_side(random, setting.palette, max(24, min(720, round(0.9 * ball.radius))))
    box = ball.box(setting.width, setting.height, 1.0 + 260 * setting.unit / ball.radius)
    light = _air(setting, plate, ball, star, box)
    return Globe(ball, surface, light, box, fine=1.0, repeats=_REPEATS)


def _air(
    setting: Setting, plate: Plate, ball: Ball, star: tuple[float, float], box: tuple[int, int, int, int]
) -> Floats:
    """Put the planet's dark disc and the glow of its air on a plate; return how much of its night is seen."""
    palette, unit = setting.palette, setting.unit
    across, up, near, off = ball.normals(box)
    disc = np.clip((1 - off) * np.float32(ball.radius) + 0.5, 0, 1)
    height = (off - 1) * np.float32(ball.radius / unit)
    # How near the sun is, along the limb.
    bearing = np.arctan2(across, up) - float(np.arctan2(star[0] - ball.x, ball.y - star[1]))
    aside = bearing * np.float32(ball.radius / unit)
    dawn = (0.16 + 0.84 * np.exp(-((aside / 640) ** 2))).astype(np.float32)
    fire = np.exp(-((aside / 330) ** 2)).astype(np.float32)
    left, top = box[0], box[1]
    plate.over(palette["shade"], disc, left, top)
    outside, depth = np.clip(height, 0, None), np.clip(-height, 0, None)
    blue = np.exp(-outside / _AIR) * 0.85 + np.exp(-outside / 110) * 0.22
    haze = np.exp(-depth / 46) * 0.50 + np.exp(-depth / 240) * 0.10
    blue = np.clip(np.where(height > 0, blue, haze) * dawn, 0, 1)
    plate.over(palette["air"], blue, left, top)
    # Next to the sun the lowest air burns.
    rim = np.exp(-outside / 11) * np.exp(-depth / 8) * (0.25 + 0.75 * fire)
    rim += (np.exp(-outside / 46) * np.exp(-depth / 60)) * 0.36 * fire**2
    warm = np.clip(rim * dawn, 0, 1)
    plate.over(ramp(palette.gradient("dawn"), fire), warm, left, top)
    light: Floats = disc * (1 - blue) * (1 - warm) * smoothstep(0.02, 0.24, near)
    return light.astype(np.float32)
