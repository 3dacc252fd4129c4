"""What changed between two drafts, in sentences for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from nemo_widgets.protocol.alterations import framed, look_alterations, percent
from nemo_widgets.protocol.draft import Draft, Segment, TrackKind, seconds

_WORDS: Final[dict[TrackKind, str]] = {"video": "Video", "audio": "Music", "text": "Title", "other": "Track"}


def changes(before: Draft, after: Draft) -> tuple[str, ...]:
    """Tell the difference between two drafts, one plain sentence a change.

    What follows of itself is not told: that later shots begin earlier when one is shortened, or that the music which
    lasted as long as the whole still does. A change that several shots share is one sentence.

    Parameters
    ----------
    before, after : Draft
        The timeline at two moments.

    Returns
    -------
    tuple of str
        In the order of the new timeline, removals last; empty only when the drafts are equal.

    Examples
    --------
    ``('Title added: "Urban Dreams", 0–3 s',)``
    """
    if before.raw == after.raw:
        return ()
    old, new = _placed(before), _placed(after)
    partners, removed = _partners(old, new)
    sentences = list(_frame_changes(before, after))
    told: list[_Told] = []
    reordered = _is_reordered(partners, new, old)
    for was, now in zip(partners, new, strict=True):
        told += [_added(now)] if was is None else _alterations(was, now, reordered)
    sentences += _sentences(told, new)
    if reordered:
        shown = [now.what for now in new if now.is_shot]
        sentences.append(f"Order changed: {', '.join(shown)}")
    sentences.extend(f"{was.label} removed: {was.what}" for was in removed)
    return tuple(sentences) or ("Settings of the timeline changed",)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A segment, its track's kind, and how it lies there.

    `is_shot` is true on the first track of pictures, `follows` when it begins where the one before it ends (the first:
    at 0), `fills` when it lasts as long as the pictures do.
    """

    kind: TrackKind
    segment: Segment
    is_shot: bool
    follows: bool
    fills: bool

    @property
    def label(self) -> str:
        if self.segment.meta.get("role") == "caption":
            return "Caption"
        return "Ambience" if "ambience" in self.segment.meta else _WORDS[self.kind]

    @property
    def what(self) -> str:
        return f'"{self.segment.text}"' if self.segment.text else self.segment.name or "unnamed"

    @property
    def span(self) -> str:
        return f"{seconds(self.segment.start_ms)}–{seconds(self.segment.end_ms)} s"


@dataclass(frozen=True, slots=True)
class _Told:
    """One change of one segment; `shared` ones can be told of several at once."""

    placed: _Placed
    verb: str
    detail: str = ""
    shared: bool = False


def _placed(draft: Draft) -> list[_Placed]:
    total = max(
        (segment.end_ms for track in draft.tracks if track.kind == "video" for segment in track.segments), default=0
    )
    placed: list[_Placed] = []
    shots_seen = False
    for track in draft.tracks:
        is_shots = track.kind == "video" and bool(track.segments) and not shots_seen
        shots_seen = shots_seen or is_shots
        end_ms = 0
        for segment in track.segments:
            fills = segment.start_ms == 0 and segment.end_ms == total
            placed.append(_Placed(track.kind, segment, is_shots, segment.start_ms == end_ms, fills))
            end_ms = segment.end_ms
    return placed


def _partners(before: list[_Placed], after: list[_Placed]) -> tuple[list[_Placed | None], list[_Placed]]:
    """Find each segment's earlier self, the surest likeness first, and the segments that have no later one."""
    left = list(before)
    partners: list[_Placed | None] = [None] * len(after)
    for alike in (_same_id, _same_content, _same_role):
        for at, now in enumerate(after):
            if partners[at] is None:
                partners[at] = next((was for was in left if alike(was, now)), None)
                left = [was for was in left if was is not partners[at]]
    return partners, left


def _same_id(was: _Placed, now: _Placed) -> bool:
    return was.kind == now.kind and was.segment.id != "" and was.segment.id == now.segment.id


def _same_content(was: _Placed, now: _Placed) -> bool:
    def content(placed: _Placed) -> tuple[str, str, str, str]:
        return (placed.kind, placed.segment.text, placed.segment.name, placed.segment.url)

    return content(was) == content(now)


