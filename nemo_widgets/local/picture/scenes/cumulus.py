"""Cumulus as pictures: heads grown upon heads, lit from one side, soft at the edges, dissolving downwards."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.noise import smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, picture_of
from nemo_widgets.local.picture.scenes.terrain import rolling, warped

_BUDS = (11, 8, 4)
"""How many smaller heads grow on each head, in each of three generations."""
_SHRINK = (0.50, 0.46, 0.50)
"""How large they are, as shares of what they grow on."""


_SMALLEST = 2.6
"""Of a head, in pixels: smaller ones are not seen."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """The light on clouds.

    Attributes
    ----------
    aside, up, front : float
        Where it comes from: from the right, from above, from the side of the eye (or from behind, if negative).
    stops : list of (float, Color)
        What colour clouds have, from the deepest shade (0) to full light (1).
    """

    aside: float
    up: float
    front: float
    stops: list[tuple[float, Color]]


def puff(width: int, height: int, lamp: Lamp, random: np.random.Generator, tall: bool = False) -> Image.Image:
    """Draw one cloud.

    Parameters
    ----------
    width, height : int
        Size of the picture, in pixels.
    lamp : Lamp
        The light on it.
    random : numpy.random.Generator
        For its shape.
    tall : bool
        Whether it towers: then its heads are stacked, otherwise they lie beside each other.
    """
    heads = _heads(width, height, random, tall)
    front = _front(width, height, heads)
    inside = front > -1e8
    size = min(width, height)
    # Beyond the rim and in gaps it goes on as about them, so that neither gets a dark line.
    share = _smooth(inside.astype(np.float32), 0.03 * size)
    about = _smooth(np.where(inside, front, np.float32(0)), 0.03 * size) / np.maximum(share, np.float32(0.02))
    solid = np.where(inside, front, about - np.float32(0.02 * size))
    # Torn by the wind in many sizes, so that no head is a ball.
    bend, also = (_torn(random, width, height, 0.024 * size) for _ in range(2))
    solid = warped(solid, bend, also) + _torn(random, width, height, 0.016 * size)
    facing = np.float32(0.58) * _facing(_smooth(solid, 0.030 * size), lamp)
    facing += np.float32(0.42) * _facing(_smooth(solid, 0.009 * size), lamp)
    deep = np.clip((solid - _smooth(solid, 0.05 * size)) / np.float32(0.06 * size), -0.8, 1)
    deep = deep + np.clip((solid - _smooth(solid, 0.16 * size)) / np.float32(0.14 * size), -0.6, 1)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    bright = 0.34 + 0.44 * facing + 0.15 * deep + 0.30 * (0.52 - y)
    cover = np.maximum(_smooth(inside.astype(np.float32), 0.010 * size), smoothstep(0.6, 0.75, share))
    thin = _smooth(inside.astype(np.float32), 0.045 * size)
    if lamp.front < 0.1:
        # Light from behind shines through the thin rims.
        bright = bright + np.clip(1 - thin, 0, 1) * (1 - y) * np.float32(0.85)
    rgb = ramp(lamp.stops, np.clip(bright, 0, 1))
    cover = warped(cover, bend, also)
    wisps = rolling(random, height, width, height / size * 7, width / size * 7) * np.float32(0.10)
    cover = smoothstep(0.08, 0.85, cover) * (1 - smoothstep(0.58, 0.96, y + wisps))
    cover[:, :2] = cover[:, -2:] = 0
    return picture_of(rgb, np.clip(cover, 0, 1))


def _torn(random: np.random.Generator, width: int, height: int, reach: float) -> Floats:
    """Return noise of four sizes, the largest of about `reach`."""
    size = min(width, height)
    total = np.zeros((height, width), np.float32)
    for octave in range(4):
        cells = 10 * 2.0**octave
        total += rolling(random, height, width, height / size * cells, width / size * cells) * np.float32(0.58**octave)
    return total * np.float32(reach)


def _facing(solid: Floats, lamp: Lamp) -> Floats:
    """Return how far a surface is turned to the light, -1 to 1."""
    down, right = np.gradient(solid)
    length = np.sqrt(down * down + right * right + 1)
    norm = np.float32((lamp.aside**2 + lamp.up**2 + lamp.front**2) ** 0.5)
    turned: Floats = (lamp.front - right * lamp.aside + down * lamp.up) / (length * norm)
    return turned.astype(np.float32)


def _smooth(field: Floats, reach: float) -> Floats:
    """Average over a square of about `reach` to each side, twice."""
    side = max(1, round(reach))
    for axis in (0, 1, 0, 1):
        wide = np.pad(field, [(side + 1, side) if at == axis else (0, 0) for at in (0, 1)], mode="edge")
        total: Floats = np.cumsum(wide, axis=axis, dtype=np.float64)
        size = 2 * side + 1
        field = (total[size:] - total[:-size] if axis == 0 else total[:, size:] - total[:, :-size]) / size
    return field.astype(np.float32)


def _heads(width: int, height: int, random: np.random.Generator, tall: bool) -> Floats:
    """Return balls as rows of right, down, towards the eye, radius."""
    size = float(min(width, height))
    first = []
    if tall:
        count = 9
        for index in range(count):
            up = index / (count - 1)
            radius = size * float(random.uniform(0.19, 0.26)) * (1.1 - 0.35 * up)
            spread = (width * 0.5 - radius * 1.6) * (1 - 0.55 * up)
            x = width / 2 + spread * float(random.uniform(-1, 1))
            first.append(
                (x, height * 0.86 - up * (height * 0.86 - radius * 1.75), float(random.normal(0, 0.15)) * size, radius)
            )
    else:
        count = 7
        for index in range(count):
            across = (index + 0.5) / count * 2 - 1
            dome = max(0.0, 1 - across * across) ** 0.5
            radius = size * float(random.uniform(0.15, 0.24)) * (0.55 + 0.6 * dome)
            x = width / 2 + across * (width * 0.5 - radius * 1.5)
            y = height * (0.80 - 0.34 * dome * float(random.uniform(0.55, 1.0)))
            first.append((x, max(y, radius * 1.7), float(random.normal(0, 0.12)) * size, radius))
    balls = np.array(first, np.float32)
    grown = [balls]
    for buds, shrink in zip(_BUDS, _SHRINK, strict=True):
        if float(grown[-1][:, 3].mean()) * shrink < _SMALLEST:
            break
        parents = np.repeat(grown[-1], buds, axis=0)
        aim = random.normal(0, 1, (len(parents), 3)).astype(np.float32)
        # They grow upwards and towards the light, not below.
        aim[:, 1] = aim[:, 1] * np.float32(0.75) - np.float32(0.62)
        aim[:, 2] = np.abs(aim[:, 2]) * np.float32(0.9)
        aim /= np.linalg.norm(aim, axis=1, keepdims=True)
        radii: Floats = parents[:, 3] * random.uniform(0.7, 1.3, len(parents)).astype(np.float32) * np.float32(shrink)
        middle = parents[:, :3] + aim * (parents[:, 3] * np.float32(0.86))[:, None]
        grown.append(np.concatenate([middle, radii[:, None]], axis=1).astype(np.float32))
    return np.concatenate(grown)


def _front(width: int, height: int, balls: Floats) -> Floats:
    """Return how near the nearest ball is at each pixel; far below zero where there is none."""
    front = np.full((height, width), -1e9, np.float32)
    for x, y, z, radius in balls.tolist():
        left, right = max(0, int(x - radius)), min(width, int(x + radius) + 2)
        top, bottom = max(0, int(y - radius)), min(height, int(y + radius) + 2)
        if right <= left or bottom <= top:
            continue
        across = np.arange(left, right, dtype=np.float32) - np.float32(x)
        down = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
        inside = np.float32(radius * radius) - across * across - down * down
        near = np.where(inside > 0, np.sqrt(np.maximum(inside, 0)) + np.float32(z), np.float32(-1e9))
        part = front[top:bottom, left:right]
        np.maximum(part, near, out=part)
    return front
