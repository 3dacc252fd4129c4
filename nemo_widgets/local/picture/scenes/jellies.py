"""Jellyfish that glow: bells that pulse, and tentacles that trail behind them."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.dots import light_dots
from nemo_widgets.local.picture.scenes.ink import Ink
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix, picture_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sprites import Sprites

_PULSES = 24
_STRANDS = 7
_BEADS = 34


class Jellies:
    """A few jellyfish, drifting upwards.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; the palette has ``jelly``.
    """

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "jellies")
        unit = setting.unit
        count = int(random.integers(4, 8))
        self._unit = unit
        self._place = random.uniform(0.05, 0.95, count)
        self._height = random.uniform(0, 1, count)
        self._phase = random.uniform(0, 2 * np.pi, count)
        self._pace = random.uniform(0.7, 1.25, count)
        self._size = np.sort(random.uniform(46, 118, count)) * unit
        shades = setting.palette.colors["jelly"]
        self._shades = [shades[int(index)] for index in random.integers(0, len(shades), count)]
        self._bells = [
            Sprites([_bell(max(4.0, float(size)), pulse / _PULSES, shade) for pulse in range(_PULSES)])
            for size, shade in zip(self._size, self._shades, strict=True)
        ]
        self._halos = [
            Ink(_halo(max(2, round(float(size) * 1.7))), shade)
            for size, shade in zip(self._size, self._shades, strict=True)
        ]
        self._bead = 0.7 + 0.9 * unit

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay them over `target`."""
        for index, bell in enumerate(self._bells):
            size = float(self._size[index])
            beat = at_s * 1.9 * float(self._pace[index]) + float(self._phase[index])
            span = target.height + 5 * size
            rise = at_s * 17 * self._unit * float(self._pace[index]) + 5 * self._unit * np.sin(beat)
            y = (float(self._height[index]) * span - rise) % span - 1.5 * size
            x = (
                float(self._place[index]) * target.width
                + np.sin(at_s * 0.3 + float(self._phase[index])) * 40 * self._unit
            )
            pulse = round(beat / (2 * np.pi) * _PULSES) % _PULSES
            halo = self._halos[index]
            halo.lay(target, round(x - halo.width / 2) // 2 * 2, round(y - halo.height / 2) // 2 * 2, 0.42)
            at = np.array([x], np.float32), np.array([y], np.float32)
            self._tentacles(target, index, float(x), y, beat)
            bell.stamp(target, *at, np.array([pulse]))

    def _tentacles(self, target: Planes, index: int, x: float, y: float, beat: float) -> None:
        size = float(self._size[index])
        down = np.linspace(0, 1, _BEADS, dtype=np.float32)[:, None]
        root = np.linspace(-0.8, 0.8, _STRANDS, dtype=np.float32)[None, :]
        breadth = size * (0.50 + 0.06 * np.sin(beat))
        wave = np.sin(down * 7 - np.float32(beat * 0.8) + root * 3) * down * np.float32(size * 0.16)
        long = 1.5 + 0.7 * np.cos(root * 5 + index)
        across = x + root * np.float32(breadth) * (1 - 0.35 * down) + wave
        below = y + np.float32(size * 0.22) + down * np.float32(size) * long
        bright = (1 - down) ** 1.2 * np.float32(0.6) * np.ones_like(root)
        shade = mix(self._shades[index], (1, 1, 1), 0.15)
        flat: list[Floats] = [part.astype(np.float32).ravel() for part in (across, below, bright)]
        light_dots(target, flat[0], flat[1], flat[2], shade, self._bead)


def _halo(reach: int) -> Image.Image:
    """Draw the light that one throws on the water about it, as a mask."""
    across = (np.arange(-reach, reach, dtype=np.float32) + 0.5) / reach
    away = np.clip(1 - np.hypot(across[None, :], across[:, None]), 0, 1)
    return Image.fromarray((away**2.2 * 255).astype(np.uint8))


def _bell(size: float, pulse: float, shade: Color) -> Image.Image:
    """Draw the bell at one moment of its pulse: wide and flat, then narrow and tall."""
    squeeze = np.sin(2 * np.pi * pulse)
    half_x, top, skirt = size * (0.60 + 0.07 * squeeze), size * (0.50 - 0.07 * squeeze), size * 0.20
    reach = int(np.ceil(size * 0.74))
    y, x = np.mgrid[-reach:reach, -reach:reach].astype(np.float32) + 0.5
    u = x / half_x
    v = np.where(y < 0, y / top, y / skirt)
    radius = np.sqrt(u * u + v * v)
    edge = np.clip((1 - radius) * size * 0.3, 0, 1)
    rim = np.exp(-(((radius - 0.93) / 0.07) ** 2))
    ribs = 0.5 + 0.5 * np.cos(np.arcsin(np.clip(u / np.maximum(np.sqrt(np.clip(1 - v * v, 0, 1)), 0.05), -1, 1)) * 9)
    heart = np.exp(-(((np.hypot(x, (y + top * 0.25) * 1.3) / size - 0.16) / 0.07) ** 2))
    frill = np.clip(1 - np.abs(y - skirt * 0.2) / (size * 0.09), 0, 1) * (np.abs(u) < 0.96)
    alpha = edge * np.clip(0.22 + 0.55 * rim + 0.16 * ribs * (y < 0) + 0.45 * heart + 0.35 * frill, 0, 0.95)
    white = np.clip(0.55 * rim + 0.6 * heart + 0.2 * ribs, 0, 0.9)[..., None]
    rgb = np.array(shade, np.float32) * (1 - white) + white
    return picture_of(rgb.astype(np.float32), np.clip(alpha, 0, 1).astype(np.float32))
