"""Clauses that name scenes on the timeline, and don't wish for them: they speak of what is there."""

from collections.abc import Sequence

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.wishes.context import Say


def only_speaks(new: Sequence[Token], clause: Clause) -> list[Say] | None:
    """Return what to say to a clause that doesn't wish for the scenes in it; None where it does.

    It may speak of what is there, "the forest is boring", or move the camera, "zoom into the city".
    """
    lead = clause.before(new[0])
    fresh = lead is not None and (lead.has("prep", "of") or lead.text in ("a", "an"))
    if any(other.has("article", "a", "an") and other.end <= new[0].start for other in clause.tokens):
        fresh = True
    there = all(token.has("shots") for token in new) and any(token.is_unknown for token in clause.tokens)
    if there and not fresh and (_makes_unknown(clause, new)):
        return []
    plays = all(token.text.startswith("play") for token in clause.all("verb")) and clause.has_own_verb
    if plays and not clause.has("at") and all(token.has("shots") for token in new):
        return []
    if clause.does("add", "replace", "generate", "use", "put", "make") and not keeps_only(clause):
        return None
    if keeps_only(clause) and all(token.has("shots") for token in new):
        return []
    camera = clause.has("camera") or clause.has("aim") or clause.has("thing", "camera")
    if camera and not fresh:
        return []
    return [Say("dislike")] if there or clause.has("talk", "dull") else None


def _makes_unknown(clause: Clause, there: Sequence[Token]) -> bool:
    """Whether something that is there is to become what isn't known: "turn the sea into lava"."""
    pivot = clause.pivot()
    if clause.does("replace"):
        return (
            pivot is not None
            and there[-1].start < pivot
            and any(token.is_unknown for token in clause.tokens if token.start > pivot)
        )
    return clause.does("make") and not clause.does("add", "use", "put")


def keeps_only(clause: Clause) -> bool:
    """Whether a clause says "I only want the sea"."""
    wants = any(token.text in ("want", "need", "want only", "need only") for token in clause.tokens)
    return clause.has("turn", "only") and wants
