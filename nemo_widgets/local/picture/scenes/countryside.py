"""What stands behind a field: hills with trees, and a windmill, a farm or a church."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import clouds, value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING


def hills(
    period: int, height: int, near: Color, far: Color, tree: Color, woods: float, random: np.random.Generator
) -> tuple[Image.Image, Floats]:
    """Draw a strip of hills whose lower edge is the horizon of the field; return it and its line, in pixels.

    Parameters
    ----------
    period, height : int
        Size of the strip in pixels.
    near, far : Color
        The colour of the slopes below and above.
    tree : Color
        Of the woods.
    woods : float
        How much of the line they cover, 0 to 1.
    """
    scale = OVERSAMPLING
    waves = max(2, round(2.2 * period / 1920 * 1080 / max(1, height) * 0.16))
    line = np.zeros(period, np.float32)
    for fineness, share in ((1, 0.5), (2, 0.3), (5, 0.14), (11, 0.06)):
        line += value_noise(random, 1, period, 1, max(2, waves * fineness))[0] * np.float32(share)
    line = (0.25 + 0.5 * (line - line.min()) / max(1e-6, float(line.max() - line.min()))) * height
    wide, high = period * scale, height * scale
    tall = np.interp(np.arange(wide) / scale, np.arange(period + 1), np.append(line, line[0])) * scale
    up = np.arange(high, 0, -1, dtype=np.float32)[:, None] - 0.5
    alpha = np.clip(tall[None, :] - up + 0.5, 0, 1).astype(np.float32)
    share = np.clip(up / np.maximum(tall[None, :], 1), 0, 1)[..., None]
    patches = clouds(random, max(2, high // 4), max(2, wide // 4), 3, max(4, round(16 * wide / high / 6)), 3)
    relief = np.asarray(Image.fromarray(patches).resize((wide, high), Image.Resampling.BILINEAR))[..., None]
    rgb = np.array(near, np.float32) + (np.array(far, np.float32) - np.array(near, np.float32)) * share
    rgb = rgb * (0.92 + 0.16 * relief)
    picture = picture_of(np.clip(rgb, 0, 1), alpha)
    _woods(picture, tall.astype(np.float32), tree, far, woods, random)
    return picture, line.astype(np.float32)


def _woods(
    picture: Image.Image, tall: Floats, tree: Color, air: Color, woods: float, random: np.random.Generator
) -> None:
    """Plant round trees and some poplars along the line of the hills and down their slopes."""
    draw = ImageDraw.Draw(picture)
    wide, high = picture.size
    cover = value_noise(random, 1, 512, 1, 11)[0] * 0.7 + value_noise(random, 1, 512, 1, 37)[0] * 0.3
    count = round(wide / (high * 0.008 + 1))
    depth = np.sort(random.beta(0.7, 1.9, count))
    for x, down in zip(random.uniform(0, wide, count).tolist(), depth.tolist(), strict=True):
        # Woods lie along the line of the hills; lower down, hedges and single trees.
        dense = float(cover[int(x / wide * 511)]) - 0.5 * down
        if dense < 0.62 - 0.32 * woods:
            continue
        size = high * float(random.uniform(0.026, 0.058)) * (0.75 + 1.0 * down)
        foot = high - float(tall[int(x) % wide]) * (1 - 0.8 * down) + size * 0.2
        tone = mix(mix(tree, (0, 0, 0), float(random.uniform(0, 0.12))), air, 0.30 * (1 - down))
        if random.random() < 0.06:
            _crown(draw, x, foot - size * 1.2, size * 0.30, size * 1.5, tone, random)
        else:
            _crown(draw, x, foot - size * 0.5, size * float(random.uniform(0.7, 1.2)), size * 0.72, tone, random)


def _crown(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    half_x: float,
    half_y: float,
    tone: Color,
    random: np.random.Generator,
) -> None:
    """Draw a tree from afar: a dark lump, lighter lumps above."""
    for lump in range(7):
        turn, out = float(random.uniform(0, 6.3)), 0.55 if lump else 0.0
        px, py = x + math.cos(turn) * out * half_x, y + math.sin(turn) * out * half_y
        reach = 0.62 if lump else 0.8
        light = 0.07 * (y - py) / max(half_y, 1e-3)
        shade = mix(tone, (1, 1, 0.8), light) if light > 0 else mix(tone, (0, 0, 0), 0.06 - light)
        box = (px - half_x * reach, py - half_y * reach, px + half_x * reach, py + half_y * reach)
        draw.ellipse(box, fill=(*rgb8(shade), 255))


def windmill(size: int, wall: Color, roof: Color, lit: Color | None) -> Image.Image:
    """Draw the tower of a windmill without its sails, its foot at the middle of the lower edge."""
    fine = 3
    wide, high = round(size * 0.6) * fine, size * fine
    picture = Image.new("RGBA", (wide, high), (*rgb8(wall), 0))
    draw = ImageDraw.Draw(picture)
    middle = wide / 2

    def at(x: float, up: float) -> tuple[float, float]:
        return middle + x * high, high * (1 - up)

    draw.polygon([at(-0.17, 0), at(0.17, 0), at(0.105, 0.72), at(-0.105, 0.72)], fill=(*rgb8(wall), 255))
    draw.polygon(
        [at(0.02, 0), at(0.17, 0), at(0.105, 0.72), at(0.02, 0.72)], fill=(*rgb8(mix(wall, (0, 0, 0), 0.2)), 255)
    )
    draw.polygon([at(-0.25, 0.28), at(0.25, 0.28), at(0.22, 0.31), at(-0.22, 0.31)],
                 fill=(*rgb8(mix(roof, (0, 0, 0), 0.3)), 255))  # fmt: skip
    draw.polygon(
        [at(-0.12, 0.70), at(0.12, 0.70), at(0.09, 0.83), at(0.0, 0.89), at(-0.09, 0.83)], fill=(*rgb8(roof), 255)
    )
    pane = (*rgb8(lit or mix(wall, (0.1, 0.12, 0.16), 0.7)), 255)
    for up in (0.12, 0.40, 0.56):
        draw.rectangle((*at(-0.025, up + 0.06), *at(0.025, up)), fill=pane)
    return picture.resize((wide // fine, size), Image.Resampling.BOX)


def sails(size: int, turn: float, shade: Color) -> Image.Image:
    """Draw the four sails of a windmill, turned by `turn` of a full circle."""
    fine = 3
    side = size * 2 * fine
    picture = Image.new("RGBA", (side, side), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    half = side / 2
    for sail in range(4):
        angle = 2 * math.pi * (turn + sail / 4)
        across, along = math.cos(angle), math.sin(angle)

        def at(out: float, aside: float, across: float = across, along: float = along) -> tuple[float, float]:
            return half + (across * out - along * aside) * half, half + (along * out + across * aside) * half

        draw.line(
            [at(0, 0), at(0.98, 0)], fill=(*rgb8(mix(shade, (0, 0, 0), 0.4)), 255), width=max(1, round(half * 0.035))
        )
        draw.polygon([at(0.18, 0.02), at(0.97, 0.02), at(0.97, 0.17), at(0.18, 0.15)], fill=(*rgb8(shade), 255))
        for bar in np.linspace(0.26, 0.92, 6).tolist():
            draw.line([at(bar, 0.0), at(bar, 0.17)], fill=(*rgb8(mix(shade, (0, 0, 0), 0.35)), 255),
                      width=max(1, round(half * 0.014)))  # fmt: skip
    return picture.resize((size * 2, size * 2), Image.Resampling.BOX)


def farm(
    size: int, wall: Color, roof: Color, tree: Color, lit: Color | None, random: np.random.Generator
) -> Image.Image:
    """Draw a farmhouse with a barn, and slim cypresses beside it."""
    fine = 3
    wide, high = round(size * 2.4) * fine, size * fine
    picture = Image.new("RGBA", (wide, high), (*rgb8(wall), 0))
    draw = ImageDraw.Draw(picture)
    unit = float(high)

    def house(x: float, broad: float, tall: float, gable: float) -> None:
        top = unit - tall * unit
        shade = mix(wall, (0, 0, 0), 0.22)
        draw.rectangle((x, top, x + broad * unit, unit), fill=(*rgb8(wall), 255))
        draw.rectangle((x + broad * unit * 0.7, top, x + broad * unit, unit), fill=(*rgb8(shade), 255))
        eaves = broad * unit * 0.06
        draw.polygon([(x - eaves, top), (x + broad * unit + eaves, top), (x + broad * unit * 0.86, top - gable * unit),
                      (x + broad * unit * 0.14, top - gable * unit)], fill=(*rgb8(roof), 255))  # fmt: skip
        pane = (*rgb8(lit or mix(wall, (0.12, 0.14, 0.18), 0.72)), 255)
        for column in np.arange(0.14, broad - 0.1, 0.16).tolist():
            for level in np.arange(0.10, tall - 0.08, 0.17).tolist():
                left, base = x + column * unit, unit - level * unit
                draw.rectangle((left, base - 0.09 * unit, left + 0.055 * unit, base), fill=pane)

    start = unit * 0.7
    house(start + 0.75 * unit, 0.55, 0.26, 0.14)
    house(start, 0.85, 0.40, 0.17)
    for place in (0.10, 0.32, 0.52, *((2.05, 2.25) if random.random() < 0.7 else (2.1,))):
        x, tall, slim = place * unit, float(random.uniform(0.6, 0.97)) * unit, 0.055 * unit
        for step in np.linspace(0, 1, 30).tolist():
            reach = slim * math.sin(math.pi * (0.08 + 0.9 * (1 - step) ** 0.8)) ** 0.6 + 1
            y = unit - tall * step
            draw.ellipse(
                (x - reach, y - slim * 0.5, x + reach, y + slim * 0.6), fill=(*rgb8(mix(tree, (0, 0, 0), 0.15)), 255)
            )
            draw.ellipse((x - reach, y - slim * 0.5, x + reach * 0.1, y + slim * 0.4), fill=(*rgb8(tree), 255))
    return picture.resize((wide // fine, size), Image.Resampling.BOX)
