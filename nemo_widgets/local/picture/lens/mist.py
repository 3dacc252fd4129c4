"""Banks of mist that drift: a veil whose thickness changes over the picture and with time."""

import numpy as np

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.tone import NEUTRAL, veil
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes

_SHRINK = 8
_PERIODS = 2


class Mist:
    """One bank.

    Parameters
    ----------
    view : View
        The frame.
    name : str
        Tells the banks of one shot apart.
    level : tuple of float, or NDArray[np.float32]
        How much it hides, 0 to 1, at the top and at the foot of the picture; or for as many places from top to foot.
    goal : int
        Its luma.
    drift : float
        How fast it moves to the right, in units a second.
    thick : float
        How much of it there is between its gaps: 1 is patchy, 3 has hardly any gap.
    tint : tuple of int
        Its U and V.
    """

    def __init__(
        self,
        view: View,
        name: str,
        *,
        level: tuple[float, ...],
        goal: int,
        drift: float,
        thick: float,
        tint: tuple[int, int] = (NEUTRAL, NEUTRAL),
    ) -> None:
        rows, columns = max(2, view.height // _SHRINK), max(2, view.width // _SHRINK)
        self._size = (rows, columns)
        random = generator(view.seed, "mist", name)
        wide = columns * _PERIODS
        shape = clouds(random, rows, wide, 3, max(2, round(2 * view.width / view.height) * _PERIODS), 4)
        patches = smoothstep(0.5 - thick * 0.28, 0.98, shape)
        height = np.interp(np.linspace(0, 1, rows), np.linspace(0, 1, len(level)), level).astype(np.float32)
        self._share: Floats = np.concatenate([patches, patches[:, : columns + 1]], axis=1) * height[:, None] * 255
        self._period = wide
        self._drift = drift * view.unit / _SHRINK
        self._goal, self._tint = goal, tint
        self._up, self._half_up = Scaler(), Scaler()

    def apply(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        share = self.share(at_s)
        veil(target.y, self._up.scale(share, target.width, target.height), self._goal)
        colour = self._half_up.scale(share, target.width // 2, target.height // 2)
        for plane, goal in zip((target.u, target.v), self._tint, strict=True):
            veil(plane, colour, goal)

    def share(self, at_s: float) -> np.ndarray:
        """Return how much is hidden, as bytes, at an eighth of the size."""
        offset = (-self._drift * at_s) % self._period
        left = int(offset)
        part = np.float32(offset - left)
        columns = self._size[1]
        window = self._share[:, left : left + columns + 1]
        return np.minimum(window[:, :-1] * (1 - part) + window[:, 1:] * part, 255).astype(np.uint8)
