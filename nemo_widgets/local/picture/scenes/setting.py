"""What a scene is given, and what it must be able to do."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, color

HUES = ("red", "orange", "gold", "green", "teal", "blue", "violet", "pink", "grey", "white", "dark")
"""What the colours of palettes are called."""

SEASONS = ("spring", "summer", "autumn", "winter")
"""What palettes may be made for."""

_FACTS = ("light", "hues", "season", "weather", "words", "chance")
"""Keys of a palette's table that are not colours."""

Light = Literal["day", "dusk", "night"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a scene under one light.

    Attributes
    ----------
    name : str
        Its name; the draft's segment carries it in ``m.palette``.
    light : {"day", "dusk", "night"}
        The time of day; dawn counts as dusk.
    hues : tuple of str
        What one would call its colours, the strongest first: some of `HUES`.
    colors : Mapping of str to colours
        A name holds one colour or several.
    season, weather : str
        Those that it was made for; empty if none.
    words : tuple of str
        Words of a prompt that ask for it, beside those of light, hue, season and weather; in lower case.
    chance : bool
        Whether the seed may choose it where the prompt says nothing.
    """

    name: str
    light: Light
    hues: tuple[str, ...]
    colors: Mapping[str, tuple[Color, ...]]
    season: str = ""
    weather: str = ""
    words: tuple[str, ...] = ()
    chance: bool = False

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
def palettes(scene: str) -> tuple[Palette, ...]:
    """Return the palettes that `scene` knows, the plainest first."""
    raw = tomllib.loads((files(__package__) / "palettes" / f"{scene}.toml").read_text("utf-8"))
    return tuple(_palette(name, table) for name, table in raw.items())


def _palette(name: str, table: Mapping[str, object]) -> Palette:
    light = table.get("light")
    if light not in ("day", "dusk", "night"):
        raise ValueError(f"The palette {name} has the light {light!r}, not day, dusk or night.")
    return Palette(
        name,
        light,
        _texts(table, "hues"),
        {key: tuple(color(shade) for shade in _texts(table, key)) for key in table if key not in _FACTS},
        season="".join(_texts(table, "season")),
        weather="".join(_texts(table, "weather")),
        words=_texts(table, "words"),
        chance=table.get("chance") is True,
    )


def _texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    return tuple(str(text) for text in value) if isinstance(value, list) else (str(value),)


def palette_names(scene: str) -> tuple[str, ...]:
    """Return the names of the palettes that `scene` knows, the plainest first."""
    return tuple(palette.name for palette in palettes(scene))


def choose_palette(scene: str, name: str, seed: int) -> Palette:
    """Return the palette called `name`; where `scene` has none of that name, one that the seed chooses."""
    known = palettes(scene)
    named = next((palette for palette in known if palette.name == name), None)
    if named is not None:
        return named
    candidates = [palette for palette in known if palette.chance]
    return candidates[int(generator(seed, scene, "palette").integers(len(candidates)))]
