"""Cars: from the front, from behind and from the side."""

from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

_FINE = 2
_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)
CAR_M = 1.85
CAR_LONG_M, CAR_TALL_M = 4.15, 1.5


class _Sheet:
    """A drawing that is symmetrical about its middle; x from 0 at the middle to 1 at the edge, up from the ground."""

    def __init__(self, width: int, tall: float) -> None:
        self._half = width * _FINE / 2
        self._high = round(width / 2 * tall) * _FINE
        self._size = (width, self._high // _FINE)
        self.picture = Image.new("RGBA", (width * _FINE, self._high), (20, 20, 24, 0))
        self._draw = ImageDraw.Draw(self.picture)

    def shape(self, points: list[tuple[float, float]], shade: Color) -> None:
        """Fill a shape whose right half is given from top to bottom."""
        right = [(self._half * (1 + x), self._high - up * self._half) for x, up in points]
        left = [(2 * self._half - x, y) for x, y in reversed(right)]
        self._draw.polygon([*right, *left], fill=(*rgb8(shade), 255))

    def pair(self, x0: float, low: float, x1: float, high: float, shade: Color, round_: float = 0.3) -> None:
        """Draw a rounded box on both sides."""
        top, bottom = self._high - high * self._half, self._high - low * self._half
        for left, right in ((1 + x0, 1 + x1), (1 - x1, 1 - x0)):
            box = (left * self._half, top, right * self._half, bottom)
            self._draw.rounded_rectangle(box, min(bottom - top, box[2] - box[0]) * round_, fill=(*rgb8(shade), 255))

    def done(self) -> Image.Image:
        return self.picture.resize(self._size, Image.Resampling.BOX)


def car(width: int, paint: Color, glass: Color, dim: float, rear: bool, lit: bool) -> Image.Image:
    """Draw a car that looks at the eye or away from it.

    Parameters
    ----------
    width : int
        In pixels.
    paint, glass : Color
        Its colours.
    dim : float
        How much light falls on it, 0 to 1.
    rear : bool
        Whether one sees its back.
    lit : bool
        Whether its lamps are on.
    """
    sheet = _Sheet(width, 1.62)
    body, dark, pane = (mix(_BLACK, shade, dim) for shade in (paint, mix(paint, _BLACK, 0.4), glass))
    tyre = (0.035, 0.035, 0.04)
    sheet.pair(0.60, 0.0, 0.88, 0.52, tyre, 0.2)
    sheet.shape([(0.0, 0.16), (0.88, 0.16), (0.90, 0.24), (0.0, 0.24)], (0.03, 0.03, 0.035))
    sheet.shape([(0.0, 1.56), (0.50, 1.54), (0.60, 1.46), (0.80, 0.98), (0.0, 0.98)], dark)
    sheet.shape([(0.0, 1.51), (0.47, 1.49), (0.54, 1.42), (0.72, 1.00), (0.0, 1.00)], pane)
    sheet.shape([(0.0, 1.51), (0.30, 1.50), (0.02, 1.00), (0.0, 1.00)], mix(pane, _WHITE, 0.10 * dim + 0.03))
    sheet.shape([(0.0, 1.02), (0.78, 1.01), (0.93, 0.92), (0.97, 0.70), (0.95, 0.30), (0.86, 0.22), (0.0, 0.22)], body)
    sheet.shape([(0.0, 1.02), (0.78, 1.01), (0.90, 0.94), (0.0, 0.96)], mix(body, _WHITE, 0.22 * dim))
    sheet.shape([(0.0, 0.42), (0.95, 0.42), (0.95, 0.30), (0.86, 0.22), (0.0, 0.22)], mix(body, _BLACK, 0.45))
    sheet.pair(0.94, 1.02, 1.0, 1.14, dark)
    plate = mix(_BLACK, (0.92, 0.92, 0.88), 0.25 + 0.65 * dim)
    if rear:
        lamp = (1.0, 0.10, 0.07) if lit else mix(_BLACK, (0.66, 0.08, 0.08), 0.3 + 0.7 * dim)
        sheet.pair(0.58, 0.70, 0.94, 0.88, lamp)
        sheet.pair(0.62, 0.74, 0.80, 0.84, mix(lamp, (1, 0.7, 0.6), 0.5 if lit else 0.1))
        sheet.shape([(0.0, 0.72), (0.26, 0.72), (0.26, 0.56), (0.0, 0.56)], plate)
        sheet.shape([(0.0, 0.92), (0.56, 0.91), (0.56, 0.89), (0.0, 0.90)], mix(body, _BLACK, 0.35))
    else:
        lamp = (1.0, 0.98, 0.90) if lit else mix(_BLACK, (0.86, 0.89, 0.92), 0.3 + 0.65 * dim)
        sheet.pair(0.56, 0.66, 0.92, 0.85, mix(lamp, _BLACK, 0.35), 0.4)
        sheet.pair(0.60, 0.68, 0.84, 0.83, lamp, 0.5)
        sheet.shape([(0.0, 0.82), (0.50, 0.80), (0.46, 0.60), (0.0, 0.60)], mix(body, _BLACK, 0.78))
        for bar in (0.66, 0.73):
            sheet.shape(
                [(0.0, bar + 0.012), (0.46, bar + 0.012), (0.46, bar), (0.0, bar)], mix(_BLACK, (0.6, 0.6, 0.62), dim)
            )
        sheet.shape([(0.0, 0.52), (0.26, 0.52), (0.26, 0.39), (0.0, 0.39)], plate)
        sheet.pair(0.66, 0.38, 0.86, 0.50, (0.05, 0.05, 0.06))
    return sheet.done()


def flank(length: int, paint: Color, glass: Color, dim: float) -> Image.Image:
    """Draw the side of a car whose near end is on the left; the picture is `length` pixels long."""
    metre = length * _FINE / CAR_LONG_M
    wide, high = length * _FINE, round(CAR_TALL_M * metre)
    body, pane = mix(_BLACK, paint, dim * 0.72), mix(_BLACK, glass, dim * 0.9)
    picture = Image.new("RGBA", (wide, high), (*rgb8(body), 0))
    draw = ImageDraw.Draw(picture)

    def shape(points: list[tuple[float, float]], shade: Color) -> None:
        draw.polygon([(x * metre, high - up * metre) for x, up in points], fill=(*rgb8(shade), 255))

    shape(
        [(0.0, 0.22), (0.0, 0.90), (0.12, 1.34), (0.3, 1.44), (3.2, 1.44), (3.75, 0.98), (4.15, 0.90), (4.15, 0.22)],
        body,
    )
    shape([(0.0, 0.22), (0.0, 0.46), (4.15, 0.46), (4.15, 0.22)], mix(body, _BLACK, 0.4))
    shape([(0.22, 0.94), (0.34, 1.36), (1.55, 1.36), (1.55, 0.94)], pane)
    shape([(1.68, 0.94), (1.68, 1.36), (3.08, 1.36), (3.48, 0.94)], pane)
    shape([(0.3, 1.1), (0.36, 1.36), (0.9, 1.36), (0.7, 1.1)], mix(pane, _WHITE, 0.16 * dim))
    shape([(1.59, 0.4), (1.59, 0.92), (1.62, 0.92), (1.62, 0.4)], mix(body, _BLACK, 0.45))
    shape([(0.05, 0.84), (0.05, 0.88), (4.1, 0.86), (4.1, 0.83)], mix(body, _WHITE, 0.25 * dim))
    for x in (0.78, 3.35):
        for reach, shade in ((0.33, (0.03, 0.03, 0.035)), (0.19, mix(_BLACK, (0.6, 0.6, 0.62), dim))):
            box = (
                (x - reach) * metre,
                high - (0.32 + reach) * metre,
                (x + reach) * metre,
                high - (0.32 - reach) * metre,
            )
            draw.ellipse(box, fill=(*rgb8(shade), 255))
    return picture.resize((length, high // _FINE), Image.Resampling.BOX)
