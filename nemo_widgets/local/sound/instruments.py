"""Synthesised instruments: one note each, as mono samples at 48 kHz."""

from functools import lru_cache

import numpy as np

from nemo_widgets.local.picture.scenes.planes import Floats

RATE = 48_000
"""Samples a second."""

_TAU = 2 * np.pi


def hertz(note: float) -> float:
    """Return the pitch of a MIDI note number (69 is A, 440 Hz)."""
    return float(440 * 2 ** ((note - 69) / 12))


def _time(length_s: float) -> Floats:
    return np.arange(max(1, int(length_s * RATE)), dtype=np.float32) / np.float32(RATE)


def _ends(samples: Floats, attack_s: float, release_s: float) -> Floats:
    rise, fall = min(len(samples) // 2, int(attack_s * RATE)), min(len(samples) // 2, int(release_s * RATE))
    if rise:
        samples[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    if fall:
        samples[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32) ** 2
    return samples


@lru_cache(maxsize=256)
def pad(note: float, length_s: float, brightness: float = 1.0) -> Floats:
    """Return a slow, warm chord tone of two detuned voices."""
    t = _time(length_s)
    pitch = hertz(note)
    tone = np.zeros_like(t)
    for detune in (0.9965, 1.0035):
        for harmonic in range(1, 7):
            level = brightness ** (harmonic - 1) / harmonic**1.7
            tone += np.float32(level) * np.sin(np.float32(_TAU * pitch * harmonic * detune) * t + harmonic * detune * 9)
    tone *= 1 + np.float32(0.12) * np.sin(np.float32(_TAU * 0.31) * t + note)
    return _ends(tone * np.float32(0.3), length_s * 0.3, length_s * 0.35)


@lru_cache(maxsize=256)
def keys(note: float, length_s: float) -> Floats:
    """Return an electric piano's tone: two operators of frequency modulation, fading bell."""
    t = _time(length_s)
    pitch = np.float32(_TAU * hertz(note))
    bell = np.exp(-t * 7) * np.float32(0.9)
    tone = np.sin(pitch * t + bell * np.sin(pitch * 14 * t) * np.float32(0.25) + np.sin(pitch * t) * np.float32(0.45))
    return _ends(tone * np.exp(-t * np.float32(1.6)), 0.004, 0.08)


@lru_cache(maxsize=256)
def pluck(note: float, length_s: float) -> Floats:
    """Return a struck string: harmonics that fade the faster the higher they are."""
    t = _time(length_s)
    pitch = hertz(note)
    tone = np.zeros_like(t)
    for harmonic in range(1, 8):
        tone += (
            np.sin(np.float32(_TAU * pitch * harmonic) * t)
            * np.exp(-t * np.float32(2.2 + 1.9 * harmonic))
            / np.float32(harmonic)
        )
    return _ends(tone * np.float32(0.7), 0.002, 0.05)


@lru_cache(maxsize=128)
def bass(note: float, length_s: float) -> Floats:
    """Return a round bass tone."""
    t = _time(length_s)
    pitch = np.float32(_TAU * hertz(note))
    tone = np.sin(pitch * t) + np.float32(0.28) * np.sin(2 * pitch * t) + np.float32(0.08) * np.sin(3 * pitch * t)
    return _ends(tone * np.exp(-t * np.float32(0.9)), 0.008, 0.06)


@lru_cache(maxsize=8)
def kick(depth: float = 1.0) -> Floats:
    """Return a bass drum: a falling sine."""
    t = _time(0.34)
    sweep = 46 * t + np.float32(depth * 3.2) * (1 - np.exp(-t * 26))
    return _ends(np.sin(np.float32(_TAU) * sweep) * np.exp(-t * 9), 0.001, 0.03)


@lru_cache(maxsize=8)
def _hiss(length_s: float, low: float, high: float) -> Floats:
    random = np.random.Generator(np.random.PCG64([int(low), int(high)]))
    count = int(length_s * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (pitch > low) & (pitch < high)
    noise = np.fft.irfft(spectrum, count).astype(np.float32)
    return noise / np.float32(np.abs(noise).max())


@lru_cache(maxsize=8)
def snare() -> Floats:
    """Return a soft snare: a band of noise over a short tone."""
    t = _time(0.24)
    noise = _hiss(0.24, 900, 7500)[: len(t)] * np.exp(-t * 17)
    return _ends(
        noise * np.float32(0.8) + np.sin(np.float32(_TAU * 186) * t) * np.exp(-t * 24) * np.float32(0.5), 0.001, 0.03
    )


@lru_cache(maxsize=8)
def hat(length_s: float = 0.07) -> Floats:
    """Return a closed hi-hat."""
    t = _time(length_s)
    return _ends(_hiss(length_s, 7000, 15000)[: len(t)] * np.exp(-t * 46), 0.0005, 0.01)


@lru_cache(maxsize=4)
def swell(length_s: float) -> Floats:
    """Return a rising breath of noise, for the way into a new section."""
    t = _time(length_s)
    return _ends(_hiss(length_s, 300, 5000)[: len(t)] * (t / np.float32(length_s)) ** 2, 0.05, 0.12)


@lru_cache(maxsize=2)
def crackle(length_s: float) -> Floats:
    """Return the dust on a record."""
    random = np.random.Generator(np.random.PCG64(7))
    noise = np.zeros(int(length_s * RATE), np.float32)
    pops = random.integers(0, max(1, len(noise) - 64), int(length_s * 9))
    noise[pops] = random.uniform(-1, 1, len(pops)).astype(np.float32)
    shaped = np.convolve(noise, np.exp(-np.arange(48) / 7.0).astype(np.float32))[: len(noise)]
    return (shaped * np.float32(0.5) + _hiss(length_s, 1200, 9000)[: len(noise)] * np.float32(0.035)).astype(np.float32)
