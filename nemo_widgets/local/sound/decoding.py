"""The sound of uploaded files, at the pace at which they are shown."""

from pathlib import Path

import av
import numpy as np
from av.filter import Graph

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.media.container import open_media

_SLOWEST_STEP, _FASTEST_STEP = 0.5, 2.0
"""What one of FFmpeg's ``atempo`` filters is asked for; the rest is done by several. Far above 2 it aborts the process
on an assertion of its own, though its documentation names 100."""
_BLOCK = RATE


def has_sound(path: Path) -> bool:
    """Whether a media file has an audio stream."""
    with open_media(path) as container:
        return bool(container.streams.audio)


def decode_audio(path: Path, length_s: float, start_s: float = 0.0) -> Floats:
    """Decode `length_s` seconds of a file, from `start_s` on, as 48 kHz stereo; what is missing is silence.

    Raises
    ------
    MediaError
        The file can't be read, or has no sound.
    """
    wanted = round(length_s * RATE)
    result = np.zeros((wanted, 2), np.float32)
    with open_media(path) as container:
        if not container.streams.audio:
            raise MediaError(f"{path.name} has no sound. Choose another file as music.")
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
        skipped = round(start_s * RATE)
        done = 0
        try:
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    heard = piece.to_ndarray().reshape(-1, 2)
                    some = heard[skipped : skipped + wanted - done]
                    skipped = max(0, skipped - len(heard))
                    result[done : done + len(some)] = some
                    done += len(some)
                if done >= wanted:
                    break
        except (av.FFmpegError, ValueError) as error:
            if done == 0:
                raise MediaError(f"{path.name} can't be decoded. Convert it to MP3 or M4A and try again.") from error
    return result


def at_speed(sound: Floats, speed: float) -> Floats:
    """Play sound faster or slower without a change of pitch; `speed` 2 is twice as fast."""
    if speed == 1 or not len(sound):
        return sound
    graph = Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo", channels=2)
    last = source
    for tempo in _tempos(speed):
        step = graph.add("atempo", f"tempo={tempo:.6f}")
        last.link_to(step)
        last = step
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    heard = []
    for start in range(0, len(sound), _BLOCK):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[start : start + _BLOCK]).reshape(1, -1), format="flt", layout="stereo"
        )
        frame.sample_rate, frame.pts = RATE, start
        graph.push(frame)
        heard += _pulled(graph)
    graph.push(None)
    heard += _pulled(graph)
    return np.concatenate([np.zeros((0, 2), np.float32), *heard])


def _tempos(speed: float) -> list[float]:
    steps = []
    while speed < _SLOWEST_STEP:
        steps.append(_SLOWEST_STEP)
        speed /= _SLOWEST_STEP
    while speed > _FASTEST_STEP:
        steps.append(_FASTEST_STEP)
        speed /= _FASTEST_STEP
    return [*steps, speed]


def _pulled(graph: Graph) -> list[Floats]:
    pieces: list[Floats] = []
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return pieces
        if isinstance(frame, av.AudioFrame):
            pieces.append(frame.to_ndarray().reshape(-1, 2).astype(np.float32))
