"""Houses along a street: shops with awnings below, windows above, signs that stick out."""

from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.scenes.perspective import Canvas
from nemo_widgets.local.picture.scenes.planes import Color, mix
from nemo_widgets.local.picture.scenes.setting import Palette

_SHOP_M = 3.7
_FAR_M = 46.0
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


def plan(side: int, nearest: float, gap: tuple[float, float], palette: Palette, random: np.random.Generator) -> list[House]:
    """Plan one side of the street, from the farthest house to the nearest; between the ends of `gap` lies a crossing."""
    houses = []
    near = nearest * 0.7
    last = -1
    while near < 150:
        long = float(random.uniform(6.5, 13.5))
        far = near + long
        if near < gap[0] < far + 5:
            far = gap[0]
        walls = palette.colors["wall"]
        kind = int(random.integers(len(walls)))
        kind = (kind + 1) % len(walls) if kind == last else kind
        last = kind
        storey = float(random.uniform(3.0, 3.5))
        tall = _SHOP_M + 0.5 + storey * int(random.integers(2, 6)) + 0.5
        houses.append(House(side, near, far, tall, storey, walls[kind]))
        near = gap[1] if far == gap[0] else far
    return houses[::-1]


class Builder:
    """Draws houses.

    Parameters
    ----------
    canvas : Canvas
        What is drawn on.
    palette : Palette
        Colours.
    random : numpy.random.Generator
        For what differs from house to house.
    sunny : int
        The side that the sun shines on; 0 is neither.
    """

    def __init__(self, canvas: Canvas, palette: Palette, random: np.random.Generator, sunny: int) -> None:
        self._canvas, self._palette, self._random, self._sunny = canvas, palette, random, sunny
        self._lit = {"day": 0.0, "dusk": 0.42, "night": 0.40}[palette.light]
        self._shining = palette.light != "day"
        self.shops: list[Shop] = []

    def build(self, house: House) -> None:
        """Draw one house; those behind it are drawn already."""
        view = self._canvas.view
        x = view.left if house.side < 0 else view.right
        light = 1.0 if self._sunny == 0 else (1.10 if house.side == self._sunny else 0.70)
        shade = _scaled(house.shade, light)
        # The end wall shows above a lower neighbour, and at a crossing.
        outer = x + house.side * 14
        self._canvas.front(min(x, outer), max(x, outer), 0, house.tall, house.near, _scaled(house.shade, 0.62))
        self._canvas.wall(x, 0, house.tall, house.near, house.far, shade)
        self._cornice(house, x, shade)
        self._windows(house, x, shade)
        self._shop(house, x, shade)
        if house.near < _FAR_M and self._random.random() < 0.7:
            self._blade(house, x)

    def _cornice(self, house: House, x: float, shade: Color) -> None:
        trim, out = mix(shade, _WHITE, 0.22), x - house.side * 0.45
        top = house.tall
        self._canvas.wall(out, top - 0.15, top + 0.30, house.near, house.far, trim)
        self._canvas.polygon(
            [(out, top - 0.15, house.near), (out, top - 0.15, house.far), (x, top - 0.5, house.far), (x, top - 0.5, house.near)],
            mix(shade, _BLACK, 0.35),
        )
        self._canvas.front(min(x, out), max(x, out), top - 0.15, top + 0.30, house.near, mix(trim, _BLACK, 0.2))
        band = _SHOP_M + 0.42
        self._canvas.wall(x - house.side * 0.1, band - 0.12, band + 0.12, house.near, house.far, trim)

    def _windows(self, house: House, x: float, shade: Color) -> None:
        random, canvas = self._random, self._canvas
        columns = max(2, round((house.far - house.near) / float(random.uniform(2.0, 2.7))))
        pitch = (house.far - house.near) / columns
        broad, tall = pitch * float(random.uniform(0.40, 0.52)), house.storey * float(random.uniform(0.50, 0.62))
        shutters = random.random() < 0.35
        shutter = self._palette.colors["trim"][int(random.integers(len(self._palette.colors["trim"])))]
        balconies = random.random() < 0.4
        frame = mix(shade, _WHITE, 0.35)
        low = _SHOP_M + 0.5 + house.storey * 0.24
        while low + tall < house.tall - 0.6:
            for column in range(columns):
                near = house.near + (column + 0.5) * pitch - broad / 2
                far = near + broad
                if far < 2.2:
                    continue
                lit = bool(random.random() < self._lit)
                warm = self._palette.colors["window"][int(random.integers(len(self._palette.colors["window"])))]
                dim = float(random.uniform(0.55, 1.0))
                if near > _FAR_M:
                    canvas.wall(x, low, low + tall, near, far, mix(self._glass(x, low), warm, dim) if lit else self._glass(x, low),
                                0.5 * dim if lit else 0.0)  # fmt: skip
                    continue
                canvas.wall(x, low - 0.10, low + tall + 0.12, near - 0.12, far + 0.12, frame)
                # The reveal: the wall is thick, and one sees its far side.
                canvas.wall(x, low, low + tall, near, far, mix(shade, _BLACK, 0.5))
                deep = min(0.16, broad * 0.3)
                self._pane(x, low, tall, near, far - deep, warm if lit else None, dim)
                sill = x - house.side * 0.18
                canvas.wall(sill, low - 0.20, low - 0.06, near - 0.18, far + 0.18, mix(shade, _WHITE, 0.28))
                if shutters and near > 3:
                    for start in (near - 0.14 - broad * 0.46, far + 0.14):
                        canvas.wall(x - house.side * 0.06, low, low + tall, start, start + broad * 0.46, self._shaded(shutter, house))
                if balconies and column % 2 == 0:
                    self._balcony(house, x, low - 0.1, near - 0.35, far + 0.35)
            low += house.storey

    def _pane(self, x: float, low: float, tall: float, near: float, far: float, lit: Color | None, dim: float) -> None:
        canvas = self._canvas
        if lit is None:
            canvas.wall(x, low, low + tall, near, far, self._glass(x, low))
            canvas.wall(x, low + tall * 0.45, low + tall, near, near + (far - near) * 0.6, mix(self._glass(x, low), _WHITE, 0.10))
        else:
            glass = mix(self._glass(x, low), lit, dim)
            canvas.wall(x, low, low + tall, near, far, glass, 0.55 * dim)
            # A curtain, and the lamp behind it.
            canvas.wall(x, low, low + tall, near, near + (far - near) * 0.26, mix(glass, _BLACK, 0.25), 0.3 * dim)
            canvas.wall(x, low + tall * 0.6, low + tall, near + (far - near) * 0.3, far, mix(glass, _WHITE, 0.2), 0.65 * dim)
        bar = max(0.03, (far - near) * 0.05)
        middle = (near + far) / 2
        frame = self._palette.colors["trim"][0]
        canvas.wall(x, low, low + tall, middle - bar / 2, middle + bar / 2, frame)
        canvas.wall(x, low + tall * 0.62, low + tall * 0.62 + bar, near, far, frame)

    def _balcony(self, house: House, x: float, low: float, near: float, far: float) -> None:
        canvas, out = self._canvas, x - house.side * 0.8
        iron = mix(self._palette.colors["trim"][-1], _BLACK, 0.5)
        canvas.polygon([(x, low, near), (x, low, far), (out, low, far), (out, low, near)], mix(house.shade, _BLACK, 0.55))
        canvas.wall(out, low - 0.12, low, near, far, mix(house.shade, _WHITE, 0.1))
        canvas.front(min(x, out), max(x, out), low - 0.12, low, near, mix(house.shade, _BLACK, 0.15))
        for rail in (0.95, 0.08):
            canvas.wall(out, low + rail, low + rail + 0.05, near, far, iron)
            canvas.front(min(x, out), max(x, out), low + rail, low + rail + 0.05, near, iron)
        for place in np.arange(near, far, 0.22).tolist():
            canvas.wall(out, low, low + 0.95, place, place + 0.03, iron)
        if self._random.random() < 0.6:
            green = self._palette.colors["leaf"][0]
            for place in np.arange(near, far - 0.2, 0.24).tolist():
                up = low + 0.5 + float(self._random.uniform(0, 0.55))
                canvas.wall(out, low + 0.35, up, place, place + 0.3, self._shaded(mix(green, _BLACK, float(self._random.uniform(0, 0.4))), house))

    def _shop(self, house: House, x: float, shade: Color) -> None:
        random, canvas, palette = self._random, self._canvas, self._palette
        count = max(1, round((house.far - house.near) / 6.0))
        pitch = (house.far - house.near) / count
        for index in range(count):
            near, far = house.near + index * pitch + 0.25, house.near + (index + 1) * pitch - 0.25
            if far < 2.4:
                continue
            paint = self._shaded(palette.colors["trim"][int(random.integers(len(palette.colors["trim"])))], house)
            light = palette.colors["shop"][int(random.integers(len(palette.colors["shop"])))]
            canvas.wall(x, 0, _SHOP_M, near - 0.1, far + 0.1, paint)
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
        inside = light if self._shining else mix(self._glass(x, 1.0), light, 0.22)
        low, high = 0.5, 2.75
        door = near + (far - near) * (0.72 if random.random() < 0.5 else 0.06)
        canvas.wall(x, low, high, near, far, inside, shine)
        canvas.wall(x, low + 1.5, high, near, far, mix(inside, _WHITE, 0.25 if self._shining else 0.06), shine)
        canvas.wall(x, low, low + 0.5, near, far, mix(inside, _BLACK, 0.28), shine * 0.6)
        if near < _FAR_M:
            place = near + 0.2
            while place < far - 0.3:
                wide, tall = float(random.uniform(0.16, 0.5)), float(random.uniform(0.25, 1.35))
                hue = self._palette.colors["goods"][int(random.integers(len(self._palette.colors["goods"])))]
                thing = mix(hue, inside, 0.35) if self._shining else mix(hue, self._glass(x, 1.0), 0.5)
                canvas.wall(x, low, low + tall, place, min(far, place + wide), mix(thing, _BLACK, 0.3), shine * 0.25)
                if random.random() < 0.4:
                    canvas.wall(x, low + 1.25, low + 1.25 + tall * 0.4, place, min(far, place + wide), mix(thing, _BLACK, 0.2), shine * 0.3)
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
        if near > _FAR_M:
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
        canvas.polygon([(x, high - 0.3, near), (x, high - 0.3, far), (out, low, far), (out, low, near)],
                       self._shaded(mix(first, _BLACK, 0.45), house))  # fmt: skip
        for index in reversed(range(stripes)):
            start, end = near + (far - near) * index / stripes, near + (far - near) * (index + 1) / stripes
            shade = self._shaded(first if index % 2 else second, house)
            canvas.polygon([(x, high, start), (x, high, end), (out, low, end), (out, low, start)], shade)
            canvas.wall(out, low - 0.28, low, start, end, mix(shade, _BLACK, 0.12), under * 0.0)
        side = [(x, high, near), (out, low, near), (out, low - 0.28, near), (x, low - 0.1, near)]
        canvas.polygon(side, self._shaded(mix(first, _BLACK, 0.25), house))

    def _blade(self, house: House, x: float) -> None:
        """Draw a sign that hangs out over the pavement and faces the eye."""
        random, canvas = self._random, self._canvas
        away = house.near + float(random.uniform(0.15, 0.85)) * (house.far - house.near)
        if away < 5:
            return
        shade = self._palette.colors["neon"][int(random.integers(len(self._palette.colors["neon"])))]
        wide, tall = float(random.uniform(0.6, 0.9)), float(random.choice([0.8, 1.6, 2.6, 3.6]))
        low = float(random.uniform(3.9, 4.6))
        inner = x - house.side * 0.25
        outer = inner - house.side * wide
        left, right = min(inner, outer), max(inner, outer)
        box = mix(shade, _BLACK, 0.72) if self._shining else self._shaded(mix(shade, _BLACK, 0.25), house)
        iron = mix(self._palette.colors["trim"][-1], _BLACK, 0.5)
        canvas.front(min(x, outer), max(x, outer), low + tall, low + tall + 0.06, away, iron)
        canvas.front(left - 0.05, right + 0.05, low - 0.05, low + tall + 0.05, away, mix(box, _BLACK, 0.3))
        canvas.front(left, right, low, low + tall, away, box, 0.2 if self._shining else 0.0)
        ink = mix(shade, _WHITE, 0.4) if self._shining else self._palette.colors["letter"][0]
        marks = max(1, round(tall / 0.62))
        for mark in range(marks):
            base = low + tall * (mark + 0.16) / marks
            size = tall / marks * 0.68
            for stroke in np.sort(random.uniform(0, 0.86, 3)).tolist():
                canvas.front(left + 0.12, right - 0.12, base + stroke * size, base + stroke * size + 0.06, away, ink,
                             1.0 if self._shining else 0.0)  # fmt: skip
            post = left + 0.12 + float(random.uniform(0.1, 0.8)) * (right - left - 0.3)
            canvas.front(post, post + 0.06, base, base + size, away, ink, 1.0 if self._shining else 0.0)

    def _glass(self, x: float, up: float) -> Color:
        dark, bright = self._palette.colors["glass"]
        return mix(dark, bright, min(1.0, 0.15 + up * 0.05))

    def _shaded(self, shade: Color, house: House) -> Color:
        light = {"day": 1.0, "dusk": 0.72, "night": 0.42}[self._palette.light]
        if self._sunny:
            light *= 1.05 if house.side == self._sunny else 0.74
        return _scaled(shade, light)


def _scaled(shade: Color, light: float) -> Color:
    red, green, blue = (min(1.0, channel * light) for channel in shade)
    return red, green, blue
