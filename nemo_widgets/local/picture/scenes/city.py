"""A city on the water, by night or by day: skylines in parallax, traffic, all of it mirrored in the waves."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.field import Upscaler, ramp
from nemo_widgets.local.picture.scenes.moon import Glitter, Moon
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix, rgb8, yuv, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.skyline import Lights, Row, draw_skyline
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING, Strip
from nemo_widgets.local.picture.scenes.water import Mirror
from nemo_widgets.local.picture.together import together

_SHORE = 0.715
"""Where the water begins, as a share of the height."""
_SKY_SCALE = 4
_SQUEEZE = (1.45, 3.35)
"""How many rows of the city one row of water shows, at the shore and at the foot: there, the whole moon."""


class City:
    """A city, seen across the water from something that glides along."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._shore = round(setting.height * _SHORE) // 2 * 2
        random = generator(setting.seed, "city")
        self._speed = 46 * setting.unit * float(random.choice([-1, 1])) * float(random.uniform(0.85, 1.2))
        self._start = float(random.uniform(0, 4000)) * setting.unit
        self._day = setting.palette.light == "day"
        moon = Moon(setting, self._shore, _SKY_SCALE)
        self._sky = _Sky(setting, self._shore, moon)
        rows = _rows(setting, self._shore)
        palette = setting.palette

        def built(row: Row) -> tuple[Lights, Strip]:
            signs = palette.colors["neon"] if row.name != "far" and not self._day else ()
            skyline = draw_skyline(row, setting.seed, palette.colors["windows"], signs)
            return skyline.lights, Strip(skyline.picture, self._shore - row.height, skyline.air)

        parts = together((setting, "skylines"), [partial(built, row) for row in rows])
        self._skylines = [(share, *part) for share, part in zip((0.22, 0.5, 1.0), parts, strict=True)]
        self._traffic = _Traffic(setting, self._shore)
        self._water = Mirror(
            setting.width,
            setting.height,
            self._shore,
            random,
            _SQUEEZE,
            yuv_of(palette["water"] if self._day else mix(palette["near"], palette.colors["sky"][1], 0.55)),
        )
        depth = setting.height - self._shore
        self._glitter = Glitter(setting, moon.x, self._shore + self._water.row_of(moon.y), depth * 0.42)
        self._blink = Glow(5 * setting.unit + 1.5, 0.25)
        self._pane = Glow(3.2 * setting.unit + 1, 0.5)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        travel = self._start + self._speed * at_s
        self._sky.draw(target, at_s)
        for share, lights, strip in self._skylines:
            strip.draw(target, travel * share)
            if not self._day:
                self._blinking(target, lights, strip, travel * share, at_s)
        self._traffic.draw(target, travel * 1.15, at_s)
        self._water.draw(target, at_s)
        if "moon" in self._setting.palette.colors:
            self._glitter.draw(target, at_s)

    def _blinking(self, target: Planes, lights: Lights, strip: Strip, travel: float, at_s: float) -> None:
        windows = lights.windows[: round(len(lights.windows) * self._setting.detail)]
        order = np.arange(len(windows), dtype=np.float32)
        on = smoothstep(0.2, 0.5, np.sin(at_s * (0.5 + 0.5 * np.modf(order * 0.618)[0]) + order * 2.4))
        x = (windows[:, 0] - travel) % strip.period
        shades = self._setting.palette.colors["windows"]
        self._pane.stamp(target, x, windows[:, 1] + strip.top, on * np.float32(0.9), shades[0])
        masts = lights.masts
        pulse = np.clip(np.sin(at_s * 3.1 + np.arange(len(masts)) * 1.7), 0, 1).astype(np.float32)
        x = (masts[:, 0] - travel) % strip.period
        self._blink.stamp(target, x, masts[:, 1] + strip.top, pulse, (1.0, 0.18, 0.14))


