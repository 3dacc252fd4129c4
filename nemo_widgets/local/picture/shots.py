"""What a draft says about one shot, read tolerantly: what is not understood counts as absent."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nemo_widgets.protocol.draft import Segment

SLOWEST, FASTEST = 0.1, 8.0
"""What `Shot.speed` is held to."""

TRANSITIONS = ("crossfade", "fade_black", "wipe", "slide")
"""How a shot may come in."""

_SMALLEST_FRAME = 0.02


def number(meta: Mapping[str, Any], key: str, default: float, low: float, high: float) -> float:
    """Return a number of the metadata, held between `low` and `high`; `default` where there is none."""
    value = meta.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return default
    return min(high, max(low, float(value)))


def text(meta: Mapping[str, Any], key: str) -> str:
    """Return a text of the metadata; empty where there is none."""
    value = meta.get(key)
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the canvas: left, top, width and height as shares of it, 0 to 1."""

    left: float
    top: float
    width: float
    height: float

    def pixels(self, canvas: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return left, top, width and height in pixels of `canvas`, all even, at least 2 wide and high."""
        wide, high = canvas
        left, top = round(self.left * wide / 2) * 2, round(self.top * high / 2) * 2
        width = max(2, min(round(self.width * wide / 2) * 2, wide - left))
        height = max(2, min(round(self.height * high / 2) * 2, high - top))
        return min(left, wide - width), min(top, high - height), width, height


@dataclass(frozen=True, slots=True)
class Shot:
    """A segment of a video track.

    Attributes
    ----------
    segment : Segment
        As it came.
    seed : int
        What varies from one take to the next.
    in_s : float
        Where in its scene or file it begins, in seconds.
    speed : float
        1 is as filmed, 2 twice as fast.
    reverse : bool
        Whether it runs backwards, from what would be its end.
    transition : str
        One of `TRANSITIONS`; empty for a cut.
    transition_s, fade_in_s, fade_out_s : float
        How long it comes in, rises from black and falls to black, in seconds.
    rotate : int
        Quarter turns to the right, 0 to 3.
    flip : str
        ``"h"`` left for right, ``"v"`` top for bottom, else empty.
    frame : Box or None
        Where it lies on the canvas; None is all of it.
    grade : Mapping of str to float
        ``warmth``, ``brightness``, ``contrast``, ``saturation``, each -1 to 1, 0 where it says nothing.
    """

    segment: Segment
    seed: int
    in_s: float
    speed: float
    reverse: bool
    transition: str
    transition_s: float
    fade_in_s: float
    fade_out_s: float
    rotate: int
    flip: str
    frame: Box | None
    grade: Mapping[str, float]

    @property
    def duration_s(self) -> float:
        """How long it lasts on the timeline, in seconds."""
        return self.segment.duration_ms / 1000

    def meta(self, key: str) -> str:
        """Return a text of its metadata; empty where there is none."""
        return text(self.segment.meta, key)

    def source_s(self, at_s: float) -> float:
        """Return which moment of its scene or file is seen `at_s` seconds after it began; none before `in_s`."""
        gone = (self.duration_s - at_s if self.reverse else at_s) * self.speed
        return self.in_s + max(0.0, gone)


def read_shot(segment: Segment) -> Shot:
    """Read a segment of a video track."""
    meta = segment.meta
    length_s = segment.duration_ms / 1000
    transition = meta.get("transition")
    coming = transition if isinstance(transition, Mapping) else {}
    kind = text(coming, "kind")
    raw_grade = meta.get("grade")
    given = raw_grade if isinstance(raw_grade, Mapping) else {}
    known = kind in TRANSITIONS
    return Shot(
        segment,
        seed=int(number(meta, "seed", 0, -(2.0**53), 2.0**53)),
        in_s=number(meta, "in_ms", 0, 0, 1e9) / 1000,
        speed=number(meta, "speed", 1, SLOWEST, FASTEST),
        reverse=meta.get("reverse") is True,
        transition=kind if known else "",
        transition_s=min(length_s, number(coming, "ms", 0, 0, 1e6) / 1000) if known else 0.0,
        fade_in_s=min(length_s, number(meta, "fade_in_ms", 0, 0, 1e6) / 1000),
        fade_out_s=min(length_s, number(meta, "fade_out_ms", 0, 0, 1e6) / 1000),
        rotate=round(number(meta, "rotate", 0, -1e6, 1e6) / 90) % 4,
        flip=text(meta, "flip") if text(meta, "flip") in ("h", "v") else "",
        frame=_box(meta.get("frame")),
        grade={key: number(given, key, 0, -1, 1) for key in ("warmth", "brightness", "contrast", "saturation")},
    )


def _box(value: object) -> Box | None:
    if not isinstance(value, list | tuple) or len(value) != 4:
        return None
    shares = {str(index): share for index, share in enumerate(value)}
    left, top, width, height = (number(shares, str(index), -1, 0, 1) for index in range(4))
    if min(left, top) < 0 or min(width, height) < _SMALLEST_FRAME:
        return None
    # Never wholly outside: what reaches over the right or lower border is cut there.
    box = Box(min(left, 1 - _SMALLEST_FRAME), min(top, 1 - _SMALLEST_FRAME), width, height)
    return None if (left, top, width, height) == (0, 0, 1, 1) else box
