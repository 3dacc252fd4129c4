"""Silhouettes for the sea: sailing boats, islands, birds, palm leaves."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nemo_widgets.local.scenes.noise import value_noise
from nemo_widgets.local.scenes.planes import Color, Floats
from nemo_widgets.local.scenes.strip import OVERSAMPLING


def _paint(shade: Color, alpha: float) -> tuple[int, int, int, int]:
    red, green, blue = (round(channel * 255) for channel in shade)
    return red, green, blue, round(alpha * 255)


def boats(period: int, height: int, places: list[tuple[float, float]], shade: Color, sail: Color) -> Image.Image:
    """Draw sailing boats over the lower edge of a strip, and their reflection below its middle.

    Parameters
    ----------
    period, height : int
        Size of the strip in pixels; the water line is at two thirds of the height.
    places : list of (x, size)
        Where each boat is, and how tall, in pixels.
    shade, sail : Color
        Hull and sails.
    """
    scale = OVERSAMPLING
    picture = Image.new("RGBA", (period * scale, height * scale), _paint(shade, 0))
    line = height * scale * 2 / 3
    draw = ImageDraw.Draw(picture)
    for x, size in places:
        for way, alpha in ((-0.42, 0.5), (1.0, 1.0)):
            _boat(draw, x * scale, line, size * scale, way, _paint(shade, alpha), _paint(sail, alpha))
    pixels = np.array(picture)
    below = np.arange(pixels.shape[0]) > line
    depth = (np.arange(pixels.shape[0]) - line) / scale
    gaps = 0.55 + 0.45 * np.sin(depth * 1.7 + np.sin(depth * 0.6) * 2)
    pixels[below, :, 3] = (pixels[below, :, 3] * gaps[below, None]).astype(np.uint8)
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


def palm(size: int, random: np.random.Generator) -> Image.Image:
    """Draw a palm that leans in from the left edge, as a mask of `size` by `size` pixels."""
    scale = 2
    whole = size * scale
    mask = Image.new("L", (whole, whole), 0)
    draw = ImageDraw.Draw(mask)
    crown = (whole * 0.42, whole * 0.34)
    for step in np.linspace(0, 1, 90):
        x = -0.04 * whole + (crown[0] + 0.04 * whole) * step**1.5
        y = whole * 1.03 + (crown[1] - whole * 1.03) * step
        thick = whole * (0.024 - 0.013 * step) * (1 + 0.05 * math.sin(step * 150))
        draw.ellipse((x - thick, y - thick, x + thick, y + thick), fill=255)
    for angle in (-1.95, -1.5, -1.05, -0.6, -0.1, 0.42, 0.9, 1.4, 1.9):
        _frond(draw, crown, angle + float(random.uniform(-0.12, 0.12)), whole * float(random.uniform(0.34, 0.46)))
    for index in range(4):
        x, y = crown[0] + whole * 0.014 * (index - 1.5), crown[1] + whole * (0.02 + 0.006 * (index % 2))
        draw.ellipse((x - whole * 0.013, y - whole * 0.013, x + whole * 0.013, y + whole * 0.013), fill=255)
    return mask.resize((size, size), Image.Resampling.BOX)


def _frond(draw: ImageDraw.ImageDraw, crown: tuple[float, float], angle: float, length: float) -> None:
    """Draw one leaf: a spine that rises at `angle` from upright and bends down, with narrow leaflets that hang."""
    steps = 30
    spine = []
    for step in np.linspace(0, 1, steps).tolist():
        x = crown[0] + math.sin(angle) * length * step * (1 - 0.18 * step)
        y = crown[1] - math.cos(angle) * length * step * 0.9 + length * 0.66 * step**2.1
        spine.append((x, y))
    draw.line(spine, fill=255, width=max(2, round(length * 0.018)), joint="curve")
    for index in range(2, steps - 1):
        (x, y), (next_x, next_y) = spine[index], spine[index + 1]
        along = math.atan2(next_y - y, next_x - x)
        leaf = length * 0.23 * math.sin(math.pi * (0.14 + 0.80 * index / steps)) ** 0.7
        half = length * 0.013
        for side in (-1, 1):
            turn = along + side * 0.62
            tip = (x + math.cos(turn) * leaf, y + math.sin(turn) * leaf + leaf * 0.30)
            base = math.cos(along) * half, math.sin(along) * half
            draw.polygon([(x - base[0], y - base[1]), (x + base[0], y + base[1]), tip], fill=255)
    end = spine[-1]
    draw.line([spine[-2], (2 * end[0] - spine[-2][0], 2 * end[1] - spine[-2][1])], fill=255, width=2)
