"""Ambience: what a place sounds like. Shaped noise that loops without a seam, and events that the seed places."""

from collections.abc import Callable, Mapping

import numpy as np

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE

DEFAULT_VOLUME = 0.5
"""What a bed gets when nobody names a volume."""

_LOOP_S = 9.0
_TAU = 2 * np.pi

Points = tuple[tuple[float, float], ...]
"""Hertz and decibels, the lowest first; between them the level changes evenly over octaves."""


def ambience_bed(kind: str, seed: int, duration_s: float) -> Floats:
    """Synthesise a bed.

    Parameters
    ----------
    kind : str
        A key of `AMBIENCES`; any other is silent.
    seed : int
        Chooses the noise and places the events.
    duration_s : float
        How long it lasts, in seconds.

    Returns
    -------
    NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz, of no particular loudness.
    """
    count = round(duration_s * RATE)
    if kind not in AMBIENCES:
        return np.zeros((count, 2), np.float32)
    return AMBIENCES[kind](generator(seed, "ambience", kind), count)


def _noise(random: np.random.Generator, count: int, shape: Points) -> Floats:
    """Return stereo noise of a spectrum; shaped as a whole, it loops without a seam."""
    length = int(_LOOP_S * RATE)
    pitch = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1.0)
    level = np.interp(np.log2(pitch), [np.log2(hertz) for hertz, _ in shape], [decibels for _, decibels in shape])
    spectrum = np.fft.rfft(random.standard_normal((length, 2), dtype=np.float32), axis=0)
    loop = np.fft.irfft(spectrum * (10 ** (level / 20))[:, None], length, axis=0).astype(np.float32)
    loop /= np.float32(np.sqrt((loop**2).mean()) + 1e-9)
    return np.resize(loop, (count, 2)) if count > length else loop[:count].copy()


def _swell(random: np.random.Generator, count: int, period_s: tuple[float, float], low: float, sharp: float) -> Floats:
    """Return an envelope that rises and falls, from `low` to 1, each time for as long as chance has it."""
    ends, levels = [0.0], [float(random.uniform(low, 1))]
    while ends[-1] * RATE < count:
        length = float(random.uniform(*period_s))
        ends += [ends[-1] + length * sharp, ends[-1] + length]
        levels += [float(random.uniform(0.75, 1)), low]
    at = np.arange(0, count + 480, 480) / RATE
    shape = np.interp(at, ends, levels)
    smooth = np.convolve(np.pad(shape, 20, mode="edge"), np.hanning(41) / np.hanning(41).sum(), mode="valid")
    envelope: Floats = np.interp(np.arange(count), np.arange(len(smooth)) * 480, smooth).astype(np.float32)
    return envelope[:, None]


def _lay(total: Floats, sound: Floats, at_s: float, place: float, level: float) -> None:
    start = int(at_s * RATE)
    part = sound[: max(0, len(total) - start)]
    total[start : start + len(part), 0] += part * np.float32(level * np.cos(place * np.pi / 2))
    total[start : start + len(part), 1] += part * np.float32(level * np.sin(place * np.pi / 2))


def _times(random: np.random.Generator, count: int, every_s: float) -> list[float]:
    """Return moments that come as independent events do, one every `every_s` seconds on average."""
    length_s = count / RATE
    return sorted(random.uniform(0, length_s, int(random.poisson(length_s / every_s))).tolist())


def _ping(hertz: float, bend: float, length_s: float, attack_s: float = 0.002) -> Floats:
    """Return a sine that fades and whose pitch moves by the factor `bend` while it does."""
    t = np.arange(max(2, int(length_s * RATE)), dtype=np.float32) / np.float32(RATE)
    pitch = hertz * (1 + (bend - 1) * t / np.float32(length_s))
    tone = np.sin(np.float32(_TAU) * np.cumsum(pitch) / np.float32(RATE))
    rise = np.minimum(1, t / np.float32(attack_s))
    sound: Floats = (tone * rise * np.exp(-t * np.float32(5 / length_s))).astype(np.float32)
    return sound


def _rain(random: np.random.Generator, count: int) -> Floats:
    total = _noise(random, count, ((60, -30), (400, -9), (2500, 0), (9000, -6), (16000, -24)))
    total *= np.float32(0.8) + np.float32(0.2) * _swell(random, count, (4, 9), 0.2, 0.5)
    for at_s in _times(random, count, 0.035):
        drop = _ping(float(random.uniform(1800, 6200)), 0.8, float(random.uniform(0.006, 0.022)), 0.0006)
        _lay(total, drop, at_s, float(random.random()), float(random.uniform(0.6, 3.4)))
    return total


def _sea(random: np.random.Generator, count: int) -> Floats:
    surf = _noise(random, count, ((80, -18), (300, -4), (900, 0), (4000, -9), (12000, -26)))
    deep = _noise(random, count, ((30, -6), (70, 0), (180, -12), (600, -40)))
    wave = _swell(random, count, (6.5, 10.5), 0.12, 0.38)
    later = _swell(random, count, (5.0, 12.0), 0.1, 0.3)
    return (surf * (wave**1.6 + np.float32(0.5) * later**2) + deep * np.float32(0.45)).astype(np.float32)


