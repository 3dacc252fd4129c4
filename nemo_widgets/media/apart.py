"""What a program asks about a file without opening it: the media helper looks, where harm from a file ends."""

from pathlib import Path

import msgspec

from nemo_widgets.media.info import MediaInfo
from nemo_widgets.media.service import service


def probe(path: Path) -> MediaInfo:
    """Return what a file is.

    Raises
    ------
    MediaError
        It is missing, empty, damaged, or no media at all.
    """
    told, _ = service.ask("probe", path)
    return msgspec.convert(told, MediaInfo)


def look(path: Path) -> tuple[MediaInfo, bytes | None]:
    """Return what a file is, and a poster of it where there is one.

    Raises
    ------
    MediaError
        It is missing, empty, damaged, or no media at all.
    """
    told, posters = service.ask("look", path)
    return msgspec.convert(told, MediaInfo), bytes(posters[0]) if posters else None
