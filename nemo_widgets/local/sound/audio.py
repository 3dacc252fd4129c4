"""The sound of a draft: synthesised beds and uploaded files, mixed, faded and brought to one loudness."""

from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.footage import is_picture
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.loudness import integrated_lufs
from nemo_widgets.local.sound.music import DEFAULT_VOLUME, music_bed
from nemo_widgets.media.container import open_media
from nemo_widgets.protocol.draft import Draft, Segment

_FULL_VOLUME_LUFS = -14.0
_FADE_IN_S, _FADE_OUT_S = 0.5, 1.5
_CEILING = 0.93


def mix(draft: Draft, duration_s: float, assets: Mapping[str, Path]) -> Floats:
    """Return the whole soundtrack.

    Parameters
    ----------
    draft : Draft
        Its audio tracks are heard; without any there is silence.
    duration_s : float
        Length of the video, in seconds.
    assets : Mapping of str to Path
        Where the uploaded files are, by URL.

    Returns
    -------
    NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz, between -1 and 1.
    """
    total = np.zeros((round(duration_s * RATE), 2), np.float32)
    for track in draft.tracks:
        for segment in track.segments:
            start = segment.start_ms * RATE // 1000
            length_s = min(segment.duration_ms / 1000, duration_s - start / RATE)
            if length_s <= 0:
                continue
            if track.kind == "audio":
                volume = DEFAULT_VOLUME if segment.volume is None else min(1.0, max(0.0, segment.volume))
                sound = _faded(_music(segment, length_s, assets)) * np.float32(volume)
            elif track.kind == "video":
                sound = _own_sound(segment, length_s, assets)
            else:
                continue
            room = total[start : start + len(sound)]
            room += sound[: len(room)]
    return _limited(total)


def _own_sound(segment: Segment, length_s: float, assets: Mapping[str, Path]) -> Floats:
    """Return what an uploaded clip itself sounds like; nothing for a drawn scene, a photo or a silent clip."""
    path = assets.get(segment.url) if segment.url and not segment.meta.get("scene") else None
    if path is None or is_picture(path) or not has_sound(path):
        return np.zeros((0, 2), np.float32)
    start_ms = segment.meta.get("in_ms")
    sound = decode_audio(path, length_s, (start_ms if isinstance(start_ms, int) else 0) / 1000)
    return sound * np.float32(1.0 if segment.volume is None else min(1.0, max(0.0, segment.volume)))


def _music(segment: Segment, length_s: float, assets: Mapping[str, Path]) -> Floats:
    path = assets.get(segment.url) if segment.url else None
    if path is not None:
        sound = decode_audio(path, length_s)
    elif segment.url:
        raise MediaError(f"{segment.name or 'An uploaded file'} is not there any more. Upload it again.")
    else:
        seed = segment.meta.get("seed")
        sound = music_bed(segment.style, seed if isinstance(seed, int) else 0, length_s)
    loudness = integrated_lufs(sound)
    gain = 10 ** ((_FULL_VOLUME_LUFS - loudness) / 20) if loudness > -60 else 1.0
    return sound * np.float32(min(gain, 30.0))


def _faded(sound: Floats) -> Floats:
    rise = min(len(sound) // 4, int(_FADE_IN_S * RATE))
    fall = min(len(sound) // 3, int(_FADE_OUT_S * RATE))
    if rise:
        sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    if fall:
        sound[-fall:] *= (np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32)) ** 2)[:, None]
    return sound


def _limited(sound: Floats) -> Floats:
    """Round off what is louder than the ceiling; what is below three quarters of it is left as it is."""
    knee = np.float32(_CEILING * 0.75)
    over = np.abs(sound) > knee
    if over.any():
        room = np.float32(_CEILING) - knee
        loud = np.abs(sound[over])
        sound[over] = np.sign(sound[over]) * (knee + room * np.tanh((loud - knee) / room))
    return sound


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
