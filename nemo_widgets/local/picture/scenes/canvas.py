"""A picture that Pillow draws on and NumPy reads, in the same memory."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes


def blank(size: tuple[int, int], fill: tuple[int, int, int, int]) -> tuple[Image.Image, Bytes]:
    """Return an RGBA picture to draw on, and its pixels, ``(height, width, 4)``.

    What is drawn in place is seen in the pixels. ``np.asarray(picture)`` copies them twice, which takes half of the
    time that a strip needs.

    Parameters
    ----------
    size : tuple of int
        Width and height.
    fill : tuple of int
        Red, green, blue and opacity, 0 to 255.
    """
    width, height = size
    pixels: Bytes = np.empty((height, width, 4), np.uint8)
    pixels.view(np.uint32)[:] = np.array(fill, np.uint8).view(np.uint32)
    picture = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)
    picture.readonly = 0  # else the first stroke would copy it
    return picture, pixels
