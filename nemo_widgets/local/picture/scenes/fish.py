"""Fish: how each kind looks from every side, as small pictures."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.noise import smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of

SQUASHES = (1.0, 0.9, 0.78, 0.64, 0.5, 0.36, 0.24, 0.15)
"""How long a fish looks that turns towards the eye, as a share of its length."""
BEATS = 4
_FINE = 3
_EYE = 0.33


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of fish is built and dressed.

    Attributes
    ----------
    deep : float
        Half the height of the body, as a share of the length.
    blunt : float
        Where the body is deepest: larger is nearer to the snout.
    fin : float
        Height of the fins on back and belly, as a share of `deep`.
    fork : float
        How deep the tail is cut, 0 to 1.
    dress : {"plain", "line", "bars", "mask"}
        What is painted on its sides.
    """

    deep: float
    blunt: float
    fin: float
    fork: float
    dress: str


SARDINE = Kind(0.115, 0.72, 0.5, 0.8, "plain")
FUSILIER = Kind(0.14, 0.75, 0.5, 0.75, "line")
ANTHIAS = Kind(0.20, 0.85, 0.75, 0.85, "plain")
TANG = Kind(0.30, 0.8, 0.45, 0.5, "line")
BUTTERFLY = Kind(0.36, 0.78, 0.5, 0.15, "bars")
ANGELFISH = Kind(0.34, 0.8, 0.95, 0.3, "mask")

_BARS = {
    "bars": ((0.80, 0.035), (0.42, 0.05), (0.0, 0.08)),
    "mask": ((0.84, 0.04), (0.58, 0.05), (0.28, 0.06)),
}
"""Where upright bars lie, from the tail to the snout, and half their breadth."""


def fishes(kind: Kind, length: float, shades: tuple[Color, Color, Color], water: Color) -> list[Image.Image]:
    """Draw a fish in all its turns, `BEATS` pictures for each; the second half of the turns faces left."""
    right = [
        _fish(kind, max(3.0, length), shades, turn, beat, water)
        for turn in range(len(SQUASHES))
        for beat in range(BEATS)
    ]
    return [*right, *(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for picture in right)]


def _fish(
    kind: Kind, length: float, shades: tuple[Color, Color, Color], turn: int, beat: int, water: Color
) -> Image.Image:
    """Draw a fish that faces right.

    Parameters
    ----------
    kind : Kind
        What it is.
    length : float
        Its length in pixels.
    shades : tuple of Color
        Back, belly, and what is painted on its sides; haze is mixed in by the caller.
    turn : int
        Which of `SQUASHES`.
    beat : int
        Where in the beat of the tail, 0 to `BEATS` - 1.
    water : Color
        What shows through its fins.
    """
    squash = SQUASHES[turn]
    half_x = int(np.ceil(length * 0.5 * max(squash, 0.2) + 1))
    half_y = int(np.ceil(length * kind.deep * (1 + kind.fin * 0.7) + 1))
    across = (np.arange(2 * half_x * _FINE, dtype=np.float32) + 0.5) / _FINE - half_x
    down = (np.arange(2 * half_y * _FINE, dtype=np.float32) + 0.5) / _FINE - half_y
    u = (across * np.float32(1 / (length * squash)))[None, :]
    v = (down / np.float32(length))[:, None]
    swing = np.cos(2 * np.pi * beat / BEATS)
    # The tail swings out of the picture's plane: it looks shorter, then longer.
    u = np.where(u < -0.1, (u + 0.1) / np.float32(0.9 + 0.1 * swing) - 0.1, u)
    alpha, rgb = _side(kind, u, v, shades, water)
    if squash < 0.4:
        girth = length * kind.deep * (0.5 if kind.deep < 0.2 else 0.32)
        front = _front(across[None, :] / np.float32(girth), down[:, None] / np.float32(length * kind.deep))
        alpha = np.maximum(alpha, front)
    small = alpha.reshape(2 * half_y, _FINE, 2 * half_x, _FINE).mean(axis=(1, 3))
    weighted = (rgb * alpha[..., None]).reshape(2 * half_y, _FINE, 2 * half_x, _FINE, 3).mean(axis=(1, 3))
    colors = weighted / np.maximum(small, 1e-3)[..., None]
    return picture_of(np.clip(colors, 0, 1), np.clip(small, 0, 1))


