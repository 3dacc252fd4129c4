"""Firs as small pictures: boughs that hang, lit from one side, with snow on them if it is winter."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

_TONES = 24
"""Steps of light between the shade inside a fir and its needles in the sun."""


def fir(
    random: np.random.Generator, tall: float, dark: Color, lit: Color, light_way: float, snow: float
) -> Image.Image:
    """Draw one fir, RGBA, its foot in the middle of the lowest row.

    Parameters
    ----------
    random : numpy.random.Generator
        What makes it differ from others.
    tall : float
        Height in pixels.
    dark, lit : Color
        Colours of the shade inside, and of needles in the light.
    light_way : float
        Where light comes from: -1 left, 1 right.
    snow : float
        How much snow lies on its boughs, 0 to 1.
    """
    height = max(4, round(tall))
    half = tall * float(random.uniform(0.17, 0.23))
    width = max(4, round(half * 2.5)) // 2 * 2
    picture = Image.new("RGBA", (width, height), (*rgb8(dark), 0))
    draw = ImageDraw.Draw(picture)
    middle = width / 2
    trunk = max(0.8, tall * 0.009)
    bark = (*rgb8(mix(dark, mix(lit, (0.3, 0.2, 0.12), 0.5), 0.3)), 255)
    draw.polygon([(middle - trunk, height), (middle, height * 0.03), (middle + trunk, height)], fill=bark)
    whorls = int(min(48, max(8, tall / 7)))
    stroke = max(1, round(tall / 400))
    tones = [(*rgb8(mix(dark, lit, step / (_TONES - 1))), 255) for step in range(_TONES)]
    for index in range(whorls, -1, -1):
        share = (index + float(random.uniform(-0.3, 0.3))) / whorls
        if share > 0.985:
            continue
        root = height * (0.015 + 0.90 * max(0.0, share))
        reach = half * (0.06 + 0.94 * max(0.0, share) ** 0.82) * float(random.uniform(0.62, 1.15))
        for side in (-1, 1):
            _bough(draw, random, (middle, root), side * reach, tones, light_way, snow, stroke)
        # Boughs that reach towards the eye close the middle.
        for _ in range(2):
            aside = float(random.uniform(-0.55, 0.55)) * reach
            _bough(draw, random, (middle + aside * 0.2, root + reach * 0.08), aside, tones, light_way, snow, stroke)
    draw.line([(middle, height * 0.03), (middle, 0)], fill=(*rgb8(mix(dark, lit, 0.3)), 255), width=stroke)
    return picture


def _bough(
    draw: ImageDraw.ImageDraw,
    random: np.random.Generator,
    root: tuple[float, float],
    reach: float,
    tones: list[tuple[int, int, int, int]],
    light_way: float,
    snow: float,
    stroke: int,
) -> None:
    length = abs(reach)
    droop = length * float(random.uniform(0.24, 0.5))
    facing = 0.5 + 0.5 * light_way * math.copysign(1.0, reach)
    steps = int(max(3, min(34, length / max(1.3, stroke * 1.5))))
    tips = random.uniform(0.6, 1.3, steps + 1).tolist()
    shifts = random.uniform(-0.16, 0.16, steps + 1).tolist()
    shares = [step / steps for step in range(steps + 1)]
    # The tip of a bough turns up again.
    spine = [
        (
            root[0] + reach * share,
            root[1] + droop * (share**1.3 - 0.34 * share**4) - length * 0.05 * math.sin(share * 3),
        )
        for share in shares
    ]
    under = [(x, y + length * (0.17 - 0.13 * share)) for (x, y), share in zip(spine, shares, strict=True)]
    draw.polygon([*spine, *under[::-1]], fill=tones[0])
    for (x, y), share, tip, shift in zip(spine, shares, tips, shifts, strict=True):
        hang = length * (0.30 - 0.20 * share) * tip + stroke
        out = reach * 0.09 * tip
        light = min(1.0, max(0.0, 0.08 + (0.30 + 0.55 * facing) * share**0.7 + shift)) * (_TONES - 1)
        draw.line([(x, y), (x + out, y + hang)], fill=tones[int(light * 0.6)], width=stroke)
        draw.line([(x, y), (x + out * 1.5, y + hang * 0.4)], fill=tones[int(light)], width=stroke)
    if snow:
        white = (*rgb8(mix((0.60, 0.69, 0.85), (1.0, 1.0, 1.0), facing * 0.85)), 255)
        for (x, y), tip, shift, after in zip(spine, tips, shifts, spine[1:], strict=False):
            if shift < snow * 0.32 - 0.16:
                thick = max(stroke, round(length * 0.055 * tip))
                draw.line([(x, y), (after[0] + (after[0] - x), after[1] + thick * 0.4)], fill=white, width=thick)
