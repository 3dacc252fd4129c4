"""Changes to a draft, as pure functions from one raw draft to the next (``protocol/README.md``, *Draft*)."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Raw = Mapping[str, Any]
"""A draft, a track or a segment as it goes over the wire."""

VIDEO, AUDIO, TEXT = 0, 1, 7
TITLE_MS = 3000
FPS = 30


def shot(name: str, duration_ms: int, **meta: object) -> Raw:
    """Return a segment of the video track, without id and start: `lay` gives it both."""
    return {"d": duration_ms, "m": {"name": name, **meta}}


def new_draft(shots: Sequence[Raw], *, title: str, size: tuple[int, int]) -> Raw:
    """Return a draft with one video track."""
    draft = {"t": [], "d": 0, "m": {"title": title, "width": size[0], "height": size[1], "fps": FPS}}
    return with_shots(draft, shots)


def track(draft: Raw, kind: int) -> Raw | None:
    """Return the first track of a kind that has segments, or None."""
    return next((lane for lane in draft.get("t", ()) if lane.get("tt") == kind and lane.get("sg")), None)


def segments(draft: Raw, kind: int) -> Sequence[Raw]:
    """Return the segments of the first track of a kind."""
    lane = track(draft, kind)
    return lane["sg"] if lane else ()


def total_ms(draft: Raw) -> int:
    """Return how long the picture lasts, in milliseconds."""
    return max((int(piece.get("s", 0)) + int(piece["d"]) for piece in segments(draft, VIDEO)), default=0)


def _with_track(draft: Raw, kind: int, pieces: Sequence[Raw]) -> Raw:
    changed = copy.deepcopy(dict(draft))
    lanes = changed.setdefault("t", [])
    existing = next((lane for lane in lanes if lane.get("tt") == kind), None)
    if existing is None:
        existing = {"tt": kind, "sg": []}
        lanes.append(existing)
    existing["sg"] = [copy.deepcopy(dict(piece)) for piece in pieces]
    changed["t"] = [lane for lane in lanes if lane.get("sg")]
    return changed


def _fresh_id(draft: Raw, letter: str) -> Callable[[], str]:
    taken = {str(piece.get("id")) for lane in draft.get("t", ()) for piece in lane.get("sg", ())}
    number = 0

    def next_id() -> str:
        nonlocal number
        number += 1
        while f"{letter}{number}" in taken:
            number += 1
        return f"{letter}{number}"

    return next_id


def with_shots(draft: Raw, shots: Sequence[Raw]) -> Raw:
    """Replace the picture; each shot follows the one before it, and sound and titles are cut to the new length."""
    next_id = _fresh_id(draft, "v")
    start = 0
    pieces = []
    for piece in shots:
        pieces.append({**piece, "id": piece.get("id") or next_id(), "s": start})
        start += int(piece["d"])
    return _fitted(_with_track(draft, VIDEO, pieces))


def _fitted(draft: Raw) -> Raw:
    total = total_ms(draft)
    sound = [
        {**piece, "d": total - int(piece.get("s", 0))}
        for piece in segments(draft, AUDIO)
        if int(piece.get("s", 0)) < total
    ]
    texts = [
        {**piece, "d": min(int(piece["d"]), total - int(piece.get("s", 0)))}
        for piece in segments(draft, TEXT)
        if int(piece.get("s", 0)) < total
    ]
    return {**_with_track(_with_track(draft, AUDIO, sound), TEXT, texts), "d": total}


def with_length(draft: Raw, length_ms: int, *, from_start_ms: int = 0) -> Raw:
    """Cut the picture to a length, or make its last shot longer.

    Parameters
    ----------
    draft : Raw
        The draft to change.
    length_ms : int
        How long it is to last.
    from_start_ms : int
        How much is cut off at the beginning, before that.
    """
    left: list[Raw] = []
    for piece in segments(draft, VIDEO):
        cut = min(from_start_ms, int(piece["d"]))
        from_start_ms -= cut
        if int(piece["d"]) > cut:
            meta = dict(piece.get("m", {}))
            if cut:
                meta["in_ms"] = int(meta.get("in_ms", 0)) + cut
            left.append({**piece, "d": int(piece["d"]) - cut, "m": meta})
    kept: list[Raw] = []
    room = length_ms
    for index, piece in enumerate(left):
        length = room if index == len(left) - 1 else min(room, int(piece["d"]))
        if length > 0:
            kept.append({**piece, "d": length})
        room -= length
    return with_shots(draft, kept)


def with_music(draft: Raw, meta: Raw) -> Raw:
    """Put one piece of music under the whole picture, in place of what was there."""
    identifier = next((str(piece["id"]) for piece in segments(draft, AUDIO) if "id" in piece), _fresh_id(draft, "a")())
    return _with_track(draft, AUDIO, [{"id": identifier, "s": 0, "d": total_ms(draft), "m": dict(meta)}])


def with_volume(draft: Raw, volume: float) -> Raw:
    """Set the volume of everything on the audio track, 0 to 1."""
    pieces = [{**piece, "m": {**piece.get("m", {}), "volume": volume}} for piece in segments(draft, AUDIO)]
    return _with_track(draft, AUDIO, pieces)


def with_title(draft: Raw, text: str, length_ms: int | None = None) -> Raw:
    """Put a title at the beginning; when there is one, its words change and its place stays."""
    pieces = segments(draft, TEXT)
    if pieces:
        first = {**pieces[0], "m": {**pieces[0].get("m", {}), "text": text, "name": text}}
        if length_ms is not None:
            first["d"] = min(length_ms, total_ms(draft) - int(first.get("s", 0)))
        changed = _with_track(draft, TEXT, [first, *pieces[1:]])
    else:
        length = min(TITLE_MS if length_ms is None else length_ms, total_ms(draft))
        meta = {"name": text, "text": text, "style": "title"}
        changed = _with_track(draft, TEXT, [{"id": _fresh_id(draft, "x")(), "s": 0, "d": length, "m": meta}])
    return {**changed, "m": {**changed.get("m", {}), "title": text}}


def without(draft: Raw, kind: int) -> Raw:
    """Remove all tracks of a kind."""
    changed = copy.deepcopy(dict(draft))
    changed["t"] = [lane for lane in changed.get("t", ()) if lane.get("tt") != kind]
    return changed


def with_canvas(draft: Raw, size: tuple[int, int]) -> Raw:
    """Change the shape of the picture."""
    return {**draft, "m": {**draft.get("m", {}), "width": size[0], "height": size[1]}}


def with_look(draft: Raw, **meta: object) -> Raw:
    """Change the metadata of every drawn shot; uploaded footage stays as it is."""
    pieces = [
        {**piece, "m": {**piece["m"], **meta}} if piece.get("m", {}).get("scene") else piece
        for piece in segments(draft, VIDEO)
    ]
    return _with_track(draft, VIDEO, pieces)
