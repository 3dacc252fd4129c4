"""The ground of the forest: dappled earth, bushes along its edge, grass in tufts."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.leaves import LEVELS, leaf_shades, paste_round
from nemo_widgets.local.picture.scenes.noise import value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.planting import Row
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING

_FAR = 0.5
"""Mist from which on nearer rows hide all but the edge of the ground."""
_LAYERS = 4
_BLADES = 7


def floor(
    picture: Image.Image, row: Row, leaves: tuple[Color, ...], tufts: list[Image.Image], random: np.random.Generator
) -> None:
    """Draw the ground of a row, and what grows on it, over the lower part of `picture`."""
    scale = OVERSAMPLING
    width = row.period
    bumps = value_noise(random, 1, width, 1, 9)[0] * 0.7 + value_noise(random, 1, width, 1, 31)[0] * 0.3
    edge = row.floor - bumps * row.trunk * 0.55
    top = int(edge.min())
    # Nearer rows hide all but the first strip of a far floor.
    bottom = row.height if row.mist < _FAR else min(row.height, round(row.floor + 0.13 * row.height))
    y = np.arange(top, bottom, dtype=np.float32)[:, None]
    alpha = np.clip(y - edge[None, :] + 0.5, 0, 1)
    depth = np.clip((y - edge[None, :]) / (row.height - row.floor + 1), 0, 1)
    mottle = value_noise(random, len(y), width, max(2, len(y) // 8), max(4, width // 30))
    ground = np.array(mix(row.ground, row.air, row.mist * 0.9), np.float32)
    glow = np.array(mix(row.air, row.ground, 0.25), np.float32)
    rgb = ground * (0.72 + 0.5 * mottle)[..., None]
    rgb += (glow - rgb) * (np.exp(-depth * 5.5) * 0.5)[..., None]
    # Light that comes through the leaves lies on the ground in patches.
    dapples = value_noise(random, len(y), width, max(2, len(y) // 26), max(4, width // 120))
    lit = np.clip(dapples * 2.4 - 1.25, 0, 1) * (1 - 0.5 * depth) * np.float32(0.30)
    rgb += (glow - rgb) * lit[..., None]
    rgb *= (1 - 0.42 * depth)[..., None]
    floor = picture_of(rgb, alpha).resize((width * scale, len(y) * scale), Image.Resampling.BILINEAR)
    picture.alpha_composite(floor, (0, max(0, top) * scale))
    picture.paste((*rgb8(mix(row.ground, row.air, row.mist)), 255), (0, bottom * scale, picture.width, picture.height))
    _cover(picture, row, leaves, tufts, np.repeat(edge, scale) * scale, random)


def _cover(
    picture: Image.Image,
    row: Row,
    leaves: tuple[Color, ...],
    tufts: list[Image.Image],
    edge: Floats,
    random: np.random.Generator,
) -> None:
    """Grow bushes along the edge of the ground and grass below, from the back to the front."""
    width = picture.width
    deep = picture.height - float(edge.mean())
    long = row.trunk * OVERSAMPLING * 0.5
    layers = max(1, min(_LAYERS, round(deep / long))) if row.mist < _FAR else 1
    for layer in range(layers):
        below = layer / layers * deep
        for _ in range(round(width / tufts[0].width * (2.4 if layer == 0 else 1.1))):
            x = float(random.uniform(0, width))
            tuft = tufts[int(random.integers(len(tufts)))]
            sunk = float(random.uniform(0.25, 0.55)) - (0.35 if layer else 0)
            paste_round(picture, tuft, x - tuft.width / 2, float(edge[int(x) % width]) + below - tuft.height * sunk)
        _grass(picture, leaves, edge + below, long * (1 + 0.25 * layer), deep / layers, random)


def _grass(
    picture: Image.Image,
    leaves: tuple[Color, ...],
    edge: Floats,
    long: float,
    deep: float,
    random: np.random.Generator,
) -> None:
    """Draw tufts of blades that bend over, rooted from `edge` to `deep` below it."""
    draw = ImageDraw.Draw(picture)
    shades = leaf_shades(leaves)
    clumps = round(picture.width / (long * 0.42 + 2))
    middle = np.repeat(random.uniform(0, picture.width, clumps), _BLADES)
    count = len(middle)
    x = middle + random.normal(0, 0.10, count) * long
    rooted = np.repeat(random.uniform(0, 1, clumps), _BLADES) * deep
    y = edge[x.astype(int) % len(edge)] + rooted + random.uniform(0, 0.08, count) * long
    half = np.full(count, max(0.9, long * 0.019))
    lean = (x - middle) / long * 2.2 + random.normal(0, 0.12, count)
    high = long * random.uniform(0.4, 1.0, count)
    knee_x, knee_y = x + lean * high * 0.35, y - high * 0.62
    tip_x, tip_y = x + lean * high, y - high * (1 - 0.35 * np.minimum(1, np.abs(lean)))
    blades = np.stack(
        [x - half, y, knee_x - half * 0.7, knee_y, tip_x, tip_y, knee_x + half * 0.7, knee_y, x + half, y]
    )
    level = random.integers(1, LEVELS * 3 // 4, count)
    kind = random.integers(0, len(leaves), count)
    order = np.argsort(rooted, kind="stable")
    for blade, lit, which in zip(blades.T[order].tolist(), level.tolist(), kind.tolist(), strict=True):
        draw.polygon(blade, fill=shades[lit][which])
