"""What large animals of the sea have in common: how they are lit, and how the water lies before them."""

from typing import Protocol

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.noise import value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, picture_of
from nemo_widgets.local.picture.scenes.relief import Points, outline


class Creature(Protocol):
    """An animal that swims."""

    length: float
    """How long it is, in pixels."""

    def draw(self, target: Planes, x: float, y: float, at_s: float) -> None:
        """Lay it over `target` with its middle at (`x`, `y`)."""


class Dress:
    """What a creature is painted with.

    Parameters
    ----------
    back, belly : Color
        Its own colours.
    water : Color
        The water before it.
    haze : float
        How much of that lies before it, 0 to 1.
    light : Color
        The light from above.
    """

    def __init__(self, back: Color, belly: Color, water: Color, haze: float, light: Color) -> None:
        self.back, self.belly = np.array(back, np.float32), np.array(belly, np.float32)
        self._water, self._haze = np.array(water, np.float32), np.float32(haze)
        self._light = np.array(light, np.float32)

    def finish(self, rgb: Floats, lit: Floats, alpha: Floats) -> Image.Image:
        """Return the picture of a body under the light, seen through the water."""
        shade = rgb * (0.30 + 0.85 * lit)[..., None]
        shade += (self._light - shade) * (np.clip(lit - 0.62, 0, 1) * 0.7)[..., None]
        shade += (self._water - shade) * self._haze
        return picture_of(np.clip(shade, 0, 1), np.clip(alpha, 0, 1))


def shape(size: tuple[int, int], points: Points) -> tuple[Image.Image, Floats]:
    """Fill an outline; return the mask, and the same as numbers from 0 to 1."""
    mask = outline(size, points)
    return mask, np.asarray(mask, np.float32) / np.float32(255)


def dapples(random: np.random.Generator, shape: tuple[int, int], pitch: float) -> Floats:
    """Return the net of light that waves throw on a back."""
    rows, columns = max(2, round(shape[0] / pitch)), max(2, round(shape[1] / pitch))
    first = value_noise(random, *shape, rows, columns) - value_noise(random, *shape, rows, columns)
    net: Floats = np.exp(-((first / 0.10) ** 2))
    return net