def _same_role(was: _Placed, now: _Placed) -> bool:
    return was.kind == now.kind and not (was.segment.id and now.segment.id)


def _is_reordered(partners: Sequence[_Placed | None], new: Sequence[_Placed], old: Sequence[_Placed]) -> bool:
    """Whether shots that were there before follow one another in another order now."""
    places = [
        next(place for place, one in enumerate(old) if one is was)
        for was, now in zip(partners, new, strict=True)
        if was is not None and was.is_shot and now.is_shot and was.segment.id
    ]
    return any(first > second for first, second in pairwise(places))


def _frame_changes(before: Draft, after: Draft) -> Iterator[str]:
    sizes = [(draft.width, draft.height) for draft in (before, after)]
    if sizes[0] != sizes[1] and None not in sizes[1]:
        old, new = ("×".join(str(side) for side in size) for size in sizes)
        yield f"Frame set to {new}" if None in sizes[0] else f"Frame changed: {old} → {new}"
    if after.title != before.title and after.title:
        yield f"Project named: {after.title}"


def _added(now: _Placed) -> _Told:
    details = [now.span]
    if now.kind == "audio" and now.segment.volume is not None:
        details.append(percent(now.segment.volume))
    if place := framed(now.segment.meta):
        details.append(place)
    return _Told(now, "added", ", ".join(details))


def _alterations(was: _Placed, now: _Placed, reordered: bool) -> list[_Told]:
    old, new = was.segment, now.segment
    if old.raw == new.raw and old.start_ms == new.start_ms:
        return []
    told: list[_Told] = []
    if was.what != now.what:
        told.append(_Told(now, "changed", f"{was.what} → {now.what}"))
    elif old.url != new.url:
        told.append(_Told(now, "replaced"))
    follows_whole = was.fills and now.fills and now.kind == "audio"
    if old.duration_ms != new.duration_ms and not follows_whole:
        verb = "shortened" if new.duration_ms < old.duration_ms else "lengthened"
        told.append(_Told(now, verb, f"{seconds(old.duration_ms)} s → {seconds(new.duration_ms)} s"))
    ripples = was.is_shot and now.is_shot and was.follows and now.follows
    if old.start_ms != new.start_ms and not (ripples and (reordered or old.id)):
        told.append(_Told(now, "moved", f"to {now.span}"))
    renamed = now.kind == "audio" and was.what != now.what  # other music has another style and seed: said already
    told += [
        _Told(now, one.verb, one.detail, shared=True)
        for one in look_alterations(old, new)
        if not (renamed and one.verb == "restyled")
    ]
    if not told and old.meta != new.meta:
        told.append(_Told(now, *_adjusted(old, new)))
    return told


def _adjusted(old: Segment, new: Segment) -> tuple[str, str]:
    begins = new.meta.get("in_ms")
    if old.meta.get("in_ms") != begins and isinstance(begins, int):
        return "begins elsewhere", f"{seconds(begins)} s into it"
    return "adjusted", ""


def _sentences(told: Sequence[_Told], new: Sequence[_Placed]) -> list[str]:
    """Write changes down; one that several shots share is one sentence, where the first of them stands."""
    shots = [placed for placed in new if placed.is_shot]
    done: set[tuple[str, str, str]] = set()
    sentences: list[str] = []
    for one in told:
        key = (one.placed.label, one.verb, one.detail)
        alike = [
            other.placed for other in told if other.shared and (other.placed.label, other.verb, other.detail) == key
        ]
        if not one.shared or len(alike) < 2:
            sentences.append(_sentence(one, one.placed.what))
        elif key not in done:
            done.add(key)
            everywhere = len(alike) == len(shots) and all(placed.is_shot for placed in alike)
            names = list(dict.fromkeys(placed.what for placed in alike))
            sentences.append(_sentence(one, "every shot" if everywhere else ", ".join(names)))
    return sentences


def _sentence(one: _Told, what: str) -> str:
    if one.verb == "changed":
        return f"{one.placed.label} changed: {one.detail}"
    return f"{one.placed.label} {one.verb}: {what}" + (f", {one.detail}" if one.detail else "")
