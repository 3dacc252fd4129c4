"""What a file from a person is, by its name and its content; and names that are safe to keep."""

import re
import unicodedata
from pathlib import PurePosixPath

from nemo_widgets.local.state.records import MediaKind
from nemo_widgets.protocol.filetypes import MEDIA_TYPES, types_of

_LONGEST_NAME_BYTES = 120


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
