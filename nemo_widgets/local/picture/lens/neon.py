"""Neon: the picture goes dark, and its edges glow in two colours that meet across it."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import edges, grown, shrunk
from nemo_widgets.local.picture.lens.tone import (
    BLACK,
    WHITE,
    add_light,
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
_LINE, _GLOW = 1.0, 0.62


class Neon:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        self._half = (view.width // 2, view.height // 2)
        self._eighth = (max(2, view.width // 16), max(2, view.height // 16))
        self._down, self._away = Scaler(Interpolation.AREA), Scaler(Interpolation.AREA)
        self._near, self._up = Scaler(), Scaler()
        self._reach = 1 if view.unit > 0.4 else 0
        usual, steep = (float(step) for step in np.percentile(self._edges(sample), (_USUAL, _STEEP)))
        steep = max(24.0, steep)
        faint = min(max(usual, steep * _FAINT), steep * 0.8)
        at = (np.arange(256, dtype=np.float32) - np.float32(faint)) / np.float32(steep - faint)
        self._shine = packed(np.clip(at, 0, 1) ** 0.8 * 255)
        high = max(0.25, float(np.percentile(shares()[sample.y], 99)))
        self._ground = table(BLACK + np.minimum(shares() / high, 1.2) ** 1.3 * _GROUND * (WHITE - BLACK))
        steps = np.arange(256, dtype=np.float32)
        self._spread = packed(np.minimum(steps * 2.4, 255))
        self._bloom = packed(np.minimum(steps * 2.0, 219) * _GLOW)
        random = generator(view.seed, "neon")
        pair = [yuv_of(color(shade)) for shade in _PAIRS[int(random.integers(len(_PAIRS)))]]
        side = _sides(view, random)
        luma, self._u, self._v = (
            np.rint(first + (second - first) * side).astype(np.uint8) for first, second in zip(*pair, strict=True)
        )
        # A line is paler than the light around it: tubes are.
        self._bright = np.rint(np.minimum(luma * 0.6 + 112, 219) * _LINE).astype(np.uint8)

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        line = self._edges(target)
        look_up(line, self._shine)
        look_up(target.y, self._ground)
        halo = self._near.scale(_blurred(self._away.scale(line, *self._eighth)), *self._half)
        tint = np.maximum(line, halo)
        look_up(tint, self._spread)
        for plane, goal, shift in ((target.u, self._u, 9), (target.v, self._v, 2)):
            scale_chroma(plane, 0.4, shift)
            veil(plane, tint, goal)
        light = np.multiply(line, self._bright, dtype=np.uint16)
        np.right_shift(light, 8, out=light)
        look_up(halo, self._bloom)
        lit = np.maximum(light.astype(np.uint8), halo)
        wide = self._up.scale(lit, target.width, target.height)
        add_light(target.y, wide)

    def _edges(self, target: Planes) -> Bytes:
        small = self._down.scale(target.y, *self._half)
        if self._reach:
            small = shrunk(grown(small, 1), 1)
        return edges(small)


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
            wide = (np.roll(wide, 1, axis) + wide + np.roll(wide, -1, axis)) * np.float32(1 / 3)
    return wide.astype(np.uint8)
