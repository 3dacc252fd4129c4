"""Flowers: the head of each kind as a picture of its own, and whole plants for those that stand close."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

Blossom = Callable[[int, Color, Color, np.random.Generator], Image.Image]
"""Draws a head of about so many pixels, in one colour, its heart in another."""

_FINE = 3
_WHITE: Color = (1.0, 1.0, 1.0)
_BLACK: Color = (0.0, 0.0, 0.0)


class _Sheet:
    """A picture that is drawn larger and shrunk, in coordinates from -1 to 1."""

    def __init__(self, size: int, ground: Color) -> None:
        self._size = max(4, size)
        side = self._size * _FINE
        self.picture = Image.new("RGBA", (side, side), (*rgb8(ground), 0))
        self._draw = ImageDraw.Draw(self.picture)
        self._half = side / 2

    def polygon(self, points: list[tuple[float, float]], shade: Color) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=(*rgb8(shade), 255))

    def line(self, points: list[tuple[float, float]], shade: Color, thick: float) -> None:
        wide = max(1, round(thick * self._half))
        self._draw.line([self._at(point) for point in points], fill=(*rgb8(shade), 255), width=wide, joint="curve")

    def oval(self, x: float, y: float, wide: float, high: float, shade: Color) -> None:
        (left, top), (right, bottom) = self._at((x - wide, y - high)), self._at((x + wide, y + high))
        self._draw.ellipse((left, top, right, bottom), fill=(*rgb8(shade), 255))

    def done(self) -> Image.Image:
        return self.picture.resize((self._size, self._size), Image.Resampling.BOX)

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._half * (1 + point[0]), self._half * (1 + point[1])


def _petal(
    sheet: _Sheet,
    turn: float,
    start: float,
    end: float,
    broad: float,
    tilt: float,
    shade: Color,
    blunt: float,
    veins: int,
) -> None:
    """Draw a petal that leaves the middle at `turn`, seen at a slant: `tilt` is what is left of its depth."""
    lit = 0.5 - 0.5 * math.sin(turn)
    tone = mix(shade, _BLACK, 0.30 * (1 - lit))
    for inner, fade in ((1.0, mix(tone, _BLACK, 0.12)), (0.82, tone), (0.5, mix(tone, _WHITE, 0.10))):
        left: list[tuple[float, float]] = []
        right: list[tuple[float, float]] = []
        for step in np.linspace(0, 1, 9).tolist():
            reach = start + (end - start) * (1 - (1 - step) * (1 if inner == 1 else 0.97))
            half = broad * inner * math.sin(math.pi * min(1.0, 0.06 + 0.94 * step**blunt)) ** 0.75
            for side, points in ((-1, left), (1, right)):
                x = math.cos(turn) * reach - math.sin(turn) * half * side
                y = math.sin(turn) * reach + math.cos(turn) * half * side
                points.append((x, y * tilt))
        sheet.polygon([*left, *reversed(right)], fade)
    for vein in range(veins):
        aside = (vein - (veins - 1) / 2) * broad * 0.5
        ends = []
        for step in (0.15, 0.55, 0.9):
            reach = start + (end - start) * step
            spread = aside * math.sin(math.pi * min(1.0, 0.1 + step * 0.9))
            ends.append((
                math.cos(turn) * reach - math.sin(turn) * spread,
                (math.sin(turn) * reach + math.cos(turn) * spread) * tilt,
            ))  # fmt: skip
        sheet.line(ends, mix(tone, _BLACK, 0.20), 0.012)


def poppy(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a bowl of four crumpled petals, dark within."""
    sheet = _Sheet(size, shade)
    tilt = float(random.uniform(0.55, 0.9))
    lean = float(random.uniform(-0.3, 0.3))

    def sail(middle: float, spread: float, reach: float, tone: Color, drop: float) -> None:
        rim = []
        for step in np.linspace(-1, 1, 17).tolist():
            turn = middle + spread * step
            crumple = 1 + 0.05 * math.sin(step * 9 + lean * 20) + float(random.uniform(-0.03, 0.03))
            out = reach * crumple * (1 - 0.16 * step * step)
            rim.append((math.sin(turn) * out, -math.cos(turn) * out * tilt + drop))
        sheet.polygon([(0.0, drop * 0.4 + 0.06), *rim], mix(tone, _BLACK, 0.14))
        inner = [(x * 0.93, (y - drop) * 0.93 + drop) for x, y in rim]
        sheet.polygon([(0.0, drop * 0.4 + 0.06), *inner], tone)
        for point in rim[2:-2:2]:
            crease = [(point[0] * share, (point[1] - drop) * share + drop) for share in (0.3, 0.9)]
            sheet.line(crease, mix(tone, _BLACK, 0.10), 0.014)

    sail(lean, 0.95, 0.92, mix(shade, _BLACK, 0.24), 0.0)
    sail(lean - 1.45, 0.8, 0.90, mix(shade, _BLACK, 0.08), 0.05)
    sail(lean + 1.45, 0.8, 0.90, mix(shade, _WHITE, 0.05), 0.05)
    for index in range(4):
        turn = lean + index * math.pi / 2 + 0.4
        sheet.oval(math.sin(turn) * 0.2, -math.cos(turn) * 0.15 * tilt, 0.13, 0.11 * tilt, mix(heart, _BLACK, 0.3))
    for _ in range(26):
        turn, out = float(random.uniform(0, 6.3)), float(random.uniform(0.10, 0.30))
        sheet.oval(math.cos(turn) * out, math.sin(turn) * out * tilt, 0.026, 0.026, heart)
    sheet.oval(0, 0, 0.12, 0.10, mix(heart, (0.5, 0.62, 0.3), 0.75))
    # The petal in front hides the lower half of the heart.
    front = []
    for step in np.linspace(-1, 1, 17).tolist():
        turn = math.pi + lean * 0.5 + 1.05 * step
        lip = 0.10 + 0.04 * math.sin(step * 7 + lean * 11)
        front.append((math.sin(turn) * 0.80, -math.cos(turn) * 0.80 * tilt * 0.92))
        if step == 1:
            front += [(0.5, lip), (0.0, lip + 0.10), (-0.5, lip)]
    sheet.polygon(front, mix(shade, _WHITE, 0.09))
    return sheet.done()


