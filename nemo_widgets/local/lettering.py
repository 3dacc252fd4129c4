"""Lines of text as masks, and the soft shadows under them."""

from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.fonts import font_for


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
