"""Smooth random fields that tile, from a seed."""

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Floats


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return a generator of random numbers for one part of a scene.

    Each part has its own, so that a change in one does not reshuffle the others.
    """
    words = [byte for name in names for byte in name.encode()]
    return np.random.Generator(np.random.PCG64([seed & 0xFFFFFFFF, *words]))


def value_noise(random: np.random.Generator, height: int, width: int, rows: int, columns: int) -> Floats:
    """Interpolate a lattice of random numbers; tiles in both directions.

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    height, width : int
        Size of the field, in pixels.
    rows, columns : int
        Size of the lattice: how many hills fit in the field.

    Returns
    -------
    NDArray[np.float32]
        ``(height, width)``, 0 to 1.
    """
    lattice = random.random((rows, columns), dtype=np.float32)
    y = np.arange(height, dtype=np.float32) * (rows / height)
    x = np.arange(width, dtype=np.float32) * (columns / width)
    y0, x0 = y.astype(np.intp), x.astype(np.intp)
    fy, fx = y - y0, x - x0
    fy, fx = (fy * fy * (3 - 2 * fy))[:, None], fx * fx * (3 - 2 * fx)
    y1, x1 = (y0 + 1) % rows, (x0 + 1) % columns
    along = lattice[:, x0] * (1 - fx) + lattice[:, x1] * fx
    field: Floats = along[y0] * (1 - fy) + along[y1] * fy
    return field


def clouds(random: np.random.Generator, height: int, width: int, rows: int, columns: int, octaves: int = 5) -> Floats:
    """Sum octaves of `value_noise` (fractal Brownian motion); tiles, spread over 0 to 1."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        scale = 2**octave
        total += value_noise(random, height, width, rows * scale, columns * scale) * np.float32(0.5**octave)
    total -= total.min()
    field: Floats = total / np.float32(max(float(total.max()), 1e-6))
    return field


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """Rise from 0 at `low` to 1 at `high` without corners."""
    step = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    rise: Floats = step * step * (3 - 2 * step)
    return rise


def weighted_sum(fields: Floats, weights: Floats) -> Floats:
    """Add up ``weights[i] * fields[i]``: the processor's own loop, where BLAS would start threads of its own."""
    total: Floats = fields[0] * np.float32(weights[0])
    part = np.empty_like(total)
    for field, weight in zip(fields[1:], weights[1:], strict=True):
        np.multiply(field, np.float32(weight), out=part)
        np.add(total, part, out=total)
    return total
