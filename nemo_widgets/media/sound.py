"""Sound that a browser can't decode, or that doesn't fill the clip, made AAC without a seam."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.codec import CodecContext
from av.container import OutputContainer
from av.stream import Stream

from nemo_widgets.media.boxes import Sample
from nemo_widgets.media.feed import Feed

Samples = np.ndarray[tuple[int, int], np.dtype[np.float32]]

_FRAME = 1024
_RATES = frozenset({22050, 24000, 32000, 44100, 48000})
_BIT_RATE = 160_000
_WARM_UP_FRAMES = 2  # AAC overlaps a frame with the one before: these are encoded, and not handed on
_WARM_UP_S = 0.1  # of the source's decoder, which may overlap frames as well
_GAP_S = 0.03
_CHUNK = 48_000


class ConvertedSound:
    """Decodes a feed and encodes it as AAC, silence where there is none.

    AAC frame n always holds samples 1024 n to 1024 (n + 1) of the timeline, wherever reading began, so what was read
    in pieces joins as if it had been read in one.

    Parameters
    ----------
    feed : Feed
        Where the packets come from.
    duration_s : float
        The clip's: so far there is sound.
    check : callable
        Called before each packet; raises to stop.
    """

    def __init__(self, feed: Feed, duration_s: float, check: Callable[[], None]) -> None:
        self._feed = feed
        self._check = check
        context = feed.audio.codec_context
        self.rate = context.sample_rate if context.sample_rate in _RATES else 48_000
        """Samples a second, which are the ticks of the track."""
        self._layout = "mono" if context.layout.nb_channels == 1 else "stereo"
        self._channels = 1 if self._layout == "mono" else 2
        self._frames = max(1, -int(-duration_s * self.rate // _FRAME))

    def add_track(self, container: OutputContainer) -> Stream:
        """Add a track that describes what `samples` makes."""
        stream = container.add_stream("aac", rate=self.rate, layout=self._layout)
        self._configure(stream.codec_context)
        return stream

    def _configure(self, context: AudioCodecContext) -> None:
        context.sample_rate = self.rate
        context.layout = self._layout
        context.format = "fltp"
        context.bit_rate = _BIT_RATE
        context.time_base = Fraction(1, self.rate)
        context.options = {"aac_coder": "fast"}

    def samples(self, start_s: float) -> Iterator[Sample]:
        """Return the AAC frames from the one that is heard at `start_s` on."""
        first = max(0, int(start_s * self.rate) // _FRAME)
        encoder = CodecContext.create("aac", "w")
        self._configure(encoder)
        encoder.flags |= int(av.codec.context.Flags.global_header)
        for packet in self._encoded(encoder, first - _WARM_UP_FRAMES):
            if packet.pts is not None and first * _FRAME <= packet.pts < self._frames * _FRAME:
                yield Sample(bytes(packet), packet.pts, packet.pts, _FRAME)

    def _encoded(self, encoder: AudioCodecContext, first: int) -> Iterator[av.Packet]:  # type: ignore[type-arg]
        number = first
        for samples in self._in_frames(first * _FRAME):
            frame = AudioFrame.from_ndarray(samples, format="fltp", layout=self._layout)
            frame.sample_rate, frame.pts, frame.time_base = self.rate, number * _FRAME, Fraction(1, self.rate)
            yield from encoder.encode(frame)
            number += 1
        yield from encoder.encode(None)

    def _in_frames(self, begin: int) -> Iterator[Samples]:
        left = np.zeros((self._channels, 0), np.float32)
        for samples in self._without_gaps(begin):
            left = np.concatenate([left, samples], axis=1)
            whole = left.shape[1] // _FRAME * _FRAME
            for at in range(0, whole, _FRAME):
                yield np.ascontiguousarray(left[:, at : at + _FRAME])
            left = left[:, whole:]

    def _without_gaps(self, begin: int) -> Iterator[Samples]:
        """Yield all samples from `begin` to the end of the clip, in order: what is missing as silence."""
        at, end = begin, self._frames * _FRAME
        for starts, samples in self._decoded(max(0.0, begin / self.rate - _WARM_UP_S)):
            if abs(starts - at) > _GAP_S * self.rate or at == begin:
                yield from self._silence(min(starts, end) - at)
                at = max(at, min(starts, end))
                samples = samples[:, max(0, at - starts) :]
            samples = samples[:, : end - at]
            yield samples
            at += samples.shape[1]
            if at >= end:
                return
        yield from self._silence(end - at)

    def _silence(self, count: int) -> Iterator[Samples]:
        for at in range(0, count, _CHUNK):
            self._check()
            yield np.zeros((self._channels, min(_CHUNK, count - at)), np.float32)

    def _decoded(self, start_s: float) -> Iterator[tuple[int, Samples]]:
        resampler = AudioResampler("fltp", self._layout, self.rate)
        after = 0
        for packet in self._feed.packets(start_s):
            self._check()
            try:
                frames = self._feed.audio.decode(packet)
            except av.InvalidDataError:
                continue  # a damaged frame is silence
            for frame in frames:
                starts = self._feed.ticks(frame.pts, self.rate) if frame.pts is not None else after
                frame.pts = None
                for made in resampler.resample(frame):
                    samples = made.to_ndarray().astype(np.float32, copy=False).reshape(self._channels, -1)
                    yield starts, samples
                    starts += samples.shape[1]
                after = starts
