"""Text and marks laid over a frame: masks drawn once, then blended with any strength."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.fonts import font_for
from nemo_widgets.local.scenes.planes import Bytes, Color, Planes, yuv_of


class Ink:
    """One mask in one colour.

    Parameters
    ----------
    mask : PIL.Image.Image
        Mode L: how much of the ink lies where.
    rgb : Color
        Its colour.
    """

    def __init__(self, mask: Image.Image, rgb: Color) -> None:
        even = Image.new("L", (mask.width + mask.width % 2, mask.height + mask.height % 2), 0)
        even.paste(mask, (0, 0))
        self._luma = np.asarray(even).astype(np.int32)
        self._chroma = np.asarray(even.reduce(2)).astype(np.int32)
        self._goal = tuple(round(channel) for channel in yuv_of(rgb))
        self.width, self.height = even.size

    def lay(self, target: Planes, left: int, top: int, strength: float) -> None:
        """Blend it into `target` at (`left`, `top`), snapped to even pixels; 1 is full strength."""
        weight = round(min(1.0, max(0.0, strength)) * 256)
        if weight == 0:
            return
        left, top = left - left % 2, top - top % 2
        y, u, v = self._goal
        _mix(target.y, self._luma, left, top, weight, y)
        _mix(target.u, self._chroma, left // 2, top // 2, weight, u)
        _mix(target.v, self._chroma, left // 2, top // 2, weight, v)


def _mix(
    plane: Bytes, mask: np.ndarray[tuple[int, int], np.dtype[np.int32]], left: int, top: int, weight: int, goal: int
) -> None:
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(plane.shape[1], left + mask.shape[1]), min(plane.shape[0], top + mask.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    ground = plane[y0:y1, x0:x1]
    share = mask[y0 - top : y1 - top, x0 - left : x1 - left] * weight
    share *= goal - ground.astype(np.int32)
    share += 32768
    share >>= 16
    np.add(ground, share, out=ground, casting="unsafe")


def text_mask(text: str, size: float, *, spacing: float = 0.0, weight: float = 0.0) -> Image.Image:
    """Draw one line of text as a mask, tightly cropped to its em box.

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
    font = font_for(text, size)
    stroke = weight * size
    pad = round(size * 0.1 + stroke)
    advance = spacing * size
    spaced = advance > 0 and all(ord(letter) < 0x0590 for letter in text)
    width = font.getlength(text) + (advance * (len(text) - 1) if spaced else 0)
    ascent, descent = font.getmetrics()
    mask = Image.new("L", (max(1, round(width) + 2 * pad), ascent + descent + 2 * pad), 0)
    draw = ImageDraw.Draw(mask)
    if not spaced:
        draw.text((pad, pad), text, font=font, fill=255, stroke_width=stroke, stroke_fill=255)
        return mask
    for index, letter in enumerate(text):
        x = pad + font.getlength(text[:index]) + advance * index
        draw.text((x, pad), letter, font=font, fill=255, stroke_width=stroke, stroke_fill=255)
    return mask


def shadow_of(mask: Image.Image, blur: float) -> tuple[Image.Image, int]:
    """Blur a mask into a shadow; returns it and by how many pixels it is larger on each side."""
    margin = round(blur * 3) // 2 * 2
    wide = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin), 0)
    wide.paste(mask, (margin, margin))
    return wide.filter(ImageFilter.GaussianBlur(blur)), margin
