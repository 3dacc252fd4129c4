"""The one way in which a media file is opened."""

import stat
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from nemo_widgets.errors import MediaError

MAX_PIXELS = 36_000_000
"""The largest picture of a video that is decoded: a little more than 8K."""

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,avi,matroska,webm,mp3,wav,aac,flac,ogg"
"""Demuxers that read one file and nothing else: playlists and concatenation scripts would open others."""

_MAX_STREAMS = 64


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
        refuse_special(path)
        container = av.open(
            path,
            "r",
            options={
                "format_whitelist": _FORMATS,
                "protocol_whitelist": "file",
                "max_streams": str(_MAX_STREAMS),
                "max_pixels": str(MAX_PIXELS),
            },
            metadata_errors="replace",
        )
    except FileNotFoundError as error:
        raise MediaError(f"{path.name} is not there any more. Upload it again.") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaError(
            f"{path.name} can't be read as video or audio: it is damaged, or of a kind that is not supported. "
            "Convert it to MP4 (H.264 and AAC) and try again."
        ) from error
    for stream in container.streams.video:
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
    return container


def refuse_special(path: Path) -> None:
    """Refuse what is no ordinary file: a pipe or a device would be waited for.

    Raises
    ------
    MediaError
        It is none.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise MediaError(f"{path.name} is no ordinary file. Choose a video, a sound or a picture.")


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream of moving pictures; a sound file's cover is none."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    return next((stream for stream in container.streams.video if not stream.disposition & covers), None)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the stream of sound."""
    return next(iter(container.streams.audio), None)
