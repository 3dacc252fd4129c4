"""Shots taken out, moved and repeated, and drawn anew."""

from collections.abc import Sequence

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.planner.cuts import is_drawn
from nemo_widgets.local.planner.edits.cutting import named, shot_names
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.shots import place_of
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.timeline import (
    LONGEST_MS,
    Raw,
    altered,
    end_of,
    meta,
    shots,
    start_of,
    texts,
    total_ms,
    with_shots,
    with_texts,
)
from nemo_widgets.local.planner.voice import seconds
from nemo_widgets.local.planner.wishes.ordering import (
    AnotherTake,
    DuplicateShots,
    KeepShots,
    MoveShots,
    RemoveShots,
    Reorder,
    SwapShots,
)


def remove_shots(wish: RemoveShots, draft: Raw, desk: Desk) -> Stage:
    """Take shots out; captions behind them come forward."""
    gone = named(shots(draft), wish.shots)
    left = [piece for piece in shots(draft) if piece not in gone]
    if not gone:
        return desk.only_says(draft, "shot_gone")
    if not left:
        return desk.only_says(draft, "last_shot" if len(gone) == 1 else "all_shots")
    after = with_shots(
        draft, left, moved=lambda ms: ms - sum(min(ms, end_of(p)) - start_of(p) for p in gone if start_of(p) < ms)
    )
    names = desk.voice.listed([str(meta(piece).get("name")) for piece in gone])
    says = desk.voice.say(
        "shot_removed", shots=shot_names(desk, draft, wish.shots), names=names, total=seconds(total_ms(after))
    )
    return desk.done("remove_shot", {"shots": list(wish.shots)}, draft, after, says)


def keep_shots(wish: KeepShots, draft: Raw, desk: Desk) -> Stage:
    """Take out all shots but some."""
    others = tuple(str(piece.get("id")) for piece in shots(draft) if str(piece.get("id")) not in wish.shots)
    if not others:
        return desk.only_says(draft, "same_duration", duration=seconds(total_ms(draft)))
    return remove_shots(RemoveShots(others), draft, desk)


def _ordered(pieces: Sequence[Raw], draft: Raw, desk: Desk, tool: str) -> Stage:
    after = _with_their_texts(with_shots(draft, pieces), draft)
    if after == draft:
        return desk.only_says(draft, "same_order")
    names = desk.voice.listed([str(meta(piece).get("name")) for piece in shots(after)])
    order = [str(piece.get("id")) for piece in shots(after)]
    return desk.done(tool, {"order": order}, draft, after, desk.voice.say("order", names=names))


def _with_their_texts(after: Raw, before: Raw) -> Raw:
    """Let a text go along with the shot that it is over: a caption inside it, a title that is as long as it."""
    places = {str(piece.get("id")): start_of(piece) for piece in shots(after)}
    for role in ("title", "caption"):
        there = texts(before, role)
        moved = []
        for text in there:
            begin, end = start_of(text), end_of(text)
            for shot in shots(before):
                inside = start_of(shot) <= begin and end <= end_of(shot)
                if inside and (role == "caption" or (begin, end) == (start_of(shot), end_of(shot))):
                    text = {**text, "s": begin - start_of(shot) + places[str(shot.get("id"))]}
                    break
            moved.append(text)
        if moved != there:
            after = with_texts(after, role, moved)
    return after


def move_shots(wish: MoveShots, draft: Raw, desk: Desk) -> Stage:
    """Put shots elsewhere."""
    if len(shots(draft)) < 2:
        return desk.only_says(draft, "one_shot_no_order")
    moving = [piece for one in wish.shots for piece in shots(draft) if str(piece.get("id")) == one]
    rest = [piece for piece in shots(draft) if piece not in moving]
    if not moving:
        return desk.only_says(draft, "shot_gone")
    at = place_of(wish.spot, rest) if wish.position is None else min(wish.position - 1, len(rest))
    return _ordered([*rest[:at], *moving, *rest[at:]], draft, desk, "move_shot")


def swap_shots(wish: SwapShots, draft: Raw, desk: Desk) -> Stage:
    """Let two shots change places."""
    pieces = shots(draft)
    places = {str(piece.get("id")): index for index, piece in enumerate(pieces)}
    if wish.first not in places or wish.second not in places:
        return desk.only_says(draft, "shot_gone")
    one, other = places[wish.first], places[wish.second]
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return _ordered(pieces, draft, desk, "move_shot")


def reorder(wish: Reorder, draft: Raw, desk: Desk) -> Stage:
    """Put all shots in an order."""
    pieces = shots(draft)
    if len(pieces) < 2:
        return desk.only_says(draft, "one_shot_no_order")
    if wish.how == "backwards":
        pieces = pieces[::-1]
    elif wish.how == "chance":
        chance = generator(desk.seed, "order")
        mixed = [pieces[index] for index in chance.permutation(len(pieces))]
        pieces = mixed if mixed != pieces else pieces[::-1]
    else:
        first = [piece for one in wish.order for piece in pieces if str(piece.get("id")) == one]
        pieces = [*first, *(piece for piece in pieces if piece not in first)]
    return _ordered(pieces, draft, desk, "move_shot")


def duplicate_shots(wish: DuplicateShots, draft: Raw, desk: Desk) -> Stage:
    """Repeat shots: one directly behind itself, all of them as a whole."""
    pieces = shots(draft)
    meant = named(pieces, wish.shots)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    after_last = pieces.index(meant[-1]) + 1 if wish.spot is None else place_of(wish.spot, pieces)
    copies = [{key: value for key, value in piece.items() if key != "id"} for _ in range(wish.times) for piece in meant]
    room = LONGEST_MS - total_ms(draft)
    while copies and sum(int(piece["d"]) for piece in copies) > room:
        copies.pop()
    if not copies:
        return desk.only_says(draft, "no_room", high=seconds(LONGEST_MS))
    after = with_shots(draft, [*pieces[:after_last], *copies, *pieces[after_last:]])
    says = desk.voice.say(
        "duplicated", shots=shot_names(desk, draft, wish.shots), total=seconds(total_ms(after)), count=len(copies)
    )
    return desk.done("duplicate_shot", {"times": wish.times}, draft, after, says)


_STEP = 7919
"""Where the take that is there has the seed that the next one would have."""


def another_take(wish: AnotherTake, draft: Raw, desk: Desk) -> Stage:
    """Draw shots anew, with another seed."""
    meant = [piece for piece in named(shots(draft), wish.shots) if is_drawn(piece)]
    if not meant:
        return desk.only_says(draft, "nothing_drawn")
    seed = desk.seed if wish.seed is None else wish.seed
    first = int(meta(meant[0]).get("seed") or 0)
    if wish.seed is None and seed == first:
        seed += _STEP
    changed = []
    for piece in shots(draft):
        if piece in meant:
            # Shots that are drawn alike go on being so.
            piece = altered(piece, seed=seed + int(meta(piece).get("seed") or 0) - first)
        changed.append(piece)
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "looks_so")
    names = desk.voice.listed(list(dict.fromkeys(str(meta(piece).get("name")) for piece in meant)))
    return desk.done(
        "change_scene", {"seed": seed}, draft, after, desk.voice.say("another_take", scene=names, seed=seed)
    )
