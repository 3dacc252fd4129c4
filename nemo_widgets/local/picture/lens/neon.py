"""Neon: the picture goes dark, and its edges glow in two colours that meet across it."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import ranges
from nemo_widgets.local.picture.lens.tone import (
    BLACK,
    WHITE,
    add_light,
    exceeding,
    look_up,
    packed,
    scale_chroma,
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
_USUAL, _STEEP = 80.0, 97.0
"""Percentiles of steepness: what is usual in the picture stays dark, what is this steep shines in full."""
_FAINT = 0.25
"""Share of it below which an edge stays dark."""
_GLOW = 0.62


class Neon:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        self._half = (view.width // 2, view.height // 2)
        self._eighth = (max(2, view.width // 16), max(2, view.height // 16))
        self._down, self._away = Scaler(Interpolation.AREA), Scaler(Interpolation.AREA)
        self._near, self._lines, self._glow = Scaler(), Scaler(Interpolation.BICUBIC), Scaler()
        usual, steep = (float(step) for step in np.percentile(self._steep(sample), (_USUAL, _STEEP)))
        steep = max(24.0, steep)
        self._faint = round(min(max(usual, steep * _FAINT), steep * 0.8))
        high = max(0.25, float(np.percentile(shares()[sample.y], 99)))
        self._ground = table(BLACK + np.minimum(shares() / high, 1.2) ** 1.3 * _GROUND * (WHITE - BLACK))
        steps = np.arange(256, dtype=np.float32)
        self._spread = packed(np.minimum(steps * 2.4, 255))
        self._bloom = packed(np.minimum(steps * 2.0, 219) * _GLOW)
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
        steep = self._steep(target)
        line = exceeding(steep, self._faint, self._full)
        line *= np.uint8(self._gain)
        look_up(target.y, self._ground)
        glow = _blurred(self._away.scale(line, *self._eighth))
        tint = np.maximum(line, self._near.scale(glow, *self._half))
        look_up(tint, self._spread)
        for plane, goal, shift in ((target.u, self._u, 9), (target.v, self._v, 2)):
            scale_chroma(plane, 0.4, shift)
            veil(plane, tint, goal)
        # Cut off once it is large, a soft field has smooth contours.
        tubes = exceeding(self._lines.scale(steep, target.width, target.height), self._faint, self._full)
        tubes *= np.uint8(self._gain)
        look_up(glow, self._bloom)
        np.maximum(tubes, self._glow.scale(glow, target.width, target.height), out=tubes)
        add_light(target.y, tubes)

    def _steep(self, target: Planes) -> Bytes:
        """Return how steep the picture is, at half its size: thick enough for tubes."""
        return ranges(self._down.scale(target.y, *self._half))


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
