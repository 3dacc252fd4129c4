"""Small pictures laid at many places in one go, each pixel on its own: fish, bubbles, butterflies, umbrellas.

Only the pixels that hold something are kept, so pictures that overlap do not cut holes into each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, yuv

_UNSEEN = 0.02


@dataclass(frozen=True, slots=True)
class _Cloud:
    """The pixels of all pictures in one kind of plane, one picture after the other."""

    first: NDArray[np.intp]
    count: NDArray[np.intp]
    right: NDArray[np.int32]
    down: NDArray[np.int32]
    opacity: Floats
    goals: tuple[Floats, ...]
    reach: tuple[int, int]


class Sprites:
    """Pictures of one kind, each laid with its middle on a given place.

    Parameters
    ----------
    pictures : sequence of PIL.Image.Image
        RGBA, at the size at which they are seen.
    """

    def __init__(self, pictures: Sequence[Image.Image]) -> None:
        luma: list[tuple[Floats, tuple[Floats, ...]]] = []
        chroma: list[tuple[Floats, tuple[Floats, ...]]] = []
        for picture in pictures:
            rgba = np.asarray(picture).astype(np.float32) / np.float32(255)
            alpha = rgba[..., 3]
            luma.append((alpha, yuv(rgba[..., :3])[:1]))
            chroma.append(_halved(rgba))
        self._luma, self._chroma = _cloud(luma), _cloud(chroma)

    def stamp(
        self,
        target: Planes,
        x: Floats,
        y: Floats,
        which: NDArray[np.integer],
        strength: Floats | None = None,
        gain: Floats | None = None,
    ) -> None:
        """Lay the pictures numbered `which` at (`x`, `y`), in pixels.

        Parameters
        ----------
        target : Planes
            What is drawn on.
        x, y : NDArray[np.float32]
            Where the middle of each picture lies; later ones cover earlier ones.
        which : NDArray of integers
            Which picture lies there.
        strength : NDArray[np.float32], optional
            How opaque each one is, 0 to 1; all of it unless given.
        gain : NDArray[np.float32], optional
            Factor of each one's brightness; 1 unless given.
        """
        planes = (target.y,)
        _stamp(planes, self._luma, x, y, which, strength, gain)
        _stamp((target.u, target.v), self._chroma, x / 2, y / 2, which, strength, None)


def _halved(rgba: Floats) -> tuple[Floats, tuple[Floats, ...]]:
    """Return opacity, U and V at half the size; what is transparent does not bleed into the colour."""
    height, width = rgba.shape[:2]
    even = np.zeros((height + height % 2, width + width % 2, 4), np.float32)
    even[:height, :width] = rgba
    even[..., :3] *= even[..., 3:]
    small = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2, 4).mean(axis=(1, 3))
    alpha = small[..., 3]
    colors = small[..., :3] / np.maximum(alpha, 1e-4)[..., None]
    return alpha, yuv(colors)[1:]


def _cloud(pictures: list[tuple[Floats, tuple[Floats, ...]]]) -> _Cloud:
    counts, rights, downs, opacities = [], [], [], []
    goals: list[list[Floats]] = [[] for _ in pictures[0][1]]
    reach_x = reach_y = 1
    for alpha, planes in pictures:
        rows, columns = np.nonzero(alpha > _UNSEEN)
        height, width = alpha.shape
        counts.append(len(rows))
        rights.append(columns - width // 2)
        downs.append(rows - height // 2)
        opacities.append(alpha[rows, columns])
        for kept, plane in zip(goals, planes, strict=True):
            kept.append(plane[rows, columns])
        reach_x, reach_y = max(reach_x, width // 2 + 1), max(reach_y, height // 2 + 1)
    count = np.array(counts, np.intp)
    return _Cloud(
        np.cumsum(count) - count,
        count,
        np.concatenate(rights).astype(np.int32),
        np.concatenate(downs).astype(np.int32),
        np.concatenate(opacities).astype(np.float32),
        tuple(np.concatenate(kept).astype(np.float32) for kept in goals),
        (reach_x, reach_y),
    )


def _stamp(
    planes: tuple[Bytes, ...],
    cloud: _Cloud,
    x: Floats,
    y: Floats,
    which: NDArray[np.integer],
    strength: Floats | None,
    gain: Floats | None,
) -> None:
    height, width = planes[0].shape
    left, top = np.rint(x).astype(np.int32), np.rint(y).astype(np.int32)
    reach_x, reach_y = cloud.reach
    seen = (left > -reach_x) & (left < width + reach_x) & (top > -reach_y) & (top < height + reach_y)
    if strength is not None:
        seen &= strength > _UNSEEN
    if not seen.any():
        return
    left, top, kinds = left[seen], top[seen], which[seen]
    counts = cloud.count[kinds]
    ends = np.cumsum(counts)
    index = np.arange(int(ends[-1])) + np.repeat(cloud.first[kinds] - ends + counts, counts)
    column = np.repeat(left, counts) + cloud.right[index]
    row = np.repeat(top, counts) + cloud.down[index]
    opacity = cloud.opacity[index]
    if strength is not None:
        opacity *= np.repeat(strength[seen].astype(np.float32), counts)
    gains = None if gain is None else np.repeat(gain[seen].astype(np.float32), counts)
    if left.min() < reach_x or top.min() < reach_y or left.max() > width - reach_x or top.max() > height - reach_y:
        inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        index, column, row, opacity = index[inside], column[inside], row[inside], opacity[inside]
        gains = None if gains is None else gains[inside]
    place = row * np.int32(width) + column
    for plane, goals in zip(planes, cloud.goals, strict=True):
        flat = plane.reshape(-1)
        goal = goals[index]
        if gains is not None:
            goal = np.minimum((goal - 16) * gains + 16, 235)
        ground = flat[place].astype(np.float32)
        ground += (goal - ground) * opacity
        ground += np.float32(0.5)
        flat[place] = ground.astype(np.uint8)
