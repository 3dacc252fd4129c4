"""Words about the letters of a text, which have one size and colour here."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import Raw, meta, texts


def about_letters(clause: Clause, texts_: Sequence[Token]) -> list[Token]:
    """Return the words for colour and size that are about the letters: "a big red title", "title 'X' in red"."""
    found: list[Token] = []
    for token in clause.left:
        if not (token.has("hue") or token.has("turn", "small", "large") or token.has("thing", "grade")):
            continue
        rest = [other for other in clause.tokens if other.start >= token.end and not _is_letter_word(other)]
        leads = bool(rest) and rest[0] in texts_
        last = not any(other.has("scene") for other in rest)
        behind = any(other.end <= token.start for other in texts_) and last
        alone = not any(other.has("scene") for other in clause.tokens)
        if leads or behind or (alone and token.has("hue")):
            found.append(token)
    return found


def _is_letter_word(token: Token) -> bool:
    return token.has("hue") or token.has("turn", "small", "large") or token.has("join") or token.has("article")


_MEASURES = ("length", "span", "instant", "spot", "animation", "at", "corner")


def goes_on_about_letters(clause: Clause) -> bool:
    """Whether a clause only goes on about colour and size of letters, "… bigger and red", and when they are shown."""
    words = _words(clause)
    return clause.lead in (",", "and") and any(_is_letter_word(token) for token in words) and _of_text(words)


def goes_on_about_text(clause: Clause) -> bool:
    """Whether a clause only goes on about how, where and when a text is shown: "…, red and gold, for 2 seconds"."""
    words = _words(clause)
    if clause.lead not in (",", "and") or not words or not _of_text(words):
        return False
    made = clause.does("make") and clause.has("pronoun") and any(_is_letter_word(token) for token in words)
    return made or not clause.has_own_verb


def _words(clause: Clause) -> list[Token]:
    return [token for token in clause.left if not (token.has("article") or token.has("prep") or token.has("join"))]


def _of_text(words: Sequence[Token]) -> bool:
    kinds = (*_MEASURES, "filler", "verb", "pronoun", "amount")
    return all(_is_letter_word(token) or any(token.has(kind) for kind in kinds) for token in words) and not any(
        token.has("scene") for token in words
    )


_ALIKE = 0.6
"""How much of a text has to be in its new words."""


def like(words: str, draft: Raw) -> str:
    """Return the text on the timeline that is most like new words: "change the date to 'June 6th'"."""
    there = [str(meta(piece).get("text", "")) for piece in texts(draft)]
    alike = {text: SequenceMatcher(None, text.casefold(), words.casefold()).ratio() for text in there}
    best = max(alike, key=lambda text: alike[text], default="")
    return best if best and alike[best] >= _ALIKE else ""
