"""Hot-air balloons, striped and lit, that drift and bob; by night their burners make them glow."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites

_GORES = 16
_HIGH = 1.42
"""Height over the breadth of the envelope, basket and all."""


def balloon(
    size: int, stripes: tuple[Color, ...], pattern: int, light: tuple[float, float, float], glow: Color | None
) -> Image.Image:
    """Draw one, `size` pixels broad.

    Parameters
    ----------
    size : int
        Breadth in pixels.
    stripes : tuple of Color
        Its colours.
    pattern : int
        0 for upright stripes, 1 for rings, 2 for zigzags.
    light : tuple of float
        Where light comes from: from the right, from above, from the side of the eye.
    glow : Color or None
        What the burner lights it with from within, by night.
    """
    wide, high = size, round(size * _HIGH)
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    up = (y + 0.5) / size
    middle = np.float32(wide / 2)
    # A ball above, drawn in to the mouth below.
    round_ = np.sqrt(np.clip(1 - ((up - 0.5) / 0.5) ** 2, 0, 1)) * 0.5
    neck = 0.5 * (1 - smoothstep(0.5, 1.22, up))
    half = np.where(up < 0.5, round_, neck) * (up < 1.08) * np.float32(size)
    across = (x + np.float32(0.5) - middle) / np.maximum(half, 1e-3)
    cover = np.clip((1 - np.abs(across)) * np.maximum(half, 1) + 0.5, 0, 1) * (half > 0.5)
    inside = np.clip(across, -1, 1)
    turn = np.arcsin(inside) / np.float32(math.pi) + np.float32(0.5)
    gore = turn * (_GORES / 2)
    if pattern == 0:
        index = np.floor(gore)
    elif pattern == 1:
        index = np.floor(up * 6.5)
    else:
        index = np.floor(up * 7 + np.abs(gore % 2 - 1) * 0.9)
    shades = np.array(stripes, np.float32)[index.astype(np.intp) % len(stripes)]
    seam = 1 - 0.16 * np.exp(-(((gore - np.rint(gore)) / 0.07) ** 2))
    bulge = 1 - 0.10 * np.cos(2 * math.pi * gore)
    front = np.sqrt(np.clip(1 - inside * inside, 0, 1))
    rise = np.clip((0.5 - up) / 0.5, -1, 1)
    norm = math.sqrt(sum(part * part for part in light))
    facing = (inside * light[0] + rise * light[1] * 0.8 + front * light[2]) / norm
    bright = np.clip(0.60 + 0.52 * facing, 0.25, 1.12) * seam * bulge
    rgb = shades * bright[..., None]
    if glow is not None:
        within = np.exp(-(((up - 0.95) / 0.55) ** 2)) * (0.5 + 0.5 * front) * bulge
        rgb = rgb + shades * np.array(glow, np.float32) * (within * 1.25)[..., None]
    picture = picture_of(np.clip(rgb, 0, 1), cover.astype(np.float32))
    _basket(picture, size)
    return picture


def _basket(picture: Image.Image, size: int) -> None:
    fine = 4
    part = Image.new("RGBA", (picture.width * fine, round(size * 0.34) * fine), (58, 38, 26, 0))
    draw = ImageDraw.Draw(part)
    scale = size * fine
    middle, top = part.width / 2, 0.05 * scale
    for side in (-1, -0.35, 0.35, 1):
        draw.line(
            [(middle + side * 0.075 * scale, top), (middle + side * 0.055 * scale, top + 0.17 * scale)],
            fill=(50, 40, 36, 255), width=max(1, round(0.007 * scale)),
        )  # fmt: skip
    draw.rounded_rectangle(
        (middle - 0.062 * scale, top + 0.15 * scale, middle + 0.062 * scale, top + 0.25 * scale),
        0.015 * scale, fill=(92, 58, 34, 255),
    )  # fmt: skip
    draw.rectangle(
        (middle - 0.068 * scale, top + 0.145 * scale, middle + 0.068 * scale, top + 0.168 * scale),
        fill=(54, 34, 22, 255),
    )
    for aside in (-0.025, 0.02):
        x = middle + aside * scale
        draw.ellipse(
            (x - 0.014 * scale, top + 0.112 * scale, x + 0.014 * scale, top + 0.14 * scale), fill=(40, 30, 34, 255)
        )
        draw.rectangle(
            (x - 0.017 * scale, top + 0.136 * scale, x + 0.017 * scale, top + 0.16 * scale), fill=(44, 40, 60, 255)
        )
    small = part.resize((picture.width, round(size * 0.34)), Image.Resampling.BOX)
    picture.alpha_composite(small, (0, max(0, picture.height - small.height)))


class Balloons:
    """A few of them at one distance.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; the palette has ``balloon``.
    name : str
        Its own stream of random numbers.
    sizes : tuple of float
        Their breadths, in pixels.
    places : list of (float, float)
        Where each one is at first, as shares of the frame.
    light : tuple of float
        As for `balloon`.
    air : float
        Share of air before them.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        sizes: tuple[float, ...],
        places: list[tuple[float, float]],
        light: tuple[float, float, float],
        air: float,
    ) -> None:
        random = generator(setting.seed, "balloons", name)
        palette = setting.palette
        shades = palette.colors["balloon"]
        night = palette.light == "night"
        glow: Color | None = palette["burner"] if night else None
        pictures = []
        for index, size in enumerate(sizes):
            first = int(random.integers(len(shades)))
            second = (first + 1 + int(random.integers(len(shades) - 1))) % len(shades)
            stripes = (shades[first], shades[second], shades[first], mix(shades[second], (1, 1, 1), 0.55))
            drawn = balloon(max(4, round(size)), stripes[: 2 + 2 * (index % 2)], int(random.integers(3)), light, glow)
            veil = Image.new("RGBA", drawn.size, (*rgb8(palette["air"]), 255))
            veiled = Image.blend(drawn, veil, air)
            veiled.putalpha(drawn.getchannel("A"))
            pictures.append(veiled)
        self._sprites = Sprites(pictures)
        self._size = np.array(sizes, np.float32)
        self._x = np.array([x for x, _ in places], np.float32) * np.float32(setting.width)
        self._y = np.array([y for _, y in places], np.float32) * np.float32(setting.height)
        self._phase = random.uniform(0, 6.28, len(sizes)).astype(np.float32)
        self._drift = random.uniform(-0.05, 0.05, len(sizes)).astype(np.float32) * self._size
        self._halo = Glow(max(3.0, 0.75 * max(sizes)), 0.0) if night else None
        self._flame: Color = palette["burner"] if night else (1.0, 1.0, 1.0)

    def draw(self, target: Planes, at_s: float, offset: float) -> None:
        """Lay them over `target`; the eye has moved `offset` pixels to the right."""
        margin = self._size * 1.2
        span = target.width + 2 * margin
        x: Floats = (self._x + self._drift * np.float32(at_s) - np.float32(offset) + margin) % span - margin
        bob = np.sin(self._phase + np.float32(0.5 * at_s)) * self._size * np.float32(0.05)
        y: Floats = self._y + bob
        which = np.arange(len(self._x))
        if self._halo is not None:
            burst = 0.5 + 0.5 * np.sin(self._phase * 5 + np.float32(1.3 * at_s))
            gain = (0.75 + 0.45 * burst**3).astype(np.float32)
            self._halo.stamp(target, x, y + self._size * np.float32(0.1), gain * np.float32(0.34), self._flame)
            self._sprites.stamp(target, x, y, which, gain=gain)
            return
        self._sprites.stamp(target, x, y, which)
