"""What grows in a desert: cacti and sage where there is rock, tufts of grass on dunes, palms about a pool."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.dunes import Drawn, Field
from nemo_widgets.local.picture.scenes.leaves import paste_round
from nemo_widgets.local.picture.scenes.mesas import cactus, shrub
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.oasis import oasis
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING, Strip

_KINDS = 6
_TRIED = 6000
_THORNY = {"ridge": (44, 20), "hero": (34, 9), "near": (16, 2)}
_SANDY = {"ridge": (0, 0), "hero": (2, 0), "near": (4, 0)}
"""How many tufts and how many cacti grow on each row of dunes."""


class Growth:
    """Plants for the strips of a desert.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; of the palette, ``leaf``, and ``bark`` for palms.
    way : float
        Where light comes from: from the right (1) or from the left (-1).
    """

    def __init__(self, setting: Setting, way: float) -> None:
        self._setting, self._way = setting, way
        palette = setting.palette
        bright = {"day": 1.0, "dusk": 0.7, "night": 0.6}[palette.light]
        self._sun = _times(palette["sunlight"], (bright, bright, bright))
        self._leaf = _times(palette["leaf"], mix(self._sun, (1.0, 1.0, 1.0), 0.3))
        self._thorny = "rock" in palette.colors

    def plant(self, field: Field, drawn: Drawn) -> None:
        """Draw plants into a row of dunes, the far ones first."""
        if field.name not in ("ridge", "hero", "near") or drawn.ground is None:
            return
        setting = self._setting
        random = generator(setting.seed, "growth", field.name)
        scale = setting.unit * OVERSAMPLING
        air = field.mist[0] * 0.5 + field.mist[1] * 0.5
        shade = mix(self._leaf, setting.palette["air"], air)
        high = {"ridge": 62.0, "hero": 132.0, "near": 380.0}[field.name] * scale
        tufts, cacti = (_THORNY if self._thorny else _SANDY)[field.name]
        stamps: list[tuple[Image.Image, bool]] = []
        if cacti:
            sizes = random.uniform(0.6, 1.15, min(_KINDS, cacti)).tolist()
            stamps += [(self._cactus(high * size, shade, air, random), True) for size in sizes]
        broad = {"ridge": 26.0, "hero": 54.0, "near": 120.0}[field.name] * scale
        if tufts:
            stamps += [
                (shrub(broad * size, shade, random), False) for size in random.uniform(0.6, 1.2, _KINDS).tolist()
            ]
        tall = [stamp for stamp, thorny in stamps if thorny]
        low = [stamp for stamp, thorny in stamps if not thorny]
        spots = self._spots(drawn.ground, cacti + tufts, random)
        chosen = [True] * cacti + [False] * tufts
        plants = sorted(zip(spots, random.permutation(chosen).tolist(), strict=False), key=lambda one: -one[0][0])
        for index, ((z, x), thorny) in enumerate(plants):
            stamp = tall[index % len(tall)] if thorny else low[index % len(low)]
            columns = drawn.ground.shape[1]
            foot = float(drawn.ground[z, x]) * OVERSAMPLING + 0.02 * stamp.height
            shadow = self._shadow(
                stamp.height * 1.1 if thorny else stamp.width * 0.9, stamp.width * (0.22 if thorny else 0.5)
            )
            side = 0.12 if self._way < 0 else 0.88
            at = x / columns * drawn.picture.width
            paste_round(drawn.picture, shadow, at - side * shadow.width, foot - 0.6 * shadow.height)
            paste_round(drawn.picture, stamp, x / columns * drawn.picture.width - stamp.width / 2, foot - stamp.height)

    def _shadow(self, long: float, broad: float) -> Image.Image:
        """Draw what a plant keeps from the light on the sand beside it, fading away from its foot."""
        wide, high = max(4, round(long)), max(3, round(broad * 0.42))
        x = np.linspace(0, 1, wide, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, high, dtype=np.float32)[:, None]
        along = x if self._way < 0 else 1 - x
        body = np.clip(1 - (y / (0.55 + 0.4 * along)) ** 2, 0, 1) * np.clip(along * 8, 0, 1) * (1 - along) ** 0.8
        palette = self._setting.palette
        dark = np.array(_times(palette["sand"], palette["skylight"]), np.float32) * np.float32(0.8)
        return picture_of(np.ones((high, wide, 1), np.float32) * dark, np.clip(body, 0, 1) * np.float32(0.62))

    def _cactus(self, size: float, shade: Color, air: float, random: np.random.Generator) -> Image.Image:
        thorny = cactus(size, self._setting.palette["leaf"], self._sun, self._way, random)
        veil = Image.new("RGBA", thorny.size, (*rgb8(self._setting.palette["air"]), 255))
        faded = Image.blend(thorny, veil, air)
        faded.putalpha(thorny.getchannel("A"))
        return faded

    def _spots(self, ground: Floats, count: int, random: np.random.Generator) -> list[tuple[int, int]]:
        """Return places that are in sight, in loose groups."""
        columns = ground.shape[1]
        z, x = (random.integers(0, size, _TRIED) for size in ground.shape)
        seen = np.isfinite(ground[z, x])
        z, x = z[seen], x[seen]
        if len(z) < count or not count:
            return []
        heart = random.uniform(0, columns, 5)
        away = np.abs((x[:, None] - heart[None, :] + columns / 2) % columns - columns / 2).min(axis=1)
        weight = np.exp(-away / (0.05 * columns)) + 0.08
        picked = random.choice(len(z), count, p=weight / weight.sum())
        return [(int(z[one]), int(x[one])) for one in picked]

    def pool(self, field: Field, before: Floats, width: int) -> Strip:
        """Draw palms about a pool where the row before it leaves it in sight; `before` is the top of that row."""
        setting, palette = self._setting, self._setting.palette
        random = generator(setting.seed, "growth", "oasis")
        size = 165 * setting.unit
        low = np.minimum.reduce([np.roll(before, shift) for shift in range(-round(1.2 * size), round(1.2 * size), 8)])
        seen = low[: max(1, min(width, len(low)))].copy()
        margin = round(0.16 * len(seen))
        seen[:margin] = seen[len(seen) - margin :] = 0
        x = int(np.argmax(seen))
        water = palette.colors["sky"]
        air = field.mist[1]
        lit = mix(self._sun, (1.0, 1.0, 1.0), 0.15)
        shades = {
            "leaf": mix(self._leaf, palette["air"], air),
            "bark": mix(_times(palette["bark"], lit), palette["air"], air),
            "sand": _times(palette["sand"], mix(palette["skylight"], self._sun, 0.6)),
            "high": water[1],
            "low": water[-1],
            "sun": self._sun,
        }
        grove = oasis(size * OVERSAMPLING, shades, self._way, random)
        rows = grove.height // OVERSAMPLING // 2 * 2
        picture = Image.new("RGBA", (field.period * OVERSAMPLING, rows * OVERSAMPLING), (*rgb8(shades["leaf"]), 0))
        paste_round(picture, grove, x * OVERSAMPLING - grove.width / 2, 0)
        foot = min(float(seen[x]), setting.height)
        return Strip(picture, round(foot - rows + 0.02 * size) // 2 * 2)


def _times(rgb: Color, light: Color) -> Color:
    red, green, blue = (min(1.0, channel * lit) for channel, lit in zip(rgb, light, strict=True))
    return red, green, blue
