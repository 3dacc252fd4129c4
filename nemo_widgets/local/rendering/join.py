"""Joining finished stretches into one MP4 without encoding again."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

# In quotes: PyAV's Packet takes a parameter in its stubs, but not at run time.
VideoPacket: TypeAlias = "Packet[VideoStream]"
AudioPacket: TypeAlias = "Packet[AudioStream]"
AnyPacket: TypeAlias = "VideoPacket | AudioPacket"

COMMENT = "Drawn locally by nemo_widgets, not by the AI service."
"""What the file's metadata says about its origin."""


_UNDECODED = {"codec_whitelist": "none"}
"""FFmpeg decodes a frame of every file that it opens, in order to know it better. Packets need none of that."""


def join(stretches: Sequence[tuple[Path, int]], sound: Path, out: Path, *, fps: int, title: str) -> None:
    """Write one MP4, its index in front (faststart).

    Parameters
    ----------
    stretches : sequence of (Path, int)
        Files of video in order, and the frame at which each begins. Each begins with a keyframe.
    sound : Path
        A file with the whole soundtrack.
    out : Path
        Where to write; an existing file is replaced.
    fps : int
        Frames a second.
    title : str
        For the metadata.
    """
    with ExitStack() as stack:
        target = stack.enter_context(av.open(out, "w", format="mp4", options={"movflags": "+faststart"}))
        target.metadata["comment"] = COMMENT
        if title:
            target.metadata["title"] = title
        audio_source = stack.enter_context(av.open(sound, options=_UNDECODED))
        with av.open(stretches[0][0], options=_UNDECODED) as template:
            video = target.add_stream_from_template(template.streams.video[0])
        audio = target.add_stream_from_template(audio_source.streams.audio[0])
        _interleave(target, _video_packets(stretches, video, fps), _packets(audio_source, audio))


def _video_packets(stretches: Sequence[tuple[Path, int]], target: VideoStream, fps: int) -> Iterator[VideoPacket]:
    for path, first in stretches:
        with av.open(path, options=_UNDECODED) as source:
            stream = source.streams.video[0]
            if stream.time_base is None:
                raise RuntimeError(f"{path} has no time base")
            offset = int(Fraction(first, fps) / stream.time_base)
            for packet in source.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += offset
                packet.dts += offset
                packet.stream = target
                yield packet


def _packets(source: av.container.InputContainer, target: AudioStream) -> Iterator[AudioPacket]:
    for packet in source.demux(audio=0):
        if packet.dts is not None:
            packet.stream = target
            yield packet


def _seconds(packet: AnyPacket) -> float:
    base = packet.time_base or Fraction(1)
    return (packet.dts or 0) * base.numerator / base.denominator


def _interleave(target: OutputContainer, *sources: Iterator[AnyPacket]) -> None:
    for packet in heapq.merge(*sources, key=_seconds):
        target.mux_one(packet)
