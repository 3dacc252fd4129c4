"""Quoted words in a prompt, in the quotation marks of several scripts, and titles that go without."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r"\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”|「([^」\n]{1,200})」|『([^』\n]{1,200})』|《([^》\n]{1,200})》|«([^»\n]{1,200})»"
    r"|(?<!\w)‘(.{1,200}?)’(?!\w)|(?<!\w)'(.{1,200}?)'(?!\w)|(?<!\w)`([^`\n]{1,200})`"
)
_SMALL = r"of|the|and|in|on|at|for|to|a|an|is|by|with|&"
_WORD = r"[A-Z][\w'’&!?-]*"
_CAPITALS = rf"[A-Z0-9][\w'’&!?-]*(?:\s+(?:{_WORD}|\d+\b|(?:(?:{_SMALL})\s+){{1,3}}{_WORD}))*"
_TITLE = r"(?:titled|title|entitled|caption|headline|heading|text)"
_BARE = (
    re.compile(
        rf"\b{_TITLE}\s*(?:is)?\s*[:=]\s*([^,;\n]+?)(?=\s*(?:[,;.\n]|\s(?:with|and|over|in)\s|$))", re.IGNORECASE
    ),
    re.compile(r"(?:标题|片名|题目|文字|字幕)\s*(?:为|是|叫做|叫)?\s*[:：]\s*([^\s,，。;；、]+)"),
    re.compile(r"(?:标题|片名|题目|文字|字幕)\s*(?:为|是|叫做|叫|改成|改为|换成)\s*([^\s,，。;；、:：]+)"),
    re.compile(
        rf"\b(?i:{_TITLE}|called|named|saying|says|reads)\s+(?i:to\s+|is\s+|of\s+|as\s+|it\s+|says\s+|saying\s+)*({_CAPITALS})"
    ),
)


@dataclass(frozen=True, slots=True)
class Quotes:
    """A prompt taken apart.

    Attributes
    ----------
    inside : tuple of str
        What stood in quotation marks, in order.
    outside : str
        The prompt with a mark ``⟦⟧`` in the place of each.
    """

    inside: tuple[str, ...]
    outside: str


def split_quotes(prompt: str) -> Quotes:
    """Separate what is quoted from what is not; an apostrophe inside a word is no quotation mark."""
    inside: list[str] = []

    def keep(hit: re.Match[str]) -> str:
        inside.append(" ".join(next(group for group in hit.groups() if group is not None).split()))
        return " ⟦⟧ "

    return Quotes(outside=_QUOTED.sub(keep, prompt), inside=tuple(inside))


def bare_title(text: str) -> tuple[str, str] | None:
    """Find a title without quotation marks: ``title: Urban Dreams``, ``titled Urban Dreams``.

    Returns
    -------
    tuple of str or None
        The title, and the text with a mark in its place.
    """
    for pattern in _BARE:
        hit = pattern.search(text)
        if hit and "⟦⟧" not in hit[1]:
            return hit[1].strip(), f"{text[: hit.start(1)]} ⟦⟧ {text[hit.end(1) :]}"
    return None
