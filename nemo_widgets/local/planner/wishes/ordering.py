"""Wishes about which shots there are and in which order."""

import re
from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import shots
from nemo_widgets.local.planner.wishes.context import Context, Say, Spot
from nemo_widgets.local.planner.wishes.shots import opens


@dataclass(frozen=True, slots=True)
class RemoveShots:
    """Take shots out."""

    shots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepShots:
    """Take out all shots but these."""

    shots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveShots:
    """Put shots elsewhere: behind a shot, or at a position counted from 1."""

    shots: tuple[str, ...]
    spot: Spot
    position: int | None = None


@dataclass(frozen=True, slots=True)
class SwapShots:
    """Let two shots change places."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """Put all shots in an order: the ids that come first, backwards, or one of chance."""

    order: tuple[str, ...] = ()
    how: str = "given"


@dataclass(frozen=True, slots=True)
class DuplicateShots:
    """Repeat shots so many times."""

    shots: tuple[str, ...] | None
    times: int


@dataclass(frozen=True, slots=True)
class AnotherTake:
    """Draw shots anew; with a seed, as that seed draws them."""

    shots: tuple[str, ...] | None
    seed: int | None


def read_ordering(clause: Clause, context: Context) -> None:
    """Find what a clause wants of the order of the shots."""
    if clause.first("verb", "backward_order") or (clause.first("verb", "reverse") and clause.has("thing", "order")):
        clause.use(*clause.all("verb"), *clause.all("thing", "order"), *clause.all("shots"))
        context.wish(Reorder(how="backwards"))
    elif clause.first("verb", "shuffle"):
        clause.use(*clause.all("verb"), *clause.all("shots"))
        context.wish(Reorder(how="chance"))
    elif clause.first("verb", "swap"):
        _swap(clause, context)
    elif clause.first("verb", "reorder"):
        _reorder(clause, context)
    elif clause.does("duplicate") and (clause.first("verb", "duplicate") or clause.has("shots")):
        _duplicate(clause, context)
    elif _moves(clause):
        _move(clause, context)
    elif clause.does("remove", "cut", "trim", "restart") and _rest_of(clause, context):
        return
    elif clause.has("shots") and not _has_measure(clause):
        _remove_or_keep(clause, context)


def _rest_of(clause: Clause, context: Context) -> bool:
    """Read "delete everything after the second shot"."""
    at = clause.first("at")
    whole = clause.has("every") or clause.has("verb", "restart") or clause.has("thing", "shot", "clip")
    if at is None or at.get("at").shots is None or at.get("at").side == "between" or not whole:
        return False
    everything = [str(piece["id"]) for piece in shots(context.draft)]
    places = [everything.index(one) for one in context.resolved(at.get("at").shots) if one in everything]
    clause.use(*clause.tokens)
    if places:
        ids = everything[max(places) + 1 :] if at.get("at").side == "after" else everything[: min(places)]
        context.wish(RemoveShots(tuple(ids)) if ids else Say("nothing_there"))
    return True


def _has_measure(clause: Clause) -> bool:
    return any(clause.has(kind) for kind in ("length", "span", "instant", "percent", "factor"))


def _ids(clause: Clause, context: Context, tokens: list[Token]) -> tuple[str, ...]:
    clause.use(*tokens)
    ids = [one for token in tokens for one in _resolved(token, context)]
    context.focus = list(dict.fromkeys(ids))
    return tuple(context.focus)


def _resolved(token: Token, context: Context) -> list[str]:
    if token.get("shots").every:
        return [str(piece["id"]) for piece in shots(context.draft)]
    return context.resolved(token.get("shots"))


def _swap(clause: Clause, context: Context) -> None:
    ids = _ids(clause, context, clause.all("shots"))
    clause.use(*clause.all("verb", "swap", "replace"))
    everything = [str(piece["id"]) for piece in shots(context.draft)]
    if not ids and len(everything) == 2:
        ids = tuple(everything)
    if len(ids) == 2:
        context.wish(SwapShots(*ids))
        context.focus = None
    elif not any(isinstance(wish, Say) for wish in context.wishes):
        context.wish(Say("which_two", {"count": len(everything)}))


def _reorder(clause: Clause, context: Context) -> None:
    numbers = [
        round(value)
        for token in clause.left
        for value in (*(token.get("numbers") or ()), *token.all("number"), *token.all("ordinal"))
    ]
    ids = _ids(clause, context, clause.all("shots"))
    clause.use(*clause.all("verb"), *clause.all("thing", "order"))
    clause.use(*clause.all("numbers"), *clause.all("number"), *clause.all("ordinal"))
    everything = [str(piece["id"]) for piece in shots(context.draft)]
    picked = [everything[number - 1] for number in numbers if 0 < number <= len(everything)]
    order = tuple(dict.fromkeys([*ids, *picked]))
    context.wish(Reorder(order) if len(order) > 1 else Say("which_order", {"count": len(everything)}))


def _duplicate(clause: Clause, context: Context) -> None:
    number = clause.first("number") or clause.first("factor")
    times = round(number.get("number") if number.has("number") else number.get("factor")) if number is not None else 1
    clause.use(number, *clause.all("verb", "duplicate"))
    context.wish(DuplicateShots(context.target(clause), min(10, max(1, times))))


def _moves(clause: Clause) -> bool:
    if not (clause.has("shots") or clause.has("pronoun")):
        return False
    if clause.does("move"):
        return True
    if not clause.has("shots"):
        return False
    if clause.has("verb", "finish") or opens(clause):
        return True
    return clause.does("put", "use") and (clause.has("at") or clause.has("ordinal"))


def _move(clause: Clause, context: Context) -> None:
    tokens = clause.all("shots")
    ids = _ids(clause, context, tokens) if tokens else tuple(context.focus or ())
    ordinal, number = clause.first("ordinal"), clause.first("number")
    spot = context.spot(clause) or (Spot("") if opens(clause) else Spot(None) if clause.has("verb", "finish") else None)
    clause.use(*clause.all("verb", "move", "put", "use", "finish"), ordinal, number)
    if not ids:
        return
    if spot is not None:
        context.wish(MoveShots(ids, spot))
    elif ordinal is not None and ordinal.get("ordinal") in (1, -1):
        context.wish(MoveShots(ids, Spot("" if ordinal.get("ordinal") == 1 else None)))
    elif ordinal is not None or number is not None:
        place = (
            ordinal.get("ordinal") if ordinal is not None else round(number.get("number")) if number is not None else 1
        )
        context.wish(MoveShots(ids, Spot(None), max(1, int(place))))
    elif clause.has("turn", "up", "down"):
        context.wish(Say("move_where"))
    else:
        context.wish(Say("move_where"))


def _remove_or_keep(clause: Clause, context: Context) -> None:
    removes = clause.does("remove") or clause.first("verb", "cut") is not None
    keeps = clause.does("keep") and (clause.has("turn", "only") or re.search("only|just|只", _said(clause)))
    others = any(clause.has(kind) for kind in ("weather", "style", "camera", "grade", "transition", "quote"))
    if (
        not (removes or keeps)
        or others
        or clause.has("thing", "transition", "style", "weather", "grade", "sound", "music", "volume")
    ):
        return
    if clause.has("every") and not keeps and not any(token.get("shots").numbers for token in clause.all("shots")):
        return
    clause.use(*clause.all("verb", "remove", "cut", "trim", "keep"))
    ids = _ids(clause, context, clause.all("shots"))
    if ids:
        context.wish(RemoveShots(ids) if removes else KeepShots(ids))
        context.focus = None


def _said(clause: Clause) -> str:
    return " ".join(token.text for token in clause.tokens)


def read_take(clause: Clause, context: Context) -> None:
    """Find whether a clause wants a shot drawn anew."""
    seed = clause.first("seed")
    asks = clause.first("verb", "another")
    if seed is None and asks is None:
        return
    clause.use(seed, asks)
    context.wish(AnotherTake(context.target(clause), seed.get("seed") if seed is not None else None))
