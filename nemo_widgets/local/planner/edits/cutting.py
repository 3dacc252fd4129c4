"""Lengths, cuts, speed and direction."""

from collections.abc import Callable

from nemo_widgets.local.planner.cuts import (
    is_film,
    is_upload,
    lasting,
    longest_ms,
    part_of,
    speed_of,
    split_at,
    with_length,
    without_span,
)
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.timeline import (
    LONGEST_MS,
    SHORTEST_MS,
    SHORTEST_SHOT_MS,
    Raw,
    altered,
    end_of,
    meta,
    shots,
    start_of,
    total_ms,
    with_shots,
)
from nemo_widgets.local.planner.voice import seconds, times
from nemo_widgets.local.planner.wishes.cutting import (
    ChangeLength,
    CutEdge,
    CutSpan,
    SetDirection,
    SetLength,
    SetSpeed,
)
from nemo_widgets.local.planner.wishes.splitting import SplitShot

SLOWEST, FASTEST = 0.1, 8.0


def named(pieces: list[Raw], ids: tuple[str, ...] | None) -> list[Raw]:
    """Return the shots that are meant."""
    return [piece for piece in pieces if ids is None or str(piece.get("id")) in ids]


def set_length(wish: SetLength, draft: Raw, desk: Desk) -> Stage:
    """Let the whole or some shots last so long."""
    if wish.shots is not None:
        return _each(wish.shots, lambda piece: wish.ms, draft, desk)
    before = total_ms(draft)
    goal = min(LONGEST_MS, max(SHORTEST_MS, wish.ms))
    after = with_shots(draft, with_length(shots(draft), goal))
    now = total_ms(after)
    remarks = [] if goal == wish.ms else [bounds_of(desk, now)]
    if now == before:
        too_short = now < goal and desk.voice.say("no_longer", duration=seconds(now))
        return Stage("", {}, too_short or desk.voice.say("same_duration", duration=seconds(now)), draft)
    if now < goal:
        remarks.append(desk.voice.say("no_longer", duration=seconds(now)))
    says = desk.voice.say("trimmed", duration=seconds(now))
    return desk.done("trim_timeline", {"duration_s": now / 1000}, draft, after, says, *remarks)


def bounds_of(desk: Desk, ms: int) -> str:
    """Return what to say when a clip can't be as long, or as short, as was asked for: it lasts `ms` then."""
    bounds = {"low": seconds(SHORTEST_MS), "high": seconds(LONGEST_MS)}
    return desk.voice.say("duration_bounds", duration=seconds(ms), **bounds)


def change_length(wish: ChangeLength, draft: Raw, desk: Desk) -> Stage:
    """Let the whole or some shots last longer or shorter."""
    if wish.shots is not None:
        return _each(wish.shots, lambda piece: round(int(piece["d"]) * wish.factor) + wish.by_ms, draft, desk)
    return set_length(SetLength(None, round(total_ms(draft) * wish.factor) + wish.by_ms), draft, desk)


def _each(ids: tuple[str, ...], goal_of: Callable[[Raw], int], draft: Raw, desk: Desk) -> Stage:
    pieces = shots(draft)
    meant = named(pieces, ids)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    room = LONGEST_MS - total_ms(draft)
    changed: list[Raw] = []
    short = False
    for piece in pieces:
        if piece in meant:
            goal = min(goal_of(piece), int(piece["d"]) + max(0, room))
            piece = lasting(
                part_of(piece, 0, min(goal, int(piece["d"]))) if 0 < goal < int(piece["d"]) else piece, goal
            )
            short = short or int(piece["d"]) < goal
        changed.append(piece)
    after = with_shots(draft, changed)
    if total_ms(after) == total_ms(draft):
        length = seconds(int(meant[0]["d"]))
        sentence = "no_longer" if short else "same_shot_duration"
        return desk.only_says(draft, sentence, duration=length)
    lengths = [seconds(int(piece["d"])) for piece in named(shots(after), ids)]
    says = desk.voice.say(
        "shots_last", shots=shot_names(desk, draft, ids), duration=desk.voice.listed(list(dict.fromkeys(lengths))),
        total=seconds(total_ms(after)),
    )  # fmt: skip
    remark = desk.voice.say("no_longer", duration=lengths[0]) if short else ""
    return desk.done("trim_shot", {"shots": list(ids)}, draft, after, says, remark)


def shot_names(desk: Desk, draft: Raw, ids: tuple[str, ...] | None) -> str:
    """Return what shots are called: "shot 2", "shots 1 and 3"; all of them are "everything"."""
    pieces = shots(draft)
    numbers = [str(index + 1) for index, piece in enumerate(pieces) if ids is not None and str(piece.get("id")) in ids]
    if ids is None or len(numbers) == len(pieces):
        return desk.voice.say("everything" if len(pieces) > 1 else "the_shot")
    return desk.voice.say("one_shot" if len(numbers) == 1 else "some_shots", numbers=desk.voice.listed(numbers))


def cut_edge(wish: CutEdge, draft: Raw, desk: Desk) -> Stage:
    """Cut the start or the end off the whole or of each shot that is meant, or keep only that."""
    ranges = []
    for begin, end in _ranges(wish.shots, draft):
        length = end - begin
        off = length - wish.ms if wish.keep else wish.ms
        at_start = (wish.edge == "start") != wish.keep
        ranges.append((begin, begin + off) if at_start else (end - off, end))
    return _cut(ranges, draft, desk)


