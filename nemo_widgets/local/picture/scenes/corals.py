"""Corals, sponges and sea fans: each a picture of its own, its foot at the middle of the lower edge."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import clouds, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.relief import light_on

Coral = Callable[[int, Color, np.random.Generator], Image.Image]
"""Draws one of about so many pixels across, in one colour."""


def _lit(mask: Image.Image, rgb: Floats, roundness: float) -> Image.Image:
    alpha = np.asarray(mask, np.float32) / np.float32(255)
    light = light_on(mask, roundness)
    fall = np.linspace(1.08, 0.62, alpha.shape[0], dtype=np.float32)[:, None]
    shade = rgb * ((0.32 + 0.86 * light) * fall)[..., None]
    shade = shade + (1 - shade) * (np.clip(light - 0.72, 0, 1) * 0.5)[..., None]
    return picture_of(np.clip(shade, 0, 1), alpha)


def brain(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a dome with a maze of ridges."""
    wide, high = size, max(4, round(size * float(random.uniform(0.5, 0.72))))
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    u, v = (x + 0.5) / wide * 2 - 1, 1 - (y + 0.5) / high
    rough = value_noise(random, 1, wide, 1, 9)[0] * 0.10
    inside = 1 - np.abs(u) ** 2.4 - (v * (1.04 + rough)) ** 2.2
    alpha = np.clip(inside * size * 0.16, 0, 1)
    pitch = max(2, round(size / 26))
    maze = value_noise(random, high, wide, max(2, round(high / pitch / 1.5)), max(2, round(wide / pitch / 1.5)))
    ridge = 0.5 + 0.5 * np.sin(maze * 15)
    rgb = np.array(shade, np.float32) * (0.62 + 0.55 * ridge)[..., None]
    return _lit(Image.fromarray((alpha * 255).astype(np.uint8)), rgb, size * 0.16)


