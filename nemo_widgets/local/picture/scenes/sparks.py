"""Many small glows at once: stars, windows, headlights, pollen, glitter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, Planes, flattened, yuv_of

_PHASES = 4
"""Positions between two pixels at which a glow is kept ready, in each direction."""

_COLOURLESS = 12.0
"""Distance from grey, in steps of chroma, below which a glow leaves the colour alone."""

_UNSEEN = 0.012


class Glow:
    """A round, soft spot of one size, stamped at many places in one go.

    Parameters
    ----------
    radius : float
        Where it has faded to nothing, in pixels of luma.
    core : float
        Share of the radius that is fully bright, 0 to 1.
    stretch : float
        Width over height: 3 is a streak.
    """

    def __init__(self, radius: float, core: float = 0.2, stretch: float = 1.0) -> None:
        self._luma = _Bank(radius * stretch, radius, core)
        self._chroma = _Bank(radius * stretch / 2 + 0.5, radius / 2 + 0.5, core)

    @property
    def banks(self) -> "tuple[_Bank, _Bank]":
        """The spot in luma and in chroma."""
        return self._luma, self._chroma

    def stamp(self, target: Planes, x: Floats, y: Floats, strength: Floats, rgb: Color) -> None:
        """Light up the places (`x`, `y`), in pixels, by `strength` (0 to 1) towards the colour `rgb`."""
        luma, u, v = yuv_of(rgb)
        _stamp(((target.y, luma),), self._luma, x, y, strength)
        if abs(u - 128) + abs(v - 128) > _COLOURLESS:
            _stamp(((target.u, u), (target.v, v)), self._chroma, x / 2, y / 2, strength)


class Fixed:
    """Glows that stay where they are and only change how bright they are: stars.

    Parameters
    ----------
    glow : Glow
        Their size.
    x, y : NDArray[np.float32]
        Where they are, in pixels. Those that reach over an edge are not drawn.
    colors : sequence of Color
        The colour of each.
    """

    def __init__(self, glow: Glow, x: Floats, y: Floats, colors: Sequence[Color]) -> None:
        self._glow, self._x, self._y = glow, x, y
        self._goals = np.array([yuv_of(rgb) for rgb in colors], np.float32).reshape(-1, 3)
        self._coloured = np.abs(self._goals[:, 1:] - 128).sum(axis=1) > _COLOURLESS
        self._ready: tuple[tuple[int, int], list[_Placed]] = ((0, 0), [])

    def light(self, target: Planes, strength: Floats) -> None:
        """Light them up by `strength`, 0 to 1 for each."""
        shape = target.height, flattened(target.y)[1]
        if self._ready[0] != shape:
            self._ready = (shape, self._placed(target))
        for plane, placed in zip((target.y, target.u, target.v), self._ready[1], strict=True):
            if placed.which.size:
                flat, _ = flattened(plane)
                ground = flat.take(placed.places).astype(np.float32)
                change = placed.goals - ground
                change *= placed.light
                change *= strength[placed.which, None]
                ground += change
                ground += np.float32(0.5)
                flat[placed.places] = ground.astype(np.uint8)

    def _placed(self, target: Planes) -> "list[_Placed]":
        every = np.arange(len(self._x))
        some = every[self._coloured]
        luma, chroma = self._glow.banks
        found = [_place(target.y, luma, self._x, self._y, every, self._goals[:, 0])]
        for channel, plane in ((1, target.u), (2, target.v)):
            x, y = self._x[some] / 2, self._y[some] / 2
            found.append(_place(plane, chroma, x, y, some, self._goals[some, channel]))
        return found


@dataclass(frozen=True, slots=True)
class _Placed:
    """Glows in one plane: the number of each, where its pixels lie, how bright they are, and what they near."""

    which: NDArray[np.intp]
    places: NDArray[np.intp]
    light: Floats
    goals: Floats


def _place(plane: Bytes, bank: "_Bank", x: Floats, y: Floats, which: NDArray[np.intp], goals: Floats) -> _Placed:
    height, width = plane.shape
    column, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    left, top = column - bank.columns // 2, row - bank.rows // 2
    inside = (left >= 0) & (top >= 0) & (left + bank.columns <= width) & (top + bank.rows <= height)
    phase_x, phase_y = ((x - column) * _PHASES).astype(np.intp), ((y - row) * _PHASES).astype(np.intp)
    pitch = flattened(plane)[1]
    places = (top * pitch + left)[inside, None] + bank.places(pitch)
    return _Placed(which[inside], places, bank.light[phase_y[inside], phase_x[inside]], goals[inside, None])


class _Bank:
    """A spot at every position between two pixels, without the corners in which there is nothing of it.

    Attributes
    ----------
    rows, columns : int
        The room that it takes.
    light : NDArray[np.float32]
        ``(phases down, phases across, pixels)``.
    """

    def __init__(self, radius_x: float, radius_y: float, core: float) -> None:
        reach_x, reach_y = int(np.ceil(radius_x)) + 1, int(np.ceil(radius_y)) + 1
        shift = np.arange(_PHASES, dtype=np.float32) / _PHASES
        x = (np.arange(-reach_x, reach_x + 1, dtype=np.float32)[None, :] - shift[:, None]) / radius_x
        y = (np.arange(-reach_y, reach_y + 1, dtype=np.float32)[None, :] - shift[:, None]) / radius_y
        distance = np.sqrt(x[None, :, None, :] ** 2 + y[:, None, :, None] ** 2)
        fade = np.clip((1 - distance) / np.float32(1 - core), 0, 1)
        light: Floats = (fade * fade).astype(np.float32)
        self.rows, self.columns = light.shape[2:]
        self._down, self._right = np.nonzero(light.max(axis=(0, 1)) > 0)
        self.light = np.ascontiguousarray(light[:, :, self._down, self._right])
        self._places: tuple[int, NDArray[np.intp]] = (0, self._right)

    def places(self, pitch: int) -> NDArray[np.intp]:
        """Return where its pixels lie in a plane of `pitch` bytes a row, counted from its first corner."""
        if self._places[0] != pitch:
            self._places = (pitch, self._down * pitch + self._right)
        return self._places[1]


def _stamp(planes: tuple[tuple[Bytes, float], ...], bank: _Bank, x: Floats, y: Floats, strength: Floats) -> None:
    height, width = planes[0][0].shape
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    phase_x = ((x - left) * _PHASES).astype(np.intp)
    phase_y = ((y - top) * _PHASES).astype(np.intp)
    left -= bank.columns // 2
    top -= bank.rows // 2
    inside: NDArray[np.bool_] = (
        (left >= 0) & (top >= 0) & (left + bank.columns <= width) & (top + bank.rows <= height) & (strength > _UNSEEN)
    )
    if not inside.any():
        return
    if not inside.all():
        left, top, phase_x, phase_y = left[inside], top[inside], phase_x[inside], phase_y[inside]
        strength = strength[inside]
    opacity = bank.light[phase_y, phase_x]
    opacity *= strength[:, None]
    _, pitch = flattened(planes[0][0])
    top *= pitch
    top += left
    places = top[:, None] + bank.places(pitch)
    for plane, goal in planes:
        flat, _ = flattened(plane)
        ground = flat.take(places).astype(np.float32)
        change = np.float32(goal) - ground
        change *= opacity
        ground += change
        ground += np.float32(0.5)
        flat[places] = ground.astype(np.uint8)
