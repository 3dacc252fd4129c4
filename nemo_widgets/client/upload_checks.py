"""What is wrong with a file from a person, in words, before a byte of it goes to the service.

The same for what is dropped into the browser and what is given to ``session.upload``: first by name, size and beginning
(`check_beginning`), then by content, in the media helper's process (`look_at`).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from nemo_widgets.errors import FileTooLargeError, FileTypeError, InputError, MediaError
from nemo_widgets.media.service import service
from nemo_widgets.protocol.filetypes import ACCEPTED, MEDIA_TYPES, foreign, types_of

MAX_FILE_BYTES: Final = 200 * 1024 * 1024
"""The largest file that the service takes."""

_MAX_NAME_BYTES: Final = 255
_SHOWN_LETTERS: Final = 60
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TAKES: Final = f"The service takes {ACCEPTED}; best MP4, MOV, PNG, JPG."
_CALLED: Final[Mapping[str, str]] = {
    "mp4": "an MP4 video",
    "mov": "a QuickTime video (MOV)",
    "avi": "an AVI video",
    "webm": "a WebM video",
    "mkv": "a Matroska video (MKV)",
    "jpg": "a JPEG picture",
    "png": "a PNG picture",
    "gif": "a GIF picture",
    "webp": "a WebP picture",
    "mp3": "an MP3 sound file",
    "wav": "a WAV sound file",
    "m4a": "an M4A sound file",
    "aac": "an AAC sound file",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a file turned out to be.

    Attributes
    ----------
    duration_s : float
        0 for a picture.
    width, height : int
        0 for sound.
    poster : bytes
        A JPEG below 8 KB; empty when there is none.
    """

    duration_s: float
    width: int
    height: int
    poster: bytes = field(repr=False)


def check_beginning(name: str, size_bytes: int, head: bytes, max_bytes: int = MAX_FILE_BYTES) -> str:
    """Check all that is known of a file before it is read; return its type, such as ``"mp4"``.

    Parameters
    ----------
    name : str
        Its own name.
    size_bytes : int
        Of the whole.
    head : bytes
        Its first bytes.
    max_bytes : int
        The largest that is taken.

    Raises
    ------
    FileTypeError, FileTooLargeError, InputError
        The service would not take it.
    """
    check_name(name)
    said, claimed = shown_name(name), suffix_of(name)
    possible = types_of(head)
    stem = said[: -len(PurePosixPath(said).suffix)] if PurePosixPath(said).suffix else said
    if size_bytes <= 0:
        raise InputError(f"{said} is empty (0 bytes): the copy or download broke off. Get it again.")
    if possible and claimed not in possible:  # also when the name's ending is of no accepted type
        raise FileTypeError(
            f"{said} is really {_CALLED[possible[0]]}, whatever its name says. Rename it to {stem}.{possible[0]}."
        )
    if claimed not in MEDIA_TYPES:
        raise FileTypeError(f"{said} is of a type that the service does not take{_which(head)}. {_TAKES}")
    if size_bytes > max_bytes:
        raise FileTooLargeError(
            f"{said} is {_megabytes(size_bytes, max_bytes)}; at most {max_bytes / 1024**2:.0f} MB a file are taken. "
            "Trim it, or compress it first."
        )
    if not possible and (found := foreign(head)):
        raise FileTypeError(f"{said} is really {found}, whatever its name says. {_TAKES}")
    if not possible:
        raise FileTypeError(
            f"{said} does not begin as {_CALLED[claimed]} does: it is damaged, or something else under that name. "
            f"Get it again, or save it anew. {_TAKES}"
        )
    return claimed


def check_name(name: str) -> None:
    """Check a file's own name.

    Raises
    ------
    InputError
        It has none, or one that names a folder, hides something, or is too long.
    """
    said = shown_name(name)
    if not name.strip(" ."):
        raise InputError("A file without a name can't be uploaded. Give it a name with an ending, such as clip.mp4.")
    if "/" in name or "\\" in name:
        raise InputError(f"{said} names a folder inside the file's name. Rename it to letters without / and \\.")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name):
        raise InputError(f"{said} has characters in its name that can't be seen, such as line breaks. Rename it.")
    if not _TURNING.isdisjoint(name):
        raise InputError(f"{said} has characters in its name that turn it around, to hide its ending. Rename it.")
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise InputError(f"{said} has a name of more than {_MAX_NAME_BYTES} bytes. Shorten it.")


async def look_at(path: Path, name: str) -> Look:
    """Read a file in the media helper's process, and say what it is.

    Parameters
    ----------
    path : Path
        A file that passed `check_beginning`, with an ending that is right.
    name : str
        What the person calls it.

    Raises
    ------
    InputError
        It is damaged, breaks off, is too large to decode, or is something else than its name says.
    """
    said = shown_name(name)
    try:
        told, poster = await service.answer("check", path)
    except MediaError as error:
        raise InputError(str(error).replace(path.name, said)) from error
    claimed = suffix_of(name)
    look = Look(
        _number(told, "duration_s"), int(_number(told, "width")), int(_number(told, "height")), b"".join(poster)
    )
    if MEDIA_TYPES[claimed].startswith("video/") and not look.width:
        raise FileTypeError(f"{said} holds sound alone and no picture. Rename it to end in .m4a, or save it as MP3.")
    return look


def suffix_of(name: str) -> str:
    """Return a name's ending in the form of `MEDIA_TYPES`; empty for none."""
    return PurePosixPath(name).suffix.lower().removeprefix(".").replace("jpeg", "jpg")


def shown_name(name: str) -> str:
    """Return a name as it is told to people: nothing in it that can't be seen, and not too long."""
    seen = "".join(letter if letter.isprintable() and letter not in _TURNING else "�" for letter in name)
    half = _SHOWN_LETTERS // 2
    return seen if len(seen) <= _SHOWN_LETTERS else f"{seen[:half]}…{seen[-half:]}"


def _which(head: bytes) -> str:
    found = foreign(head)
    return f": it is {found}" if found else ""


def _megabytes(size_bytes: int, max_bytes: int) -> str:
    size, limit = f"{size_bytes / 1024**2:.0f}", f"{max_bytes / 1024**2:.0f}"
    return f"a little over {size} MB" if size == limit else f"{size} MB"


def _number(told: Mapping[str, Any], key: str) -> float:
    value = told.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
