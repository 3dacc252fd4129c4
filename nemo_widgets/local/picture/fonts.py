"""Which font draws a text: the one that comes with Pillow, or the first of the system's that has the characters."""

import os
import sys
import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_PREFERRED = ("notosanscjk", "notosanssc", "sourcehansans", "pingfang", "hiragino", "msyh", "yugoth", "malgun", "wqy",
              "droidsansfallback", "arialunicode", "notosans", "dejavusans", "liberationsans")  # fmt: skip
"""Parts of file names, the best first, spelled without spaces and dashes."""


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    return [home / ".local/share/fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


@lru_cache(maxsize=1)
def _system_fonts() -> tuple[Path, ...]:
    found = [
        path
        for folder in _folders()
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"} and not _is_variant(path)
    ]
    return tuple(sorted(found, key=_rank))


def _plain(path: Path) -> str:
    return path.stem.lower().replace("-", "").replace("_", "").replace(" ", "")


def _is_variant(path: Path) -> bool:
    return any(word in _plain(path) for word in ("italic", "oblique", "bold", "mono", "condensed", "narrow", "thin"))


def _rank(path: Path) -> int:
    name = _plain(path)
    return next((rank for rank, part in enumerate(_PREFERRED) if part in name), len(_PREFERRED))


def _has_glyph(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether a font draws something of its own for a character, rather than its box for missing ones."""
    try:
        box, mask = font.getmask("\U0010ffff"), font.getmask(letter)
    except OSError:
        return False
    return bool(mask) and (mask.size, bytes(mask)) != (box.size, bytes(box))


@lru_cache(maxsize=4096)
def _path_for(letter: str) -> Path | None:
    """Return the first system font with a character."""
    return next((path for path in _system_fonts() if _font_has(path, letter)), None)


@lru_cache(maxsize=65536)
def _font_has(path: Path, letter: str) -> bool:
    font = _opened(path)
    return font is not None and _has_glyph(font, letter)


@lru_cache(maxsize=512)
def _opened(path: Path) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(path, 24)
    except OSError:
        return None


@lru_cache(maxsize=4096)
def _in_built_in(letter: str) -> bool:
    return _has_glyph(_built_in(), letter)


@lru_cache(maxsize=1)
def _built_in() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(24)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so no text can be drawn; install Pillow's own wheel")
    return font


def can_write(text: str) -> bool:
    """Whether the fonts on this machine have all the characters of `text`."""
    return all(_in_built_in(letter) or _path_for(letter) is not None for letter in text if not letter.isspace())


def runs_of(text: str, size: float) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Split a text into stretches that one font can write.

    Parameters
    ----------
    text : str
        What is to be written.
    size : float
        Height of an em, in pixels.

    Returns
    -------
    list of (str, PIL.ImageFont.FreeTypeFont)
        In order. Pillow's own font (Aileron, CC0) where it has the characters, so that the same text looks the same
        everywhere; else the first of the system's that has them; else Pillow's own, with boxes.
    """
    chosen: list[tuple[str, Path | None]] = []
    for letter in text:
        last = chosen[-1] if chosen else ("", None)
        if letter.isspace() or unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
            path = last[1]
        else:
            path = None if _in_built_in(letter) else _path_for(letter)
        if chosen and path == last[1]:
            chosen[-1] = (last[0] + letter, path)
        else:
            chosen.append((letter, path))
    built_in = _built_in().font_variant(size=size)
    return [(run, built_in if path is None else ImageFont.truetype(path, size)) for run, path in chosen]
