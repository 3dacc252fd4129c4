"""Fast morphology: what is smaller than a disc is taken away, edges are found, lines made thicker."""

from collections.abc import Callable

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Bytes

_Pick = Callable[..., Bytes]


def grown(plane: Bytes, reach: int) -> Bytes:
    """Return the highest value within `reach` pixels (dilation)."""
    return _spread(plane, reach, np.maximum)


def shrunk(plane: Bytes, reach: int) -> Bytes:
    """Return the lowest value within `reach` pixels (erosion)."""
    return _spread(plane, reach, np.minimum)


def _spread(plane: Bytes, reach: int, pick: _Pick) -> Bytes:
    """Take steps in the shape of a square and of a cross by turns: together they make an octagon, almost a disc."""
    result = plane
    for step in range(reach):
        across = result.copy()
        pick(across[:, 1:], result[:, :-1], out=across[:, 1:])
        pick(across[:, :-1], result[:, 1:], out=across[:, :-1])
        source = result if step % 2 else across
        down = across.copy() if step % 2 == 0 else across
        pick(down[1:], source[:-1], out=down[1:])
        pick(down[:-1], source[1:], out=down[:-1])
        result = down
    return result


def soften(source: Bytes, target: Bytes) -> None:
    """Fill `target` with the mean of the four pixels that meet in each corner of `source`, a step darker at most."""
    half = source >> np.uint8(1)
    across = half.copy()
    across[:, 1:] += half[:, :-1]
    across[:, :1] += half[:, :1]
    across >>= np.uint8(1)
    np.add(across[1:], across[:-1], out=target[1:])
    np.add(across[:1], across[:1], out=target[:1])


def ranges(plane: Bytes) -> Bytes:
    """Return how far a plane reaches about each pixel, to the four that touch it: thin lines give one line, not two."""
    most, least = plane.copy(), plane.copy()
    for pick, found in ((np.maximum, most), (np.minimum, least)):
        for inner, outer in ((np.s_[1:], np.s_[:-1]), (np.s_[:-1], np.s_[1:])):
            pick(found[inner], plane[outer], out=found[inner])
            pick(found[:, inner], plane[:, outer], out=found[:, inner])
    most -= least
    return most


def edges(plane: Bytes) -> Bytes:
    """Return how steeply a plane changes from pixel to pixel, of its shape; 0 along the border."""
    steep = np.zeros_like(plane)
    across = np.maximum(plane[:, 2:], plane[:, :-2])
    across -= np.minimum(plane[:, 2:], plane[:, :-2])
    down = np.maximum(plane[2:], plane[:-2])
    down -= np.minimum(plane[2:], plane[:-2])
    np.maximum(across[1:-1], down[:, 1:-1], out=steep[1:-1, 1:-1])
    return steep
