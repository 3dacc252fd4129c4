"""Wishes about time: how long things last, what is cut off or out, how fast and which way they play."""

from dataclasses import dataclass

from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.wishes.context import Context

Shots = tuple[str, ...] | None
"""Ids of shots; None for the whole."""


@dataclass(frozen=True, slots=True)
class SetLength:
    """Let shots, or the whole, last so long."""

    shots: Shots
    ms: int


@dataclass(frozen=True, slots=True)
class ChangeLength:
    """Let shots, or the whole, last longer or shorter: by so long, or by a factor."""

    shots: Shots
    by_ms: int = 0
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class CutEdge:
    """Cut the start or the end off, or keep only that."""

    shots: Shots
    edge: str
    ms: int
    keep: bool = False


@dataclass(frozen=True, slots=True)
class CutSpan:
    """Cut a stretch of time out, or keep only that, in milliseconds; an end of None is the end of the whole."""

    shots: Shots
    start_ms: int
    end_ms: int | None
    keep: bool


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Let shots play faster or slower: at a speed, or at so many times what they have."""

    shots: Shots
    to: float | None
    by: float = 1.0


@dataclass(frozen=True, slots=True)
class SetDirection:
    """Let shots play backwards, or forwards again."""

    shots: Shots
    backwards: bool


_FASTER = 1.5
_TEXTS = ("title", "caption", "text")
_SIZES = {"half": 0.5, "double": 2.0, "triple": 3.0}


def read_speed(clause: Clause, context: Context) -> None:
    """Find what a clause wants of the pace."""
    read_direction(clause, context)
    pace = clause.first("pace")
    factor = clause.first("factor")
    verb = clause.first("verb", "faster", "slower")
    if clause.has("thing", "camera", "music") or any(token.has("thing", *_TEXTS) for token in clause.tokens):
        verb = None
    fast = clause.first("turn", "fast")
    about = verb is not None or pace is not None or fast is not None or clause.has("thing", "speed")
    if (
        factor is not None
        and not about
        and (clause.has("thing", "length") or clause.has("turn", "long") or clause.has("thing", "volume"))
    ):
        return
    amount = clause.first("amount", "half", "double", "triple")
    share = clause.first("percent")
    plays = any(token.text.startswith("play") for token in clause.all("verb", "use"))
    about = about or (plays and share is not None)  # "Play it at 200 %."
    if not (about or factor is not None):
        return
    if pace is not None and pace.get("pace") in ("slow", "fast") and clause.has("camera"):
        return
    clause.use(pace, factor, verb, fast, *clause.all("thing", "speed"))
    slower = verb is not None and verb.has("verb", "slower")
    to: float | None = None
    by = 1.0
    if factor is not None and not (amount is not None and factor.start == amount.start):
        value = float(factor.get("factor"))
        clause.use(amount)
        to, by = (None, 1 / value if value else 1.0) if slower and value > 1 else (value, 1.0)
        to = to if to != 0 else None
    elif pace is not None and share is not None:
        clause.use(share)
        to = share.get("percent") or None
    elif pace is not None:
        to = float(entry("pace", pace.get("pace"))["speed"])
    elif amount is not None:
        clause.use(amount)
        size = _SIZES[amount.get("amount")]
        by = 1 / size if slower and size > 1 else size if not slower or size < 1 else 1 / size
    elif share is not None:
        clause.use(share)
        lead = clause.before(share)
        step = share.get("percent")
        if verb is None or (lead is not None and lead.has("prep", "to", "at")):
            to = step or None
        else:
            by = max(0.1, 1 - step) if slower else 1 + step
    elif verb is None:
        return
    else:
        step = 2.0 if clause.has("amount", "much") else 1.2 if clause.has("amount", "little") else _FASTER
        by = 1 / step if slower else step
    context.wish(SetSpeed(context.target(clause), to, by))


def read_direction(clause: Clause, context: Context) -> None:
    """Find whether a clause wants shots played backwards, or forwards again."""
    if (token := clause.first("verb", "forward")) is not None or clause.has("verb", "reverse"):
        if clause.has("verb", "backward_order"):
            return
        back = token is None and not (clause.does("undo") or clause.does("remove"))
        clause.use(*clause.all("verb", "reverse", "forward"))
        context.wish(SetDirection(context.target(clause), back))


def read_lengths(clause: Clause, context: Context) -> None:
    """Find what a clause wants of the length of the whole or of shots."""
    if (span := clause.first("span")) is not None:
        clause.use(span)
        start, end = (round(1000 * moment) for moment in span.get("span"))
        if clause.does("lengthen", "shorten") and not clause.does("trim", "remove"):
            context.wish(SetLength(context.target(clause), end))
        else:
            keep = not clause.does("remove") and (
                clause.does("keep", "use") or clause.has("verb", "keep") or _trims_to(clause)
            )
            context.wish(CutSpan(context.target(clause), start, end, keep))
        return
    token = clause.first("length") or clause.first("instant")
    if token is None:
        _without_number(clause, context)
        return
    clause.use(token)
    ms = round(1000 * (token.get("length") if token.has("length") else token.get("instant")))
    lead, follow = clause.before(token), clause.after(token)
    keeps = clause.has("verb", "keep")
    cuts = clause.does("trim", "remove", "keep", "cut", "shorten", "split")
    if lead is not None and lead.text == "last" and not cuts:
        clause.use(lead)  # "The second shot should last 6 seconds."
        context.wish(SetLength(context.target(clause), ms))
    elif lead is not None and lead.has("ordinal", 1, -1):
        clause.use(lead)
        edge = "start" if lead.get("ordinal") == 1 else "end"
        context.wish(CutEdge(context.target(clause), edge, ms, keeps))
    elif lead is not None and lead.has("side", "after", "before"):
        clause.use(lead)
        is_after = lead.has("side", "after")
        keep = keeps or not clause.does("trim", "remove")
        context.wish(CutSpan(context.target(clause), ms if is_after else 0, None if is_after else ms, keep))
    elif _off_an_edge(clause, context, ms):
        return
    elif lead is not None and (
        lead.has("verb", "begin")
        or (lead.has("prep", "from", "at") and clause.does("begin", "trim", "remove", "keep", "use"))
    ):
        context.wish(CutSpan(context.target(clause), ms, None, True))
    elif lead is not None and lead.has("prep", "until"):
        context.wish(SetLength(context.target(clause), ms))
    else:
        _by_or_to(clause, context, ms, lead, follow)


def _trims_to(clause: Clause) -> bool:
    return (
        clause.has("verb", "trim")
        and any(token.has("prep", "to") or token.text in ("from",) for token in clause.tokens)
        and any(token.text.startswith("trim") for token in clause.tokens)
    )


def _off_an_edge(clause: Clause, context: Context, ms: int) -> bool:
    """Read "trim 2 seconds off the start", "cut 2 s from the end"."""
    if not clause.does("trim", "remove", "shorten"):
        return False
    at = clause.first("at")
    side = at.get("at").side if at is not None and at.get("at").shots is None else ""
    side = side or next((_EDGES[token.text] for token in clause.tokens if token.text in _EDGES), "")
    if side not in ("start", "end"):
        return False
    clause.use(at)
    context.wish(CutEdge(context.target(clause), side, ms))
    return True


_EDGES = {"start": "start", "beginning": "start", "front": "start", "end": "end", "back": "end", "ending": "end"}


def _by_or_to(clause: Clause, context: Context, ms: int, lead: Token | None, follow: Token | None) -> None:
    shorter = clause.does("shorten") or clause.does("trim", "remove")
    target = context.target(clause)
    more = any(token.has("length") and token.has("turn", "up") for token in clause.tokens)
    if clause.has("turn", "total") and not more:
        context.wish(SetLength(None, ms))  # "Make it shorter, 10 seconds in total."
        return
    if more:
        context.wish(ChangeLength(target, by_ms=-ms if clause.does("shorten", "trim", "remove") else ms))
    elif lead is not None and lead.has("prep", "to") and not lead.has("prep", "by"):
        context.wish(SetLength(target, ms))
    elif follow is not None and follow.has("verb", "lengthen"):
        context.wish(ChangeLength(target, by_ms=ms))
    elif follow is not None and follow.has("verb", "shorten"):
        context.wish(ChangeLength(target, by_ms=-ms))
    elif (
        lead is not None
        and (lead.has("prep", "by") or lead.has("verb", "lengthen", "shorten"))
        and (clause.does("lengthen", "shorten", "trim", "remove"))
        and not (lead.text.endswith(("成", "到")) or (lead.has("verb", "lengthen") and lead.text == "增加到"))
    ):
        grows = clause.has("verb", "lengthen")
        context.wish(ChangeLength(target, by_ms=ms if grows else -ms))
    elif (clause.has("turn", "up") and clause.does("add", "lengthen")) or (
        clause.does("add") and not clause.has("scene") and target is None
    ):
        context.wish(ChangeLength(target, by_ms=ms))
    elif shorter and any(token.text in ("off", "away", "out") or token.has("prep", "off") for token in clause.tokens):
        context.wish(ChangeLength(target, by_ms=-ms))
    else:
        context.wish(SetLength(target, ms))


def _without_number(clause: Clause, context: Context) -> None:
    factor = clause.first("factor")
    amount = clause.first("amount", "half", "double", "triple")
    about_length = clause.has("thing", "length") or clause.has("turn", "long")
    longer, shorter = clause.first("verb", "lengthen"), clause.first("verb", "shorten")
    if about_length and (factor is not None or amount is not None):
        size = float(factor.get("factor")) if factor is not None else _SIZES[(amount or clause.tokens[0]).get("amount")]
        clause.use(factor, amount, *clause.all("thing", "length"), *clause.all("turn", "long"))
        if size:
            context.wish(ChangeLength(context.target(clause), factor=size))
        return
    trims = shorter or clause.first("verb", "trim")
    if longer is None and trims is None:
        return
    wanted = any(token.has("scene") and not token.has("shots") for token in clause.left)
    if wanted or clause.has("at") or clause.has("ratio"):
        return
    share = clause.first("percent")
    clause.use(longer, trims, amount, share)
    if share is not None:
        size = 1 + share.get("percent") if longer is not None else max(0.05, 1 - share.get("percent"))
    elif amount is not None:
        size = _SIZES[amount.get("amount")]
    else:
        step = 1 if clause.has("amount", "little") else 2 if clause.has("amount", "much") else 0
        size = (1.5, 1.25, 2.0)[step] if longer is not None else (0.5, 0.8, 0.4)[step]
    context.wish(ChangeLength(context.target(clause), factor=size))
