"""Wishes of one message that are one: said twice, or said in several clauses."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from nemo_widgets.local.planner.looks import Look
from nemo_widgets.local.planner.wishes.context import Say
from nemo_widgets.local.planner.wishes.looks import Restyle
from nemo_widgets.local.planner.wishes.texts import ChangeText, How, PutCaptions, PutText, When

_ONCE = ("Restyle", "SetSpeed", "SetVolume", "ChangeLength")
"""Wishes that are one when they are said twice in a row: "it's too dark, make it brighter"."""


def gathered(wishes: Sequence[object]) -> list[object]:
    """Put wishes together that are one, each where its first part stands."""
    together: list[object] = []
    for wish in wishes:
        last = together[-1] if together else None
        if wish == last and type(wish).__name__ in _ONCE:
            continue
        if last == Say("text_plain") and len(together) > 1 and (both := _both(together[-2], wish)) is not None:
            together[-2] = both
            continue
        both = _both(last, wish)
        if both is not None:
            together[-1] = both
        elif isinstance(wish, PutText) and wish.role == "caption" and wish.when == When():
            together.append(PutCaptions((wish.words,), wish.how))
        else:
            together.append(wish)
    return together


def _both(last: object, wish: object) -> object | None:
    """Return two wishes as one; None where they are two."""
    match last, wish:
        case PutText(), ChangeText() if _goes_on(wish, last):
            how = How(wish.how.place or last.how.place, wish.how.animation or last.how.animation)
            return replace(last, how=how, when=_when(last.when, wish.when))
        case PutCaptions(), PutText(role="caption") if wish.when in (When(), When(shots=last.shots)):
            return replace(last, words=(*last.words, wish.words))
        case PutText(role="caption"), PutText(role="caption") if _is_next(wish, last):
            return PutCaptions((last.words, wish.words), last.how, last.when.shots)
        case Restyle(), Restyle() if last.shots == wish.shots and _only_hues(last.look) and _only_hues(wish.look):
            look = replace(wish.look, hues=last.look.hues + wish.look.hues, words=last.look.words + wish.look.words)
            return Restyle(wish.shots, look)
        case _:
            return None


def _when(first: When, second: When) -> When:
    """Return what both say of when a text is shown; what the first leaves open is as the second says."""
    open_ = {name: value for name, value in asdict(second).items() if getattr(first, name) in (None, "", ())}
    return replace(first, **open_)


def _is_next(put: PutText, last: PutText) -> bool:
    """Whether a caption follows one that is over several shots: then there is one a shot."""
    return len(last.when.shots) > 1 and put.when in (When(), last.when)


def _only_hues(look: Look) -> bool:
    """Whether a look asks for colours only: "blue", "and white"."""
    return bool(look.hues) and replace(look, hues=(), words=()).is_empty


def _goes_on(change: ChangeText, put: PutText) -> bool:
    plain = not (change.words or change.old or change.number is not None) and change.longer == 1.0
    return plain and change.role in ("", put.role)
