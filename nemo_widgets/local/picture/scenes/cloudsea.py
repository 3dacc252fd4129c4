"""A sea of clouds as strips: heads that crowd together, the far ones small and pale, and towers that rise from it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.cumulus import Lamp, puff
from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.leaves import paste_round
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING
from nemo_widgets.local.picture.scenes.terrain import rolling

_MASTER = 560
_PUFFS, _TOWERS = 7, 3
_RANKS = 3
"""How many rows of heads one strip holds."""


@dataclass(frozen=True, slots=True)
class Bank:
    """One strip of the sea.

    Attributes
    ----------
    name : str
        Its own stream of random numbers.
    period, rows : int
        Size of the strip, in pixels of the frame.
    sea : int
        How many of the rows, counted from the foot, the sea takes; above it there are only towers.
    head : float
        Breadth of its heads, in pixels.
    air : float
        Share of air before it.
    towers : tuple of (float, float)
        Where towers rise, as shares of the period, and their heights in pixels.
    """

    name: str
    period: int
    rows: int
    sea: int
    head: float
    air: float
    towers: tuple[tuple[float, float], ...] = ()


class Masters:
    """Clouds drawn once, and shrunk to any size."""

    def __init__(self, setting: Setting, lamp: Lamp) -> None:
        random = generator(setting.seed, "clouds", "masters")
        scale = min(1.0, setting.unit)
        wide = max(24, round(_MASTER * scale))
        self.lamp = lamp
        self.puffs = [
            puff(wide, max(16, round(wide * float(random.uniform(0.58, 0.72)))), lamp, random) for _ in range(_PUFFS)
        ]
        self.towers = [
            puff(
                max(24, round(wide * float(random.uniform(0.95, 1.2)))), max(24, round(wide * 1.3)), lamp, random, True
            )
            for _ in range(_TOWERS)
        ]


def draw_bank(setting: Setting, bank: Bank, masters: Masters) -> Image.Image:
    """Draw one strip of the sea of clouds."""
    random = generator(setting.seed, "clouds", bank.name)
    scale = OVERSAMPLING
    wide, high, sea = bank.period * scale, bank.rows * scale, bank.sea * scale
    head = bank.head * scale
    air = setting.palette["air"]
    picture = Image.new("RGBA", (wide, high), (*rgb8(mix(masters.lamp.stops[1][1], air, bank.air)), 0))
    faded = [_hazed(one, air, bank.air) for one in masters.puffs]
    for place, tall in bank.towers:
        _raise(picture, bank, masters, (place * wide, tall * scale), random, air)
    floor = _floor(setting, bank, masters, random)
    paste_round(picture, floor, 0, high - floor.height)
    # Heads stand in ranks, the far ones first; each rank is larger than the one behind it.
    line = rolling(random, _RANKS, wide, _RANKS, wide / head * 0.30)
    for rank in range(_RANKS):
        near = rank / (_RANKS - 1)
        broad = head * (0.72 + 0.28 * near)
        count = max(3, round(wide / broad * 1.5))
        veiled = [_hazed(one, air, 0.12 * (1 - near)) for one in faded] if near < 1 else faded
        for index in random.permutation(count).tolist():
            x = (index + float(random.uniform(-0.4, 0.4))) / count * wide
            # Where the sea is low, heads are small and let the shade between them be seen.
            lift = float(line[rank, round(x) % wide])
            size_ = broad * (0.88 + 0.42 * lift) * float(random.uniform(0.72, 1.28))
            one = veiled[int(random.integers(_PUFFS))]
            tall = size_ * one.height / one.width
            grown = one.resize((max(4, round(size_)), max(3, round(tall))), Image.Resampling.BILINEAR)
            foot = high - sea + sea * (0.06 + 0.46 * near) + 0.46 * broad - 0.10 * lift * head
            paste_round(picture, grown, x - grown.width / 2, foot - tall * 0.8)
    return picture


def _raise(
    picture: Image.Image,
    bank: Bank,
    masters: Masters,
    tower: tuple[float, float],
    random: np.random.Generator,
    air: Color,
) -> None:
    """Pile up a tower: a tall one between lower ones, with heads about its foot."""
    at, tall = tower
    foot = picture.height - bank.sea * OVERSAMPLING * 0.62
    way = float(random.choice([-1, 1]))
    for aside, share in ((-0.52 * way, 0.52), (0.50 * way, 0.66), (0.0, 1.0), (-0.30 * way, 0.40), (0.42 * way, 0.34)):
        one = _hazed(masters.towers[int(random.integers(_TOWERS))], air, min(0.9, bank.air * (1.0 + 0.12 * share)))
        high = tall * share * float(random.uniform(0.9, 1.1))
        size = (max(4, round(one.width / one.height * high * 1.12)), max(4, round(high)))
        grown = one.resize(size, Image.Resampling.BILINEAR)
        paste_round(picture, grown, at + aside * tall * 0.8 - grown.width / 2, foot - grown.height * 0.86)


def _hazed(cloud: Image.Image, air: Color, share: float) -> Image.Image:
    alpha = cloud.getchannel("A")
    pale = Image.blend(cloud.convert("RGB"), Image.new("RGB", cloud.size, rgb8(air)), min(1.0, share))
    pale.putalpha(alpha)
    return pale


def _floor(setting: Setting, bank: Bank, masters: Masters, random: np.random.Generator) -> Image.Image:
    """Draw what lies between the heads: cloud in the shade, soft, hiding all that is behind."""
    rows, columns = max(4, bank.sea), max(8, bank.period)
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    waves = rolling(random, rows, columns, rows / bank.head * 5, columns / bank.head * 3)
    waves = waves * np.float32(0.6) + rolling(
        random, rows, columns, rows / bank.head * 12, columns / bank.head * 7
    ) * np.float32(0.4)
    rgb: Floats = ramp(masters.lamp.stops, np.clip(0.46 - 0.12 * y + 0.12 * waves, 0, 1))
    air = np.array(setting.palette["air"], np.float32)
    rgb = rgb + (air - rgb) * np.clip(bank.air + 0.24 - 0.12 * y, 0, 1)[..., None]
    cover = smoothstep(0.16, 0.46, y + waves * np.float32(0.05))
    size = (columns * OVERSAMPLING, rows * OVERSAMPLING)
    return picture_of(rgb, np.clip(cover, 0, 1)).resize(size, Image.Resampling.BILINEAR)
