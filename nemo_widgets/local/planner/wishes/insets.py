"""Wishes about pictures in a corner, over the shots."""

from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.wishes.context import Context
from nemo_widgets.local.planner.wishes.files import file_tokens, pictures_of
from nemo_widgets.local.planner.wishes.shots import NewShot, is_wanted, meant_ids, new_shots


@dataclass(frozen=True, slots=True)
class PutInset:
    """Show a picture in a corner, over the shots."""

    new: NewShot | None
    of_shots: tuple[str, ...]
    corner: str
    size: float
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class ChangeInset:
    """Put the picture in the corner elsewhere, or make it larger or smaller."""

    corner: str
    size: float


@dataclass(frozen=True, slots=True)
class RemoveInset:
    """Take the pictures in corners off."""


_SIZES = {"small": 0.22, "large": 0.45}
_SIZE = 0.32


def read_inset(clause: Clause, context: Context) -> bool:
    """Find a picture that is to lie over the others, in a corner; return whether there is one."""
    corner, thing = clause.first("corner"), clause.first("thing", "pip")
    if corner is None and thing is None:
        return False
    if clause.does("remove") and thing is not None:
        clause.use(thing, corner)
        context.wish(RemoveInset())
        return True
    files = [token for token in file_tokens(clause, context) if pictures_of(token, context)]
    scenes = [token for token in clause.all("scene") if is_wanted(token, clause)]
    refs = [token for token in clause.all("shots") if token not in files and token not in scenes]
    size = _SIZE
    if (named := clause.first("turn", "small", "large")) is not None:
        clause.use(named)
        size = _SIZES[named.get("turn")]
    if (share := clause.first("percent")) is not None:
        clause.use(share)
        size = min(1.0, max(0.1, share.get("percent")))
    half = clause.first("amount", "half")
    if half is not None:
        clause.use(half)
        size = 0.5
    place = corner.get("corner") if corner is not None else ""
    span, length = clause.first("span"), clause.first("length")
    start = end = None
    if span is not None:
        start, end = (round(1000 * moment) for moment in span.get("span"))
    elif length is not None:
        lead = clause.before(length)
        ms = round(1000 * length.get("length"))
        start, end = (ms, None) if lead is not None and lead.has("prep", "at", "from") else (None, ms)
    if not (files or scenes or refs):
        if thing is None and not clause.does("move", "put", "make"):
            return False
        clause.use(thing, corner, *clause.all("pronoun"))
        context.wish(ChangeInset(place, size if named or share or half else 0.0))
        return True
    clause.use(thing, corner, span, length)
    if refs and not (files or scenes):
        ids = meant_ids(refs[0], clause, context) or ()
        context.wish(PutInset(None, ids, place, size, start, end))
        return True
    made = new_shots(clause, files[:1] or scenes, context)
    context.wish(PutInset(made[0] if made else None, (), place, size, start, end))
    return True
