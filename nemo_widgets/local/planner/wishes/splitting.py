"""Wishes to cut a shot into parts."""

from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.wishes.context import Context


@dataclass(frozen=True, slots=True)
class SplitShot:
    """Cut a shot into equal parts, or at a moment: of the shot where shots are named, else of the whole."""

    shots: tuple[str, ...] | None
    at_ms: int | None
    parts: int


def read_split(clause: Clause, context: Context) -> None:
    """Find what a clause wants split."""
    trims = clause.has("verb", "trim")
    if not (clause.has("verb", "split") or (trims and (clause.has("amount", "half") or _lead(clause, "at")))):
        return
    moment = _moment(clause)
    number = clause.first("number")
    parts = round(number.get("number")) if number is not None else 3 if clause.has("amount", "triple") else 2
    clause.use(moment, number, *clause.all("verb", "split", "trim"), *clause.all("amount"))
    ms = round(1000 * (moment.get("instant") or moment.get("length") or 0)) if moment is not None else None
    context.wish(SplitShot(context.target(clause), ms, min(10, max(2, parts))))


def _moment(clause: Clause) -> Token | None:
    return clause.first("instant") or clause.first("length")


def _lead(clause: Clause, prep: str) -> bool:
    moment = _moment(clause)
    lead = clause.before(moment) if moment is not None else None
    return moment is not None and (moment.has("instant") or (lead is not None and lead.has("prep", prep)))
