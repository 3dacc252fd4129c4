"""The sound of a draft: music, ambience and the footage's own, faded, mixed and brought to one loudness."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.compose import Take, takes_of
from nemo_widgets.local.picture.footage import is_picture
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.picture.shots import number, text
from nemo_widgets.local.sound import ambience, music
from nemo_widgets.local.sound.decoding import at_speed, decode_audio, has_sound
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.levels import faded, limited, room_for
from nemo_widgets.local.sound.loudness import integrated_lufs
from nemo_widgets.local.sound.patience import Check, go_on
from nemo_widgets.protocol.draft import Draft, Segment

_FULL_VOLUME_LUFS = -14.0
"""How loud a bed is at volume 1; at the usual 0.8 it lies at -16 LUFS."""
_USUAL_LUFS = -16.0
"""What the whole is held to when several sounds add up, unless one of them alone is louder."""
_FADE_IN_S, _FADE_OUT_S = 0.5, 1.5
_CLICK_S = 0.008
"""Fade at the cuts of footage, so that they don't click."""


def mix(draft: Draft, duration_s: float, assets: Mapping[str, Path], check: Check = go_on) -> Floats:
    """Return the whole soundtrack.

    Parameters
    ----------
    draft : Draft
        Its audio tracks and the sound of its footage are heard; without any there is silence.
    duration_s : float
        Length of the video, in seconds.
    assets : Mapping of str to Path
        Where the uploaded files are, by URL.
    check : callable
        Called often; what it raises ends the work.

    Returns
    -------
    NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz, between -1 and 1.
    """
    count = round(duration_s * RATE)
    loudest, sounds = _USUAL_LUFS, 0
    footage, beds, places = (np.zeros((count, 2), np.float32) for _ in range(3))
    for track in draft.tracks:
        if track.kind == "video":
            for take in takes_of(track):
                check()
                _lay(footage, take.shot.segment, _own_sound(take, duration_s, assets))
        elif track.kind == "audio":
            for segment in track.segments:
                length_s = min(segment.duration_ms / 1000, duration_s - segment.start_ms / 1000)
                if length_s > 0:
                    sounds += 1
                    loudest = max(loudest, _FULL_VOLUME_LUFS + 20 * math.log10(max(_volume_of_bed(segment), 1e-6)))
                    # What a place sounds like belongs to the picture: it does not step back for it as music does.
                    _lay(places if _is_ambience(segment) else beds, segment, _bed(segment, length_s, assets, check))
    if footage.any():
        check()
        beds *= room_for(footage)
    elif sounds <= 1:
        # A bed alone is as loud as it was made to be.
        return limited(beds + places)
    check()
    return limited(_held(footage, beds + places, loudest, check))


def _lay(total: Floats, segment: Segment, sound: Floats) -> None:
    room = total[segment.start_ms * RATE // 1000 :][: len(sound)]
    room += sound[: len(room)]


def _own_sound(take: Take, duration_s: float, assets: Mapping[str, Path]) -> Floats:
    """Return what an uploaded clip itself sounds like; nothing for a drawn scene, a photo or a silent clip."""
    shot = take.shot
    url = shot.segment.url
    path = assets.get(url) if url and not shot.meta("scene") else None
    volume = _volume(shot.segment, 1.0)
    room_s = duration_s - shot.segment.start_ms / 1000
    if path is None or volume == 0 or room_s <= 0 or is_picture(path) or not has_sound(path):
        return np.zeros((0, 2), np.float32)
    # Backwards, the whole shot has to be there before its end can be heard first, and nothing comes after it.
    length_s = shot.duration_s if shot.reverse else min(shot.duration_s + take.tail_s, room_s)
    sound = decode_audio(path, length_s * shot.speed, shot.in_s)
    sound = at_speed(sound[::-1] if shot.reverse else sound, shot.speed)[: round(length_s * RATE)]
    rise_s = max(_CLICK_S, shot.fade_in_s, shot.transition_s)
    return faded(sound.copy(), rise_s, max(_CLICK_S, shot.fade_out_s, take.tail_s)) * np.float32(volume)


def _is_ambience(segment: Segment) -> bool:
    return bool(text(segment.meta, "ambience")) and not segment.url


def _volume(segment: Segment, usual: float) -> float:
    return usual if segment.volume is None else min(1.0, max(0.0, segment.volume))


def _volume_of_bed(segment: Segment) -> float:
    return _volume(segment, ambience.DEFAULT_VOLUME if _is_ambience(segment) else music.DEFAULT_VOLUME)


def _bed(segment: Segment, length_s: float, assets: Mapping[str, Path], check: Check) -> Floats:
    meta = segment.meta
    sound = _levelled(_source(segment, length_s, assets, check), check)
    rise_s = number(meta, "fade_in_ms", _FADE_IN_S * 1000, 0, 1e6) / 1000
    fall_s = number(meta, "fade_out_ms", _FADE_OUT_S * 1000, 0, 1e6) / 1000
    return faded(sound, max(_CLICK_S, rise_s), max(_CLICK_S, fall_s)) * np.float32(_volume_of_bed(segment))


def _source(segment: Segment, length_s: float, assets: Mapping[str, Path], check: Check) -> Floats:
    meta = segment.meta
    path = assets.get(segment.url) if segment.url else None
    if path is not None:
        return decode_audio(path, length_s, number(meta, "in_ms", 0, 0, 1e9) / 1000)
    if segment.url:
        raise MediaError(f"{segment.name or 'An uploaded file'} is not there any more. Upload it again.")
    seed = int(number(meta, "seed", 0, -(2.0**53), 2.0**53))
    if _is_ambience(segment):
        return ambience.ambience_bed(text(meta, "ambience"), seed, length_s)
    return music.music_bed(segment.style, seed, length_s, check)


def _levelled(sound: Floats, check: Check) -> Floats:
    loudness = integrated_lufs(sound, check)
    gain = 10 ** ((_FULL_VOLUME_LUFS - loudness) / 20) if loudness > -60 else 1.0
    return sound * np.float32(min(gain, 30.0))


def _held(footage: Floats, added: Floats, loudest: float, check: Check) -> Floats:
    """Add up, and turn down what has become too loud by it; footage alone stays as it was recorded."""
    whole = footage + added
    if not added.any():
        return whole
    recorded = integrated_lufs(footage, check) if footage.any() else float("-inf")
    most, loudness = max(loudest, recorded), integrated_lufs(whole, check)
    return whole * np.float32(10 ** ((most - loudness) / 20)) if loudness > most else whole
