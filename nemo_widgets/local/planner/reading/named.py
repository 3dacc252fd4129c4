"""Files named by kind and by name at once, "my clip holiday.mov", "the photo of my cat": one file, said once."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.lexicon import Tag, key_of, lexicon, split_words
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.reading.tokens import Token

_GLUE = ("my", "of", "的", "called", "named", "是", "叫")
_KINDS = ("video", "image", "audio")
_GAP = 1
"""Letters between a name and the kind behind it: "cat.jpg photo"."""


def with_names(tokens: Sequence[Token], assets: Sequence[PlanAsset]) -> list[Token]:
    """Return tokens in which a word for a kind of file and the name beside it are one: that file, if there is one."""
    result: list[Token] = []
    for token in tokens:
        if token.has("extra") and (kind := _others(result, token, assets)):
            name = f"{result[-kind].text} of {token.text}"
            token = Token(name, result[-kind].start, token.end, (Tag("lost_file", name),))
            del result[-kind:]
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


def _others(before: Sequence[Token], thing: Token, assets: Sequence[PlanAsset]) -> int:
    """Return how many tokens "the photo of the" are before a thing, where all photos are called after other things."""
    at = len(before)
    while at and (before[at - 1].has("article") or before[at - 1].text in _GLUE):
        at -= 1
    if not at or not _is_kind(before[at - 1]) or not any(token.text in ("of", "的") for token in before[at:]):
        return 0
    owned = before[at - 1].text.startswith("my") or (at > 1 and before[at - 2].has("article", "the"))
    kind = before[at - 1].get("own")
    stems = [asset.name.rpartition(".")[0].lower() for asset in assets if asset.kind == kind]
    named = bool(stems) and all(any(tag.kind == "extra" for tag in lexicon()[key_of(split_words(s))]) for s in stems)
    return len(before) - at + 1 if owned and named else 0


def _is_file(token: Token) -> bool:
    return token.has("file") or token.has("lost_file")


def _is_kind(token: Token) -> bool:
    return token.has("own", *_KINDS)
