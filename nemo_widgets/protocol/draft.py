"""The timeline that the agent edits; only this module knows the wire's short keys (``protocol/README.md``, *Draft*).

======  ===========================================
``t``   tracks
``tt``  track type: 0 video, 1 audio, 7 text
``sg``  segments
``s``   a segment's start, ms (else it follows the one before it)
``d``   duration, ms
``m``   metadata
======  ===========================================

Unknown keys survive a round trip, numbers may arrive as strings, and a missing key is never an error.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nemo_widgets.display import resolve

if TYPE_CHECKING:
    import pandas as pd

TrackKind = Literal["video", "audio", "text", "other"]

_KINDS: dict[int, TrackKind] = {0: "video", 1: "audio", 7: "text"}
_LABELS: dict[TrackKind, str] = {"video": "Video", "audio": "BGM", "text": "Title", "other": "Track"}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else ()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def _milliseconds(value: object) -> int | None:
    number = _number(value)
    return None if number is None else max(0, round(number))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a track.

    Attributes
    ----------
    id : str
        The service's identifier; empty when it gave none.
    start_ms, end_ms, duration_ms : int
        Where it lies on the timeline, in milliseconds.
    name, text, url, style : str
        From the metadata; empty when absent.
    volume : float or None
        0 to 1; None when the service said nothing about it.
    raw : Mapping
        The segment as it came over the wire.
    """

    id: str
    start_ms: int
    duration_ms: int
    name: str
    text: str
    url: str
    style: str
    volume: float | None
    raw: Mapping[str, Any]

    @property
    def end_ms(self) -> int:
        """Where it ends on the timeline, in milliseconds."""
        return self.start_ms + self.duration_ms

    @property
    def meta(self) -> Mapping[str, Any]:
        """All of its metadata, documented or not."""
        return _mapping(self.raw.get("m"))


@dataclass(frozen=True, slots=True)
class Track:
    """One lane of the timeline: its kind, its segments in wire order, and the track as it came."""

    kind: TrackKind
    segments: tuple[Segment, ...]
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name in the track's own metadata; usually empty."""
        return _text(_mapping(self.raw.get("m")).get("name"))


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A timeline, read tolerantly and kept as it came.

    Attributes
    ----------
    tracks : tuple of Track
        In wire order.
    raw : Mapping
        The draft as it came over the wire; `dump` gives it back unchanged.
    """

    tracks: tuple[Track, ...]
    raw: Mapping[str, Any]

    @classmethod
    def parse(cls, raw: object) -> "Draft":
        """Read a draft from decoded JSON, or from its text.

        Parameters
        ----------
        raw : object
            A mapping, or JSON text of one. Anything else is an empty draft: a new session has none.
        """
        if isinstance(raw, str | bytes):
            try:
                raw = json.loads(raw)
            except ValueError:
                raw = {}
        whole = _mapping(raw)
        return cls(tuple(_parse_track(_mapping(track)) for track in _items(whole.get("t"))), whole)

    def __repr__(self) -> str:
        return f"<Draft {self.summary()}>"

    def dump(self) -> Mapping[str, Any]:
        """Return the draft as it goes over the wire."""
        return self.raw

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to render: no track has a segment."""
        return not any(track.segments for track in self.tracks)

    @property
    def duration_ms(self) -> int:
        """The end of the last segment, or the draft's own ``d`` when it says more, in milliseconds."""
        ends = [segment.end_ms for track in self.tracks for segment in track.segments]
        return max([_milliseconds(self.raw.get("d")) or 0, *ends])

    @property
    def meta(self) -> Mapping[str, Any]:
        """The draft's own metadata."""
        return _mapping(self.raw.get("m"))

    @property
    def title(self) -> str:
        """The project's title; empty when it has none."""
        return _text(self.meta.get("title"))

    @property
    def width(self) -> int | None:
        """Canvas width in pixels, when the draft says it."""
        return _milliseconds(self.meta.get("width"))

    @property
    def height(self) -> int | None:
        """Canvas height in pixels, when the draft says it."""
        return _milliseconds(self.meta.get("height"))

    def to_frame(self) -> "pd.DataFrame":
        """Return the timeline as a table, one row a segment (`nemo_widgets.tables.tracks_table`)."""
        table: pd.DataFrame = resolve("tracks_table")(self)
        return table

    def summary(self) -> str:
        """Return the timeline in one line, as the service writes it.

        Examples
        --------
        ``Timeline (2 tracks): 1. Video: city timelapse (0-10s) 2. Title: "Urban Dreams" (0-3s)``
        """
        if self.is_empty:
            return "Timeline: empty"
        count = len(self.tracks)
        lanes = " ".join(f"{number}. {_lane(track)}" for number, track in enumerate(self.tracks, start=1))
        return f"Timeline ({count} track{'' if count == 1 else 's'}): {lanes}"


def _parse_track(raw: Mapping[str, Any]) -> Track:
    code = _number(raw.get("tt"))
    kind: TrackKind = "other" if code is None else _KINDS.get(int(code), "other")
    segments: list[Segment] = []
    following_ms = 0
    for item in _items(raw.get("sg")):
        segment = _parse_segment(_mapping(item), following_ms)
        following_ms = segment.end_ms
        segments.append(segment)
    return Track(kind, tuple(segments), raw)


def _parse_segment(raw: Mapping[str, Any], following_ms: int) -> Segment:
    meta = _mapping(raw.get("m"))
    start_ms = _milliseconds(raw.get("s"))
    identifier = raw.get("id")
    return Segment(
        id=str(identifier) if isinstance(identifier, str | int) else "",
        start_ms=following_ms if start_ms is None else start_ms,
        duration_ms=_milliseconds(raw.get("d")) or 0,
        name=_text(meta.get("name")),
        text=_text(meta.get("text")),
        url=_text(meta.get("url")),
        style=_text(meta.get("style")),
        volume=_number(meta.get("volume")),
        raw=raw,
    )


def _lane(track: Track) -> str:
    label = _LABELS[track.kind]
    return f"{label}: {', '.join(_span(track, segment) for segment in track.segments) or 'empty'}"


def _span(track: Track, segment: Segment) -> str:
    what = f'"{segment.text}"' if segment.text else segment.name or track.name or "unnamed"
    inside = f"{seconds(segment.start_ms)}-{seconds(segment.end_ms)}s"
    if track.kind == "audio" and segment.volume is not None:
        inside += f", {round(segment.volume * 100)}%"
    return f"{what} ({inside})"


def seconds(ms: int) -> str:
    """Milliseconds as seconds in words: ``3``, ``2.5``, at most two decimals."""
    return f"{ms / 1000:.2f}".rstrip("0").rstrip(".")
