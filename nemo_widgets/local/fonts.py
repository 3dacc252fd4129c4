"""Which font draws a text: the one that comes with Pillow, or the first of the system's that has the characters."""

import os
import sys
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


def _has_glyphs(font: ImageFont.FreeTypeFont, text: str) -> bool:
    try:
        missing = font.getmask("\U0010ffff")
        nothing = (missing.size, bytes(missing))
        return all((mask := font.getmask(letter)) and (mask.size, bytes(mask)) != nothing for letter in text)
    except OSError:
        return False


@lru_cache(maxsize=64)
def _path_for(letters: frozenset[str]) -> Path | None:
    for path in _system_fonts():
        try:
            font = ImageFont.truetype(path, 24)
        except OSError:
            continue
        if _has_glyphs(font, "".join(sorted(letters))):
            return path
    return None


@lru_cache(maxsize=1)
def _built_in() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(24)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so no text can be drawn; install Pillow's own wheel")
    return font


def can_write(text: str) -> bool:
    """Whether some font on this machine has all the characters of `text`."""
    letters = frozenset(letter for letter in text if not letter.isspace())
    return _has_glyphs(_built_in(), "".join(sorted(letters))) or _path_for(letters) is not None


def font_for(text: str, size: float) -> ImageFont.FreeTypeFont:
    """Return a font for `text`.

    Parameters
    ----------
    text : str
        What is to be written.
    size : float
        Height of an em, in pixels.

    Returns
    -------
    PIL.ImageFont.FreeTypeFont
        Pillow's own font (Aileron, CC0) where it has every character, so that the same text looks the same everywhere;
        else a system font that has them; else Pillow's own, with boxes.
    """
    letters = frozenset(letter for letter in text if not letter.isspace())
    if not _has_glyphs(_built_in(), "".join(sorted(letters))):
        path = _path_for(letters)
        if path is not None:
            return ImageFont.truetype(path, size)
    return _built_in().font_variant(size=size)
