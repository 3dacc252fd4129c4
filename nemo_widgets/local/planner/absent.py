"""What a description names and its picture doesn't show: every word of it that isn't understood, in its own words."""

from collections.abc import Sequence
from typing import Literal

from nemo_widgets.local.planner.lexicon import CHINESE, entry
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import Subject, holds, is_recipient, plain

State = Literal["absent", "glue", "known"]
_MEANINGS = (
    "time", "weather", "season", "hue", "mood", "style", "camera", "aim", "pace", "grade", "genre", "near_genre",
    "ambience", "ratio", "transition", "thing", "quote", "file", "lost_file", "own", "talk",
)  # fmt: skip
"""Kinds of words that are understood for another reason than what they show."""
_SMALL = ("article", "filler", "prep", "join", "verb", "amount", "turn", "every", "pronoun", "place", "at", "side")
_GAP = 2
"""Letters between words that are said together."""


def absent(tokens: Sequence[Token], subject: Subject | None) -> tuple[str, ...]:
    """Return what tokens name that isn't in the picture of a subject, words that stand together as one.

    Parameters
    ----------
    tokens : sequence of Token
        A description of one shot.
    subject : Subject or None
        What is drawn for it; with None nothing that is named is.
    """
    found: list[list[Token]] = []
    glue: list[Token] = []
    for at, token in enumerate(tokens):
        state = _state(token, tokens, subject)
        follows = bool(found) and token.start - (glue or found[-1])[-1].end <= _GAP
        if state == "absent" and found and follows and (glue or found[-1][-1] is tokens[at - 1]):
            found[-1] += [*glue, token]
        elif state == "absent":
            found.append([token])
        glue = [*glue, token] if state == "glue" and follows and (glue or found[-1][-1] is tokens[at - 1]) else []
    said = (_text(stretch) for stretch in found if not _is_part(stretch, tokens))
    return tuple(dict.fromkeys(word for word in said if word))


def _state(token: Token, tokens: Sequence[Token], subject: Subject | None) -> State:
    is_nearest = subject is not None and subject.fit == "near" and plain(token.text) == subject.word
    if token.is_unknown or token.has("missing") or is_nearest:
        return "absent"
    if token.has("article") or token.has("prep", "of"):
        return "glue"
    if any(token.has(kind) for kind in _MEANINGS):
        return "known"
    if token.has("extra"):
        shown = () if subject is None else entry("extra", token.get("extra"))["shown"]
        drawn = subject is not None and bool({subject.scene, subject.asked} & set(shown))
        return "known" if drawn or is_recipient(token, tokens) else "absent"
    if token.has("scene"):
        return "known" if _is_seen(token, subject) else "absent"
    return "known"


def _is_seen(token: Token, subject: Subject | None) -> bool:
    """Whether a word for a place is in the picture, or says no more than what sort of video it is."""
    if subject is None or any(token.has(kind) for kind in _SMALL):
        return True
    if token.has("general") or any(
        plain(token.text) in entry("scene", scene).get("also", ()) for scene in (subject.scene, subject.asked) if scene
    ):
        return True
    return any(scene in holds(subject) for scene, strength in token.all("scene") if strength >= 1)


def _is_part(stretch: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a single Chinese character only belongs to a word beside it: 面 in 湖面."""
    if len(stretch) > 1 or len(stretch[0].text) > 1 or not CHINESE.match(stretch[0].text):
        return False
    return stretch[0].is_unknown


def _text(stretch: Sequence[Token]) -> str:
    said = ""
    for token in stretch:
        glue = "" if not said or CHINESE.match(token.text) else " "
        said += glue + token.text
    return plain(said)
