"""People on a pavement, walking towards the eye or away from it, some under umbrellas."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

STEPS = 8
"""Pictures of one stride."""
_FINE = 3
_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Outfit:
    """What someone wears, as the light shows it."""

    coat: Color
    legs: Color
    skin: Color
    hair: Color
    umbrella: Color | None
    long: float
    broad: float


def dress(
    coats: tuple[Color, ...],
    umbrellas: tuple[Color, ...],
    rain: float,
    dim: float,
    shade: Color,
    random: np.random.Generator,
) -> Outfit:
    """Choose what someone wears.

    Parameters
    ----------
    coats, umbrellas : tuple of Color
        Colours to choose from.
    rain : float
        How many carry an umbrella, 0 to 1.
    dim : float
        How much light falls on them, 0 to 1; the rest is `shade`.
    """

    def seen(color: Color) -> Color:
        return mix(shade, color, dim)

    coat = coats[int(random.integers(len(coats)))]
    legs = ((0.10, 0.12, 0.18), (0.16, 0.18, 0.28), (0.22, 0.18, 0.15), (0.08, 0.08, 0.09))[int(random.integers(4))]
    skin = ((0.93, 0.76, 0.64), (0.80, 0.60, 0.46), (0.58, 0.40, 0.30))[int(random.integers(3))]
    hair = ((0.08, 0.06, 0.06), (0.26, 0.16, 0.10), (0.55, 0.40, 0.22), (0.45, 0.44, 0.44))[int(random.integers(4))]
    umbrella = umbrellas[int(random.integers(len(umbrellas)))] if random.random() < rain else None
    return Outfit(
        seen(coat),
        seen(legs),
        seen(skin),
        seen(hair),
        None if umbrella is None else seen(umbrella),
        float(random.uniform(0.0, 1.0)),
        float(random.uniform(0.9, 1.12)),
    )


def walking(size: int, step: int, outfit: Outfit, away: bool) -> Image.Image:
    """Draw someone who is `size` pixels tall, in one of `STEPS` moments of a stride; `away`, one sees the back."""
    tall = size * _FINE
    wide, high = round(tall * 0.78), round(tall * 1.22)
    picture = Image.new("RGBA", (wide, high), (*rgb8(outfit.coat), 0))
    draw = ImageDraw.Draw(picture)
    x, floor = wide / 2, float(high)
    swing = math.sin(2 * math.pi * step / STEPS)
    bob = abs(math.cos(2 * math.pi * step / STEPS)) * 0.012 * tall

    def limb(points: list[tuple[float, float]], thick: float, shade: Color) -> None:
        width = max(1, round(thick))
        draw.line(points, fill=(*rgb8(shade), 255), width=width, joint="curve")
        for px, py in points:
            draw.ellipse((px - thick / 2, py - thick / 2, px + thick / 2, py + thick / 2), fill=(*rgb8(shade), 255))

    hip, neck = floor - 0.47 * tall - bob, floor - 0.83 * tall - bob
    broad = 0.105 * tall * outfit.broad
    for side in (-1, 1):
        # The leg behind is lifted and looks shorter.
        lift = max(0.0, side * swing) * 0.075 * tall
        dark = mix(outfit.legs, _BLACK, 0.35 if side * swing > 0 else 0.0)
        foot = (x + side * 0.048 * tall, floor - 0.025 * tall - lift)
        limb(
            [(x + side * 0.05 * tall, hip), (x + side * 0.052 * tall, floor - 0.26 * tall - lift * 0.4), foot],
            0.078 * tall,
            dark,
        )
        shoe = (foot[0] - 0.036 * tall, foot[1] - 0.012 * tall, foot[0] + 0.036 * tall, foot[1] + 0.026 * tall)
        draw.ellipse(shoe, fill=(*rgb8(mix(outfit.legs, _BLACK, 0.5)), 255))
    hem = hip + tall * (0.02 + 0.17 * (outfit.long > 0.5))
    shade = mix(outfit.coat, _BLACK, 0.25)
    for side in (-1, 1):
        hand_up = outfit.umbrella is not None and side > 0
        elbow = (x + side * (broad + 0.04 * tall), floor - 0.62 * tall - bob + side * swing * 0.02 * tall)
        hand = (x + side * (broad + 0.03 * tall), floor - 0.49 * tall + side * swing * 0.05 * tall)
        if hand_up:
            hand = (x + 0.07 * tall, floor - 0.70 * tall - bob)
        limb([(x + side * broad * 0.85, neck + 0.06 * tall), elbow, hand], 0.058 * tall, shade)
    body = [
        (x - broad, neck + 0.05 * tall),
        (x - broad * 0.55, neck),
        (x + broad * 0.55, neck),
        (x + broad, neck + 0.05 * tall),
        (x + broad * 1.02, hip),
        (x + broad * (1.0 + 0.22 * (outfit.long > 0.5)), hem),
        (x - broad * (1.0 + 0.22 * (outfit.long > 0.5)), hem),
        (x - broad * 1.02, hip),
    ]
    draw.polygon(body, fill=(*rgb8(outfit.coat), 255))
    draw.polygon(
        [(x + broad * 0.25, neck), body[3], body[4], body[5], (x + broad * 0.4, hem)], fill=(*rgb8(shade), 255)
    )
    if not away:
        draw.line(
            [(x, neck + 0.02 * tall), (x, hem)],
            fill=(*rgb8(mix(outfit.coat, _BLACK, 0.4)), 255),
            width=max(1, round(tall * 0.008)),
        )
    crown = neck - 0.155 * tall
    draw.rectangle(
        (x - 0.028 * tall, neck - 0.04 * tall, x + 0.028 * tall, neck + 0.02 * tall),
        fill=(*rgb8(mix(outfit.skin, _BLACK, 0.2)), 255),
    )
    draw.ellipse((x - 0.06 * tall, crown, x + 0.06 * tall, crown + 0.145 * tall), fill=(*rgb8(outfit.skin), 255))
    long_hair = outfit.long < 0.4
    if away:
        draw.ellipse(
            (x - 0.066 * tall, crown - 0.008 * tall, x + 0.066 * tall, crown + (0.19 if long_hair else 0.12) * tall),
            fill=(*rgb8(outfit.hair), 255),
        )
    else:
        draw.pieslice(
            (x - 0.066 * tall, crown - 0.012 * tall, x + 0.066 * tall, crown + 0.14 * tall),
            175,
            365,
            fill=(*rgb8(outfit.hair), 255),
        )
        if long_hair:
            for side in (-1, 1):
                draw.ellipse(
                    (
                        x + side * 0.058 * tall - 0.018 * tall,
                        crown + 0.03 * tall,
                        x + side * 0.058 * tall + 0.018 * tall,
                        crown + 0.19 * tall,
                    ),
                    fill=(*rgb8(outfit.hair), 255),
                )
        for side in (-1, 1):
            eye = (x + side * 0.024 * tall, crown + 0.074 * tall)
            dot = 0.0075 * tall
            draw.ellipse((eye[0] - dot, eye[1] - dot, eye[0] + dot, eye[1] + dot), fill=(30, 24, 24, 255))
        smile = (x - 0.022 * tall, crown + 0.085 * tall, x + 0.022 * tall, crown + 0.118 * tall)
        draw.arc(
            smile, 25, 155, fill=(*rgb8(mix(outfit.skin, (0.5, 0.1, 0.1), 0.6)), 255), width=max(1, round(tall * 0.007))
        )
    if outfit.umbrella is not None:
        _umbrella(draw, x + 0.05 * tall, crown + 0.02 * tall, tall, outfit.umbrella)
    return picture.resize((max(2, wide // _FINE), max(2, high // _FINE)), Image.Resampling.BOX)


def _umbrella(draw: ImageDraw.ImageDraw, x: float, y: float, tall: float, shade: Color) -> None:
    reach, rise = 0.31 * tall, 0.20 * tall
    draw.line([(x, y - rise), (x, y + 0.16 * tall)], fill=(40, 40, 44, 255), width=max(1, round(tall * 0.01)))
    inside = (x - reach * 0.96, y - 0.035 * tall, x + reach * 0.96, y + 0.03 * tall)
    draw.ellipse(inside, fill=(*rgb8(mix(shade, _BLACK, 0.55)), 255))
    draw.line([(x, y - rise * 1.08), (x, y - rise)], fill=(40, 40, 44, 255), width=max(1, round(tall * 0.014)))
    edges = np.linspace(-1, 1, 6).tolist()

    def rib(at: float) -> list[tuple[float, float]]:
        turns = np.linspace(0, math.pi / 2, 9).tolist()
        far = math.sin(at * math.pi / 2) * reach
        return [(x + far * math.sin(turn), y - rise * math.cos(turn)) for turn in turns]

    for index, (start, end) in enumerate(pairwise(edges)):
        first, second = rib(start), rib(end)
        (ax, ay), (bx, by) = first[-1], second[-1]
        # Between two ribs the edge hangs in an arch.
        arch = [
            (ax + (bx - ax) * step, ay + (by - ay) * step - 0.035 * tall * 4 * step * (1 - step))
            for step in (0.25, 0.5, 0.75)
        ]
        light = 0.30 - 0.11 * index
        tone = mix(shade, _WHITE, light * 0.6) if light > 0 else mix(shade, _BLACK, -light * 1.4)
        draw.polygon([*first, *arch, *reversed(second)], fill=(*rgb8(tone), 255))
