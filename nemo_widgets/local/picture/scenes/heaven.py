"""A sky by day, at dusk or by night: its gradient, the sun or the moon, and clouds that drift and are lit."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.moon import Moon
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow

_SCALE = 4
_THROUGH = np.float32(0.6)
"""How much of the moon clouds hide: it shines through them."""


class Heaven:
    """The upper part of a frame.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; the palette has ``sky``, ``sun``, ``halo`` and ``cloud`` (bright and dull).
    rows : int
        How many rows of the frame it fills, even.
    sun : tuple of float
        Where the sun or the moon stands, in pixels.
    cover : float
        How much of the sky clouds take, 0 to 1.
    """

    def __init__(self, setting: Setting, rows: int, sun: tuple[float, float], cover: float) -> None:
        random = generator(setting.seed, "heaven")
        palette, unit = setting.palette, setting.unit
        self._rows = rows
        self._upscaler = Upscaler()
        high, wide = max(2, rows // _SCALE), max(2, setting.width // _SCALE)
        y = np.arange(high, dtype=np.float32)[:, None] / high
        rgb = ramp(palette.gradient("sky"), y * np.ones((1, wide), np.float32))
        x0, y0 = sun[0] / _SCALE, sun[1] / _SCALE
        py, px = np.mgrid[:high, :wide].astype(np.float32)
        away = np.hypot(px + 0.5 - x0, py + 0.5 - y0) * np.float32(_SCALE / (1080 * unit))
        night, dusk = palette.light == "night", palette.light == "dusk"
        radius = 0.045
        self._moon = Moon(setting, rows, _SCALE, sun, palette["sun"]) if night else None
        halo, disc = np.array(palette["halo"], np.float32), np.array(palette["sun"], np.float32)
        wide_glow = np.exp(-away / np.float32(0.16 if night else 0.34)) * np.float32(0.45 if night else 0.8)
        rgb += (halo - rgb) * wide_glow[..., None]
        hot = np.exp(-away / np.float32(0.05)) * np.float32(0.5 if night else 0.9)
        # Narrower than a point and a half, its edge would show the points.
        soft = max(0.06 * radius, 0.75 * _SCALE / (1080 * unit))
        edge = smoothstep(radius + soft, radius - soft, away) * np.float32(dusk)
        rgb += (disc - rgb) * np.maximum(hot, edge)[..., None]
        self._base = yuv(np.clip(rgb, 0, 1))
        puffs = clouds(random, high, wide * 2, 4, max(3, round(7 * wide / high * 0.5)), 6)
        low = 0.66 - 0.26 * cover
        veil = smoothstep(low, low + 0.20, puffs) * (0.95 - 0.2 * y)
        lift = np.roll(puffs, max(1, high // 18), axis=0) - np.roll(puffs, -max(1, high // 30), axis=0)
        self._veil = veil.astype(np.float32)
        self._dull = (np.clip(0.48 + lift * 3.6, 0, 1) * veil).astype(np.float32)
        self._through = (1 - 0.75 * edge).astype(np.float32)
        bright, dull = (yuv_of(shade) for shade in palette.colors["cloud"])
        # Near the sun clouds take its colour.
        tint = yuv_of(palette["halo"])
        warm = np.exp(-away / np.float32(0.42)) * np.float32(0.15 if night else 0.8)
        self._bright = [np.float32(lit) + np.float32(near - lit) * warm for lit, near in zip(bright, tint, strict=True)]
        self._under = [np.float32(shade - lit) for shade, lit in zip(dull, bright, strict=True)]
        self._drift = float(random.choice([-1, 1])) * float(random.uniform(1.6, 2.8)) * unit
        self._stars: Floats | None = None
        if night:
            count = round(150 * setting.detail * setting.width / (1920 * unit))
            self._stars = random.random((count, 3), dtype=np.float32)
            self._star = Glow(1.3 * unit + 0.9, 0.1)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the sky at `at_s` seconds."""
        period = self._veil.shape[1]
        shift = (self._drift * at_s) % period
        index = (np.arange(period // 2 + 1) + int(shift)) % period
        part = np.float32(shift - int(shift))
        veil = between(self._veil, index, part) * self._through
        dull = between(self._dull, index, part) * self._through
        sky = target.band(0, self._rows)
        y, u, v = (
            base + (bright - base) * veil + under * dull
            for base, bright, under in zip(self._base, self._bright, self._under, strict=True)
        )
        self._upscaler.paint(sky, np.clip(y, 16, 235), u, v)
        if self._stars is not None:
            across, down, size = self._stars.T
            twinkle = 0.7 + 0.3 * np.sin(np.float32(at_s * 2.1) + np.arange(len(size)) * 2.1)
            strength = (size**2.5 * 0.85 + 0.1) * (1 - down) * twinkle
            self._star.stamp(
                sky, across * target.width, down * self._rows, strength.astype(np.float32), (0.92, 0.95, 1.0)
            )
        if self._moon is not None:
            self._moon.draw(sky, veil * _THROUGH)


def between(field: Floats, index: NDArray[np.integer], part: np.floating) -> Floats:
    """Return the columns `index` of a field but the last, each blended with the next."""
    window = field[:, index]
    seen: Floats = window[:, 1:] - window[:, :-1]
    seen *= part
    seen += window[:, :-1]
    return seen
