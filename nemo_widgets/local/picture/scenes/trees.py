"""Rows of trees as pictures for parallax strips: trunks with bark, boughs, leaves."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.leaves import leaf_tuft, paste_round
from nemo_widgets.local.picture.scenes.noise import generator, value_noise
from nemo_widgets.local.picture.scenes.planes import mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.planting import Row, Species
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.undergrowth import floor

_STAMPS = 5
_FAR = 0.5
"""Mist from which on a row is so far away that coarser drawing is not seen."""


def draw_row(row: Row, species: Species, seed: int) -> Image.Image:
    """Draw one row of trees."""
    random = generator(seed, "trees", row.name)
    scale = OVERSAMPLING
    size = (row.period * scale, row.height * scale)
    picture = Image.new("RGBA", size, (*rgb8(mix(row.wood, row.air, row.mist)), 0))
    tinted = tuple(mix(leaf, row.air, row.mist) for leaf in row.leaves)
    leaf_size = max(1.8, 0.72 * scale * row.trunk**0.52)
    twig = mix(mix(row.wood, (0, 0, 0), 0.25), row.air, row.mist)
    tufts = [leaf_tuft(random, tinted, leaf_size, row.trunk * scale * 2.3, twig) for _ in range(_STAMPS)]
    canopy = _canopy(picture, row, tufts, random)
    for tuft, x, y in canopy[::2]:
        paste_round(picture, tuft, x, y)
    slots = (np.arange(row.count) + random.uniform(-0.34, 0.34, row.count)) * size[0] / row.count
    for x in slots.tolist():
        _tree(picture, row, species, float(x) % size[0], tufts, random)
    for tuft, x, y in canopy[1::2]:
        paste_round(picture, tuft, x, y)
    floor(picture, row, tinted, tufts, random)
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
    for share in (0.62, 1.0):
        tuft = tufts[int(random.integers(len(tufts)))]
        x, y = start[0] + way * length * share, start[1] - length * rise * share**1.4
        paste_round(picture, tuft, x - tuft.width / 2, y - tuft.height * float(random.uniform(0.5, 0.75)))


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
    # Of near trees only the foot is seen; those behind taper into their crowns.
    top = 0.62 if row.mist < 0.2 else 0.36
    half = breadth / 2 * (top + (1 - top) * down**0.8 + 0.75 * np.exp(-up * 16))
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
    trunk = picture_of(rgb, alpha)
    paste_round(picture, trunk.resize((width * scale, rows * scale), Image.Resampling.BILINEAR), left * scale, 0)


def _canopy(
    picture: Image.Image, row: Row, tufts: list[Image.Image], random: np.random.Generator
) -> list[tuple[Image.Image, float, float]]:
    """Return the leaves overhead as stamps and their places, the lowest first: crowns that bulge and leave gaps."""
    reach = picture.height * row.leafy * 1.2
    tuft_width = tufts[0].width
    count = round(picture.width / tuft_width * (2.6 + 4.2 * reach / max(1, tufts[0].height)))
    crowns = max(3, round(picture.width / (tuft_width * 2.2)))
    sag = value_noise(random, 1, 1024, 1, crowns)[0] * 0.6 + value_noise(random, 1, 1024, 1, 5)[0] * 0.4
    sag = np.clip(sag * 2.3 - 0.65, 0, 1)
    x = random.uniform(0, 1, count)
    # Between two crowns the leaves stay above the frame.
    crown = sag[(x * 1023).astype(int)]
    depth = random.beta(0.9, 1.7, count) * reach * (0.1 + 1.1 * crown) - tufts[0].height * 0.42 * (1 - crown)
    order = np.argsort(-depth)
    kinds = random.integers(0, len(tufts), count)
    return [
        (tufts[kind], place * picture.width - tuft_width / 2, low - tufts[kind].height * 0.72)
        for place, low, kind in zip(x[order].tolist(), depth[order].tolist(), kinds.tolist(), strict=True)
    ]
