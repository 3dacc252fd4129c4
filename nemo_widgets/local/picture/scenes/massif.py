"""Ranges of mountains as pictures for parallax strips: rock, snow where it can lie, woods below, air before them."""

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.land import Land, enlarged
from nemo_widgets.local.picture.scenes.landform import Shade, Sun, View, look, shade
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, picture_of
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.terrain import blurred, carved, eroded, rolling, settled


@dataclass(frozen=True, slots=True)
class Materials:
    """What mountains are made of, and the light on them.

    Attributes
    ----------
    rock, snow, wood, meadow : Color
        Colours under white light.
    sunlight, skylight : Color
        The light of the sun, and that of the sky, which also reaches the shade.
    air : Color
        What far things fade into.
    """

    rock: Color
    snow: Color
    wood: Color
    meadow: Color
    sunlight: Color
    skylight: Color
    air: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Land):
    """One range of mountains.

    Attributes
    ----------
    cell : float
        Breadth of a mountain, in pixels.
    snow_line, tree_line : float
        Heights as shares of `tallest` from which on snow lies, and up to which woods grow.
    sharp : float
        How jagged, 0 to 1.
    steep : float
        The steepest that slopes are, rise over run.
    lead : float
        Where the highest peak stands, as a share of `period`.
    """

    cell: float
    snow_line: float
    tree_line: float
    sharp: float
    steep: float
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Relief:
    """A drawn range.

    Attributes
    ----------
    picture : PIL.Image.Image
        For a strip.
    heights : NDArray[np.float32]
        The land itself, ``(depth, columns)``, in pixels.
    view : View
        Where each pixel lies on it.
    shade : Shade
        The light on it.
    """

    picture: Image.Image
    heights: Floats
    view: View
    shade: Shade


def draw_range(place: Range, made_of: Materials, sun: Sun, seed: int) -> Relief:
    """Draw one range of mountains from the `seed`."""
    random = generator(seed, "range", place.name)
    fine, place = place, replace(place.in_points(), cell=place.cell / place.coarse)
    heights = _heights(place, random)
    unit = place.tallest / 430
    shading = shade(heights, sun, max(3.0, place.cell * 0.07), 5 * unit)
    view = look(heights, place.rows, place.tilt)
    seen = _paint(place, made_of, _Face.seen(heights, shading, view, sun), random)
    picture = picture_of(seen, view.cover)
    size = (fine.period * OVERSAMPLING, fine.rows * OVERSAMPLING)
    return Relief(enlarged(picture, size), heights, view, shading)


def _heights(place: Range, random: np.random.Generator) -> Floats:
    """Raise ridges, let water carve them, at half the size; then give them their finest roughness."""
    depth, columns = place.depth // 2, place.period // 2
    cell = place.cell / 2
    away = np.linspace(0, 1, depth, dtype=np.float32)[:, None]
    land = eroded(random, depth, columns, cell, 3, place.sharp)
    # The foot of the mountains is no straight line: spurs come forward, valleys reach far back.
    bay = rolling(random, 1, columns, 2, columns / cell * 1.4)[:1] * np.float32(0.2)
    rise = smoothstep(-0.05, 0.6, away + bay) ** 1.35 * (1 - 0.6 * smoothstep(0.72, 1.0, away))
    rise *= smoothstep(0.0, 0.12, away)
    land = (0.12 + 0.88 * land) * rise * _bulk(place, depth, columns, random)
    land *= np.float32(place.tallest * 0.48 / max(float(land.max()), 1e-6))
    hardness = rolling(random, depth, columns, depth / cell * 3, columns / cell * 3)
    land = settled(land, np.float32(place.steep) * (1 + hardness * np.float32(0.35)))
    land *= np.float32(place.tallest * 0.48 / max(float(land.max()), 1e-6))
    hills = 0.5 + 0.5 * rolling(random, depth, columns, depth / cell * 2, columns / cell * 2)
    land += hills * smoothstep(0, 0.3, away) * np.float32(place.tallest * 0.03)
    if place.sharp:
        land = carved(random, land, cell * 0.42, 5, 0.15)
    size = (place.period, place.depth)
    wide = np.concatenate([land[:, -4:], land, land[:, :4]], axis=1)
    box = (4, 0, 4 + columns, depth)
    tall = np.asarray(Image.fromarray(wide).resize(size, Image.Resampling.BICUBIC, box=box)) * np.float32(2)
    rough = rolling(random, place.depth, place.period, place.depth / (cell * 0.05), place.period / (cell * 0.05))
    tall = tall + rough * np.float32(place.tallest * 0.0022) * np.clip(tall * np.float32(6 / place.tallest), 0, 1)
    highest: Floats = np.maximum(tall * np.float32(place.tallest / float(tall.max())), 0).astype(np.float32)
    return highest


def _bulk(place: Range, depth: int, columns: int, random: np.random.Generator) -> Floats:
    """Return how much land is raised: most about a few peaks, of which one is the highest."""
    count = max(2, round(place.period / (place.cell * 1.05)))
    size = np.r_[1.0, random.uniform(0.35, 0.82, count - 1)]
    x = (np.arange(count) + random.uniform(-0.28, 0.28, count) * (size < 1)) * columns / count + place.lead * columns
    z = np.where(size < 1, random.uniform(0.5, 0.74, count), 0.6) * depth
    reach = place.cell / 2 * random.uniform(0.5, 0.8, count) * (0.5 + 0.5 * size)
    rows, places = np.arange(depth, dtype=np.float32)[:, None], np.arange(columns, dtype=np.float32)[None, :]
    raised = np.full((depth, columns), 0.10, np.float32)
    for index in range(count):
        aside = (places - np.float32(x[index]) + columns / 2) % columns - columns / 2
        off = np.hypot(aside, (rows - np.float32(z[index])) * np.float32(0.8)) / np.float32(reach[index])
        raised = np.maximum(raised, np.float32(size[index]) * (1.12 / (1 + off**1.45) - 0.12 * np.minimum(1, off)))
    bulk: Floats = raised.astype(np.float32)
    return bulk


