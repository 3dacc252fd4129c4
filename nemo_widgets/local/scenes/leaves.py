"""Leaves: bunches of them drawn once and stamped many times."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.scenes.planes import Color, mix, rgb8

LEVELS = 12
"""Steps from the darkest to the lightest leaf."""

_LEAVES = 150


def leaf_shades(leaves: tuple[Color, ...]) -> list[list[tuple[int, int, int, int]]]:
    """Return each leaf colour from dark to light, ready for Pillow."""
    levels = np.linspace(-0.4, 0.3, LEVELS).tolist()
    return [
        [(*rgb8(mix(leaf, (1.0, 1.0, 0.85), lit) if lit > 0 else mix(leaf, (0, 0, 0), -lit)), 255) for leaf in leaves]
        for lit in levels
    ]


def leaf_tuft(random: np.random.Generator, leaves: tuple[Color, ...], leaf: float, reach: float) -> Image.Image:
    """Draw a bunch of leaves, darker below, lighter above."""
    width, height = max(8, round(reach * 2)), max(8, round(reach * 1.2))
    shades = leaf_shades(leaves)
    tuft = Image.new("RGBA", (width, height), (*rgb8(leaves[0]), 0))
    draw = ImageDraw.Draw(tuft)
    spots = random.normal(0, 0.30, (_LEAVES, 2)).clip(-0.92, 0.92)
    spots = spots[np.argsort(-spots[:, 1])]
    middle = (spots + 1) / 2 * (width, height)
    turn = random.uniform(0, np.pi, _LEAVES)
    along = np.stack([np.cos(turn), np.sin(turn)], 1) * (leaf * random.uniform(0.8, 1.7, (_LEAVES, 1)))
    across = np.stack([-np.sin(turn), np.cos(turn)], 1) * (leaf * random.uniform(0.4, 0.8, (_LEAVES, 1)))
    corners = np.stack([middle + along, middle + across, middle - along, middle - across], 1).reshape(_LEAVES, 8)
    level = ((0.5 - 0.42 * spots[:, 1] + random.uniform(-0.16, 0.16, _LEAVES)) * LEVELS).clip(0, LEVELS - 1)
    kind = random.integers(0, len(leaves), _LEAVES)
    for corner, lit, which in zip(corners.tolist(), level.astype(int).tolist(), kind.tolist(), strict=True):
        draw.polygon(corner, fill=shades[lit][which])
    return tuft


def paste_round(picture: Image.Image, stamp: Image.Image, left: float, top: float) -> None:
    """Lay a stamp over the strip; what sticks out on one side comes in on the other."""
    x, y = round(left) % picture.width, round(top)
    for at in (x, x - picture.width):
        if at < picture.width and at + stamp.width > 0:
            cut = (max(0, -at), max(0, -y), min(stamp.width, picture.width - at), min(stamp.height, picture.height - y))
            if cut[2] > cut[0] and cut[3] > cut[1]:
                picture.alpha_composite(stamp, (max(0, at), max(0, y)), cut)
