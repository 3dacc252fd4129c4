"""Water that mirrors what is above it: a gather through a field of ripples."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.noise import weighted_sum
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, Words, blend

_BLOCK_X, _BLOCK_Y = 8, 2
"""Pixels that move together: ripples are wide and flat, so coarse columns are not seen."""


class Ripples:
    """Several trains of waves whose sum is cheap to evaluate at any time.

    A wave of phase p and frequency w is ``sin p · cos wt + cos p · sin wt``: both sines of p are kept,
    so a moment costs two multiplications a wave.
    """

    def __init__(self, x: Floats, depth: Floats, random: np.random.Generator, count: int) -> None:
        waves = []
        self._speeds = random.uniform(0.9, 2.6, count).astype(np.float32)
        for index in range(count):
            fineness = 1.0 + index * 0.9
            slant = float(random.uniform(-0.5, 0.5))
            waves.append(x * np.float32(slant * fineness * 3) + depth * np.float32(fineness) + random.uniform(0, 7))
        phase = np.stack(waves).astype(np.float32)
        weight = np.array([1 / (1 + 0.5 * index) for index in range(count)], np.float32)
        self._waves = np.concatenate([np.sin(phase), np.cos(phase)]) * np.tile(weight, 2)[:, None, None]

    def at(self, at_s: float) -> Floats:
        """Return the height of the water, about -2 to 2, at `at_s` seconds."""
        angle = self._speeds * np.float32(at_s)
        return weighted_sum(self._waves, np.concatenate([np.cos(angle), np.sin(angle)]))


class Mirror:
    """The lower part of a frame, showing the upper part upside down.

    Parameters
    ----------
    width, height, surface : int
        Size of the frame, and the row where the water begins; `surface` is even.
    random : numpy.random.Generator
        For the waves.
    squeeze : tuple of float
        How many rows of the picture one row of water shows: at the surface, and at the foot of the frame.
    tint : tuple of float
        Y, U and V of the water's own colour.
    """

    def __init__(
        self,
        width: int,
        height: int,
        surface: int,
        random: np.random.Generator,
        squeeze: tuple[float, float],
        tint: tuple[float, float, float],
    ) -> None:
        rows = height - surface
        self._heights = surface - 2 - _above(np.arange(rows), rows, squeeze)
        self._luma = _Gather(width, rows, surface, squeeze, 1)
        self._chroma = _Gather(width // 2, rows // 2, surface // 2, squeeze, 2)
        coarse_rows, coarse_columns = -(-rows // _BLOCK_Y), -(-width // _BLOCK_X)
        nearness = np.linspace(0.0, 1, coarse_rows, dtype=np.float32)[:, None]
        depth = np.log1p(nearness * 9) * 22
        x = np.linspace(-1, 1, coarse_columns, dtype=np.float32)[None, :] * width / height * (1.2 - 0.7 * nearness)
        self._waves = Ripples(x, depth, random, 6)
        steeper = np.float32(squeeze[0] + (squeeze[1] - squeeze[0]) * nearness) / np.float32(1.75)
        self._reach = (1.2 + 12 * nearness**1.1) * steeper * np.float32(min(width, height) / 1080)
        inward = 1 - np.abs(np.linspace(-1, 1, coarse_columns, dtype=np.float32))
        self._sideways = self._reach / steeper * np.float32(0.5) * np.minimum(1, inward * 20)
        dim = np.linspace(0.86, 0.5, rows, dtype=np.float32)
        self._washes = [_wash(dim if step == 1 else dim[::2], goal) for step, goal in zip((1, 2, 2), tint, strict=True)]

    def row_of(self, line: float) -> float:
        """Return the row of water, counted from the surface, that shows the row `line` of the picture."""
        return float(np.interp(-line, -self._heights, np.arange(len(self._heights))))

    def draw(self, target: Planes, at_s: float) -> None:
        """Fill the water of `target` with what has been drawn above it."""
        height = self._waves.at(at_s)
        down = height * self._reach
        aside = np.roll(height, 3, axis=1) * self._sideways
        gathers = (self._luma, self._chroma, self._chroma)
        for plane, gather, wash in zip((target.y, target.u, target.v), gathers, self._washes, strict=True):
            gather.fill(plane, down, aside)
            blend(plane[gather.surface :], *wash)


def _above(row: NDArray[np.int_], rows: int, squeeze: tuple[float, float]) -> NDArray[np.floating]:
    """Return how far above the surface a row of water looks."""
    near, far = squeeze
    return row * near + (far - near) / (2 * rows) * row.astype(np.float64) ** 2


def _wash(dim: Floats, goal: float) -> tuple[Bytes, Words]:
    kept = (dim * 255).astype(np.uint8)[:, None]
    added = ((255 - kept.astype(np.float32)) * np.float32(goal) + 255).astype(np.uint16)
    return kept, added


class _Gather:
    """Where the water looks for its colour, in one plane; `step` is 2 for chroma.

    All pixels of a block look in the same direction, so what they see lies side by side as well, and is fetched
    as one word of eight bytes (four of chroma), wherever it begins.
    """

    def __init__(self, width: int, rows: int, surface: int, squeeze: tuple[float, float], step: int) -> None:
        self.surface = surface
        self._step = step
        self._size = _BLOCK_X // step
        self._word = np.dtype(f"u{self._size}")
        self._columns = -(-width // self._size)
        lines = np.clip(surface - 2 - _above(np.arange(rows), rows, squeeze), 0, surface - 1).astype(np.intp)
        self._base: NDArray[np.intp] = lines[:, None] * width + np.arange(self._columns) * self._size
        self._last = surface * width - 1
        self._source = np.zeros(surface * width + self._size, np.uint8)
        self._words = np.ndarray((self._last + 1,), self._word, self._source, strides=(1,))

    def fill(self, plane: Bytes, down: Floats, aside: Floats) -> None:
        rows, width = plane.shape[0] - self.surface, plane.shape[1]
        self._source[: self._last + 1].reshape(-1, width)[:] = plane[: self.surface]
        moves = np.rint(down / self._step).astype(np.intp)
        moves *= width
        moves += np.rint(aside / self._step).astype(np.intp)
        places = np.repeat(moves, _BLOCK_Y // self._step, 0)[:rows]
        places += self._base
        np.clip(places, 0, self._last, out=places)
        plane[self.surface :] = self._words[places].view(np.uint8)[:, :width]
