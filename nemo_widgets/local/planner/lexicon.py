"""The words that the planner knows, from the TOML files in ``words/``, and what each can mean."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.setting import palettes

Entry = Mapping[str, Any]


class Tag(NamedTuple):
    """One thing that a word can mean: ``Tag("weather", "rain")``, ``Tag("length", 3.0)``."""

    kind: str
    value: Any


_FILES = ("actions", "looks", "sounds", "missing", "things")
_STRENGTHS = {"surest": 20.0, "words": 3.0, "weak": 1.0, "near": 0.5}
_SPACED_ONLY = {"verb", "place", "side", "prep", "turn", "join", "filler", "talk", "amount", "every", "own", "pronoun"}
"""Kinds whose phrases keep their spaces: written as one word they would be others ("at end", "for mat")."""
_ARTICLES = {"the", "a", "an"}
_WORD = re.compile(r"[^\W_]+(?:['&][^\W_]+)*")
CHINESE = re.compile(r"[\u3400-\u9fff]")


class Lexicon:
    """All phrases, and what they can mean.

    Attributes
    ----------
    longest_words, longest_letters : int
        Of a phrase in a script with spaces, and in Chinese.
    vocabulary : frozenset of str
        All words of phrases that are written with spaces between them.
    """

    def __init__(self, phrases: Mapping[str, tuple[Tag, ...]]) -> None:
        self._phrases = phrases
        self.longest_words = max(phrase.count(" ") + 1 for phrase in phrases)
        self.longest_letters = max(len(phrase) for phrase in phrases if CHINESE.search(phrase))
        self.vocabulary = frozenset(word for phrase in phrases if phrase.isascii() for word in phrase.split())

    def __getitem__(self, phrase: str) -> tuple[Tag, ...]:
        """Return what a phrase can mean, nothing for an unknown one; its last word may be a plural."""
        found = self._phrases.get(phrase)
        if found is None and phrase.endswith("s") and len(phrase) > 3:
            for singular in _singulars(phrase):
                if singular in self._phrases:
                    return self._phrases[singular]
        return found or ()


def _singulars(phrase: str) -> Iterator[str]:
    yield phrase[:-1].removesuffix("'")
    if phrase.endswith("es"):
        yield phrase[:-2]
    if phrase.endswith("ies"):
        yield phrase[:-3] + "y"


def key_of(words: list[str]) -> str:
    """Return the form in which a phrase is looked up: without articles."""
    return " ".join(word for word in words if word not in _ARTICLES)


def split_words(text: str) -> list[str]:
    """Split a phrase of the vocabulary into its words."""
    return _WORD.findall(text.lower())


def _spellings(kind: str, phrase: str) -> Iterator[str]:
    phrase = phrase.lower()
    if CHINESE.search(phrase):
        yield phrase
        return
    words = split_words(phrase)
    forms = [words]
    if kind == "verb":
        forms += [[form, *words[1:]] for form in _inflected(words[0])]
    for form in forms:
        yield key_of(form)
        if len(form) > 1 and kind not in _SPACED_ONLY:
            yield "".join(form)


def _inflected(verb: str) -> Iterator[str]:
    if not verb.isalpha() or len(verb) < 3:
        return
    yield verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    short = re.search(r"[^aeiou][aeiou][bdgmnpt]$", verb)
    stem = verb + verb[-1] if short and len(verb) < 5 else verb.removesuffix("e")
    yield stem + "ed"
    yield stem + "ing"


def _read(name: str) -> Entry:
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text("utf-8"))


@cache
def tables() -> Mapping[str, Entry]:
    """Return the data of the vocabulary: kind → value → its table or its list of words."""
    whole: dict[str, Entry] = dict(_read("scenes"))
    for name in _FILES:
        whole.update(_read(name))
    return whole


def entry(kind: str, value: str) -> Entry:
    """Return the data of a value of the vocabulary; none for one that isn't in it."""
    found: Entry = tables()[kind].get(value, {})
    return found


@cache
def lexicon() -> Lexicon:
    """Return all phrases, read once."""
    found: dict[str, dict[Tag, None]] = {}

    def note(tag: Tag, phrases: Any) -> None:
        for phrase in phrases:
            for spelling in _spellings(tag.kind, str(phrase)):
                found.setdefault(spelling, {})[tag] = None

    for kind, entries in tables().items():
        for value, entry in entries.items():
            if kind == "scene":
                for key, strength in _STRENGTHS.items():
                    note(Tag("scene", (value, strength)), entry.get(key, ()))
            elif isinstance(entry, Mapping):
                note(Tag(kind, value), entry.get("words", ()))
                note(Tag(f"near_{kind}", value), entry.get("near", ()))
            elif isinstance(entry, list):
                note(Tag(kind, value), entry)
    for scene in SCENES:
        for palette in palettes(scene):
            note(Tag("tint", None), palette.words)
    return Lexicon({phrase: tuple(tags) for phrase, tags in found.items()})


@cache
def real_words() -> frozenset[str]:
    """Return words that only look like slips of others."""
    return frozenset(_read("slips")["real"])


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return the sentences of the agent in ``"en"`` or ``"zh"``."""
    return {name: str(text) for name, text in _read("answers")[language].items()}
