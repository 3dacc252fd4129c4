"""Parallax layers: pictures wider than the frame, drawn once, that wrap round and slide by half pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

from nemo_widgets.local.picture.scenes.planes import (
    Bytes,
    Color,
    Floats,
    Planes,
    blend,
    flattened,
    pixels,
    premultiply,
    yuv_of,
)

OVERSAMPLING = 2
"""A strip is drawn at twice its size, in both directions: that smooths its edges and gives it half-pixel steps."""

_BLOCK = 16
_BAND = 256
_PIECE = 64
_SHORTEST_RUN = 26
"""In blocks: about where skipping a gap saves more than another call costs."""

_FEW = 0.035
"""Share of half transparent pixels up to which it is faster to blend them one by one."""

_Part = tuple[slice, slice]

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


class _Layer(Protocol):
    """The strip in the planes of one size: luma alone, or both of chroma."""

    def lay(self, planes: tuple[Bytes, ...], runs: list[_Run], top: int, start: int) -> None:
        """Lay it over `planes` from row `top` on, beginning with its column `start`."""


class _Blend:
    """A layer with many half transparent pixels: all of it is blended.

    Parameters
    ----------
    values : tuple of NDArray[np.uint8]
        Its colours, one for each plane.
    opacity : NDArray[np.uint8]
        How much of them is to be seen.
    """

    def __init__(self, values: tuple[Bytes, ...], opacity: Bytes) -> None:
        ready = [premultiply(plane, opacity) for plane in values]
        self._kept = ready[0][0]
        self._added = [added for _, added in ready]

    def lay(self, planes: tuple[Bytes, ...], runs: list[_Run], top: int, start: int) -> None:
        for run, here, there in _in_sight(runs, planes[0].shape, top, start, self._kept.shape[1]):
            for plane, added in zip(planes, self._added, strict=True):
                if run.solid:
                    np.right_shift(added[there], 8, out=plane[here], casting="unsafe")
                else:
                    blend(plane[here], self._kept[there], added[there])


class _Cut:
    """A layer whose pixels nearly all hide the ground or leave it alone.

    For those two operations on bits are enough, with two thirds of the memory to be read; the others are few, and
    blended one by one, column by column: what is in sight of them is then one piece.
    """

    def __init__(self, values: tuple[Bytes, ...], opacity: Bytes) -> None:
        solid = (opacity == 255).view(np.uint8)
        self._keep = solid - np.uint8(1)
        self._values = [np.multiply(plane, solid) for plane in values]
        self._row, self._column = _by_column(_partial(opacity))
        self._lowest = int(self._row.max(initial=0))
        self._first = np.searchsorted(self._column, np.arange(opacity.shape[1] + 1)).tolist()
        edges = (self._row, self._column)
        ready = [premultiply(plane[edges], opacity[edges]) for plane in values]
        self._kept = ready[0][0].astype(np.uint16)
        self._added = [added for _, added in ready]

    def lay(self, planes: tuple[Bytes, ...], runs: list[_Run], top: int, start: int) -> None:
        period = self._keep.shape[1]
        for run, here, there in _in_sight(runs, planes[0].shape, top, start, period):
            for plane, values in zip(planes, self._values, strict=True):
                target = plane[here]
                if run.solid:
                    np.copyto(target, values[there])
                else:
                    np.bitwise_and(target, self._keep[there], target)
                    np.bitwise_or(target, values[there], target)
        width = planes[0].shape[1]
        for turn in (0, period):
            left, right = max(0, start - turn), min(period, start - turn + width)
            if right > left:
                self._lay_edges(planes, slice(self._first[left], self._first[right]), top, turn - start)

    def _lay_edges(self, planes: tuple[Bytes, ...], some: slice, top: int, aside: int) -> None:
        pitch = flattened(planes[0])[1]
        place = self._row[some] * pitch
        place += self._column[some]
        place += top * pitch + aside
        kept, inside = self._kept[some], None
        if top + self._lowest >= planes[0].shape[0]:
            inside = self._row[some] < planes[0].shape[0] - top
            place, kept = place[inside], kept[inside]
        for plane, added in zip(planes, self._added, strict=True):
            flat = flattened(plane)[0]
            seen = flat.take(place).astype(np.uint16)
            seen *= kept
            seen += added[some] if inside is None else added[some][inside]
            seen >>= np.uint16(8)
            flat[place] = seen


def _by_column(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of what is set, column by column: ``nonzero`` of the transpose is four times slower."""
    row, column = np.divmod(np.flatnonzero(mask), mask.shape[1])
    order = np.argsort(column.astype(np.uint16), kind="stable")
    return row[order], column[order]