def cut_span(wish: CutSpan, draft: Raw, desk: Desk) -> Stage:
    """Cut a stretch of time out of the whole or of each shot that is meant, or keep only that."""
    ranges = []
    for begin, end in _ranges(wish.shots, draft):
        first = begin + wish.start_ms
        last = end if wish.end_ms is None else min(end, begin + wish.end_ms)
        if first >= end:
            return desk.only_says(draft, "beyond_end", duration=seconds(end - begin))
        ranges += [(begin, first), (last, end)] if wish.keep else [(first, last)]
    return _cut(ranges, draft, desk)


def _ranges(ids: tuple[str, ...] | None, draft: Raw) -> list[tuple[int, int]]:
    if ids is None:
        return [(0, total_ms(draft))]
    return [(start_of(piece), end_of(piece)) for piece in named(shots(draft), ids)]


def _cut(ranges: list[tuple[int, int]], draft: Raw, desk: Desk) -> Stage:
    """Take stretches of time out, the last one first, so that the earlier ones keep their place."""
    ranges = sorted((begin, end) for begin, end in ranges if end > begin)
    lost = sum(end - begin for begin, end in ranges)
    total = total_ms(draft)
    if not ranges:
        return desk.only_says(draft, "same_duration", duration=seconds(total))
    if total - lost < min(SHORTEST_SHOT_MS, total):
        return desk.only_says(draft, "nothing_left", duration=seconds(total))
    after = draft
    for begin, end in reversed(ranges):
        after = with_shots(after, without_span(shots(after), begin, end), moved=_closing(begin, end))
    says = desk.voice.say("trimmed", duration=seconds(total_ms(after)))
    return desk.done("trim_timeline", {"duration_s": total_ms(after) / 1000}, draft, after, says)


def _closing(begin: int, end: int) -> Callable[[int], int]:
    """Return where moments go when a stretch of time is taken out."""
    return lambda ms: ms - (end - begin) if ms >= end else min(ms, begin)


def split_shot(wish: SplitShot, draft: Raw, desk: Desk) -> Stage:
    """Cut shots into parts."""
    pieces = shots(draft)
    moments: list[int] = []
    if wish.at_ms is not None:
        begins = [0] if wish.shots is None else [start_of(piece) for piece in named(pieces, wish.shots)]
        moments = [begin + wish.at_ms for begin in begins]
    else:
        meant = named(pieces, wish.shots)
        if wish.shots is None and len(meant) > 1:
            return desk.only_says(draft, "which_shot", count=len(meant))
        for piece in meant:
            step = int(piece["d"]) / wish.parts
            moments += [start_of(piece) + round(step * part) for part in range(1, wish.parts)]
    changed = pieces
    for moment in sorted(moments, reverse=True):
        changed = split_at(changed, moment)
    if len(changed) == len(pieces):
        return desk.only_says(draft, "cannot_split", duration=seconds(total_ms(draft)))
    after = with_shots(draft, changed)
    says = desk.voice.say("split", count=len(shots(after)))
    return desk.done("split_shot", {"at_s": [moment / 1000 for moment in moments]}, draft, after, says)


def set_speed(wish: SetSpeed, draft: Raw, desk: Desk) -> Stage:
    """Let shots play faster or slower: a film's length follows, a drawn scene goes on as long as before."""
    meant = named(shots(draft), wish.shots)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    changed: list[Raw] = []
    asked = 1.0
    for piece in shots(draft):
        if piece in meant and not (is_upload(piece) and not is_film(piece)):
            before = speed_of(piece)
            asked = wish.to if wish.to is not None else before * wish.by
            speed = round(min(FASTEST, max(SLOWEST, asked)), 2)
            fast = altered(piece, speed=None if speed == 1 else speed)
            if is_film(piece):
                fast = lasting(fast, min(round(int(piece["d"]) * before / speed), longest_ms(fast) or LONGEST_MS))
            piece = fast
        changed.append(piece)
    if changed == shots(draft):
        still = all(is_upload(piece) and not is_film(piece) for piece in meant)
        return desk.only_says(draft, "photo_speed" if still else "same_speed", speed=times(speed_of(meant[0])))
    after = with_shots(
        draft, with_length(changed, LONGEST_MS) if sum(int(p["d"]) for p in changed) > LONGEST_MS else changed
    )
    speed = speed_of(next(piece for piece in named(shots(after), wish.shots)))
    remark = (
        "" if SLOWEST <= asked <= FASTEST else desk.voice.say("speed_bounds", low=times(SLOWEST), high=times(FASTEST))
    )
    says = desk.voice.say(
        "speed_set", shots=shot_names(desk, draft, wish.shots), speed=times(speed), total=seconds(total_ms(after))
    )
    return desk.done("set_speed", {"speed": speed}, draft, after, says, remark)


def set_direction(wish: SetDirection, draft: Raw, desk: Desk) -> Stage:
    """Let shots play backwards, or forwards again."""
    meant = named(shots(draft), wish.shots)
    changed = [
        altered(piece, reverse=True if wish.backwards else None)
        if piece in meant and not (is_upload(piece) and not is_film(piece))
        else piece
        for piece in shots(draft)
    ]
    if changed == shots(draft):
        back = any(meta(piece).get("reverse") for piece in meant)
        return desk.only_says(draft, "plays_backwards" if back else "plays_forwards")
    says = desk.voice.say("reversed" if wish.backwards else "forwards", shots=shot_names(desk, draft, wish.shots))
    return desk.done("set_direction", {"backwards": wish.backwards}, draft, with_shots(draft, changed), says)
