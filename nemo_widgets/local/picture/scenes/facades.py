"""Houses along a street: walls, cornices, windows, balconies."""

import numpy as np

from nemo_widgets.local.picture.scenes.perspective import Canvas
from nemo_widgets.local.picture.scenes.planes import Color, mix
from nemo_widgets.local.picture.scenes.setting import Palette
from nemo_widgets.local.picture.scenes.shopfronts import FAR_M, SHOP_M, House, Shop, Shopfitter, Sign, scaled

_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)


def plan(side: int, nearest: float, palette: Palette, random: np.random.Generator) -> list[House]:
    """Plan one side of the street, from the farthest house to the nearest, which stands so many metres away."""
    houses = []
    near = nearest * 0.7
    last = -1
    while near < 150:
        long = float(random.uniform(6.5, 13.5))
        far = near + long
        walls = palette.colors["wall"]
        kind = int(random.integers(len(walls)))
        kind = (kind + 1) % len(walls) if kind == last else kind
        last = kind
        storey = float(random.uniform(3.0, 3.5))
        tall = SHOP_M + 0.5 + storey * int(random.integers(2, 6)) + 0.5
        houses.append(House(side, near, far, tall, storey, walls[kind]))
        near = far
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
        self._fitter = Shopfitter(canvas, palette, random, sunny)

    @property
    def shops(self) -> list[Shop]:
        """Lit shop fronts of what has been built."""
        return self._fitter.shops

    @property
    def signs(self) -> list[Sign]:
        """Lit signs that hang out over the pavement."""
        return self._fitter.signs

    def build(self, house: House) -> None:
        """Draw one house; those behind it are drawn already."""
        view = self._canvas.view
        x = view.left if house.side < 0 else view.right
        light = 1.0 if self._sunny == 0 else (1.10 if house.side == self._sunny else 0.70)
        shade = scaled(house.shade, light)
        # The end wall shows above a lower neighbour, and at a crossing.
        outer = x + house.side * 14
        self._canvas.front(min(x, outer), max(x, outer), 0, house.tall, house.near, scaled(house.shade, 0.62))
        self._canvas.wall(x, 0, house.tall, house.near, house.far, shade)
        self._cornice(house, x, shade)
        self._windows(house, x, shade)
        self._fitter.fit(house, x)
        if house.near < FAR_M:
            # A palette of many neon colours is one of a street that is full of signs.
            for _ in range(max(1, len(self._palette.colors["neon"]) - 2)):
                if self._random.random() < 0.7:
                    self._fitter.hang_sign(house, x)

    def _cornice(self, house: House, x: float, shade: Color) -> None:
        trim, out = mix(shade, _WHITE, 0.22), x - house.side * 0.45
        top = house.tall
        self._canvas.wall(out, top - 0.15, top + 0.30, house.near, house.far, trim)
        self._canvas.polygon(
            [
                (out, top - 0.15, house.near),
                (out, top - 0.15, house.far),
                (x, top - 0.5, house.far),
                (x, top - 0.5, house.near),
            ],
            mix(shade, _BLACK, 0.35),
        )
        self._canvas.front(min(x, out), max(x, out), top - 0.15, top + 0.30, house.near, mix(trim, _BLACK, 0.2))
        band = SHOP_M + 0.42
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
        low = SHOP_M + 0.5 + house.storey * 0.24
        while low + tall < house.tall - 0.6:
            for column in range(columns):
                near = house.near + (column + 0.5) * pitch - broad / 2
                far = near + broad
                if far < 2.2:
                    continue
                lit = bool(random.random() < self._lit)
                warm = self._palette.colors["window"][int(random.integers(len(self._palette.colors["window"])))]
                dim = float(random.uniform(0.55, 1.0))
                if near > FAR_M:
                    canvas.wall(
                        x,
                        low,
                        low + tall,
                        near,
                        far,
                        mix(self._fitter.glass(x, low), warm, dim) if lit else self._fitter.glass(x, low),
                        0.5 * dim if lit else 0.0,
                    )
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
                        canvas.wall(
                            x - house.side * 0.06,
                            low,
                            low + tall,
                            start,
                            start + broad * 0.46,
                            self._fitter.shaded(shutter, house),
                        )
                if balconies and column % 2 == 0:
                    self._balcony(house, x, low - 0.1, near - 0.35, far + 0.35)
            low += house.storey

    def _pane(self, x: float, low: float, tall: float, near: float, far: float, lit: Color | None, dim: float) -> None:
        canvas = self._canvas
        if lit is None:
            canvas.wall(x, low, low + tall, near, far, self._fitter.glass(x, low))
            canvas.wall(
                x,
                low + tall * 0.45,
                low + tall,
                near,
                near + (far - near) * 0.6,
                mix(self._fitter.glass(x, low), _WHITE, 0.10),
            )
        else:
            glass = mix(self._fitter.glass(x, low), lit, dim)
            canvas.wall(x, low, low + tall, near, far, glass, 0.55 * dim)
            # A curtain, and the lamp behind it.
            canvas.wall(x, low, low + tall, near, near + (far - near) * 0.26, mix(glass, _BLACK, 0.25), 0.3 * dim)
            canvas.wall(
                x, low + tall * 0.6, low + tall, near + (far - near) * 0.3, far, mix(glass, _WHITE, 0.2), 0.65 * dim
            )
        bar = max(0.03, (far - near) * 0.05)
        middle = (near + far) / 2
        frame = self._palette.colors["trim"][0]
        canvas.wall(x, low, low + tall, middle - bar / 2, middle + bar / 2, frame)
        canvas.wall(x, low + tall * 0.62, low + tall * 0.62 + bar, near, far, frame)

    def _balcony(self, house: House, x: float, low: float, near: float, far: float) -> None:
        canvas, out = self._canvas, x - house.side * 0.8
        iron = mix(self._palette.colors["trim"][-1], _BLACK, 0.5)
        canvas.polygon(
            [(x, low, near), (x, low, far), (out, low, far), (out, low, near)], mix(house.shade, _BLACK, 0.55)
        )
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
                canvas.wall(
                    out,
                    low + 0.35,
                    up,
                    place,
                    place + 0.3,
                    self._fitter.shaded(mix(green, _BLACK, float(self._random.uniform(0, 0.4))), house),
                )
