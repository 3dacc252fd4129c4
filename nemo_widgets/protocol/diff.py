"""What changed between two drafts, in sentences for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nemo_widgets.protocol.draft import Draft, Segment, TrackKind, seconds

_WORDS: Final[dict[TrackKind, str]] = {"video": "Video", "audio": "Music", "text": "Title", "other": "Track"}


def changes(before: Draft, after: Draft) -> tuple[str, ...]:
    """Tell the difference between two drafts, one plain sentence a change.

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
    placed = _placed(after)
    partners, removed = _partners(_placed(before), placed)
    sentences = list(_frame_changes(before, after))
    for was, now in zip(partners, placed, strict=True):
        sentences.extend([_added(now)] if was is None else _alterations(was, now))
    sentences.extend(f"{was.label} removed: {was.what}" for was in removed)
    return tuple(sentences) or ("Settings of the timeline changed",)


@dataclass(frozen=True, slots=True)
class _Placed:
    kind: TrackKind
    segment: Segment

    @property
    def label(self) -> str:
        return _WORDS[self.kind]

    @property
    def what(self) -> str:
        return f'"{self.segment.text}"' if self.segment.text else self.segment.name or "unnamed"

    @property
    def span(self) -> str:
        return f"{seconds(self.segment.start_ms)}–{seconds(self.segment.end_ms)} s"


def _placed(draft: Draft) -> list[_Placed]:
    return [_Placed(track.kind, segment) for track in draft.tracks for segment in track.segments]


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


def _frame_changes(before: Draft, after: Draft) -> Iterator[str]:
    sizes = [(draft.width, draft.height) for draft in (before, after)]
    if sizes[0] != sizes[1] and None not in sizes[1]:
        old, new = ("×".join(str(side) for side in size) for size in sizes)
        yield f"Frame set to {new}" if None in sizes[0] else f"Frame changed: {old} → {new}"
    if after.title != before.title and after.title:
        yield f"Project named: {after.title}"


def _added(now: _Placed) -> str:
    sentence = f"{now.label} added: {now.what}, {now.span}"
    volume = now.segment.volume
    return f"{sentence}, {_percent(volume)}" if now.kind == "audio" and volume is not None else sentence


def _alterations(was: _Placed, now: _Placed) -> Iterator[str]:
    old, new = was.segment, now.segment
    if old.raw == new.raw and old.start_ms == new.start_ms:
        return
    told = False
    if was.what != now.what:
        told = True
        yield f"{now.label} changed: {was.what} → {now.what}"
    elif old.url != new.url:
        told = True
        yield f"{now.label} replaced: {now.what}"
    if old.duration_ms != new.duration_ms:
        told = True
        verb = "shortened" if new.duration_ms < old.duration_ms else "lengthened"
        yield f"{now.label} {verb}: {now.what}, {seconds(old.duration_ms)} s → {seconds(new.duration_ms)} s"
    if old.start_ms != new.start_ms:
        told = True
        yield f"{now.label} moved: {now.what}, to {now.span}"
    if old.volume != new.volume:
        told = True
        yield f"{now.label} volume: {now.what}, {_percent(old.volume)} → {_percent(new.volume)}"
    if old.style != new.style:
        told = True
        yield f"{now.label} restyled: {now.what}" + (f", {new.style}" if new.style else "")
    if not told and old.meta != new.meta:
        yield f"{now.label} adjusted: {now.what}"


def _percent(volume: float | None) -> str:
    return "as recorded" if volume is None else f"{round(volume * 100)} %"
