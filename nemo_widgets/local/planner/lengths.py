"""Lengths of time as people write them, in English and Chinese."""

import re
from dataclasses import dataclass

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_COUNT = rf"(?:\d+(?:\.\d+)?|{_WORDS}|half an?|half|an?|[零一二两三四五六七八九十]+|半)"
_SECONDS = r"(?:seconds?|secs?|s|秒钟|秒)(?![a-z])"
_MINUTES = r"(?:minutes?|mins?|分钟|分)(?![a-z])"

_LENGTH = re.compile(
    rf"(?<![a-z\d.:])(?:(?P<minutes>{_COUNT})[\s-]*{_MINUTES}"
    rf"(?P<half>\s*and a half|半)?(?:\s*(?:and)?\s*(?P<rest>{_COUNT})[\s-]*{_SECONDS})?"
    rf"|(?P<seconds>{_COUNT})[\s-]*{_SECONDS})"
)
_DECADE = re.compile(
    r"(?:\b(?:the|early|late|mid)[\s-]+|\b(?:19|20)|')[1-9]0'?s\b"
    r"|\b[1-9]0s(?=[\s-]+(?:style|synth\w*|vibe|retro|music|look|disco|pop|rock|movie|film|aesthetic|feel|era|vhs|neon|hip|tv)\b)"
)


@dataclass(frozen=True, slots=True)
class Length:
    """A length in seconds, and where in the text it stands."""

    seconds: float
    start: int
    end: int


def _count(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    if text.startswith("half") or text == "半":
        return 0.5
    if text in ("a", "an"):
        return 1.0
    if text in _NUMBERS:
        return float(_NUMBERS[text])
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float("".join(str(_DIGITS[digit]) for digit in text))
    return float((_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[0]] if ones else 0))


def blank_decades(text: str) -> str:
    """Take out *80s style* and the like, which are no lengths; what stays keeps its place."""
    return _DECADE.sub(lambda hit: " " * len(hit.group()), text)


def find_lengths(text: str) -> list[Length]:
    """Return every length in a lower-case text, from left to right."""
    found = []
    for hit in _LENGTH.finditer(text):
        if hit["seconds"]:
            seconds = _count(hit["seconds"])
        else:
            seconds = 60 * (_count(hit["minutes"]) + (0.5 if hit["half"] else 0)) + (
                _count(hit["rest"]) if hit["rest"] else 0
            )
        found.append(Length(seconds, hit.start(), hit.end()))
    return found
