"""Heights of land as fields that wrap round from left to right: mountains by noise that is eroded, from a seed."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Floats


def rolling(random: np.random.Generator, rows: int, columns: int, cells_y: float, cells_x: float) -> Floats:
    """Return smooth hills and hollows, without the corners that `value_noise` has; wraps round in `columns`.

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    rows, columns : int
        Size of the field.
    cells_y, cells_x : float
        About how many hills fit in each direction.

    Returns
    -------
    NDArray[np.float32]
        ``(rows, columns)``, about -1 to 1.
    """
    down, across = max(2, round(cells_y)), max(2, round(cells_x))
    lattice = random.uniform(-1, 1, (down + 4, across)).astype(np.float32)
    lattice = np.concatenate([lattice[:, -2:], lattice, lattice[:, :2]], axis=1)
    picture = Image.fromarray(np.ascontiguousarray(lattice))
    box = (2, 2, 2 + across, 2 + down)
    return np.asarray(picture.resize((columns, rows), Image.Resampling.BICUBIC, box=box)).copy()


def blurred(field: Floats, reach: float) -> Floats:
    """Smooth a field over about `reach` points; wraps round in columns."""
    rows, columns = field.shape
    # Small pictures scaled up are smooth enough, and cheap however far the reach.
    step = max(1.0, reach / 2)
    margin = int(2 * reach) + 1
    wide = np.concatenate([field[:, -margin:], field, field[:, :margin]], axis=1)
    size = (max(1, round(wide.shape[1] / step)), max(1, round(rows / step)))
    small = Image.fromarray(np.ascontiguousarray(wide, np.float32)).resize(size, Image.Resampling.BOX)
    again = np.asarray(small.resize((wide.shape[1], rows), Image.Resampling.BICUBIC))
    return again[:, margin : margin + columns].copy()


def warped(field: Floats, down: Floats, across: Floats) -> Floats:
    """Look each point of `field` up some way off, in points; wraps round in columns, not in rows."""
    rows, columns = field.shape
    y = np.clip(np.arange(rows, dtype=np.float32)[:, None] + down, 0, rows - 1.001)
    x = np.arange(columns, dtype=np.float32)[None, :] + across
    top, left = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
    fy, fx = y - top, x - left
    left %= columns
    right = (left + 1) % columns
    flat = np.ascontiguousarray(field).reshape(-1)
    first = top * np.int32(columns)
    second = first + np.int32(columns)
    over = flat.take(first + left) * (1 - fx) + flat.take(first + right) * fx
    under = flat.take(second + left) * (1 - fx) + flat.take(second + right) * fx
    lifted: Floats = over * (1 - fy) + under * fy
    return lifted


def eroded(random: np.random.Generator, rows: int, columns: int, cell: float, octaves: int, sharp: float) -> Floats:
    """Return mountains: ridges that branch, rough on top and smooth in the valleys.

    Each octave is weakened where the ones before are steep or low, as water wears valleys smooth
    (Musgrave's ridged multifractal, in Ebert et al., Texturing and Modeling, chapter 16).

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    rows, columns : int
        Size of the field.
    cell : float
        Breadth of the largest mountains, in points.
    octaves : int
        How many sizes of ridges; each is half as broad as the one before.
    sharp : float
        How much the crests stand out, 0 (round) to 1.

    Returns
    -------
    NDArray[np.float32]
        ``(rows, columns)``, 0 to 1.
    """
    total = np.zeros((rows, columns), np.float32)
    weight = np.ones((rows, columns), np.float32)
    amplitude = 1.0
    size = cell
    bend_y = rolling(random, rows, columns, rows / cell * 1.3, columns / cell * 1.3) * np.float32(cell * 0.24)
    bend_x = rolling(random, rows, columns, rows / cell * 1.3, columns / cell * 1.3) * np.float32(cell * 0.24)
    for octave in range(octaves):
        noise = rolling(random, rows, columns, rows / size, columns / size)
        if octave < 4:
            noise = warped(noise, bend_y, bend_x)
        ridge = np.maximum(0, 1 - np.sqrt(noise * noise + np.float32(0.003 + 0.06 * (1 - sharp))) * np.float32(1.35))
        ridge *= weight
        total += ridge * np.float32(amplitude)
        weight = np.clip(ridge * np.float32(1.8), 0.15, 1)
        amplitude *= 0.48
        size /= 2.1
    total -= total.min()
    field: Floats = total / np.float32(max(float(total.max()), 1e-6))
    return field


def carved(random: np.random.Generator, heights: Floats, cell: float, octaves: int, deep: float) -> Floats:
    """Carve gullies and spurs that run down the slopes and branch, as running water does; wraps round in columns.

    Around the points of a jittered lattice lie waves whose crests follow the slope; finer ones also follow the coarser
    ones (after Clay John, Eroded Terrain Noise, 2020).

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    heights : NDArray[np.float32]
        ``(depth, columns)``, in steps as long as those between points.
    cell : float
        Distance between the broadest gullies, in points.
    octaves : int
        How many sizes of gullies; each is half as broad as the one before.
    deep : float
        How deep they are, as a share of their breadth.
    """
    land = heights.copy()
    for _ in range(octaves):
        # On a crest, where one slope turns into another, the slope about it is gentle: it is not cut into teeth.
        broad = blurred(land, cell * 0.3)
        along = (np.roll(broad, -1, axis=1) - np.roll(broad, 1, axis=1)) * np.float32(0.5)
        away = np.gradient(broad, axis=0).astype(np.float32)
        steep = np.sqrt(along * along + away * away)
        # Where the slope is gentle, waves are long and weak; nowhere are they shorter than a cell.
        force = np.minimum(1, steep * np.float32(1.2))
        strength = force / np.maximum(steep, 1e-3)
        waves = _waves(random, -away * strength, along * strength, cell)
        land += waves * force * force * np.float32(cell * deep)
        cell /= 2
        deep *= 0.86
    return land


def _waves(random: np.random.Generator, across: Floats, down: Floats, cell: float) -> Floats:
    """Return waves of about one a cell, -1 to 1, that rise in the direction (`across`, `down`) of each point."""
    rows, columns = across.shape
    wide, high = max(2, round(columns / cell)), max(2, round(rows / cell)) + 4
    jitter = random.uniform(-0.5, 0.5, (2, high, wide)).astype(np.float32)
    x = np.arange(columns, dtype=np.float32) * np.float32(wide / columns)
    y = np.arange(rows, dtype=np.float32) * np.float32((high - 4) / rows) + 1
    column, row = x.astype(np.intp), y.astype(np.intp)
    total, weights = np.zeros_like(across), np.zeros_like(across)
    for step_y in (-1, 0, 1):
        for step_x in (-1, 0, 1):
            at_y, at_x = row + step_y, column + step_x
            near = jitter[:, at_y][:, :, at_x % wide]
            off_x = (x - at_x - np.float32(0.5)) - near[0]
            off_y = (y - at_y - np.float32(0.5))[:, None] - near[1]
            weight = np.maximum(0, 1 - (off_x * off_x + off_y * off_y) * np.float32(0.6))
            weight *= weight
            phase = (off_x * across + off_y * down) * np.float32(2 * np.pi)
            total += np.cos(phase) * weight
            weights += weight
    return total / np.maximum(weights, 1e-3)


def settled(heights: Floats, steepest: Floats) -> Floats:
    """Let land slide until it is nowhere steeper than `steepest`, rise over run at each point; wraps round in columns.

    The result is the highest land below the given one that is no steeper (a lower envelope of cones), nearly: cones are
    octagons.
    """
    land = heights.copy()
    depth, columns = land.shape
    slant = np.float32(2**0.5)
    for order in (range(1, depth), range(depth - 2, -1, -1)):
        step = order.step
        for row in order:
            before, rise = land[row - step], steepest[row]
            near = np.minimum(np.roll(before, 1), np.roll(before, -1)) + rise * slant
            np.minimum(land[row], np.minimum(near, before + rise), out=land[row])
    upright, rises = np.ascontiguousarray(land.T), np.ascontiguousarray(steepest.T)
    for step in (1, -1):
        # The second turn lets what lies at one edge hold up what lies at the other.
        for place in range(columns + columns // 4):
            column = place * step % columns
            before = upright[(column - step) % columns]
            np.minimum(upright[column], before + rises[column], out=upright[column])
    return np.ascontiguousarray(upright.T)
