"""The words that the planner knows: ``vocabulary.toml``, compiled."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the vocabulary in a text: what was said, where it begins and ends."""

    word: str
    start: int
    end: int


class Lexicon:
    """A list of words and phrases to look for; longer ones win over shorter ones at the same place.

    Parameters
    ----------
    words : iterable of str
        Lower case. A space stands for a space, a hyphen or nothing.
    """

    def __init__(self, words: Iterable[str]) -> None:
        ordered = sorted(set(words), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, ordered))) if ordered else None

    def all(self, text: str) -> list[Found]:
        """Return every hit in a lower-case text, from left to right."""
        if self._pattern is None:
            return []
        return [Found(hit.group(), hit.start(), hit.end()) for hit in self._pattern.finditer(text)]

    def first(self, text: str) -> Found | None:
        """Return the first hit, or None."""
        hits = self.all(text)
        return hits[0] if hits else None

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.first(text) is not None


def _pattern(phrase: str) -> str:
    if not phrase.isascii():
        return re.escape(phrase)
    body = r"[\s-]?".join(re.escape(word) for word in phrase.split())
    return rf"(?<![a-z0-9]){body}(?:e?s)?(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class SceneWords:
    """What a scene is called, the words that lead to it, and the music that suits it."""

    name: str
    labels: Mapping[str, str]
    music: str
    surest: Lexicon
    words: Lexicon
    weak: Lexicon
    near: Lexicon


@dataclass(frozen=True, slots=True)
class StyleWords:
    """What a kind of music is called, and the words that lead to it."""

    name: str
    labels: Mapping[str, str]
    words: Lexicon
    near: Lexicon


@dataclass(frozen=True, slots=True)
class Missing:
    """Words for something that can't be done yet, and what to say about it, by language."""

    words: Lexicon
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of it.

    Attributes
    ----------
    scenes, styles : Mapping
        By the name that the draft carries.
    palettes : Mapping
        Scene → palette → words, in the order in which they are tried.
    ratios : Mapping
        ``"9:16"`` → words.
    intents, music : Mapping
        What a message, or the part of it about music, asks for.
    missing : tuple of Missing
        What it can't have.
    """

    scenes: Mapping[str, SceneWords]
    palettes: Mapping[str, Mapping[str, Lexicon]]
    styles: Mapping[str, StyleWords]
    ratios: Mapping[str, Lexicon]
    intents: Mapping[str, Lexicon]
    music: Mapping[str, Lexicon]
    missing: tuple[Missing, ...]


def _table(value: object) -> Table:
    return cast(Table, value) if isinstance(value, dict) else {}


def _words(table: Table, key: str) -> Lexicon:
    value = table.get(key)
    return Lexicon(str(word).lower() for word in value) if isinstance(value, list) else Lexicon(())


def _labels(table: Table) -> Mapping[str, str]:
    return {language: str(table[language]) for language in ("en", "zh")}


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, read once."""
    raw = tomllib.loads((files(__package__) / "vocabulary.toml").read_text("utf-8"))
    music = raw["music"]
    return Vocabulary(
        scenes={
            name: SceneWords(
                name,
                _labels(table),
                str(table["music"]),
                *(_words(table, key) for key in ("surest", "words", "weak", "near")),
            )
            for name, table in raw["scenes"].items()
        },
        palettes={scene: {name: _words(table, name) for name in table} for scene, table in raw["palettes"].items()},
        styles={
            name: StyleWords(name, _labels(table), _words(table, "words"), _words(table, "near"))
            for name, table in music["styles"].items()
        },
        ratios={ratio: _words(raw["ratios"], ratio) for ratio in raw["ratios"]},
        intents={name: _words(raw["intents"], name) for name in raw["intents"]},
        music={name: _words(music, name) for name in music if name != "styles"},
        missing=tuple(Missing(_words(table, "words"), _labels(table)) for table in raw["missing"].values()),
    )


@cache
def answers(language: str) -> Mapping[str, str]:
    """Return the sentences of the agent in ``"en"`` or ``"zh"``."""
    raw = tomllib.loads((files(__package__) / "answers.toml").read_text("utf-8"))
    return {name: str(text) for name, text in _table(raw[language]).items()}
