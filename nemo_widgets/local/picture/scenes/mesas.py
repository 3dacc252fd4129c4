"""Mesas and buttes: tables of layered rock above slopes of rubble, and the cacti that grow before them."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.dunes import Drawn, Sand
from nemo_widgets.local.picture.scenes.land import enlarged
from nemo_widgets.local.picture.scenes.landform import Sun, look, shade
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of
from nemo_widgets.local.picture.scenes.relief import light_on
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.terrain import rolling

_TALUS = 0.40
"""Share of a mesa's height that is rubble."""
_LAYERS = 40


def draw_mesas(
    period: int, tall: float, cover: float, rock: Color, made_of: Sand, sun: Sun, mist: float, seed: int
) -> Drawn:
    """Draw a row of them.

    Parameters
    ----------
    period : int
        Width of the strip, in pixels of the frame.
    tall : float
        Height of the highest, in pixels.
    cover : float
        Share of the plain that they take, 0 to 1.
    rock : Color
        Their colour under white light.
    made_of : Sand
        The plain, and the light.
    sun : Sun
        Where light comes from.
    mist : float
        Share of air before them.
    seed : int
        What varies.
    """
    random = generator(seed, "mesas")
    depth, tilt = max(24, round(tall * 0.75)), 0.10
    rows = round(tall * 1.04 + depth * tilt + 4) // 2 * 2
    field = rolling(random, depth, period, 2, period / tall / 2.2) + 0.5 * rolling(
        random, depth, period, 4, period / tall * 1.6
    )
    rough = sum(
        rolling(random, depth, period, depth / tall * 6 * 2**octave, period / tall * 6 * 2.0**octave) * 0.55**octave
        for octave in range(4)
    )
    over = field - np.quantile(field, 1 - cover) + np.asarray(rough, np.float32) * np.float32(0.05)
    # Nothing is cut off where the plain begins.
    over -= 1.6 * (1 - smoothstep(0.0, 0.38, np.linspace(0, 1, depth, dtype=np.float32)))[:, None]
    tower = rolling(random, depth, period, 2, period / tall / 1.7)
    top = np.float32(0.74) + np.float32(0.26) * np.clip(tower, -1, 1)
    heights = np.float32(_TALUS) * smoothstep(-0.75, 0.04, over) ** 1.6
    heights += (top - np.float32(_TALUS)) * (0.72 * smoothstep(0.02, 0.07, over) + 0.28 * smoothstep(0.12, 0.17, over))
    heights *= np.float32(tall) * (1 - 0.9 * smoothstep(0.8, 1.0, np.linspace(0, 1, depth, dtype=np.float32)))[:, None]
    heights = np.ascontiguousarray(heights, np.float32)
    light = shade(heights, sun, tall * 0.08, 3.0)
    rgb = _paint(heights / np.float32(tall), rock, made_of, light.light, light.open, mist, random)
    view = look(heights, rows, tilt)
    seen = np.stack([view.of(np.ascontiguousarray(rgb[..., channel])) for channel in range(3)], axis=-1)
    size = (period * OVERSAMPLING, rows * OVERSAMPLING)
    return Drawn(enlarged(picture_of(seen, view.cover), size), view.top.astype(np.float32))


def _paint(
    high: Floats, rock: Color, made_of: Sand, light: Floats, open_: Floats, mist: float, random: np.random.Generator
) -> Floats:
    depth, period = high.shape
    layers = random.uniform(-1, 1, _LAYERS + 2).astype(np.float32)
    wave = rolling(random, depth, period, 3, period / depth * 2) * np.float32(0.012)
    bands = np.interp((high + wave) * _LAYERS, np.arange(_LAYERS + 2), layers).astype(np.float32)
    cliff = smoothstep(_TALUS * 0.92, _TALUS * 1.02, high)
    streaks = rolling(random, depth, period, 2, period / 5) * cliff
    sand = np.array(made_of.sand, np.float32)
    stone = np.array(rock, np.float32) * (1 + (bands * 0.17 + streaks * 0.06) * (0.35 + 0.65 * cliff))[..., None]
    ground = sand + (stone - sand) * smoothstep(0.015, 0.14, high)[..., None]
    sky = np.array(made_of.skylight, np.float32) * (0.5 + 0.7 * open_)[..., None]
    rgb = ground * (sky + np.array(made_of.sunlight, np.float32) * (light * 1.25)[..., None])
    veil = np.clip(mist + 0.22 * (1 - high), 0, 1)[..., None]
    mixed: Floats = rgb + (np.array(made_of.air, np.float32) - rgb) * veil
    return mixed


