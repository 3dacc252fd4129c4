"""How loud sound is to a listener: integrated loudness of ITU-R BS.1770-5."""

from functools import lru_cache

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.patience import Check, go_on

_BLOCK, _STEP = RATE * 4 // 10, RATE // 10
_PIECE = RATE * 5
"""Samples that are filtered at once. The filters ring for less than a twentieth of a second, so what comes round from
the end of a piece to its beginning does not count."""


@lru_cache(maxsize=4)
def _k_weighting(count: int) -> Floats:
    """Return the magnitude of the two filters of BS.1770-5, annex 1, for 48 kHz, as `rfft` orders pitches."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    gain: Floats = np.abs(shelf * high_pass).astype(np.float32)[:, None]
    return gain


def integrated_lufs(samples: Floats, check: Check = go_on) -> float:
    """Measure stereo sound.

    Parameters
    ----------
    samples : NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz.
    check : callable
        Called often; what it raises ends the work.

    Returns
    -------
    float
        LUFS; minus infinity for silence and for less than 0.4 s.
    """
    if len(samples) < _BLOCK:
        return float("-inf")
    pieces: list[Floats] = []
    for start in range(0, len(samples), _PIECE):
        check()
        piece = samples[start : start + _PIECE]
        spectrum = np.fft.rfft(piece, axis=0)
        spectrum *= _k_weighting(len(piece))
        pieces.append(np.fft.irfft(spectrum, len(piece), axis=0).astype(np.float32))
    energy = np.concatenate([[0.0], np.cumsum((np.concatenate(pieces).astype(np.float64) ** 2).sum(axis=1))])
    starts = np.arange(0, len(samples) - _BLOCK + 1, _STEP)
    power = (energy[starts + _BLOCK] - energy[starts]) / _BLOCK
    loud = power[_lufs(power) > -70]
    if not len(loud):
        return float("-inf")
    loud = loud[_lufs(loud) > _lufs(loud.mean()) - 10]
    return float(_lufs(loud.mean()))


def _lufs(power: np.ndarray | np.floating) -> np.ndarray:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))