def daisy(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a wheel of narrow petals about a yellow button."""
    sheet = _Sheet(size, shade)
    tilt, count = float(random.uniform(0.5, 0.95)), int(random.integers(15, 20))
    start = float(random.uniform(0, 1))
    turns = (np.arange(count) + start) * 2 * math.pi / count
    for turn in sorted(turns.tolist(), key=math.sin):
        _petal(sheet, turn, 0.18, float(random.uniform(0.84, 0.96)), 0.12, tilt, shade, 0.8, 1)
    sheet.oval(0, 0.02, 0.26, 0.26 * max(0.62, tilt), mix(heart, _BLACK, 0.22))
    sheet.oval(-0.02, -0.03, 0.22, 0.20 * max(0.62, tilt), heart)
    return sheet.done()


def cornflower(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a ragged crown of fringed petals."""
    sheet = _Sheet(size, shade)
    tilt = float(random.uniform(0.6, 0.95))
    for ring, reach in ((0, 0.92), (1, 0.6)):
        count = 10 - 2 * ring
        for index in range(count):
            turn = (index + 0.5 * ring + float(random.uniform(-0.2, 0.2))) * 2 * math.pi / count
            tone = mix(shade, heart, 0.30 * ring)
            for fork in (-0.22, 0.0, 0.22):
                _petal(sheet, turn + fork, 0.08, reach * (1 - abs(fork) * 0.5), 0.075, tilt, tone, 1.5, 0)
    return sheet.done()


def sunflower(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a disc of seeds in spirals, with two rings of pointed petals."""
    sheet = _Sheet(size, shade)
    tilt, shift = float(random.uniform(0.86, 1.0)), float(random.uniform(0, 1))
    for ring, reach, tone in ((0, 0.97, mix(shade, (0.9, 0.45, 0.0), 0.35)), (1, 0.90, shade)):
        count = 19
        turns = (np.arange(count) + shift + 0.5 * ring) * 2 * math.pi / count + random.normal(0, 0.05, count)
        for turn in turns.tolist():
            _petal(sheet, turn, 0.36, reach * float(random.uniform(0.90, 1.03)), 0.105, tilt, tone, 0.72, 1)
    sheet.oval(0, 0, 0.48, 0.48 * tilt, mix(heart, _BLACK, 0.45))
    for seed in range(240):
        out, turn = math.sqrt(seed / 240) * 0.46, seed * 2.39996
        x, y = math.cos(turn) * out, math.sin(turn) * out * tilt
        ring_tone = mix(mix(heart, (0.35, 0.42, 0.12), 0.55), heart, min(1.0, out * 2.6))
        light = 0.10 - 0.30 * (y + 0.4)
        dot = mix(ring_tone, _WHITE, light) if light > 0 else mix(ring_tone, _BLACK, -light)
        if out > 0.34:
            dot = mix(dot, shade, 0.32)
        sheet.oval(x, y, 0.021, 0.021, dot)
    return sheet.done()


def tulip(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a cup of three petals, pointed above."""
    sheet = _Sheet(size, shade)
    open_, high = float(random.uniform(0.9, 1.12)), float(random.uniform(0.92, 1.0))

    def leaf(x: float, lean: float, broad: float, top: float, tone: Color) -> None:
        for inner, fade in ((1.0, mix(tone, _BLACK, 0.13)), (0.84, tone), (0.45, mix(tone, _WHITE, 0.13))):
            left, right = [], []
            for step in np.linspace(0, 1, 11).tolist():
                half = broad * inner * (math.sin(math.pi * min(1.0, 0.16 + 0.84 * step**0.85)) ** 0.6)
                middle = x * step**0.6 + lean * step**2
                y = 0.84 - (0.84 + top) * (step if inner == 1 else 0.04 + 0.92 * step)
                left.append((middle - half, y))
                right.append((middle + half, y))
            sheet.polygon([*left, *reversed(right)], fade)

    edge = mix(shade, heart, 0.28)
    leaf(-0.12, -0.05, 0.32 * open_, high * 0.82, mix(shade, _BLACK, 0.30))
    leaf(0.14, 0.05, 0.32 * open_, high * 0.80, mix(shade, _BLACK, 0.26))
    leaf(-0.30 * open_, -0.06, 0.33, high * 0.88, mix(shade, _BLACK, 0.10))
    leaf(0.30 * open_, 0.06, 0.33, high * 0.86, mix(shade, _BLACK, 0.16))
    leaf(0.0, 0.0, 0.40, high * 0.74, mix(shade, edge, 0.25))
    for aside in (-0.16, -0.06, 0.05, 0.15):
        sheet.line([(aside * 0.5, 0.62), (aside, 0.0), (aside * 0.7, -0.5)], mix(shade, _BLACK, 0.10), 0.012)
    return sheet.done()


def lavender(size: int, shade: Color, heart: Color, random: np.random.Generator) -> Image.Image:
    """Draw a spike of small florets in whorls."""
    sheet = _Sheet(size, shade)
    sheet.line([(0.0, 1.0), (0.0, -0.6)], heart, 0.035)
    for whorl in np.linspace(0.78, -0.92, 13).tolist():
        reach = 0.20 * (1 - 0.55 * max(0.0, -whorl)) * (1 if whorl < 0.6 else 0.7)
        for _ in range(9):
            x = float(random.uniform(-1, 1)) * reach
            y = whorl + float(random.uniform(-0.05, 0.05)) - abs(x) * 0.25
            tone = mix(shade, _WHITE, float(random.uniform(0.05, 0.38)) * (1 - abs(x) * 2))
            tone = mix(tone, _BLACK, 0.34 if random.random() < 0.35 else 0.0)
            sheet.oval(x, y, 0.055, 0.068, tone)
    return sheet.done()


def leaf_blade(
    draw: ImageDraw.ImageDraw, root: tuple[float, float], turn: float, long: float, broad: float, shade: Color
) -> None:
    """Draw a long leaf that bends over, its far half darker."""
    left, right, rib = [], [], []
    x, y = root
    last = 0.0
    for step in np.linspace(0, 1, 11).tolist():
        bend = turn * (0.35 + 1.1 * step)
        x, y = x + math.sin(bend) * long * (step - last), y - math.cos(bend) * long * (step - last)
        last = step
        half = broad * math.sin(math.pi * min(1.0, 0.10 + 0.90 * step)) ** 0.8
        across = (math.cos(bend) * half, math.sin(bend) * half)
        left.append((x - across[0], y - across[1]))
        right.append((x + across[0], y + across[1]))
        rib.append((x, y))
    draw.polygon([*left, *rib[::-1]], fill=(*rgb8(mix(shade, _WHITE, 0.06)), 255))
    draw.polygon([*right, *rib[::-1]], fill=(*rgb8(mix(shade, _BLACK, 0.22)), 255))


HEADS: dict[str, Blossom] = {
    "poppies": poppy,
    "tulips": tulip,
    "sunflowers": sunflower,
    "lavender": lavender,
    "daisies": daisy,
    "cornflowers": cornflower,
}
"""By kind."""
