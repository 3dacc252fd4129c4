"""Where in the order something is to go: "after the second shot", 第一个镜头后面, "at the end"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nemo_widgets.local.planner.lexicon import CHINESE, Tag
from nemo_widgets.local.planner.reading.ref import Ref
from nemo_widgets.local.planner.reading.references import merged
from nemo_widgets.local.planner.reading.tokens import Token


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shot is to go: at the start, at the end, before, after or between others."""

    side: str
    shots: Ref | None = None


def with_places(tokens: list[Token]) -> list[Token]:
    """Make "after the second shot", "第一个镜头后面" and "between shots 1 and 2" one place."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        side = token.get("side")
        ahead = at + 1
        while side and ahead < len(tokens) and tokens[ahead].has("article"):
            ahead += 1
        if side and ahead < len(tokens) and tokens[ahead].has("shots") and not CHINESE.search(token.text):
            end = ahead + 1
            if end < len(tokens) and tokens[end].has("thing", "shot", "clip"):
                end += 1
            result.append(merged(tokens[at:end], Tag("at", Place(side, tokens[ahead].get("shots")))))
            at = end
            continue
        if side and CHINESE.search(token.text) and (back := _last_ref(result)) is not None:
            ref = result[back].get("shots")
            whole = merged([*result[back:], token], Tag("at", Place(side, ref)))
            result = [*result[:back], whole]
        elif token.has("place"):
            result.append(replace(token, tags=(*token.tags, Tag("at", Place(token.get("place"))))))
        else:
            result.append(token)
        at += 1
    return result


def _is_counter(token: Token) -> bool:
    return (token.has("thing", "shot", "clip") and not token.has("shots")) or token.text in ("的", "之")


def _last_ref(tokens: Sequence[Token]) -> int | None:
    """Return where the reference right before a Chinese word for a side stands."""
    at = len(tokens) - 1
    while at >= 0 and _is_counter(tokens[at]):
        at -= 1
    return at if at >= 0 and tokens[at].has("shots") else None
