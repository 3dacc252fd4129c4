"""The water itself: how light it is at each depth, the surface from below, the sand, and the shafts between them."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.caustics import Caustics
from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.noise import generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, blend, yuv, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.strip import Strip

_SCALE = 4
_ANGLES = 2048
_FLOOR = 0.72
"""Where the sand begins, far away, as a share of the height."""
_EYE = 0.44
"""The level of the eye, as a share of the height."""


class Light:
    """What the water itself looks like: its depth, the surface, the sand, and the shafts between them."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "underwater", "light")
        palette = setting.palette
        self._upscaler = Upscaler()
        rows, columns = max(4, setting.height // _SCALE), max(4, setting.width // _SCALE)
        unit = min(rows, columns)
        self._dark = palette.light == "night"
        light_x = float(random.uniform(0.22, 0.78)) * columns
        light_y = -float(random.uniform(0.20, 0.42)) * unit
        y = np.arange(rows, dtype=np.float32)[:, None]
        x = np.arange(columns, dtype=np.float32)[None, :]
        away_x, away_y = x - light_x, y - light_y
        distance = np.hypot(away_x, away_y) / unit
        beam = np.array(palette["beam"], np.float32)
        depth = np.clip(y / rows * 0.94 + 0.10 * np.abs(away_x / columns), 0, 1)
        rgb = ramp(palette.gradient("water"), depth)
        glow = np.exp(-((distance / 0.62) ** 2))[..., None]
        rgb += (beam - rgb) * glow * np.float32(0.42 if self._dark else 0.72)
        self._still = Planes.black(setting.width, setting.height)
        self._fields = yuv(np.clip(rgb, 0, 1))
        self._upscaler.paint(self._still, *self._fields)
        self._surface_rows = max(2, round(rows * 0.26))
        near = (np.float32(_EYE) - (np.arange(self._surface_rows, dtype=np.float32)[:, None] + 0.5) / rows) / _EYE
        across = (x - columns / 2) / np.float32(rows * _EYE)
        self._surface = Caustics(random, 1 / near, across, 0.62)
        fade = smoothstep(1.65, 1.0, 1 / near) * (0.30 + 0.70 * np.exp(-((distance[: self._surface_rows] / 0.75) ** 2)))
        self._surface_fade = (fade * (110 if self._dark else 185)).astype(np.float32)
        self._sand = _Sand(setting, self._fields, random)
        angle = np.arctan2(away_x, away_y)
        self._angle = ((angle / (2 * np.pi) + 0.5) * (_ANGLES - 1)).astype(np.int32)
        fall = np.exp(-np.clip(distance - 0.15, 0, 9) * np.float32(1.15)) * (0.25 + 0.75 * smoothstep(0, 0.3, y / rows))
        self._fade = (fall * (62 if self._dark else 98)).astype(np.float32)
        self._beams = [value_noise(random, 1, _ANGLES, 1, pitch)[0] for pitch in (46, 74, 150)]
        self._goals = [round(goal) for goal in yuv_of(palette["beam"])]

    def add(self, strip: Strip) -> None:
        """Draw a strip that does not move into the backdrop."""
        strip.draw(self._still, 0)

    def backdrop(self, target: Planes, at_s: float) -> None:
        """Paint the water, and the waves of the surface from below."""
        target.copy_from(self._still)
        rows = self._surface_rows
        net = self._surface.at(at_s * 1.6)
        np.clip(net - np.float32(0.10), 0, 1, out=net)
        net *= self._surface_fade
        y, u, v = (field[:rows] for field in self._fields)
        luma = np.minimum(y + net, 235)
        share = net * np.float32(1 / 330)
        band = target.band(0, rows * _SCALE // 2 * 2)
        tints = (
            plane + (np.float32(goal) - plane) * share for plane, goal in zip((u, v), self._goals[1:], strict=True)
        )
        self._upscaler.paint(band, luma, *tints)

    def ground(self, target: Planes, at_s: float, glide: float) -> None:
        """Paint the sand."""
        self._sand.draw(self._upscaler, target, at_s, glide)

    def shafts(self, target: Planes, at_s: float) -> None:
        """Lay the shafts of light over all that is behind them."""
        first, second, third = self._beams
        slow = at_s * 3.2
        pattern = _slid(first, slow) * _slid(second, -slow * 1.35) * np.float32(1.9)
        pattern += _slid(third, slow * 0.6) * _slid(first, -slow * 0.5) * np.float32(0.75)
        light = np.clip(pattern - np.float32(0.36), 0, 1).astype(np.float32).take(self._angle)
        light *= self._fade
        # Light is added, so what it falls on keeps its own contrast.
        added = self._upscaler.plane(light, target.width, target.height)
        np.minimum(target.y, np.subtract(235, added, dtype=np.uint8), out=target.y)
        np.add(target.y, added, out=target.y)


def _slid(line: Floats, offset: float) -> Floats:
    """Shift a line that wraps round, between two places if need be."""
    whole = int(np.floor(offset))
    part = np.float32(offset - whole)
    here = np.roll(line, whole)
    moved: Floats = here + (np.roll(here, 1) - here) * part
    return moved


class _Sand:
    """The ground between the reefs, rippled, with the net of light on it."""

    def __init__(self, setting: Setting, fields: tuple[Floats, Floats, Floats], random: np.random.Generator) -> None:
        self._top = round(setting.height * _FLOOR) // 8 * 8
        self._rows = max(2, (setting.height - self._top) // 2 // 2 * 2)
        columns = max(4, setting.width // 4 // 2 * 2)
        line = self._top + np.arange(self._rows, dtype=np.float32)[:, None] * 2 + 1
        eye = np.float32(0.62 * setting.height)
        away = np.float32(0.38 * setting.height) / (line - eye)
        across = (np.arange(columns, dtype=np.float32)[None, :] + 0.5) / columns - 0.5
        across = across * np.float32(setting.width / (0.38 * setting.height))
        self._net = Caustics(random, away, across, 0.55)
        clear = smoothstep(3.6, 1.0, away) * np.ones_like(across)
        sand = np.array(setting.palette["sand"], np.float32)
        night = setting.palette.light == "night"
        shore = [_grown(field, self._top, setting.height, self._rows, columns) for field in fields]
        goals = yuv(sand * np.float32(0.5 if night else 0.72))
        self._base = [
            plane + (np.float32(goal) - plane) * clear * np.float32(0.86)
            for plane, goal in zip(shore, goals, strict=True)
        ]
        self._shine = (clear * (70 if night else 105)).astype(np.float32)
        self._u, self._v = (np.ascontiguousarray(plane[::2, ::2]) for plane in self._base[1:])
        edge = max(2, round(0.10 * (setting.height - self._top)) // 2 * 2)
        rise = np.linspace(0, 255, edge, dtype=np.float32).astype(np.uint8)[:, None]
        self._rises = (rise, rise[::2])

    def draw(self, upscaler: Upscaler, target: Planes, at_s: float, glide: float) -> None:
        net = self._net.at(at_s, glide)
        net *= net
        net *= self._shine
        net += self._base[0]
        np.clip(net, 16, 235, out=net)
        band = target.band(self._top, self._top + self._rows * 2)
        fine, coarse = self._rises
        planes = ((band.y, net, fine), (band.u, self._u, coarse), (band.v, self._v, coarse))
        for plane, field, rise in planes:
            sand = upscaler.plane(field, plane.shape[1], plane.shape[0])
            edge = len(rise)
            # The far edge of the sand dissolves in the water.
            added = np.multiply(sand[:edge], rise, dtype=np.uint16)
            np.add(added, 255, out=added)
            blend(plane[:edge], np.broadcast_to(np.subtract(255, rise), added.shape), added)
            np.copyto(plane[edge:], sand[edge:])


def _grown(field: Floats, top: int, height: int, rows: int, columns: int) -> Floats:
    """Return the lower part of a small field, from the row `top` of the frame on, with so many rows and columns."""
    first = min(field.shape[0] - 1, round(top / height * field.shape[0]))
    part = Image.fromarray(np.ascontiguousarray(field[first:], np.float32))
    return np.asarray(part.resize((columns, rows), Image.Resampling.BILINEAR)).astype(np.float32)
