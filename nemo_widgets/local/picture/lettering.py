"""Lines of text as masks, and the soft shadows under them."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from nemo_widgets.local.picture.fonts import runs_of

_JOINED = 0x0590
"""The first character of the scripts whose letters may join or stack (Hebrew and on)."""

_SMOOTH = 120.0
"""Size of an em, in pixels, above which hinting moves no stroke that anyone would notice."""


def text_mask(text: str, size: float, *, spacing: float = 0.0, weight: float = 0.0) -> Image.Image:
    """Draw one line of text as a mask, tightly cropped to its em box.

    Small letters are drawn larger and scaled down: hinting would shift their strokes and gaps to whole pixels.

    Parameters
    ----------
    text : str
        The line.
    size : float
        Height of an em, in pixels.
    spacing : float
        Extra room between letters, in ems.
    weight : float
        How much the strokes are thickened, in ems.
    """
    finer = min(4, max(1, round(_SMOOTH / size)))
    return _drawn(text, size * finer, spacing, weight).reduce(finer)


def _drawn(text: str, size: float, spacing: float, weight: float) -> Image.Image:
    stroke = weight * size
    pad = round(size * 0.1 + stroke)
    runs = runs_of(text, size)
    ascent = max(font.getmetrics()[0] for _, font in runs)
    descent = max(font.getmetrics()[1] for _, font in runs)
    places, width = _places(runs, spacing * size)
    mask = Image.new("L", (max(1, round(width) + 2 * pad), ascent + descent + 2 * pad), 0)
    draw = ImageDraw.Draw(mask)
    for piece, font, x in places:
        draw.text(
            (pad + x, pad + ascent), piece, font=font, fill=255, stroke_width=stroke, stroke_fill=255, anchor="ls"
        )
    return mask


def _places(
    runs: list[tuple[str, ImageFont.FreeTypeFont]], advance: float
) -> tuple[list[tuple[str, ImageFont.FreeTypeFont, float]], float]:
    """Say where each piece of text goes; only scripts whose letters stand apart are spaced out."""
    places: list[tuple[str, ImageFont.FreeTypeFont, float]] = []
    x = 0.0
    for run, font in runs:
        if any(ord(letter) >= _JOINED for letter in run):
            places.append((run, font, x))
            x += font.getlength(run)
            continue
        for index, letter in enumerate(run):
            places.append((letter, font, x + font.getlength(run[:index]) + advance * index))
        x += font.getlength(run) + advance * len(run)
    return places, x


def line_width(text: str, size: float, *, spacing: float = 0.0) -> float:
    """Return how wide `text_mask` draws a line, in pixels, without the room that it leaves on both sides."""
    return _places(runs_of(text, size), spacing * size)[1] if text else 0.0


def halo_of(mask: Image.Image, em: float) -> tuple[Image.Image, int]:
    """Blur a mask into a dark rim with a wide, faint shade around it; `em` is the size of the letters, in pixels.

    Returns it and by how many pixels it is larger on each side.
    """
    margin = round(em * 0.8) // 2 * 2 + 2
    wide = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin), 0)
    wide.paste(mask, (margin, margin))
    rim, shade = (
        np.minimum(1, np.asarray(wide.filter(ImageFilter.GaussianBlur(max(0.6, em * blur))), np.float32) / 255 * gain)
        for blur, gain in ((0.07, 1.6), (0.3, 1.9))
    )
    return Image.fromarray(((1 - (1 - rim * 0.8) * (1 - shade * 0.8)) * 255).astype(np.uint8)), margin
