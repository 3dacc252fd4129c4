"""Drafts as the planner changes them: pure functions from one raw draft to the next (``protocol/README.md``, *Draft*).

The first track of pictures holds the shots, one after another; further ones hold insets (`frame` in their metadata).
Texts lie on one track for titles and one for captions, music and ambience each on a track of its own.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Raw = Mapping[str, Any]
"""A draft, a track or a segment as it goes over the wire."""

VIDEO, AUDIO, TEXT = 0, 1, 7
FPS = 30
SHORTEST_MS, LONGEST_MS = 1_000, 180_000
"""Bounds on the whole."""
SHORTEST_SHOT_MS = 200


def meta(piece: Raw) -> Raw:
    """Return the metadata of a segment."""
    found = piece.get("m")
    return found if isinstance(found, Mapping) else {}


def new_draft(shots: Sequence[Raw], *, title: str, size: tuple[int, int]) -> Raw:
    """Return a draft with shots and nothing else."""
    draft = {"t": [], "d": 0, "m": {"title": title, "width": size[0], "height": size[1], "fps": FPS}}
    return with_shots(draft, shots)


def shot(name: str, duration_ms: int, **facts: object) -> Raw:
    """Return a segment without id and start: `with_shots` gives it both."""
    return {"d": duration_ms, "m": {"name": name, **facts}}


def altered(piece: Raw, **facts: object) -> Raw:
    """Return a segment with other metadata; None takes a key out."""
    merged = {**meta(piece), **facts}
    return {**piece, "m": {key: value for key, value in merged.items() if value is not None}}


def start_of(piece: Raw) -> int:
    """Return where a segment begins, in milliseconds."""
    return int(piece.get("s") or 0)


def end_of(piece: Raw) -> int:
    """Return where a segment ends, in milliseconds."""
    return start_of(piece) + int(piece.get("d") or 0)


# Tracks


def _lanes(draft: Raw) -> list[Raw]:
    return [lane for lane in draft.get("t") or () if isinstance(lane, Mapping)]


def shots(draft: Raw) -> list[Raw]:
    """Return the shots, in order."""
    lane = next((lane for lane in _lanes(draft) if lane.get("tt") == VIDEO and lane.get("sg")), None)
    return list(lane["sg"]) if lane else []


def total_ms(draft: Raw) -> int:
    """Return how long the shots last, in milliseconds."""
    return max((end_of(piece) for piece in shots(draft)), default=0)


def with_shots(draft: Raw, pieces: Sequence[Raw], *, moved: Callable[[int], int] | None = None) -> Raw:
    """Replace the shots; each follows the one before it, and everything else is cut to the new length.

    Parameters
    ----------
    draft : Raw
        What to change.
    pieces : sequence of Raw
        The new shots; those without an id get one. What is beyond the longest clip is left out.
    moved : callable, optional
        Where a moment of the old timeline is in the new one, in milliseconds: captions go along.
    """
    next_id = fresh_ids(draft, "v", pieces)
    laid: list[Raw] = []
    start = 0
    for piece in pieces:
        length = min(int(piece["d"]), LONGEST_MS - start)
        if length > 0:
            laid.append({**piece, "id": piece.get("id") or next_id(), "s": start, "d": length})
            start += length
    return fitted(_replaced(draft, VIDEO, laid), moved)


def _replaced(draft: Raw, kind: int, pieces: Sequence[Raw]) -> Raw:
    """Put other segments on the first track of a kind."""
    changed = copy.deepcopy(dict(draft))
    lanes = changed.setdefault("t", [])
    lane = next((lane for lane in lanes if lane.get("tt") == kind and lane.get("sg")), None)
    if lane is None:
        lane = {"tt": kind, "sg": []}
        lanes.insert(0 if kind == VIDEO else len(lanes), lane)
    lane["sg"] = [copy.deepcopy(dict(piece)) for piece in pieces]
    changed["t"] = [lane for lane in lanes if lane.get("sg")]
    return changed


def fresh_ids(draft: Raw, letter: str, pieces: Sequence[Raw] = ()) -> Callable[[], str]:
    """Return what gives ids that no segment of a draft has, such as ``v3``."""
    taken = {str(piece.get("id")) for lane in _lanes(draft) for piece in (*lane.get("sg", ()), *pieces)}
    taken |= {str(piece.get("id")) for piece in pieces}
    number = 0

    def next_id() -> str:
        nonlocal number
        number += 1
        while f"{letter}{number}" in taken:
            number += 1
        return f"{letter}{number}"

    return next_id


def fitted(draft: Raw, moved: Callable[[int], int] | None = None) -> Raw:
    """Cut everything to the length of the shots, and mend what only fits between two of them."""
    changed = copy.deepcopy(dict(draft))
    total = total_ms(changed)
    first = True
    lanes = []
    for lane in changed.get("t", ()):
        kind = lane.get("tt")
        if kind == VIDEO and first:
            lane["sg"] = _joined(lane["sg"])
            first = False
        elif kind == AUDIO:
            lane["sg"] = [_stretched(piece, total) for piece in lane["sg"] if start_of(piece) < total]
        else:
            lane["sg"] = _kept_inside(lane["sg"], total, moved if kind in (TEXT, VIDEO) else None)
        if lane["sg"]:
            lanes.append(lane)
    changed["t"] = lanes
    changed["d"] = total
    return changed


def _joined(pieces: list[Any]) -> list[Raw]:
    """Take the transition off the first shot, and let none be longer than half a shot beside it."""
    joined: list[Raw] = []
    for index, piece in enumerate(pieces):
        coming = meta(piece).get("transition")
        if isinstance(coming, Mapping):
            room = min(int(piece["d"]), int(pieces[index - 1]["d"])) // 2
            ms = min(int(coming.get("ms") or 0), room)
            piece = altered(piece, transition=None if index == 0 or ms <= 0 else {**coming, "ms": ms})
        joined.append(piece)
    return joined


def _stretched(piece: Raw, total: int) -> Raw:
    return {**piece, "d": total - start_of(piece)}


def _kept_inside(pieces: list[Any], total: int, moved: Callable[[int], int] | None) -> list[Raw]:
    kept: list[Raw] = []
    for piece in pieces:
        start = start_of(piece) if moved is None else max(0, moved(start_of(piece)))
        length = min(int(piece.get("d") or 0), total - start)
        if length > 0:
            kept.append({**piece, "s": start, "d": length})
    return kept


# Texts, sounds and insets: segments on tracks that are told apart by what is on them


def role_of(piece: Raw) -> str:
    """Return whether a text is a title or a caption."""
    return "caption" if meta(piece).get("role") == "caption" else "title"


def texts(draft: Raw, role: str | None = None) -> list[Raw]:
    """Return the texts, or those of one role, in order."""
    found = [piece for lane in _lanes(draft) if lane.get("tt") == TEXT for piece in lane.get("sg", ())]
    return sorted((piece for piece in found if role in (None, role_of(piece))), key=start_of)


def with_texts(draft: Raw, role: str, pieces: Sequence[Raw]) -> Raw:
    """Replace the texts of a role."""
    return _with_lane(draft, TEXT, lambda piece: role_of(piece) == role, pieces, "x")


def is_ambience(piece: Raw) -> bool:
    """Whether a sound is of a place, not music."""
    return "ambience" in meta(piece)


def music(draft: Raw) -> list[Raw]:
    """Return the music, in order."""
    return [piece for piece in _sounds(draft) if not is_ambience(piece)]


def ambience(draft: Raw) -> list[Raw]:
    """Return the sounds of places, in order."""
    return [piece for piece in _sounds(draft) if is_ambience(piece)]


def _sounds(draft: Raw) -> list[Raw]:
    return [piece for lane in _lanes(draft) if lane.get("tt") == AUDIO for piece in lane.get("sg", ())]


def with_music(draft: Raw, pieces: Sequence[Raw]) -> Raw:
    """Replace the music."""
    return _with_lane(draft, AUDIO, lambda piece: not is_ambience(piece), pieces, "a")


def with_ambience(draft: Raw, pieces: Sequence[Raw]) -> Raw:
    """Replace the sounds of places."""
    return _with_lane(draft, AUDIO, is_ambience, pieces, "e")


def insets(draft: Raw) -> list[Raw]:
    """Return the pictures that lie over the shots, in order."""
    lanes = [lane for lane in _lanes(draft) if lane.get("tt") == VIDEO and lane.get("sg")][1:]
    return [piece for lane in lanes for piece in lane["sg"]]


def with_insets(draft: Raw, pieces: Sequence[Raw]) -> Raw:
    """Replace the pictures that lie over the shots."""
    known = {str(piece.get("id")) for piece in insets(draft)}
    return _with_lane(draft, VIDEO, lambda piece: str(piece.get("id")) in known, pieces, "p")


def _with_lane(draft: Raw, kind: int, belongs: Callable[[Raw], bool], pieces: Sequence[Raw], letter: str) -> Raw:
    """Replace the segments that belong together; they get a track of their own where there is none yet."""
    changed = copy.deepcopy(dict(draft))
    next_id = fresh_ids(draft, letter, pieces)
    new = [{**copy.deepcopy(dict(piece)), "id": piece.get("id") or next_id()} for piece in pieces]
    new.sort(key=start_of)
    lanes = []
    for lane in changed.get("t", ()):
        others = [piece for piece in lane.get("sg", ()) if not belongs(piece)]
        if lane.get("tt") == kind and len(others) < len(lane.get("sg", ())):
            lane["sg"] = [*others, *new] if new else others
            new = []
        if lane["sg"]:
            lanes.append(lane)
    if new:
        lanes.append({"tt": kind, "sg": new})
    changed["t"] = lanes
    return fitted(changed)


def dropped_texts(before: Raw, after: Raw) -> list[str]:
    """Return the words of the texts that were lost when the length changed."""
    left = {str(piece.get("id")) for piece in texts(after)}
    return [str(meta(piece).get("text", "")) for piece in texts(before) if str(piece.get("id")) not in left]


def with_facts(draft: Raw, **facts: object) -> Raw:
    """Change the draft's own metadata."""
    return {**draft, "m": {**(draft.get("m") or {}), **facts}}


def prepared(draft: Raw) -> Raw:
    """Return a draft in which every segment has an id, a start and a length, so that it can be changed."""
    changed = copy.deepcopy(dict(draft))
    lanes = []
    for lane in _lanes(changed):
        pieces = [dict(piece) for piece in lane.get("sg") or () if isinstance(piece, Mapping)]
        following = 0
        for piece in pieces:
            piece["d"] = max(0, _whole(piece.get("d")) or 0)
            start = _whole(piece.get("s"))
            piece["s"] = following if start is None else max(0, start)
            following = end_of(piece)
        lanes.append({**lane, "tt": _whole(lane.get("tt")), "sg": [piece for piece in pieces if piece["d"] > 0]})
    changed["t"] = lanes
    letters = {VIDEO: "v", AUDIO: "a", TEXT: "x"}
    seen: set[str] = set()
    for lane in lanes:
        next_id = fresh_ids(changed, letters.get(lane["tt"], "o"))
        for piece in lane["sg"]:
            if not piece.get("id") or str(piece["id"]) in seen:
                piece["id"] = next_id()
            seen.add(str(piece["id"]))
    return changed


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return round(float(value))
    except (ValueError, OverflowError):
        return None
