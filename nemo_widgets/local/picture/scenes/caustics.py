"""The net of light that waves throw on what lies below them, on a plane in perspective."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.noise import value_noise
from nemo_widgets.local.picture.scenes.planes import Floats

_SIDE = 256
_CELLS = 7


def net_tile(random: np.random.Generator) -> Floats:
    """Return the borders between cells as light lines, curved; tiles, ``(256, 256)``, 0 to 1."""
    jitter = random.uniform(0.1, 0.9, (_CELLS, _CELLS, 2)).astype(np.float32)
    grid = np.arange(_SIDE, dtype=np.float32) * np.float32(_CELLS / _SIDE)
    bend_y, bend_x = (value_noise(random, _SIDE, _SIDE, 9, 9) * np.float32(0.9) for _ in range(2))
    y, x = grid[:, None] + bend_y, grid[None, :] + bend_x
    row, column = np.floor(y).astype(np.intp), np.floor(x).astype(np.intp)
    nearest = np.full((_SIDE, _SIDE), 9.0, np.float32)
    second = nearest.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            spot = jitter[(row + down) % _CELLS, (column + right) % _CELLS]
            away = np.hypot(x - column - right - spot[..., 0], y - row - down - spot[..., 1])
            second = np.minimum(second, np.maximum(nearest, away))
            nearest = np.minimum(nearest, away)
    lines: Floats = np.exp(-(second - nearest) * np.float32(5.5))
    return lines


class Caustics:
    """Light on a level plane, above or below the eye.

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    away : NDArray[np.float32]
        How far away each row of the field lies, ``(rows, 1)``; 1 is one height of the eye.
    across : NDArray[np.float32]
        How far right of the middle each column looks, ``(1, columns)``, in the measure of the picture.
    pitch : float
        How many tiles lie in one height of the eye.
    """

    def __init__(self, random: np.random.Generator, away: Floats, across: Floats, pitch: float) -> None:
        tiles = [net_tile(random) for _ in range(2)]
        self._tiles = [np.ascontiguousarray(tile).reshape(-1) for tile in tiles]
        scale = np.float32(_SIDE * pitch)
        self._row = np.broadcast_to(away * scale, (away.shape[0], across.shape[1])).astype(np.int32)
        self._column = (across * away * scale).astype(np.int32)
        self._scale = float(scale)
        # Far away a line is thinner than a pixel: there, all that is left of the net is its mean.
        fine = np.gradient(away[:, 0])[:, None] * scale
        self._sharp = (1 / (1 + (fine / 22) ** 2)).astype(np.float32)
        self._mean = float(np.minimum(tiles[0], tiles[1]).mean())

    def at(self, at_s: float, glide: float = 0.0) -> Floats:
        """Return the light at `at_s` seconds, 0 to about 1; `glide` is how far the eye has moved, in its heights."""
        first = self._look(0, glide * self._scale + at_s * 13, at_s * 9)
        second = self._look(1, glide * self._scale - at_s * 10, 120 + at_s * 11)
        light = np.minimum(first, second)
        light -= np.float32(self._mean)
        light *= self._sharp
        light += np.float32(self._mean)
        return light

    def _look(self, tile: int, right: float, down: float) -> Floats:
        index: NDArray[np.int32] = (self._row + np.int32(down % _SIDE)) & np.int32(_SIDE - 1)
        index *= np.int32(_SIDE)
        index += (self._column + np.int32(right % _SIDE)) & np.int32(_SIDE - 1)
        seen: Floats = self._tiles[tile].take(index)
        return seen
