"""A field of flowers in perspective, drawn once."""

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.blossoms import HEADS
from nemo_widgets.local.picture.scenes.crops import Crop, crop_of, heart_of, shade_of
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Color, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.setting import Setting

_MASTER = 132
_VARIANTS = 5


class _Masters:
    """Heads drawn once, and shrunk to any size."""

    def __init__(self, setting: Setting, crop: Crop, random: np.random.Generator) -> None:
        self._heads: list[list[Image.Image]] = []
        count = len(setting.palette.colors["bloom"]) if len(crop.heads) == 1 else len(crop.heads)
        for index in range(count):
            head = crop.heads[index] if len(crop.heads) > 1 else crop.heads[0]
            shade, heart = shade_of(setting, head, index), heart_of(setting, head)
            tones = [mix(shade, (1, 1, 1), float(light)) for light in random.uniform(0, 0.12, _VARIANTS)]
            self._heads.append([HEADS[head](_MASTER, tone, heart, random) for tone in tones])
        self.count = count

    def at(self, size: int, haze: Color, share: float) -> list[list[Image.Image]]:
        """Return all heads at a size, seen through some haze."""
        return [[_hazed(head, size, haze, share) for head in heads] for heads in self._heads]


def _hazed(head: Image.Image, size: int, haze: Color, share: float) -> Image.Image:
    small = head.resize((size, size), Image.Resampling.BOX)
    if share < 0.02:
        return small
    alpha = small.getchannel("A")
    pale = Image.blend(small.convert("RGB"), Image.new("RGB", small.size, rgb8(haze)), share)
    pale.putalpha(alpha)
    return pale


def draw_bed(setting: Setting, horizon: int, margin: int, sun_x: float) -> Image.Image:
    """Draw the field from the horizon to the foot of the frame.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    horizon : int
        The row of the frame where it begins.
    margin : int
        How much wider than the frame it is on both sides, in pixels.
    sun_x : float
        Where the sun stands, in pixels from the left of the frame.
    """
    kind, crop = crop_of(setting)
    random = generator(setting.seed, "flowers", "bed")
    palette = setting.palette
    width, height = setting.width + 2 * margin, setting.height - horizon
    middle = margin + setting.width * float(random.uniform(0.3, 0.7))
    dark, light = palette.colors["grass"]
    air = mix(palette.colors["hill"][0], palette["halo"], 0.25)
    # Wild flowers grow in drifts.
    drifts = clouds(random, 64, 128, 3, 4, 4)
    picture = _ground(setting, crop, (width, height), middle, random)
    draw = ImageDraw.Draw(picture)
    masters = _Masters(setting, crop, random)
    y, last = 0.0, 0
    heads: list[list[Image.Image]] = []
    deepest = height + crop.size * height * (crop.high + 0.5)
    while y < deepest:
        size = crop.size * y
        step = max(1.0, crop.rank * size)
        y += step * float(random.uniform(0.92, 1.08))
        if size < 2.2:
            continue
        near = min(1.0, y / height)
        haze = 0.50 * (1 - near) ** 3
        if round(size) > last * 1.09 or not heads:
            last = max(2, round(size))
            heads = masters.at(last, air, haze)
        tone = mix(mix(dark, light, 0.30 + 0.40 * near), air, haze)
        _blades(draw, width, y, size * (0.75 if kind == "lavender" else 1.15), tone, crop, middle, random)
        count = max(1, round(width / (crop.spacing * max(2.2, size))))
        x = (np.arange(count) + random.uniform(0.05, 0.95, count)) / count * width
        lane = (x - middle) / y / crop.lane if crop.lane else np.zeros(count)
        part = lane - np.floor(lane)
        if crop.lane:
            keep = part > crop.path
        elif kind == "sunflowers":
            keep = np.ones(count, bool)
        else:
            depth = np.full(count, min(1.0, (y / height) ** 0.5))
            lush = drifts[(depth * 63).astype(int), (x / width * 127).astype(int)]
            keep = random.random(count) < 0.10 + 0.9 * smoothstep(0.28, 0.62, lush)
        lift = size * crop.high
        # A planted row is a mound: highest along its middle.
        mound = np.sin(np.pi * np.clip((part - crop.path) / (1 - crop.path), 0, 1)) if crop.lane else np.zeros(count)
        which = np.floor(lane).astype(int) % masters.count if crop.lane else random.integers(0, masters.count, count)
        tops = y - lift - mound * size * (0.7 if kind == "lavender" else 0.25) + random.normal(0, 0.14, count) * size
        variants = random.integers(0, _VARIANTS, count)
        half = last / 2
        for place, top, shade, variant, there in zip(
            x.tolist(), tops.tolist(), which.tolist(), variants.tolist(), keep.tolist(), strict=True
        ):
            if there:
                stamp = heads[shade][variant]
                picture.paste(stamp, (round(place - half), round(top - half)), stamp)
    return _sunlit(setting, picture, margin + sun_x)


