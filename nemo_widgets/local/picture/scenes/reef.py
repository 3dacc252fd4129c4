"""A reef as strips for parallax: ridges of rock, corals along them, and kelp."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from nemo_widgets.local.picture.scenes.corals import CORALS, rock
from nemo_widgets.local.picture.scenes.leaves import paste_round
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats, mix, picture_of, rgb8
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING


def ridge(period: int, random: np.random.Generator, bumps: int) -> Floats:
    """Return a line of hills that tiles, 0 to 1, one value a pixel."""
    low = value_noise(random, 1, period, 1, bumps)[0]
    line = low * 0.68 + value_noise(random, 1, period, 1, bumps * 3)[0] * 0.22
    line += value_noise(random, 1, period, 1, bumps * 9)[0] * 0.10
    hills: Floats = (line - line.min()) / max(1e-6, float(line.max() - line.min()))
    return hills


def cliffs(period: int, height: int, shade: Color, air: Color, random: np.random.Generator, bumps: int) -> Image.Image:
    """Draw distant reefs as a strip: steep rocks with knobbly tops, fading away towards their feet."""
    line = ridge(period, random, bumps)
    walls = smoothstep(0.30, 0.62, line) * (0.55 + 0.45 * ridge(period, random, bumps * 2))
    knobs = np.abs(value_noise(random, 1, period, 1, bumps * 9)[0] - 0.5) * 2
    knobs = 1 - 0.7 * knobs + 0.3 * value_noise(random, 1, period, 1, bumps * 30)[0]
    tall = (0.10 + 0.16 * line + 0.62 * walls) * (0.93 + 0.07 * knobs)
    up = np.arange(height, 0, -1, dtype=np.float32)[:, None] - 0.5
    alpha = np.clip(tall[None, :] * height - up + 0.5, 0, 1)
    alpha *= smoothstep(0.0, 0.22, up / height)
    columns = max(6, round(18 * period / height))
    relief = (
        value_noise(random, height, period, 7, columns) * 0.6 + clouds(random, height, period, 14, columns, 3) * 0.4
    )
    below = np.clip((tall[None, :] - up / height) * 7, 0, 1)
    rgb = np.array(shade, np.float32) * ((0.80 + 0.34 * relief) * (1.16 - 0.22 * below))[..., None]
    fade = (1 - up / height)[..., None] ** 0.9 * np.float32(0.8)
    picture = picture_of(np.clip(rgb + (np.array(air, np.float32) - rgb) * fade, 0, 1), alpha.astype(np.float32))
    # Haze hides what finer drawing would show.
    return picture.resize((period * OVERSAMPLING, height * OVERSAMPLING), Image.Resampling.BILINEAR)


def garden(
    period: int,
    height: int,
    size: float,
    shades: tuple[Color, ...],
    air: Color,
    haze: float,
    random: np.random.Generator,
    line: Floats,
    sunk: float,
) -> Image.Image:
    """Draw a strip of corals that grow over rocks.

    Parameters
    ----------
    period, height : int
        Size of the strip in pixels.
    size : float
        Of a usual coral, in pixels.
    shades : tuple of Color
        Their colours under full light.
    air : Color
        The water before them.
    haze : float
        How much of that lies before them, 0 to 1.
    line : NDArray[np.float32]
        How high the ground is along the strip, in pixels.
    sunk : float
        How much of its foot the sand covers, as a share of `size`.
    """
    scale = OVERSAMPLING
    picture = Image.new("RGBA", (period * scale, height * scale), (*rgb8(mix(shades[0], air, haze)), 0))
    _ground(picture, line, mix(shades[-1], (0.05, 0.07, 0.09), 0.72), random)
    weights = np.array([often for _, _, often in CORALS])
    for rank in range(3):
        # Those behind stand on the ridge; those before them are lower and hide their feet.
        count = round(period / size * (1.5 if rank else 1.25))
        for x in np.sort(random.uniform(0, period, count)).tolist():
            ground = float(line[int(x) % period])
            if ground < size * 0.10:
                continue
            draw, share, _ = CORALS[int(random.choice(len(CORALS), p=weights / weights.sum()))]
            own = max(6, round(size * share * float(random.uniform(0.55, 1.2)) * (1.1 - 0.18 * rank) * scale))
            shade = shades[int(random.integers(len(shades) - 1))]
            shade = mix(shade, (0, 0, 0), float(random.uniform(0.0, 0.16)) + 0.10 * (2 - rank))
            stamp = draw(own, shade, random)
            if random.random() < 0.5:
                stamp = stamp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            foot = height - ground * (1 - rank * 0.34) + size * 0.10
            paste_round(picture, stamp, x * scale - stamp.width / 2, foot * scale - stamp.height)
    for x in random.uniform(0, period, round(period / size * 0.7)).tolist():
        ground = float(line[int(x) % period])
        stamp = rock(max(6, round(size * float(random.uniform(0.5, 1.0)) * scale)), shades[-1], random)
        paste_round(picture, stamp, x * scale - stamp.width / 2, (height - ground * 0.16) * scale - stamp.height * 0.75)
    if sunk:
        _bury(picture, round(size * sunk * scale), random)
    return _through(picture, air, haze)


def _bury(picture: Image.Image, deep: int, random: np.random.Generator) -> None:
    """Let the foot of a strip vanish in drifts of sand, in place."""
    width, height = picture.size
    drift = value_noise(random, 1, width, 1, max(3, width // (deep * 3 + 1)))[0]
    drift = drift * 0.75 + 0.25 * value_noise(random, 1, width, 1, max(3, width // (deep + 1)))[0]
    up = np.arange(height, 0, -1, dtype=np.float32)[:, None]
    left = np.clip((up - drift[None, :] * deep) / (0.16 * deep + 1), 0, 1) * 255
    veil = Image.fromarray(left.astype(np.uint8))
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), veil))


def _ground(picture: Image.Image, line: Floats, shade: Color, random: np.random.Generator) -> None:
    width, height = (side // OVERSAMPLING for side in picture.size)
    up = np.arange(height, 0, -1, dtype=np.float32)[:, None] - 0.5
    alpha = np.clip(line[None, :] - up + 0.5, 0, 1).astype(np.float32)
    relief = clouds(random, height, width, 8, max(8, round(10 * width / height)), 5)
    depth = np.clip((line[None, :] - up) / max(1.0, float(line.max())), 0, 1)
    rgb = np.array(shade, np.float32) * ((0.55 + 0.9 * relief) * (1.15 - 0.6 * depth))[..., None]
    picture.alpha_composite(picture_of(np.clip(rgb, 0, 1), alpha).resize(picture.size, Image.Resampling.BILINEAR))


def _through(picture: Image.Image, air: Color, haze: float) -> Image.Image:
    """Return a picture as it looks through the water: hazier and darker towards its foot."""
    height = picture.height
    share = np.linspace(0.75, 1.3, height, dtype=np.float32) * np.float32(haze * 255)
    dark = np.clip(np.linspace(-0.05, 0.32, height, dtype=np.float32), 0, 1) * 255
    seen = picture.convert("RGB")
    for tone, amount in (((0, 0, 0), dark), (rgb8(air), np.clip(share, 0, 255))):
        column = Image.fromarray(amount.astype(np.uint8)[:, None])
        veil = column.resize(picture.size, Image.Resampling.NEAREST)
        seen = Image.composite(Image.new("RGB", picture.size, tone), seen, veil)
    seen.putalpha(picture.getchannel("A"))
    return seen


def kelp(height: int, breadth: int, shade: Color, lit: Color, random: np.random.Generator) -> Image.Image:
    """Draw one plant of giant kelp that ends near the top: a wavy stem, blades on both sides, floats.

    Parameters
    ----------
    height, breadth : int
        Size of the picture in pixels.
    shade, lit : Color
        Its colour in its own shadow, and where light comes through.
    """
    scale = 2
    picture = Image.new("RGBA", (breadth * scale, height * scale), (*rgb8(shade), 0))
    draw = ImageDraw.Draw(picture)
    whole = height * scale
    phase, bends = float(random.uniform(0, 6)), float(random.uniform(0.8, 1.6))
    blade = breadth * scale * 0.50
    room = 0.62 * blade / whole

    def stem(share: float) -> tuple[float, float]:
        sway = math.sin(phase + share * bends * 6.3) * 0.07 + math.sin(phase * 2 + share * 11) * 0.02
        return breadth * scale * (0.5 + sway), whole * (1 - share * (1 - room))

    thick = max(1.5, breadth * scale * 0.018)
    leaves = []
    share, side = 0.0, 1
    while share < 1:
        fresh = 1 - 0.45 * share**3
        leaves.append((share, side, fresh * float(random.uniform(0.6, 1.12)), float(random.normal(0, 0.34))))
        share += blade * 0.075 / whole * float(random.uniform(0.6, 1.4)) * fresh
        side = -side if random.random() < 0.8 else side
    points = [stem(place) for place in np.linspace(0, 1.0, 120).tolist()]
    for index in random.permutation(len(leaves)).tolist():
        share, side, size, turn = leaves[index]
        tone = mix(shade, lit, float(random.uniform(0, 0.55)) + 0.35 * share)
        _blade(draw, stem(share), side * (1.05 - 0.5 * share**4 + turn), blade * size, tone)
    draw.line(points, fill=(*rgb8(mix(shade, (0, 0, 0), 0.2)), 255), width=round(thick), joint="curve")
    for share, side, _, _ in leaves:
        x, y = stem(share)
        reach = thick * 0.8
        spot = (x + side * reach - reach, y - reach * 1.4, x + side * reach + reach, y + reach * 1.4)
        draw.ellipse(spot, fill=(*rgb8(mix(shade, lit, 0.7)), 255))
    return picture.resize((breadth, height), Image.Resampling.BOX)


def _blade(draw: ImageDraw.ImageDraw, root: tuple[float, float], turn: float, long: float, tone: Color) -> None:
    """Draw one long leaf with a wavy edge that rises from the stem and hangs over, its rib darker."""
    left, right, rib = [], [], []
    x, y = root
    last = 0.0
    for step in np.linspace(0, 1, 14).tolist():
        bend = turn * (0.55 + 1.15 * step)
        x, y = x + math.sin(bend) * long * (step - last), y - math.cos(bend) * long * (step - last)
        last = step
        half = long * 0.075 * math.sin(math.pi * min(1.0, 0.10 + step * 0.90)) ** 0.7 * (1 + 0.16 * math.sin(step * 23))
        across = (math.cos(bend) * half, math.sin(bend) * half)
        left.append((x - across[0], y - across[1]))
        right.append((x + across[0], y + across[1]))
        rib.append((x, y))
    draw.polygon([*left, *rib[::-1]], fill=(*rgb8(tone), 255))
    draw.polygon([*right, *rib[::-1]], fill=(*rgb8(mix(tone, (0, 0, 0), 0.2)), 255))


def shades_of(palette_colors: tuple[Color, ...], seed: int) -> tuple[Color, ...]:
    """Return some of the coral colours, which one take shows; the last one is that of the rocks."""
    random = generator(seed, "reef", "shades")
    *corals, stone = palette_colors
    kept = random.permutation(len(corals))[: max(3, len(corals) - 1)].tolist()
    return (*(corals[index] for index in kept), stone)
