"""Fireworks over a harbour: shells burst above a skyline, light the smoke and the water, and a crowd looks on."""

import numpy as np

from nemo_widgets.local.picture.scenes.dots import light_dots, scatter
from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.ink import Ink
from nemo_widgets.local.picture.scenes.noise import clouds, generator
from nemo_widgets.local.picture.scenes.people import crowd
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, mix, yuv, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.shells import GOLD, RISE_S, Shell, Show
from nemo_widgets.local.picture.scenes.skyline import Row, draw_skyline
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.strip import Strip
from nemo_widgets.local.picture.scenes.water import Ripples

_SCALE = 4
_SHORE = 0.70
_HALO = 96
"""Half the side of the round halo that is kept ready, in pixels of the small fields."""
_WATER_Y = 2

_Fields = tuple[Floats, Floats, Floats]


class Fireworks:
    """A show of fireworks, seen from the quay across the water."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._shore = round(setting.height * _SHORE) // _SCALE * _SCALE
        random = generator(setting.seed, "fireworks")
        self._upscaler = Upscaler()
        self._air = _Air(setting, self._shore)
        self._show = Show(setting, self._shore)
        self._water = _Water(setting, self._shore)
        self._speed = 7 * setting.unit * float(random.choice([-1, 1]))
        self._towns = _towns(setting, self._shore)
        unit = setting.unit
        self._flash = Glow(40 * unit + 2, 0.05)
        self._screen = Glow(5 * unit + 1, 0.5)
        self._dot = 0.6 + 0.9 * unit
        self._star = 0.7 + 1.8 * unit
        high = max(8, round(170 * unit))
        mask, phones = crowd(setting.width, high, 34 * unit, random)
        self._crowd = Ink(mask, setting.palette["crowd"])
        self._crowd_top = setting.height - high
        places = np.array(phones or [(-99, -99)], np.float32)
        self._phones = places + np.array([0, self._crowd_top], np.float32)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        shells = self._show.at(at_s)
        sky = self._air.lit(shells)
        self._upscaler.paint(target.band(0, self._shore), *sky)
        for share, strip in self._towns:
            strip.draw(target, 400 * self._setting.unit + self._speed * share * at_s)
        self._air.reflect(sky, shells, target)
        self._water.draw(self._upscaler, target, sky, at_s)
        for shell, age, _ in shells:
            if age < 0:
                self._rising(target, shell, age + RISE_S)
            elif age < shell.kind.life_s + 0.4:
                self._burst(target, shell, age)
        self._crowd.lay(target, 0, self._crowd_top, 1.0)
        glow = np.full(len(self._phones), 0.85, np.float32)
        self._screen.stamp(target, self._phones[:, 0], self._phones[:, 1], glow, (0.75, 0.86, 1.0))

    def _burst(self, target: Planes, shell: Shell, age: float) -> None:
        unit = self._setting.unit
        sky = target.band(0, self._shore)
        x, y, bright = shell.stars(age, unit, 0.4 + 0.6 * self._setting.detail)
        hot = max(0.0, 1 - age / 0.35)
        for part, shade in zip((slice(shell.inner), slice(shell.inner, None)), reversed(shell.colors), strict=True):
            if not x[:, part].size:
                continue
            tint = mix(shade, (1, 1, 1), 0.06 + 0.6 * hot)
            light_dots(sky, x[1:, part].ravel(), y[1:, part].ravel(), bright[1:, part].ravel(), tint, self._dot)
            light_dots(sky, x[0, part], y[0, part], bright[0, part], mix(tint, (1, 1, 1), 0.2), self._star)
        if age < 0.25:
            spot = np.array([shell.x], np.float32), np.array([shell.y], np.float32)
            self._flash.stamp(sky, *spot, np.array([1 - age / 0.25], np.float32), mix(shell.colors[0], (1, 1, 1), 0.7))

    def _rising(self, target: Planes, shell: Shell, since_s: float) -> None:
        back = since_s - np.arange(26, dtype=np.float32) * np.float32(0.012)
        share = np.clip(back / np.float32(RISE_S), 0, 1)
        eased = 1 - (1 - share) ** 1.8
        x = shell.launch_x + (shell.x - shell.launch_x) * eased + np.sin(back * 23) * 1.6 * self._setting.unit
        y = self._shore + (shell.y - self._shore) * eased
        bright = np.linspace(0.8, 0, 26) * (back > 0) * min(1.0, (RISE_S - since_s) * 6)
        sky = target.band(0, self._shore)
        light_dots(sky, x.astype(np.float32), y.astype(np.float32), bright.astype(np.float32), GOLD, self._dot)


def _towns(setting: Setting, shore: int) -> list[tuple[float, Strip]]:
    palette, unit = setting.palette, setting.unit
    period = max(16, round(setting.width * 1.15 + 400 * unit) // 4 * 4)
    strips = []
    for name, share, tall, breadth, body, haze, lit, shine in (
        ("far", 0.5, 210, (34, 84), palette["far"], 0.6, 0.24, 0.5),
        ("near", 1.0, 132, (60, 150), palette["near"], 0.12, 0.30, 0.9),
    ):
        height = max(4, round(tall * 1.3 * unit) // 2 * 2)
        row = Row(
            f"harbour {name}",
            period,
            height,
            tall * unit,
            tall * 0.22 * unit,
            (breadth[0] * unit, breadth[1] * unit),
            body,
            palette["glow"],
            haze,
            lit,
            max(9 * unit, 5.0),
            shine,
        )
        skyline = draw_skyline(row, setting.seed, palette.colors["windows"], ())
        strips.append((share, Strip(skyline.picture, shore - height, skyline.air)))
    return strips


class _Air:
    """The sky at a quarter of the size, and the light that shells throw on it and on their smoke."""

    def __init__(self, setting: Setting, shore: int) -> None:
        random = generator(setting.seed, "fireworks", "sky")
        palette = setting.palette
        self._rows, self._columns = shore // _SCALE, setting.width // _SCALE
        self._unit = setting.unit / _SCALE
        y = np.linspace(0, 1, self._rows, dtype=np.float32)[:, None] * np.ones((1, self._columns), np.float32)
        rgb = ramp(palette.gradient("sky"), y**1.2)
        veil = clouds(random, self._rows, self._columns, 5, max(2, round(5 * self._columns / self._rows)), 5)
        rgb += (np.array(palette["glow"], np.float32) - rgb) * (np.clip(veil * 2 - 0.9, 0, 1) * (0.04 + 0.30 * y))[
            ..., None
        ]
        luma, u, v = yuv(np.clip(rgb, 0, 1))
        self._ground = luma, np.ascontiguousarray(u[::2, ::2]), np.ascontiguousarray(v[::2, ::2])
        across = (np.arange(-_HALO, _HALO, dtype=np.float32) + 0.5) / _HALO
        away = np.hypot(across[None, :], across[:, None])
        halo = (np.clip(1 - away, 0, 1) ** 2 / (1 + 14 * away * away)).astype(np.float32)
        lumps = clouds(random, 2 * _HALO, 2 * _HALO, 5, 5, 4)
        puff = np.clip(1.05 - away * 1.6 - (1 - lumps) * 0.55, 0, 1).astype(np.float32)
        self._halos, self._puffs = ((field, np.ascontiguousarray(field[::2, ::2])) for field in (halo, puff))
        self._wind = float(random.choice([-1, 1])) * 14 * self._unit
        # By day the sky outshines what a shell throws on it.
        self._glare = 0.4 if palette.light == "day" else 1.0
        self._setting = setting

    def lit(self, shells: list[tuple[Shell, float, float]]) -> _Fields:
        """Return the sky as the `shells` light it; its colour at half the size of its luma."""
        y, u, v = (plane.copy() for plane in self._ground)
        for shell, age, left in shells:
            if age < 0:
                continue
            x0, y0 = shell.x / _SCALE, shell.y / _SCALE
            smoke = min(1.0, age / 0.7) * left**1.3
            hot = float(np.exp(-age / 0.9)) * min(1.0, left * 6)
            puff_x, puff_y = x0 + self._wind * age, y0 + 8 * self._unit * age
            tint = yuv_of(mix(shell.colors[0], (0.55, 0.55, 0.6), 0.5 + 0.3 * (1 - hot)))
            shade = yuv_of(shell.colors[0])
            for plane, goal, light, step in zip((y, u, v), tint, shade, (1, 2, 2), strict=True):
                part, place = _cut(plane, _HALO // step, puff_x / step, puff_y / step)
                cloud = self._puffs[step - 1][part] * np.float32(smoke * (0.14 + 0.5 * hot))
                plane[place] += (np.float32(goal) - plane[place]) * cloud
                part, place = _cut(plane, _HALO // step, x0 / step, y0 / step)
                halo = self._halos[step - 1][part]
                if step == 1:
                    plane[place] += halo * np.float32((light - 16) * (0.04 + 0.72 * hot) * self._glare)
                else:
                    plane[place] += (
                        (np.float32(light) - plane[place]) * halo * np.float32(min(1.0, 0.05 + 1.1 * hot) * self._glare)
                    )
        np.minimum(y, 235, out=y)
        return y, u, v

    def reflect(self, sky: _Fields, shells: list[tuple[Shell, float, float]], target: Planes) -> None:
        """Add to the small picture of the `sky` what else the water mirrors: the town and each star as light."""
        y, u, v = sky
        for plane, drawn, step in zip(sky, (target.y, target.u, target.v), (_SCALE, _SCALE, _SCALE), strict=True):
            rows, columns = plane.shape
            top = round(rows * 0.6)
            plane[top:] = drawn[top * step + 1 : rows * step : step, 1::step][:, :columns]
        for shell, age, _ in shells:
            if not 0 <= age < shell.kind.life_s:
                continue
            setting = self._setting
            each = max(1, shell.kind.trail // 5)
            x, height, bright = (
                part[::each].ravel() for part in shell.stars(age, setting.unit, 0.4 + 0.6 * setting.detail)
            )
            luma, cb, cr = yuv_of(shell.colors[0])
            scatter([y], x / _SCALE, height / _SCALE, bright, [luma])
            tinge = bright * np.float32(self._glare**0.5)
            scatter([u, v], x / _SCALE / 2, height / _SCALE / 2, tinge, [cb, cr])
        for plane in sky:
            _soften(plane)


def _soften(plane: Floats) -> None:
    """Spread what is in a plane over its neighbours, upright most, in place: waves smear single stars into streaks."""
    across = plane[:, 1:] + plane[:, :-1]
    plane[:, 1:-1] *= np.float32(0.5)
    plane[:, 1:-1] += (across[:, 1:] + across[:, :-1]) * np.float32(0.125)
    for _ in range(2):
        down = plane[1:] + plane[:-1]
        np.add(down[1:], down[:-1], out=plane[1:-1])
        plane[1:-1] *= np.float32(0.25)


def _cut(plane: Floats, reach: int, x: float, y: float) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return which part of a square of twice `reach` about (`x`, `y`) lies in `plane`, and where."""
    left, top = round(x) - reach, round(y) - reach
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = max(x0, min(plane.shape[1], left + 2 * reach)), max(y0, min(plane.shape[0], top + 2 * reach))
    return (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)), (slice(y0, y1), slice(x0, x1))


