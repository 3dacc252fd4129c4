"""The thirteen accepted file types, known by their content; and names that are safe to keep."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from nemo_widgets.local.state.records import MediaKind

HEAD_BYTES = 64
ACCEPTED = "mp4, mov, avi, webm, mkv; jpg, png, gif, webp; mp3, wav, m4a, aac"

MEDIA_TYPES: Mapping[str, str] = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}

# QuickTime files older than `ftyp` begin with one of the others.
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_LONGEST_NAME_BYTES = 120


def types_of(head: bytes) -> tuple[str, ...]:
    """Return the accepted types that a file beginning like this may be, likeliest first.

    Parameters
    ----------
    head : bytes
        Its first bytes, `HEAD_BYTES` of them when there are so many.
    """
    if head[4:8] in _MP4_BOXES:
        return {b"M4A ": ("m4a", "mp4", "mov"), b"qt  ": ("mov", "mp4", "m4a")}.get(head[8:12], ("mp4", "mov", "m4a"))
    if head[:4] == b"RIFF":
        return {b"AVI ": ("avi",), b"WAVE": ("wav",), b"WEBP": ("webp",)}.get(head[8:12], ())
    if head[:4] == b"\x1aE\xdf\xa3":
        return ("webm", "mkv") if b"webm" in head else ("mkv", "webm")
    if head[:3] == b"\xff\xd8\xff":
        return ("jpg",)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return ("png",)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return ("gif",)
    if head[:3] == b"ID3":
        return ("mp3", "aac")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # The layer bits: ADTS has 0, MPEG audio has not.
        return ("aac",) if head[1] & 0x06 == 0 else ("mp3",)
    return ()


def type_of(name: str, head: bytes) -> str | None:
    """Return the type of a file, when its content is of an accepted type and its name doesn't claim another."""
    possible = types_of(head)
    claimed = PurePosixPath(name).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    if not claimed and possible:
        return possible[0]
    return claimed if claimed in possible else None


def kind_of(file_type: str) -> MediaKind:
    """Return whether an accepted type is video, image or audio."""
    family = MEDIA_TYPES[file_type].partition("/")[0]
    return "video" if family == "video" else "image" if family == "image" else "audio"


def safe_name(name: str) -> str:
    """Return a file's name without folders, control characters or anything a file system or a header trips over."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join("_" if letter in '<>:"|?*%' else letter for letter in last if letter.isprintable())
    stem, dot, suffix = kept.strip(" .").rpartition(".")
    stem = (stem if dot else suffix).encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"{stem or 'file'}.{suffix[:8]}" if dot else stem or "file"
