"""Silhouettes for the sea: sailing boats, islands, birds."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING


def _paint(shade: Color, alpha: float) -> tuple[int, int, int, int]:
    red, green, blue = (round(channel * 255) for channel in shade)
    return red, green, blue, round(alpha * 255)


def boats(period: int, height: int, places: list[tuple[float, float]], shade: Color, sail: Color) -> Image.Image:
    """Draw sailing boats over the lower edge of a strip, and their reflection below its middle.

    Parameters
    ----------
    period, height : int
        Size of the strip in pixels; the water line is half way down.
    places : list of (x, size)
        Where each boat is, and how tall, in pixels.
    shade, sail : Color
        Hull and sails.
    """
    scale = OVERSAMPLING
    picture = Image.new("RGBA", (period * scale, height * scale), _paint(shade, 0))
    line = height * scale // 2
    draw = ImageDraw.Draw(picture)
    for x, size in places:
        _boat(draw, x * scale, line, size * scale, 1.0, _paint(shade, 1), _paint(sail, 1))
        _boat(draw, x * scale, line, size * scale, -0.85, _paint(shade, 1), _paint(sail, 1))
    pixels = np.array(picture)
    deepest = max((size for _, size in places), default=1.0) * scale
    for row in range(line, pixels.shape[0]):
        depth = (row - line) / deepest
        sway = math.sin(depth * 34 + 2 * math.sin(depth * 11)) * deepest * 0.05 * min(1.0, depth * 2.5 + 0.05)
        pixels[row] = np.roll(pixels[row], round(sway), axis=0)
        # Ripples turned to the sky break the reflection up, more and more away from the boat.
        gap = 0.5 + 0.5 * math.sin(depth * 47 + 3 * math.sin(depth * 7))
        pixels[row, :, 3] = pixels[row, :, 3] * (max(0.0, 0.72 - 0.5 * depth) * (1 - 0.55 * min(1.0, depth) * gap))
    return Image.fromarray(pixels)


def _boat(
    draw: ImageDraw.ImageDraw,
    x: float,
    line: float,
    size: float,
    way: float,
    hull: tuple[int, int, int, int],
    sail: tuple[int, int, int, int],
) -> None:
    def at(right: float, up: float) -> tuple[float, float]:
        return x + right * size, line - up * size * way

    draw.polygon([at(-0.30, 0.10), at(0.36, 0.12), at(0.24, 0.0), at(-0.22, 0.0)], fill=hull)
    draw.polygon([at(-0.012, 0.1), at(0.012, 0.1), at(0.006, 1.0), at(-0.006, 1.0)], fill=hull)
    main = [
        at(-0.03 - 0.24 * bend * (1 - bend) * 4 * 0.25 - 0.24 * (1 - bend), 0.16 + 0.78 * bend)
        for bend in np.linspace(0, 1, 9)
    ]
    draw.polygon([at(-0.03, 0.16), *main], fill=sail)
    jib = [
        at(0.03 + 0.28 * (1 - bend) + 0.05 * math.sin(bend * math.pi), 0.15 + 0.68 * bend)
        for bend in np.linspace(0, 1, 9)
    ]
    draw.polygon([at(0.03, 0.15), *jib], fill=sail)


def islands(period: int, height: int, random: np.random.Generator, count: int) -> Floats:
    """Return the height of the land along a strip, in pixels, zero where there is only sea; tiles."""
    x = np.arange(period, dtype=np.float32)
    land = np.zeros(period, np.float32)
    rough = value_noise(random, 1, period, 1, 60)[0] * 0.6 + value_noise(random, 1, period, 1, 190)[0] * 0.4
    for _ in range(count):
        middle, reach = random.uniform(0, period), random.uniform(0.06, 0.17) * period
        away = np.abs((x - middle + period / 2) % period - period / 2) / reach
        hump = np.clip(1 - away**2, 0, 1) ** random.uniform(0.8, 1.6) * random.uniform(0.35, 1.0)
        land = np.maximum(land, (hump * height * (0.55 + 0.45 * rough)).astype(np.float32))
    return land


def land_strip(land: Floats, height: int, shade: Color, haze: Color) -> Image.Image:
    """Draw islands as a strip whose lower edge is the horizon, hazy at their feet."""
    scale = OVERSAMPLING
    period = len(land)
    ridge = np.interp(np.arange(period * scale) / scale, np.arange(period + 1), np.append(land, land[0])) * scale
    up = np.arange(height * scale, 0, -1, dtype=np.float32)[:, None] - 0.5
    alpha = np.clip(ridge[None, :] - up + 0.5, 0, 1)
    share = np.clip(1 - up / (height * scale), 0, 1)[..., None] * np.float32(0.45)
    rgb = np.array(shade, np.float32) * (1 - share) + np.array(haze, np.float32) * share
    pixels: NDArray[np.uint8] = np.empty((height * scale, period * scale, 4), np.uint8)
    pixels[..., :3] = (rgb * 255).astype(np.uint8)
    pixels[..., 3] = (alpha * 255).astype(np.uint8)
    return Image.fromarray(pixels)


def berth(land: Floats, wished: Floats, before: float, after: float) -> float | None:
    """Return the first of the `wished` places on a strip with open sea from `before` it to `after` it, in pixels."""
    reach = np.arange(-round(before), round(after) + 1)
    for place in wished.tolist():
        if not land[(round(place) + reach) % len(land)].any():
            return float(place)
    return None


def wing_beats(size: float, phases: int) -> list[Image.Image]:
    """Draw a bird from afar as masks, one for each phase of a wing beat."""
    scale = 4
    masks = []
    width, height = math.ceil(size * 2.4), math.ceil(size * 1.6)
    for phase in range(phases):
        lift = math.sin(2 * math.pi * phase / phases)
        mask = Image.new("L", (width * scale, height * scale), 0)
        draw = ImageDraw.Draw(mask)
        x, y = width * scale / 2, height * scale * 0.55
        span, thick = size * scale, max(2, round(size * scale * 0.085))
        for side in (-1, 1):
            elbow = (x + side * span * 0.45, y - span * (0.18 + 0.30 * lift))
            tip = (x + side * span * 1.05, y - span * (0.10 - 0.34 * -lift) + span * 0.05)
            draw.line([(x, y), elbow], fill=255, width=thick + 1, joint="curve")
            draw.line([elbow, tip], fill=255, width=thick, joint="curve")
        draw.ellipse((x - span * 0.16, y - span * 0.07, x + span * 0.16, y + span * 0.09), fill=255)
        masks.append(mask.resize((width, height), Image.Resampling.BOX))
    return masks
