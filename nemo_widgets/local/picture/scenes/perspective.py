"""A street in one-point perspective: metres to pixels, and quads drawn in the distance that they have."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8


@dataclass(frozen=True, slots=True)
class View:
    """Where the eye is.

    Attributes
    ----------
    width, height : int
        Of the frame, in pixels.
    x, y : float
        The vanishing point, in pixels.
    focal : float
        Pixels that one metre takes at one metre's distance.
    eye : float
        Height of the eye above the ground, in metres.
    left, right : float
        Where the fronts of houses stand, in metres from the eye; left is negative.
    side : int
        On which pavement the eye stands, -1 is the left one.
    flip : float
        -1 shows everything as a wet ground mirrors it.
    """

    width: int
    height: int
    x: float
    y: float
    focal: float
    eye: float
    left: float
    right: float
    side: int
    flip: float = 1.0

    @property
    def kerbs(self) -> tuple[float, float]:
        """Where the road begins and ends, in metres from the eye."""
        near, far = 0.7 * self.side, (self.left if self.side > 0 else self.right) + 3.4 * self.side
        return min(near, far), max(near, far)

    def at(self, x: float, up: float, away: float) -> tuple[float, float]:
        """Return where a point lies in the frame: `x` metres to the right, `up` above the ground, `away` ahead."""
        return self.x + self.focal * x / away, self.y + self.focal * (self.eye - self.flip * up) / away

    def nearest(self, side: int) -> float:
        """Return how far away the nearest part of a row of houses is that the frame shows."""
        edge = self.x if side < 0 else self.width - self.x
        return self.focal * abs(self.left if side < 0 else self.right) / max(edge, 1.0)


class Canvas:
    """A drawing of a street.

    Parameters
    ----------
    view : View
        Where the eye is.
    air : Color
        What far things fade into.
    clear_m : float
        At which distance two thirds of a colour are lost.
    fine : int
        Pixels of the drawing for one of the frame, in both directions.
    """

    def __init__(self, view: View, air: Color, clear_m: float, fine: int) -> None:
        self.view, self.fine = view, fine
        self._air, self._clear_m = air, clear_m
        self.picture = Image.new("RGBA", (view.width * self.fine, view.height * self.fine), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.picture)
        self.lights = Image.new("RGB", self.picture.size, (0, 0, 0))
        self._glow = ImageDraw.Draw(self.lights)

    def tone(self, shade: Color, away: float) -> Color:
        """Return a colour as it looks so many metres away."""
        return mix(shade, self._air, 1 - math.exp(-away / self._clear_m))

    def polygon(self, corners: list[tuple[float, float, float]], shade: Color, shine: float = 0.0) -> None:
        """Draw a polygon of points (x, up, away) in metres; one that shines, by so much, also throws light."""
        away = sum(corner[2] for corner in corners) / len(corners)
        points = [(self.fine * px, self.fine * py) for px, py in (self.view.at(*corner) for corner in corners)]
        self.draw.polygon(points, fill=(*rgb8(self.tone(shade, away * (1 - 0.6 * min(1.0, shine)))), 255))
        glow = mix((0, 0, 0), shade, min(1.0, shine) * math.exp(-away / self._clear_m / 2.5)) if shine else (0, 0, 0)
        self._glow.polygon(points, fill=rgb8(glow))

    def wall(
        self, x: float, low: float, high: float, near: float, far: float, shade: Color, shine: float = 0.0
    ) -> None:
        """Draw an upright rectangle along the street."""
        self.polygon([(x, low, near), (x, high, near), (x, high, far), (x, low, far)], shade, shine)

    def front(
        self, left: float, right: float, low: float, high: float, away: float, shade: Color, shine: float = 0
    ) -> None:
        """Draw an upright rectangle that faces the eye."""
        corners = [(left, low, away), (left, high, away), (right, high, away), (right, low, away)]
        self.polygon(corners, shade, shine)

    def spot(self, x: float, up: float, away: float, radius: float, shade: Color, shine: float) -> None:
        """Draw a lamp: a round spot that throws light."""
        px, py = self.view.at(x, up, away)
        reach = max(0.8, radius * self.view.focal / away) * self.fine
        box = (px * self.fine - reach, py * self.fine - reach, px * self.fine + reach, py * self.fine + reach)
        self.draw.ellipse(box, fill=(*rgb8(shade), 255))
        self._glow.ellipse(box, fill=rgb8(mix((0, 0, 0), shade, shine)))


def view_of(width: int, height: int, random: np.random.Generator) -> View:
    """Choose where the eye is: at the edge of one pavement, looking down the street."""
    unit = min(width, height)
    side = int(random.choice([-1, 1]))
    close, wide = float(random.uniform(4.9, 5.6)), float(random.uniform(11.0, 12.2))
    x = width * (0.5 + side * float(random.uniform(0.02, 0.07)))
    share = float(random.uniform(0.50, 0.55)) if width >= height else float(random.uniform(0.54, 0.58))
    left, right = (-close, wide) if side < 0 else (-wide, close)
    return View(width, height, x, height * share, 0.92 * unit, 1.62, left, right, side)