class _Water:
    """The harbour: mirrors the small picture of what is above it, torn into streaks by its waves."""

    def __init__(self, setting: Setting, shore: int) -> None:
        random = generator(setting.seed, "fireworks", "water")
        self._shore = shore
        self._rows = shore // _SCALE
        rows, columns = max(4, (setting.height - shore) // _WATER_Y), setting.width // _SCALE
        near = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :] * np.float32(setting.width / setting.height)
        self._waves = Ripples(x * (2.4 - 1.4 * near), np.log1p(near * 9) * 24, random, 6)
        self._base = (1 - near) ** 1.25 * self._rows * np.float32(0.94)
        self._reach = (1.5 + 9 * near) * np.float32(min(setting.width, setting.height) / 1080)
        self._columns = columns
        self._x = np.arange(columns, dtype=np.int32)[None, :]
        self._shine = (0.86 - 0.30 * near).astype(np.float32)
        self._body = [goal * (1 - self._shine) for goal in yuv_of(setting.palette["water"])]

    def draw(self, upscaler: Upscaler, target: Planes, above: _Fields, at_s: float) -> None:
        """Fill the water of `target`."""
        height = self._waves.at(at_s)
        row = np.clip(self._base + height * self._reach, 0, self._rows - 1).astype(np.int32)
        aside = np.clip(self._x + np.roll(height, 5, axis=1) * self._reach * np.float32(0.22), 0, self._columns - 1)
        index = row * np.int32(self._columns) + aside.astype(np.int32)
        columns = above[1].shape[1]
        coarse = np.minimum(row[:, ::2] >> 1, above[1].shape[0] - 1) * np.int32(columns)
        coarse += np.minimum(aside[:, ::2].astype(np.int32) >> 1, columns - 1)
        y, u, v = (
            plane.reshape(-1).take(places) * self._shine + body
            for plane, places, body in zip(above, (index, coarse, coarse), self._body, strict=True)
        )
        y += height * (np.float32(1.5) + y * np.float32(0.035))
        np.clip(y, 16, 235, out=y)
        upscaler.paint(target.band(self._shore, target.height), y, u, v)
