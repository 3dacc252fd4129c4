"""Where a text is broken into lines: between words, between the characters of scripts without spaces, never badly."""

import unicodedata
from collections.abc import Callable

LONGEST = 400
"""Characters of a text that are drawn; what follows is cut off."""

_NO_START = set("、。，．・：；？！ー）」』】〉》〕］｝…‥·,.:;?!)]}%”’")
"""What must not begin a line, and stays with what it follows (JIS X 4051, the part that everyone keeps to)."""
_NO_END = set("（「『【〈《〔［｛([{“‘")
"""What must not end a line."""
_SELECTORS = range(0xFE00, 0xFE10)
_ELLIPSIS = "…"


def cleaned(text: str, can_write: Callable[[str], bool]) -> str:
    """Return `text` on one line, without control characters and without symbols that no font has.

    Letters that no font has stay: an empty box tells that something is missing there, a gap would hide it. Of a
    text that is all such symbols, all of it stays.
    """
    spaced = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: LONGEST * 4]).split())
    kept = "".join(
        letter
        for letter in spaced
        if ord(letter) not in _SELECTORS
        and not (unicodedata.category(letter) in ("So", "Sk", "Co", "Cn") and not can_write(letter))
    )
    whole = " ".join(kept.split()) or spaced
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rstrip() + _ELLIPSIS


def pieces_of(text: str) -> list[str]:
    """Split a text where a line may end; the spaces stay with the pieces before them."""
    pieces: list[str] = []
    for letter in text:
        if pieces and not _may_break(pieces[-1], letter):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _may_break(before: str, letter: str) -> bool:
    if letter == " " or letter in _NO_START or unicodedata.combining(letter):
        return False
    if _is_katakana(before[-1]) and _is_katakana(letter):
        return False
    stripped = before.rstrip(" ")
    if stripped and stripped[-1] in _NO_END:
        return False
    return before[-1] == " " or _is_wide(letter) or _is_wide(before[-1])


def _is_katakana(letter: str) -> bool:
    """Whether a letter is of the script for foreign words, which nobody wants to see broken."""
    return "\u30a1" <= letter <= "\u30ff" and letter != "・"


def _is_wide(letter: str) -> bool:
    """Whether a letter belongs to a script that is written without spaces; Hangul has them."""
    return unicodedata.east_asian_width(letter) in ("W", "F") and not "\uac00" <= letter <= "\ud7a3"


def balanced(text: str, count: int, width: Callable[[str], float]) -> list[str]:
    """Break a text into at most `count` lines whose longest is as short as can be."""
    pieces = pieces_of(text)
    if len(pieces) < count:
        return [piece.rstrip() for piece in pieces]
    widths = [width(piece) for piece in pieces]
    low, high = max(widths), sum(widths)
    for _ in range(24):
        middle = (low + high) / 2
        if len(_filled(pieces, widths, middle)) <= count:
            high = middle
        else:
            low = middle
    return [line.rstrip() for line in _filled(pieces, widths, high)]


def filled(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Break a text into lines no wider than `room`; what is too wide by itself is broken inside."""
    pieces: list[str] = []
    for piece in pieces_of(text):
        while len(piece) > 1 and width(piece.rstrip()) > room:
            fits = next((end for end in range(len(piece) - 1, 1, -1) if width(piece[:end]) <= room), 1)
            pieces.append(piece[:fits])
            piece = piece[fits:]
        pieces.append(piece)
    return [line.rstrip() for line in _filled(pieces, [width(piece) for piece in pieces], room)]


def _filled(pieces: list[str], widths: list[float], room: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for piece, wide in zip(pieces, widths, strict=True):
        if lines and used + wide <= room * 1.0001:
            lines[-1] += piece
            used += wide
        else:
            lines.append(piece)
            used = wide
    return lines
