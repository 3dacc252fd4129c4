"""Flowers that stand close to the eye: stems, leaves and heads, sharp or out of focus."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.scenes.blossoms import HEADS, leaf_blade
from nemo_widgets.local.picture.scenes.crops import crop_of, heart_of, shade_of
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting


def plant(setting: Setting, size: float, wide: int, high: int, count: int, random: np.random.Generator) -> Image.Image:
    """Draw a few plants that stand close: stems from the lower edge of the picture, leaves, heads.

    Parameters
    ----------
    setting : Setting
        Its palette says what they are.
    size : float
        Of a head, in pixels.
    wide, high : int
        Of the picture, in pixels.
    count : int
        How many.
    """
    kind, crop = crop_of(setting)
    dark, light = setting.palette.colors["grass"]
    fine = 2
    picture = Image.new("RGBA", (wide * fine, high * fine), (*rgb8(dark), 0))
    draw = ImageDraw.Draw(picture)
    foot = high * fine
    heads = []
    slots = np.linspace(0.24, 0.76, count) + random.normal(0, 0.05, count) if count > 1 else np.array([0.5])
    for place in random.permutation(slots).tolist():
        x = place * wide * fine
        top = (size * 0.62 + float(random.uniform(0.0, 0.32)) * (high - size)) * fine
        root = x + (0.5 - place) * wide * fine * 0.35
        bend = float(random.normal(0, 0.06)) * wide * fine
        stem = [
            (root + (x - root) * step**1.4 + bend * math.sin(math.pi * step), foot - (foot - top) * step)
            for step in np.linspace(0, 1, 24).tolist()
        ]
        thick = max(1.5, size * fine * {"sunflowers": 0.075, "tulips": 0.075, "lavender": 0.016}.get(kind, 0.034))
        _leaves(draw, kind, stem, size * fine, mix(dark, light, float(random.uniform(0.25, 0.75))), random)
        draw.line(stem, fill=(*rgb8(mix(dark, light, 0.55)), 255), width=round(thick), joint="curve")
        draw.line([(px - thick * 0.2, py) for px, py in stem], fill=(*rgb8(mix(dark, light, 0.85)), 255),
                  width=max(1, round(thick * 0.3)), joint="curve")  # fmt: skip
        heads.append((x, top))
    for x, top in sorted(heads, key=lambda head: head[1]):
        index = int(random.integers(8))
        head = crop.heads[int(random.integers(len(crop.heads)))]
        own = max(4, round(size * fine * float(random.uniform(0.82, 1.1))))
        stamp = HEADS[head](own, shade_of(setting, head, index), heart_of(setting, head), random)
        below = 0.72 if kind == "tulips" else 0.5
        picture.alpha_composite(stamp, (max(0, round(x - own / 2)), max(0, round(top - own * below + own * 0.22))))
    return picture.resize((wide, high), Image.Resampling.BOX)


def _leaves(
    draw: ImageDraw.ImageDraw,
    kind: str,
    stem: list[tuple[float, float]],
    size: float,
    tone: Color,
    random: np.random.Generator,
) -> None:
    """Draw the leaves along one stem."""
    count, long, broad, spread = {
        "tulips": (3, 2.6, 0.24, 0.42),
        "sunflowers": (5, 0.85, 0.30, 1.25),
        "lavender": (5, 0.42, 0.02, 0.7),
    }.get(kind, (5, 0.85, 0.055, 0.85))
    lowest = 0 if kind == "tulips" else 2
    for index in range(count):
        at = stem[min(len(stem) - 4, lowest + index * (1 if kind == "tulips" else 4))]
        way = 1 if index % 2 else -1
        own = size * long * float(random.uniform(0.75, 1.15))
        turn = way * spread * float(random.uniform(0.6, 1.2))
        leaf_blade(draw, at, turn, own, size * broad * 0.5, mix(tone, (0, 0, 0), float(random.uniform(0, 0.22))))


def blurred(picture: Image.Image, reach: float) -> Image.Image:
    """Return a picture out of focus; what is transparent does not darken its edges."""
    margin = round(reach * 2)
    grown = Image.new("RGBA", (picture.width + 2 * margin, picture.height + margin), (0, 0, 0, 0))
    grown.paste(picture, (margin, margin))
    pixels = np.asarray(grown).astype(np.float32)
    share = pixels[..., 3:] / np.float32(255)
    soft: list[Floats] = []
    for plane in (*np.moveaxis(pixels[..., :3] * share, -1, 0), pixels[..., 3]):
        layer = Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8))
        soft.append(np.asarray(layer.filter(ImageFilter.GaussianBlur(reach)), np.float32))
    alpha = soft[3]
    rgb = np.stack(soft[:3], -1) / np.maximum(alpha, 1)[..., None]
    return picture_of(np.clip(rgb, 0, 1), alpha / np.float32(255))
