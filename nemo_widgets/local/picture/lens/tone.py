"""Curves for luma and colour: whole planes through a table of 256 values."""

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes

BLACK, WHITE, NEUTRAL = 16, 235, 128
"""Ends of luma, and chroma without colour (ITU-R BT.709, section 5.4)."""

_BAND = 128
"""Rows that are worked on at a time: few enough for what is in between to stay in the processor's cache."""


def packed(values: Floats) -> bytes:
    """Round 256 values from 0 to 255 to a table that `look_up` takes."""
    return bytes(np.rint(values).astype(np.uint8))


def table(values: Floats) -> bytes:
    """Round 256 values to a table that `look_up` takes; what lies outside of 16 to 235 is cut off."""
    return packed(np.clip(values, BLACK, WHITE))


def shares() -> Floats:
    """Return how bright each of the 256 values of luma is, 0 (black) to 1 (white)."""
    return np.clip((np.arange(256, dtype=np.float32) - BLACK) / (WHITE - BLACK), 0, 1)


def luma_table(curve: Floats) -> bytes:
    """Return the table of a curve: 256 values from 0 to 1, as `shares` gives them."""
    return table(BLACK + curve * np.float32(WHITE - BLACK))


def look_up(plane: Bytes, values: bytes) -> None:
    """Replace every value of `plane` by the one that the table has for it, in place."""
    # bytes.translate takes half a nanosecond a pixel, a third of what NumPy's take does.
    plane[:] = np.frombuffer(plane.tobytes().translate(values), np.uint8).reshape(plane.shape)


def coarse_luma(target: Planes) -> Bytes:
    """Return every other pixel of every other row: the luma that goes with the pixels of chroma."""
    return np.ascontiguousarray(target.y[::2, ::2])


def s_curve(at: Floats, strength: float, middle: float = 0.5) -> Floats:
    """Bend a straight line into an S around `middle`: darks darker, lights lighter.

    Parameters
    ----------
    at : NDArray[np.float32]
        0 to 1.
    strength : float
        0 is straight, 1 twice as steep in the middle.
    middle : float
        What stays as it is, between 0 and 1.
    """
    # Schlick's gain function with its knee moved by a power, so that black, `middle` and white stay in place.
    moved = np.power(at, np.float32(np.log(0.5) / np.log(min(0.95, max(0.05, middle)))))
    smooth = moved * moved * (3 - 2 * moved)
    bent: Floats = moved + (smooth - moved) * np.float32(strength)
    return np.power(np.clip(bent, 0, 1), np.float32(np.log(min(0.95, max(0.05, middle))) / np.log(0.5)))


def add_light(plane: Bytes, light: Bytes) -> None:
    """Add `light`, of the same shape and at most 219, to a plane of luma in place; white stays white."""
    np.minimum(plane, np.uint8(WHITE) - light, out=plane)
    plane += light


def veil(plane: Bytes, share: Bytes, goal: int | Bytes) -> None:
    """Move `plane` towards `goal` in place: 0 in `share` leaves it, 255 replaces it."""
    for top in range(0, len(plane), _BAND):
        some = slice(top, top + _BAND)
        mixed = np.multiply(plane[some], np.uint8(255) - share[some], dtype=np.uint16)
        towards = np.uint8(goal) if isinstance(goal, int) else goal[some]
        mixed += np.multiply(share[some], towards, dtype=np.uint16)
        mixed += np.uint16(255)
        np.right_shift(mixed, 8, out=mixed)
        np.copyto(plane[some], mixed, casting="unsafe")


def exceeding(plane: Bytes, least: int, most: int) -> Bytes:
    """Return by how much each value exceeds `least`: 0 where it doesn't, `most` where it would be more."""
    # NumPy takes the higher of a value and a row ten times as fast as that of a value and a number.
    row: Bytes = np.full(plane.shape[1], least, np.uint8)
    beyond = np.maximum(plane, row)
    beyond -= np.uint8(least)
    row[:] = most
    return np.minimum(beyond, row, out=beyond)
