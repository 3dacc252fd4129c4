"""An oasis: palms and reeds about a pool that mirrors the sky."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.scenes.mesas import shrub
from nemo_widgets.local.picture.scenes.palm import palm
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.relief import light_on


def oasis(size: float, palette: dict[str, Color], way: float, random: np.random.Generator) -> Image.Image:
    """Draw one; the foot of the picture is the near shore of the pool.

    Parameters
    ----------
    size : float
        Height of the tallest palms, in pixels.
    palette : dict of str to Color
        ``leaf``, ``bark``, ``sand``, ``high`` and ``low`` (the sky above and at the horizon) and ``sun``, all as they
        are seen.
    way : float
        Where light comes from: from the right (1) or from the left (-1).
    random : numpy.random.Generator
        For where palms stand.
    """
    width, height = round(size * 4.6), round(size * 1.5)
    picture = Image.new("RGBA", (width, height), (*rgb8(palette["sand"]), 0))
    middle, shore = width / 2, height - size * 0.21
    long, deep = size * float(random.uniform(1.25, 1.6)), size * 0.105
    grown = [_grown(size * float(random.uniform(0.72, 1.0)), palette, way, random) for _ in range(4)]
    places = sorted(
        (float(random.uniform(-1, 1)), int(random.integers(len(grown)))) for _ in range(int(random.integers(6, 10)))
    )
    back = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    for aside, kind in places:
        tree = grown[kind]
        x = middle + aside * long * 1.15
        foot = shore - deep * math.sqrt(max(0.0, 1 - (aside * 0.9) ** 2)) + size * 0.02
        back.alpha_composite(tree, (round(x - tree.width * 0.35), max(0, round(foot - tree.height))))
    for aside in np.linspace(-1.25, 1.25, 26).tolist():
        wide = size * float(random.uniform(0.10, 0.24))
        tuft = shrub(wide, palette["leaf"], random)
        x = middle + aside * long + float(random.normal(0, 0.03)) * size
        foot = shore - deep * 0.96 * math.sqrt(max(0.0, 1 - (aside * 0.85) ** 2)) + size * 0.015
        back.alpha_composite(tuft, (round(x - wide / 2), round(foot - tuft.height)))
    picture.alpha_composite(back)
    picture.alpha_composite(_pool(back, (middle, shore), (long, deep), palette))
    for aside in np.linspace(-1.1, 1.1, 15).tolist():
        if random.random() < 0.55:
            wide = size * float(random.uniform(0.08, 0.17))
            tuft = shrub(wide, palette["leaf"], random)
            foot = shore + deep * math.sqrt(max(0.0, 1 - (aside * 0.9) ** 2)) + size * 0.02
            picture.alpha_composite(tuft, (round(middle + aside * long - wide / 2), round(foot - tuft.height)))
    return picture


def _grown(size: float, palette: dict[str, Color], way: float, random: np.random.Generator) -> Image.Image:
    """Draw one palm: the lower part of its picture is the trunk."""
    side = max(24, round(size * 1.28))
    mask = palm(side, random)
    light = light_on(mask, side * 0.02, (0.7 * way, -0.6, 0.3))[..., None]
    y = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    leaf, bark = (np.array(palette[name], np.float32) for name in ("leaf", "bark"))
    trunk = np.clip((y - 0.42) * 9, 0, 1)
    rgb = (leaf + (bark - leaf) * trunk) * (0.30 + 1.1 * light * np.array(palette["sun"], np.float32))
    whole = picture_of(np.clip(rgb, 0, 1), np.asarray(mask).astype(np.float32) / np.float32(255))
    cut = whole.crop((0, 0, side, round(side * 0.97)))
    return cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else cut


def _pool(
    beyond: Image.Image, at: tuple[float, float], reach: tuple[float, float], palette: dict[str, Color]
) -> Image.Image:
    """Draw the water: the sky from the horizon up, and what stands on the far shore upside down."""
    (x, y), (long, deep) = at, reach
    width, height = beyond.size
    rows = np.linspace(0, 1, height, dtype=np.float32)
    share = np.clip((rows * height - (y - deep)) / (2 * deep), 0, 1)[:, None, None]
    low, high = (np.array(palette[name], np.float32) for name in ("low", "high"))
    water: Floats = (low + (high - low) * share) * np.ones((1, width, 1), np.float32)
    sheet = picture_of(np.clip(water * np.float32(0.92), 0, 1), np.ones((height, width), np.float32))
    upside = beyond.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    squeezed = upside.resize((width, max(2, round(height * 0.42))), Image.Resampling.BOX)
    mirrored = Image.new("RGBA", beyond.size, (0, 0, 0, 0))
    mirrored.paste(squeezed, (0, round(y - deep * 0.9)))
    faded = mirrored.getchannel("A").point(lambda value: round(value * 0.7))
    mirrored.putalpha(faded)
    sheet.alpha_composite(mirrored)
    shape = Image.new("L", (width * 2, height * 2), 0)
    edge = []
    for step in range(72):
        turn = step * 2 * math.pi / 72
        wave = 1 + 0.07 * math.sin(3 * turn + 1.3) + 0.05 * math.sin(5 * turn)
        edge.append(((x + math.cos(turn) * long * wave) * 2, (y + math.sin(turn) * deep * wave) * 2))
    ImageDraw.Draw(shape).polygon(edge, fill=255)
    mask = shape.resize((width, height), Image.Resampling.BOX)
    damp = mask.filter(ImageFilter.GaussianBlur(max(1.0, deep * 0.16))).point(
        lambda value: min(255, round(value * 1.5))
    )
    bed = Image.new("RGBA", beyond.size, (*rgb8(mix(palette["sand"], (0.12, 0.09, 0.04), 0.45)), 0))
    bed.putalpha(damp)
    sheet.putalpha(mask)
    bed.alpha_composite(sheet)
    return bed
