"""A message as tokens: words and phrases of the vocabulary, quantities, quoted words, file names, and the rest."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nemo_widgets.local.planner.lexicon import CHINESE, Tag, key_of, lexicon
from nemo_widgets.local.planner.reading.quantities import quantity_at

_MARKS = "\ue000-\uf8ff"
"""Private characters that stand for quoted words and files while a text is taken apart."""
_FIRST_MARK = 0xE000
_WORD = re.compile(rf"[^\W_{_MARKS}\u3400-\u9fff]+(?:['&][^\W_{_MARKS}\u3400-\u9fff]+)*")
_GAP = re.compile(r"[ \t]*[-–'’]?[ \t]*")
_PUNCTUATION = {
    ",": ",", "，": ",", "、": ",", "—": ",", "–": ",", "(": "(", ")": ")", ".": ".", ";": ".", "。": ".", "!": ".",
    "?": ".", "\n": ".", "…": ".", ":": ":", "&": "and", "+": "and", "→": "then", ">": "then",
}  # fmt: skip
_UNDO = re.compile(r"\b(?:ctrl|cmd|strg)\s*[+-]\s*z\b")
_SLASH = re.compile(r"(?<=\s)[/|](?=\s)")
_MORE = re.compile("再(?=[小大快慢亮暗长短暖冷酷强弱高低])")
"""再 before an adjective is no "then": 音乐再小一点."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a text that means one thing, or several until it is known which.

    Attributes
    ----------
    text : str
        As it was said, in lower case.
    start, end : int
        Where it stands in the text that was read.
    tags : tuple of Tag
        What it can mean; none for a word that the planner doesn't know.
    """

    text: str
    start: int
    end: int
    tags: tuple[Tag, ...] = ()

    def get(self, kind: str) -> Any:
        """Return its value of a kind, or None."""
        for own, value in self.tags:
            if own == kind:
                return value
        return None

    def all(self, kind: str) -> list[Any]:
        """Return all its values of a kind."""
        return [tag.value for tag in self.tags if tag.kind == kind]

    def has(self, kind: str, *values: object) -> bool:
        """Whether it can be of a kind, and of one of these values when any are given."""
        # A loop, since this is asked a thousand times a message.
        for own, value in self.tags:  # noqa: SIM110
            if own == kind and (not values or value in values):
                return True
        return False

    @property
    def is_unknown(self) -> bool:
        """Whether it is a word of no known meaning."""
        return not self.tags and any(letter.isalpha() for letter in self.text)


def mark(index: int) -> str:
    """Return the character that stands for the thing with this index."""
    return chr(_FIRST_MARK + index)


def normalised(text: str) -> str:
    """Return a text in lower case, with full-width characters as narrow ones and without marks of its own."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").lower()
    return _UNDO.sub("undo", _MORE.sub("", _SLASH.sub(" , ", plain)))


def without_marks(text: str) -> str:
    """Take out characters that would be mistaken for marks."""
    return re.sub(f"[{_MARKS}]", " ", text)


def tokenize(text: str, marked: Sequence[Tag]) -> list[Token]:
    """Take a normalised text apart.

    Parameters
    ----------
    text : str
        What `normalised` gave, with marks in it.
    marked : sequence of Tag
        What the marks stand for.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace() and letter != "\n":
            at += 1
            continue
        index = ord(letter) - _FIRST_MARK
        if 0 <= index < len(marked):
            tokens.append(Token(letter, at, at + 1, (marked[index],)))
            at += 1
            continue
        token = _phrase_at(text, at) or _plain_at(text, at)
        if token is not None:
            tokens.append(token)
        at = token.end if token is not None else at + 1
    return tokens


def _phrase_at(text: str, at: int) -> Token | None:
    """Find the longest phrase or quantity that begins here; of equal ones, both meanings are kept."""
    known = _chinese_at(text, at) if CHINESE.match(text, at) else _latin_at(text, at)
    counted = (
        quantity_at(text, at)
        if at == 0 or not (text[at - 1].isalnum() and text[at - 1].isascii() and text[at].isascii())
        else None
    )
    if known is None or (counted is not None and counted[0] > known.end):
        return None if counted is None else Token(text[at : counted[0]], at, counted[0], counted[1])
    if counted is not None and counted[0] == known.end:
        # 最后 before what is counted is "the last", else "at last".
        tags = known.tags if not counted[1] else tuple(tag for tag in known.tags if tag.kind != "join")
        return Token(known.text, at, known.end, tags + counted[1])
    return known


def _chinese_at(text: str, at: int) -> Token | None:
    for length in range(min(lexicon().longest_letters, len(text) - at), 0, -1):
        if tags := lexicon()[text[at : at + length]]:
            return Token(text[at : at + length], at, at + length, tags)
    return None


def _latin_at(text: str, at: int) -> Token | None:
    words: list[str] = []
    best: Token | None = None
    end = at
    while len(words) < lexicon().longest_words + 2 and (hit := _WORD.match(text, end)):
        words.append(hit.group())
        if (tags := lexicon()[key_of(words)]) and hit.group() not in ("a", "an", "the"):
            best = Token(text[at : hit.end()], at, hit.end(), tags)
        gap = _GAP.match(text, hit.end())
        end = gap.end() if gap else hit.end()
    if best is None or words[0] in ("a", "an", "the"):
        return None
    return best


def _plain_at(text: str, at: int) -> Token | None:
    if (sign := _PUNCTUATION.get(text[at])) is not None:
        return Token(text[at], at, at + 1, (Tag("join", sign),))
    if CHINESE.match(text, at):
        return Token(text[at], at, at + 1)
    hit = _WORD.match(text, at)
    if hit is None:
        return None
    if hit.group() in ("a", "an", "the"):
        return Token(hit.group(), at, hit.end(), (Tag("article", hit.group()),))
    return Token(hit.group(), at, hit.end())
