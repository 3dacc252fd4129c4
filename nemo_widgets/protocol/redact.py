"""Credentials in what a service said are blotted out before a person, or a file, has it."""

import re
from typing import Final

_SECRET: Final = re.compile(
    r"(?:nmv|clm)_[\w.~+/=-]*"
    r"|(?<![a-z])bearer\s+[^\s\"',;]+"
    r"|eyJ[\w-]{5,}(?:\.[\w-]*)*"
    r"|(?<![a-z])(?:access_?token|refresh_?token|token|api[_-]?key|secret|password|authorization|ct)[\"']?\s*[=:]\s*[\"']?"
    r"(?=[^\s\"'&,;]*\d)[^\s\"'&,;]{8,}",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Blot out everything that looks like a token or another credential."""
    return _SECRET.sub("***", text)
