"""Scenes on their side, upside down or mirrored, and scenes at another pace."""

from collections.abc import Callable

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene


class Turned:
    """A scene that is turned to the right by quarters, then mirrored.

    Parameters
    ----------
    make : callable
        Makes the scene in a size; when it lies on its side, width and height change places.
    size : tuple of int
        Of the turned picture, in pixels, both even.
    quarters : int
        How many quarters to the right, 0 to 3.
    flip : str
        ``"h"`` left for right, ``"v"`` top for bottom, else neither.
    """

    def __init__(
        self, make: Callable[[tuple[int, int]], Scene], size: tuple[int, int], quarters: int, flip: str
    ) -> None:
        inner = (size[1], size[0]) if quarters % 2 else size
        self._scene = make(inner)
        self._upright = Planes.black(*inner)
        self._quarters, self._flip = quarters, flip

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._scene.draw(self._upright, at_s)
        upright = self._upright
        for plane, drawn in ((target.y, upright.y), (target.u, upright.u), (target.v, upright.v)):
            turned = np.rot90(drawn, -self._quarters)
            if self._flip:
                turned = turned[:, ::-1] if self._flip == "h" else turned[::-1]
            np.copyto(plane, turned)


class Timed:
    """A scene that is seen at other moments than those it is asked for: slower, faster or backwards."""

    def __init__(self, scene: Scene, moment: Callable[[float], float]) -> None:
        self._scene = scene
        self._moment = moment

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._scene.draw(target, self._moment(at_s))
