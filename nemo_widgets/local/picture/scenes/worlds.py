"""Surfaces of planets as maps of colour, longitude by latitude: seas and land, bands of gas, rock with craters."""

from collections.abc import Callable

import numpy as np

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.noise import smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.picture.scenes.setting import Palette
from nemo_widgets.local.picture.scenes.terrain import rolling, warped

Surface = Callable[[np.random.Generator, Palette, int], Floats]
"""Makes a map ``(rows, 2 * rows, 3)`` of RGB that wraps round in longitude; row 0 is the north pole."""


def surface_of(palette: Palette) -> Surface:
    """Return what kind of world a palette has colours for."""
    if "city" in palette.colors:
        return night_side
    if "ocean" in palette.colors:
        return seas
    return rocks if "crater" in palette.colors else gas


def fractal(random: np.random.Generator, rows: int, cells: float, octaves: int, rough: float = 0.52) -> Floats:
    """Return hills and hollows of many sizes, about -1 to 1, the largest so many from pole to pole."""
    total = np.zeros((rows, 2 * rows), np.float32)
    for octave in range(octaves):
        own = cells * 2.0**octave
        total += rolling(random, rows, 2 * rows, own, own * 2) * np.float32(rough**octave)
    return total


def _stirred(random: np.random.Generator, field: Floats, cells: float, far: float) -> Floats:
    """Stir a map: whirls, so many from pole to pole, move each point by up to about `far` rows."""
    rows = field.shape[0]
    height = fractal(random, rows, cells, 2) * np.float32(far * rows / cells / 6)
    down, across = np.gradient(height)
    # Along the lines of equal height: what is stirred is neither stretched nor squeezed.
    return warped(field, across * np.float32(cells), down * np.float32(-cells))


def _latitudes(rows: int) -> Floats:
    """Return the latitude of each row, 1 at the north pole to -1."""
    return np.linspace(1, -1, rows, dtype=np.float32)[:, None]


def seas(random: np.random.Generator, palette: Palette, rows: int) -> Floats:
    """Make a world of seas, green and dry land, ice and clouds."""
    land, level = _continents(random, rows)
    up = np.clip(land - level, 0, 1.2)
    latitude = np.abs(_latitudes(rows))
    moist = fractal(random, rows, 5, 4) * np.float32(0.5) + 1.1 * np.abs(latitude - 0.27) / 0.27 - 0.75
    shades = palette.colors["land"]
    green = ramp([(0, shades[0]), (0.5, shades[1]), (1, shades[2])], up)
    dry = ramp([(0, shades[3]), (1, shades[2])], up)
    rgb = dry + (green - dry) * smoothstep(-0.25, 0.3, moist)[..., None]
    deep, shelf = (np.array(shade, np.float32) for shade in palette.colors["ocean"])
    water = deep + (shelf - deep) * (np.exp(np.minimum(land - level, 0) * 9) * 0.85)[..., None]
    rgb = water + (rgb - water) * smoothstep(-0.015, 0.02, land - level)[..., None]
    cold = latitude + fractal(random, rows, 8, 4) * np.float32(0.07) + np.minimum(up, 0.5) * 0.16
    ice = smoothstep(0.80, 0.85, cold)[..., None]
    white = np.array(palette["cloud"], np.float32)
    rgb += (white - rgb) * ice * 0.94
    return _clouded(random, rgb, white)


def _continents(random: np.random.Generator, rows: int) -> tuple[Floats, float]:
    field = fractal(random, rows, 2.4, 7, 0.55)
    field = warped(field, *(fractal(random, rows, 6, 3) * np.float32(rows * 0.03) for _ in range(2)))
    return field, float(np.quantile(field, float(random.uniform(0.56, 0.66))))


