"""A globe that turns: where each pixel looks on its map, and the light on it."""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv

Vector = tuple[float, float, float]
"""To the right, up, towards the eye."""


@dataclass(frozen=True, slots=True)
class Ball:
    """Where a globe is.

    Attributes
    ----------
    x, y, radius : float
        In pixels of the frame; it may lie partly outside.
    roll, pitch : float
        How far its north pole leans to the left, and towards the eye, in radians.
    """

    x: float
    y: float
    radius: float
    roll: float
    pitch: float

    @property
    def pole(self) -> Vector:
        """The direction of its north pole."""
        return (-sin(self.roll) * cos(self.pitch), cos(self.roll) * cos(self.pitch), sin(self.pitch))

    def box(self, width: int, height: int, reach: float = 1.0) -> tuple[int, int, int, int]:
        """Return the part of a frame that it fills, as left, top, right, bottom; `reach` counts in radii."""
        far = self.radius * reach + 2
        left, top = (max(0, int(place - far) // 4 * 4) for place in (self.x, self.y))
        right, bottom = (
            min(size, -(-int(place + far) // 4) * 4) for place, size in ((self.x, width), (self.y, height))
        )
        return min(left, width), min(top, height), max(right, min(left, width)), max(bottom, min(top, height))

    def normals(self, box: tuple[int, int, int, int], step: int = 1) -> tuple[Floats, Floats, Floats, Floats]:
        """Return where pixels lie in radii: to the right, up and towards the eye, and their distance to the middle.

        Outside of the globe, the third is 0.
        """
        left, top, right, bottom = box
        x = (np.arange(left, right, step, dtype=np.float32) + np.float32(step / 2 - self.x)) / np.float32(self.radius)
        y = (np.arange(top, bottom, step, dtype=np.float32) + np.float32(step / 2 - self.y)) / np.float32(-self.radius)
        across, up = np.broadcast_arrays(x[None, :], y[:, None])
        off = np.hypot(across, up)
        return across, up, np.sqrt(np.clip(1 - off * off, 0, 1)), off


class Globe:
    """A globe under light that stands still.

    Parameters
    ----------
    ball : Ball
        Where it is.
    surface : NDArray[np.float32]
        Its map, ``(rows, 2 * rows, 3)``.
    light : NDArray[np.float32]
        How much of the surface's light is seen, for each pixel of `box`, 0 to 1.
    box : tuple of int
        Left, top, right and bottom of the part of the frame that `light` covers, multiples of 4.
    fine : float
        Points of the map for a pixel in the middle of the globe, along its turning: with 2 it turns by half pixels.
    repeats : int
        How many times the map lies round the globe: more of it fits on one that is seen from close by. Then only its
        middle is to be seen.
    """

    def __init__(
        self,
        ball: Ball,
        surface: Floats,
        light: Floats,
        box: tuple[int, int, int, int],
        fine: float = 2.0,
        repeats: int = 1,
    ) -> None:
        rows, columns = np.flatnonzero(light.max(axis=1) > 0.004), np.flatnonzero(light.max(axis=0) > 0.004)
        if not rows.size:
            rows = columns = np.array([0])
        top, bottom = int(rows[0]) // 2 * 2, int(rows[-1]) // 2 * 2 + 2
        left, right = int(columns[0]) // 2 * 2, int(columns[-1]) // 2 * 2 + 2
        lit = light[top:bottom, left:right]
        self._box = (box[0] + left, box[1] + top, box[0] + right, box[1] + bottom)
        self._turn_points = max(8, round(2 * pi * ball.radius * fine / repeats) // 4 * 4)
        y, u, v = yuv(surface)
        self._light = np.rint(lit * 255).astype(np.uint8)
        half = lit.reshape(lit.shape[0] // 2, 2, lit.shape[1] // 2, 2).mean(axis=(1, 3))
        self._half_light = np.rint(half * 255).astype(np.int16)
        self._luma = _Look(ball, self._box, 1, [y - 16], self._turn_points, repeats)
        self._chroma = _Look(ball, self._box, 2, [u - 128, v - 128], self._turn_points // 2, repeats)

    def draw(self, target: Planes, turns: float) -> None:
        """Add its light to `target`, after so many turns of its map."""
        left, top, right, bottom = self._box
        point = round(turns % 1 * self._turn_points) % self._turn_points
        (albedo,) = self._luma.at(point)
        lit = np.multiply(albedo.view(np.uint8), self._light, dtype=np.uint16)
        np.right_shift(lit, 8, out=lit)
        ground = target.y[top:bottom, left:right]
        np.add(ground, lit, out=ground, casting="unsafe")
        for plane, tint in zip((target.u, target.v), self._chroma.at(point // 2), strict=True):
            shade = np.multiply(tint, self._half_light, dtype=np.int16)
            np.right_shift(shade, 8, out=shade)
            part = plane[top // 2 : bottom // 2, left // 2 : right // 2]
            # Bytes wrap round, so that negative numbers subtract.
            np.add(part, shade.astype(np.uint8), out=part)


class _Look:
    """Where the pixels of one kind of plane look on the maps."""

    def __init__(
        self,
        ball: Ball,
        box: tuple[int, int, int, int],
        step: int,
        maps: list[Floats],
        turn: int,
        repeats: int,
    ) -> None:
        right, up, near, _ = ball.normals(box, step)
        across = right * np.float32(cos(ball.roll)) + up * np.float32(sin(ball.roll))
        along = up * np.float32(cos(ball.roll)) - right * np.float32(sin(ball.roll))
        north = along * np.float32(cos(ball.pitch)) + near * np.float32(sin(ball.pitch))
        front = near * np.float32(cos(ball.pitch)) - along * np.float32(sin(ball.pitch))
        latitude = np.arcsin(np.clip(north, -1, 1)) * repeats
        longitude = np.arctan2(across, front) * repeats % np.float32(2 * pi)
        # Only the latitudes that are seen are kept.
        lines = max(4, turn // 4)
        row = np.clip((0.5 - latitude / pi) * lines, 0, lines - 1).astype(np.int32)
        first, last = int(row.min()), int(row.max()) + 1
        column = (longitude * np.float32(turn / (2 * pi))).astype(np.int32) % turn
        self._index = (row - first) * np.int32(2 * turn) + column
        self._maps = [_grown(plane, (turn, lines), first, last) for plane in maps]

    def at(self, point: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.int8]]]:
        """Return what is seen on each map when it has turned by so many points."""
        return [plane[point:].take(self._index) for plane in self._maps]


def _grown(
    plane: Floats, size: tuple[int, int], first: int, last: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """Scale a map to `size`, keep some of its rows, and repeat it to the right; bytes with or without a sign."""
    wide = np.concatenate([plane[:, -8:], plane, plane[:, :8]], axis=1)
    share = plane.shape[0] / size[1]
    box = (8, first * share, 8 + plane.shape[1], last * share)
    grown = Image.fromarray(np.ascontiguousarray(wide, np.float32)).resize(
        (size[0], last - first), Image.Resampling.BICUBIC, box=box
    )
    points = np.asarray(grown)
    low = -128 if plane.min() < -1 else 0
    repeated = np.empty((points.shape[0], 2 * size[0]), np.int8)
    # Some rows at a time: the map is large.
    for row in range(0, points.shape[0], 64):
        whole = np.clip(np.rint(points[row : row + 64]), low, low + 255).astype(np.int16).astype(np.int8)
        repeated[row : row + 64, : size[0]] = whole
        repeated[row : row + 64, size[0] :] = whole
    return repeated.reshape(-1)
