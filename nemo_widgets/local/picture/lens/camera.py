"""Camera moves over any scene: it is drawn larger than the frame, and the frame moves over it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nemo_widgets.local.picture.lens.hashing import scattered
from nemo_widgets.local.picture.lens.window import cut
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene

_FRAMES_S = 30
_PAN = 0.036
"""How much of the frame's width a pan covers in a second, and at most in all."""
_LONGEST_PAN = 0.34
_ZOOM, _LARGEST_ZOOM = 0.028, 0.16
"""How much a push brings nearer in a second, and at most in all."""
_SHAKE = 0.016
"""How far a hand moves the frame to each side, as a share of its shorter side."""
_TREMBLES = ((0.23, 0.62), (0.61, 0.26), (1.7, 0.09), (3.9, 0.03))
"""Hertz and share of what a hand does: it drifts, corrects itself, and trembles a little."""


@dataclass(frozen=True, slots=True)
class Move:
    """How much larger than the frame the scene is drawn, and where the frame lies on it.

    Attributes
    ----------
    wider, higher : int
        Pixels more than the frame has, even.
    at : callable
        Takes seconds; returns where the frame's upper left corner lies, and its scale: 1 is full size, below 1 the
        frame covers more than its own size.
    """

    wider: int
    higher: int
    at: Callable[[float], tuple[float, float, float]]


class Camera:
    """A scene under a moving camera.

    Parameters
    ----------
    make : callable
        Makes the scene in a size.
    size : tuple of int
        The frame, in pixels, both even.
    move : str
        A key of `MOVES`.
    duration_s : float
        How long the shot is; the move takes all of it.
    seed : int
        How the hand shakes.
    """

    def __init__(
        self, make: Callable[[tuple[int, int]], Scene], size: tuple[int, int], move: str, duration_s: float, seed: int
    ) -> None:
        self._move = MOVES[move](size, max(1 / _FRAMES_S, duration_s), seed)
        wide = (size[0] + self._move.wider, size[1] + self._move.higher)
        self._scene = make(wide)
        self._whole = Planes.black(*wide)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._scene.draw(self._whole, at_s)
        cut(self._whole, target, *self._move.at(at_s))


def _even(length: float) -> int:
    return max(2, int(np.ceil(length / 2)) * 2)


def _share(at_s: float, duration_s: float) -> float:
    return min(1.0, max(0.0, at_s / duration_s))


def _pan(size: tuple[int, int], duration_s: float, way: int) -> Move:
    speed = min(size[0] * _PAN, size[0] * _LONGEST_PAN / duration_s)
    if speed > _FRAMES_S:
        # Whole pixels a frame: what stands still in the scene stays as sharp as it was drawn.
        speed = float(speed // _FRAMES_S * _FRAMES_S)
    path = _even(speed * duration_s)

    def at(at_s: float) -> tuple[float, float, float]:
        gone = min(float(path), max(0.0, speed * at_s))
        return (gone if way > 0 else path - gone), 0.0, 1.0

    return Move(path, 0, at)


def _zoom(size: tuple[int, int], duration_s: float, nearer: bool) -> Move:
    amount = min(_LARGEST_ZOOM, max(0.05, _ZOOM * duration_s))
    wider, higher = _even(size[0] * amount), _even(size[1] * amount)
    widest = max(size[0] / (size[0] + wider), size[1] / (size[1] + higher))

    def at(at_s: float) -> tuple[float, float, float]:
        share = _share(at_s, duration_s)
        near = share if nearer else 1 - share
        # By a constant factor a second, which is what a steady approach looks like.
        scale = float(widest ** (1 - near))
        x = (size[0] + wider - size[0] / scale) / 2
        y = (size[1] + higher - size[1] / scale) / 2
        return max(0.0, x), max(0.0, y), scale

    return Move(wider, higher, at)


def _hand(size: tuple[int, int], seed: int) -> Move:
    reach = min(size) * _SHAKE
    margin = _even(2 * reach)
    phases = [(float(scattered(seed, index, 1)), float(scattered(seed, index, 2))) for index in range(len(_TREMBLES))]

    def at(at_s: float) -> tuple[float, float, float]:
        x = y = 0.0
        for (hertz, share), (first, second) in zip(_TREMBLES, phases, strict=True):
            x += share * np.sin(2 * np.pi * (hertz * at_s + first))
            y += share * np.sin(2 * np.pi * (hertz * 1.13 * at_s + second))
        return float((1 + x) * margin / 2), float((1 + 0.8 * y) * margin / 2), 1.0

    return Move(margin, margin, at)


MOVES: Mapping[str, Callable[[tuple[int, int], float, int], Move]] = {
    "pan_left": lambda size, duration_s, seed: _pan(size, duration_s, -1),
    "pan_right": lambda size, duration_s, seed: _pan(size, duration_s, 1),
    "push": lambda size, duration_s, seed: _zoom(size, duration_s, True),
    "pull": lambda size, duration_s, seed: _zoom(size, duration_s, False),
    "handheld": lambda size, duration_s, seed: _hand(size, seed),
}
"""By the name that a draft's segment carries in ``m.camera``."""
