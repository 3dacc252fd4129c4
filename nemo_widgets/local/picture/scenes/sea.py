"""The sea at sunset or by day: the waves mirror the sky, sun and all, and so make the shimmering path themselves."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.ink import Ink
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.palm import palm
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, mix, yuv, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.shore import berth, boats, islands, land_strip, wing_beats
from nemo_widgets.local.picture.scenes.strip import Strip
from nemo_widgets.local.picture.scenes.swell import Swell

_SCALE = 4
_BEATS = 12
_SAILING = 7.0
"""How fast boats move to the left, in units a second."""
_CLEAR_S = 10.0
"""For how long they stay off the islands."""


class Sea:
    """The sun over moving water, clouds in its light, a boat or two, islands and birds."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        random = generator(setting.seed, "sea")
        share = (
            float(random.uniform(0.50, 0.58)) if setting.width >= setting.height else float(random.uniform(0.46, 0.52))
        )
        self._horizon = round(setting.height * share) // 2 * 2
        self._upscaler = Upscaler()
        self._sky = _Sky(setting, self._horizon)
        unit, palette = setting.unit, setting.palette
        period = max(16, round(setting.width * 1.7) // 4 * 4)
        haze = mix(palette.colors["sky"][3], palette["cloud_dark"], 0.35)
        high = max(4, round(92 * unit) // 2 * 2)
        land = islands(period, high, random, int(random.integers(1, 4)))
        self._land = Strip(land_strip(land, high, mix(palette["shape"], haze, 0.45), haze), self._horizon - high)
        self._profile = land / _SCALE
        sky = (len(self._sky.rows), self._sky.columns)
        self._sea = Swell(setting, self._horizon, sky, float(self._profile.max()), self._sky.sun_x / self._sky.columns)
        self._shade = yuv_of(mix(palette["shape"], palette.colors["sky"][3], 0.25))
        self._way = float(random.choice([-1, 1]))
        self._palm: Ink | None = None
        if random.random() < 0.5:
            side = round(min(setting.width, setting.height) * 0.72)
            leaning = palm(side, random)
            self._mirrored = self._sky.sun_x < 0.5 * self._sky.columns
            self._palm = Ink(
                leaning.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self._mirrored else leaning, palette["shape"]
            )
        self._boats = self._fleet(land, random)
        self._flock = _Flock(setting, self._horizon)

    def _fleet(self, land: Floats, random: np.random.Generator) -> Strip:
        """Draw a boat or two where there is open sea about them."""
        setting = self._setting
        unit, palette, period = setting.unit, setting.palette, len(land)
        tall = max(12, round(280 * unit) // 4 * 4)
        shares = [(0.12, 0.88)] + ([(0.0, 1.0)] if random.random() < 0.6 else [])
        taken = land.copy()
        if self._palm is not None and setting.height - self._palm.height < self._horizon:
            width = round(self._palm.width * 0.88)
            left = setting.width - width if self._mirrored else 0
            taken[left : left + width] = tall
        places = []
        for index, (low, high) in enumerate(shares):
            size = float(random.uniform(70, 128) if index == 0 else random.uniform(34, 56)) * unit
            wished = random.uniform(low, high, 60) * (setting.width if index == 0 else period)
            room = size * 0.5 + 50 * unit
            x = berth(taken, wished, room + _CLEAR_S * (_SAILING + 2) * unit, room) or berth(taken, wished, room, room)
            if x is None:
                continue
            taken[np.arange(round(x - 3 * room), round(x + 3 * room)) % period] = tall
            places.append((x, size))
        sail = palette.colors.get("sail", (mix(palette["shape"], palette["halo"], 0.16),))[0]
        fleet = boats(period, tall, places, palette["shape"], sail)
        return Strip(fleet, self._horizon + round(7 * unit) - tall // 2)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        unit = self._setting.unit
        glide = self._way * 9 * unit * at_s
        y, u, v = self._sky.at(at_s)
        self._upscaler.paint(target.band(0, self._horizon), y, u, v)
        self._sky.spread_sun((y, u, v))
        land = self._land_at(glide)
        self._add_land((y, u, v), land)
        self._sea.paint(self._upscaler, target.band(self._horizon, target.height), (y, u, v), land, at_s)
        self._land.draw(target, glide)
        self._boats.draw(target, glide * 1.2 + _SAILING * unit * at_s)
        self._flock.draw(target, at_s)
        if self._palm is not None:
            sway = 3 * unit * np.sin(at_s * 0.7)
            beyond = round(12 * unit)
            left = target.width - self._palm.width + beyond if self._mirrored else -beyond
            self._palm.lay(target, round(left + sway), target.height - self._palm.height + round(4 * unit), 1.0)

    def _land_at(self, glide: float) -> Floats:
        """Return how high land is in each column of the sky, in rows of it."""
        x = (np.arange(self._sky.columns) * _SCALE + round(glide)) % len(self._profile)
        return self._profile[x].astype(np.float32)

    def _add_land(self, sky: tuple[Floats, Floats, Floats], land: Floats) -> None:
        rows = len(sky[0])
        up = np.arange(rows, 0, -1, dtype=np.float32)[:, None] - 0.5
        deepest = min(rows, int(self._profile.max()) + 2)
        covered = np.clip(land[None, :] - up[-deepest:] + 0.5, 0, 1)
        for plane, goal in zip(sky, self._shade, strict=True):
            plane[-deepest:] += (np.float32(goal) - plane[-deepest:]) * covered * np.float32(0.8)


class _Sky:
    """Gradient, sun and clouds, at a quarter of the size."""

    def __init__(self, setting: Setting, horizon: int) -> None:
        random = generator(setting.seed, "sea", "sky")
        palette = setting.palette
        count, self.columns = max(4, horizon // _SCALE), max(4, setting.width // _SCALE)
        unit = setting.unit / _SCALE * 1080
        self.rows = np.arange(count, dtype=np.float32)
        y, x = (self.rows / count)[:, None], (np.arange(self.columns, dtype=np.float32))[None, :]
        self.sun_x = float(random.uniform(0.3, 0.7)) * self.columns
        self._sun_up = float(random.uniform(0.085, 0.2)) * unit
        self._radius = float(random.uniform(0.056, 0.085)) * unit
        day = palette.light == "day"
        self._dim = palette.weather == "storm"
        self._edge = np.float32(not day)
        if day:
            # High up, it dazzles.
            self._sun_up = count * 0.94
        self._unit = unit
        sky = ramp(palette.gradient("sky"), y**0.9 * np.ones_like(x))
        self._ground = yuv(sky)
        self._sun = yuv(np.array(palette["sun"], np.float32))
        self._halo = yuv(np.array(palette["halo"], np.float32))
        self._veils = []
        for scale, low, high, pace in ((1.0, 0.46, 0.80, 1.0), (2.0, 0.50, 0.86, 1.7)):
            cover = float(random.uniform(-0.06, 0.08))
            puffs = clouds(random, count, self.columns * 2, max(3, round(6 * scale)), max(2, round(5 * scale)), 5)
            veil = smoothstep(low + cover, high + cover, puffs) * (0.35 + 0.6 * np.sin(np.pi * np.clip(y * 1.05, 0, 1)))
            edge = np.roll(veil, -max(1, round(0.012 * unit)), axis=0) - veil
            self._veils.append((veil.astype(np.float32), np.clip(edge, 0, 1).astype(np.float32), pace))
        lit, dark = np.array(palette["cloud_lit"], np.float32), np.array(palette["cloud_dark"], np.float32)
        near = np.exp(-np.hypot((x - self.sun_x) / (0.75 * unit), (y - 1) * count / (0.55 * unit)))
        clouded = yuv(dark + (lit - dark) * np.clip(near * 1.15 + (0.42 if day else 0.12), 0, 1)[..., None])
        self._rim = [np.float32(plane) for plane in yuv(lit)]
        self._cloud_over_rim = [(plane - rim).astype(np.float32) for plane, rim in zip(clouded, self._rim, strict=True)]
        self._drift = 0.0042 * unit * float(random.choice([-1, 1]))
        light, plain = self._clear(x, count)
        self._shine = (np.minimum(1, light * 1.6) * 0.9 * self._through).astype(np.float32)
        self._plain_over_rim = [plane - rim for plane, rim in zip(plain, self._rim, strict=True)]

    def _clear(self, x: Floats, count: int) -> tuple[Floats, list[Floats]]:
        """Return how bright the sun makes each place, and the sky without clouds."""
        unit = self._unit
        rows = self.rows[:, None]
        distance = np.hypot(x - self.sun_x, rows - (count - self._sun_up))
        # By day the sun dazzles, and its disc has no edge; storm clouds hide it.
        disk = np.clip((self._radius - distance) * 0.6 + 0.5, 0, 1) * self._edge
        light = np.maximum(np.exp(distance / (-0.20 * unit)) * 0.85, np.exp((rows - count) / (0.16 * unit)) * 0.28)
        hot = np.maximum(np.exp(distance / (-0.045 * unit)) * 0.9, disk)
        if self._dim:
            light, hot = light * 0.3, hot * 0
        planes = [ground + (halo - ground) * light for ground, halo in zip(self._ground, self._halo, strict=True)]
        self._spread = self._spread_over(x - self.sun_x, rows - (count - self._sun_up), hot, planes)
        planes = [ground + (sun - ground) * hot for ground, sun in zip(planes, self._sun, strict=True)]
        # The sun burns through the clouds before it: dimmed by them, it would look as if it wore a band.
        self._through = (1 - disk * 0.95).astype(np.float32)
        return light, [plane.astype(np.float32) for plane in planes]

    def _spread_over(
        self, aside: Floats, below: Floats, hot: Floats, planes: list[Floats]
    ) -> tuple[tuple[slice, slice], list[Floats]]:
        """Return the rows and columns about the sun, and what a soft column of light there adds to the sun itself."""
        reach = self._radius * 3.2
        rows = np.flatnonzero(np.abs(below[:, 0]) < 2 * reach)
        columns = np.flatnonzero(np.abs(aside[0]) < reach)
        part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        # It ends as softly as it begins: its own edge would be mirrored as steps.
        fall = np.hypot(aside, below / 2) / np.float32(reach)
        soft = np.clip(1 - fall * fall, 0, 1) ** 3 * np.float32(0.0 if self._dim else 0.75)
        more = np.where(fall < 1, np.maximum(soft, np.minimum(hot, 0.35)) - hot, 0)[part]
        suns = zip(self._sun, planes, strict=True)
        return part, [((sun - plane[part]) * more).astype(np.float32) for sun, plane in suns]

    def spread_sun(self, sky: tuple[Floats, Floats, Floats]) -> None:
        """Let the sun melt into a column of light, in place: so waves mirror it, which are no looking-glass."""
        part, more = self._spread
        for plane, added in zip(sky, more, strict=True):
            plane[part] += added

    def at(self, at_s: float) -> tuple[Floats, Floats, Floats]:
        """Return Y, U and V of the sky at `at_s` seconds."""
        # Each veil lays cloud and then its bright rim over what is behind; their shares are worked out for all planes.
        ground: Floats
        cloud: Floats
        ground, cloud = np.ones(1, np.float32), np.zeros(1, np.float32)
        for veil, edge, pace in self._veils:
            offset = self._drift * pace * at_s
            cover = _slide(veil, offset, self.columns)
            cover *= self._through
            dull = _slide(edge, offset, self.columns)
            dull *= self._shine
            np.subtract(1, dull, out=dull)
            cover *= dull
            kept = dull - cover
            ground, cloud = ground * kept, cloud * kept + cover
        y, u, v = (
            plain * ground + over * cloud + rim
            for plain, over, rim in zip(self._plain_over_rim, self._cloud_over_rim, self._rim, strict=True)
        )
        return y, u, v


def _slide(mask: Floats, offset: float, columns: int) -> Floats:
    """Cut a window out of a field that wraps round, between two columns if need be."""
    period = mask.shape[1]
    whole = int(np.floor(offset))
    part = np.float32(offset - whole)
    index = (np.arange(columns + 1) + whole) % period
    window = mask[:, index]
    slid: Floats = window[:, 1:] - window[:, :-1]
    slid *= part
    slid += window[:, :-1]
    return slid


class _Flock:
    """Birds far off, in a loose line."""

    def __init__(self, setting: Setting, horizon: int) -> None:
        random = generator(setting.seed, "sea", "birds")
        unit = setting.unit
        self._birds = [Ink(mask, setting.palette["shape"]) for mask in wing_beats(max(4.0, 15 * unit), _BEATS)]
        count = round(int(random.integers(5, 10)) * max(0.5, setting.detail))
        order = np.arange(count)
        self._x = order * 44 * unit + random.uniform(-12, 12, count) * unit
        self._y = np.abs(order - count // 2) * 15 * unit + random.uniform(-8, 8, count) * unit
        self._phase = random.uniform(0, _BEATS, count)
        self._way = float(random.choice([-1, 1]))
        self._start = float(random.uniform(0.1, 0.6)) * setting.width
        self._top = horizon * float(random.uniform(0.22, 0.5))
        self._pace = 52 * unit
        self._span = setting.width + 600 * unit

    def draw(self, target: Planes, at_s: float) -> None:
        travel = self._start + self._pace * at_s
        for x, y, phase in zip(self._x, self._y, self._phase, strict=True):
            beat = round(phase + at_s * 22 * (0.85 + 0.02 * phase)) % _BEATS
            place = (travel + x) % self._span - 300 * self._setting_margin(target)
            left = place if self._way > 0 else target.width - place
            lift = 5 * np.sin(at_s * 1.3 + phase)
            self._birds[beat].lay(target, round(left), round(self._top + y + lift), 0.88)

    @staticmethod
    def _setting_margin(target: Planes) -> float:
        return min(target.width, target.height) / 1080
