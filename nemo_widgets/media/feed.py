"""The packets of one stream of a file, from any moment on, on the clip's own timeline."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from nemo_widgets.errors import MediaError
from nemo_widgets.media.container import open_media, picture_stream, sound_stream


class Feed:
    """One stream of a file. Picture and sound have a feed each, so that neither piles up while the other is read.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Which of its streams.
    origin_s : Fraction
        Where the clip's timeline begins on the file's clock, in seconds.
    """

    def __init__(self, path: Path, kind: Literal["video", "audio"], origin_s: Fraction) -> None:
        self._container = open_media(path)
        found = picture_stream(self._container) if kind == "video" else sound_stream(self._container)
        if found is None or not found.time_base:
            self.close()
            raise MediaError(f"{path.name} has changed: it has no {kind} any more. Run its cell again.")
        for stream in self._container.streams:
            if stream.index != found.index:
                stream.discard = Discard.all
        self.stream: VideoStream | AudioStream = found
        self.time_base: Fraction = found.time_base
        self.origin_s = origin_s
        self.sparse_index = "mov" not in self._container.format.name
        """Whether a seek may land several keyframes early."""
        self._fresh = True

    @property
    def video(self) -> VideoStream:
        """The stream, of pictures."""
        assert isinstance(self.stream, VideoStream)
        return self.stream

    @property
    def audio(self) -> AudioStream:
        """The stream, of sound."""
        assert isinstance(self.stream, AudioStream)
        return self.stream

    def ticks(self, value: int, timescale: int) -> int:
        """Return a time of the stream as ticks of the clip's timeline, `timescale` a second."""
        return round((value * self.time_base - self.origin_s) * timescale)

    def seconds(self, value: int) -> float:
        """Return a time of the stream as seconds of the clip's timeline."""
        return float(value * self.time_base - self.origin_s)

    def packets(self, start_s: float) -> Iterator[Packet]:  # type: ignore[type-arg]
        """Read on from a random access point at or before `start_s`, as far as the file is whole."""
        self._seek(start_s)
        demuxed = self._container.demux(self.stream)
        while True:
            try:
                packet = next(demuxed, None)
            except (av.FFmpegError, ValueError):  # cut off: what came before can be played
                return
            if packet is None:
                return
            if packet.size:
                yield packet

    def _seek(self, start_s: float) -> None:
        if start_s <= 0 and self._fresh:
            self._fresh = False
            return
        self._fresh = False
        wanted = int((Fraction(start_s).limit_denominator(1_000_000) + self.origin_s) / self.time_base)
        try:
            self._container.seek(wanted, stream=self.stream)
        except (av.FFmpegError, OverflowError):
            self._container.seek(0)

    def close(self) -> None:
        """Close the file."""
        self._container.close()