@dataclass(frozen=True, slots=True)
class _Face:
    """What the picture shows of a range, pixel by pixel: height, distance (0 to 1), light, openness, steepness."""

    high: Floats
    away: Floats
    light: Floats
    open: Floats
    steep: Floats
    sun_way: float

    @classmethod
    def seen(cls, heights: Floats, light: Shade, view: View, sun: Sun) -> "_Face":
        depth, columns = heights.shape
        away = np.repeat(np.linspace(0, 1, depth, dtype=np.float32), columns).reshape(depth, columns)
        # Steepness counts for more than a point or two: else snow would hang in stripes, as gullies do.
        fields = (heights, away, light.light, light.open, blurred(light.steep, 3.0))
        high, far, lit, open_, steep = (view.of(np.ascontiguousarray(field)) for field in fields)
        return cls(high, far, lit, open_, steep, math.copysign(1.0, sun.aside))


def _paint(place: Range, made_of: Materials, face: _Face, random: np.random.Generator) -> Floats:
    """Paint what is seen. Its grain lies on the picture: on the land it would be drawn out into streaks by slopes."""
    rows, columns = face.high.shape
    up = face.high / np.float32(place.tallest)

    def grain(size: float, tall: float = 1.0) -> Floats:
        return rolling(random, rows, columns, max(1, rows / (size * tall)), columns / size)

    sizes = (place.cell * 0.10, place.cell * 0.045, place.cell * 0.02, place.cell * 0.009)
    broad, coarse, middle, fine = (grain(max(least, size)) for least, size in zip((8, 5, 3, 2), sizes, strict=True))
    patches = broad * np.float32(0.4) + coarse * np.float32(0.35) + middle * np.float32(0.3) + fine * np.float32(0.2)
    # Ribs of rock run down the face: bumps as broad as they are high would look like dented foil.
    ribs, cracks = (grain(max(least, place.cell * size), 2.6) for least, size in ((4, 0.040), (2, 0.016)))
    rough = ribs * np.float32(1.0) + cracks * np.float32(0.5) + coarse * np.float32(0.25)
    # Snow lies on what is flat enough and on ledges, longest where the sun does not reach, and in gullies.
    ledges = np.sin(face.high * np.float32(95 / place.tallest) + broad * 4 + coarse * 2)
    # Rock breaks through along crags, which branch; blots would look like a cow's hide.
    crags = np.maximum(0, 0.5 - np.abs(coarse + middle * np.float32(0.5))) + np.maximum(0, 0.4 - np.abs(broad + fine))
    bare = face.steep * np.float32(0.72) + crags * np.float32(1.5) * smoothstep(0.9, 1.9, face.steep)
    bare += (middle + fine) * np.float32(0.3) - ledges * np.float32(0.22)
    bare += (face.open - np.float32(0.5)) * np.float32(0.7)
    lies = 1 - smoothstep(1.7, 2.15, bare)
    high = smoothstep(place.snow_line - 0.05, place.snow_line + 0.06, up + patches * np.float32(0.16))
    snow = lies * high
    low = 1 - smoothstep(place.tree_line - 0.05, place.tree_line + 0.05, up + patches * np.float32(0.07))
    wooded = low * (1 - smoothstep(1.6, 2.6, face.steep)) * smoothstep(-0.45, -0.1, coarse + fine * np.float32(0.5))
    tone = (1 + patches * np.float32(0.22) + ledges * np.float32(0.07))[..., None]
    rgb = np.array(made_of.rock, np.float32) * tone
    rgb = _over(rgb, np.array(made_of.meadow, np.float32) * tone, low)
    rgb = _over(rgb, np.array(made_of.wood, np.float32) * (1 + fine * np.float32(0.35))[..., None], wooded)
    rgb = _over(rgb, np.array(made_of.snow, np.float32) * np.ones_like(tone), snow)
    way = round(face.sun_way)
    slopes = np.roll(rough, way, axis=1) - np.roll(rough, -way, axis=1)
    bumps = slopes * (1 - np.float32(0.5) * snow) * np.float32(0.55 * place.sharp)
    lit = face.light * np.clip(1 + bumps, 0.25, 1.7)
    sky = np.array(made_of.skylight, np.float32) * (0.45 + 0.75 * face.open)[..., None]
    rgb *= sky + np.array(made_of.sunlight, np.float32) * lit[..., None]
    crest, foot = place.mist
    veil = crest + (foot - crest) * (1 - np.clip(up, 0, 1)) ** 2.2 + (face.away - np.float32(0.5)) * np.float32(0.16)
    return _over(rgb, np.array(made_of.air, np.float32), np.clip(veil, 0, 1))


def _over(ground: Floats, laid: Floats, share: Floats) -> Floats:
    mixed: Floats = ground + (laid - ground) * share[..., None]
    return mixed
