"""The ground of a street: asphalt with its lines, kerbs, slabs of pavement, shadows, and light from shops by night."""

import numpy as np

from nemo_widgets.local.picture.scenes.noise import clouds, smoothstep
from nemo_widgets.local.picture.scenes.perspective import View
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix
from nemo_widgets.local.picture.scenes.setting import Palette
from nemo_widgets.local.picture.scenes.shopfronts import House, Shop

_BLACK: Color = (0.0, 0.0, 0.0)
_WHITE: Color = (1.0, 1.0, 1.0)
_TILE, _TILE_M = 512, 9.0


def lanes(view: View) -> tuple[float, float]:
    """Return where cars drive that go away from the eye, and those that come, in metres to its right."""
    low, high = view.kerbs
    far = low if view.side > 0 else high
    return far + view.side * 4.6, far + view.side * 1.7


class Ground:
    """Every pixel below the vanishing point as a place on the ground.

    Parameters
    ----------
    view : View
        Where the eye is.
    top : int
        The first row.

    Attributes
    ----------
    x, away : NDArray[np.float32]
        Metres to the right of the eye, and ahead, of each pixel.
    """

    def __init__(self, view: View, top: int) -> None:
        self._view = view
        rows = np.arange(top, view.height, dtype=np.float32)[:, None] + np.float32(0.5 - view.y)
        columns = np.arange(view.width, dtype=np.float32)[None, :] + np.float32(0.5 - view.x)
        self._deep = np.float32(view.focal * view.eye) / np.maximum(rows, 0.5)
        self.x = columns / np.float32(view.focal) * self._deep
        self.away = np.broadcast_to(self._deep, self.x.shape)
        # How much ground a pixel covers, sideways and ahead.
        self._wide = self._deep / np.float32(view.focal)
        self._long = self._deep * self._deep / np.float32(view.focal * view.eye)

    def paint(self, palette: Palette, random: np.random.Generator) -> Floats:
        """Return the colours of dry ground under even light."""
        view = self._view
        low, high = view.kerbs
        grain = clouds(random, _TILE, _TILE, 40, 40, 4)
        coarse = clouds(random, _TILE, _TILE, 4, 4, 5)
        asphalt, stone = (np.array(palette[name], np.float32) for name in ("road", "pavement"))
        fine = 1 / (1 + (self._long / 0.12) ** 2)
        spots = self._look(grain, 1.0) * fine + 0.5 * (1 - fine)
        rgb = asphalt * (0.94 + 0.30 * (spots - 0.5) + 0.12 * (self._look(coarse, 0.25) - 0.5))[..., None]
        on_road = self._between(low, high)
        slabs = stone * (0.94 + 0.16 * (self._look(coarse, 0.8) - 0.5) + 0.22 * (spots - 0.5))[..., None]
        tone = self._look(clouds(random, _TILE, _TILE, 15, 15, 1), 1.0)
        slabs *= (0.93 + 0.14 * tone)[..., None]
        joints = np.maximum(
            self._stripes(self.x, self._wide, 0.6, 0.03), self._stripes(self.away, self._long, 0.6, 0.03)
        )
        slabs *= (1 - 0.34 * joints)[..., None]
        rgb = slabs + (rgb - slabs) * on_road[..., None]
        white: Floats = np.array(mix(palette["road"], _WHITE, 0.62), np.float32)
        first, second = lanes(view)
        worn = 0.65 + 0.35 * spots
        middle = self._line((first + second) / 2, 0.12) * self._dashes(6.0, 0.45)
        edge = self._line(first + view.side * 1.75, 0.12)
        lines = np.clip(middle + edge, 0, 1) * worn
        zebra_at = float(random.uniform(13.0, 19.0))
        zebra = self._ahead(zebra_at, zebra_at + 2.8) * self._bars(1.0, 0.5) * on_road * worn
        rgb += (white - rgb) * np.maximum(lines, zebra)[..., None]
        for kerb in (low, high):
            curb = np.array(mix(palette["pavement"], _WHITE, 0.18), np.float32)
            rgb += (curb - rgb) * (self._line(kerb, 0.24) * 0.9)[..., None]
            gutter = self._line(kerb + (0.26 if kerb == low else -0.26), 0.2)
            rgb *= (1 - 0.42 * gutter)[..., None]
        painted: Floats = np.clip(rgb, 0, 1)
        return painted

    def haze(self, air: Color, clear_m: float, rgb: Floats) -> Floats:
        """Let far ground fade into the air."""
        share = (1 - np.exp(-self.away / np.float32(clear_m)))[..., None]
        faded: Floats = rgb + (np.array(air, np.float32) - rgb) * share
        return faded

    def shade(self, houses: list[House], sunny: int, random: np.random.Generator) -> Floats:
        """Return how much of the ground lies in the shadow of the houses that face away from the sun, 0 to 1."""
        view = self._view
        wall = view.left if sunny > 0 else view.right
        slope = float(random.uniform(0.36, 0.52))
        shadow: Floats = np.zeros(self.x.shape, np.float32)
        for house in houses:
            if house.side == sunny:
                continue
            # The sun stands somewhat ahead: shadows fall towards the eye.
            far = house.tall * slope
            reach = np.clip((far - np.abs(self.x - wall)) / (0.12 + self._wide) + 0.5, 0, 1)
            lean = self.away + np.abs(self.x - wall) * np.float32(0.35)
            along = np.clip((lean - house.near) / (0.1 + self._long) + 0.5, 0, 1)
            along *= np.clip((house.far - lean) / (0.1 + self._long) + 0.5, 0, 1)
            np.maximum(shadow, reach * along, out=shadow)
        return shadow

    def shine(self, shops: list[Shop], lamps: list[tuple[float, float]], lamp: Color) -> Floats:
        """Return the light that shops and street lamps throw on the ground."""
        view = self._view
        light = np.zeros((*self.x.shape, 3), np.float32)
        for shop in shops:
            wall = view.left if shop.side < 0 else view.right
            part = self._rows(shop.near - 5, shop.far + 5)
            aside = np.abs(self.x[part] - wall)
            soft, away = 0.5 + aside * 0.5, self.away[part]
            along = smoothstep(-1, 1, (away - shop.near) / soft) * smoothstep(-1, 1, (shop.far - away) / soft)
            light[part] += (along * np.exp(-aside / 2.6) * 0.85)[..., None] * np.array(shop.shade, np.float32)
        for x, away_m in lamps:
            part = self._rows(away_m - 9, away_m + 9)
            off = ((self.x[part] - x) ** 2 + (self.away[part] - away_m) ** 2) / np.float32(8.0)
            light[part] += (0.55 / (1 + off * off))[..., None] * np.array(lamp, np.float32)
        return light

    def _rows(self, near: float, far: float) -> slice:
        """Return the rows of the ground between two distances."""
        inside = np.flatnonzero((self._deep[:, 0] > near) & (self._deep[:, 0] < far))
        return slice(int(inside[0]), int(inside[-1]) + 1) if inside.size else slice(0, 0)

    def mirror(self, random: np.random.Generator) -> Floats:
        """Return how well each place mirrors when it is wet, 0 to 1: puddles do best, and what is far away."""
        grain = clouds(random, _TILE, _TILE, 5, 5, 4)
        puddles = smoothstep(0.42, 0.60, self._look(grain, 0.8))
        slanted = np.clip(self.away / np.float32(22), 0, 1) ** 0.6
        share: Floats = (0.34 + 0.42 * slanted) * (0.60 + 0.40 * puddles)
        return share.astype(np.float32)

    def _look(self, tile: Floats, scale: float) -> Floats:
        share = _TILE * scale / _TILE_M
        row = (self.away * np.float32(share)).astype(np.int32) % _TILE
        column = (self.x * np.float32(share)).astype(np.int32) % _TILE
        seen: Floats = tile.reshape(-1).take(row * _TILE + column)
        return seen

    def _between(self, low: float, high: float) -> Floats:
        inside: Floats = np.clip((self.x - low) / self._wide + 0.5, 0, 1) * np.clip(
            (high - self.x) / self._wide + 0.5, 0, 1
        )
        return inside

    def _ahead(self, near: float, far: float) -> Floats:
        first = np.clip((self.away - near) / self._long + 0.5, 0, 1)
        inside: Floats = first * np.clip((far - self.away) / self._long + 0.5, 0, 1)
        return inside

    def _line(self, x: float, wide: float) -> Floats:
        return self._between(x - wide / 2, x + wide / 2)

    def _stripes(self, at: Floats, foot: Floats, pitch: float, wide: float) -> Floats:
        off = np.abs((at / np.float32(pitch)) % 1 - 0.5) * np.float32(pitch)
        near = np.clip((wide / 2 - off) / foot + 0.5, 0, 1) * np.minimum(1, wide / foot)
        faded: Floats = near * np.clip(1.6 - foot / (0.35 * pitch), 0, 1)
        return faded

    def _dashes(self, pitch: float, share: float) -> Floats:
        off = np.abs((self.away / np.float32(pitch)) % 1 - 0.5) * np.float32(pitch)
        dashes: Floats = np.clip((share * pitch / 2 - off) / np.minimum(self._long, pitch) + 0.5, 0, 1)
        return dashes

    def _bars(self, pitch: float, share: float) -> Floats:
        off = np.abs((self.x / np.float32(pitch)) % 1 - 0.5) * np.float32(pitch)
        bars: Floats = np.clip((share * pitch / 2 - off) / self._wide + 0.5, 0, 1)
        return bars
