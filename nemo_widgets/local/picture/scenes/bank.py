"""The near shore of a lake: a bank with grass and stones, and firs that stand on it in groups."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.firs import fir
from nemo_widgets.local.picture.scenes.leaves import paste_round
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.terrain import rolling

_KINDS = 5
"""How many firs are drawn; the others are smaller copies."""


def draw_bank(setting: Setting, shades: tuple[Color, Color], light_way: float, snow: float) -> tuple[Image.Image, int]:
    """Draw the near shore.

    Parameters
    ----------
    setting : Setting
        Size and seed.
    shades : tuple of Color
        Colours of firs in the shade and in the light.
    light_way : float
        Where light comes from: -1 left, 1 right.
    snow : float
        How much snow lies on boughs and ground, 0 to 1.

    Returns
    -------
    PIL.Image.Image, int
        For a strip, and its first row in the frame.
    """
    random = generator(setting.seed, "bank")
    unit, scale = setting.unit, OVERSAMPLING
    period = max(64, round(setting.width * 1.3 + 200 * unit) // 4 * 4)
    high = round(min(setting.height * 0.84, 800 * unit)) // 2 * 2
    dark, lit = shades
    picture = Image.new("RGBA", (period * scale, high * scale), (*rgb8(dark), 0))
    tallest = 610 * unit * scale
    kinds = [
        fir(random, tallest, mix(dark, (0, 0, 0), 0.3), mix(dark, lit, 0.75), light_way, snow) for _ in range(_KINDS)
    ]
    line = _line(random, picture.width, picture.height, unit * scale)
    for x, share in _groups(random, period, unit):
        kind = kinds[int(random.integers(_KINDS))]
        size = (max(2, round(kind.width * share)), max(3, round(kind.height * share)))
        tree = kind.resize(size, Image.Resampling.BOX)
        at = round(x * scale) % picture.width
        foot = float(line[at]) + float(random.uniform(2, 14)) * unit * scale
        paste_round(picture, tree, at - tree.width / 2, foot - tree.height)
    _ground(picture, line, (dark, lit), snow, random, unit * scale)
    return picture, setting.height - high


def _groups(random: np.random.Generator, period: int, unit: float) -> list[tuple[float, float]]:
    """Return places and sizes of firs, the far and small ones first: a few groups, each about its tallest tree."""
    trees: list[tuple[float, float]] = []
    groups = max(2, round(period / (820 * unit)))
    start = float(random.uniform(0, period))
    for index in range(groups):
        middle = start + (index + float(random.uniform(-0.2, 0.2))) * period / groups
        tall = float(random.uniform(0.62, 1.0)) if index % 2 == 0 else float(random.uniform(0.3, 0.6))
        trees.append((middle, tall))
        for _ in range(int(random.integers(3, 8))):
            off = float(random.normal(0, 1))
            share = tall * float(random.uniform(0.35, 0.9)) * max(0.35, 1 - 0.25 * abs(off))
            trees.append((middle + off * 150 * unit * (0.5 + tall), share))
    return sorted(trees, key=lambda tree: tree[1])


def _line(random: np.random.Generator, width: int, height: int, unit: float) -> Floats:
    """Return the row where the bank begins, by column."""
    bumps = rolling(random, 1, width, 2, 5)[0] * 26 + rolling(random, 1, width, 2, 17)[0] * 9
    bumps += rolling(random, 1, width, 2, 90)[0] * 2.5
    line: Floats = height - (34 + np.clip(bumps, -24, 60)) * np.float32(unit)
    return line


def _ground(
    picture: Image.Image,
    line: Floats,
    shades: tuple[Color, Color],
    snow: float,
    random: np.random.Generator,
    unit: float,
) -> None:
    dark, lit = shades
    soil = mix(mix(dark, (0, 0, 0), 0.35), (0.80, 0.86, 0.96), snow)
    draw = ImageDraw.Draw(picture)
    edge = [(x, float(line[x])) for x in range(0, picture.width, 2)]
    draw.polygon([(0, picture.height), *edge, (picture.width, picture.height)], fill=(*rgb8(soil), 255))
    blades = round(picture.width / max(1.0, 1.3 * unit))
    x = random.uniform(0, picture.width, blades)
    deep = random.uniform(0, 1, blades) ** 1.5
    lean = random.normal(0, 5, blades) * unit
    tall = random.uniform(6, 22, blades) * unit * (1 - 0.6 * snow)
    tone = random.uniform(0, 1, blades)
    for index in np.argsort(deep).tolist():
        at = float(x[index])
        top = float(line[int(at)])
        foot = top + float(deep[index]) * (picture.height - top) + 2 * unit
        shade = mix(mix(dark, (0, 0, 0), 0.25), lit, float(tone[index]) * 0.5 * (1 - 0.6 * float(deep[index])))
        shade = mix(shade, (0.90, 0.94, 1.0), snow)
        tip = (at + float(lean[index]), foot - float(tall[index]))
        draw.line([(at, foot), tip], fill=(*rgb8(shade), 255), width=max(1, round(unit * 0.8)))
