"""Wishes about which shots there are and in which order."""

import re
from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.reading.ref import Ref
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import meta, shots
from nemo_widgets.local.planner.wishes.context import Context, Say, Spot
from nemo_widgets.local.planner.wishes.shots import opens
from nemo_widgets.local.planner.wishes.speaking import keeps_only


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
    """Repeat shots so many times: right behind them, or elsewhere."""

    shots: tuple[str, ...] | None
    times: int
    spot: Spot | None = None


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
    elif clause.first("verb", "swap") or _switches(clause, context):
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


def _switches(clause: Clause, context: Context) -> bool:
    """Whether "switch" and "exchange" mean that two shots change places."""
    verb = clause.first("verb", "replace")
    if verb is None or not verb.text.startswith(("switch", "exchange")) or clause.has("scene"):
        return False
    return sum(len(_resolved(token, context)) for token in clause.all("shots")) == 2


def read_order_list(message: Message, context: Context) -> "Reorder | MoveShots | None":
    """Read an order that is only listed: "sea, forest, city", "the city last", 大海放第一个.

    Returns
    -------
    Reorder, MoveShots or None
        None where anything else is said, or something that isn't on the timeline.
    """
    scenes = {str(meta(piece).get("scene")) for piece in shots(context.draft)}
    if len(shots(context.draft)) < 2 or any(token.has("article", "a", "an") for token in message.tokens):
        return None
    named: list[tuple[list[str], bool]] = []
    at_edge = False
    for token in message.tokens:
        known = [name for name, strength in token.all("scene") if strength >= 3 and name in scenes]
        if known:
            named.append((context.resolved(Ref(scenes=tuple(known))), False))
        elif token.has("ordinal", -1) or (token.has("place", "end") and named):
            at_edge = True
            if named:
                named[-1] = (named[-1][0], True)
        elif token.has("ordinal", 1) or token.has("place", "start") or token.has("join", "first", "last"):
            at_edge = True
        elif not _is_between_names(token):
            return None
    ids = list(dict.fromkeys(one for found, _ in named for one in found))
    last = [one for found, is_last in named for one in found if is_last]
    if len(named) == 1 and at_edge:
        return MoveShots(tuple(ids), Spot(None if last else ""))
    if len(named) < 2 or len(ids) < 2:
        return None
    rest = [str(piece["id"]) for piece in shots(context.draft) if str(piece["id"]) not in ids]
    return Reorder((*(one for one in ids if one not in last), *rest, *last))


def _is_between_names(token: Token) -> bool:
    if (
        token.has("verb", "move", "put", "reorder", "use")
        or token.has("article")
        or token.has("thing", "order", "shot")
    ):
        return True
    return token.has("join", "and", "then", ",", ".", ":") or token.has("filler") or token.has("side", "after")


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
    if token.get("shots").every and token.get("shots").but is None:
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
    edge = clause.first("ordinal", 1, -1) if clause.has("verb", "move", "put") else None
    spot = context.spot(clause) or (Spot("" if edge.get("ordinal") == 1 else None) if edge is not None else None)
    clause.use(edge)
    context.wish(DuplicateShots(context.target(clause), min(10, max(1, times)), spot))


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
    elif (step := _step(clause)) != 0:
        everything = [str(piece["id"]) for piece in shots(context.draft)]
        context.wish(MoveShots(ids, Spot(None), max(1, everything.index(ids[0]) + 1 + step)))
    else:
        context.wish(Say("move_where"))


def _step(clause: Clause) -> int:
    """Return how many places further back: "move it up", 提前 is one to the front."""
    said = _said(clause)
    if re.search(r"\b(?:up|earlier|forward|sooner)\b|提前|往前|前移", said):
        return -1
    return 1 if re.search(r"\b(?:down|later|back)\b|推后|往后|后移|延后", said) else 0


def _remove_or_keep(clause: Clause, context: Context) -> None:
    removes = clause.does("remove") or clause.first("verb", "cut") is not None
    keeps = clause.does("keep") and (clause.has("turn", "only") or re.search("only|just|只", _said(clause)))
    keeps = keeps or keeps_only(clause)
    others = any(clause.has(kind) for kind in ("weather", "style", "camera", "grade", "transition", "quote"))
    if (
        not (removes or keeps)
        or others
        or clause.has("thing", "transition", "style", "weather", "grade", "sound", "music", "volume")
    ):
        return
    some = any(token.get("shots").numbers or token.get("shots").but for token in clause.all("shots"))
    if clause.has("every") and not keeps and not some:
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
