"""A message, read: its language, what it quotes, its tokens and clauses."""

from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.reading.clauses import Clause, clauses_of
from nemo_widgets.local.planner.reading.places import with_places
from nemo_widgets.local.planner.reading.quotes import mark_quotes
from nemo_widgets.local.planner.reading.references import with_references
from nemo_widgets.local.planner.reading.tokens import Token, normalised, tokenize
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
    """

    prompt: str
    text: str
    language: str
    tokens: tuple[Token, ...]
    assets: Sequence[PlanAsset]

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
    marked = mark_quotes(prompt, assets)
    text = normalised(marked.text)
    tokens = with_places(with_references(tokenize(text, marked.things), draft))
    language = "zh" if CHINESE.search(text) else "en"
    return Message(prompt, text, language, tuple(tokens), assets)
