"""Wishes about when music comes and goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.wishes.context import Context

_FADE_MS = 2000


@dataclass(frozen=True, slots=True)
class FadeMusic:
    """Let the music come or go softly, in milliseconds; None leaves an end as it is."""

    in_ms: int | None
    out_ms: int | None


@dataclass(frozen=True, slots=True)
class StartMusic:
    """Let the music begin later."""

    at_ms: int


def fades(clause: Clause, context: Context, things: Sequence[Token], goes_on: bool) -> bool:
    """Read "fade the music out over 3 s"; `goes_on` where the clause before spoke of the music."""
    verbs = clause.all("verb", "fade_in", "fade_out", "fade_both", "fade")
    if not verbs or not (goes_on or any(token.has("thing", "music", "sound") for token in things)):
        return False
    length = clause.first("length")
    ms = round(1000 * length.get("length")) if length is not None else _FADE_MS
    both = any(token.has("verb", "fade_both") for token in verbs) or not any(
        token.has("verb", "fade_in", "fade_out") or _direction(clause, token) for token in verbs
    )
    ins = both or any(token.has("verb", "fade_in") or _direction(clause, token) == "in" for token in verbs)
    outs = both or any(token.has("verb", "fade_out") or _direction(clause, token) == "out" for token in verbs)
    clause.use(length, *verbs, *things)
    context.wish(FadeMusic(ms if ins else None, ms if outs else None))
    return True


def _direction(clause: Clause, verb: Token) -> str:
    """Return which way a plain "fade" goes: "fade the music out", "fade the music in"."""
    after = [token.text for token in clause.tokens if token.start > verb.start]
    return "out" if "out" in after or "down" in after else "in" if "in" in after or "up" in after else ""


def starts(clause: Clause, context: Context, things: Sequence[Token]) -> bool:
    """Read "start the music at 3 s"."""
    if not any(token.has("thing", "music") for token in things) or clause.has("genre"):
        return False
    moment = clause.first("instant") or clause.first("length")
    lead = clause.before(moment) if moment is not None else None
    if moment is None or lead is None or not (lead.has("prep", "at", "from") or lead.has("verb", "begin")):
        return False
    clause.use(moment, *things)
    value = moment.get("instant") if moment.has("instant") else moment.get("length")
    context.wish(StartMusic(round(1000 * value)))
    return True
