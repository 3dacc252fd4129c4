"""What stands and hangs along a street: lamps, trees, tables of a café, lanterns on strings across it."""

import numpy as np
from PIL import ImageDraw

from nemo_widgets.local.picture.scenes.perspective import Canvas
from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8
from nemo_widgets.local.picture.scenes.setting import Palette
from nemo_widgets.local.picture.scenes.shopfronts import scaled

_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)
_DIM = {"day": 1.0, "dusk": 0.62, "night": 0.40}


class Furniture:
    """Draws what stands along the kerbs, the far things first.

    Parameters
    ----------
    canvas : Canvas
        What is drawn on.
    palette : Palette
        Colours.
    sunny : int
        The side that the sun shines on; 0 is neither.
    """

    def __init__(self, canvas: Canvas, palette: Palette, sunny: int) -> None:
        self._canvas, self._palette, self._sunny = canvas, palette, sunny
        self._shining = palette.light != "day"
        self._dim = _DIM[palette.light]

    def lamp(self, x: float, away: float, out: int) -> tuple[float, float]:
        """Draw a street lamp whose arm reaches to the side `out`; return the place that it lights."""
        canvas = self._canvas
        iron = scaled((0.20, 0.22, 0.24), self._dim)
        tall, wide = 4.6, max(0.05, 0.075)
        canvas.front(x - wide * 1.8, x + wide * 1.8, 0, 0.7, away, iron)
        canvas.front(x - wide, x + wide, 0, tall, away, iron)
        canvas.front(x - wide * 0.4, x + wide * 1.0, 0.7, tall, away, mix(iron, _WHITE, 0.12))
        reach = x + out * 0.75
        canvas.front(min(x, reach), max(x, reach), tall - 0.08, tall, away, iron)
        shade = self._palette["lamp"]
        canvas.front(reach - 0.22, reach + 0.22, tall - 0.16, tall - 0.06, away, iron)
        box = [(reach - 0.20, tall - 0.16, away), (reach + 0.20, tall - 0.16, away)]
        box += [(reach + 0.13, tall - 0.62, away), (reach - 0.13, tall - 0.62, away)]
        canvas.polygon(
            box, shade if self._shining else mix(shade, (0.6, 0.66, 0.7), 0.4), 1.0 if self._shining else 0.0
        )
        if self._shining:
            canvas.spot(reach, tall - 0.4, away, 0.16, mix(shade, _WHITE, 0.6), 1.0)
        return reach, away

    def tree(self, x: float, away: float, random: np.random.Generator) -> None:
        """Plant a tree with a round crown."""
        canvas, palette = self._canvas, self._palette
        trunk = scaled(palette["trunk"], self._dim)
        tall, reach = float(random.uniform(5.6, 7.2)), float(random.uniform(1.5, 2.0))
        fork = tall - 2 * reach * 0.8
        canvas.polygon(
            [(x - 0.16, 0, away), (x - 0.10, fork + 1.0, away), (x + 0.10, fork + 1.0, away), (x + 0.16, 0, away)],
            trunk,
        )
        canvas.polygon(
            [(x + 0.02, 0, away), (x + 0.02, fork + 1.0, away), (x + 0.10, fork + 1.0, away), (x + 0.16, 0, away)],
            mix(trunk, _BLACK, 0.3),
        )
        for lean in (-0.9, 0.8):
            tip = (x + lean * reach * 0.7, fork + 1.9, away)
            canvas.polygon([(x - 0.08, fork, away), tip, (x + 0.08, fork, away)], trunk)
        middle, bright, dark = palette.colors["leaf"]
        count = int(np.clip(5200 / away, 90, 520))
        toward = self._sunny or 1
        draw = ImageDraw.Draw(canvas.picture)
        pixel = canvas.view.focal / away * canvas.fine
        spots = random.normal(0, 0.44, (count, 3))
        spots = spots[np.argsort(spots[:, 1] + spots[:, 0] * 0.4 * toward - spots[:, 2] * 0.5)]
        for right, up, near in spots.tolist():
            long = float(np.hypot(np.hypot(right, up), near))
            if long > 1:
                right, up = right / long, up / long
            lit = 0.5 + 0.42 * up + 0.30 * right * toward + 0.25 * near + float(random.uniform(-0.14, 0.14))
            tint = (
                mix(dark, middle, min(1.0, max(0.0, lit * 2)))
                if lit < 0.5
                else mix(middle, bright, min(1.0, lit * 2 - 1))
            )
            px, py = canvas.view.at(x + right * reach, fork + reach * (0.95 + up * 0.82), away)
            size = max(0.8, float(random.uniform(0.10, 0.22)) * pixel * (1.6 if away > 30 else 1.0))
            box = (
                px * canvas.fine - size,
                py * canvas.fine - size * 0.8,
                px * canvas.fine + size,
                py * canvas.fine + size * 0.8,
            )
            draw.ellipse(box, fill=(*rgb8(canvas.tone(scaled(tint, self._dim), away)), 255))

    def string(self, away: float, high: float, random: np.random.Generator) -> None:
        """Hang lanterns, or flags by day, on a string across the street."""
        canvas, view = self._canvas, self._canvas.view
        shades = self._palette.colors["lantern"]
        count = round((view.right - view.left) / (0.85 if not self._shining else 1.3))
        x = np.linspace(view.left, view.right, count + 1)
        sag = high - 0.9 * (1 - ((x - x.mean()) / (np.ptp(x) / 2)) ** 2)
        for index in range(count):
            here, there = (float(x[index]), float(sag[index]), away), (float(x[index + 1]), float(sag[index + 1]), away)
            (ax, ay), (bx, by) = (view.at(*point) for point in (here, there))
            line = (ax * canvas.fine, ay * canvas.fine, bx * canvas.fine, by * canvas.fine)
            canvas.draw.line(
                line, fill=(*rgb8(canvas.tone((0.14, 0.14, 0.16), away)), 255), width=max(1, round(26 / away))
            )
            shade = shades[int(random.integers(len(shades)))]
            if self._shining:
                self._lantern(here[0], here[1] - 0.34, away, shade)
            else:
                left, right, top = here[0] + 0.12, here[0] + 0.62, here[1] - 0.02
                canvas.polygon([(left, top, away), (right, top, away), ((left + right) / 2, top - 0.62, away)], shade)

    def _lantern(self, x: float, up: float, away: float, shade: Color) -> None:
        canvas = self._canvas
        turns = np.linspace(0, 2 * np.pi, 16, endpoint=False).tolist()
        outline = [(x + 0.25 * float(np.cos(turn)), up + 0.30 * float(np.sin(turn)), away) for turn in turns]
        canvas.polygon(outline, shade, 0.9)
        canvas.front(x - 0.10, x + 0.10, up + 0.27, up + 0.35, away, mix(shade, _BLACK, 0.75))
        canvas.front(x - 0.10, x + 0.10, up - 0.35, up - 0.27, away, mix(shade, _BLACK, 0.75))
        core = [
            (x - 0.12, up - 0.15, away),
            (x - 0.12, up + 0.17, away),
            (x + 0.12, up + 0.17, away),
            (x + 0.12, up - 0.15, away),
        ]
        canvas.polygon(core, mix(shade, (1.0, 0.9, 0.6), 0.55), 1.0)

    def table(self, x: float, away: float, parasol: Color | None, random: np.random.Generator) -> None:
        """Put a café table with chairs, and perhaps a parasol, on the pavement."""
        canvas = self._canvas
        wood = scaled((0.46, 0.32, 0.22), self._dim * 1.1)
        for side in (-1, 1):
            chair = x + side * 0.62
            canvas.front(chair - 0.20, chair + 0.20, 0.42, 0.48, away, mix(wood, _BLACK, 0.2))
            back = chair + side * 0.20
            canvas.front(back - 0.03, back + 0.03, 0.0, 0.95, away, mix(wood, _BLACK, 0.3))
            canvas.front(
                chair - side * 0.18 - 0.02, chair - side * 0.18 + 0.02, 0.0, 0.42, away, mix(wood, _BLACK, 0.4)
            )
        canvas.front(x - 0.04, x + 0.04, 0, 0.72, away, mix(wood, _BLACK, 0.5))
        canvas.front(x - 0.42, x + 0.42, 0.70, 0.76, away, wood)
        cup = x + float(random.uniform(-0.2, 0.2))
        canvas.front(cup - 0.05, cup + 0.05, 0.76, 0.86, away, scaled(_WHITE, self._dim))
        if parasol is None:
            return
        canvas.front(x - 0.025, x + 0.025, 0.7, 2.35, away, scaled((0.8, 0.78, 0.72), self._dim))
        ribs = 6
        for rib in range(ribs):
            start, end = -1.25 + 2.5 * rib / ribs, -1.25 + 2.5 * (rib + 1) / ribs
            tone = mix(parasol, _WHITE, 0.75) if rib % 2 else parasol
            tone = scaled(mix(tone, _BLACK, 0.06 * abs(rib - 2.5)), self._dim)
            canvas.polygon([(x, 2.75, away), (x + end, 2.18, away), (x + start, 2.18, away)], tone)
            canvas.front(x + start, x + end, 2.0, 2.18, away, mix(tone, _BLACK, 0.15))