def _sunlit(setting: Setting, picture: Image.Image, x: float) -> Image.Image:
    """Let low light lie on the far part of the field, below the sun."""
    share = {"day": 0.10, "dusk": 0.55, "night": 0.16}[setting.palette.light]
    width, height = picture.size
    down = np.arange(height, dtype=np.float32)[:, None] / height
    aside = (np.arange(width, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(height)
    glow = np.exp(-((down / 0.55) ** 2) - np.abs(aside) * np.float32(1.1)) * np.float32(share)
    rgb = np.asarray(picture)[..., :3].astype(np.float32) / np.float32(255)
    light = np.array(setting.palette["halo"], np.float32)
    # What is bright already takes most of the light.
    rgb += light * glow[..., None] * (0.25 + rgb.mean(axis=2, keepdims=True))
    return picture_of(np.clip(rgb, 0, 1), np.ones((height, width), np.float32))


def _ground(
    setting: Setting, crop: Crop, size: tuple[int, int], middle: float, random: np.random.Generator
) -> Image.Image:
    """Paint what lies between and behind the flowers: grass or earth, and far away their colours in a haze."""
    width, height = size
    palette = setting.palette
    dark, light = (np.array(shade, np.float32) for shade in palette.colors["grass"])
    soil = np.array(palette["soil"], np.float32)
    air = np.array(mix(palette.colors["hill"][0], palette.colors["hill"][1], 0.5), np.float32)
    y = (np.arange(height, dtype=np.float32) + 0.5)[:, None]
    near = y / height
    grain = clouds(random, height, width, 60, max(8, round(40 * width / height)), 3)
    broad = clouds(random, height, width, 5, max(3, round(3 * width / height)), 4)
    rgb = dark + (light - dark) * np.clip(grain * 0.9 + 0.25 * broad - 0.15, 0, 1)[..., None]
    shades = [np.array(shade, np.float32) for shade in palette.colors["bloom"]]
    specks = random.random((height, width), dtype=np.float32)
    if crop.lane:
        x = np.arange(width, dtype=np.float32)[None, :]
        lane = (x - np.float32(middle)) / y / np.float32(crop.lane)
        number = np.floor(lane).astype(np.int32)
        part = lane - number
        planted = smoothstep(crop.path * 0.75, crop.path * 1.2, part) * smoothstep(1.0, 0.92, part)
        color = np.stack(shades)[number % len(shades)]
        earth = soil * (0.75 + 0.5 * grain)[..., None]
        rgb = earth + (rgb - earth) * np.maximum(planted, 0.25)[..., None]
        share = planted * np.clip(1.1 - near * 2.2, 0.25, 0.85) * (0.55 + 0.6 * (specks > 0.4))
        shade_side = 1 - 0.40 * np.clip(part - 0.55, 0, 1) * planted
        rgb = rgb * shade_side[..., None]
        rgb += (color * (0.75 + 0.35 * grain)[..., None] - rgb) * np.clip(share, 0, 1)[..., None]
    else:
        blob = smoothstep(0.30, 0.72, broad)
        share = (specks < 0.35 + 0.5 * blob) * np.clip(1.0 - near * 3.5, 0, 0.85)
        pick = (random.random((height, width), dtype=np.float32) * len(shades)).astype(np.int32)
        rgb += (np.stack(shades)[pick] - rgb) * share[..., None].astype(np.float32)
    rgb *= (1.04 - 0.34 * near)[..., None]
    haze = (0.55 * (1 - near) ** 9)[..., None]
    rgb += (air - rgb) * haze.astype(np.float32)
    return picture_of(np.clip(rgb, 0, 1), np.ones((height, width), np.float32))


def _blades(
    draw: ImageDraw.ImageDraw,
    width: int,
    y: float,
    long: float,
    tone: Color,
    crop: Crop,
    middle: float,
    random: np.random.Generator,
) -> None:
    """Draw the leaves and stems below one rank of heads."""
    count = round(width / max(3.0, long * 0.30))
    x = random.uniform(0, width, count)
    if crop.lane:
        part = (x - middle) / y / crop.lane
        part -= np.floor(part)
        x = x[part > crop.path * 0.9]
    lean = random.normal(0, 0.22, len(x)) * long
    tall = long * random.uniform(0.45, 1.05, len(x))
    tones = random.uniform(-0.32, 0.20, len(x))
    half = max(0.6, long * 0.035)
    for left, bend, high, depth in zip(x.tolist(), lean.tolist(), tall.tolist(), tones.tolist(), strict=True):
        shade = mix(tone, (1, 1, 0.7), depth) if depth > 0 else mix(tone, (0, 0, 0), -depth)
        if long < 9:
            draw.line([(left, y), (left + bend, y - high)], fill=(*rgb8(shade), 255), width=1)
            continue
        knee = (left + bend * 0.4, y - high * 0.6)
        draw.polygon(
            [(left, y + long * 0.5), (left - half, y), (knee[0] - half, knee[1]), (left + bend, y - high),
             (knee[0] + half, knee[1]), (left + half, y)],
            fill=(*rgb8(shade), 255),
        )  # fmt: skip
