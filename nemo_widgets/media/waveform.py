"""How loud a clip is, from beginning to end."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler

from nemo_widgets.errors import MediaError
from nemo_widgets.media.description import Description
from nemo_widgets.media.feed import Feed

_READ_WHOLE_S = 600.0
_SAMPLED_S = 0.25
_BUDGET_S = 8.0


def waveform(path: Path, about: Description, count: int, check: Callable[[], None]) -> bytes:
    """Return the peaks of `count` equal parts of a clip, 0 to 255, the loudest of all channels; empty without sound.

    Up to ten minutes are read whole; of a longer clip a quarter of a second of each part. What is not read within eight
    seconds is left at 0.
    """
    if not about.audio_codec:
        return b""
    peaks = np.zeros(count, np.float32)
    feed = Feed(path, "audio", about.origin_s)
    try:
        if about.duration_s <= _READ_WHOLE_S:
            _measure(feed, about, peaks, 0.0, about.duration_s, check)
        else:
            _sample(feed, about, peaks, check)
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"The sound of {path.name} can't be decoded: it is damaged.") from error
    finally:
        feed.close()
    return np.clip(np.round(peaks * 255), 0, 255).astype(np.uint8).tobytes()


def _sample(feed: Feed, about: Description, peaks: np.ndarray, check: Callable[[], None]) -> None:
    until = time.monotonic() + _BUDGET_S
    part_s = about.duration_s / len(peaks)
    order = np.argsort([int(f"{number:012b}"[::-1], 2) for number in range(len(peaks))])  # coarse first, then finer
    for number in order:
        start_s = number * part_s
        _measure(feed, about, peaks, start_s, start_s + min(part_s, _SAMPLED_S), check)
        if time.monotonic() > until:
            return


def _measure(
    feed: Feed,
    about: Description,
    peaks: np.ndarray,
    start_s: float,
    end_s: float,
    check: Callable[[], None],
) -> None:
    per_s = len(peaks) / about.duration_s
    for at_s, loudness, rate in _loudness(feed, start_s, check):
        if at_s >= end_s:
            return
        parts = np.floor((at_s + np.arange(len(loudness)) / rate) * per_s).astype(int)
        here = (parts >= 0) & (parts < len(peaks))
        np.maximum.at(peaks, parts[here], loudness[here])


def _loudness(feed: Feed, start_s: float, check: Callable[[], None]) -> Iterator[tuple[float, np.ndarray, int]]:
    resampler = AudioResampler("fltp", feed.audio.codec_context.layout, feed.audio.codec_context.sample_rate)
    for packet in feed.packets(start_s):
        check()
        try:
            frames = feed.audio.decode(packet)
        except av.InvalidDataError:
            continue  # a damaged frame counts as silence
        for frame in frames:
            at_s = feed.seconds(frame.pts) if frame.pts is not None else start_s
            frame.pts = None
            for made in resampler.resample(frame):
                samples = np.nan_to_num(np.abs(made.to_ndarray()).max(axis=0))
                yield at_s, samples, made.sample_rate
                at_s += len(samples) / made.sample_rate
