"""A still picture over a moving ground: put together from layers once, then laid over every frame."""

from itertools import groupby

import numpy as np

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, Planes, Words, blend, yuv

_STRIPE = 64
"""Columns that are laid in one go; each stripe has as many rows as it needs."""
_SHORTEST_SOLID = 48
"""Rows from which on it pays to treat those apart that hide all that is behind them."""


class Plate:
    """Layers over one another, in pixels of the frame; `seal` makes them quick to lay.

    Parameters
    ----------
    width, height : int
        Of the frame, both even.
    """

    def __init__(self, width: int, height: int) -> None:
        self._light = np.zeros((height, width, 3), np.float32)
        self._seen = np.ones((height, width), np.float32)

    def over(self, rgb: Floats | Color, alpha: Floats, left: int = 0, top: int = 0) -> None:
        """Put a layer on top, its corner at (`left`, `top`); of `alpha` 1 it hides what is below."""
        part = (slice(top, top + alpha.shape[0]), slice(left, left + alpha.shape[1]))
        kept = 1 - alpha
        self._seen[part] *= kept
        self._light[part] *= kept[..., None]
        self._light[part] += np.asarray(rgb, np.float32) * alpha[..., None]

    def seal(self) -> "Still":
        """Return the picture as it is laid over frames."""
        # What is transparent adds nothing, so its black, 16, counts only as far as it is covered.
        y, u, v = yuv(self._light)
        cover = 1 - self._seen
        luma = (cover, [y - 16 + 16 * cover])
        chroma = (_half(cover), [_half(plane - 128 + 128 * cover) for plane in (u, v)])
        return Still(luma, chroma)


def _half(field: Floats) -> Floats:
    rows, columns = field.shape
    smaller: Floats = field.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    return smaller


class Still:
    """What a `Plate` has become."""

    def __init__(self, luma: tuple[Floats, list[Floats]], chroma: tuple[Floats, list[Floats]]) -> None:
        self._luma = _stripes(*luma, _STRIPE)
        self._chroma = _stripes(*chroma, _STRIPE // 2)

    def draw(self, target: Planes) -> None:
        """Lay it over `target`."""
        for planes, stripes in (((target.y,), self._luma), ((target.u, target.v), self._chroma)):
            for part, kept, added in stripes:
                for plane, values in zip(planes, added, strict=True):
                    if kept is None:
                        np.right_shift(values, 8, out=plane[part], casting="unsafe")
                    else:
                        blend(plane[part], kept, values)


_Stripe = tuple[tuple[slice, slice], Bytes | None, list[Words]]
"""Where it lies, what is kept of the ground (None is nothing), and what is added."""


def _stripes(cover: Floats, goals: list[Floats], wide: int) -> list[_Stripe]:
    random = generator(0, "plate")
    stripes: list[_Stripe] = []
    for left in range(0, cover.shape[1], wide):
        columns = slice(left, min(cover.shape[1], left + wide))
        filled = cover[:, columns].max(axis=1) > 1 / 400
        solid = cover[:, columns].min(axis=1) > 1 - 1 / 400
        kinds = np.where(solid, 2, filled.astype(np.int8))
        for top, bottom, kind in _runs(kinds.tolist()):
            part = (slice(top, bottom), columns)
            kept = None if kind == 2 else np.rint(255 * (1 - cover[part])).astype(np.uint8)
            # What is cut off is scattered: faint light shows no steps.
            dither = random.uniform(64, 320 if kind == 1 else 192, cover[part].shape).astype(np.float32)
            added = [np.clip(goal[part] * 256 + dither, 0, 65535).astype(np.uint16) for goal in goals]
            stripes.append((part, kept, added))
    return stripes


def _runs(kinds: list[int]) -> list[tuple[int, int, int]]:
    """Return from where to where rows are of one kind, without the empty ones; short solid runs join the mixed ones."""
    runs: list[tuple[int, int, int]] = []
    at = 0
    for kind, group in groupby(kinds):
        length = len(list(group))
        shown = 1 if kind == 2 and length < _SHORTEST_SOLID else kind
        if shown and runs and runs[-1][1] == at and runs[-1][2] == shown:
            runs[-1] = (runs[-1][0], at + length, shown)
        elif shown:
            runs.append((at, at + length, shown))
        at += length
    return runs
