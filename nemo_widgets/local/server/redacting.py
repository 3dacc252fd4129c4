"""Takes secrets out of what people are shown of the wire: tokens, claim tokens, client ids, the keys of files."""

import re
from collections import OrderedDict
from typing import Final

HIDDEN: Final = "•••"

_MOST_KNOWN: Final = 1000
_SHORTEST_PART: Final = 8
_RUN: Final = re.compile(r"[A-Za-z0-9_\-]+")
_SHAPES: Final = (
    re.compile(r"\b(nmv_usr_|clm_)[A-Za-z0-9_\-]*"),
    re.compile(r'("(?:token|claim_token|access_token|client_id|authorization)"\s*:\s*")[^"]*', re.IGNORECASE),
    re.compile(r"(\bBearer\s+)[^\s\"',;]+", re.IGNORECASE),
    re.compile(r"(/files/)[^/\s\"]+"),
)
_GIVEN: Final = re.compile(r'"(?:claim_)?token"\s*:\s*"([^"]+)')


class Redactor:
    """Hides what looks like a secret, and every secret it was told of, also in parts: an answer may come in pieces."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def learn(self, secret: str) -> None:
        """Remember a secret, to hide it wherever it turns up."""
        if secret:
            self._known[secret] = None
            self._known.move_to_end(secret)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)

    def learn_from(self, answer: str) -> None:
        """Remember the tokens that an answer gives out."""
        for secret in _GIVEN.findall(answer):
            self.learn(secret)

    def hide(self, text: str) -> str:
        """Return `text` without secrets."""
        for shape in _SHAPES:
            text = shape.sub(rf"\g<1>{HIDDEN}", text)
        return _RUN.sub(self._hidden, text) if self._known else text

    def _hidden(self, run: "re.Match[str]") -> str:
        text = run[0]
        if text in self._known:
            return HIDDEN
        long_enough = len(text) >= _SHORTEST_PART
        return HIDDEN if long_enough and any(text in secret for secret in self._known) else text
