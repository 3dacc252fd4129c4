"""Rows of trees as pictures for parallax strips: trunks with bark, leaves, bushes, grass."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nemo_widgets.local.scenes.leaves import LEVELS, leaf_shades, leaf_tuft, paste_round
from nemo_widgets.local.scenes.noise import generator, value_noise
from nemo_widgets.local.scenes.planes import Color, Floats, mix, rgb8
from nemo_widgets.local.scenes.strip import OVERSAMPLING

_STAMPS = 5
_FAR = 0.5
"""Mist from which on a row is so far away that coarser drawing is not seen."""


@dataclass(frozen=True, slots=True)
class Species:
    """How trees of one kind look.

    Attributes
    ----------
    slimness : float
        Breadth of trunks, as a share of the usual.
    lean : float
        How far they stray from upright.
    bark : Color or None
        Colour of the bark under full light; None takes the scene's own.
    marks : bool
        Whether dark bars lie across the bark, as on birches.
    boughs : float
        How many boughs a trunk carries, on average; the nearest trees, of which only the foot is seen, carry none.
    """

    slimness: float
    lean: float
    bark: Color | None
    marks: bool
    boughs: float


SPECIES = (
    Species(1.0, 0.05, None, False, 3.0),
    Species(0.62, 0.02, None, False, 6.0),
    Species(0.66, 0.05, (0.90, 0.88, 0.82), True, 2.0),
    Species(1.45, 0.09, None, False, 2.5),
)
"""Oak, pine, birch, beech."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of trees.

    Attributes
    ----------
    name : str
        Its own stream of random numbers.
    period, height : int
        Size of the strip in pixels; the strip reaches to the foot of the frame.
    floor : float
        Where the ground begins, in pixels from the top.
    trunk : float
        Usual breadth of a trunk, in pixels.
    count : int
        How many trees.
    leafy : float
        How far the leaves hang down, as a share of the height.
    wood, leaves, ground, air : Color or colours
        Colours under full light, and that of the mist.
    mist : float
        How much of the mist lies over the row, 0 to 1.
    light_x : float
        Where the light comes from, in pixels of the strip; only its side matters.
    """

    name: str
    period: int
    height: int
    floor: float
    trunk: float
    count: int
    leafy: float
    wood: Color
    leaves: tuple[Color, ...]
    ground: Color
    air: Color
    mist: float
    light_x: float


def draw_row(row: Row, species: Species, seed: int) -> Image.Image:
    """Draw one row of trees."""
    random = generator(seed, "trees", row.name)
    scale = OVERSAMPLING
    size = (row.period * scale, row.height * scale)
    picture = Image.new("RGBA", size, (*rgb8(mix(row.wood, row.air, row.mist)), 0))
    tinted = tuple(mix(leaf, row.air, row.mist) for leaf in row.leaves)
    leaf_size = max(2.0, 1.15 * scale * row.trunk**0.55)
    tufts = [leaf_tuft(random, tinted, leaf_size, row.trunk * scale * 2.6) for _ in range(_STAMPS)]
    slots = (np.arange(row.count) + random.uniform(-0.34, 0.34, row.count)) * size[0] / row.count
    for x in slots.tolist():
        _tree(picture, row, species, float(x) % size[0], tufts, random)
    _canopy(picture, row, tufts, random)
    _floor(picture, row, tinted, tufts, random)
    return picture


def _tree(
    picture: Image.Image,
    row: Row,
    species: Species,
    x: float,
    tufts: list[Image.Image],
    random: np.random.Generator,
) -> None:
    scale = OVERSAMPLING
    breadth = row.trunk * scale * species.slimness * float(random.uniform(0.6, 1.35))
    foot = (row.floor + float(random.uniform(0.1, 1.0)) * row.trunk * 0.5) * scale
    lean = species.lean * float(random.normal(0, 1)) * foot
    bend = species.lean * float(random.normal(0, 0.5)) * foot
    draw = ImageDraw.Draw(picture)
    shade = (*rgb8(mix(mix(species.bark or row.wood, (0, 0, 0), 0.25), row.air, row.mist)), 255)
    for _ in range(random.poisson(species.boughs * min(1.0, row.mist * 3))):
        up = float(random.uniform(0.12, 0.62))
        start = (x + _stray(up, lean, bend), foot * (1 - up) if up < 1 else 0.0)
        _bough(picture, draw, start, breadth * 0.2, shade, tufts, random)
    _trunk(picture, row, species, x, foot, breadth, (lean, bend), random)


def _stray(up: float, lean: float, bend: float) -> float:
    return lean * up + bend * math.sin(up * math.pi)


def _bough(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    start: tuple[float, float],
    thick: float,
    shade: tuple[int, int, int, int],
    tufts: list[Image.Image],
    random: np.random.Generator,
) -> None:
    way = float(random.choice([-1, 1]))
    length = thick * float(random.uniform(12, 24))
    rise = float(random.uniform(0.15, 0.75))
    last = start
    steps = 7
    for step in range(1, steps + 1):
        share = step / steps
        here = (start[0] + way * length * share, start[1] - length * rise * share**1.4)
        draw.line([last, here], fill=shade, width=max(1, round(thick * (1.1 - share))))
        last = here
    tuft = tufts[int(random.integers(len(tufts)))]
    paste_round(picture, tuft, last[0] - tuft.width / 2, last[1] - tuft.height * 0.6)


def _trunk(
    picture: Image.Image,
    row: Row,
    species: Species,
    x: float,
    foot: float,
    breadth: float,
    stray: tuple[float, float],
    random: np.random.Generator,
) -> None:
    scale = OVERSAMPLING
    scale *= 2 if row.mist > _FAR else 1
    x, foot, breadth = x / scale, foot / scale, breadth / scale
    rows = round(foot)
    down = np.linspace(0, 1, rows, dtype=np.float32)
    up = 1 - down
    middle = x + (stray[0] * up + stray[1] * np.sin(up * np.pi)) / scale
    half = breadth / 2 * (0.62 + 0.38 * down + 0.75 * np.exp(-up * 16))
    left = int(np.floor((middle - half).min())) - 2
    width = int(np.ceil((middle + half).max())) + 3 - left
    across = np.arange(width, dtype=np.float32)[None, :] + left
    aside = (across - middle[:, None]) / half[:, None]
    alpha = np.clip((1 - np.abs(aside)) * half[:, None] + 0.5, 0, 1)
    toward = 1.0 if row.light_x > x * scale / OVERSAMPLING else -1.0
    round_ = 0.62 + 0.34 * np.sqrt(np.clip(1 - aside**2, 0, 1)) + 0.22 * aside * toward
    rim = np.clip((aside * toward - 0.62) * 3.2, 0, 1) * 0.42
    grain = value_noise(random, rows, width, max(2, rows // 23), max(2, width // 3))
    light = round_ * (0.74 + 0.46 * grain) + rim
    if species.marks:
        bars = value_noise(random, rows, width, max(2, rows // 5), max(2, width // 17))
        light *= np.where(bars > 0.77, np.float32(0.3), np.float32(1))
    rgb = np.array(species.bark or row.wood, np.float32) * light[..., None]
    haze = np.float32(row.mist) + (1 - np.float32(row.mist)) * (0.42 * down**5)[:, None, None]
    rgb += (np.array(row.air, np.float32) - rgb) * haze
    trunk = _image(rgb, alpha)
    paste_round(picture, trunk.resize((width * scale, rows * scale), Image.Resampling.BILINEAR), left * scale, 0)


def _image(rgb: Floats, alpha: Floats) -> Image.Image:
    """Return a picture; its transparent pixels keep their colour."""
    pixels: NDArray[np.uint8] = np.empty((*alpha.shape, 4), np.uint8)
    pixels[..., :3] = np.clip(rgb * 255, 0, 255).astype(np.uint8)
    pixels[..., 3] = (alpha * 255).astype(np.uint8)
    return Image.fromarray(pixels)


def _canopy(picture: Image.Image, row: Row, tufts: list[Image.Image], random: np.random.Generator) -> None:
    reach = picture.height * row.leafy
    tuft_width = tufts[0].width
    count = round(picture.width / tuft_width * (2 + 5 * reach / max(1, tufts[0].height)))
    depth = random.beta(0.9, 2.2, count) * reach
    sag = 0.65 + 0.35 * np.sin(np.linspace(0, 2 * np.pi, count) * 3 + random.uniform(0, 7))
    for index in np.argsort(depth).tolist()[::-1]:
        tuft = tufts[int(random.integers(len(tufts)))]
        x = float(random.uniform(0, picture.width))
        place = int(x / picture.width * (count - 1))
        paste_round(picture, tuft, x - tuft.width / 2, float(depth[index] * sag[place]) - tuft.height * 0.62)


def _floor(
    picture: Image.Image, row: Row, leaves: tuple[Color, ...], tufts: list[Image.Image], random: np.random.Generator
) -> None:
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
    rgb *= (1 - 0.55 * depth)[..., None]
    floor = _image(rgb, alpha).resize((width * scale, len(y) * scale), Image.Resampling.BILINEAR)
    picture.alpha_composite(floor, (0, max(0, top) * scale))
    picture.paste((*rgb8(mix(row.ground, row.air, row.mist)), 255), (0, bottom * scale, picture.width, picture.height))
    width, edge = picture.width, np.repeat(edge, scale) * scale
    for _ in range(round(width / tufts[0].width * 2.2)):
        x = float(random.uniform(0, width))
        tuft = tufts[int(random.integers(len(tufts)))]
        paste_round(
            picture,
            tuft,
            x - tuft.width / 2,
            float(edge[int(x) % width]) - tuft.height * float(random.uniform(0.25, 0.55)),
        )
    _grass(picture, row, leaves, edge, random)


def _grass(
    picture: Image.Image, row: Row, leaves: tuple[Color, ...], edge: Floats, random: np.random.Generator
) -> None:
    draw = ImageDraw.Draw(picture)
    shades = leaf_shades(leaves)
    long = row.trunk * OVERSAMPLING * 0.62
    count = round(picture.width / (long * 0.05 + 1))
    x = random.uniform(0, picture.width, count)
    y = edge[x.astype(int) % len(edge)] + random.uniform(0, 1.3, count) * long
    half = np.full(count, max(1.0, long * 0.022))
    tip_x, tip_y = x + random.normal(0, 0.3, count) * long, y - long * random.uniform(0.35, 1.0, count)
    blades = np.stack([x - half, y, x + half, y, tip_x, tip_y], 1)
    level = random.integers(0, LEVELS * 2 // 3, count)
    kind = random.integers(0, len(leaves), count)
    for blade, lit, which in zip(blades.tolist(), level.tolist(), kind.tolist(), strict=True):
        draw.polygon(blade, fill=shades[lit][which])
