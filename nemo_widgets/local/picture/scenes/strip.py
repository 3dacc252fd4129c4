"""Parallax layers: pictures wider than the frame, drawn once, that wrap round and slide by half pixels."""

from dataclasses import dataclass
from itertools import groupby

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import Bytes, Planes, Words, blend, pixels, premultiply

OVERSAMPLING = 2
"""A strip is drawn at twice its size, in both directions: that smooths its edges and gives it half-pixel steps."""

_BLOCK = 16
_BAND = 128
_SHORTEST_RUN = 26
"""In blocks: about where skipping a gap saves more than another call costs."""

_EMPTY, _MIXED, _SOLID = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Run:
    """Columns of one band of rows that hold something; solid ones hide what is behind them."""

    top: int
    bottom: int
    left: int
    right: int
    solid: bool

    @property
    def halved(self) -> "_Run":
        """The same run in a plane of chroma."""
        return _Run(self.top // 2, self.bottom // 2, self.left // 2, self.right // 2, self.solid)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One plane of the strip: what is kept of the ground, and what is added to it, as `blend` takes them."""

    kept: Bytes
    added: Words


class Strip:
    """One layer of a landscape.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGBA at `OVERSAMPLING` times its size; its width is the period after which it repeats, a multiple of 4.
        Transparent pixels should carry the colour of their neighbours.
    top : int
        Where its first row lies in the frame, in pixels, even.
    """

    def __init__(self, picture: Image.Image, top: int) -> None:
        self.top = top - top % 2
        self.period = picture.width // OVERSAMPLING // 2 * 2
        self.rows = picture.height // OVERSAMPLING // 2 * 2
        drawn = np.asarray(picture)[: self.rows * OVERSAMPLING, : self.period * OVERSAMPLING]
        first, first_alpha = self._phase(np.ascontiguousarray(drawn))
        second, second_alpha = self._phase(np.roll(drawn, -1, axis=1))
        self._phases = (first, second)
        self._runs = _find_runs(np.minimum(first_alpha, second_alpha), np.maximum(first_alpha, second_alpha))

    def _phase(self, drawn: Bytes) -> tuple[tuple[_Layer, _Layer, _Layer], Bytes]:
        frame = av.VideoFrame.from_numpy_buffer(drawn, format="rgba")
        scaled = VideoReformatter().reformat(
            frame,
            self.period,
            self.rows,
            "yuva420p",
            interpolation=Interpolation.AREA,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        y, u, v, alpha = (pixels(plane) for plane in scaled.planes)
        half = np.asarray(Image.fromarray(alpha).reduce(2))
        first, second, third = (_Layer(*premultiply(plane, mask)) for plane, mask in ((y, alpha), (u, half), (v, half)))
        return (first, second, third), alpha

    def draw(self, target: Planes, offset: float) -> None:
        """Lay the strip over `target`, its left edge moved `offset` pixels to the left."""
        halves = round(offset * 2)
        start = (halves // 2) % self.period
        luma, u, v = self._phases[halves % 2]
        for run in self._runs:
            _lay(((target.y, luma),), run, self.top, start, self.period)
            _lay(((target.u, u), (target.v, v)), run.halved, self.top // 2, start // 2, self.period // 2)


def _find_runs(lowest: Bytes, highest: Bytes) -> list[_Run]:
    """Split a strip into bands, and each band into runs of columns that have to be drawn."""
    rows, period = lowest.shape
    runs = []
    for top in range(0, rows, _BAND):
        bottom = min(rows, top + _BAND)
        kinds = _kinds(lowest[top:bottom], highest[top:bottom], period)
        at = 0
        for kind, group in groupby(kinds):
            length = len(list(group))
            if kind != _EMPTY:
                right = min(period, (at + length) * _BLOCK)
                runs.append(_Run(top, bottom, at * _BLOCK, right, kind == _SOLID))
            at += length
    return runs


def _kinds(lowest: Bytes, highest: Bytes, period: int) -> list[int]:
    """Classify blocks of columns; runs too short to be worth calls of their own join the mixed ones."""
    edges = np.arange(0, period, _BLOCK)
    empty: NDArray[np.bool_] = np.maximum.reduceat(highest.max(axis=0), edges) == 0
    solid: NDArray[np.bool_] = np.minimum.reduceat(lowest.min(axis=0), edges) == 255
    kinds = np.where(empty, _EMPTY, np.where(solid, _SOLID, _MIXED)).tolist()
    joined: list[int] = []
    for kind, group in groupby(kinds):
        length = len(list(group))
        joined += [_MIXED if length < _SHORTEST_RUN < len(kinds) else kind] * length
    return joined


def _lay(pairs: tuple[tuple[Bytes, _Layer], ...], run: _Run, top: int, start: int, period: int) -> None:
    """Draw one run where it is in sight, into one or two planes of the same size."""
    height, width = pairs[0][0].shape
    first, last = top + run.top, min(top + run.bottom, height)
    if last <= first:
        return
    below = slice(run.top, run.top + last - first)
    for turn in (0, period):
        left, right = max(0, run.left - start + turn), min(width, run.right - start + turn)
        if right <= left:
            continue
        beside = slice(left + start - turn, right + start - turn)
        for plane, layer in pairs:
            target = plane[first:last, left:right]
            if run.solid:
                np.right_shift(layer.added[below, beside], 8, out=target, casting="unsafe")
            else:
                blend(target, layer.kept[below, beside], layer.added[below, beside])