def _wind(random: np.random.Generator, count: int) -> Floats:
    total = _noise(random, count, ((40, -8), (140, 0), (400, -10), (2000, -34))) * np.float32(0.6)
    for hertz, most in ((260, 0.9), (430, 0.7), (760, 0.36)):
        howl = _noise(random, count, ((hertz / 3, -50), (hertz, 0), (hertz * 2.2, -46)))
        total += howl * _swell(random, count, (2.6, 7.5), 0.04, 0.45) ** 1.4 * np.float32(most)
    return total


def _leaves(random: np.random.Generator, count: int) -> Floats:
    rustle = _noise(random, count, ((200, -28), (1500, -6), (4500, 0), (11000, -12)))
    return rustle * _swell(random, count, (3, 8), 0.12, 0.5)


def _forest(random: np.random.Generator, count: int) -> Floats:
    total = _leaves(random, count) * np.float32(0.5)
    birds = [(float(random.uniform(2300, 4600)), float(random.uniform(0.7, 1.5)), float(random.random()))
             for _ in range(4)]  # fmt: skip
    for at_s in _times(random, count, 1.1):
        hertz, bend, place = birds[int(random.integers(len(birds)))]
        loud = float(random.uniform(0.5, 1.6))
        for note in range(int(random.integers(2, 7))):
            chirp = _ping(hertz * float(random.uniform(0.92, 1.1)), bend, float(random.uniform(0.05, 0.13)), 0.012)
            _lay(total, chirp, at_s + note * float(random.uniform(0.10, 0.17)), place, loud)
    return total


def _city(random: np.random.Generator, count: int) -> Floats:
    total = _noise(random, count, ((30, -3), (70, 0), (200, -8), (900, -22), (5000, -44)))
    for _ in range(2):
        passing = _noise(random, count, ((90, -14), (350, 0), (1200, -8), (5000, -30)))
        total += passing * _swell(random, count, (2.8, 7.0), 0.03, 0.5) ** 2 * np.float32(0.7)
    for at_s in _times(random, count, 6.5):
        horn = (_tone(392.0, 0.42) + _tone(494.0, 0.42)) * np.float32(0.5)
        _lay(total, horn, at_s, float(random.random()), float(random.uniform(0.12, 0.35)))
    return total


def _tone(hertz: float, length_s: float) -> Floats:
    t = np.arange(int(length_s * RATE), dtype=np.float32) / np.float32(RATE)
    tone: Floats = np.sin(np.float32(_TAU * hertz) * t) + 0.4 * np.sin(np.float32(2 * _TAU * hertz) * t)
    ends = np.minimum(1, np.minimum(t, np.float32(length_s) - t) / np.float32(0.05))
    sound: Floats = (tone * ends).astype(np.float32)
    return sound


def _night(random: np.random.Generator, count: int) -> Floats:
    total = _noise(random, count, ((60, -6), (160, 0), (500, -18), (3000, -40))) * np.float32(0.22)
    t = np.arange(count, dtype=np.float32) / np.float32(RATE)
    for place in (0.15, 0.5, 0.88):
        hertz, pulse, phrase = (float(random.uniform(*span)) for span in ((3900, 4900), (26, 34), (0.45, 0.8)))
        rasp = np.clip(np.sin(np.float32(_TAU * pulse) * t + place * 9), 0, 1) ** 2
        chirps = np.clip(np.sin(np.float32(_TAU / phrase / 2) * t + place * 20) * 5, 0, 1)
        _lay(total, np.sin(np.float32(_TAU * hertz) * t) * rasp * chirps, 0.0, place, 0.75)
    return total


def _underwater(random: np.random.Generator, count: int) -> Floats:
    total = _noise(random, count, ((25, -4), (60, 0), (160, -10), (420, -34), (1500, -60)))
    total *= np.float32(0.5) + np.float32(0.5) * _swell(random, count, (3.5, 8), 0.2, 0.5)
    for at_s in _times(random, count, 0.9):
        place = float(random.random())
        for index in range(int(random.integers(2, 8))):
            bubble = _ping(float(random.uniform(320, 950)), float(random.uniform(1.25, 1.7)), 0.07, 0.008)
            _lay(total, bubble, at_s + index * float(random.uniform(0.05, 0.12)), place, float(random.uniform(0.3, 1)))
    return total


def _fire(random: np.random.Generator, count: int) -> Floats:
    roar = _noise(random, count, ((30, -2), (90, 0), (350, -10), (1200, -26), (6000, -40)))
    total = roar * (np.float32(0.6) + np.float32(0.4) * _swell(random, count, (0.7, 2.2), 0.1, 0.4)) * np.float32(0.8)
    crack = _noise(random, int(0.05 * RATE), ((500, -20), (2500, 0), (7000, -3), (14000, -18)))[:, 0]
    crack *= np.exp(-np.arange(len(crack), dtype=np.float32) / np.float32(0.006 * RATE))
    for at_s in _times(random, count, 0.055):
        loud = float(random.random()) ** 4 * 7 + 0.35
        _lay(total, crack[int(random.integers(0, 120)) :], at_s, float(random.uniform(0.2, 0.8)), loud)
    return total


AMBIENCES: Mapping[str, Callable[[np.random.Generator, int], Floats]] = {
    "city": _city,
    "fire": _fire,
    "forest": _forest,
    "night": _night,
    "rain": _rain,
    "sea": _sea,
    "underwater": _underwater,
    "wind": _wind,
}
"""By the name that a draft's audio segment carries in ``m.ambience``."""
