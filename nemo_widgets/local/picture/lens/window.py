"""A part of a larger picture, cut out at fractions of a pixel and scaled, so that slow moves don't stutter."""

import numpy as np

from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes

_FINEST = 1 / 32
"""Fractions of a pixel below this are left out: nobody sees them, and a whole pixel costs next to nothing."""
_SIZES = 17
"""How many sizes near the wanted one are tried: the finer the choice of ratios, the smoother the zoom."""


def cut(source: Planes, target: Planes, x: float, y: float, scale: float = 1.0) -> None:
    """Fill `target` with a part of `source`.

    Parameters
    ----------
    source, target : Planes
        The larger picture, and what is filled.
    x, y : float
        Where the part begins, in pixels of luma of `source`.
    scale : float
        Pixels of `target` for one of `source`, at most 1.
    """
    _cut(source.y, target.y, x, y, scale)
    _cut(source.u, target.u, x / 2, y / 2, scale)
    _cut(source.v, target.v, x / 2, y / 2, scale)


def _cut(source: Bytes, target: Bytes, x: float, y: float, scale: float) -> None:
    height, width = target.shape
    if scale == 1.0:
        _copy(source, target, x, y)
        return
    top, bottom, high = _span(y, height, scale, source.shape[0])
    left, right, wide = _span(x, width, scale, source.shape[1])
    scaled = Scaler().scale(source[top:bottom, left:right], wide, high)
    _copy(scaled, target, (x - left) * wide / (right - left), (y - top) * high / (bottom - top))


def _span(begin: float, length: int, scale: float, limit: int) -> tuple[int, int, int]:
    """Choose whole numbers of pixels whose ratio is nearest to `scale`: where to begin, where to end, how many come."""
    first = max(0, int(begin))
    last = min(limit, int(np.ceil(begin + length / scale)) + 1)
    most = last - first
    tried = np.arange(max(2, most - _SIZES), most + 1)
    scaled = np.maximum(np.rint(tried * scale), 2)
    error = np.abs(scaled / tried - scale)
    # A span that ends before what is wanted will not do, however well its ratio fits.
    needed = min(int(np.floor(most * scale)), int(np.ceil((begin - first) * scale)) + length)
    error[scaled < max(length, needed)] = np.inf
    best = int(np.argmin(error))
    return first, first + int(tried[best]), int(scaled[best])


def _copy(source: Bytes, target: Bytes, x: float, y: float) -> None:
    """Copy a part of the size of `target`, from between the pixels of `source` if need be."""
    height, width = target.shape
    left, top = _begin(x, width, source.shape[1]), _begin(y, height, source.shape[0])
    aside, below = x - left, y - top
    part = source[top : top + height, left : left + width]
    if below > _FINEST and top + height < source.shape[0]:
        wide = min(width + 1, source.shape[1] - left)
        block = source[top : top + height + 1, left : left + wide]
        part = _between(block[:-1], block[1:], below)
    elif left + width < source.shape[1]:
        part = source[top : top + height, left : left + width + 1]
    if aside > _FINEST and part.shape[1] > width:
        part = _between(part[:, :-1], part[:, 1:], aside)
    np.copyto(target, part[:, :width])


def _begin(at: float, length: int, limit: int) -> int:
    return min(max(0, int(np.floor(at + _FINEST))), limit - length)


def _between(first: Bytes, second: Bytes, share: float) -> Bytes:
    weight = min(256, max(0, round(share * 256)))
    mixed = np.multiply(first, np.uint16(256 - weight), dtype=np.uint16)
    mixed += np.multiply(second, np.uint16(weight), dtype=np.uint16)
    mixed += np.uint16(128)
    np.right_shift(mixed, 8, out=mixed)
    return mixed.astype(np.uint8)
