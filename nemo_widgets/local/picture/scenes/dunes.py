"""Dunes as pictures for parallax strips: long windward slopes, sharp crests, slip faces in the shade, ripples."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.land import Land, enlarged
from nemo_widgets.local.picture.scenes.landform import Shade, Sun, look, shade
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, picture_of
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.terrain import blurred, rolling

_WINDWARD = 0.72
"""Share of a dune's breadth that its gentle side takes; the slip face behind it is as steep as sand can lie."""

_GAP = 6
"""Half of the broadest gap on a crest, in columns."""


@dataclass(frozen=True, slots=True)
class Sand:
    """What dunes are made of, and the light on them.

    Attributes
    ----------
    sand : Color
        Its colour under white light.
    sunlight, skylight : Color
        The light of the sun, and that of the sky, which also reaches the shade.
    air : Color
        What far things fade into.
    """

    sand: Color
    sunlight: Color
    skylight: Color
    air: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Land):
    """One row of dunes.

    Attributes
    ----------
    breadth : float
        From one crest to the next, in pixels.
    slant : float
        How far crests run aside as they run away from the eye: 0 is straight away.
    ripples : float
        How deep ripples are, 0 to 1.
    """

    breadth: float
    slant: float
    ripples: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn row of dunes.

    Attributes
    ----------
    picture : PIL.Image.Image
        For a strip.
    top : NDArray[np.float32]
        The row of the strip where sand begins, in pixels of the frame, by column.
    ground : NDArray[np.float32] or None
        The row of the strip at which each point of the land is seen, ``(depth, columns)``, the nearest row first;
        NaN where other land hides it.
    """

    picture: Image.Image
    top: Floats
    ground: Floats | None = None


def draw_dunes(field: Field, made_of: Sand, sun: Sun, wind: float, seed: int) -> Drawn:
    """Draw one row of dunes from the `seed`; `wind` blows to the right (1) or to the left (-1)."""
    random = generator(seed, "dunes", field.name)
    size = (field.period * OVERSAMPLING, field.rows * OVERSAMPLING)
    fine, field = field, replace(field.in_points(), breadth=field.breadth / field.coarse)
    heights = _heights(field, wind, random)
    light = shade(heights, sun, max(4.0, field.breadth * 0.09), 3.0)
    rgb = _paint(field, made_of, heights, light, random)
    view = look(heights, field.rows, field.tilt)
    seen = np.stack([view.of(np.ascontiguousarray(rgb[..., channel])) for channel in range(3)], axis=-1)
    line = _whole(view.top)
    _even_out(seen, line)
    cover = np.clip(np.arange(field.rows, dtype=np.float32)[:, None] + 1 - line, 0, 1)
    picture = enlarged(picture_of(seen, cover), size)
    across = np.arange(fine.period) * (field.period / fine.period)
    top = np.interp(across, np.arange(field.period), line, period=field.period) * (fine.rows / field.rows)
    lines = field.rows - np.arange(field.depth, dtype=np.float32)[:, None] * np.float32(field.tilt) - heights
    bare = lines <= np.minimum.accumulate(lines, axis=0)
    ground = np.where(bare, lines, np.float32(np.nan)) * np.float32(fine.rows / field.rows)
    return Drawn(picture, top.astype(np.float32), ground.astype(np.float32))


def _whole(top: Floats) -> Floats:
    """Close the gaps that a crest has between the points by which the land is known."""
    reach = range(-_GAP, _GAP + 1)
    highest = np.minimum.reduce([np.roll(top, step) for step in reach])
    line: Floats = np.maximum.reduce([np.roll(highest, step) for step in reach])
    smooth: Floats = blurred(line[None, :], 1.5)[0]
    return smooth


def _even_out(seen: Floats, line: Floats) -> None:
    """Blend the colours along a crest, in place: which side of it a pixel shows there is a matter of chance."""
    rows = seen.shape[0]
    top = np.floor(line).astype(np.intp)
    column = np.arange(len(line))
    shades = np.mean([seen[np.clip(top + below, 0, rows - 1), column] for below in range(1, 5)], axis=0)
    shades = np.stack([blurred(shades[None, :, channel], 2 * _GAP)[0] for channel in range(3)], axis=-1)
    for below, share in ((-2, 1.0), (-1, 1.0), (0, 1.0), (1, 0.9), (2, 0.7), (3, 0.5), (4, 0.25)):
        row = np.clip(top + below, 0, rows - 1)
        seen[row, column] += (shades - seen[row, column]) * np.float32(share)


def _heights(field: Field, wind: float, random: np.random.Generator) -> Floats:
    depth, columns = field.depth, field.period
    waves = max(1, round(columns / field.breadth))
    x = np.arange(columns, dtype=np.float32)[None, :] / columns
    z = np.arange(depth, dtype=np.float32)[:, None]
    cells_x, cells_z = columns / field.breadth, depth / field.breadth
    bend = rolling(random, depth, columns, cells_z * 0.9 + 1, cells_x * 0.7)
    bend = bend * np.float32(0.42) + rolling(random, depth, columns, cells_z * 2 + 1, cells_x * 1.7) * np.float32(0.10)
    at = (x * waves + z * np.float32(field.slant / field.breadth) + bend + float(random.uniform(0, 1))) % 1
    at = at if wind > 0 else 1 - at
    climb = np.clip(at / np.float32(_WINDWARD), 0, 1)
    rise = climb**1.25 * (1.12 - 0.12 * climb)
    fall = np.clip((1 - at) / np.float32(1 - _WINDWARD), 0, 1)
    dune = np.where(at < _WINDWARD, rise, fall**1.12)
    tall = 0.55 + 0.45 * rolling(random, depth, columns, cells_z + 1, cells_x * 0.8)
    away = z / depth
    # The row begins and ends low, so that rows meet in hollows.
    envelope = smoothstep(-0.02, 0.35, away) * (1 - 0.62 * smoothstep(0.62, 1.0, away))
    heights = dune * np.clip(tall, 0.12, 1) * envelope
    swell = rolling(random, depth, columns, cells_z + 1, cells_x * 0.5)
    heights = heights + (0.5 + 0.5 * swell) * np.float32(0.34) * smoothstep(0, 0.5, away)
    heights *= np.float32(field.tallest / max(float(heights.max()), 1e-6))
    high: Floats = blurred(heights, 1.2).astype(np.float32)
    return high


def _paint(field: Field, made_of: Sand, heights: Floats, light: Shade, random: np.random.Generator) -> Floats:
    depth, columns = heights.shape
    fine = rolling(random, depth, columns, depth / 3, columns / 3)
    broad = rolling(random, depth, columns, depth / field.breadth * 3 + 1, columns / field.breadth * 3)
    sunlit = light.light
    if field.ripples:
        sunlit = np.clip(sunlit * (1 + _ripples(field, heights, light, random)), 0, 1.2)
    tone = (1 + fine * np.float32(0.022) + broad * np.float32(0.06))[..., None]
    sky = np.array(made_of.skylight, np.float32) * (0.5 + 0.7 * light.open)[..., None]
    # Sand in the shade glows a little with what lit sand opposite sends over.
    bounce = np.array(made_of.sunlight, np.float32) * np.array(made_of.sand, np.float32) * np.float32(0.16)
    rgb = np.array(made_of.sand, np.float32) * tone
    rgb = rgb * (sky + bounce + np.array(made_of.sunlight, np.float32) * sunlit[..., None])
    far, near = field.mist
    away = np.linspace(0, 1, depth, dtype=np.float32)[:, None]
    veil = near + (far - near) * away + np.float32(0.12) * (1 - heights / np.float32(field.tallest)) * away
    mixed: Floats = rgb + (np.array(made_of.air, np.float32) - rgb) * np.clip(veil, 0, 1)[..., None]
    return mixed


def _ripples(field: Field, heights: Floats, light: Shade, random: np.random.Generator) -> Floats:
    """Return how much ripples lighten and darken sand: lines across the wind that fork, on gentle slopes only."""
    depth, columns = heights.shape
    spacing = max(5.0, field.breadth * 0.014)
    x = np.arange(columns, dtype=np.float32)[None, :]
    z = np.arange(depth, dtype=np.float32)[:, None]
    # A whole number of them fits, so that the strip wraps round.
    count = max(1, round(columns / (spacing * 3)))
    bend = rolling(random, depth, columns, depth / (spacing * 9), columns / (spacing * 9)) * np.float32(2.4)
    bend += rolling(random, depth, columns, depth / (spacing * 30) + 1, columns / (spacing * 30)) * np.float32(6)
    phase = x * np.float32(2 * np.pi * count / columns) + z * np.float32(2 * np.pi / spacing) + bend
    patches = 0.55 + 0.45 * rolling(random, depth, columns, depth / 90 + 1, columns / 140)
    gentle = 1 - smoothstep(0.35, 0.6, light.steep)
    waves: Floats = np.sin(phase + 0.5 * np.sin(phase)) * gentle * patches * np.float32(0.24 * field.ripples)
    return waves
