"""What a scene is given, and what it must be able to do."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, color


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a scene under one light. A name holds one colour or several."""

    name: str
    colors: Mapping[str, tuple[Color, ...]]

    def __getitem__(self, name: str) -> Color:
        """Return the colour called `name`, the first one where there are several."""
        return self.colors[name][0]

    def gradient(self, name: str) -> list[tuple[float, Color]]:
        """Return the colours called `name`, spread evenly over 0 to 1."""
        shades = self.colors[name]
        return [(index / max(1, len(shades) - 1), shade) for index, shade in enumerate(shades)]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a scene is to be drawn.

    Attributes
    ----------
    width, height : int
        Size of the frame in pixels, both even.
    seed : int
        What varies from one take to the next.
    palette : Palette
        Its colours.
    detail : float
        Share of the moving sparks that is drawn, 0 to 1: the draft quality leaves some out.
    """

    width: int
    height: int
    seed: int
    palette: Palette
    detail: float = 1.0

    @property
    def unit(self) -> float:
        """The scale of things: 1 for a picture whose shorter side has 1080 pixels."""
        return min(self.width, self.height) / 1080


class Scene(Protocol):
    """A picture that moves. Made once a process, then asked for frames in any order."""

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the whole of `target` as it looks `at_s` seconds after the start."""


@cache
def _palettes() -> Mapping[str, Mapping[str, Palette]]:
    raw = tomllib.loads((files(__package__) / "palettes.toml").read_text("utf-8"))
    return {scene: {name: _palette(name, table) for name, table in named.items()} for scene, named in raw.items()}


def _palette(name: str, table: Mapping[str, object]) -> Palette:
    colors: dict[str, tuple[Color, ...]] = {}
    for key, value in table.items():
        if isinstance(value, str):
            colors[key] = (color(value),)
        elif isinstance(value, list):
            colors[key] = tuple(color(str(shade)) for shade in value)
    return Palette(name, colors)


@cache
def _by_chance(scene: str) -> tuple[str, ...]:
    raw = tomllib.loads((files(__package__) / "palettes.toml").read_text("utf-8"))
    return tuple(name for name, table in raw[scene].items() if table.get("chance"))


def palette_names(scene: str) -> tuple[str, ...]:
    """Return the palettes that `scene` knows, the plainest first."""
    return tuple(_palettes()[scene])


def choose_palette(scene: str, name: str, seed: int) -> Palette:
    """Return the palette called `name`; where `scene` has none of that name, one that the seed chooses."""
    known = _palettes()[scene]
    if name in known:
        return known[name]
    candidates = _by_chance(scene)
    return known[candidates[int(generator(seed, scene, "palette").integers(len(candidates)))]]
