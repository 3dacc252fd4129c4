"""An airliner far off with its contrails."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.noise import clouds, generator
from nemo_widgets.local.picture.scenes.planes import Color, Planes, mix, picture_of
from nemo_widgets.local.picture.scenes.relief import Points, curve, light_on
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites

_FINE = 4
_BODY: Points = [
    (-0.50, 0.035), (-0.44, 0.050), (-0.25, 0.058), (0.0, 0.060), (0.30, 0.060), (0.42, 0.050), (0.485, 0.022),
    (0.497, 0.0), (0.475, -0.022), (0.40, -0.046), (0.20, -0.056), (-0.10, -0.056), (-0.30, -0.036), (-0.46, 0.012),
]  # fmt: skip
"""From the tail to the nose and back below: to the right, and up; it is one long."""


def airliner(size: float, paint: Color, tail: Color, sun: Color, way: float, lit: bool = False) -> Image.Image:
    """Draw one that flies to the right, `size` pixels long.

    Parameters
    ----------
    size : float
        Length in pixels.
    paint, tail : Color
        Of its body, and of its tail and stripe.
    sun : Color
        The light on it.
    way : float
        Where light comes from: from the right (1) or from the left (-1).
    lit : bool
        Whether there is light behind its windows.
    """
    width, height = max(8, round(size * 1.04)), max(6, round(size * 0.52))
    picture = Image.new("RGBA", (width * _FINE, height * _FINE), (*(round(part * 255) for part in paint), 0))
    draw = ImageDraw.Draw(picture)

    def at(points: Points) -> Points:
        return [(width * _FINE / 2 + x * size * _FINE, height * _FINE * 0.5 - y * size * _FINE) for x, y in points]

    def shade(rgb: Color) -> tuple[int, int, int, int]:
        red, green, blue = (round(min(1.0, part) * 255) for part in rgb)
        return red, green, blue, 255

    dull = mix(paint, (0.25, 0.30, 0.42), 0.45)
    # Behind the body: the far wing and the far stabiliser.
    draw.polygon(at([(0.10, 0.02), (-0.06, 0.20), (-0.11, 0.20), (-0.05, 0.02)]), fill=shade(dull))
    draw.polygon(at([(-0.40, 0.035), (-0.475, 0.095), (-0.505, 0.095), (-0.475, 0.035)]), fill=shade(dull))
    draw.polygon(at([(-0.335, 0.045), (-0.445, 0.215), (-0.505, 0.215), (-0.475, 0.040)]), fill=shade(tail))
    draw.polygon(at(curve(_BODY, 6)), fill=shade(paint))
    draw.line(at([(-0.42, 0.012), (0.40, 0.012)]), fill=shade(tail), width=max(1, round(size * 0.008 * _FINE)))
    panes = []
    for step in np.linspace(-0.36, 0.38, 38).tolist():
        ((x, y),) = at([(step, 0.026)])
        reach = size * 0.0042 * _FINE
        panes.append((x, y, reach))
        draw.ellipse((x - reach, y - reach * 1.3, x + reach, y + reach * 1.3), fill=shade((0.20, 0.26, 0.36)))
    draw.polygon(at([(0.452, 0.034), (0.474, 0.026), (0.464, 0.012), (0.44, 0.016)]), fill=shade((0.16, 0.20, 0.28)))
    draw.polygon(
        at([(0.135, -0.030), (-0.125, -0.185), (-0.185, -0.185), (-0.055, -0.040)]),
        fill=shade(mix(paint, (0.5, 0.55, 0.65), 0.25)),
    )
    for x, y in ((0.055, -0.085), (-0.055, -0.135)):
        draw.rounded_rectangle(
            (*at([(x - 0.01, y + 0.012)])[0], *at([(x + 0.085, y - 0.026)])[0]), size * 0.014 * _FINE, fill=shade(dull)
        )
    draw.polygon(
        at([(-0.40, 0.020), (-0.50, -0.025), (-0.535, -0.025), (-0.475, 0.024)]),
        fill=shade(mix(paint, (0.5, 0.55, 0.65), 0.2)),
    )
    small = picture.resize((width, height), Image.Resampling.BOX)
    pixels = np.asarray(small).astype(np.float32) / np.float32(255)
    light = light_on(small.getchannel("A"), size * 0.03, (0.35 * way, -0.8, 0.3))[..., None]
    pixels[..., :3] *= np.float32(0.42 * max(sun)) + np.clip(light * 1.2, 0, 1) * np.array(
        sun, np.float32
    ) * np.float32(0.8)
    flying = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    if lit:
        glass = Image.new("RGBA", picture.size, (255, 214, 140, 0))
        shine = ImageDraw.Draw(glass)
        for x, y, reach in panes:
            shine.ellipse(
                (x - reach * 1.2, y - reach * 1.6, x + reach * 1.2, y + reach * 1.6), fill=(255, 214, 140, 255)
            )
        flying.alpha_composite(glass.resize(flying.size, Image.Resampling.BOX))
    return flying


class Flight:
    """An airliner that crosses the sky.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; of the palette, ``sunlight``, ``trail`` and ``tail``.
    level : float
        How high it flies, as a share of the frame from the top.
    toward : float
        Whether light comes from the right (1) or from the left (-1).
    """

    def __init__(self, setting: Setting, level: float, toward: float) -> None:
        random = generator(setting.seed, "flight")
        palette, unit = setting.palette, setting.unit
        self._way = float(random.choice([-1, 1]))
        self._night = palette.light == "night"
        self._size = size = float(random.uniform(105, 165)) * unit
        sun = palette["sunlight"]
        if self._night:
            sun = mix(sun, (0.0, 0.0, 0.0), 0.5)
        plane = airliner(size, (0.96, 0.97, 0.99), palette["tail"], sun, toward * self._way, self._night)
        long, thick = max(8, round(size * 5.0)), max(4, round(size * 0.11))
        puffs = clouds(random, thick, long, 2, 34, 4)
        along = np.linspace(1, 0, long, dtype=np.float32)[None, :]
        across = np.abs(np.linspace(-1, 1, thick, dtype=np.float32))[:, None]
        spread = 0.30 + 0.55 * along
        body = np.clip(1 - (across / spread) ** 2, 0, 1) * (0.45 + 0.75 * puffs) * (1 - along) ** 1.3
        body *= np.clip((1 - np.linspace(0, 1, long, dtype=np.float32)[None, :]) * 30, 0, 1)
        shade = np.ones((thick, long, 1), np.float32) * np.array(palette["trail"], np.float32)
        trail = picture_of(shade, np.clip(body, 0, 1) * np.float32(0.35 if self._night else 0.8))
        if self._way < 0:
            plane, trail = (one.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for one in (plane, trail))
        self._plane, self._trail = Sprites([plane]), Sprites([trail])
        self._pace = 34 * unit
        self._start = float(random.uniform(0.22, 0.6))
        self._y = level * setting.height
        self._lamp = Glow(max(2.0, size * 0.07), 0.12)
        self._long = long

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay it over `target`."""
        margin = self._size * 0.6
        span = target.width + 2 * margin + self._long
        gone = (self._start * target.width + self._pace * at_s + margin) % span - margin
        x = gone if self._way > 0 else target.width - gone
        y = self._y - 0.002 * gone
        one = np.zeros(1, np.intp)

        def at(value: float) -> np.ndarray:
            return np.array([value], np.float32)

        behind = x - self._way * (self._size * 0.42 + self._long / 2)
        self._trail.stamp(target, at(behind), at(y + 0.03 * self._size), one)
        self._plane.stamp(target, at(x), at(y), one)
        if self._night:
            flash = float(np.exp(-((((at_s % 1.4) - 0.12) / 0.05) ** 2)))
            steady: Color = (0.4, 1.0, 0.5) if self._way > 0 else (1.0, 0.35, 0.3)
            self._lamp.stamp(target, at(x - self._way * 0.15 * self._size), at(y + 0.19 * self._size), at(0.8), steady)
            self._lamp.stamp(target, at(x), at(y + 0.05 * self._size), at(flash), (1.0, 1.0, 1.0))
