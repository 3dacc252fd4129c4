"""Wishes to take changes back, to make them again, or to begin anew."""

from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.wishes.context import Context


@dataclass(frozen=True, slots=True)
class Undo:
    """Take so many changes back; None for all of them."""

    steps: int | None


@dataclass(frozen=True, slots=True)
class Redo:
    """Make so many changes again."""

    steps: int


@dataclass(frozen=True, slots=True)
class Restart:
    """Empty the timeline."""


def read_history(clause: Clause, context: Context) -> None:
    """Find whether a clause wants something back as it was."""
    narrowed = any(clause.has(kind) for kind in ("at", "side", "shots", "length", "instant", "span"))
    if clause.first("verb", "restart") is not None and not narrowed:
        clause.use(*clause.tokens)
        context.wish(Restart())
    elif (token := clause.first("verb", "undo_all", "undo", "redo")) is not None:
        number = clause.first("number") or clause.first("factor")
        counted = number or clause.first("ordinal")
        everything = token.has("verb", "undo_all") or clause.has("every", "all")
        steps = 1
        if counted is not None:
            value = next(value for kind in ("number", "factor", "ordinal") if (value := counted.get(kind)) is not None)
            steps = max(1, abs(round(value)))
        elif clause.has("amount", "double"):
            steps = 2
        clause.use(*clause.tokens)
        context.wish(Redo(steps) if token.has("verb", "redo") else Undo(None if everything else steps))
