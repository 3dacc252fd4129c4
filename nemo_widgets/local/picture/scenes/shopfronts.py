"""Shops at street level: windows with goods, doors, signs, awnings, and signs that hang out over the pavement."""

from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.scenes.perspective import Canvas
from nemo_widgets.local.picture.scenes.planes import Color, mix
from nemo_widgets.local.picture.scenes.setting import Palette

SHOP_M = 3.7
"""Height of the lowest storey."""
FAR_M = 46.0
"""From here on small things are left out."""
_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class House:
    """One house: which side (-1 left), from where to where along the street, how tall, in metres."""

    side: int
    near: float
    far: float
    tall: float
    storey: float
    shade: Color


@dataclass(frozen=True, slots=True)
class Shop:
    """A lit shop front, for the light that it throws on the pavement."""

    side: int
    near: float
    far: float
    shade: Color


@dataclass(frozen=True, slots=True)
class Sign:
    """A lit sign: its middle, in metres, its height and its colour."""

    x: float
    up: float
    away: float
    tall: float
    shade: Color


class Shopfitter:
    """Draws shops; the parameters are those of `Builder`."""

    def __init__(self, canvas: Canvas, palette: Palette, random: np.random.Generator, sunny: int) -> None:
        self._canvas, self._palette, self._random, self._sunny = canvas, palette, random, sunny
        self._shining = palette.light != "day"
        self.shops: list[Shop] = []
        self.signs: list[Sign] = []

    def fit(self, house: House, x: float) -> None:
        """Draw the shops of a house whose front stands at `x`."""
        random, canvas, palette = self._random, self._canvas, self._palette
        count = max(1, round((house.far - house.near) / 6.0))
        pitch = (house.far - house.near) / count
        for index in range(count):
            near, far = house.near + index * pitch + 0.25, house.near + (index + 1) * pitch - 0.25
            if far < 2.4:
                continue
            paint = self.shaded(palette.colors["trim"][int(random.integers(len(palette.colors["trim"])))], house)
            light = palette.colors["shop"][int(random.integers(len(palette.colors["shop"])))]
            canvas.wall(x, 0, SHOP_M, near - 0.1, far + 0.1, paint)
            canvas.wall(x, 0, 0.45, near, far, mix(paint, _BLACK, 0.35))
            self._display(x, near + 0.25, far - 0.25, light, house)
            self._board(house, x, near, far, paint, light)
            if random.random() < 0.68:
                self._awning(house, x, near, far)
            if self._shining:
                self.shops.append(Shop(house.side, near, far, light))

    def _display(self, x: float, near: float, far: float, light: Color, house: House) -> None:
        """Draw the shop window: what stands in it, and the door beside it."""
        random, canvas = self._random, self._canvas
        shine = 0.95 if self._shining else 0.0
        inside = light if self._shining else mix(self.glass(x, 1.0), light, 0.22)
        low, high = 0.5, 2.75
        door = near + (far - near) * (0.72 if random.random() < 0.5 else 0.06)
        canvas.wall(x, low, high, near, far, inside, shine)
        canvas.wall(x, low + 1.5, high, near, far, mix(inside, _WHITE, 0.25 if self._shining else 0.06), shine)
        canvas.wall(x, low, low + 0.5, near, far, mix(inside, _BLACK, 0.28), shine * 0.6)
        if near < FAR_M:
            place = near + 0.2
            while place < far - 0.3:
                wide, tall = float(random.uniform(0.16, 0.5)), float(random.uniform(0.25, 1.35))
                hue = self._palette.colors["goods"][int(random.integers(len(self._palette.colors["goods"])))]
                thing = mix(hue, inside, 0.35) if self._shining else mix(hue, self.glass(x, 1.0), 0.5)
                canvas.wall(x, low, low + tall, place, min(far, place + wide), mix(thing, _BLACK, 0.3), shine * 0.25)
                if random.random() < 0.4:
                    canvas.wall(
                        x,
                        low + 1.25,
                        low + 1.25 + tall * 0.4,
                        place,
                        min(far, place + wide),
                        mix(thing, _BLACK, 0.2),
                        shine * 0.3,
                    )
                place += wide + float(random.uniform(0.06, 0.5))
            bar = mix(self._palette.colors["trim"][-1], _BLACK, 0.3)
            for post in np.linspace(near, far, max(2, round((far - near) / 1.5) + 1)).tolist():
                canvas.wall(x, low - 0.1, high + 0.1, post - 0.04, post + 0.04, bar)
            canvas.wall(x, 2.18, 2.24, near, far, bar)
            wide = min(1.0, (far - near) * 0.26)
            canvas.wall(x, 0.0, high, door, door + wide, mix(bar, _BLACK, 0.2))
            canvas.wall(x, 0.3, high - 0.35, door + 0.12, door + wide - 0.12, mix(inside, _BLACK, 0.12), shine * 0.8)

    def _board(self, house: House, x: float, near: float, far: float, paint: Color, light: Color) -> None:
        """Draw the sign over a shop, with marks that stand for letters."""
        random, canvas = self._random, self._canvas
        out = x - house.side * 0.12
        canvas.wall(out, 2.85, 3.5, near, far, mix(paint, _BLACK, 0.25))
        if near > FAR_M:
            return
        ink = mix(self._palette.colors["neon"][int(random.integers(len(self._palette.colors["neon"])))], _WHITE, 0.35)
        ink = ink if self._shining else self._palette.colors["letter"][0]
        place, end = near + (far - near) * 0.16, far - (far - near) * 0.16
        while place < end:
            wide = float(random.uniform(0.18, 0.34))
            for stroke in range(int(random.integers(2, 4))):
                low = 2.98 + 0.36 * stroke / 3 + float(random.uniform(-0.02, 0.02))
                canvas.wall(out, low, low + 0.07, place, place + wide, ink, 0.9 if self._shining else 0.0)
            start = place + float(random.choice([0.0, wide * 0.4, wide - 0.06]))
            canvas.wall(out, 2.98, 3.38, start, start + 0.06, ink, 0.9 if self._shining else 0.0)
            place += wide + 0.10
        canvas.wall(out, 2.85, 2.88, near, far, mix(light, paint, 0.5), 0.5 if self._shining else 0.0)

    def _awning(self, house: House, x: float, near: float, far: float) -> None:
        random, canvas = self._random, self._canvas
        first = self._palette.colors["awning"][int(random.integers(len(self._palette.colors["awning"])))]
        second = mix(_WHITE, first, 0.10) if random.random() < 0.7 else mix(first, _BLACK, 0.15)
        out, high, low = x - house.side * float(random.uniform(1.1, 1.6)), 2.95, float(random.uniform(2.3, 2.5))
        stripes = max(2, round((far - near) / 0.5))
        under = 0.35 if self._shining else 0.0
        canvas.polygon(
            [(x, high - 0.3, near), (x, high - 0.3, far), (out, low, far), (out, low, near)],
            self.shaded(mix(first, _BLACK, 0.45), house),
        )
        for index in reversed(range(stripes)):
            start, end = near + (far - near) * index / stripes, near + (far - near) * (index + 1) / stripes
            shade = self.shaded(first if index % 2 else second, house)
            canvas.polygon([(x, high, start), (x, high, end), (out, low, end), (out, low, start)], shade)
            canvas.wall(out, low - 0.28, low, start, end, mix(shade, _BLACK, 0.12), under * 0.0)
        side = [(x, high, near), (out, low, near), (out, low - 0.28, near), (x, low - 0.1, near)]
        canvas.polygon(side, self.shaded(mix(first, _BLACK, 0.25), house))

    def hang_sign(self, house: House, x: float) -> None:
        """Draw a sign that hangs out over the pavement and faces the eye."""
        random, canvas = self._random, self._canvas
        away = house.near + float(random.uniform(0.15, 0.85)) * (house.far - house.near)
        if away < 5:
            return
        shade = self._palette.colors["neon"][int(random.integers(len(self._palette.colors["neon"])))]
        wide, tall = float(random.uniform(0.6, 0.9)), float(random.choice([0.8, 1.6, 2.6, 3.6]))
        low = float(random.uniform(3.9, max(4.6, house.tall - 5.5)))
        inner = x - house.side * float(random.uniform(0.25, 0.7))
        outer = inner - house.side * wide
        left, right = min(inner, outer), max(inner, outer)
        if self._shining:
            self.signs.append(Sign((left + right) / 2, low + tall / 2, away, tall, shade))
        box = mix(shade, _BLACK, 0.62) if self._shining else self.shaded(mix(shade, _BLACK, 0.25), house)
        iron = mix(self._palette.colors["trim"][-1], _BLACK, 0.5)
        canvas.front(min(x, outer), max(x, outer), low + tall, low + tall + 0.06, away, iron)
        canvas.front(left - 0.05, right + 0.05, low - 0.05, low + tall + 0.05, away, mix(box, _BLACK, 0.3))
        canvas.front(left, right, low, low + tall, away, box, 0.45 if self._shining else 0.0)
        ink = mix(shade, _WHITE, 0.4) if self._shining else self._palette.colors["letter"][0]
        marks = max(1, round(tall / 0.62))
        for mark in range(marks):
            base = low + tall * (mark + 0.16) / marks
            size = tall / marks * 0.68
            for stroke in np.sort(random.uniform(0, 0.86, 3)).tolist():
                canvas.front(
                    left + 0.12,
                    right - 0.12,
                    base + stroke * size,
                    base + stroke * size + 0.06,
                    away,
                    ink,
                    1.0 if self._shining else 0.0,
                )
            post = left + 0.12 + float(random.uniform(0.1, 0.8)) * (right - left - 0.3)
            canvas.front(post, post + 0.06, base, base + size, away, ink, 1.0 if self._shining else 0.0)

    def glass(self, x: float, up: float) -> Color:
        """Return what a dark pane shows."""
        dark, bright = self._palette.colors["glass"]
        return mix(dark, bright, min(1.0, 0.15 + up * 0.05))

    def shaded(self, shade: Color, house: House) -> Color:
        """Return a colour as the light of the day leaves it on a house."""
        light = {"day": 1.0, "dusk": 0.72, "night": 0.42}[self._palette.light]
        if self._sunny:
            light *= 1.05 if house.side == self._sunny else 0.74
        return scaled(shade, light)


def scaled(shade: Color, light: float) -> Color:
    """Return a colour under so much light."""
    red, green, blue = (min(1.0, channel * light) for channel in shade)
    return red, green, blue
