"""Pictures that a browser can't decode, made H.264: upright, at most 1080p, faster than they are shown."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.codec import CodecContext
from av.container import OutputContainer
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from nemo_widgets.media.boxes import Sample
from nemo_widgets.media.decoding import shown_from
from nemo_widgets.media.description import Description
from nemo_widgets.media.feed import Feed

_TIMESCALE = 90_000
_WIDEST = 1920
_HIGHEST = 1080
_MAX_FPS = 62.0
_KEYFRAME_EVERY_S = 2
_X264 = {"preset": "superfast", "crf": "23", "maxrate": "16M", "bufsize": "16M", "profile": "high", "sc_threshold": "0"}


class ConvertedVideo:
    """Decodes a feed and encodes it again, on the same timeline.

    Parameters
    ----------
    feed : Feed
        Where the packets come from.
    about : Description
        Size, rate and rotation.
    check : callable
        Called before each packet; raises to stop.
    """

    timescale = _TIMESCALE

    def __init__(self, feed: Feed, about: Description, check: Callable[[], None]) -> None:
        self._feed = feed
        self._check = check
        self._about = about
        self._turn = about.rotation
        self._end_s = about.duration_s
        self._size = size_within_bounds(about.width, about.height)
        self._fps = about.fps or 30.0
        self._every_s = 1 / _MAX_FPS if self._fps > _MAX_FPS else 0.0
        feed.video.thread_type = "AUTO"

    def add_track(self, container: OutputContainer) -> Stream:
        """Add a track that describes what `samples` makes."""
        stream = container.add_stream("libx264", rate=self._rate())
        self._configure(stream.codec_context)
        return stream

    def _rate(self) -> Fraction:
        return Fraction(min(self._fps, _MAX_FPS)).limit_denominator(1001)

    def _configure(self, context: VideoCodecContext) -> None:
        context.width, context.height = self._size
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, _TIMESCALE)
        context.framerate = self._rate()
        context.gop_size = max(1, round(self._rate() * _KEYFRAME_EVERY_S))
        context.max_b_frames = 0
        context.options = dict(_X264)
        source = self._feed.video.codec_context
        context.colorspace = source.colorspace
        context.color_primaries, context.color_trc = source.color_primaries, source.color_trc

    def samples(self, start_s: float) -> Iterator[Sample]:
        """Return the pictures from the one that is shown at `start_s` on."""
        encoder = CodecContext.create("libx264", "w")
        self._configure(encoder)
        encoder.options |= {"x264-params": "annexb=0"}  # lengths instead of start codes, as MP4 has them
        encoder.flags |= int(av.codec.context.Flags.global_header)
        held: tuple[bytes, int, bool] | None = None
        for packet in self._encoded(encoder, start_s):
            assert packet.pts is not None
            if held is not None:
                yield Sample(held[0], held[1], held[1], packet.pts - held[1], held[2])
            held = (bytes(packet), packet.pts, packet.is_keyframe)
        if held is not None:
            last = max(1, round(self._end_s * _TIMESCALE) - held[1])
            yield Sample(held[0], held[1], held[1], last, held[2])

    def _encoded(self, encoder: VideoCodecContext, start_s: float) -> Iterator[av.Packet]:  # type: ignore[type-arg]
        before = -1
        for frame, at_s in shown_from(self._feed, self._about, start_s, self._check):
            ticks = max(0, round(at_s * _TIMESCALE))
            if ticks <= before or (before >= 0 and ticks - before < self._every_s * _TIMESCALE * 0.9):
                continue
            before = ticks
            ready = self._upright(frame)
            ready.pts, ready.time_base = ticks, Fraction(1, _TIMESCALE)
            yield from encoder.encode(ready)
        yield from encoder.encode(None)

    def _upright(self, frame: VideoFrame) -> VideoFrame:
        width, height = self._size
        if self._turn % 180:
            width, height = height, width
        small = frame.reformat(width, height, "yuv420p", dst_color_range=ColorRange.MPEG)
        if not self._turn:
            return small
        planes = small.to_ndarray()
        turns = self._turn // 90
        luma = planes[:height]
        chroma = planes[height:].reshape(2, height // 2, width // 2)
        turned = [np.rot90(plane, turns).reshape(-1) for plane in (luma, *chroma)]
        shape = (self._size[1] * 3 // 2, self._size[0])
        return VideoFrame.from_ndarray(np.concatenate(turned).reshape(shape), format="yuv420p")


def size_within_bounds(width: int, height: int) -> tuple[int, int]:
    """Return the largest even size of the same shape within 1920 × 1080, upright or across."""
    longer, shorter = max(width, height), min(width, height)
    scale = min(1.0, _WIDEST / longer, _HIGHEST / shorter)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
