"""Sparks of a pixel or two, thousands at a time: too small for a shape, so cheaper than glows."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, yuv_of

_UNSEEN = 0.05


def light_dots(target: Planes, x: Floats, y: Floats, strength: Floats, rgb: Color, radius: float) -> None:
    """Light up points of `target`.

    Parameters
    ----------
    target : Planes
        What is drawn on.
    x, y, strength : NDArray[np.float32]
        Places in pixels, and how bright, 0 to 1; of one shape.
    rgb : Color
        Their colour.
    radius : float
        Where they have faded, in pixels of luma.
    """
    seen = strength > _UNSEEN
    x, y, strength = x[seen], y[seen], strength[seen]
    luma, u, v = yuv_of(rgb)
    index, share = _spread(x, y, strength, target.y.shape, radius)
    plane = target.y.reshape(-1)
    lit = plane[index] + share * np.float32(luma - 16)
    plane[index] = np.minimum(lit, 235).astype(np.uint8)
    # Colour is coarser than light: every other spark is enough to tint a trail.
    index, share = _spread(x[::2] / 2, y[::2] / 2, strength[::2], target.u.shape, max(1.0, radius * 0.6))
    share = np.minimum(share * np.float32(1.9), 1)
    for tint, goal in ((target.u, u), (target.v, v)):
        plane = tint.reshape(-1)
        ground = plane[index].astype(np.float32)
        ground += (np.float32(goal) - ground) * share
        plane[index] = ground.astype(np.uint8)


def _spread(
    x: Floats, y: Floats, strength: Floats, shape: tuple[int, ...], radius: float
) -> tuple[NDArray[np.int32], Floats]:
    height, width = shape
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    reach = int(np.ceil(radius - 0.5))
    offsets = np.arange(-reach, reach + 1, dtype=np.int32)
    inside = (column >= reach) & (row >= reach) & (column < width - reach) & (row < height - reach)
    if not inside.all():
        x, y, strength, column, row = x[inside], y[inside], strength[inside], column[inside], row[inside]
    over = np.float32(1 / radius)
    across = 1 - np.abs((column - x + np.float32(0.5))[:, None] + offsets) * over
    down = (1 - np.abs((row - y + np.float32(0.5))[:, None] + offsets) * over) * strength[:, None]
    share: Floats = np.maximum(across, 0)[:, None, :] * np.maximum(down, 0)[:, :, None]
    places = (row * np.int32(width) + column)[:, None, None] + offsets[:, None] * np.int32(width) + offsets
    return places, share.astype(np.float32)


def scatter(fields: list[Floats], x: Floats, y: Floats, strength: Floats, goals: list[float]) -> None:
    """Let points light up small fields of one shape, in place.

    Parameters
    ----------
    fields : list of NDArray[np.float32]
        What is lit.
    x, y, strength : NDArray[np.float32]
        Places in pixels of the fields, and how bright, 0 to 1; of one shape.
    goals : list of float
        What each field nears where it is lit.
    """
    rows, columns = fields[0].shape
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
    column, row = x[inside].astype(np.intp), y[inside].astype(np.intp)
    if not column.size:
        return
    left, top = int(column.min()), int(row.min())
    wide, high = int(column.max()) + 1 - left, int(row.max()) + 1 - top
    total = np.bincount((row - top) * wide + column - left, weights=strength[inside], minlength=wide * high)
    light = np.minimum(total, 1).reshape(high, wide).astype(np.float32)
    for field, goal in zip(fields, goals, strict=True):
        part = field[top : top + high, left : left + wide]
        part += (np.float32(goal) - part) * light
