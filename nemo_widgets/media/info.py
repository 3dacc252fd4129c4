"""The facts of a media file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """The facts of a media file.

    Attributes
    ----------
    duration_s : float
        Seconds that can really be played; 0 for a picture.
    width, height : int
        Pixels as stored, before `rotation`; 0 for sound alone.
    fps : float
        Frames a second, on average; 0 without video.
    size_bytes : int
        Size of the file.
    video_codec, audio_codec : str
        FFmpeg's names; empty when there is none.
    rotation : int
        Degrees by which a player turns the picture counter-clockwise: 0, 90, 180 or 270.
    """

    duration_s: float
    width: int
    height: int
    fps: float
    size_bytes: int
    video_codec: str
    audio_codec: str
    rotation: int