def _rows(setting: Setting, shore: int) -> tuple[Row, Row, Row]:
    palette, unit = setting.palette, setting.unit
    tall = min(shore * 0.92, 790 * unit + max(0, setting.height - setting.width) * 0.2)
    far, near, glow = palette["far"], palette["near"], palette["glow"]

    def row(
        name: str,
        tallest: float,
        lowest: float,
        breadth: tuple[float, float],
        body: Color,
        haze: float,
        lit: float,
        window: float,
        least: float,
        shine: float,
    ) -> Row:
        height = round(min(shore, tallest * 1.25)) // 2 * 2
        period = max(16, round(setting.width * 1.12 + 260 * unit) // 4 * 4)
        storey = max(window * unit, least)
        walls = palette.colors.get("walls", ())
        return Row(name, period, max(4, height), tallest, lowest, breadth, body, glow, haze, lit, storey, shine, walls)

    middle = mix(far, near, 0.6)
    return (
        row("far", tall * 0.62, tall * 0.16, (40 * unit, 92 * unit), far, 0.62, 0.32, 9, 5.0, 0.5),
        row("middle", tall * 0.86, tall * 0.12, (58 * unit, 130 * unit), middle, 0.30, 0.35, 10, 5.5, 0.8),
        row("front", tall * 0.56, tall * 0.06, (90 * unit, 190 * unit), near, 0.08, 0.34, 12, 6.0, 1.0),
    )


class _Sky:
    """Gradient, glow over the roofs, stars, a moon, and clouds that drift."""

    def __init__(self, setting: Setting, shore: int, moon: Moon) -> None:
        self._shore = shore
        self._moon = moon
        self._upscaler = Upscaler()
        random = generator(setting.seed, "city", "sky")
        palette, unit = setting.palette, setting.unit
        rows, columns = max(2, shore // _SKY_SCALE), max(2, setting.width // _SKY_SCALE)
        y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        x = np.linspace(0, 1, columns, dtype=np.float32)[None, :]
        rgb = ramp(palette.gradient("sky"), (y**1.25) * np.ones_like(x))
        glow = np.array(palette["glow"], np.float32)
        middle = float(random.uniform(0.25, 0.75))
        warmth = np.exp(-(((x - middle) / 0.42) ** 2) - ((1 - y) / 0.34) ** 2) * np.float32(0.55)
        rgb += (glow - rgb) * warmth[..., None]
        halo = moon.halo(rows, columns)[..., None]
        rgb += (np.array(palette.colors.get("moon", ((1.0, 1.0, 1.0),))[0], np.float32) - rgb) * halo
        self._base = yuv(np.clip(rgb, 0, 1))
        puffs = clouds(random, rows, columns * 2, 5, 7, 5)
        self._day = palette.light == "day"
        self._lit = yuv_of(mix(palette["glow"], palette.colors["sky"][2], 0.45))
        self._shaded: Floats | None = None
        if self._day:
            bright, dull = palette.colors["cloud"]
            thick = smoothstep(0.46, 0.66, puffs)
            self._clouds = thick * (0.95 - 0.35 * y).astype(np.float32)
            # Below their bright tops clouds are grey.
            under = np.roll(puffs, max(1, rows // 22), axis=0) - np.roll(puffs, -max(1, rows // 40), axis=0)
            self._shaded = (np.clip(0.5 + under * 3.4, 0, 1) * self._clouds).astype(np.float32)
            self._lit = yuv_of(bright)
            self._under = [low - high for low, high in zip(yuv_of(dull), self._lit, strict=True)]
        else:
            veil = smoothstep(0.42, 0.85, puffs)
            self._clouds = veil * (0.10 + 0.45 * y**1.2).astype(np.float32)
        count = round(170 * setting.width / (1920 * unit))
        self._stars = random.random((count, 2), dtype=np.float32) * np.array([setting.width, shore * 0.72], np.float32)
        fade = 1 - self._stars[:, 1] / np.float32(shore * 0.72)
        self._brightness = (random.random(count, dtype=np.float32) ** 2.5 * 0.85 + 0.1) * (0.25 + 0.75 * fade)
        self._star = Glow(1.3 * unit + 0.9, 0.1)
        self._columns = setting.width
        self._painted: tuple[int, Planes, Floats] | None = None
        self._drift = 2.2 * unit * float(random.choice([-1, 1]))

    def draw(self, target: Planes, at_s: float) -> None:
        # Clouds move by half pixels, as strips do, and so slowly that most of them serve for several frames.
        steps = round(self._drift * at_s * _SKY_SCALE * 2)
        if self._painted is None or self._painted[0] != steps:
            self._painted = (steps, *self._paint(steps / (_SKY_SCALE * 2) % self._clouds.shape[1]))
        sky = target.band(0, self._shore)
        sky.copy_from(self._painted[1])
        veil = self._painted[2]
        if self._day:
            self._moon.draw(sky, veil)
            return
        twinkle = 0.72 + 0.28 * np.sin(at_s * 2.3 + np.arange(len(self._stars)) * 2.1)
        self._star.stamp(
            sky,
            self._stars[:, 0],
            self._stars[:, 1],
            (self._brightness * twinkle).astype(np.float32),
            (0.95, 0.97, 1.0),
        )
        self._moon.draw(sky, veil)

    def _paint(self, shift: float) -> tuple[Planes, Floats]:
        """Return the sky without stars and moon, its clouds moved by `shift` points, and how thick they are."""
        columns = self._base[0].shape[1]
        whole = int(shift)
        part = np.float32(shift - whole)
        index = (np.arange(columns + 1) + whole) % self._clouds.shape[1]
        veil = _between(self._clouds, index, part)
        y, u, v = (base + (lit - base) * veil for base, lit in zip(self._base, self._lit, strict=True))
        if self._shaded is not None:
            shade = _between(self._shaded, index, part)
            y, u, v = (plane + np.float32(goal) * shade for plane, goal in zip((y, u, v), self._under, strict=True))
        return self._upscaler.planes(self._columns, self._shore, y, u, v), veil


def _between(field: Floats, index: NDArray[np.intp], part: np.floating) -> Floats:
    """Look at the columns `index` of a field, each blended with the next."""
    window = field[:, index]
    seen: Floats = window[:, :-1] * (1 - part) + window[:, 1:] * part
    return seen


class _Traffic:
    """A shore road: by night lamps, headlights one way and tail lights the other; by day cars."""

    def __init__(self, setting: Setting, shore: int) -> None:
        unit = setting.unit
        random = generator(setting.seed, "city", "traffic")
        self._height = max(4, round(46 * unit) // 2 * 2)
        self._road_height = max(2, round(18 * unit))
        self._period = max(16, round(setting.width * 1.3) // 4 * 4)
        self._top = shore - self._height
        self._strip = Strip(self._road(setting), self._top)
        count = round(30 * setting.detail * max(1.0, setting.width / (1920 * unit)))
        self._place = (random.random((2, count)) * self._period).astype(np.float32)
        self._pace = (random.uniform(120, 210, (2, count)) * unit).astype(np.float32)
        self._head = Glow(4.6 * unit + 1.2, 0.15, 2.6)
        self._margin = np.float32(24 * unit + 6)
        self._core = Glow(2 * unit + 0.8, 0.4, 1.6)
        self._cars: Sprites | None = None
        if setting.palette.light == "day":
            paints = setting.palette.colors["cars"]
            self._cars = Sprites([_car(max(4, round(19 * unit)), paint) for paint in paints])
            self._which = generator(setting.seed, "city", "cars").integers(0, len(paints), (2, count))

    def _road(self, setting: Setting) -> Image.Image:
        scale = OVERSAMPLING
        near = setting.palette["near"]
        picture = Image.new("RGBA", (self._period * scale, self._height * scale), (*rgb8(near), 0))
        draw = ImageDraw.Draw(picture)
        wall = (self._height - self._road_height) * scale
        count = max(2, round(self._period / (150 * setting.unit)))
        post = max(1.0, 1.2 * setting.unit * scale)
        lamp = _lamp(max(2, round(17 * setting.unit)) * scale, setting.palette["windows"])
        for x in (np.arange(count) * picture.width / count).tolist():
            draw.rectangle((x - post / 2, lamp.height / 2, x + post / 2, wall), fill=(*rgb8(near), 255))
            if setting.palette.light == "day":
                continue
            picture.alpha_composite(lamp, (round(min(max(0, x - lamp.width / 2), picture.width - lamp.width)), 0))
        draw.rectangle((0, wall, picture.width, picture.height), fill=(*rgb8(mix(near, (0, 0, 0), 0.3)), 255))
        rail = max(1, round(1.4 * setting.unit * scale))
        edge = mix(near, setting.palette["glow"], 0.35)
        draw.rectangle((0, wall, picture.width, wall + rail), fill=(*rgb8(edge), 255))
        return picture

    def draw(self, target: Planes, travel: float, at_s: float) -> None:
        self._strip.draw(target, travel)
        for lane, shade in enumerate(((1.0, 0.95, 0.8), (1.0, 0.16, 0.12))):
            way = 1 if lane == 0 else -1
            x = (self._place[lane] + way * self._pace[lane] * np.float32(at_s) - travel) % self._period
            y = np.full_like(x, self._top + self._height - self._road_height * (0.72 - 0.4 * lane))
            if self._cars is not None:
                self._cars.stamp(target, x, y, self._which[lane])
                continue
            # Glows that reach over the edge are not drawn; they fade before, so that none pops in.
            shown = np.clip((np.minimum(x, target.width - x) - self._margin) / self._margin, 0, 1)
            self._head.stamp(target, x, y, shown * np.float32(0.75), shade)
            self._core.stamp(target, x, y, shown, mix(shade, (1, 1, 1), 0.4))


def _car(length: int, paint: Color) -> Image.Image:
    """Draw a car from afar: body, cabin, wheels."""
    fine = 4
    wide, high = length * fine, round(length * 0.42) * fine
    picture = Image.new("RGBA", (wide, high), (*rgb8(paint), 0))
    draw = ImageDraw.Draw(picture)
    body, glass = (*rgb8(paint), 255), (*rgb8(mix(paint, (0.12, 0.16, 0.2), 0.75)), 255)
    draw.polygon([(wide * 0.2, high * 0.5), (wide * 0.32, 0), (wide * 0.7, 0), (wide * 0.84, high * 0.5)], fill=glass)
    draw.rounded_rectangle((0, high * 0.42, wide, high * 0.86), high * 0.16, fill=body)
    for x in (0.22, 0.78):
        reach = high * 0.2
        draw.ellipse((wide * x - reach, high - 2 * reach, wide * x + reach, high), fill=(20, 22, 26, 255))
    return picture.resize((length, high // fine), Image.Resampling.BOX)


def _lamp(size: int, shade: Color) -> Image.Image:
    """Draw the glow of a street lamp."""
    y, x = np.mgrid[:size, :size].astype(np.float32) / size * 2 - 1
    fade = np.clip(1 - np.hypot(x, y), 0, 1)
    pixels = np.empty((size, size, 4), np.uint8)
    pixels[..., :3] = rgb8(mix(shade, (1, 1, 1), 0.25))
    pixels[..., 3] = (np.clip(fade**2 * 1.1, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels)
