"""Abstract light: ribbons that flow and cross, and soft orbs, over a slow gradient."""

import numpy as np

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow

_SCALE = 4
_STRANDS = 5
_REACH = 0.36
_TAU = 2 * np.pi
_KNEE, _HEADROOM = 125.0, 92.0
"""Luma from which on light is held back, and what it may gain from there: crossings keep their colour and strands."""


class AbstractLight:
    """Ribbons of light. Everything is a full field, so it is computed at a quarter of the size."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._upscaler = Upscaler()
        self._day = setting.palette.light == "day"
        random = generator(setting.seed, "abstract_light")
        rows, columns = max(4, setting.height // _SCALE), max(4, setting.width // _SCALE)
        unit = min(rows, columns)
        self._x = (np.arange(columns, dtype=np.float32) / unit)[None, :]
        self._y = (np.arange(rows, dtype=np.float32) / unit)[:, None]
        self._high, self._wide = rows / unit, columns / unit
        self._ground = self._backdrop(rows, columns)
        shades = setting.palette.colors["ribbons"]
        lights = [yuv(np.array(shade, np.float32)) for shade in shades]
        self._lights = [(float(y) - 16, float(u) - 128, float(v) - 128) for y, u, v in lights]
        self._bends = random.uniform([0.5, 0.2, 0], [1.5, 0.6, _TAU], (len(shades), 4, 3)).astype(np.float32)
        self._height = random.permutation(np.linspace(0.22, 0.78, len(shades))).astype(np.float32)
        self._way = random.choice([-1.0, 1.0], len(shades))
        self._tilt = float(random.uniform(-0.35, 0.35))
        count = round(130 * setting.detail * self._wide * self._high / 1.78)
        self._dust = random.random((count, 4), dtype=np.float32)
        self._mote = Glow(3.2 * setting.unit + 1.2, 0.1)
        self._orb = Glow(22 * setting.unit + 2.5, 0.25)

    def _backdrop(self, rows: int, columns: int) -> tuple[Floats, Floats, Floats]:
        slope = self._x / self._wide * np.float32(0.45) + self._y / self._high * np.float32(0.55)
        rgb = ramp(self._setting.palette.gradient("ground"), slope)
        away = np.hypot(self._x / self._wide - 0.5, self._y / self._high - 0.5)
        vignette = np.float32(0.12 if self._day else 0.75) * away[..., None] ** np.float32(1.6)
        return yuv(rgb * (np.float32(1.0 if self._day else 1.05) - vignette))

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        y, u, v = (plane.copy() for plane in self._ground)
        for index, light in enumerate(self._lights):
            glow, rows = self._ribbon(index, at_s)
            tint = np.minimum(glow * np.float32(1.3 if self._day else 1), 1)
            if self._day:
                # On a bright ground light cannot add up: ribbons are veils of colour there.
                y[rows] += (np.float32(16 + light[0]) - y[rows]) * tint
            else:
                y[rows] += glow * np.float32(light[0])
            u[rows] += (np.float32(128 + light[1]) - u[rows]) * tint
            v[rows] += (np.float32(128 + light[2]) - v[rows]) * tint
        np.maximum(y, 16, out=y)
        if not self._day:
            _soften(y)
        self._upscaler.paint(target, y, u, v)
        self._drifting(target, at_s)

    def _ribbon(self, index: int, at_s: float) -> tuple[Floats, slice]:
        bends, way = self._bends[index], self._way[index]
        wave = np.zeros_like(self._x)
        spread = np.zeros_like(self._x)
        for order, (pitch, pace, phase) in enumerate(bends.tolist()):
            angle = self._x * np.float32(pitch * (order + 1) * 1.6) + np.float32(
                phase + way * pace * (order * 0.5 + 1) * at_s
            )
            wave += np.sin(angle) * np.float32(0.16 / (order + 1))
            spread += np.cos(angle * np.float32(0.83) + np.float32(at_s * 0.21)) * np.float32(0.5 / (order + 1))
        middle = (self._height[index] + np.float32(self._tilt) * (self._x / self._wide - 0.5)) * np.float32(
            self._high
        ) + wave
        breadth = np.float32(0.028) * (1.35 + spread)
        # Farther than this from the ribbon its light is less than one step of luma.
        rows = self._y[:, 0]
        top = int(np.searchsorted(rows, float(middle.min()) - _REACH))
        bottom = int(np.searchsorted(rows, float(middle.max()) + _REACH))
        y = self._y[top:bottom]
        veil = (y - middle) / (breadth * 3.4)
        veil *= veil
        glow = np.float32(0.30) / (1 + veil * (1 + veil))
        for strand in range(_STRANDS):
            offset = (strand / (_STRANDS - 1) - 0.5) * 2
            away = (y - (middle + breadth * np.float32(offset * 2.1))) * np.float32(1 / 0.011)
            away *= away
            away += 1
            glow += np.float32(0.34 - 0.05 * abs(offset)) / away
        shimmer = 0.72 + 0.28 * np.sin(self._x * 3.1 - np.float32(at_s * 1.3 * way) + index)
        glow *= shimmer.astype(np.float32)
        return glow, slice(top, bottom)

    def _drifting(self, target: Planes, at_s: float) -> None:
        place, pace, phase, size = self._dust.T
        x = (place + (0.006 + 0.02 * pace) * np.float32(at_s)) % 1 * target.width
        rise = (phase - (0.01 + 0.03 * size) * np.float32(at_s)) % 1
        y = rise * target.height + np.sin(at_s * 0.7 + phase * 20).astype(np.float32) * 8 * self._setting.unit
        twinkle = (0.45 + 0.55 * np.sin(at_s * (0.8 + 1.4 * pace) + phase * _TAU * 3)).clip(0, 1).astype(np.float32)
        shades = self._setting.palette.colors["ribbons"]
        large = size > 0.86
        # Glows that reach over the edge are not drawn; they fade before, so that none pops in.
        reach = np.float32(46 * self._setting.unit + 5)
        aside, ahead = np.minimum(x, target.width - x), np.minimum(y, target.height - y)
        shown = (np.minimum(aside, ahead) / reach - np.float32(0.5)).clip(0, 1) * twinkle
        for index, shade in enumerate(shades):
            mine = (np.arange(len(place)) % len(shades)) == index
            some = mine & ~large
            self._mote.stamp(
                target, x[some], y[some], twinkle[some] * np.float32(0.85), shade if self._day else paler(shade)
            )
            some = mine & large
            self._orb.stamp(target, x[some], y[some], shown[some] * np.float32(0.26), shade)


def _soften(light: Floats) -> None:
    """Bend everything above the knee towards a limit it never reaches, in place."""
    over = light - np.float32(_KNEE)
    np.maximum(over, 0, out=over)
    np.minimum(light, np.float32(_KNEE), out=light)
    kept = over + np.float32(_HEADROOM)
    over *= np.float32(_HEADROOM)
    over /= kept
    light += over


def paler(shade: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return `shade`, half way to white."""
    red, green, blue = shade
    return (red + 1) / 2, (green + 1) / 2, (blue + 1) / 2
