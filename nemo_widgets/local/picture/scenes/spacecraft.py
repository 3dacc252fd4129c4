"""What people send into space: a rocket, a satellite, an astronaut, as pictures that look to the right."""

from math import pi

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.relief import light_on

_FINE = 3
_BLACK: Color = (0.0, 0.0, 0.0)


def rocket(length: int, hull: Color, trim: Color, toward: tuple[float, float]) -> Image.Image:
    """Draw a rocket that flies to the right.

    Parameters
    ----------
    length : int
        In pixels; the picture is as long, and 0.44 of it high.
    hull, trim : Color
        Of the body, and of its nose and fins.
    toward : tuple of float
        Where light comes from: along the rocket, and up; of length below 1.
    """
    wide, high = length * _FINE, round(length * 0.44) * _FINE
    x = (np.arange(wide, dtype=np.float32)[None, :] + 0.5) / wide
    y = (np.arange(high, dtype=np.float32)[:, None] + 0.5 - high / 2) / np.float32(wide)
    # The body: a nozzle, a tail that widens, a nose that narrows.
    along = np.clip((x - 0.10) / 0.90, 0, 1)
    girth = np.where(x < 0.10, 0.045 + 0.02 * (0.10 - x) / 0.10, 0.098 * np.sqrt(np.clip(1 - along**3.2, 0, 1)))
    girth = np.where((x >= 0.10) & (along < 0.3), girth * (0.70 + along), girth)
    inside = (np.abs(y) < girth) & (x > 0.03)
    across = np.clip(-y / np.maximum(girth, 1e-4), -1, 1)
    round_ = np.sqrt(1 - across * across)
    light = np.clip(
        0.16 + 0.62 * np.clip(across * toward[1] + round_ * 0.62, 0, 1) + 0.30 * np.clip(across, 0, 1) ** 6, 0, 1
    )
    light = light + 0.55 * np.exp(-(((across - 0.45 * np.sign(toward[1] + 1e-6)) / 0.16) ** 2)) * 0.5
    rgb = np.broadcast_to(np.array(hull, np.float32), (high, wide, 3)).copy()
    nose, band = np.array(trim, np.float32), np.array(mix(hull, _BLACK, 0.35), np.float32)
    rgb[np.broadcast_to(x > 0.80, (high, wide))] = nose
    for start, end, shade in ((0.785, 0.80, band), (0.36, 0.372, band), (0.20, 0.25, nose), (0.0, 0.10, band * 0.55)):
        rgb[np.broadcast_to((x >= start) & (x < end), (high, wide))] = shade
    for middle, reach in ((0.66, 0.042), (0.53, 0.030)):
        off = np.hypot(x - middle, y)
        rgb[off < reach] = band * 0.8
        glass = off < reach * 0.74
        rgb[glass] = np.array((0.16, 0.34, 0.50), np.float32)
        rgb[np.hypot(x - middle - reach * 0.2, y + reach * 0.25) < reach * 0.24] = (0.86, 0.95, 1.0)
    body = picture_of(np.clip(rgb * light[..., None], 0, 1), inside.astype(np.float32))
    picture = Image.new("RGBA", body.size, (*rgb8(mix(trim, _BLACK, 0.5)), 0))
    draw = ImageDraw.Draw(picture)
    for up in (-1, 1):
        lit = 0.95 if up * toward[1] > 0 else 0.50
        points = [(0.40, 0.09), (0.16, 0.215), (0.02, 0.215), (0.10, 0.06)]
        outline = [(px * wide, high / 2 - up * py * wide) for px, py in points]
        draw.polygon(outline, fill=(*rgb8(mix(_BLACK, trim, lit)), 255))
    picture.alpha_composite(body)
    fin = [(0.36, 0.006), (0.30, 0.018), (0.03, 0.016), (0.03, -0.016), (0.30, -0.018), (0.36, -0.006)]
    ImageDraw.Draw(picture).polygon(
        [(px * wide, high / 2 - py * wide) for px, py in fin], fill=(*rgb8(mix(_BLACK, trim, 0.72)), 255)
    )
    return picture.resize((length, high // _FINE), Image.Resampling.BOX)


def burning(craft: Image.Image, shade: Color, random: np.random.Generator, count: int) -> list[Image.Image]:
    """Put a flame behind a rocket, in `count` pictures with the rocket in their middle: shown in turn, it flickers."""
    length = craft.width
    room = round(length * 1.5)
    wide, high = length + 2 * room, craft.height
    x = (np.arange(wide, dtype=np.float32)[None, :] - room - length * 0.04) / np.float32(length)
    y = (np.arange(high, dtype=np.float32)[:, None] + 0.5 - high / 2) / np.float32(length)
    hot = np.array(mix(shade, (1, 1, 1), 0.85), np.float32)
    pictures = []
    for _ in range(count):
        behind = np.clip(-x, 0, None)
        sway = 0.006 * np.sin(behind * 22 + float(random.uniform(0, 6.3))) * behind
        long = 0.55 * float(random.uniform(0.85, 1.1))
        girth = 0.052 * np.exp(-behind * 1.1) + 0.004
        core = np.exp(-(((y + sway) / girth) ** 2) * 1.6) * np.clip(1 - behind / long, 0, 1) ** 0.8
        plume = (
            np.exp(-(((y + sway * 2) / (0.05 + 0.055 * behind)) ** 2)) * np.clip(1 - behind / 1.45, 0, 1) ** 2 * 0.55
        )
        alpha = np.clip(core + plume, 0, 1) * (x < 0)
        rgb = np.array(shade, np.float32) + (hot - np.array(shade, np.float32)) * np.clip(core * 1.25, 0, 1)[..., None]
        picture = picture_of(rgb, alpha.astype(np.float32))
        picture.alpha_composite(craft, (room, 0))
        pictures.append(picture)
    return pictures


def satellite(size: int, hull: Color, panel: Color) -> Image.Image:
    """Draw a satellite with two wings of solar cells and a dish; it is `size` pixels wide and half as high."""
    wide, high = size * _FINE, size * _FINE // 2
    picture = Image.new("RGBA", (wide, high), (*rgb8(panel), 0))
    draw = ImageDraw.Draw(picture)
    middle = high * 0.5
    steel = (*rgb8(mix(hull, _BLACK, 0.3)), 255)
    draw.rectangle((wide * 0.04, middle - wide * 0.006, wide * 0.96, middle + wide * 0.006), fill=steel)
    for start in (0.02, 0.62):
        left, right, top, bottom = wide * start, wide * (start + 0.36), middle - wide * 0.10, middle + wide * 0.10
        draw.rectangle((left, top, right, bottom), fill=(*rgb8(mix(hull, _BLACK, 0.15)), 255))
        for column in range(6):
            for row in range(2):
                x, y = left + (right - left) * (column + 0.06) / 6, top + (bottom - top) * (row + 0.05) / 2
                tone = mix(mix((0.05, 0.10, 0.30), (0.28, 0.50, 0.86), 0.16 * column), (1, 1, 1), 0.10 * (row == 0))
                draw.rectangle((x, y, x + (right - left) * 0.145, y + (bottom - top) * 0.44), fill=(*rgb8(tone), 255))
    for line in range(10):
        shade = mix(mix(panel, (1, 1, 1), 0.45), mix(panel, _BLACK, 0.55), line / 9)
        top = middle - wide * 0.12 + wide * 0.024 * line
        draw.rectangle((wide * 0.42, top, wide * 0.58, top + wide * 0.024), fill=(*rgb8(shade), 255))
    draw.rectangle((wide * 0.485, middle - wide * 0.20, wide * 0.50, middle - wide * 0.12), fill=steel)
    draw.pieslice(
        (wide * 0.40, middle - wide * 0.285, wide * 0.58, middle - wide * 0.135), 10, 190, fill=(*rgb8(hull), 255)
    )
    draw.ellipse(
        (wide * 0.405, middle - wide * 0.238, wide * 0.58, middle - wide * 0.192),
        fill=(*rgb8(mix(hull, _BLACK, 0.25)), 255),
    )
    return picture.resize((size, high // _FINE), Image.Resampling.BOX)


def astronaut(size: int, hull: Color, trim: Color) -> Image.Image:
    """Draw an astronaut who floats; the picture is `size` pixels wide and high."""
    side = size * _FINE
    unit = side / 100
    total = Image.new("RGBA", (side, side), (*rgb8(hull), 0))

    def part(shade: Color, draw_it: list[tuple[str, list[tuple[float, float]], float]], roundness: float) -> None:
        mask = Image.new("L", (side, side), 0)
        ink = ImageDraw.Draw(mask)
        for kind, points, reach in draw_it:
            at = [(x * unit, y * unit) for x, y in points]
            if kind == "limb":
                ink.line(at, fill=255, width=round(2 * reach * unit), joint="curve")
                for x, y in at:
                    ink.ellipse((x - reach * unit, y - reach * unit, x + reach * unit, y + reach * unit), fill=255)
            else:
                (x0, y0), (x1, y1) = at
                ink.rounded_rectangle((x0, y0, x1, y1), reach * unit, fill=255)
        light = light_on(mask, roundness * unit, (0.45, -0.72, 0.55))
        alpha: Floats = np.asarray(mask, np.float32) / np.float32(255)
        rgb = np.array(shade, np.float32) * (0.20 + 0.85 * light)[..., None]
        total.alpha_composite(picture_of(np.clip(rgb, 0, 1), alpha))

    grey = mix(hull, _BLACK, 0.34)
    part(grey, [("box", [(31, 30), (66, 66)], 6)], 5)
    part(hull, [("limb", [(40, 66), (35, 80), (40, 93)], 6.4)], 6)
    part(hull, [("limb", [(57, 66), (65, 78), (60, 91)], 6.4)], 6)
    part(grey, [("limb", [(39, 94), (46, 95)], 5.0), ("limb", [(60, 93), (67, 92)], 5.0)], 5)
    part(hull, [("limb", [(37, 40), (22, 47), (13, 37)], 5.4)], 6)
    part(hull, [("limb", [(60, 40), (76, 44), (85, 31)], 5.4)], 6)
    part(grey, [("limb", [(12, 35), (10, 31)], 4.6), ("limb", [(86, 29), (88, 25)], 4.6)], 5)
    part(hull, [("box", [(34, 33), (63, 70)], 11)], 10)
    part(trim, [("box", [(34, 61), (63, 64)], 1)], 2)
    part(grey, [("box", [(41, 45), (56, 56)], 2)], 3)
    part(trim, [("box", [(43, 47), (46, 50)], 1)], 1)
    part((0.4, 0.8, 0.9), [("box", [(48, 47), (54, 49)], 1)], 1)
    part(hull, [("box", [(33, 6), (64, 36)], 15)], 13)
    part((0.80, 0.52, 0.16), [("box", [(38, 12), (62, 31)], 9)], 9)
    shine = ImageDraw.Draw(total)
    shine.ellipse((53 * unit, 14 * unit, 59 * unit, 19 * unit), fill=(255, 246, 220, 255))
    return total.resize((size, size), Image.Resampling.BOX)


def turned(picture: Image.Image, angle: float) -> Image.Image:
    """Turn a picture to the left by so many radians."""
    return picture.rotate(angle * 180 / pi, Image.Resampling.BICUBIC, expand=True)
