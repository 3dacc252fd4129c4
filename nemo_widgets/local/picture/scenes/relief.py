"""Bodies from outlines: smooth curves, and light on the roundness that an outline suggests."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nemo_widgets.local.picture.scenes.planes import Floats

_FINE = 3

Points = list[tuple[float, float]]


def curve(points: Points, steps: int = 12, closed: bool = True) -> Points:
    """Return a Catmull-Rom curve through `points`, `steps` places from each to the next."""
    count = len(points)
    drawn: Points = []
    for index in range(count if closed else count - 1):
        if closed:
            four = [points[(index + step) % count] for step in (-1, 0, 1, 2)]
        else:
            four = [points[min(max(0, index + step), count - 1)] for step in (-1, 0, 1, 2)]
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = four
        for step in range(steps):
            at = step / steps
            weights = (
                -0.5 * at + at**2 - 0.5 * at**3,
                1 - 2.5 * at**2 + 1.5 * at**3,
                0.5 * at + 2 * at**2 - 1.5 * at**3,
                -0.5 * at**2 + 0.5 * at**3,
            )
            drawn.append(
                (
                    ax * weights[0] + bx * weights[1] + cx * weights[2] + dx * weights[3],
                    ay * weights[0] + by * weights[1] + cy * weights[2] + dy * weights[3],
                )
            )
    return drawn if closed else [*drawn, points[-1]]


def outline(size: tuple[int, int], points: Points) -> Image.Image:
    """Fill a polygon, as a mask of `size` with smooth edges."""
    mask = Image.new("L", (size[0] * _FINE, size[1] * _FINE), 0)
    ImageDraw.Draw(mask).polygon([(x * _FINE, y * _FINE) for x, y in points], fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def light_on(mask: Image.Image, roundness: float, toward: tuple[float, float, float] = (-0.15, -0.86, 0.5)) -> Floats:
    """Return how much light falls on a body of this outline, 0 to 1.

    Parameters
    ----------
    mask : PIL.Image.Image
        Its outline, mode L.
    roundness : float
        How far from the edge it still bends away, in pixels.
    toward : tuple of float
        The direction of the light: right, down, out of the picture.
    """
    blurs = [mask.filter(ImageFilter.GaussianBlur(max(0.5, roundness * share))) for share in (0.25, 0.6, 1.2)]
    height = sum(np.asarray(blur, np.float32) for blur in blurs) * np.float32(roundness / 255 * 0.9)
    down, right = np.gradient(height)
    length = np.sqrt(down * down + right * right + 1)
    norm = float(np.sqrt(sum(part * part for part in toward)))
    lit: Floats = (-(right * toward[0] + down * toward[1]) + toward[2]) / length / np.float32(norm)
    return np.clip(lit, 0, 1).astype(np.float32)
