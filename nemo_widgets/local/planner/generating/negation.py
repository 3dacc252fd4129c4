"""What a description does not want: "no music", "without a title", "not a city but a forest"."""

from collections.abc import Sequence

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token

_ENDS = ("prep", "join", "length", "quote", "ratio", "percent")


def parted(pieces: Sequence[tuple[str, list[Token]]]) -> tuple[list[Clause], list[Clause]]:
    """Split the pieces of a description into what is wanted and what isn't.

    Returns
    -------
    tuple of lists of Clause
        One clause a piece, what is not wanted taken out; and one a thing that is not wanted.
    """
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    for lead, piece in pieces:
        left: list[Token] = []
        at = 0
        while at < len(piece):
            if _is_negation(piece[at]):
                end = _end_of(piece, at + 1)
                if end > at + 1:
                    unwanted.append(Clause(piece[at:end], lead))
                at = end
            elif piece[at].has("join", "instead_of"):
                at = _end_of(piece, at + 1)
            else:
                left.append(piece[at])
                at += 1
        wanted.append(Clause(left, lead))
    return wanted, unwanted


def _is_negation(token: Token) -> bool:
    return token.has("verb", "remove") or token.has("join", "not", "except")


def _end_of(piece: Sequence[Token], at: int) -> int:
    """Return where the thing that is not wanted ends: it goes on until something else begins."""
    end = at
    while end < len(piece):
        token = piece[end]
        if end > at and (any(token.has(kind) for kind in _ENDS) or token.has("article") or _is_negation(token)):
            break
        end += 1
        if token.has("thing", "music", "title", "sound", "caption") or token.has("scene") or token.has("weather"):
            break
    return end
