"""Files named by kind and by name at once, "my clip holiday.mov", "the photo of my cat": one file, said once."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.reading.tokens import Token

_GLUE = ("my", "of", "的", "called", "named", "是", "叫")
_KINDS = ("video", "image", "audio")
_GAP = 1
"""Letters between a name and the kind behind it: "cat.jpg photo"."""


def with_names(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens in which a word for a kind of file and the name beside it are one: that file."""
    result: list[Token] = []
    for token in tokens:
        if _is_file(token):
            at = len(result)
            while at and (result[at - 1].has("article") or result[at - 1].text in _GLUE):
                at -= 1
            if at and _is_kind(result[at - 1]):
                token = replace(token, start=result[at - 1].start)
                del result[at - 1 :]
        elif result and _is_kind(token) and _is_file(result[-1]) and token.start - result[-1].end <= _GAP:
            result[-1] = replace(result[-1], end=token.end)
            continue
        result.append(token)
    return result


def _is_file(token: Token) -> bool:
    return token.has("file") or token.has("lost_file")


def _is_kind(token: Token) -> bool:
    return token.has("own", *_KINDS)
