"""Snow: flakes in three depths that sway as they fall, white on whatever faces the sky, and a pale, cold light."""

import numpy as np
from av.video.reformatter import Interpolation

from nemo_widgets.local.picture.lens.grade import Grade, dimmed
from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.sprites import disc_bank, stamp
from nemo_widgets.local.picture.lens.tone import NEUTRAL, look_up, packed, veil
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes

_DEPTHS = (
    # flakes, radius in units, core, strength, fall and sway in units a second and units
    (520, 3.4, 0.1, 0.55, 70, 10),
    (240, 7.0, 0.2, 0.82, 125, 24),
    (80, 19.0, 0.0, 0.62, 235, 52),
)
"""From far to near, for a picture of 1920 by 1080 units; the nearest are out of focus."""
_WIND = 26.0
"""Units a second, for the farthest; nearer ones in proportion to their fall."""
_CAP, _CAP_FULL = 14, 44
"""Difference of luma from which something dark under something light is a roof or a branch with snow on it."""


class Snow:
    """See the module."""

    def __init__(self, view: View) -> None:
        self._half = (view.width // 2, view.height // 2)
        self._light = _overcast(view)
        self._flakes = [_Flakes(view, index, *depth) for index, depth in enumerate(_DEPTHS)]
        self._margin = max(flakes.margin for flakes in self._flakes)
        columns, rows = self._half
        self._field = np.zeros((rows + 2 * self._margin, columns + 2 * self._margin), np.uint8)
        self._down, self._up, self._caps_up = Scaler(Interpolation.AREA), Scaler(), Scaler()
        steps = np.arange(256, dtype=np.float32)
        self._cap = packed(np.clip((steps - _CAP) / (_CAP_FULL - _CAP), 0, 1) * 200)
        self._lift = 3 if view.unit > 0.8 else 2 if view.unit > 0.4 else 1
        self._white = 176 if view.light == "night" else 214

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        self._settle(target)
        self._light.apply(target, at_s)
        field, margin = self._field, self._margin
        field[:] = 0
        for flakes in self._flakes:
            flakes.draw(field, margin, at_s)
        shown = field[margin : margin + self._half[1], margin : margin + self._half[0]]
        light = self._up.scale(shown, target.width, target.height)
        veil(target.y, light, 232)
        for plane in (target.u, target.v):
            veil(plane, shown, NEUTRAL)

    def _settle(self, target: Planes) -> None:
        """Lay snow where something dark lies under something light."""
        small = self._down.scale(target.y, *self._half)
        lift = self._lift
        cap = np.zeros_like(small)
        cap[lift:-lift] = np.maximum(small[: -2 * lift], small[2 * lift :]) - small[2 * lift :]
        look_up(cap, self._cap)
        veil(target.y, self._caps_up.scale(cap, target.width, target.height), self._white)
        for plane in (target.u, target.v):
            veil(plane, cap, NEUTRAL)


def _overcast(view: View) -> Grade:
    if view.light == "night":
        return Grade(dimmed(0.95, 0.78, 0.06), 0.66, (4, -3))
    return Grade(dimmed(0.9, 0.66, 0.18), 0.42, (4, -3))


class _Flakes:
    """One depth of snow."""

    def __init__(
        self, view: View, index: int, count: int, radius: float, core: float, strength: float, fall: float, sway: float
    ) -> None:
        random = generator(view.seed, "snow", str(index))
        room = view.width * view.height / (1920 * 1080 * view.unit**2)
        count = max(1, round(count * view.detail * room))
        self._place = random.random((2, count), dtype=np.float32)
        self._phase = random.random((2, count), dtype=np.float32) * np.float32(2 * np.pi)
        unit = view.unit / 2
        self._fall = (fall * unit * random.uniform(0.8, 1.25, count)).astype(np.float32)
        way = float(generator(view.seed, "snow").choice([-1.0, 1.0]))
        self._wind = np.float32(_WIND * fall / _DEPTHS[0][4] * unit * way)
        self._sway = (sway * unit * random.uniform(0.5, 1.2, count)).astype(np.float32)
        self._pace = random.uniform(0.5, 1.3, count).astype(np.float32)
        # Stamped in two sizes, so that not all flakes of a depth are alike.
        self._banks = [disc_bank(max(0.9, radius * unit * share), core) for share in (1.0, 0.66)]
        self._strength = (strength * random.uniform(0.6, 1.0, count)).astype(np.float32)
        self.margin = self._banks[0].shape[2]
        self._period = np.array([view.width // 2 + 2 * self.margin, view.height // 2 + 2 * self.margin], np.float32)

    def draw(self, field: Bytes, margin: int, at_s: float) -> None:
        """Stamp the flakes on `field`, which is larger than the frame by `margin` on each side."""
        time = np.float32(at_s)
        across, down = self._period
        aside = self._sway * np.sin(self._phase[0] + self._pace * time)
        x = (self._place[0] * across + self._wind * time + aside) % across + (margin - self.margin)
        y = (self._place[1] * down + self._fall * time) % down + (margin - self.margin)
        half = len(x) * 2 // 3
        for bank, some in zip(self._banks, (slice(0, half), slice(half, None)), strict=True):
            stamp(field, bank, x[some], y[some], self._strength[some])