def _clouded(random: np.random.Generator, rgb: Floats, white: Floats) -> Floats:
    """Lay clouds over a world, with their shadows."""
    rows = rgb.shape[0]
    latitude = np.abs(_latitudes(rows))
    puffs = fractal(random, rows, 7, 6, 0.62)
    for cells, far in ((4.0, 0.35), (9.0, 0.25)):
        puffs = _stirred(random, puffs, cells, far)
    # Rain falls at the equator and in the middle latitudes; deserts lie between.
    puffs += 0.32 * np.cos(latitude * 2 * np.pi * 1.45) + 0.1
    level = float(np.quantile(puffs, 0.50))
    cover = smoothstep(0.0, 0.95, puffs - level)
    shadow = np.roll(cover, (rows // 200 + 1, rows // 130 + 1), axis=(0, 1))
    rgb = rgb * (1 - 0.35 * shadow * (1 - cover))[..., None]
    clouded: Floats = rgb + (white - rgb) * (cover * np.float32(0.95))[..., None]
    return clouded


def gas(random: np.random.Generator, palette: Palette, rows: int) -> Floats:
    """Make a giant of gas: bands that run round it, whirls between them, a great storm."""
    shades = palette.colors["bands"]
    count = int(random.integers(9, 14))
    edges = np.sort(np.linspace(0, 1, count + 1) + random.uniform(-0.3, 0.3, count + 1) / count)
    order = [int(random.integers(len(shades)))]
    while len(order) < count:
        order.append((order[-1] + int(random.integers(1, len(shades)))) % len(shades))
    stops = []
    for index, which in enumerate(order):
        low, high = edges[index], edges[index + 1]
        soft = (high - low) * 0.16
        stops += [(float(low + soft), shades[which]), (float(high - soft), shades[which])]
    y = np.broadcast_to(np.linspace(0, 1, rows, dtype=np.float32)[:, None], (rows, 2 * rows))
    # Streaks are long and thin; whirls curl the borders of bands.
    streaks = np.zeros((rows, 2 * rows), np.float32)
    for octave in range(5):
        streaks += rolling(random, rows, 2 * rows, 10 * 2.0**octave, 3 * 2.0**octave) * np.float32(0.62**octave)
    place = np.ascontiguousarray(y + streaks * np.float32(0.012))
    streaks = _stirred(random, streaks, 16, 0.22)
    for cells, far in ((7.0, 0.10), (15.0, 0.16), (30.0, 0.18)):
        place = _stirred(random, place, cells, far)
    storm = _storm(random, rows)
    place = place + storm * np.float32(0.035)
    rgb = ramp(stops, place) * (1 + 0.09 * streaks)[..., None]
    eye = np.array(palette["storm"], np.float32)
    swirl = 0.85 + 0.15 * np.sin(storm * 14 + streaks * 2)
    rgb += (eye * swirl[..., None] - rgb) * smoothstep(0.30, 0.62, storm)[..., None] * np.float32(0.85)
    polar = smoothstep(0.55, 1.0, np.abs(_latitudes(rows)))[..., None] * np.float32(0.45)
    pole = np.array(palette["pole"], np.float32)
    rgb += (pole - rgb) * polar
    return np.clip(rgb, 0, 1)


def _storm(random: np.random.Generator, rows: int) -> Floats:
    """Return a hill where a great storm turns: 1 in its eye, 0 outside."""
    y, x = np.mgrid[:rows, : 2 * rows].astype(np.float32)
    down = rows * (0.5 + float(random.choice([-1, 1])) * float(random.uniform(0.10, 0.17)))
    size = rows * float(random.uniform(0.055, 0.085))
    right = 2 * rows * float(random.uniform(0.3, 0.7))
    hill: Floats = np.exp(-(((y - down) / size) ** 2) - ((x - right) / (size * 2.1)) ** 2)
    return hill


def rocks(random: np.random.Generator, palette: Palette, rows: int) -> Floats:
    """Make a dry world: dust, dark plains, canyons, craters, ice at the poles."""
    heights = fractal(random, rows, 3, 7, 0.56)
    heights = warped(heights, *(fractal(random, rows, 7, 3) * np.float32(rows * 0.02) for _ in range(2)))
    heights = heights / np.float32(heights.std())
    shades = palette.colors["rock"]
    rgb = ramp([(-1.6, shades[0]), (-0.5, shades[1]), (0.4, shades[2]), (1.6, shades[3])], heights)
    canyon = np.abs(_stirred(random, fractal(random, rows, 2.2, 5), 6, 0.2))
    rgb *= (1 - 0.5 * np.exp(-((canyon / 0.028) ** 2)) * smoothstep(-0.4, 0.6, heights))[..., None]
    relief = heights * np.float32(rows / 360) + cratered(random, rows, 260)
    down, across = np.gradient(relief)
    # Light from the upper left makes hills and craters stand out.
    slope = np.asarray(down + across, np.float32) * np.float32(rows / 900)
    rgb *= np.clip(1 + slope, 0.55, 1.35)[..., None]
    cold = np.abs(_latitudes(rows)) + fractal(random, rows, 9, 4) * np.float32(0.035)
    ice = smoothstep(0.86, 0.885, cold)[..., None]
    rgb += (np.array(palette["cloud"], np.float32) - rgb) * ice * np.float32(0.9)
    return np.clip(rgb, 0, 1)


def cratered(random: np.random.Generator, rows: int, count: int) -> Floats:
    """Return heights of a plain that stones have fallen on: bowls with rims, few large ones, in points."""
    heights = np.zeros((rows, 2 * rows), np.float32)
    sizes = rows * 0.006 * (1 - random.random(count) * 0.985) ** -0.55
    for size, y, x in zip(sizes.tolist(), random.random(count).tolist(), random.random(count).tolist(), strict=True):
        size = min(size, rows * 0.075)
        # Circles on the globe are wide near the poles of the map.
        stretch = 1 / max(0.3, float(np.cos((y - 0.5) * np.pi)))
        high, wide = int(size * 1.7) + 1, int(size * 1.7 * stretch) + 1
        top, left = int(y * rows), int(x * 2 * rows)
        at_y = np.arange(max(0, top - high), min(rows, top + high + 1))
        at_x = np.arange(left - wide, left + wide + 1)
        off = np.hypot((at_y - top)[:, None] / size, (at_x - left)[None, :] / size / stretch)
        bowl = np.where(off < 1, (off * off - 1) * 0.9 + 0.30 * off**6, 0.30 * np.exp(-(((off - 1) / 0.24) ** 2)))
        heights[np.ix_(at_y, at_x % (2 * rows))] += (bowl * size * 0.5).astype(np.float32)
    return heights


def night_side(random: np.random.Generator, palette: Palette, rows: int) -> Floats:
    """Make a world as its night shows it: lights of cities on dark land, clouds under the moon."""
    land, level = _continents(random, rows)
    ashore = smoothstep(-0.01, 0.03, land - level)
    ground, water, cloud = (np.array(palette[name], np.float32) for name in ("ground", "water", "cloud"))
    rgb = water + (ground - water) * ashore[..., None]
    rgb *= (1 + 0.25 * fractal(random, rows, 30, 4))[..., None]
    shine = _cities(random, land - level, ashore)
    rgb += (np.array(palette["city"], np.float32) - rgb) * shine[..., None]
    return np.clip(_clouded(random, rgb, cloud) * 0.6 + rgb * 0.4, 0, 1)


def _cities(random: np.random.Generator, height: Floats, ashore: Floats) -> Floats:
    """Return how brightly each place is lit by night: people live by the sea, in towns along roads."""
    rows = height.shape[0]
    near = np.exp(-np.abs(height) * 3.2)
    people = fractal(random, rows, 9, 4) + near * 1.2
    many = smoothstep(float(np.quantile(people, 0.62)), float(np.quantile(people, 0.985)), people) * ashore
    sparks = random.random((rows, 2 * rows), dtype=np.float32)
    roads = np.exp(-((fractal(random, rows, 26, 3) / 0.05) ** 2)) * many
    light = (sparks < many * 0.22 + roads * 0.16) * (0.35 + 0.65 * random.random((rows, 2 * rows), dtype=np.float32))
    glow = sum(np.roll(light, shift, axis) for axis in (0, 1) for shift in (-1, 1)) * np.float32(0.22)
    shine: Floats = np.clip(light + glow + many * 0.10 + roads * 0.12, 0, 1)
    return shine
