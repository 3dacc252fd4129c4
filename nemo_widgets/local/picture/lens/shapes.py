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


def edges(plane: Bytes) -> Bytes:
    """Return how steeply a plane changes from pixel to pixel, of its shape; 0 along the border."""
    steep = np.zeros_like(plane)
    across = np.maximum(plane[:, 2:], plane[:, :-2])
    across -= np.minimum(plane[:, 2:], plane[:, :-2])
    down = np.maximum(plane[2:], plane[:-2])
    down -= np.minimum(plane[2:], plane[:-2])
    np.maximum(across[1:-1], down[:, 1:-1], out=steep[1:-1, 1:-1])
    return steep


def outlines(plane: Bytes) -> Bytes:
    """Return soft lines where a plane is steep, of its shape: one line about what is thin, and dots stay round."""
    ends = np.pad(plane, 1, "edge").astype(np.int16)
    tall, wide = ends[1:] + ends[:-1], ends[:, 1:] + ends[:, :-1]
    across, down = tall[:, 1:] - tall[:, :-1], wide[1:] - wide[:-1]
    np.abs(across, out=across)
    np.abs(down, out=down)
    # Where four pixels meet, then the mean of four such corners: nothing is moved by it.
    corner = np.maximum(across, down, out=across)
    corner = corner[1:] + corner[:-1]
    corner = corner[:, 1:] + corner[:, :-1]
    # Twice the mean, so that a line that is one pixel wide counts in full.
    corner >>= np.int16(2)
    return np.minimum(corner, np.int16(255), out=corner).astype(np.uint8)
