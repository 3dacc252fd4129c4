"""Neon: the picture goes dark, and its edges glow in two colours that meet across it."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import outlines
from nemo_widgets.local.picture.lens.tone import (
    BLACK,
    NEUTRAL,
    WHITE,
    exceeding,
    look_up,
    packed,
    shares,
    table,
    veil,
)
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, color, yuv_of

_PAIRS = (("#ff1f9c", "#12d4ff"), ("#9a3cff", "#1ff0c0"), ("#ff5a1e", "#2f8bff"), ("#ff2fd0", "#b4ff2e"))
"""The two colours; the seed chooses."""
_GROUND = 0.2
"""How much of the picture's own light stays."""
_LAMPS = (96.5, 99.7)
"""Percentiles of luma between which things begin to shine by themselves: moons, windows."""
_LAMP_LIGHT = {"day": 0.36, "dusk": 0.62, "night": 0.62}
"""How bright they are. By day, the brightest are clouds."""
_LEAST_LAMP = 0.3
"""Share of white below which nothing does."""
_EVEN, _LIMIT = 0.6, 8.0
"""How much of the way lumas go to being equally frequent, and by how much that may raise contrast at most."""
_USUAL, _STEEP = 75.0, 97.0
"""Percentiles of steepness: what is usual in the picture stays dark, what is this steep shines in full."""
_FAINT = 0.2
"""Share of it below which an edge stays dark."""
_GLOW = 0.62
_UNLIT = BLACK + round(0.22 * (WHITE - BLACK))
"""Luma of the ground up to which nothing shines by itself."""


class Neon:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        shrink = max(1, round(2 * view.unit))
        self._size = (max(2, view.width // shrink), max(2, view.height // shrink))
        self._eighth = (max(2, view.width // 16), max(2, view.height // 16))
        self._down, self._away, self._coarse = (Scaler(Interpolation.AREA) for _ in range(3))
        self._near, self._glow, self._up = Scaler(), Scaler(), Scaler(Interpolation.BICUBIC)
        self._even = _evened(sample.y)
        usual, steep = (float(step) for step in np.percentile(self._steep(self._small(sample)), (_USUAL, _STEEP)))
        steep = max(24.0, steep)
        self._faint = round(min(max(usual, steep * _FAINT), steep * 0.8))
        high = max(0.25, float(np.percentile(shares()[sample.y], 99)))
        middle, lamp, brightest = (float(share) for share in np.percentile(shares()[sample.y], (50, *_LAMPS)))
        # A low sun with its glow may fill more of the picture than that.
        lamp = max(_LEAST_LAMP, min(lamp, brightest - 0.15 * (brightest - middle)))
        lit = np.clip((shares() - lamp) / max(0.08, brightest - lamp), 0, 1)
        ground = np.minimum(shares() / high, 1.2) ** 1.3 * _GROUND
        self._ground = table(BLACK + np.maximum(ground, lit * _LAMP_LIGHT[view.light]) * (WHITE - BLACK))
        self._bloom = packed(np.minimum(np.arange(256, dtype=np.float32) * 2.0, 219) * _GLOW)
        random = generator(view.seed, "neon")
        pair = [yuv_of(color(shade)) for shade in _PAIRS[int(random.integers(len(_PAIRS)))]]
        side = _sides(view, random)
        self._u, self._v = (
            np.rint(first + (second - first) * side).astype(np.uint8)
            for first, second in zip(pair[0][1:], pair[1][1:], strict=True)
        )
        # A line is paler than the light around it: tubes are.
        bright = min(219.0, (pair[0][0] + pair[1][0]) * 0.3 + 112)
        self._gain = max(1, round(bright / max(1.0, steep - self._faint)))
        self._full = round(bright) // self._gain

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        small = self._small(target)
        lines = exceeding(self._steep(small), self._faint, self._full)
        lines *= np.uint8(self._gain)
        glow = _blurred(self._away.scale(lines, *self._eighth))
        coloured = np.maximum(lines, self._near.scale(glow, *self._size))
        look_up(glow, self._bloom)
        np.maximum(lines, self._glow.scale(glow, *self._size), out=lines)
        look_up(small, self._ground)
        np.maximum(coloured, exceeding(small, _UNLIT, 42), out=coloured)
        lines += np.uint8(BLACK)
        np.maximum(small, lines, out=small)
        np.copyto(target.y, _fitted(small, self._up, target.y.shape))
        share = exceeding(_fitted(coloured, self._coarse, target.u.shape), 0, 63)
        share <<= np.uint8(2)
        for plane, goal, shift in ((target.u, self._u, 9), (target.v, self._v, 2)):
            _dull(plane, shift)
            veil(plane, share, goal)

    def _small(self, target: Planes) -> Bytes:
        return self._down.scale(target.y, *self._size)

    def _steep(self, small: Bytes) -> Bytes:
        """Return how steep the picture is, as soft lines of two pixels, about as thick as tubes."""
        even = small.copy()
        look_up(even, self._even)
        return outlines(even)


def _fitted(plane: Bytes, scaler: Scaler, shape: tuple[int, ...]) -> Bytes:
    return plane if plane.shape == shape else scaler.scale(plane, shape[1], shape[0])


def _dull(chroma: Bytes, shift: int) -> None:
    """Take five eighths of the colour away in place, and add `shift`."""
    rest = chroma >> np.uint8(3)
    chroma >>= np.uint8(1)
    chroma -= rest
    chroma += np.uint8(NEUTRAL * 5 // 8 + shift)


def _evened(luma: Bytes) -> bytes:
    """Return the table that gives contrast to where most of a picture is, dark walls before a dark sky say."""
    seen = np.bincount(luma.reshape(-1), minlength=256) / luma.size
    slope = np.minimum(seen * 256, _LIMIT)
    slope[: BLACK + 1] = 0
    even = np.cumsum(slope)
    even = even / max(1.0, float(even[-1])) * (WHITE - BLACK)
    plain = shares() * (WHITE - BLACK)
    return packed((plain + (even - plain) * _EVEN).astype(np.float32))


def _sides(view: View, random: np.random.Generator) -> Floats:
    """Return where the first colour is (0) and where the second (1): a slanting border that wavers."""
    rows, columns = view.height // 2, view.width // 2
    x = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None, :]
    y = np.linspace(-0.5, 0.5, rows, dtype=np.float32)[:, None]
    way = float(random.choice([-1.0, 1.0]))
    waver = value_noise(random, rows, columns, 3, 4) - np.float32(0.5)
    return smoothstep(-0.16, 0.16, way * (x * np.float32(0.8) + y * np.float32(0.55)) + waver * np.float32(0.5))


def _blurred(plane: Bytes) -> Bytes:
    wide = plane.astype(np.float32)
    for _ in range(2):
        for axis in (0, 1):
            ends = np.pad(wide, [(1, 1) if axis == side else (0, 0) for side in (0, 1)], "edge")
            before, after = (ends[:-2], ends[2:]) if axis == 0 else (ends[:, :-2], ends[:, 2:])
            wide = (before + wide + after) * np.float32(1 / 3)
    return wide.astype(np.uint8)