def _partial(opacity: Bytes) -> NDArray[np.bool_]:
    return (opacity > 0) & (opacity < 255)


def _layer(values: tuple[Bytes, ...], opacity: Bytes) -> _Layer:
    return (_Cut if _partial(opacity).mean() < _FEW else _Blend)(values, opacity)


@dataclass(frozen=True, slots=True)
class Veil:
    """Air in front of a strip, thicker in some rows than in others.

    Attributes
    ----------
    rgb : Color
        Its colour.
    share : NDArray[np.float32]
        How much it hides in each row of the strip, 0 to 1.
    """

    rgb: Color
    share: Floats

    def lay(self, planes: tuple[Bytes, Bytes, Bytes]) -> None:
        """Draw it over the colours of a strip. Its edges stay as they are: only what is there lies behind the air."""
        rows = planes[0].shape[0]
        for plane, goal, step in zip(planes, yuv_of(self.rgb), (1, 2, 2), strict=True):
            share = self.share[:rows].reshape(-1, step).mean(axis=1)
            hidden = np.rint(share * 256).astype(np.uint16)[:, None]
            added = np.rint(share * (goal * 256)).astype(np.uint16)[:, None] + np.uint16(128)
            # In pieces that stay in the processor's cache.
            for top in range(0, len(plane), _PIECE):
                some = slice(top, top + _PIECE)
                seen = plane[some] * (256 - hidden[some])
                seen += added[some]
                seen >>= np.uint16(8)
                plane[some] = seen


class Strip:
    """One layer of a landscape.

    Parameters
    ----------
    picture : PIL.Image.Image or NDArray[np.uint8]
        RGBA at `OVERSAMPLING` times its size; its width is the period after which it repeats, a multiple of 4.
        Transparent pixels should carry the colour of their neighbours.
    top : int
        Where its first row lies in the frame, in pixels, even.
    veil : Veil or None
        Air in front of it.
    """

    def __init__(self, picture: Image.Image | Bytes, top: int, veil: Veil | None = None) -> None:
        pixels_ = np.asarray(picture)
        self._veil = veil
        self.top = top - top % 2
        self.period = pixels_.shape[1] // OVERSAMPLING // 2 * 2
        self.rows = pixels_.shape[0] // OVERSAMPLING // 2 * 2
        drawn = pixels_[: self.rows * OVERSAMPLING, : self.period * OVERSAMPLING]
        first, first_alpha = self._phase(np.ascontiguousarray(drawn))
        second, second_alpha = self._phase(np.roll(drawn, -1, axis=1))
        self._phases = (first, second)
        self._runs = _find_runs(np.minimum(first_alpha, second_alpha), np.maximum(first_alpha, second_alpha))
        self._halved = [run.halved for run in self._runs]

    def _phase(self, drawn: Bytes) -> tuple[tuple[_Layer, _Layer], Bytes]:
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
        if self._veil is not None:
            self._veil.lay((y, u, v))
        half = np.asarray(Image.fromarray(alpha).reduce(2))
        return (_layer((y,), alpha), _layer((u, v), half)), alpha

    def draw(self, target: Planes, offset: float) -> None:
        """Lay the strip over `target`, its left edge moved `offset` pixels to the left."""
        halves = round(offset * 2)
        start = (halves // 2) % self.period
        luma, chroma = self._phases[halves % 2]
        luma.lay((target.y,), self._runs, self.top, start)
        chroma.lay((target.u, target.v), self._halved, self.top // 2, start // 2)


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


def _in_sight(
    runs: list[_Run], shape: tuple[int, ...], top: int, start: int, period: int
) -> Iterator[tuple[_Run, _Part, _Part]]:
    """Yield the runs that a plane of `shape` shows, where it shows them, and which part of the strip that is."""
    height, width = shape
    for run in runs:
        first, last = top + run.top, min(top + run.bottom, height)
        for turn in (0, period):
            aside = turn - start
            left, right = max(0, run.left + aside), min(width, run.right + aside)
            if right > left and last > first:
                yield (
                    run,
                    (slice(first, last), slice(left, right)),
                    (
                        slice(run.top, run.top + last - first),
                        slice(left - aside, right - aside),
                    ),
                )
