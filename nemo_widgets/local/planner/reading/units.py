"""Numbers whose unit was said before: "5 seconds of city, 3 of forest", "the sea for 3 s, the desert for 2"."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.lexicon import Tag
from nemo_widgets.local.planner.reading.tokens import Token

_MINUTES = ("min", "分")


def with_units(tokens: Sequence[Token]) -> list[Token]:
    """Let a number after a length be a length too, where it says how much of what is shown there is."""
    result: list[Token] = []
    unit_s = 0.0
    for at, token in enumerate(tokens):
        if token.has("length"):
            unit_s = 60.0 if any(unit in token.text for unit in _MINUTES) else 1.0
        elif unit_s and token.has("number") and token.get("number") > 0 and _measures(tokens, at):
            token = replace(token, tags=(Tag("length", unit_s * float(token.get("number"))),))
        result.append(token)
    return result


def _measures(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1] if at else None
    after = [token for token in tokens[at + 1 : at + 4] if not token.has("article")]
    ends = not after or after[0].has("join")
    if ends:
        return before is not None and (before.text == "for" or _shows(before))
    return after[0].text == "of" and len(after) > 1 and _shows(after[1])


def _shows(token: Token) -> bool:
    return (token.has("scene") or token.has("extra") or token.is_unknown) and not token.has("thing")
