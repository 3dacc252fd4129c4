"""Pictures that come nearer and go away: scaled for each frame, to fractions of a pixel."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Planes, blend, yuv

_LARGEST = 4
"""How often a picture is kept at half the size of the one before."""


class Billboard:
    """One picture.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGBA, as large as it is ever seen, or a little smaller.
    """

    def __init__(self, picture: Image.Image) -> None:
        margin = 2 ** (_LARGEST + 1)
        wide, high = (-(-side // margin) * margin + 2 * margin for side in picture.size)
        grown = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
        grown.paste(picture, (margin, margin))
        self._margin = margin
        self.width, self.height = picture.size
        rgba = np.asarray(grown).astype(np.float32)
        rgba[..., :3] *= rgba[..., 3:] / np.float32(255)
        self._levels = [_layers(rgba.reshape(high // step, step, wide // step, step, 4).mean(axis=(1, 3)))
                        for step in (2**level for level in range(_LARGEST))]  # fmt: skip

    def lay(self, target: Planes, x: float, foot: float, scale: float) -> None:
        """Blend it into `target`, the middle of its lower edge at (`x`, `foot`), in pixels.

        Parameters
        ----------
        target : Planes
            What is drawn on.
        x, foot : float
            Where it stands.
        scale : float
            Of the picture; 1 is as large as it was given.
        """
        level = 0
        while level < _LARGEST - 1 and scale * 2 ** (level + 1) <= 0.75:
            level += 1
        alpha, y, u, v, thin = self._levels[level]
        step = 2**level
        own = scale * step
        left, top = x - self.width * scale / 2, foot - self.height * scale
        _lay(alpha, [y], [target.y], left, top, own, self._margin / step, (self.width / step, self.height / step))
        size = self.width / step / 2, self.height / step / 2
        _lay(thin, [u, v], [target.u, target.v], left / 2, top / 2, own, self._margin / step / 2, size)


def _layers(rgba: np.ndarray) -> tuple[Image.Image, Image.Image, Image.Image, Image.Image, Image.Image]:
    """Return opacity and Y, and U, V and opacity at half the size, premultiplied."""
    share = rgba[..., 3] / np.float32(255)
    y = yuv(rgba[..., :3] / np.float32(255))[0] - 16 * (1 - share)
    rows, columns = share.shape
    small = rgba.reshape(rows // 2, 2, columns // 2, 2, 4).mean(axis=(1, 3))
    thin = small[..., 3] / np.float32(255)
    _, u, v = yuv(small[..., :3] / np.float32(255))
    planes = (rgba[..., 3], y, u - 128 * (1 - thin), v - 128 * (1 - thin), small[..., 3])
    first, second, third, fourth, fifth = (
        Image.fromarray(np.clip(np.rint(plane), 0, 255).astype(np.uint8)) for plane in planes
    )
    return first, second, third, fourth, fifth


def _lay(
    alpha: Image.Image,
    values: list[Image.Image],
    targets: list[Bytes],
    left: float,
    top: float,
    scale: float,
    margin: float,
    size: tuple[float, float],
) -> None:
    height, width = targets[0].shape
    x0, y0 = max(0, int(np.floor(left))), max(0, int(np.floor(top)))
    x1 = min(width, int(np.ceil(left + size[0] * scale)))
    y1 = min(height, int(np.ceil(top + size[1] * scale)))
    if x1 <= x0 or y1 <= y0 or scale < 1e-3:
        return
    box = (
        max(0.0, margin + (x0 - left) / scale),
        max(0.0, margin + (y0 - top) / scale),
        min(float(alpha.width), margin + (x1 - left) / scale),
        min(float(alpha.height), margin + (y1 - top) / scale),
    )
    wanted = (x1 - x0, y1 - y0)
    opacity = np.asarray(alpha.resize(wanted, Image.Resampling.BILINEAR, box=box))
    kept = np.subtract(255, opacity, dtype=np.uint8)
    for value, plane in zip(values, targets, strict=True):
        shown = np.asarray(value.resize(wanted, Image.Resampling.BILINEAR, box=box))
        added = np.left_shift(shown, np.uint16(8), dtype=np.uint16)
        np.bitwise_or(added, 255, out=added)
        blend(plane[y0:y1, x0:x1], kept, added)
