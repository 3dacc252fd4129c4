"""Cutting shots: where in its source a piece begins once its ends are cut off, and what is left of a timeline."""

from collections.abc import Sequence

from nemo_widgets.local.planner.timeline import SHORTEST_SHOT_MS, Raw, altered, end_of, meta, start_of


def is_upload(piece: Raw) -> bool:
    """Whether a shot is an uploaded film or photo."""
    return bool(meta(piece).get("url"))


def is_drawn(piece: Raw) -> bool:
    """Whether a shot is a drawn scene."""
    return bool(meta(piece).get("scene"))


def is_film(piece: Raw) -> bool:
    """Whether a shot is an uploaded film, which has an end."""
    return is_upload(piece) and "source_ms" in meta(piece)


def speed_of(piece: Raw) -> float:
    """Return how fast a shot plays; 1 is as it was taken."""
    speed = meta(piece).get("speed")
    return float(speed) if isinstance(speed, int | float) and speed > 0 else 1.0


def longest_ms(piece: Raw) -> int | None:
    """Return how long a shot can be made; None where there is no end to it."""
    if not is_film(piece):
        return None
    left = int(meta(piece)["source_ms"]) - int(meta(piece).get("in_ms") or 0)
    return max(SHORTEST_SHOT_MS, int(left / speed_of(piece)))


def part_of(piece: Raw, start_ms: int, end_ms: int) -> Raw:
    """Return the part of a shot between two moments of it, in milliseconds from its start.

    A film and a drawn scene go on from where they were; one that plays backwards begins at the far end of its source.
    """
    length = int(piece["d"])
    start_ms, end_ms = max(0, start_ms), min(length, end_ms)
    skipped = length - end_ms if meta(piece).get("reverse") else start_ms
    cut: Raw = {**piece, "d": end_ms - start_ms}
    if skipped and (is_film(piece) or is_drawn(piece)):
        begin = int(meta(piece).get("in_ms") or 0) + round(skipped * speed_of(piece))
        cut = altered(cut, in_ms=begin)
    if start_ms:
        cut = altered(cut, transition=None, fade_in_ms=None)
    if end_ms < length:
        cut = altered(cut, fade_out_ms=None)
    return cut


def lasting(piece: Raw, length_ms: int) -> Raw:
    """Return a shot that lasts so long, cut at its end or made longer; a film no longer than it is."""
    most = longest_ms(piece)
    goal = max(SHORTEST_SHOT_MS, length_ms if most is None else min(length_ms, most))
    return {**piece, "d": goal}


def without_span(pieces: Sequence[Raw], start_ms: int, end_ms: int) -> list[Raw]:
    """Take a stretch of time out; a shot that lies on both sides of it becomes two, the second without an id."""
    left: list[Raw] = []
    for piece in pieces:
        begin, end = start_of(piece), end_of(piece)
        before, after = min(end, start_ms) - begin, end - max(begin, end_ms)
        if end <= start_ms or begin >= end_ms:
            left.append(piece)
            continue
        if before > 0:
            left.append(part_of(piece, 0, before))
        if after > 0:
            rest = part_of(piece, end - begin - after, end - begin)
            left.append({key: value for key, value in rest.items() if key != "id" or before <= 0})
    return left


def split_at(pieces: Sequence[Raw], at_ms: int) -> list[Raw]:
    """Cut the shot at a moment of the timeline into two, the second without an id; none when it would be too short."""
    parts: list[Raw] = []
    for piece in pieces:
        inside = at_ms - start_of(piece)
        if SHORTEST_SHOT_MS <= inside <= int(piece["d"]) - SHORTEST_SHOT_MS:
            rest = part_of(piece, inside, int(piece["d"]))
            parts += [part_of(piece, 0, inside), {key: value for key, value in rest.items() if key != "id"}]
        else:
            parts.append(piece)
    return parts


def with_length(pieces: Sequence[Raw], length_ms: int) -> list[Raw]:
    """Cut shots to a length in all, from the end, or make the last one longer."""
    kept: list[Raw] = []
    room = length_ms
    for index, piece in enumerate(pieces):
        if index == len(pieces) - 1 and room > int(piece["d"]):
            kept.append(lasting(piece, room))
        elif room > 0:
            kept.append(part_of(piece, 0, min(room, int(piece["d"]))))
        room -= int(piece["d"])
    return kept
