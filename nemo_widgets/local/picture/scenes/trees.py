"""Rows of trees as pictures for parallax strips: trunks with bark, boughs, leaves."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.leaves import leaf_tuft, paste_round
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.planting import Row, Species
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.undergrowth import floor

_Stamp = tuple[Image.Image, float, float]
"""Leaves, and where their left upper corner lies."""

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
    slots = (np.arange(row.count) + random.uniform(-0.34, 0.34, row.count)) * size[0] / row.count
    trees = [_Tree.grown(row, species, x, random) for x in (slots % size[0]).tolist()]
    canopy = _canopy(picture, row, tufts, random)
    held = [stamp for stamp in canopy if _carried(stamp, trees, row, picture.width)]
    for tuft, x, y in held[::2]:
        paste_round(picture, tuft, x, y)
    _branches(picture, row, species, trees, held)
    for tree in trees:
        _raise(picture, row, species, tree, tufts, random)
    for tuft, x, y in held[1::2]:
        paste_round(picture, tuft, x, y)
    floor(picture, row, tinted, tufts, random)
    return picture


@dataclass(frozen=True, slots=True)
class _Tree:
    """Where a tree stands, in pixels of the strip: its foot, its breadth, how far it strays from upright."""

    x: float
    foot: float
    breadth: float
    lean: float
    bend: float

    @classmethod
    def grown(cls, row: Row, species: Species, x: float, random: np.random.Generator) -> "_Tree":
        breadth = row.trunk * OVERSAMPLING * species.slimness * float(random.uniform(0.6, 1.35))
        foot = (row.floor + float(random.uniform(0.1, 1.0)) * row.trunk * 0.5) * OVERSAMPLING
        lean = species.lean * float(random.normal(0, 1)) * foot
        return cls(x, foot, breadth, lean, species.lean * float(random.normal(0, 0.5)) * foot)

    def at(self, y: float) -> float:
        """Return where the middle of the trunk is, `y` pixels below the top."""
        return self.x + _stray(1 - y / self.foot, self.lean, self.bend)

    def aside(self, x: float, y: float, period: int) -> float:
        """Return how far right of the trunk a place is, on a strip that wraps round."""
        return (x - self.at(y) + period / 2) % period - period / 2


def _carried(stamp: _Stamp, trees: list[_Tree], row: Row, period: int) -> bool:
    """Whether leaves that hang low are near enough to a trunk to grow on it: others would float in the air."""
    tuft, left, top = stamp
    x, y = left + tuft.width / 2, top + tuft.height * 0.6
    return not _low(stamp, row) or min(abs(tree.aside(x, y, period)) for tree in trees) < 1.5 * tuft.width


def _low(stamp: _Stamp, row: Row) -> bool:
    return stamp[2] + stamp[0].height * 0.5 > row.height * OVERSAMPLING * row.leafy * 0.36


def _branches(picture: Image.Image, row: Row, species: Species, trees: list[_Tree], leaves: list[_Stamp]) -> None:
    """Draw what carries the leaves that hang low: a branch from the nearest trunk to each."""
    draw = ImageDraw.Draw(picture)
    shade = _wood(row, species)
    width = picture.width
    for stamp in leaves:
        if not _low(stamp, row):
            continue
        tuft, left, top = stamp
        x, y = left + tuft.width / 2, top + tuft.height * 0.62
        tree = min(trees, key=lambda tree: abs(tree.aside(x, y, width)))
        aside = tree.aside(x, y, width)
        below = min(y + abs(aside) * 0.45, tree.foot * 0.9)
        spine = [(x - aside * (1 - step), below + (y - below) * step**1.4) for step in np.linspace(0, 1, 8).tolist()]
        for turn in (0, width, -width):
            for step, (here, there) in enumerate(pairwise(spine)):
                thick = max(1, round(tree.breadth * 0.17 * (1.1 - step / 8)))
                draw.line([(here[0] + turn, here[1]), (there[0] + turn, there[1])], fill=shade, width=thick)


def _wood(row: Row, species: Species) -> tuple[int, int, int, int]:
    return (*rgb8(mix(mix(species.bark or row.wood, (0, 0, 0), 0.25), row.air, row.mist)), 255)


def _raise(
    picture: Image.Image,
    row: Row,
    species: Species,
    tree: _Tree,
    tufts: list[Image.Image],
    random: np.random.Generator,
) -> None:
    draw = ImageDraw.Draw(picture)
    for _ in range(random.poisson(species.boughs * min(1.0, row.mist * 3))):
        y = tree.foot * (1 - float(random.uniform(0.32, 0.70)))
        _bough(picture, draw, (tree.at(y), y), tree.breadth * 0.2, _wood(row, species), tufts, random)
    _trunk(picture, row, species, tree.x, tree.foot, tree.breadth, (tree.lean, tree.bend), random)


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
    spine = [
        (start[0] + way * length * share, start[1] - length * rise * share**1.4)
        for share in np.linspace(0, 1, 8).tolist()
    ]
    for share in (4, 7):
        tuft = tufts[int(random.integers(len(tufts)))]
        x, y = spine[share]
        paste_round(picture, tuft, x - tuft.width / 2, y - tuft.height * float(random.uniform(0.5, 0.75)))
    # The wood lies over its leaves, for it is seen from below, and parts in them.
    for step, pair in enumerate(pairwise(spine[:7])):
        draw.line(pair, fill=shade, width=max(1, round(thick * (1.1 - (step + 1) / 7))))
    for joint in (3, 5, 6):
        x, y = spine[joint]
        far = length * float(random.uniform(0.16, 0.3))
        up = float(random.uniform(0.2, 1.1))
        draw.line([(x, y), (x + way * far, y - far * up)], fill=shade, width=max(1, round(thick * 0.16)))


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
    if species.bark is not None:
        # In the shade of its leaves: bright to the last, pale bark would seem to end where they cover it.
        crown = 1.7 * row.leafy * row.height * OVERSAMPLING / scale
        light *= (1 - 0.62 * smoothstep(1.0, 0.35, down * foot / crown))[:, None]
    rgb = np.array(species.bark or row.wood, np.float32) * light[..., None]
    haze = np.float32(row.mist) + (1 - np.float32(row.mist)) * (0.42 * down**5)[:, None, None]
    rgb += (np.array(row.air, np.float32) - rgb) * haze
    trunk = picture_of(rgb, alpha)
    paste_round(picture, trunk.resize((width * scale, rows * scale), Image.Resampling.BILINEAR), left * scale, 0)


def _canopy(picture: Image.Image, row: Row, tufts: list[Image.Image], random: np.random.Generator) -> list[_Stamp]:
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
