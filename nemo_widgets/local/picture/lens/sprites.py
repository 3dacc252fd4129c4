"""Small soft pictures, many at a time, on one plane of light that may be larger than what is shown of it."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats

_PHASES = 4
"""Positions between two pixels at which a sprite is kept ready, in each direction."""


def disc_bank(radius: float, core: float) -> Bytes:
    """Draw a soft disc at every position between two pixels.

    Parameters
    ----------
    radius : float
        Where it has faded to nothing, in pixels.
    core : float
        Share of the radius that is fully bright, 0 to 1.

    Returns
    -------
    NDArray[np.uint8]
        ``(phases down, phases across, rows, columns)``.
    """
    reach = int(np.ceil(radius)) + 1
    shift = np.arange(_PHASES, dtype=np.float32)[:, None] / _PHASES
    away = (np.arange(-reach, reach + 1, dtype=np.float32)[None, :] - shift) / np.float32(radius)
    distance = np.hypot(away[None, :, None, :], away[:, None, :, None])
    fade = np.clip((1 - distance) / np.float32(1 - core), 0, 1)
    return np.rint(fade * fade * (3 - 2 * fade) * 255).astype(np.uint8)


def stamp(plane: Bytes, bank: Bytes, x: Floats, y: Floats, strength: Floats) -> None:
    """Lay sprites on `plane`, the brighter value staying.

    Parameters
    ----------
    plane : NDArray[np.uint8]
        What is drawn on; sprites that reach over its border are left out.
    bank : NDArray[np.uint8]
        As `disc_bank` returns it.
    x, y, strength : NDArray[np.float32]
        Places in pixels, and how bright, 0 to 1; of one shape.
    """
    rows, columns = bank.shape[2:]
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    phase_x, phase_y = ((x - left) * _PHASES).astype(np.intp), ((y - top) * _PHASES).astype(np.intp)
    left, top = left - columns // 2, top - rows // 2
    height, width = plane.shape
    inside: NDArray[np.bool_] = (left >= 0) & (top >= 0) & (left + columns <= width) & (top + rows <= height)
    if not inside.any():
        return
    weight = np.rint(strength[inside] * 255).astype(np.uint16)
    light = bank[phase_y[inside], phase_x[inside]] * weight[:, None, None] >> np.uint16(8)
    first = top[inside] * width + left[inside]
    places = first[:, None, None] + (np.arange(rows) * width)[:, None] + np.arange(columns)
    flat = plane.reshape(-1)
    # Where two overlap one of them wins: flakes are too many and too small for it to be seen.
    flat[places] = np.maximum(flat[places], light.astype(np.uint8))
