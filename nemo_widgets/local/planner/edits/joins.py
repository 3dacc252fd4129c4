"""Transitions between shots, and fades at the ends."""

from nemo_widgets.local.planner.edits.cutting import named, shot_names
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.timeline import Raw, altered, meta, shots, with_shots
from nemo_widgets.local.planner.voice import seconds
from nemo_widgets.local.planner.wishes.joins import Fade, RemoveTransitions, SetTransition

TRANSITION_MS = 800
_KINDS = ("crossfade", "fade_black", "wipe", "slide")


def set_transition(wish: SetTransition, draft: Raw, desk: Desk) -> Stage:
    """Let shots come in softly."""
    pieces = shots(draft)
    if len(pieces) < 2:
        return desk.only_says(draft, "one_shot_no_transition")
    meant = [piece for piece in named(pieces, wish.into) if piece is not pieces[0]]
    if not meant:
        return desk.only_says(draft, "first_has_no_transition")
    now = {str((meta(piece).get("transition") or {}).get("kind")) for piece in meant}
    kind = wish.kind or (now & set(_KINDS) or {_KINDS[0]}).pop() if wish.by != 1 else wish.kind or _other(now)
    changed = []
    for piece in pieces:
        if piece in meant:
            there = meta(piece).get("transition") or {}
            ms = wish.ms if wish.ms is not None else round(int(there.get("ms") or TRANSITION_MS) * wish.by)
            piece = altered(piece, transition={"kind": kind, "ms": ms})
        changed.append(piece)
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "same_transition")
    ids = tuple(str(piece.get("id")) for piece in meant)
    lengths = [seconds(meta(piece)["transition"]["ms"]) for piece in named(shots(after), ids)]
    one = len(meant) == 1
    values = {"kind": desk.voice.say(f"transition_{kind}"), "duration": desk.voice.listed(list(dict.fromkeys(lengths)))}
    says = desk.voice.say("transition_one" if one else "transition_all", shots=shot_names(desk, draft, ids), **values)
    shorter = wish.ms is not None and any(
        meta(piece)["transition"]["ms"] < wish.ms for piece in named(shots(after), ids)
    )
    remark = desk.voice.say("transition_shorter") if shorter else ""
    return desk.done("add_transition", {"kind": kind}, draft, after, says, remark)


def _other(now: set[str]) -> str:
    """Return a crossfade, or the kind after the one that there is."""
    there = next((kind for kind in _KINDS if now == {kind}), None)
    return _KINDS[0] if there is None else _KINDS[(_KINDS.index(there) + 1) % len(_KINDS)]


def remove_transitions(wish: RemoveTransitions, draft: Raw, desk: Desk) -> Stage:
    """Let shots follow one another with a hard cut."""
    meant = named(shots(draft), wish.into)
    changed = [altered(piece, transition=None) if piece in meant else piece for piece in shots(draft)]
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "no_transition")
    return desk.done("remove_transition", {}, draft, after, desk.voice.say("transition_removed"))


def fade(wish: Fade, draft: Raw, desk: Desk) -> Stage:
    """Let the first of the shots that are meant come from black, and the last go to black."""
    pieces = shots(draft)
    meant = named(pieces, wish.shots)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    first, last = meant[0], meant[-1]
    changed = []
    for piece in pieces:
        if wish.shots is not None:
            begins = ends = piece in meant
        else:
            begins, ends = piece is first, piece is last
        facts: dict[str, object] = {}
        longest = int(piece["d"]) // (2 if wish.in_ms and wish.out_ms and begins and ends else 1)
        if begins and wish.in_ms is not None:
            facts["fade_in_ms"] = min(wish.in_ms, longest) or None
        if ends and wish.out_ms is not None:
            facts["fade_out_ms"] = min(wish.out_ms, longest) or None
        changed.append(altered(piece, **facts))
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "same_fade")
    if not (wish.in_ms or wish.out_ms):
        return desk.done("remove_fade", {}, draft, after, desk.voice.say("fade_removed"))
    key = "fades_both" if wish.in_ms and wish.out_ms else "fades_in" if wish.in_ms else "fades_out"
    says = desk.voice.say(key, duration=seconds(max(wish.in_ms or 0, wish.out_ms or 0)))
    return desk.done("add_fade", {"in_ms": wish.in_ms, "out_ms": wish.out_ms}, draft, after, says)
