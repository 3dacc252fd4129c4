"""A forest: rows of trees in parallax, shafts of light between them, drifting mist and pollen."""

from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Planes, blend, mix, yuv, yuv_of
from nemo_widgets.local.picture.scenes.planting import SPECIES, Row
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.strip import Strip
from nemo_widgets.local.picture.scenes.trees import draw_row
from nemo_widgets.local.picture.together import together

_SCALE = 4
_ANGLES = 2048


class Forest:
    """Walking slowly past trees against the light."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "forest")
        self._light_x = float(random.uniform(0.3, 0.7))
        self._light_y = float(random.uniform(0.06, 0.2))
        self._upscaler = Upscaler()
        self._air = _Air(setting, self._light_x, self._light_y)
        species = SPECIES[int(random.integers(len(SPECIES)))]
        if species.bark is not None and setting.palette.light != "day":
            # Pale bark takes the colour of what little light there is.
            night = setting.palette.light == "night"
            shade = setting.palette["far"] if night else setting.palette["shaft"]
            dim = mix(species.bark, (0, 0, 0), 0.55 if night else 0.35)
            species = replace(species, bark=mix(dim, shade, 0.4 if night else 0.25))
        self._speed = 58 * setting.unit * float(random.choice([-1, 1]))

        def grown(rows: list[Row]) -> Strip:
            return Strip(_merged([draw_row(row, species, setting.seed) for row in rows]), 0)

        strips = together((setting, "trees"), [partial(grown, rows) for rows in _rows(setting, self._light_x)])
        self._strips = list(zip((0.3, 0.62, 1.0), strips, strict=True))
        self._pollen = _Pollen(setting)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._speed * at_s
        self._air.backdrop(target)
        for index, (share, strip) in enumerate(self._strips):
            strip.draw(target, travel * share)
            if index == 1:
                self._air.shafts(target, at_s)
        self._pollen.draw(target, at_s, travel)


def _merged(pictures: list[Image.Image]) -> Image.Image:
    """Lay rows that move together over each other, the first at the back."""
    back = pictures[0]
    for picture in pictures[1:]:
        back.alpha_composite(picture)
    return back


def _rows(setting: Setting, light: float) -> list[list[Row]]:
    """Return the rows of trees from far to near, those that move together in one list."""
    palette, unit = setting.palette, setting.unit
    air, wood = palette["far"], mix(palette["near"], (0.42, 0.30, 0.2), 0.35)
    rows = []
    tall = setting.height > setting.width
    for name, floor, trunk, spacing, leafy, mist in (
        ("farthest", 0.70, 19, 62, 0.36, 0.80),
        ("far", 0.735, 36, 150, 0.34, 0.58),
        ("middle", 0.79, 66, 330, 0.27, 0.30),
        ("near", 0.895, 132, 900, 0.15, 0.04),
    ):
        period = max(32, round(setting.width * 1.1 + 240 * unit) // 4 * 4)
        floor = floor + (0.03 if tall else 0)
        near = 1 - mist
        rows.append(
            Row(
                name=name,
                period=period,
                height=setting.height,
                floor=setting.height * floor,
                trunk=trunk * unit,
                count=max(2, round(period / (spacing * unit))),
                leafy=leafy,
                wood=mix(wood, palette["near"], near * 0.7),
                leaves=tuple(mix(leaf, palette["near"], near**3 * 0.72) for leaf in palette.colors["leaf"]),
                ground=mix(palette["ground"], palette["near"], near**3 * 0.6),
                air=air,
                mist=mist,
                light_x=light * setting.width,
            )
        )
    return [rows[:2], rows[2:3], rows[3:]]


class _Air:
    """The light behind the trees, and the shafts and mist that it makes."""

    def __init__(self, setting: Setting, light_x: float, light_y: float) -> None:
        random = generator(setting.seed, "forest", "air")
        self._upscaler = Upscaler()
        rows, columns = max(4, setting.height // _SCALE), max(4, setting.width // _SCALE)
        unit = min(rows, columns)
        y = np.arange(rows, dtype=np.float32)[:, None]
        x = np.arange(columns, dtype=np.float32)[None, :]
        away_x, away_y = x - light_x * columns, y - light_y * rows
        distance = np.hypot(away_x, away_y) / unit
        palette = setting.palette
        rgb = ramp(palette.gradient("sky"), np.clip(distance * 0.72, 0, 1))
        glow = np.exp(-((distance / 0.42) ** 2))[..., None]
        rgb += (np.array(palette["shaft"], np.float32) - rgb) * glow * np.float32(0.85)
        self._ground = Planes.black(setting.width, setting.height)
        self._upscaler.paint(self._ground, *yuv(np.clip(rgb, 0, 1)))
        angle = np.arctan2(away_x, away_y + 0.32 * unit)
        self._angle = ((angle / (2 * np.pi) + 0.5) * (_ANGLES - 1)).astype(np.int32)
        fade = np.exp(-distance * np.float32(0.55)) * np.clip((away_y + 0.1 * unit) / (0.25 * unit), 0.25, 1)
        # Shafts thin out before they reach the ground, where their ends would show.
        self._fade = (fade * (1 - smoothstep(0.60, 0.97, y / rows))).astype(np.float32)
        self._beams = [value_noise(random, 1, _ANGLES, 1, pitch)[0] for pitch in (58, 90, 37)]
        self._bank = clouds(random, rows, columns * 2, 5, 8, 4) * np.clip((y / rows - 0.35) * 1.6, 0, 0.75)
        self._drift = 5.5 * float(random.choice([-1, 1])) * setting.unit / _SCALE * 4
        self._strength = np.float32(0.85 if palette.light == "night" else 1.25)
        self._goals = [round(goal) for goal in yuv_of(palette["shaft"])]

    def backdrop(self, target: Planes) -> None:
        target.copy_from(self._ground)

    def shafts(self, target: Planes, at_s: float) -> None:
        """Lighten `target` by the shafts and the mist as they are at `at_s` seconds."""
        first, second, third = self._beams
        pattern = (
            np.roll(first, round(at_s * 3)) * np.roll(second, -round(at_s * 4.4)) * 1.9
            + np.roll(third, round(at_s * 1.3)) * 0.35
        )
        beams = np.clip(pattern - 0.22, 0, 1).astype(np.float32).take(self._angle)
        shift = int(self._drift * at_s) % self._bank.shape[1]
        columns = beams.shape[1]
        bank = self._bank[:, (np.arange(columns) + shift) % self._bank.shape[1]]
        light = (beams * self._fade * self._strength + bank * np.float32(0.34)) * np.float32(0.78 * 255)
        np.minimum(light, 250, out=light)
        for plane, goal in zip((target.y, target.u, target.v), self._goals, strict=True):
            height, width = plane.shape
            opacity = self._upscaler.plane(light, width, height)
            added = np.multiply(opacity, np.uint8(goal), dtype=np.uint16)
            np.add(added, 255, out=added)
            blend(plane, np.subtract(255, opacity, dtype=np.uint8), added)


class _Pollen:
    """Specks that float in the light; by night, fireflies."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "forest", "pollen")
        self._unit = setting.unit
        count = round(150 * setting.detail)
        self._specks = random.random((count, 5), dtype=np.float32)
        self._fireflies = setting.palette.light == "night"
        self._shade: Color = setting.palette["pollen"]
        grown = 2.0 if self._fireflies else 1.0
        self._small = Glow(3.0 * setting.unit * grown + 0.9, 0.15)
        self._large = Glow(8.0 * setting.unit * grown + 1.2, 0.05)

    def draw(self, target: Planes, at_s: float, travel: float) -> None:
        place, height, pace, phase, size = self._specks.T
        depth = 0.4 + size
        x = (
            place * target.width
            + np.sin(at_s * (0.3 + 0.5 * pace) + phase * 6.3) * 34 * self._unit
            - travel * depth * 0.9
        ) % target.width
        rise = (height - (0.004 + 0.016 * pace) * at_s) % 1
        y = (0.12 + 0.82 * rise) * target.height + np.sin(at_s * (0.7 + pace) + phase * 20) * 11 * self._unit
        beat = at_s * (1.1 + 1.6 * pace) + phase * 40
        shown = np.sin(beat) ** 6 if self._fireflies else 0.30 + 0.5 * np.sin(beat) ** 2
        x, y, shown = (values.astype(np.float32) for values in (x, y, shown * np.sin(np.pi * rise) ** 0.5))
        near = size > 0.8
        self._small.stamp(target, x[~near], y[~near], shown[~near], self._shade)
        self._large.stamp(target, x[near], y[near], shown[near] * np.float32(0.6), self._shade)
