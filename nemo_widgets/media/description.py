"""What a clip is, and what of it can be handed to a browser as it is."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from nemo_widgets.errors import MediaError
from nemo_widgets.media.container import MAX_PIXELS, open_media, picture_stream, sound_stream
from nemo_widgets.media.extent import Extent, extents

_COPIED_VIDEO = {"h264": "h264", "hevc": "hevc", "av1": "av1", "libdav1d": "av1", "vp9": "vp9", "libvpx-vp9": "vp9"}
_COPIED_AUDIO = frozenset({"aac", "mp3", "mp3float", "opus", "libopus", "flac"})
_MAX_TIMESCALE = 1_000_000_000
_SAME_TIME_S = 0.2
_PACKETS_TRIED = 120
_ENTRIES_LOOKED_AT = 600
_MAX_FPS = 1000
_MAX_DURATION_S = 400 * 3600


@dataclass(frozen=True, slots=True)
class Description:
    """A video or sound file that can be played.

    Attributes
    ----------
    kind : str
        What it is to a person.
    origin_s : Fraction
        Where the clip's timeline begins on the file's clock: with the first picture, or sound where there is none.
    duration_s : float
        Of the timeline, to the end of the later of picture and sound.
    width, height : int
        As shown: pixels square, turned upright.
    fps : float
        On average; 0 for sound alone.
    frame_count : int
        0 when not counted.
    rotation : int
        Degrees counter-clockwise that bring a stored picture upright.
    video_codec, audio_codec : str
        FFmpeg's names; empty when there is none.
    video_timescale : int
        Ticks a second of copied pictures; 0 when they can't be copied.
    audio_timescale : int
        Ticks a second of copied sound; 0 when it can't be copied, or must be filled up with silence.
    """

    kind: Literal["video", "audio"]
    origin_s: Fraction
    duration_s: float
    width: int
    height: int
    fps: float
    frame_count: int
    rotation: int
    video_codec: str
    audio_codec: str
    video_timescale: int
    audio_timescale: int

    @property
    def can_be_copied(self) -> bool:
        """Whether its pictures, or the sound of a sound file, can go into fragments as they are."""
        return bool(self.video_timescale if self.kind == "video" else self.audio_timescale)


def describe(path: Path) -> Description:
    """Read what a video or sound file is.

    Raises
    ------
    MediaError
        It is damaged, holds nothing that can be played, or pictures too large to decode.
    """
    measured = extents(path, path.stat().st_size)
    if not measured:
        raise MediaError(f"{path.name} can't be decoded: nothing in it can be played. Convert it to MP4 and try again.")
    with open_media(path) as container:
        video = picture_stream(container) if "video" in measured else None
        audio = sound_stream(container) if "audio" in measured else None
        first = _first_picture(container, video, path) if video is not None else None
        if audio is not None and first is None:
            _check_sound(container, audio, path)
        return _description(path, container, measured, video, audio, first)


def _description(
    path: Path,
    container: InputContainer,
    measured: dict[str, Extent],
    video: VideoStream | None,
    audio: AudioStream | None,
    first: av.VideoFrame | None,
) -> Description:
    master = measured["video" if video is not None else "audio"]
    ends_s = max(extent.ends_s for extent in measured.values())
    duration_s = float(ends_s - master.begins_s)
    if not 0 < duration_s < _MAX_DURATION_S:
        raise MediaError(f"{path.name} says that it lasts {duration_s:.0f} s: it is damaged. Convert it to MP4.")
    width, height, rotation = _as_shown(first, video) if first is not None and video is not None else (0, 0, 0)
    span_s = float(master.ends_s - master.begins_s)
    count = master.count if video is not None else 0
    fps = count / span_s if count > 1 else float((video and (video.average_rate or video.guessed_rate)) or 0)
    return Description(
        kind="audio" if video is None else "video",
        origin_s=master.begins_s,
        duration_s=duration_s,
        width=width,
        height=height,
        fps=round(_nice(fps, video), 3) if 0 < fps <= _MAX_FPS else 0.0,
        frame_count=count,
        rotation=rotation,
        video_codec=_name(video),
        audio_codec=_name(audio),
        video_timescale=_video_timescale(container, video),
        audio_timescale=_audio_timescale(container, audio, measured),
    )


def _first_picture(container: InputContainer, video: VideoStream, path: Path) -> av.VideoFrame:
    width, height = video.codec_context.width, video.codec_context.height
    if width * height > MAX_PIXELS:
        raise MediaError(f"{path.name} has pictures of {width} × {height} pixels, more than 8K. Make it smaller.")
    tried = 0
    try:
        for packet in container.demux(video):
            tried += 1
            try:
                for frame in packet.decode():
                    return frame
            except av.InvalidDataError:
                pass  # a damaged picture; the next one may be whole
            if tried > _PACKETS_TRIED:
                break
    except (av.FFmpegError, ValueError, MemoryError) as error:
        raise MediaError(f"{path.name} can't be decoded: it is damaged. Convert it to MP4 and try again.") from error
    raise MediaError(f"{path.name} has no picture that can be decoded: it is damaged. Convert it to MP4 and try again.")


def _check_sound(container: InputContainer, audio: AudioStream, path: Path) -> None:
    for tried, packet in enumerate(container.demux(audio)):
        try:
            if packet.decode():
                return
        except av.FFmpegError:
            pass  # a damaged frame; the next one may be whole
        if tried > _PACKETS_TRIED:
            break
    raise MediaError(f"{path.name} has no sound that can be decoded: it is damaged. Convert it to MP4 and try again.")


def _as_shown(frame: av.VideoFrame, video: VideoStream) -> tuple[int, int, int]:
    """FFmpeg tells the angle to turn by, counter-clockwise, of any display matrix; only quarter turns are taken."""
    ratio = float(video.sample_aspect_ratio or 1)
    ratio = ratio if 0.1 <= ratio <= 10 else 1.0
    width, height = round(frame.width * ratio), frame.height
    turn = frame.rotation
    rotation = round(turn / 90) * 90 % 360 if math.isfinite(turn) else 0
    return (height, width, rotation) if rotation % 180 else (width, height, rotation)


def _nice(fps: float, video: VideoStream | None) -> float:
    """Prefer the rate that the file tells, 30000/1001, to one that was counted, when they agree."""
    told = float((video and (video.guessed_rate or video.average_rate)) or 0)
    return told if told and abs(told - fps) < 0.02 * fps else fps


def _name(stream: VideoStream | AudioStream | None) -> str:
    return "" if stream is None else _COPIED_VIDEO.get(stream.codec_context.name, stream.codec_context.name)


def _video_timescale(container: InputContainer, video: VideoStream | None) -> int:
    if video is None or not video.time_base or not _knows_times(container):
        return 0
    codec = _COPIED_VIDEO.get(video.codec_context.name, "")
    config = video.codec_context.extradata or b""
    if not codec or (codec in {"h264", "hevc"} and config[:1] != b"\x01"):  # else start codes instead of lengths
        return 0
    trimmed = any(entry.is_discard for entry in video.index_entries[:_ENTRIES_LOOKED_AT])
    timescale = video.time_base.denominator
    return 0 if trimmed or timescale > _MAX_TIMESCALE else timescale  # pictures to be decoded but not shown


def _audio_timescale(container: InputContainer, audio: AudioStream | None, measured: dict[str, Extent]) -> int:
    """Sound that begins late or ends early is decoded and filled with silence: MediaSource waits for both."""
    if audio is None or not audio.time_base or audio.codec_context.name not in _COPIED_AUDIO:
        return 0
    config = audio.codec_context.extradata or b""
    if (audio.codec_context.name == "aac" and len(config) < 2) or not _knows_times(container):
        return 0
    heard, seen = measured["audio"], measured.get("video", measured["audio"])
    if heard.begins_s > seen.begins_s + _SAME_TIME_S or heard.ends_s < seen.ends_s - _SAME_TIME_S:
        return 0
    return audio.codec_context.sample_rate if 8000 <= audio.codec_context.sample_rate <= 192_000 else 0


def _knows_times(container: InputContainer) -> bool:
    return any(name in container.format.name for name in ("mov", "matroska", "mp3", "flac", "ogg"))
