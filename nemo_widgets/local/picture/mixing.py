"""Two pictures become one: fades, and the ways in which a shot comes in."""

import numpy as np

from nemo_widgets.local.picture.lens.tone import NEUTRAL, look_up, luma_table, packed, shares
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes

_SOFT = 0.06
"""Breadth of a wipe's edge, as a share of the frame's width."""


def eased(share: float) -> float:
    """Start and stop gently: 0 to 1 for 0 to 1."""
    step = min(1.0, max(0.0, share))
    return step * step * (3 - 2 * step)


def darken(target: Planes, share: float) -> None:
    """Let a picture fade to black in place: 1 leaves it, 0 is black."""
    if share >= 1:
        return
    if share <= 0:
        target.clear()
        return
    look_up(target.y, luma_table(shares() * np.float32(share)))
    steps = packed(NEUTRAL + (np.arange(256, dtype=np.float32) - NEUTRAL) * np.float32(share))
    look_up(target.u, steps)
    look_up(target.v, steps)


def lay(target: Planes, picture: Planes, share: float) -> None:
    """Lay `picture` over `target`, of the same size, in place: 0 leaves it, 1 replaces it."""
    weight = round(min(1.0, max(0.0, share)) * 256)
    if weight == 0:
        return
    for plane, other in _pairs(target, picture):
        if weight == 256:
            np.copyto(plane, other)
        else:
            _mix(plane, other, weight)


def wipe(target: Planes, picture: Planes, share: float) -> None:
    """Let `picture` cover `target` from the left, behind a soft edge."""
    edge = share * (1 + _SOFT)
    at = (np.arange(target.width, dtype=np.float32) + np.float32(0.5)) / np.float32(target.width)
    opacity = np.clip((np.float32(edge) - at) / np.float32(_SOFT), 0, 1)
    for step, (plane, other) in zip((1, 2, 2), _pairs(target, picture), strict=True):
        weight = np.rint(opacity[step // 2 :: step] * 256).astype(np.uint16)
        covered, touched = int((weight == 256).sum()), int((weight > 0).sum())
        plane[:, :covered] = other[:, :covered]
        soft = slice(covered, touched)
        kept = plane[:, soft] * (256 - weight[soft]) + other[:, soft] * weight[soft] + np.uint16(128)
        plane[:, soft] = (kept >> np.uint16(8)).astype(np.uint8)


def slide(target: Planes, picture: Planes, share: float) -> None:
    """Let `picture` come in from the right and push `target` out to the left."""
    gone = round(target.width * min(1.0, max(0.0, share)) / 2) * 2
    for step, (plane, other) in zip((1, 2, 2), _pairs(target, picture), strict=True):
        moved, width = gone // step, plane.shape[1]
        plane[:, : width - moved] = plane[:, moved:].copy()
        plane[:, width - moved :] = other[:, :moved]


def _pairs(target: Planes, picture: Planes) -> tuple[tuple[Bytes, Bytes], ...]:
    return (target.y, picture.y), (target.u, picture.u), (target.v, picture.v)


def _mix(plane: Bytes, other: Bytes, weight: int) -> None:
    mixed = np.multiply(plane, np.uint16(256 - weight), dtype=np.uint16)
    mixed += np.multiply(other, np.uint16(weight), dtype=np.uint16)
    mixed += np.uint16(128)
    np.right_shift(mixed, 8, out=mixed)
    np.copyto(plane, mixed, casting="unsafe")
