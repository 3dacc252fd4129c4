"""What a filter is given, and what it must be able to do."""

from dataclasses import dataclass
from typing import Protocol

from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Light, Scene


@dataclass(frozen=True, slots=True)
class View:
    """What a filter looks at.

    Attributes
    ----------
    width, height : int
        Size of the frame in pixels, both even.
    seed : int
        What varies from one take to the next.
    light : {"day", "dusk", "night"}
        The time of day in the picture.
    detail : float
        Share of the drops and flakes that is drawn, 0 to 1.
    """

    width: int
    height: int
    seed: int = 0
    light: Light = "day"
    detail: float = 1.0

    @property
    def unit(self) -> float:
        """The scale of things: 1 for a picture whose shorter side has 1080 pixels."""
        return min(self.width, self.height) / 1080


class Filter(Protocol):
    """Changes a picture that is already there."""

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`, `at_s` seconds after the start of the shot. The same moment gives the same change."""


class Filtered:
    """A scene seen through a filter; itself a scene."""

    def __init__(self, scene: Scene, through: Filter) -> None:
        self._scene = scene
        self._through = through

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._scene.draw(target, at_s)
        self._through.apply(target, at_s)
