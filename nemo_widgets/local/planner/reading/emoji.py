"""Messages of pictures: 🌊🌅 says "water wave, sunrise", by the names that Unicode gives them."""

import re
import unicodedata

from nemo_widgets.local.planner.lexicon import lexicon

_ENDINGS = re.compile(r"\b(?:face|symbol|sign|with|of|and|tropical)\b")

_MOST, _NEAR = 20, 8
"""Emoji that are read in one message; letters before one that can make it a word."""
_OBJECT = re.compile(r"(?:\b(?:an?|the|it|in|with|of|to|at|add|more|some)|加|换成|变成|来个)\s*$", re.IGNORECASE)
_SHOWN = ("scene", "extra", "weather", "time", "season")
"""Kinds of words of which one has to be in the name."""


def spelled_out(text: str) -> str:
    """Return a text with its emoji as words, where they stand for words: by themselves, or in "make it 🌙".

    Others only decorate what is said: "thanks 👍", "make it darker 🌙".
    """
    alone = not any(letter.isalpha() or "\ue000" <= letter <= "\uf8ff" for letter in re.sub(r"\d+\s*s\b", "", text))
    said, count = "", 0
    for at, letter in enumerate(text):
        is_word = alone or _OBJECT.search(text[max(0, at - _NEAR) : at]) is not None
        if unicodedata.category(letter) == "So" and is_word and count < _MOST:
            letter, count = f" {_name(letter)}, ", count + 1
        said += letter
    return said


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "").lower().replace("-", " ")
    words = _ENDINGS.sub(" ", name).split()
    shows = any(tag.kind in _SHOWN for word in words for tag in lexicon()[word])
    return " ".join(words) if shows else ""
