"""What a media file is, found by reading it rather than by believing its headers."""

import warnings
from pathlib import Path

import av
from av.container import InputContainer
from PIL import Image

from nemo_widgets.errors import MediaError
from nemo_widgets.media.container import open_media, refuse_special
from nemo_widgets.media.info import MediaInfo

_IMAGE_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MAX_IMAGE_PIXELS = 50_000_000
_IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})


def probe(path: Path | str) -> MediaInfo:
    """Read what `path` is: video, sound or picture.

    Raises
    ------
    MediaError
        It is missing, empty, damaged, or no media at all.
    """
    path = Path(path)
    size = size_of(path)
    if is_picture(path):
        return _probe_picture(path, size)
    with open_media(path) as container:
        return _probe_stream(container, path, size)


def size_of(path: Path) -> int:
    """Return the bytes of an ordinary file that holds some.

    Raises
    ------
    MediaError
        It is missing, empty, or no file.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise MediaError(f"{path.name} can't be opened: {error.strerror}. Check the path.") from error
    refuse_special(path)
    if size == 0:
        raise MediaError(f"{path.name} is empty: the copy or download broke off. Get it again.")
    return size


def is_picture(path: Path) -> bool:
    """Whether a file's name says that it is a picture, which Pillow reads, also a moving one."""
    return path.suffix.lower() in _IMAGE_SUFFIXES


def open_picture(path: Path) -> Image.Image:
    """Open a picture without decoding it yet; its size is checked first.

    Raises
    ------
    MediaError
        It is no picture of a known kind, or is larger than `_MAX_IMAGE_PIXELS`.
    """
    try:
        refuse_special(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is tighter, and is told
            picture = Image.open(path, formats=_IMAGE_FORMATS)
    except Image.DecompressionBombError as error:
        raise MediaError(f"{path.name} has far more than the 50 megapixels that are read. Make it smaller.") from error
    except (OSError, ValueError) as error:
        raise MediaError(f"{path.name} can't be read as a picture. Save it as PNG or JPEG and try again.") from error
    if picture.width * picture.height > _MAX_IMAGE_PIXELS:
        picture.close()
        raise MediaError(
            f"{path.name} has {picture.width} × {picture.height} pixels; up to 50 megapixels are read. Make it smaller."
        )
    return picture


def _probe_picture(path: Path, size: int) -> MediaInfo:
    with open_picture(path) as picture:
        try:
            picture.load()
        except (OSError, ValueError, SyntaxError) as error:
            raise MediaError(f"{path.name} is damaged: the picture breaks off. Get it again.") from error
        codec = (picture.format or "").lower()
        return MediaInfo(0.0, picture.width, picture.height, 0.0, size, codec, "", 0)


def _probe_stream(container: InputContainer, path: Path, size: int) -> MediaInfo:
    video = container.streams.video[0] if container.streams.video else None
    audio = container.streams.audio[0] if container.streams.audio else None
    if video is None and audio is None:
        raise MediaError(f"{path.name} holds neither picture nor sound. Choose another file.")
    try:
        rotation = _rotation(container) if video else 0
        duration = _played_s(container)
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"{path.name} can't be decoded: it is damaged. Convert it to MP4 and try again.") from error
    if duration <= 0:
        raise MediaError(f"{path.name} can't be decoded: nothing in it can be played. Convert it to MP4 and try again.")
    fps = float(video.average_rate or video.guessed_rate or 0) if video else 0.0
    return MediaInfo(
        duration_s=duration,
        width=video.codec_context.width if video else 0,
        height=video.codec_context.height if video else 0,
        fps=fps,
        size_bytes=size,
        video_codec=video.codec_context.name if video else "",
        audio_codec=audio.codec_context.name if audio else "",
        rotation=rotation,
    )


def _rotation(container: InputContainer) -> int:
    for frame in container.decode(video=0):
        container.seek(0)
        return round(frame.rotation) % 360
    return 0


def _played_s(container: InputContainer) -> float:
    """Add up what the packets cover: a file cut in half still claims its full length in the header."""
    first: float | None = None
    last = 0.0
    stream = container.streams.video[0] if container.streams.video else container.streams.audio[0]
    for packet in container.demux(stream):
        if packet.pts is None or packet.is_corrupt or packet.time_base is None:
            continue
        start = float(packet.pts * packet.time_base)
        first = start if first is None else min(first, start)
        last = max(last, start + float((packet.duration or 0) * packet.time_base))
    return 0.0 if first is None else last - first
