"""A message, read: its language, what it quotes, its tokens and clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.reading.clauses import Clause, clauses_of
from nemo_widgets.local.planner.reading.courtesy import without_courtesies
from nemo_widgets.local.planner.reading.emoji import spelled_out
from nemo_widgets.local.planner.reading.named import with_names
from nemo_widgets.local.planner.reading.places import with_places
from nemo_widgets.local.planner.reading.quotes import mark_quotes
from nemo_widgets.local.planner.reading.references import with_references
from nemo_widgets.local.planner.reading.tokens import Token, normalised, tokenize
from nemo_widgets.local.planner.reading.typos import mended
from nemo_widgets.local.planner.reading.units import with_units
from nemo_widgets.local.planner.timeline import Raw

LONGEST = 4000
"""Characters of a message that are read."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote, taken apart.

    Attributes
    ----------
    prompt : str
        As they wrote it.
    text : str
        In lower case, quoted words and file names replaced by marks.
    language : str
        ``"en"`` or ``"zh"``.
    tokens : tuple of Token
        In order; references to shots are one token each.
    assets : sequence of PlanAsset
        The uploaded files.
    typos : tuple of pairs of str
        Words that were mended: as said, as meant.
    names : frozenset of str
        Words that are written with a capital letter though no sentence begins there, in lower case.
    """

    prompt: str
    text: str
    language: str
    tokens: tuple[Token, ...]
    assets: Sequence[PlanAsset]
    typos: tuple[tuple[str, str], ...] = ()
    names: frozenset[str] = frozenset()

    @property
    def seed(self) -> int | None:
        """The number of the take that it asks for."""
        return next((token.get("seed") for token in self.tokens if token.has("seed")), None)

    def clauses(self) -> list[Clause]:
        """Return its clauses, with nothing used up yet."""
        return clauses_of(self.tokens)

    def has(self, kind: str, *values: object) -> bool:
        """Whether one of its tokens can be of a kind."""
        return any(token.has(kind, *values) for token in self.tokens)

    def asset(self, url: str) -> PlanAsset:
        """Return the uploaded file with a URL."""
        return next(asset for asset in self.assets if asset.url == url)


def read_message(prompt: str, assets: Sequence[PlanAsset], draft: Raw) -> Message:
    """Read a message.

    Parameters
    ----------
    prompt : str
        What the person wrote; what is beyond `LONGEST` characters is not read.
    assets : sequence of PlanAsset
        Uploaded files, which it may name.
    draft : Raw
        The timeline, whose shots it may mean.
    """
    prompt = prompt[:LONGEST]
    marked = mark_quotes(_NONE.sub(r"no \1", _as_sentences(without_courtesies(prompt))), assets)
    names = _names(marked.text)
    text, typos = mended(spelled_out(marked.text), names)
    text = normalised(text)
    tokens = with_places(with_references(with_units(with_names(tokenize(text, marked.things), assets)), draft))
    language = _language(text, prompt)
    return Message(prompt, text, language, tuple(tokens), assets, typos, names)


_TIMED = re.compile(r"\d\s*(?:s|secs?|seconds?)\b|[\d一二两三四五六七八九十]\s*秒", re.IGNORECASE)
_NONE = re.compile(r"\b(music|title|sound|text|captions?)\s*[:=]\s*(?:none|no|off)\b", re.IGNORECASE)
_CHINESE_SIGN = re.compile("[，。？！、「」《》]")
_CAPITAL = re.compile(r"(?<=[^\s.!?:;,\"'(–-])\s+([A-Z][a-z]+)")
_FULL_NAME = re.compile(r"\b([A-Z][a-z]+) [A-Z][a-z]+")
_LISTED = re.compile(r"(?:^|\n)[ \t]*(?:\d{1,2}[.)、](?!\d)|[-*•·])[ \t]*")


def _language(text: str, prompt: str) -> str:
    """Return the language of what is said: a few Chinese words, a title, don't make an English message Chinese."""
    chinese, latin = len(CHINESE.findall(text)), len(_LATIN.findall(text))
    if chinese and chinese < latin and not CHINESE.match(text.lstrip()):
        return "en"
    return "zh" if chinese or _CHINESE_SIGN.search(prompt) else "en"


_LATIN = re.compile(r"[a-z]{2,}")


def _names(text: str) -> frozenset[str]:
    if not re.search(r"[a-z]", text):
        return frozenset()
    return frozenset(hit[1].lower() for pattern in (_CAPITAL, _FULL_NAME) for hit in pattern.finditer(text))


def _as_sentences(text: str) -> str:
    """Return a list with "then" in the place of its marks: "1. a city", "- a forest", "a city, 3 s; a forest, 4 s"."""
    segments = re.split("[;；]", text)
    if len(segments) > 1 and all(_TIMED.search(segment) for segment in segments):
        text = "；然后".join(segments) if CHINESE.search(text) else "; then ".join(segments)
    if len(_LISTED.findall(text)) < 2:
        return text
    first = _LISTED.sub("\n", text, count=1)
    return _LISTED.sub("\nthen ", first)