def staghorn(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a thicket of antlers with pale tips."""
    wide, high = round(size * 1.25), round(size * 0.95)
    picture = Image.new("RGBA", (wide, high), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    branches: list[tuple[float, float, float, float, float, int]] = []

    def grow(x: float, y: float, turn: float, long: float, thick: float, order: int) -> None:
        end_x, end_y = x + math.sin(turn) * long, y - math.cos(turn) * long
        branches.append((x, y, end_x, end_y, thick, order))
        if order >= 4 or thick < 1.2:
            return
        for way in (-1, 1):
            if random.random() < 0.93:
                spread = turn * 0.86 + way * float(random.uniform(0.22, 0.62))
                grow(end_x, end_y, spread, long * float(random.uniform(0.66, 0.88)), thick * 0.76, order + 1)

    for start in np.linspace(-0.8, 0.8, 6).tolist():
        turn = start * 0.95 + float(random.normal(0, 0.1))
        grow(
            wide / 2 + start * size * 0.11, float(high), turn, size * float(random.uniform(0.22, 0.30)), size * 0.052, 0
        )
    order = random.permutation(len(branches))
    for index in order.tolist():
        x, y, end_x, end_y, thick, level = branches[index]
        depth = float(random.uniform(-0.42, 0.1))
        tone = mix(shade, (0, 0, 0), -depth) if depth < 0 else mix(shade, (1, 1, 1), depth)
        _stick(draw, (x, y), (end_x, end_y), thick, mix(tone, (0, 0, 0), 0.45))
        lift = thick * 0.16
        _stick(draw, (x - lift, y - lift), (end_x - lift, end_y - lift), thick * 0.6, tone)
        if level >= 3:
            tip = thick * 0.42
            spot = (end_x - tip, end_y - tip, end_x + tip, end_y + tip)
            draw.ellipse(spot, fill=(*rgb8(mix(shade, (1, 1, 0.95), 0.72)), 255))
    return picture


def _stick(
    draw: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], thick: float, shade: Color
) -> None:
    fill = (*rgb8(shade), 255)
    draw.line([start, end], fill=fill, width=max(1, round(thick)))
    for x, y in (start, end):
        draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=fill)


def table(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw plates on a short stem, one above the other."""
    wide, high = round(size * 1.3), round(size * 0.74)
    picture = Image.new("RGBA", (wide, high), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    levels = [(0.16, 1.0), (0.46, 0.66)][: 1 + int(random.random() < 0.6)]
    for level, share in reversed(levels):
        x = wide / 2 + float(random.uniform(-0.10, 0.10)) * size
        half, top = size * 0.62 * share, high * level + size * 0.06
        stem = mix(shade, (0, 0, 0), 0.62)
        draw.polygon([(x - half * 0.5, top), (x + half * 0.5, top), (x + size * 0.09, high), (x - size * 0.09, high)],
                     fill=(*rgb8(stem), 255))  # fmt: skip
        turns = np.linspace(0, 2 * np.pi, 90, endpoint=False)
        wave = 1 + 0.05 * np.interp(turns, np.linspace(0, 2 * np.pi, 22), random.uniform(-1, 1, 22), period=2 * np.pi)
        thick = size * 0.045
        for lower, tone in ((thick, mix(shade, (0, 0, 0), 0.5)), (0.0, mix(shade, (1, 1, 0.9), 0.12))):
            rim = [
                (x + float(np.cos(turn) * half * grow), top + lower + float(np.sin(turn) * half * 0.17 * grow))
                for turn, grow in zip(turns, wave, strict=True)
            ]
            draw.polygon(rim, fill=(*rgb8(tone), 255))
        for _ in range(round(size * 0.9)):
            turn, out = float(random.uniform(0, 2 * np.pi)), math.sqrt(float(random.uniform(0, 1)))
            spot_x, spot_y = x + math.cos(turn) * half * out, top + math.sin(turn) * half * 0.16 * out
            tone = mix(shade, (1, 1, 0.9), 0.45) if random.random() < 0.6 else mix(shade, (0, 0, 0), 0.35)
            reach = max(0.8, size * 0.008)
            box = (spot_x - reach, spot_y - reach * 2.6, spot_x + reach, spot_y + reach * 0.6)
            draw.ellipse(box, fill=(*rgb8(tone), 255))
    return picture


def fan(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a sea fan: fine branches in one plane."""
    wide, high = round(size * 1.15), size
    picture = Image.new("RGBA", (wide, high), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    reach = size * float(random.uniform(0.86, 0.98))

    def grow(x: float, y: float, turn: float, long: float, thick: float) -> None:
        for _ in range(4):
            bend = turn + float(random.normal(0, 0.12))
            end_x, end_y = x + math.sin(bend) * long / 4, y - math.cos(bend) * long / 4
            tone = mix(mix(shade, (0, 0, 0), 0.3), (1, 1, 1), 0.26 * (1 - min(1.0, thick / (size * 0.03))))
            draw.line([(x, y), (end_x, end_y)], fill=(*rgb8(tone), 255), width=max(1, round(thick)))
            x, y = end_x, end_y
            if math.hypot((x - wide / 2) / 1.12, y - high) > reach * (1 - 0.16 * float(random.random())):
                return
            if thick > size * 0.0075:
                way = float(random.choice([-1, 1]))
                grow(x, y, bend + way * float(random.uniform(0.35, 0.75)), long * float(random.uniform(0.55, 0.78)),
                     thick * 0.62)  # fmt: skip

    for turn in (-0.5, -0.12, 0.28, 0.62):
        grow(wide / 2, float(high), turn + float(random.normal(0, 0.05)), size * 0.72, size * 0.028)
    return picture


def tubes(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a bundle of tube sponges."""
    wide, high = round(size * 0.95), size
    picture = Image.new("RGBA", (wide, high), (*rgb8(shade), 0))
    bumps = 0.78 + 0.4 * value_noise(random, high, wide, max(2, high // 7), max(2, wide // 7))
    rows, columns = np.mgrid[:high, :wide].astype(np.float32)
    count = int(random.integers(4, 8))
    for index in np.argsort(-random.uniform(0, 1, count)).tolist():
        tall = round(high * float(random.uniform(0.42, 0.98)))
        half = size * float(random.uniform(0.07, 0.105))
        lean = (index / max(1, count - 1) - 0.5) * 0.55 + float(random.normal(0, 0.04))
        up = (high - rows) / tall
        middle = wide / 2 + lean * size * (0.35 + 0.65 * up)
        breadth = half * (0.72 + 0.36 * up**1.5)
        u = (columns - middle) / breadth
        body = np.clip((1 - np.abs(u)) * breadth + 0.5, 0, 1) * (up <= 1)
        light = 0.42 + 0.55 * np.sqrt(np.clip(1 - u * u, 0, 1)) - 0.22 * u
        rgb = np.array(shade, np.float32) * (light * bumps * (0.62 + 0.42 * np.clip(up, 0, 1)))[..., None]
        lip = half * 1.08
        ring = ((columns - wide / 2 - lean * size) / lip) ** 2 + ((rows - high + tall) / (lip * 0.36)) ** 2
        mouth = smoothstep(1.0, 0.85, ring)
        hole = smoothstep(0.62, 0.5, ring)
        alpha = np.maximum(body, mouth)
        rgb += (np.array(mix(shade, (1, 1, 1), 0.42), np.float32) - rgb) * mouth[..., None]
        rgb += (np.array(mix(shade, (0, 0, 0), 0.8), np.float32) - rgb) * hole[..., None]
        picture.alpha_composite(picture_of(np.clip(rgb, 0, 1), np.clip(alpha, 0, 1)))
    return picture


def anemone(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a tuft of tentacles with pale, round tips."""
    wide, high = round(size * 1.2), round(size * 0.66)
    picture = Image.new("RGBA", (wide, high), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    count = 110
    order = np.sort(random.uniform(0, 1, count))
    for front in order.tolist():
        start = float(random.uniform(-1, 1))
        x, y = wide / 2 + start * size * 0.34, high * (0.72 + 0.22 * front)
        turn = start * 0.95 + float(random.normal(0, 0.28))
        long = size * float(random.uniform(0.26, 0.44)) * (1.1 - 0.4 * front)
        bend = float(random.normal(0, 0.5))
        tone = mix(mix(shade, (0, 0, 0), 0.55), shade, 0.25 + 0.75 * front)
        thick = max(1.0, size * 0.024)
        last = (x, y)
        for step in np.linspace(0.2, 1, 5).tolist():
            here = (x + math.sin(turn + bend * step) * long * step, y - math.cos(turn + bend * step) * long * step)
            _stick(draw, last, here, thick, mix(tone, (1, 1, 1), 0.14 * step))
            last = here
        tip = thick * 0.8
        spot = (last[0] - tip, last[1] - tip, last[0] + tip, last[1] + tip)
        draw.ellipse(spot, fill=(*rgb8(mix(tone, (1, 0.98, 0.92), 0.62)), 255))
    return picture


def rock(size: int, shade: Color, random: np.random.Generator) -> Image.Image:
    """Draw a boulder overgrown with crusts."""
    wide, high = round(size * 1.4), round(size * 0.72)
    x = np.linspace(-1, 1, wide, dtype=np.float32)
    hump = np.clip(1 - np.abs(x) ** 2.6, 0, 1) ** 0.6
    hump *= 0.72 + 0.28 * value_noise(random, 1, wide, 1, 6)[0] + 0.10 * (value_noise(random, 1, wide, 1, 23)[0] - 0.5)
    up = np.arange(high, 0, -1, dtype=np.float32)[:, None]
    alpha = np.clip(hump[None, :] * high - up, 0, 1)
    grain = clouds(random, high, wide, 5, 9, 5)
    crust = smoothstep(0.52, 0.6, clouds(random, high, wide, 4, 7, 4))
    rgb = np.array(mix(shade, (0.12, 0.13, 0.14), 0.62), np.float32) * (0.5 + 0.8 * grain)[..., None]
    rgb += (np.array(shade, np.float32) * (0.5 + 0.5 * grain)[..., None] - rgb) * (crust * 0.55)[..., None]
    return _lit(Image.fromarray((alpha * 255).astype(np.uint8)), rgb, size * 0.14)


CORALS: tuple[tuple[Coral, float, float], ...] = (
    (brain, 0.85, 0.17),
    (staghorn, 1.15, 0.22),
    (table, 1.3, 0.13),
    (fan, 1.25, 0.13),
    (tubes, 1.05, 0.13),
    (anemone, 0.8, 0.12),
    (rock, 1.1, 0.10),
)
"""Each with its usual size, as a share of the row's, and how often it grows."""
