"""What a check has found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    level : {"ok", "note", "problem"}
        A note is worth knowing and hinders nothing.
    words : str
        What was found.
    advice : str
        What to do about it; empty when there is nothing.
    """

    level: Literal["ok", "note", "problem"]
    words: str
    advice: str = ""


def ok(words: str) -> Finding:
    """Return that something is as it should be."""
    return Finding("ok", words)


def note(words: str, advice: str = "") -> Finding:
    """Return something worth knowing."""
    return Finding("note", words, advice)


def problem(words: str, advice: str) -> Finding:
    """Return something that does not work, and what to do."""
    return Finding("problem", words, advice)


def counted(count: int, what: str) -> str:
    """Return a number of things, such as ``"1 clip"`` and ``"2 clips"``."""
    return f"{count} {what}{'' if count == 1 else 's'}"
