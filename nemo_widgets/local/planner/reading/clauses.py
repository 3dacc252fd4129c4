"""The clauses of a message: each asks for one thing or a few that belong together."""

from collections.abc import Iterable, Iterator, Sequence

from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.reading.tokens import Token

_SEPARATORS = ("and", "then", "last", "first", ",", ".", ":")
_WISHING = (
    "thing", "scene", "extra", "time", "hue", "season", "weather", "style", "camera", "aim", "pace", "grade", "mood",
    "tint", "ratio", "genre", "near_genre", "ambience", "transition", "quote", "file", "lost_file", "own", "missing",
    "talk",
)  # fmt: skip
"""Kinds of words that make a piece of a message a clause of its own."""


class Clause:
    """Some tokens of a message, of which each is used up by the wish that it is read as.

    Parameters
    ----------
    tokens : sequence of Token
        What it is made of.
    lead : str
        What joins it to the clause before: ``","``, ``"and"``, ``"then"``, ``"."``; empty for the first.
    verbs : iterable of str
        Those of the clause before, where it has none of its own.
    """

    def __init__(self, tokens: Sequence[Token], lead: str, verbs: Iterable[str] = ()) -> None:
        self.tokens = tuple(tokens)
        self.lead = lead
        own = {verb for token in tokens for verb in token.all("verb")}
        self.has_own_verb = bool(own)
        self.verbs = frozenset(own or verbs)
        self._used: set[int] = set()

    def __repr__(self) -> str:
        return f"<Clause {self.lead} {' '.join(token.text for token in self.tokens)}>"

    @property
    def left(self) -> Iterator[Token]:
        """The tokens that nothing has used yet."""
        return (token for token in self.tokens if token.start not in self._used)

    def all(self, kind: str, *values: object) -> list[Token]:
        """Return the tokens left that can be of a kind, in order."""
        return [token for token in self.left if token.has(kind, *values)]

    def first(self, kind: str, *values: object) -> Token | None:
        """Return the first of them, or None."""
        return next((token for token in self.left if token.has(kind, *values)), None)

    def has(self, kind: str, *values: object) -> bool:
        """Whether there is one."""
        return self.first(kind, *values) is not None

    def does(self, *verbs: str) -> bool:
        """Whether one of these verbs is in it, or was in the clause before."""
        return bool(self.verbs & set(verbs))

    def use(self, *tokens: Token | None) -> None:
        """Use tokens up."""
        self._used.update(token.start for token in tokens if token is not None)

    def is_used(self, token: Token) -> bool:
        """Whether a token has been used up."""
        return token.start in self._used

    def before(self, token: Token) -> Token | None:
        """Return the token before one, articles left out."""
        return next(
            (other for other in reversed(self.tokens) if other.start < token.start and not other.has("article")), None
        )

    def after(self, token: Token) -> Token | None:
        """Return the token after one, articles left out."""
        return next((other for other in self.tokens if other.start >= token.end and not other.has("article")), None)

    def pivot(self) -> int | None:
        """Return where "replace X | with Y", 把X换成Y turns from the old to the new."""
        verb = self.first("verb", "replace", "swap")
        if verb is not None and CHINESE.search(verb.text):
            return verb.start
        preps = [
            token
            for token in self.tokens
            if token.has("prep", "to", "with", "for", "by") and (verb is None or token.start > verb.start)
        ]
        if preps:
            return preps[0].start
        return verb.end if verb is not None and verb.text.endswith("into") else None

    def between(self, first: Token, second: Token) -> list[Token]:
        """Return the tokens between two."""
        return [token for token in self.tokens if first.end <= token.start and token.end <= second.start]


def pieces(tokens: Sequence[Token]) -> list[tuple[str, list[Token]]]:
    """Split tokens wherever something may join two clauses; each piece with what leads to it."""
    result: list[tuple[str, list[Token]]] = [("", [])]
    for at, token in enumerate(tokens):
        lead = token.get("join")
        if (token.has("verb") and lead) or (lead == ":" and at + 1 < len(tokens) and tokens[at + 1].has("quote")):
            lead = "("
        if lead == ":" and _is_heading(result[-1][1]):
            continue
        if lead in _SEPARATORS and not (lead == "and" and _waits(result[-1][1], tokens[at + 1 :])):
            if result[-1][1]:
                result.append((lead, []))
            else:
                result[-1] = (_stronger(result[-1][0], lead), [])
        elif lead not in ("(", ")"):
            result[-1][1].append(token)
    return [piece for piece in result if piece[1]] or [("", [])]


def _is_heading(piece: Sequence[Token]) -> bool:
    """Whether a piece only says how long a shot is: "Shot 1 (3 s):"."""
    kinds = ("shots", "length", "span", "number", "ordinal")
    measured = any(token.has("length") or token.has("span") for token in piece)
    return measured and all(any(token.has(kind) for kind in kinds) or token.has("thing", "shot") for token in piece)


def _stronger(first: str, second: str) -> str:
    order = ("", ",", "and", ":", ".", "first", "then", "last")
    return max(first, second, key=order.index)


def _waits(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether what stands before an "and" still needs what comes after it: "between the city and the sea"."""
    for token in reversed(before):
        if token.has("side", "between") or token.has("verb", "swap"):
            return any(
                other.has("scene") or other.has("file") or other.has("shots") or other.has("own") for other in after[:3]
            )
        if token.has("join"):
            return False
    return False


def clauses_of(tokens: Sequence[Token]) -> list[Clause]:
    """Split tokens into clauses; a piece that wishes nothing of its own belongs to the one before."""
    folded: list[tuple[str, list[Token]]] = []
    for lead, piece in pieces(tokens):
        follows = folded and lead not in (".", "then", "last")
        if follows and (not _wishes(piece) or _only_measures(piece, folded[-1][1])):
            folded[-1][1].extend(piece)
        else:
            folded.append((lead, list(piece)))
    clauses: list[Clause] = []
    for lead, piece in folded:
        inherited = clauses[-1].verbs if clauses and lead in (",", "and", ":") else ()
        clauses.append(Clause(piece, lead, inherited))
    return clauses


_MEASURES = ("length", "percent", "factor", "degrees")


def _only_measures(piece: Sequence[Token], before: Sequence[Token]) -> bool:
    """Whether a piece only says how much of what the one before wishes: "slide transitions, 1 second"."""
    kinds = [kind for kind in _MEASURES if any(token.has(kind) for token in piece)]
    plain = not any(token.has("verb") or any(token.has(kind) for kind in (*_WISHING, "shots", "at")) for token in piece)
    return plain and bool(kinds) and not any(token.has(kind) for token in before for kind in kinds)


def _wishes(piece: Sequence[Token]) -> bool:
    return any(token.has("verb") or any(token.has(kind) for kind in _WISHING) for token in piece) or any(
        token.has(kind) for kind in ("length", "percent", "factor", "shots", "at", "degrees") for token in piece
    )
