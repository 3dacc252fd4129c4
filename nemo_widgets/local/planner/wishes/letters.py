"""Words about the letters of a text, which have one size and colour here."""

from collections.abc import Sequence

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token


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


def goes_on_about_letters(clause: Clause) -> bool:
    """Whether a clause only goes on about colour and size of letters: "… bigger and red"."""
    words = [token for token in clause.left if not (token.has("article") or token.has("prep"))]
    return clause.lead in (",", "and") and bool(words) and all(_is_letter_word(token) for token in words)
