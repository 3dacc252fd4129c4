"""Wishes about what lies between shots: transitions, and fades at the ends."""

from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.timeline import shots
from nemo_widgets.local.planner.wishes.context import Context

Shots = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SetTransition:
    """Let shots come in softly: those that are named, or all but the first.

    Without a kind, in another way, unless only its length changes, by a factor.
    """

    into: Shots
    kind: str
    ms: int | None
    by: float = 1.0


@dataclass(frozen=True, slots=True)
class RemoveTransitions:
    """Let shots follow one another with a hard cut."""

    into: Shots


@dataclass(frozen=True, slots=True)
class Fade:
    """Let the picture come from black and go to black, in milliseconds; None leaves an end as it is, 0 takes it off."""

    shots: Shots
    in_ms: int | None
    out_ms: int | None


_FADE_MS = 1000


def read_joins(clause: Clause, context: Context) -> None:
    """Find what a clause wants between shots, or at the ends."""
    token = clause.first("transition")
    thing = clause.first("thing", "transition")
    fades = clause.all("verb", "fade_in", "fade_out", "fade_both", "fade")
    between = clause.first("at")
    inside = between is not None and between.get("at").shots is not None
    if token is None and fades and (thing is not None or inside or clause.has("side", "between")):
        black = any("black" in fade.text or "黑" in fade.text for fade in fades)
        _set(clause, context, "fade_black" if black else "crossfade")
    elif token is not None or thing is not None:
        if clause.does("remove") or (token is not None and token.get("transition") == "cut"):
            into = _into(clause, context)
            clause.use(token, thing)
            context.wish(RemoveTransitions(into))
        else:
            _set(clause, context, token.get("transition") if token is not None else "")
    elif fades:
        _fade(clause, context)


def _set(clause: Clause, context: Context, kind: str) -> None:
    length = clause.first("length")
    clause.use(
        length, *clause.all("transition"), *clause.all("thing", "transition"),
        *clause.all("verb", "fade_in", "fade_out", "fade_both", "fade"),
    )  # fmt: skip
    into = _into(clause, context)
    by = 1.5 if clause.does("lengthen") else 0.6 if clause.does("shorten") else 1.0
    clause.use(*clause.all("verb", "lengthen", "shorten"))
    ms = None if length is None else round(1000 * length.get("length"))
    context.wish(SetTransition(into, kind, ms, by if ms is None else 1.0))


def _into(clause: Clause, context: Context) -> Shots:
    """Return the shots whose coming in is meant: "between shots 1 and 2" is that of shot 2."""
    at = clause.first("at")
    everything = [str(piece["id"]) for piece in shots(context.draft)]
    if at is not None:
        clause.use(at)
        place = at.get("at")
        if place.shots is None:
            return tuple(everything[-1:]) if place.side == "end" else tuple(everything[1:2])
        places = sorted(everything.index(one) for one in context.resolved(place.shots) if one in everything)
        if not places:
            return ()
        if place.side == "after":
            return tuple(everything[places[-1] + 1 : places[-1] + 2])
        if place.side == "between" and len(places) > 1:
            return tuple(everything[place] for place in places[1:])
        return (everything[places[0]],)
    named = clause.all("shots")
    if len(named) == 2 and clause.has("prep", "from"):
        clause.use(*named)
        return tuple(context.resolved(named[1].get("shots")))
    return context.target(clause)


def _fade(clause: Clause, context: Context) -> None:
    verbs = clause.all("verb", "fade_in", "fade_out", "fade_both", "fade")
    if clause.has("thing", "music", "sound", "title", "caption", "text") or clause.has("ambience"):
        return
    length = clause.first("length")
    ms = round(1000 * length.get("length")) if length is not None else _FADE_MS
    if clause.does("remove"):
        ms = 0
    side = next((token.get("at").side for token in clause.all("at") if token.get("at").shots is None), "")
    both = any(token.has("verb", "fade_both") for token in verbs)
    ins = both or any(token.has("verb", "fade_in") for token in verbs)
    outs = both or any(token.has("verb", "fade_out") for token in verbs)
    if not (ins or outs):
        ins, outs = side != "end", side != "start"
    clause.use(length, *verbs, *clause.all("place"))
    context.wish(Fade(context.target(clause), ms if ins else None, ms if outs else None))
