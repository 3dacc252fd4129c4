"""Flat: cut paper. Few tones with clean edges, strong colours, dark outlines, no texture."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.calm import Calm
from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.shapes import edges, grown, shrunk, soften
from nemo_widgets.local.picture.lens.tone import BLACK, NEUTRAL, WHITE, exceeding, look_up, shares, table
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes

_TONES = 6
_SOFT = 0.3
"""Share of a step that its edge takes: without it, edges would be jagged."""
_SLOPE = 0.1
"""How much of a difference is left within a step: what is drawn in almost the same tone is still told apart."""
_COLOUR = 1.45
_COLOUR_STEP, _COLOUR_SOFT = 9.0, 0.6
_TEXTURE, _TINGE = 14, 4
"""Differences up to which they are texture, in steps: of luma, if the picture goes from black to white; of chroma."""
_LEVELS = 3
"""How often texture is looked for, each time twice as broad: mottled glows and clouds become smooth before they are cut
into tones, and so do the edges of these."""
_LEAST_CONTRAST = 0.25
_DARK = 0.25
"""Usual brightness of a picture, 0 to 1, below which it is dark."""
_THIN = 4
"""Half the breadth of what gets no outline if it is light, in pixels of a picture of 1080 rows."""
_OUTLINE, _BOLD, _STRENGTH = 28, 37, 4
"""Steepness from which on there is a line, in the same steps, from a pixel to the one after the next; by how much more
it is as dark as it gets; and how much it darkens for each step."""


class Flat:
    """See the module."""

    def __init__(self, view: View, sample: Planes) -> None:
        seen = shares()[sample.y[view.height // 20 : view.height * 19 // 20]]
        low, dark, middle, light, high = (float(share) for share in np.percentile(seen, (1, 10, 50, 85, 99)))
        high = max(high, low + 0.3)
        self._luma = table(_stairs(low, high, (middle - low) / (high - low)))
        steps = np.arange(256, dtype=np.float32) - NEUTRAL
        self._chroma = table(NEUTRAL + _quantised(steps * np.float32(_COLOUR), _COLOUR_STEP))
        reach = max(2, round(3 * view.unit))
        # By night, what differs by little is far from being texture.
        contrast = min(1.0, max(_LEAST_CONTRAST, light - dark))
        self._calm = Calm(reach, round(_TEXTURE * contrast), _LEVELS)
        self._tinge = Calm(reach, _TINGE, _LEVELS - 1)
        # Moons and suns have no outline either.
        self._brightest = np.uint8(BLACK + light * (WHITE - BLACK))
        shrink = max(1, round(2 * view.unit))
        self._thin = max(1, round(_THIN * view.unit / shrink))
        self._size = (max(2, view.width // shrink), max(2, view.height // shrink))
        self._down, self._up = Scaler(Interpolation.AREA), Scaler(Interpolation.BICUBIC)
        self._outline = round(_OUTLINE * (0.5 + 0.5 * contrast))
        # In the dark it is light that is thin (sparks, stars, windows far off): lines about it would put it out.
        self._dark = middle < _DARK

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        for plane in (target.u, target.v):
            np.copyto(plane, self._tinge.of(plane))
            look_up(plane, self._chroma)
        calm = self._calm.of(target.y)
        soften(calm, target.y)
        if self._dark:
            np.maximum(target.y, calm, out=target.y)
        look_up(target.y, self._luma)
        if not self._dark:
            _draw_lines(target.y, self._lines(calm))

    def _lines(self, calm: Bytes) -> Bytes:
        """Return how much outlines darken each place: about shapes, not about glints, which are thin and light."""
        small = self._down.scale(calm, *self._size)
        np.minimum(small, self._brightest, out=small)
        # Opened, a picture has lost what is thin and light; where it is steep even so, the true edge is drawn.
        large = grown(edges(grown(shrunk(small, self._thin), self._thin)), 1)
        steep = exceeding(np.minimum(edges(small), large), self._outline, _BOLD)
        if steep.shape != calm.shape:
            steep = self._up.scale(steep, calm.shape[1], calm.shape[0])
        steep *= np.uint8(_STRENGTH)
        return steep


def _draw_lines(luma: Bytes, steep: Bytes) -> None:
    """Darken `luma` where it is steep, in place."""
    # What is dark already keeps a part of its light, so that night does not turn into one black sheet.
    light = luma - np.uint8(BLACK)
    light >>= np.uint8(1)
    luma -= np.minimum(steep, light, out=steep)


def _stairs(low: float, high: float, middle: float) -> Floats:
    """Return luma in steps with edges that are just not hard, more of them where most of the picture is."""
    bend = min(1.0, max(0.45, np.log(0.45) / np.log(min(0.95, max(0.02, middle)))))
    at = np.clip((shares() - low) / (high - low), 0, 1) ** bend * (_TONES - 0.001)
    step = np.floor(at)
    edge = np.clip((at - step - (1 - _SOFT)) / _SOFT, 0, 1)
    tone = np.clip((step + edge) / (_TONES - 1), 0, 1) ** (1 / bend)
    bottom, top = low * 0.75, min(1.0, high * 1.12)
    # Sparks are brighter than all else, and stay so.
    tone += (np.clip((shares() - low) / (high - low), 0, 1) - tone) * np.float32(_SLOPE)
    steps = np.maximum(bottom + tone * (top - bottom), np.where(shares() > high, shares(), 0))
    stairs: Floats = BLACK + steps * np.float32(WHITE - BLACK)
    return stairs


def _quantised(steps: Floats, size: float) -> Floats:
    at = steps / np.float32(size)
    whole = np.floor(at)
    edge = np.clip((at - whole - (1 - _COLOUR_SOFT) / 2) / _COLOUR_SOFT, 0, 1)
    colours: Floats = (whole + edge) * np.float32(size)
    return colours
