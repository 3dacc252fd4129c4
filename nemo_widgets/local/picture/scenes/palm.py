"""The silhouette of a palm: a trunk that leans, fronds that arch, leaflets that taper along their rib."""

import math
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

_FRONDS = ((-2.15, 0.78), (-1.66, 1.0), (-1.18, 1.06), (-0.66, 0.94), (-0.12, 0.8), (0.45, 0.88), (1.0, 1.04),
           (1.5, 1.06), (2.0, 0.86))  # fmt: skip
"""How far from upright each frond leaves the crown, and its share of the full length."""
_STEPS = 34
_DOWN = math.pi
_SCALE = 3


def palm(size: int, random: np.random.Generator) -> Image.Image:
    """Draw a palm that leans in from the left edge, as a mask of `size` by `size` pixels."""
    whole = size * _SCALE
    mask = Image.new("L", (whole, whole), 0)
    draw = ImageDraw.Draw(mask)
    crown = (whole * 0.43, whole * 0.37)
    _trunk(draw, whole, crown)
    for angle, share in _FRONDS:
        length = whole * 0.43 * share * float(random.uniform(0.92, 1.08))
        _frond(draw, crown, angle + float(random.uniform(-0.1, 0.1)), length, random)
    for right, below in ((-0.021, 0.016), (0.016, 0.02), (-0.004, 0.034), (0.028, 0.002)):
        x, y, reach = crown[0] + right * whole, crown[1] + below * whole, whole * 0.0155
        draw.ellipse((x - reach, y - reach * 1.12, x + reach, y + reach * 1.12), fill=255)
    return mask.resize((size, size), Image.Resampling.BOX)


def _trunk(draw: ImageDraw.ImageDraw, whole: int, crown: tuple[float, float]) -> None:
    """Draw a trunk that rises steeper towards the crown, ringed where old fronds sat."""
    steps = 160
    left, right = [], []
    foot = (-0.05 * whole, 1.04 * whole)
    for index in range(steps + 1):
        step = index / steps
        x = foot[0] + (crown[0] - foot[0]) * (1 - (1 - step) ** 1.55)
        y = foot[1] + (crown[1] - foot[1]) * (0.25 * step + 0.75 * step**1.5)
        ring = 1 + 0.10 * ((step * 26) % 1)
        half = whole * (0.023 - 0.0115 * step + 0.012 * math.exp(-step * 9)) * ring
        left.append((x - half * 0.95, y - half * 0.4))
        right.append((x + half * 0.95, y + half * 0.4))
    draw.polygon([*left, *reversed(right)], fill=255)


def _frond(
    draw: ImageDraw.ImageDraw, crown: tuple[float, float], angle: float, length: float, random: np.random.Generator
) -> None:
    """Draw one frond: a rib that leaves the crown at `angle` from upright and arches over under its own weight."""
    side = 1.0 if angle >= 0 else -1.0
    bend = min(1.5, max(0.2, 2.55 - 0.95 * abs(angle))) * float(random.uniform(0.9, 1.1))
    x, y = crown
    stride = length / _STEPS
    rib = [(x, y, angle)]
    for index in range(1, _STEPS + 1):
        turn = angle + side * bend * (index / _STEPS) ** 1.35
        x, y = x + math.sin(turn) * stride, y - math.cos(turn) * stride
        rib.append((x, y, turn))
    for index, ((x0, y0, _), (x1, y1, _)) in enumerate(pairwise(rib)):
        draw.line((x0, y0, x1, y1), fill=255, width=max(2, round(length * 0.017 * (1 - 0.85 * index / _STEPS))))
    for index in range(4, _STEPS + 1):
        along = index / _STEPS
        x, y, turn = rib[index]
        long = length * 0.235 * math.sin(math.pi * (0.10 + 0.82 * along)) ** 0.75 * float(random.uniform(0.9, 1.06))
        spread = 0.95 - 0.62 * along
        for way in (-1, 1):
            _leaflet(draw, (x, y), turn + way * spread, long, length * 0.0072)


def _leaflet(draw: ImageDraw.ImageDraw, base: tuple[float, float], turn: float, long: float, wide: float) -> None:
    """Draw a blade that starts at `turn` from upright, sinks towards its tip and ends in a point."""
    turn = (turn + math.pi) % (2 * math.pi) - math.pi
    sink = (_DOWN if turn >= 0 else -_DOWN) - turn
    x, y = base
    left, right = [], []
    for step, half in ((0.0, 0.55), (0.3, 1.0), (0.6, 0.8), (1.0, 0.0)):
        here = turn + sink * 0.42 * step**1.3
        reach = long * step
        middle = (x + math.sin(turn + sink * 0.2 * step) * reach, y - math.cos(turn + sink * 0.2 * step) * reach)
        across = (math.cos(here) * wide * half, math.sin(here) * wide * half)
        left.append((middle[0] - across[0], middle[1] - across[1]))
        right.append((middle[0] + across[0], middle[1] + across[1]))
    draw.polygon([*left, *reversed(right)], fill=255)