def cactus(size: float, skin: Color, sun: Color, way: float, random: np.random.Generator) -> Image.Image:
    """Draw a saguaro.

    Parameters
    ----------
    size : float
        Height in pixels.
    skin : Color
        Its colour.
    sun : Color
        The light on it.
    way : float
        Where light comes from: from the right (1) or from the left (-1).
    random : numpy.random.Generator
        For its arms.
    """
    fine = 3
    width, height = max(6, round(size * 0.86)), max(8, round(size * 1.02))
    mask = Image.new("L", (width * fine, height * fine), 0)
    ribs = Image.new("L", mask.size, 128)
    draw, lines = ImageDraw.Draw(mask), ImageDraw.Draw(ribs)
    tall, middle, floor = size * fine, width * fine / 2, float(height * fine)
    thick = tall * float(random.uniform(0.115, 0.14))
    # Its foot is round.
    draw.ellipse((middle - thick / 2, floor - thick * 0.3, middle + thick / 2, floor), fill=255)
    stems = [[(middle, floor - thick * 0.15), (middle, floor - tall * 0.93)]]
    widths = [thick]
    first = float(random.choice([-1, 1]))
    for arm in range(int(random.integers(1, 4))):
        side = first * (-1) ** arm
        low = floor - tall * float(random.uniform(0.34, 0.55) + 0.08 * (arm > 1))
        out = tall * float(random.uniform(0.19, 0.25)) * (1.0 if arm < 2 else 0.9)
        up = tall * float(random.uniform(0.20, 0.36))
        turn = [
            (middle + side * out * math.sin(step * math.pi / 12), low - out * 0.5 * (1 - math.cos(step * math.pi / 12)))
            for step in range(7)
        ]
        stems.append([(middle, low), *turn, (middle + side * out, low - out * 0.5 - up)])
        widths.append(thick * 0.72)
    for stem, broad in zip(stems, widths, strict=True):
        draw.line(stem, fill=255, width=round(broad), joint="curve")
        for x, y in (stem[0], stem[-1]) if len(stem) > 2 else (stem[-1],):
            draw.ellipse((x - broad / 2, y - broad / 2, x + broad / 2, y + broad / 2), fill=255)
        for rib in range(-2, 3):
            away = broad * rib * 0.19
            sign = 1 if stem[-1][0] >= middle else -1
            path = [(x + away, y + away * 0.4 * sign * (len(stem) > 2)) for x, y in stem]
            lines.line(path, fill=70, width=max(1, round(broad * 0.07)), joint="curve")
    small = mask.resize((width, height), Image.Resampling.BOX)
    grooves = np.asarray(ribs.resize((width, height), Image.Resampling.BOX)).astype(np.float32) / np.float32(128)
    light = light_on(small, size * 0.05, (0.9 * way, -0.3, 0.25))
    light = np.clip(light * 1.3 - 0.1, 0, 1)
    rgb = np.array(skin, np.float32) * (0.34 + light[..., None] * np.array(sun, np.float32)) * grooves[..., None]
    return picture_of(np.clip(rgb, 0, 1), np.asarray(small).astype(np.float32) / np.float32(255))


def shrub(size: float, leaf: Color, random: np.random.Generator) -> Image.Image:
    """Draw a tuft of dry grass or sage, `size` pixels wide."""
    fine = 3
    width, height = max(4, round(size)), max(3, round(size * 0.6))
    tuft = Image.new("RGBA", (width * fine, height * fine), (0, 0, 0, 0))
    draw = ImageDraw.Draw(tuft)
    for _ in range(120):
        lean = float(random.normal(0, 0.55))
        long = float(random.uniform(0.35, 0.98)) * height * fine * (1 - 0.25 * abs(lean))
        x = width * fine * (0.5 + float(random.normal(0, 0.07)))
        knee = (x + math.sin(lean) * long * 0.45, height * fine - long * 0.62)
        end = (x + math.sin(lean) * long * 1.15, height * fine - math.cos(lean) * long)
        tone = mix(leaf, (0, 0, 0) if random.random() < 0.4 else (1, 0.92, 0.70), float(random.uniform(0, 0.45)))
        shade_ = (*(round(channel * 255) for channel in tone), 255)
        draw.line([(x, height * fine), knee, end], fill=shade_, width=max(1, round(size * 0.009 * fine)))
    return tuft.resize((width, height), Image.Resampling.BOX)
