"""How loud each sound is while others are heard: fades, music that makes room, and a ceiling for the whole."""

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE

CEILING = 0.93
_DUCKED = 0.32
"""What is left of music while footage is heard over it: 10 dB less."""
_HEARD_FROM, _HEARD_FULLY = 0.006, 0.03
"""Effective value of footage's sound that is hardly heard, and that is heard well."""
_STEP = RATE // 100
_FALL_S, _RISE_S = 0.12, 0.7


def faded(sound: Floats, rise_s: float, fall_s: float) -> Floats:
    """Fade `sound` in and out, in place, and return it."""
    rise = min(len(sound) // 2, int(rise_s * RATE))
    fall = min(len(sound) // 2, int(fall_s * RATE))
    if rise:
        sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    if fall:
        sound[-fall:] *= (np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32)) ** 2)[:, None]
    return sound


def room_for(speech: Floats) -> Floats:
    """Return by what music is to be multiplied under `speech`, one number a sample, ``(samples, 1)``."""
    count = -(-len(speech) // _STEP)
    if not count:
        return np.ones((0, 1), np.float32)
    padded = np.zeros((count * _STEP, 2), np.float32)
    padded[: len(speech)] = speech
    power = np.sqrt((padded.reshape(count, -1) ** 2).mean(axis=1))
    heard = np.clip((power - _HEARD_FROM) / (_HEARD_FULLY - _HEARD_FROM), 0, 1)
    # Down before it is heard, up only after it has been quiet for a while: words have gaps.
    ahead, behind = round(_FALL_S * 100), round(_RISE_S * 100)
    wide = np.pad(heard, (behind, ahead), mode="constant")
    held = np.lib.stride_tricks.sliding_window_view(wide, behind + ahead + 1).max(axis=1)
    window = np.hanning(2 * ahead + 3)[1:-1]
    smooth = np.convolve(np.pad(held, ahead, mode="edge"), window / window.sum(), mode="valid")
    gain = 1 - (1 - _DUCKED) * smooth
    at = np.arange(len(speech)) / _STEP - 0.5
    return np.interp(at, np.arange(count), gain).astype(np.float32)[:, None]


def limited(sound: Floats) -> Floats:
    """Round off what is louder than the ceiling, in place; what is below three quarters of it is left as it is."""
    knee = np.float32(CEILING * 0.75)
    over = np.abs(sound) > knee
    if over.any():
        room = np.float32(CEILING) - knee
        loud = np.abs(sound[over])
        sound[over] = np.sign(sound[over]) * (knee + room * np.tanh((loud - knee) / room))
    return sound
