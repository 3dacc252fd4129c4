"""Cyclists, from the front and from behind."""

import math

from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.passersby import STEPS, Outfit
from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

_FINE = 3
_BLACK: Color = (0.0, 0.0, 0.0)


def cycling(size: int, step: int, outfit: Outfit, frame: Color, away: bool) -> Image.Image:
    """Draw someone on a bicycle; `size` pixels from the ground to the crown, in one of `STEPS` moments of a turn.

    Parameters
    ----------
    size, step : int
        As for `walking`.
    outfit : Outfit
        What they wear.
    frame : Color
        Of the bicycle.
    away : bool
        Whether one sees the back.
    """
    tall = size * _FINE
    wide, high = round(tall * 0.78), round(tall * 1.22)
    picture = Image.new("RGBA", (wide, high), (*rgb8(outfit.coat), 0))
    draw = ImageDraw.Draw(picture)
    x, floor = wide / 2, float(high)

    def box(left: float, low: float, right: float, up: float, shade: Color, curved: float = 0.0) -> None:
        place = (x + left * tall, floor - up * tall, x + right * tall, floor - low * tall)
        draw.rounded_rectangle(place, curved * tall, fill=(*rgb8(shade), 255))

    def line(points: list[tuple[float, float]], thick: float, shade: Color) -> None:
        at = [(x + px * tall, floor - py * tall) for px, py in points]
        width = max(1, round(thick * tall))
        draw.line(at, fill=(*rgb8(shade), 255), width=width, joint="curve")
        for px, py in (at[0], at[-1]):
            draw.ellipse((px - width / 2, py - width / 2, px + width / 2, py + width / 2), fill=(*rgb8(shade), 255))

    tyre, steel = (0.05, 0.05, 0.06), mix(frame, _BLACK, 0.15)
    box(-0.016, 0.0, 0.016, 0.38, tyre, 0.016)
    line([(0, 0.36), (0, 0.60)], 0.022, steel)
    line([(-0.16, 0.60), (-0.05, 0.63), (0.05, 0.63), (0.16, 0.60)], 0.018, (0.15, 0.15, 0.16))
    turn = 2 * math.pi * step / STEPS
    for side in (-1, 1):
        up = 0.16 + 0.075 * math.sin(turn + (math.pi if side > 0 else 0))
        knee = (side * 0.115, up + 0.26)
        line([(side * 0.06, 0.50), knee, (side * 0.065, up)], 0.062, outfit.legs)
        box(side * 0.065 - 0.035, up - 0.03, side * 0.065 + 0.035, up + 0.01, mix(outfit.legs, _BLACK, 0.5), 0.012)
    dark = mix(outfit.coat, _BLACK, 0.25)
    for side in (-1, 1):
        line([(side * 0.105, 0.80), (side * 0.165, 0.70), (side * 0.15, 0.61)], 0.05, dark)
    box(-0.115, 0.50, 0.115, 0.85, outfit.coat, 0.06)
    box(0.02, 0.50, 0.115, 0.84, dark, 0.05)
    if away:
        box(-0.07, 0.46, 0.07, 0.52, tyre, 0.02)
        box(-0.02, 0.40, 0.02, 0.43, (0.85, 0.10, 0.08), 0.008)
    else:
        box(-0.022, 0.545, 0.022, 0.59, (1.0, 0.97, 0.86), 0.02)
    box(-0.028, 0.83, 0.028, 0.89, mix(outfit.skin, _BLACK, 0.2))
    box(-0.062, 0.86, 0.062, 1.0, outfit.hair if away else outfit.skin, 0.062)
    # A helmet.
    top = (x - 0.072 * tall, floor - 1.02 * tall, x + 0.072 * tall, floor - 0.88 * tall)
    draw.pieslice(top, 180, 360, fill=(*rgb8(frame), 255))
    if not away:
        for side in (-1, 1):
            box(side * 0.024 - 0.007, 0.917, side * 0.024 + 0.007, 0.931, (0.12, 0.1, 0.1), 0.006)
    return picture.resize((max(2, wide // _FINE), max(2, high // _FINE)), Image.Resampling.BOX)
