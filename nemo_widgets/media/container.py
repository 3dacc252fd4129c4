"""The one way in which a media file is opened."""

from pathlib import Path

import av
from av.container import InputContainer

from nemo_widgets.errors import MediaError

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,avi,matroska,webm,mp3,wav,aac,flac,ogg"
"""Demuxers that read one file and nothing else: playlists and concatenation scripts would open others."""


def open_media(path: Path) -> InputContainer:
    """Open a video or audio file; nothing but this file is read, whatever it says inside.

    Parameters
    ----------
    path : Path
        A local file.

    Raises
    ------
    MediaError
        It is missing, or is no video or audio file of a known kind.
    """
    try:
        return av.open(
            path,
            "r",
            options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except FileNotFoundError as error:
        raise MediaError(f"{path.name} is not there any more. Upload it again.") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaError(
            f"{path.name} can't be read as video or audio: it is damaged, or of a kind that is not supported. "
            "Convert it to MP4 (H.264 and AAC) and try again."
        ) from error
