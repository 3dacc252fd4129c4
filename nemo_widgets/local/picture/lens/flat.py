"""Flat: cut paper. Few tones with clean edges, strong colours, dark outlines, no texture."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import grown, shrunk
from nemo_widgets.local.picture.lens.tone import BLACK, NEUTRAL, WHITE, look_up, packed, shares, table
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes

_TONES = 6
_SOFT = 0.16
"""Share of a step that its edge takes: without it, edges would be jagged."""
_COLOUR = 1.45
_COLOUR_STEP = 11.0
_OUTLINE, _DARKEST_LINE = 30, 150
"""Difference of tones, in steps of luma, from which there is a line between them; what the line takes away."""
_SPECKS, _LEAST_SPECK = 97.0, 16
"""Small lights stay (windows, stars, sparks) that stand out more than this percentile, and by so much luma."""


class Flat:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        self._half = (view.width // 2, view.height // 2)
        self._quarter = (max(2, view.width // 4), max(2, view.height // 4))
        self._reach = max(1, round(2.4 * view.unit))
        seen = shares()[sample.y[view.height // 20 : view.height * 19 // 20]]
        low, high = (float(share) for share in np.percentile(seen, (1, 99)))
        self._luma = table(_stairs(low, max(high, low + 0.3)))
        steps = np.arange(256, dtype=np.float32) - NEUTRAL
        self._chroma = table(NEUTRAL + _quantised(steps * np.float32(_COLOUR), _COLOUR_STEP))
        self._line = _line_table()
        self._down, self._up, self._line_up = Scaler(Interpolation.AREA), Scaler(), Scaler()
        self._tint_down, self._tint_up = Scaler(Interpolation.AREA), Scaler()
        fine = self._down.scale(sample.y, *self._half)
        self._speck = max(_LEAST_SPECK, float(np.percentile(self._lights(fine, _paper(fine, self._reach)), _SPECKS)))

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        fine = self._down.scale(target.y, *self._half)
        small = _paper(fine, self._reach)
        lit = np.where(self._lights(fine, small) > self._speck, grown(fine, 1), small)
        np.copyto(target.y, self._up.scale(lit, target.width, target.height))
        look_up(target.y, self._luma)
        for plane in (target.u, target.v):
            cut = _paper(self._tint_down.scale(plane, *self._quarter), max(1, self._reach // 2))
            np.copyto(plane, self._tint_up.scale(cut, *self._half))
            look_up(plane, self._chroma)
        self._outline(target, small)

    def _lights(self, fine: Bytes, small: Bytes) -> Bytes:
        return np.maximum(fine, small) - small

    def _outline(self, target: Planes, small: Bytes) -> None:
        look_up(small, self._luma)
        line = grown(small, 1) - shrunk(small, 1)
        look_up(line, self._line)
        shade = self._line_up.scale(line, target.width, target.height)
        # What is dark already keeps a part of its light, so that night does not turn into one black sheet.
        np.minimum(shade, (target.y - np.uint8(BLACK)) >> 1, out=shade)
        np.subtract(target.y, shade, out=target.y)


def _paper(plane: Bytes, reach: int) -> Bytes:
    """Take away what is smaller than the scissors: first light specks, then dark ones."""
    opened = grown(shrunk(plane, reach), reach)
    return shrunk(grown(opened, reach), reach)


def _line_table() -> bytes:
    steps = np.arange(256, dtype=np.float32) - _OUTLINE
    return packed(np.clip(steps * 6, 0, _DARKEST_LINE))


def _stairs(low: float, high: float) -> Floats:
    """Return luma in steps with edges that are just not hard."""
    at = np.clip((shares() - low) / (high - low), 0, 1) * (_TONES - 0.001)
    step = np.floor(at)
    edge = np.clip((at - step - (1 - _SOFT)) / _SOFT, 0, 1)
    tone = np.clip((step + edge) / (_TONES - 1), 0, 1)
    bottom, top = low * 0.75, min(1.0, high * 1.12)
    stairs: Floats = BLACK + (bottom + tone * (top - bottom)) * np.float32(WHITE - BLACK)
    return stairs


def _quantised(steps: Floats, size: float) -> Floats:
    at = steps / np.float32(size)
    whole = np.floor(at)
    edge = np.clip((at - whole - 0.35) / 0.3, 0, 1)
    colours: Floats = (whole + edge) * np.float32(size)
    return colours
