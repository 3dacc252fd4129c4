"""Leaves: bunches of them drawn once and stamped many times."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8

LEVELS = 12
"""Steps from the darkest to the lightest leaf."""

_CLUSTERS = 11
_MOST = 900
_OUTLINE = ((-1.0, 0.0), (-0.5, 0.78), (0.0, 0.95), (0.5, 0.6), (1.1, 0.0), (0.5, -0.6), (0.0, -0.95), (-0.5, -0.78))
"""A leaf from its stem to its tip: how far along, how far across."""


def leaf_shades(leaves: tuple[Color, ...]) -> list[list[tuple[int, int, int, int]]]:
    """Return each leaf colour from dark to light, ready for Pillow."""
    levels = np.linspace(-0.4, 0.3, LEVELS).tolist()
    return [
        [(*rgb8(mix(leaf, (1.0, 1.0, 0.85), lit) if lit > 0 else mix(leaf, (0, 0, 0), -lit)), 255) for leaf in leaves]
        for lit in levels
    ]


def leaf_tuft(
    random: np.random.Generator, leaves: tuple[Color, ...], leaf: float, reach: float, twig: Color
) -> Image.Image:
    """Draw the end of a bough: twigs that part, a cluster of leaves about each, darker below and lighter above.

    Parameters
    ----------
    random : numpy.random.Generator
        Where the numbers come from.
    leaves : tuple of Color
        The colours of leaves under full light.
    leaf, reach : float
        Half the length of a leaf, and half the width of the whole, in pixels.
    twig : Color
        The colour of the wood.
    """
    width, height = max(8, round(reach * 2)), max(8, round(reach * 1.35))
    shades = leaf_shades(leaves)
    tuft = Image.new("RGBA", (width, height), (*rgb8(leaves[0]), 0))
    draw = ImageDraw.Draw(tuft)
    room = np.array([width, height]) / 2 - leaf * 1.6
    around = random.uniform(0, 2 * np.pi, _CLUSTERS)
    spread = np.sqrt(random.uniform(0.02, 1, _CLUSTERS))[:, None]
    heads = np.stack([np.cos(around), np.sin(around)], 1) * spread * 0.66
    root = (width / 2, height * 0.72)
    for head in heads.tolist():
        end = (width / 2 + head[0] * room[0], height / 2 + head[1] * room[1])
        draw.line([root, end], fill=(*rgb8(twig), 255), width=max(1, round(leaf * 0.22)))
    count = int(min(_MOST, max(90, 1.15 * width * height / (leaf * leaf * 2.2))))
    of = random.integers(0, _CLUSTERS, count)
    off = random.normal(0, 0.15, (count, 2))
    spots = (heads[of] + off).clip(-1, 1)
    order = np.argsort(-(spots[:, 1] + 0.5 * off[:, 1]))
    spots, off = spots[order], off[order]
    middle = np.array([width, height]) / 2 + spots * room
    # Leaves point away from their twig and hang a little.
    turn = np.arctan2(off[:, 1] + 0.07, off[:, 0]) + random.normal(0, 0.7, count)
    along = np.stack([np.cos(turn), np.sin(turn)], 1) * (leaf * random.uniform(0.75, 1.25, (count, 1)))
    across = np.stack([-np.sin(turn), np.cos(turn)], 1) * (leaf * random.uniform(0.30, 0.46, (count, 1)))
    outline = [middle + along * far + across * wide for far, wide in _OUTLINE]
    corners = np.stack(outline, 1).reshape(count, 2 * len(_OUTLINE))
    lightness = 0.5 - 0.30 * spots[:, 1] - 1.1 * off[:, 1] + random.uniform(-0.13, 0.13, count)
    level = (lightness * LEVELS).clip(0, LEVELS - 1)
    kind = random.integers(0, len(leaves), count)
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