def _front(x: Floats, y: Floats) -> Floats:
    """Return the outline of a fish that looks at the eye: an upright oval."""
    oval: Floats = (x * x + y * y < 1).astype(np.float32)
    return oval


def _side(kind: Kind, u: Floats, v: Floats, shades: tuple[Color, Color, Color], water: Color) -> tuple[Floats, Floats]:
    """Return opacity and colour of its side; `u` runs from the tail (-0.5) to the snout, `v` down."""
    share = np.clip((u + 0.33) / 0.83, 0, 1)
    half = kind.deep * (1.72 * share**kind.blunt * (1 - share) ** 0.55 + 0.16 * (1 - share) ** 2)
    back_tail = np.clip((-0.29 - u) / 0.21, 0, 1)
    wide = kind.deep * (0.2 + (0.95 if kind.deep < 0.25 else 0.62) * back_tail)
    notch = np.where(back_tail > 1 - kind.fork * 0.75, wide * (back_tail - 1 + kind.fork * 0.75) / 0.75, 0)
    aside = np.abs(v)
    body = (aside < half) & (u > -0.34)
    tail = (aside < wide) & (aside > notch) & (u < -0.28) & (u > -0.5)
    # Fins are swept back: the farther out, the farther towards the tail.
    root = (u + 0.33 + 0.75 * kind.fin * np.clip(aside - half, 0, 1)) / 0.83
    arch = np.clip(np.sin(np.pi * np.clip((root - 0.22) / 0.52, 0, 1)), 0, 1) ** 0.75
    fin = (aside < half + kind.deep * kind.fin * arch) & (root > 0.22) & (root < 0.74) & (u > -0.45)
    alpha = np.maximum(np.where(fin & ~body, np.float32(0.75), 0), (body | tail).astype(np.float32))
    back, belly, paint = (np.array(shade, np.float32) for shade in shades)
    rise = np.clip(v / np.maximum(half, 1e-3), -1, 1)
    tone = smoothstep(-0.75, 0.45, rise)[..., None]
    rgb = back + (belly - back) * tone
    shine = np.exp(-(((rise + 0.15) / 0.28) ** 2))[..., None] * np.float32(0.22)
    rgb = rgb + (1 - rgb) * shine * (0.4 if kind.deep > 0.25 else 1.0)
    rgb = np.where((tail | (fin & ~body))[..., None], _fin_shade(kind, back, paint), rgb)
    mark = _marks(kind, share, rise)[..., None] * body[..., None]
    rgb = rgb + (paint - rgb) * mark
    pupil = np.hypot(u - _EYE, (v + kind.deep * 0.18) * 1.0) < 0.028 + 0.02 * kind.deep
    rgb = np.where((pupil & body)[..., None], np.float32(0.03), rgb)
    thin = np.where(fin & ~body, np.float32(0.25), 0)[..., None]
    return alpha.astype(np.float32), (rgb + (np.array(water, np.float32) - rgb) * thin).astype(np.float32)


def _fin_shade(kind: Kind, back: Floats, paint: Floats) -> Floats:
    share = np.float32(0.85 if kind.dress in ("line", "plain") else 0.12)
    shade: Floats = back + (paint - back) * share
    return shade


def _marks(kind: Kind, share: Floats, rise: Floats) -> Floats:
    """Return how much paint lies where."""
    marks: Floats = np.zeros_like(rise + share)
    if kind.dress == "line":
        marks = np.exp(-(((rise + 0.28 - 0.2 * share) / 0.2) ** 2)) * np.float32(0.95)
    for place, width in _BARS.get(kind.dress, ()):
        marks = np.maximum(marks, np.exp(-(((share - place) / width) ** 4)))
    return marks


def hazy(shades: tuple[Color, ...], water: Color, haze: float) -> tuple[Color, Color, Color]:
    """Return back, belly and paint as they look through some water."""
    first, second, third = (mix(shade, water, haze) for shade in shades)
    return first, second, third
