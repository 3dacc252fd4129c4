"""Land seen from above its foot: a field of heights, lit by a sun, shaded by its own slopes, drawn as a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.picture.scenes.terrain import blurred


@dataclass(frozen=True, slots=True)
class Sun:
    """Where light comes from.

    Attributes
    ----------
    aside : float
        To the right (positive) or to the left.
    up : float
        Above the horizon.
    behind : float
        From beyond the land (positive) or from the eye's side.
    """

    aside: float
    up: float
    behind: float


@dataclass(frozen=True, slots=True)
class Shade:
    """How light falls on land; fields of one shape.

    Attributes
    ----------
    light : NDArray[np.float32]
        Share of the sun's light that each point sends back, 0 to 1.
    open : NDArray[np.float32]
        How much of the sky each point sees: about 0 in gullies, 0.5 on slopes, 1 on crests.
    steep : NDArray[np.float32]
        Rise over run.
    """

    light: Floats
    open: Floats
    steep: Floats


def shade(heights: Floats, sun: Sun, hollow: float, soft: float = 6.0) -> Shade:
    """Light a field of heights.

    Parameters
    ----------
    heights : NDArray[np.float32]
        ``(depth, columns)``, the nearest row first, in steps as long as those between points; wraps round in columns.
    sun : Sun
        Where the light comes from.
    hollow : float
        How broad the gullies are that the sky cannot reach, in points.
    soft : float
        How blurred the edges of cast shadows are, in height.
    """
    along = (np.roll(heights, -1, axis=1) - np.roll(heights, 1, axis=1)) * np.float32(0.5)
    away = np.gradient(heights, axis=0)
    length = np.sqrt(1 + along * along + away * away)
    norm = np.float32((sun.aside**2 + sun.up**2 + sun.behind**2) ** 0.5)
    facing = np.clip((sun.up - along * sun.aside - away * sun.behind) / (length * norm), 0, 1)
    lit = facing * (1 - cast_shadows(heights, sun, soft))
    bulge = (heights - blurred(heights, hollow)) / np.float32(hollow)
    open_ = np.clip(0.5 + bulge * np.float32(2.2), 0, 1)
    return Shade(lit.astype(np.float32), open_.astype(np.float32), np.sqrt(length * length - 1).astype(np.float32))


def cast_shadows(heights: Floats, sun: Sun, soft: float) -> Floats:
    """Return how much of the sun land beside each point hides, 0 to 1.

    The highest line of shadow is carried from column to column, away from the sun, and sinks on the way.
    """
    depth, columns = heights.shape
    run = max(abs(sun.aside), 0.15)
    sinks = np.float32(sun.up / run)
    drift = float(np.clip(sun.behind / run, -2, 2))
    order = range(columns) if sun.aside < 0 else range(columns - 1, -1, -1)
    rows = np.clip(np.arange(depth, dtype=np.float32) + np.float32(drift), 0, depth - 1.001)
    low = rows.astype(np.intp)
    part = rows - low
    line = heights.max(axis=1) * np.float32(0)
    hidden = np.empty_like(heights)
    upright = np.ascontiguousarray(heights.T)
    # The second turn starts with the shadows that the first one carried over the edge.
    for turn in range(2):
        for x in order:
            line = line[low] * (1 - part) + line[low + 1] * part - sinks
            if turn:
                hidden[:, x] = line
            line = np.maximum(line, upright[x])
    dark: Floats = np.clip((hidden - heights) / np.float32(soft), 0, 1)
    return dark


@dataclass(frozen=True, slots=True)
class View:
    """Where each pixel of a picture lies on the land.

    Attributes
    ----------
    near, far : NDArray[np.int32]
        Indices of the two points that it lies between, ``(rows, columns)``.
    part : NDArray[np.float32]
        How near it is to the far one, 0 to 1.
    cover : NDArray[np.float32]
        How much of the pixel is land, 0 to 1.
    top : NDArray[np.float32]
        The row where the land ends in each column.
    """

    near: NDArray[np.int32]
    far: NDArray[np.int32]
    part: Floats
    cover: Floats
    top: Floats

    def of(self, values: Floats) -> Floats:
        """Return a field of the land, ``(depth, columns)``, as the picture shows it."""
        flat = values.reshape(-1)
        near = flat.take(self.near)
        seen: Floats = near + (flat.take(self.far) - near) * self.part
        return seen


def look(heights: Floats, rows: int, tilt: float) -> View:
    """Look at land from one side, in parallel, so that the picture wraps round as the land does.

    Parameters
    ----------
    heights : NDArray[np.float32]
        ``(depth, columns)``, the nearest row first, in pixels.
    rows : int
        Height of the picture; its last row is the foot of the nearest land.
    tilt : float
        How many pixels farther up each row of land begins: the more, the higher the eye.
    """
    depth, columns = heights.shape
    lines = np.float32(rows) - np.arange(depth, dtype=np.float32)[:, None] * np.float32(tilt) - heights
    highest = np.minimum.accumulate(lines, axis=0)
    # A pixel shows the first row of land that is as high as it: count, for each, how many stay below.
    reach = np.clip(np.ceil(highest - 0.5), 0, rows).astype(np.int32)
    place = reach * np.int32(columns) + np.arange(columns, dtype=np.int32)
    count = np.bincount(place.reshape(-1), minlength=(rows + 1) * columns).reshape(rows + 1, columns)
    below = count[::-1].cumsum(axis=0)[::-1][1:]
    top = highest[-1]
    first = np.clip(np.ceil(top - 0.5), 0, rows - 1).astype(np.intp)
    # Above the land, a pixel keeps the colour of the crest below it.
    row = np.maximum(np.arange(rows)[:, None], first)
    far = np.clip(np.take_along_axis(below, row, axis=0), 1, depth - 1).astype(np.int32)
    column = np.arange(columns, dtype=np.int32)
    far_at = far * np.int32(columns) + column
    near_at = far_at - np.int32(columns)
    flat = lines.reshape(-1)
    start, end = flat.take(near_at), flat.take(far_at)
    rise = np.maximum(start - end, 1e-3)
    part = np.clip((start - (row + np.float32(0.5))) / rise, 0, 1).astype(np.float32)
    cover = np.clip(np.arange(rows, dtype=np.float32)[:, None] + 1 - top, 0, 1).astype(np.float32)
    return View(near_at, far_at, part, cover, top)
