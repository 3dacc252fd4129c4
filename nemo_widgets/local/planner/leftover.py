"""Words of a message that nothing in its answer takes up: they are named, so that no wish is lost without a word."""

from collections.abc import Sequence

from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import text_of

_GAP = 1
"""Letters between words that are said together."""


def leftover(message: Message, said: str) -> tuple[str, ...]:
    """Return the words of no known meaning that an answer doesn't name, those that stand together as one.

    A single Chinese character is left out: it is a part of a word beside it, hardly ever a wish.

    Parameters
    ----------
    message : Message
        What was read.
    said : str
        The whole answer.
    """
    answer = said.lower()
    stretches: list[list[Token]] = []
    for token in message.tokens:
        if not token.is_unknown:
            continue
        if stretches and _goes_on(stretches[-1], token):
            stretches[-1].append(token)
        else:
            stretches.append([token])
    kept = [stretch for stretch in stretches if not _is_character(stretch)]
    return tuple(dict.fromkeys(text_of(stretch) for stretch in kept if not _is_said(stretch, answer)))


def _goes_on(stretch: Sequence[Token], token: Token) -> bool:
    gap = 0 if CHINESE.match(token.text) else _GAP
    return token.start - stretch[-1].end <= gap


def _is_character(stretch: Sequence[Token]) -> bool:
    return len(stretch) == 1 and len(stretch[0].text) == 1


def _is_said(stretch: Sequence[Token], answer: str) -> bool:
    return text_of(stretch) in answer or all(len(token.text) > 1 and token.text in answer for token in stretch)
