"""Random numbers by place rather than by turn: the same for the same numbers, whichever frame is drawn first."""

import numpy as np
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Floats


def scattered(seed: int, *keys: NDArray[np.int64] | int) -> Floats:
    """Return a number from 0 to 1 for each combination of whole numbers; `keys` have one shape or are single.

    The mixing is that of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    """
    mixed = np.asarray(seed & 0xFFFFFFFF, np.uint64)
    for key in keys:
        with np.errstate(over="ignore"):
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + np.asarray(key).astype(np.uint64)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed = mixed ^ (mixed >> np.uint64(31))
    shares: Floats = (mixed >> np.uint64(40)).astype(np.float32) * np.float32(1 / (1 << 24))
    return shares
