"""Rows of buildings with lit windows, as pictures for parallax strips."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.scenes.canvas import blank
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, mix, rgb8
from nemo_widgets.local.picture.scenes.strip import OVERSAMPLING, Veil

_SKY_LEFT = 6
"""Rows that stay free above the highest mast, for the glow of its beacon."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of buildings: how far away, how tall, how lit.

    Attributes
    ----------
    name : str
        Its own stream of random numbers.
    period, height : int
        Size of the strip, in pixels of the frame.
    tallest, lowest : float
        Heights of buildings, in pixels.
    breadth : tuple of float
        Narrowest and broadest building, in pixels.
    body, haze : Color
        The colour of walls, and of the air in front of their feet.
    haze_share : float
        How much of the feet the air hides, 0 to 1.
    lit : float
        Share of windows with light.
    window : float
        Height of one storey, in pixels.
    shine : float
        How bright windows are: far ones merge with the air, so that they do not flicker as they pass.
    walls : tuple of Color
        Colours of walls by day, when windows are dark glass and the sun leaves one side in the shade; empty by night.
    """

    name: str
    period: int
    height: int
    tallest: float
    lowest: float
    breadth: tuple[float, float]
    body: Color
    haze: Color
    haze_share: float
    lit: float
    window: float
    shine: float
    walls: tuple[Color, ...] = ()


@dataclass(frozen=True, slots=True)
class Lights:
    """Where on a row something may blink, in pixels of the strip."""

    windows: Floats
    masts: Floats


@dataclass(frozen=True, slots=True)
class Skyline:
    """A drawn row, RGBA as a strip takes it, its lights, and the air in front of its feet, if any."""

    picture: Bytes
    lights: Lights
    air: Veil | None


def draw_skyline(row: Row, seed: int, windows: tuple[Color, ...], neon: tuple[Color, ...]) -> Skyline:
    """Draw one row of buildings from the `seed`; its lights have the colours `windows`, its signs those of `neon`."""
    random = generator(seed, "skyline", row.name)
    paints = generator(seed, "skyline", row.name, "walls")
    scale = OVERSAMPLING
    size = (row.period * scale, row.height * scale)
    picture, pixels = blank(size, (*rgb8(row.body), 0))
    draw = ImageDraw.Draw(picture)
    spots: list[tuple[float, float]] = []
    masts: list[tuple[float, float]] = []
    x = 0.0
    while x < row.period - row.breadth[0]:
        breadth = min(float(random.uniform(*row.breadth)), row.period - x)
        bulge = 0.5 + 0.5 * np.sin(2 * np.pi * (x / row.period * 2 + random.uniform(0, 0.25)))
        height = row.lowest + (row.tallest - row.lowest) * float(random.beta(1.3, 2.2) * 0.7 + bulge * 0.3)
        box = (x, row.height - height, x + breadth, float(row.height))
        wall = mix(row.body, row.haze, float(random.uniform(0, 0.07)))
        if row.walls:
            paint = mix(row.walls[int(paints.integers(len(row.walls)))], row.haze, row.haze_share * 0.75)
            wall = mix(paint, wall, float(paints.uniform(0.1, 0.45)))
        tall = height > row.lowest + 0.45 * (row.tallest - row.lowest)
        warned = tall and float(random.random()) < 0.45
        tip = _roof(draw, box, wall, warned, random)
        spots += _lights(pixels, box, row, wall, windows, random)
        if row.walls:
            _shade_side(picture, box)
        if warned:
            masts.append(tip)
        if tall and neon and random.random() < 0.5:
            _sign(picture, box, neon[int(random.integers(len(neon)))], row.window, random)
        x += breadth + float(random.choice([-4, 0, 0, row.breadth[0] * 0.2])) * row.height / 1080
    lights = Lights(*(np.array(places or [(0, 0)], np.float32) for places in (spots, masts)))
    return Skyline(pixels, lights, _air(row) if row.haze_share > 0 else None)


def _roof(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    wall: Color,
    warned: bool,
    random: np.random.Generator,
) -> tuple[float, float]:
    """Draw a building without its windows, and return its highest point; `warned`, that is the tip of a mast."""
    left, top, right, bottom = (edge * OVERSAMPLING for edge in box)
    width = right - left
    fill = (*rgb8(wall), 255)
    draw.rectangle((left, top, right, bottom), fill=fill)
    draw.rectangle((left, top, left + width * 0.1, bottom), fill=(*rgb8(mix(wall, (1, 1, 1), 0.05)), 255))
    middle, tip = left + width / 2, top
    shape = int(random.choice([0, 0, 1, 2, 3, 4, 5, 5, 6, 6]))
    if shape == 0:
        for step in (0.72, 0.46):
            tip -= width * 0.22
            draw.rectangle((middle - width * step / 2, tip, middle + width * step / 2, top), fill=fill)
    elif shape == 1:
        tip -= width * 0.32
        draw.polygon([(left, top), (right, top), (right, tip)], fill=fill)
        middle = right - max(2.0, width * 0.03)
    elif shape == 2:
        tip -= width * 0.55
        draw.polygon([(left + width * 0.06, top), (right - width * 0.06, top), (middle, tip)], fill=fill)
    elif shape == 3:
        tip -= width * 0.34
        draw.pieslice((left, top - width * 0.34, right, top + width * 0.34), 180, 360, fill=fill)
    elif shape == 6:
        ledge = width * float(random.uniform(0.05, 0.14))
        tip -= ledge
        draw.rectangle((left + width * 0.12, tip, right - width * 0.12, top), fill=fill)
    if warned or shape in (0, 2, 5):
        mast = width * (float(random.uniform(0.4, 0.9)) if shape in (0, 2, 5) else float(random.uniform(0.2, 0.4)))
        thick = max(1.6 if warned else 1.0, width * 0.012)
        end = max(_SKY_LEFT * OVERSAMPLING, tip - mast)
        steel = (*rgb8(mix(wall, (0, 0, 0), 0.35)), 255) if warned else fill
        draw.rectangle((middle - thick, end, middle + thick, max(tip, end)), fill=steel)
        tip = end
    return middle / OVERSAMPLING, tip / OVERSAMPLING


def _lights(
    pixels: Bytes,
    box: tuple[float, float, float, float],
    row: Row,
    wall: Color,
    shades: tuple[Color, ...],
    random: np.random.Generator,
) -> list[tuple[float, float]]:
    storey = max(2, round(row.window * OVERSAMPLING * float(random.uniform(0.85, 1.2))))
    bay = max(2, round(storey * float(random.choice([0.62, 0.8, 1.0, 1.6]))))
    inset = max(1.0, storey * 0.5)
    left, top, right, bottom = (edge * OVERSAMPLING for edge in box)
    columns, rows = int((right - left - 2 * inset) // bay), int((bottom - top - 2 * inset) // storey)
    if columns < 1 or rows < 1:
        return []
    lit = random.random((rows, columns)) < row.lit * random.uniform(0.35, 1.5)
    lit |= (random.random((rows, 1)) < 0.05) & (random.random((rows, columns)) < 0.85)
    favourite = random.random(len(shades)) ** 2 + 0.05
    choice = random.choice(len(shades), (rows, columns), p=favourite / favourite.sum())
    strength = random.uniform(0.45, 1.0, (rows, columns)) ** 1.3
    colors = np.array(shades, np.float32)[choice]
    ground = np.array(wall if row.walls else row.body, np.float32)
    panes = np.ones_like(lit) if row.walls else lit
    strength = 0.72 + 0.28 * strength if row.walls else strength
    shown = ground + (colors - ground) * (strength * panes * row.shine)[..., None]
    rgba = np.full((*shown.shape[:2], 4), 255, np.uint8)
    rgba[..., :3] = (shown * 255).astype(np.uint8)
    at = (round(left + inset), round(top + inset))
    # Storeys and bays as dimensions of their own: then all panes are one part of the wall.
    front = pixels.view(np.uint32)[at[1] : at[1] + rows * storey, at[0] : at[0] + columns * bay, 0]
    cells = as_strided(front, (rows, storey, columns, bay), (storey * front.strides[0], front.strides[0], bay * 4, 4))
    glass = cells[:, max(1, round(storey * 0.28)) :, :, max(1, round(bay * 0.24)) :]
    np.copyto(glass, rgba.view(np.uint32)[:, None, :], where=panes[:, None, :, None])
    return _some_windows(lit, at, (bay, storey), random)


def _shade_side(picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    """Darken the side of a building that the sun does not reach."""
    left, top, right, bottom = (round(edge * OVERSAMPLING) for edge in box)
    edge = round(left + (right - left) * 0.66)
    if edge < right:
        part = picture.crop((edge, top, right, bottom))
        alpha = part.getchannel("A")
        dark = part.convert("RGB").point([round(level * 0.76) for level in range(256)] * 3)
        dark.putalpha(alpha)
        picture.paste(dark, (edge, top))


def _some_windows(
    lit: NDArray[np.bool_], at: tuple[int, int], cell: tuple[int, int], random: np.random.Generator
) -> list[tuple[float, float]]:
    dark = np.argwhere(~lit)
    if not len(dark):
        return []
    some = dark[random.integers(0, len(dark), 2)]
    return [
        ((at[0] + (column + 0.62) * cell[0]) / OVERSAMPLING, (at[1] + (line + 0.64) * cell[1]) / OVERSAMPLING)
        for line, column in some.tolist()
    ]


def _sign(
    picture: Image.Image,
    box: tuple[float, float, float, float],
    shade: Color,
    storey: float,
    random: np.random.Generator,
) -> None:
    left, top, right, bottom = (edge * OVERSAMPLING for edge in box)
    wide, high = storey * 1.1 * OVERSAMPLING, min((bottom - top) * 0.34, storey * 11 * OVERSAMPLING)
    if right - left < wide * 3:
        return
    x = float(random.choice([left + wide * 0.4, right - wide * 1.4]))
    y = top + float(random.uniform(0.08, 0.3)) * (bottom - top)
    margin = round(storey * 3 * OVERSAMPLING)
    patch = Image.new("L", (round(wide) + 2 * margin, round(high) + 2 * margin), 0)
    ink = ImageDraw.Draw(patch)
    steps = max(3, round(high / (wide * 1.15)))
    for step in range(steps):
        lower = margin + high * step / steps
        ink.rectangle((margin, lower, margin + wide, lower + high / steps * 0.72), fill=int(random.integers(150, 256)))
    halo = patch.filter(ImageFilter.GaussianBlur(storey * 1.2 * OVERSAMPLING)).point(lambda level: min(255, level * 2))
    corner = (round(x) - margin, round(y) - margin)
    inside = picture.crop((*corner, corner[0] + patch.width, corner[1] + patch.height)).getchannel("A")
    for mask, tint in ((halo, shade), (patch, mix(shade, (1, 1, 1), 0.45))):
        clipped = Image.fromarray((np.asarray(mask, np.uint16) * np.asarray(inside) // 255).astype(np.uint8))
        picture.paste(Image.new("RGBA", patch.size, (*rgb8(tint), 255)), corner, clipped)


def _air(row: Row) -> Veil:
    rise: Floats = np.linspace(0, 1, row.height, dtype=np.float32) ** 1.6 * np.float32(row.haze_share)
    return Veil(row.haze, rise)
