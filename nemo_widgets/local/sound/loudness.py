"""How loud sound is to a listener: integrated loudness of ITU-R BS.1770-5."""

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE

_BLOCK, _STEP = RATE * 4 // 10, RATE // 10


def _k_weighting(count: int) -> np.ndarray:
    """Return the squared-free magnitude of the two filters of BS.1770-5, annex 1, for 48 kHz."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high_pass))


def integrated_lufs(samples: Floats) -> float:
    """Measure stereo sound.

    Parameters
    ----------
    samples : NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz.

    Returns
    -------
    float
        LUFS; minus infinity for silence and for less than 0.4 s.
    """
    if len(samples) < _BLOCK:
        return float("-inf")
    pieces: list[Floats] = []
    for start in range(0, len(samples), RATE * 20):
        piece = samples[start : start + RATE * 20]
        spectrum = np.fft.rfft(piece, axis=0) * _k_weighting(len(piece))[:, None]
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
