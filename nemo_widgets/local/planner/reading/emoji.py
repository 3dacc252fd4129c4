"""Messages of pictures: 🌊🌅 says "water wave, sunrise", by the names that Unicode gives them."""

import re
import unicodedata

from nemo_widgets.local.planner.lexicon import lexicon

_ENDINGS = re.compile(r"\b(?:face|symbol|sign|with|of|and|tropical)\b")

_SHOWN = ("scene", "extra", "weather", "time", "season")
"""Kinds of words of which one has to be in the name."""


def spelled_out(text: str) -> str:
    """Return a text with its emoji as words, where nothing else in it is a word; else as it was.

    In a sentence they only decorate what is said: "thanks 👍", "make it darker 🌙".
    """
    if any(letter.isalpha() for letter in re.sub(r"\d+\s*s\b", "", text)):
        return text
    return "".join(f" {_name(letter)}, " if unicodedata.category(letter) == "So" else letter for letter in text)


def _name(letter: str) -> str:
    name = unicodedata.name(letter, "").lower().replace("-", " ")
    words = _ENDINGS.sub(" ", name).split()
    shows = any(tag.kind in _SHOWN for word in words for tag in lexicon()[word])
    return " ".join(words) if shows else ""
