"""What the pool's workers do: draw and encode one stretch of frames, or the soundtrack, into a file of its own."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from nemo_widgets.errors import StoppedError
from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.quality import QUALITIES, QualityName
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.together import sharing
from nemo_widgets.local.rendering.board import Board
from nemo_widgets.local.sound.audio import mix
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.patience import Check, go_on
from nemo_widgets.protocol.draft import Draft

AUDIO_BIT_RATE = 160_000


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers of one render share.

    Attributes
    ----------
    draft : str
        As JSON, so that it can key a cache and cross to another process.
    size : tuple of int
        Canvas in pixels, both even.
    fps : int
        Frames a second; also the distance between keyframes, so that a stretch of one second is a whole GOP.
    quality : {"draft", "final"}
        See `nemo_widgets.local.picture.quality`.
    assets : tuple of (str, str)
        URL and path of each uploaded file that the draft uses.
    board : str
        The file of the shared `Board`.
    shared : str
        The folder for what the workers prepare together.
    """

    draft: str
    size: tuple[int, int]
    fps: int
    quality: QualityName
    assets: tuple[tuple[str, str], ...]
    board: str
    shared: str

    def paths(self) -> dict[str, Path]:
        """Return the uploaded files by URL."""
        return {url: Path(path) for url, path in self.assets}


_here = threading.local()
"""Each thread's latest painter: consecutive stretches of one draft share prepared scenes."""


def _painter(job: Job) -> Painter:
    key = (job.draft, job.size, job.quality, job.assets)
    if getattr(_here, "key", None) != key:
        _here.painter = None
        _here.painter = Painter(Draft.parse(job.draft), job.size, job.quality, job.paths())
        _here.key = key
    painter: Painter = _here.painter
    return painter


def open_video(container: OutputContainer, size: tuple[int, int], fps: int, quality: QualityName) -> VideoStream:
    """Add an H.264 stream with the settings of `quality`, one thread, a keyframe a second."""
    settings = QUALITIES[quality]
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, fps)
    stream.codec_context.time_base = Fraction(1, fps)
    stream.codec_context.thread_count = 1
    stream.codec_context.gop_size = fps
    stream.codec_context.color_range = ColorRange.MPEG
    stream.codec_context.colorspace = Colorspace.ITU709
    stream.codec_context.color_primaries = ColorPrimaries.BT709
    stream.codec_context.color_trc = ColorTrc.BT709
    stream.options = {"preset": settings.preset, "crf": str(settings.crf), "x264-params": "scenecut=0:open-gop=0"}
    return stream


def encode_frames(
    out: Path, size: tuple[int, int], fps: int, quality: QualityName, count: int, paint: Callable[[Planes, int], None]
) -> None:
    """Encode `count` frames, each painted by ``paint(planes, index)``, into an MP4 file."""
    with av.open(out, "w", format="mp4") as container:
        stream = open_video(container, size, fps, quality)
        # x264 copies what it is given, so one frame's memory serves for all of them. It is our own: FFmpeg's has gaps
        # at the end of its rows in most widths, and what is drawn pixel by pixel counts without them.
        planes = Planes.black(*size)
        frame = av.VideoFrame.from_dlpack((planes.y, planes.u, planes.v), format="yuv420p")
        frame.time_base = Fraction(1, fps)
        for index in range(count):
            paint(planes, index)
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def draw_stretch(job: Job, worker: int, first: int, count: int, out: str) -> None:
    """Draw and encode the `count` frames from number `first` on. Runs in a worker.

    Raises
    ------
    StoppedError
        The board says so.
    """
    with Board(Path(job.board)) as board:
        if board.stopped:
            raise StoppedError("The render was stopped.")
        painter = _painter(job)

        def paint(planes: Planes, index: int) -> None:
            if board.stopped:
                raise StoppedError("The render was stopped.")
            painter.paint(planes, (first + index) / job.fps)
            board.report(worker, index + 1)

        with sharing(Path(job.shared)):
            encode_frames(Path(out), job.size, job.fps, job.quality, count, paint)


def draw_sound(job: Job, duration_s: float, out: str) -> None:
    """Mix and encode the whole soundtrack. Runs in a worker.

    Raises
    ------
    StoppedError
        The board says so.
    """
    with Board(Path(job.board)) as board:

        def check() -> None:
            if board.stopped:
                raise StoppedError("The render was stopped.")

        check()
        samples = mix(Draft.parse(job.draft), duration_s, job.paths(), check)
        encode_sound(samples, Path(out), check)


def encode_sound(samples: Floats, out: Path, check: Check = go_on) -> None:
    """Encode stereo samples at 48 kHz as AAC."""
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=RATE, layout="stereo", options={"aac_coder": "fast"})
        stream.bit_rate = AUDIO_BIT_RATE
        step = RATE
        for start in range(0, len(samples), step):
            check()
            piece = np.ascontiguousarray(samples[start : start + step].T)
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
            frame.sample_rate = RATE
            frame.pts = start
            frame.time_base = Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def dump_draft(draft: Draft) -> str:
    """Return a draft as the JSON text that `Job` carries."""
    return json.dumps(draft.dump(), sort_keys=True)
