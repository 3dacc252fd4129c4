"""Music beds: chords, a pulse and a melody from a genre and a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.instruments import RATE, bass, crackle, hat, keys, kick, pad, pluck, snare, swell
from nemo_widgets.local.sound.patience import Check, go_on

Drums = Literal["none", "lazy", "four", "march"]
Voice = Literal["keys", "pluck", "pad"]

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)


@dataclass(frozen=True, slots=True)
class Genre:
    """How a kind of music is put together.

    Attributes
    ----------
    tempo : tuple of int
        Slowest and fastest, in beats a minute.
    minor : bool
        The scale.
    progressions : tuple of tuple of int
        Roots of the chords, one a bar, as steps of the scale.
    voice : str
        Who plays the chords.
    arpeggio : int
        Notes of melody a bar; 0 for none.
    drums, bass : str, bool
        The pulse, and whether a bass plays with it.
    swing : float
        How late every other eighth is, in eighths.
    room : float
        Length of the reverberation, in seconds.
    dust : bool
        Whether a record crackles.
    """

    tempo: tuple[int, int]
    minor: bool
    progressions: tuple[tuple[int, ...], ...]
    voice: Voice
    arpeggio: int
    drums: Drums
    bass: bool
    swing: float = 0.0
    room: float = 1.4
    dust: bool = False


GENRES: Mapping[str, Genre] = {
    "ambient": Genre((56, 66), False, ((0, 5, 3, 4), (0, 2, 3, 0), (3, 0, 5, 4)), "pad", 4, "none", False, room=3.2),
    "cinematic": Genre((76, 92), True, ((0, 5, 2, 6), (0, 3, 5, 6), (0, 6, 5, 4)), "pad", 8, "march", True, room=2.6),
    "lofi": Genre((70, 84), False, ((1, 4, 0, 5), (3, 2, 1, 0), (0, 5, 1, 4)), "keys", 4, "lazy", True, 0.3, 0.9, True),
    "upbeat": Genre((112, 126), False, ((0, 4, 5, 3), (5, 3, 0, 4), (0, 3, 5, 4)), "pluck", 8, "four", True, room=0.8),
    "electronic": Genre(
        (116, 128), True, ((0, 5, 2, 6), (0, 0, 5, 6), (0, 2, 5, 3)), "pad", 16, "four", True, room=1.6
    ),
    "piano": Genre((64, 78), False, ((0, 4, 5, 3), (5, 3, 0, 4), (0, 2, 5, 3)), "keys", 8, "none", False, room=2.4),
}
"""By the name that a draft's audio segment carries in ``m.style``."""

FALLBACK_GENRE = "ambient"

DEFAULT_VOLUME = 0.8
"""What a bed gets when nobody names a volume: it then lies at about -16 LUFS."""


class _Score:
    """A stereo buffer on which notes are laid."""

    def __init__(self, duration_s: float) -> None:
        self.samples = np.zeros((int(duration_s * RATE) + 1, 2), np.float32)

    def lay(self, note: Floats, at_s: float, level: float, place: float = 0.5) -> None:
        """Add `note` at a time, at a level, from left (0) to right (1)."""
        start = int(at_s * RATE)
        if start < 0 or start >= len(self.samples):
            return
        some = note[: len(self.samples) - start]
        self.samples[start : start + len(some), 0] += some * np.float32(level * np.cos(place * np.pi / 2))
        self.samples[start : start + len(some), 1] += some * np.float32(level * np.sin(place * np.pi / 2))


def music_bed(style: str, seed: int, duration_s: float, check: Check = go_on) -> Floats:
    """Compose a bed.

    Parameters
    ----------
    style : str
        A key of `GENRES`; any other gives the fallback.
    seed : int
        Chooses tempo, key, chords and melody.
    duration_s : float
        How long it lasts, in seconds.
    check : callable
        Called often; what it raises ends the work.

    Returns
    -------
    NDArray[np.float32]
        ``(samples, 2)`` at 48 kHz, of no particular loudness.
    """
    genre = GENRES.get(style, GENRES[FALLBACK_GENRE])
    random = generator(seed, "music", style)
    beat_s = 60 / float(random.integers(genre.tempo[0], genre.tempo[1] + 1))
    tonic = 45 + int(random.integers(0, 12))
    roots = genre.progressions[int(random.integers(len(genre.progressions)))]
    motif = random.integers(0, 5, 16)
    rests = random.random(16) < (0.2 if genre.arpeggio > 4 else 0.35)
    melodic, drums = _Score(duration_s), _Score(duration_s)
    bar_s = 4 * beat_s
    for bar in range(int(duration_s / bar_s) + 1):
        check()
        chord = _chord(tonic, genre.minor, roots[bar % len(roots)], seventh=genre.voice == "keys")
        _chords(melodic, genre, chord, bar * bar_s, bar_s)
        _melody(melodic, genre, chord, bar, bar_s, motif, rests)
        _pulse(drums, melodic, genre, chord, bar, beat_s)
    if genre.dust:
        loop = crackle(4.0)
        for start in np.arange(0, duration_s, 4.0).tolist():
            drums.lay(loop, start, 0.05)
    mix = _reverberate(melodic.samples, genre.room, random, check) + drums.samples
    return mix[: int(duration_s * RATE)]


def _chord(tonic: int, minor: bool, root: int, *, seventh: bool) -> list[int]:
    scale = _MINOR if minor else _MAJOR
    steps = (0, 2, 4, 6) if seventh else (0, 2, 4)
    notes = [tonic + scale[(root + step) % 7] + 12 * ((root + step) // 7) for step in steps]
    return [note - 12 if note > tonic + 16 else note for note in notes]


def _chords(score: _Score, genre: Genre, chord: list[int], at_s: float, bar_s: float) -> None:
    for index, note in enumerate(chord):
        place = 0.3 + 0.4 * index / max(1, len(chord) - 1)
        if genre.voice == "pad":
            score.lay(pad(note + 12, bar_s * 1.35, 0.7), at_s - bar_s * 0.1 if at_s else 0.0, 0.5, place)
            score.lay(pad(note, bar_s * 1.35, 0.5), at_s - bar_s * 0.1 if at_s else 0.0, 0.4, 1 - place)
        elif genre.voice == "keys":
            score.lay(keys(note + 12, bar_s * 0.98), at_s + 0.012 * index, 0.4, place)
            if genre.drums != "none":
                score.lay(keys(note + 12, bar_s * 0.4), at_s + bar_s * 0.625 + 0.012 * index, 0.22, place)
        else:
            for half in range(4):
                score.lay(pluck(note + 12, bar_s * 0.3), at_s + bar_s * (half / 4 + 0.125), 0.3, place)


def _melody(
    score: _Score, genre: Genre, chord: list[int], bar: int, bar_s: float, motif: np.ndarray, rests: np.ndarray
) -> None:
    for step in range(genre.arpeggio):
        slot = (step + (bar % 2) * 3) % 16
        if rests[slot]:
            continue
        note = chord[int(motif[slot]) % len(chord)] + 24 + (12 if motif[slot] == 4 else 0)
        late = genre.swing * bar_s / 16 if step % 2 else 0.0
        voice = keys if genre.voice == "keys" else pluck
        score.lay(
            voice(note, bar_s / 4 + 0.5), (bar + step / genre.arpeggio) * bar_s + late, 0.26, 0.3 + 0.4 * (step % 2)
        )


def _pulse(drums: _Score, score: _Score, genre: Genre, chord: list[int], bar: int, beat_s: float) -> None:
    start = bar * 4 * beat_s
    eighth = beat_s / 2
    if genre.bass:
        root = chord[0] - 12 if chord[0] > 47 else chord[0]
        rhythm = {"lazy": (0, 3, 5), "four": (1, 3, 5, 7), "march": (0,), "none": (0,)}[genre.drums]
        for place in rhythm:
            length = eighth * (1.8 if genre.drums != "march" else 7.5)
            score.lay(bass(root, length), start + place * eighth, 0.5)
    if genre.drums == "lazy":
        for place in (0, 5):
            drums.lay(kick(), start + place * eighth, 0.75)
        for place in (2, 6):
            drums.lay(snare(), start + place * eighth + 0.012, 0.36)
        for place in range(8):
            late = genre.swing * eighth / 2 if place % 2 else 0.0
            drums.lay(hat(), start + place * eighth + late, 0.10 if place % 2 else 0.16, 0.6)
    elif genre.drums == "four":
        for place in range(4):
            drums.lay(kick(1.2), start + place * beat_s, 0.8)
            drums.lay(hat(), start + (place + 0.5) * beat_s, 0.22, 0.58)
        for place in (1, 3):
            drums.lay(snare(), start + place * beat_s, 0.34)
    elif genre.drums == "march":
        drums.lay(kick(1.6), start, 0.9)
        drums.lay(kick(1.6), start + 3.5 * beat_s, 0.5)
        if bar % 4 == 3:
            drums.lay(swell(round(2 * beat_s, 3)), start + 2 * beat_s, 0.16)


def _reverberate(dry: Floats, room_s: float, random: np.random.Generator, check: Check) -> Floats:
    length = int(room_s * RATE)
    fade = np.exp(-np.arange(length, dtype=np.float32) * np.float32(5.5 / length))[:, None]
    tail = random.standard_normal((length, 2), dtype=np.float32) * fade
    tail = np.cumsum(tail, axis=0)
    tail[8:] -= tail[:-8].copy()
    tail /= np.sqrt((tail**2).sum(axis=0))
    block = 1 << 17
    size = 1 << int(np.ceil(np.log2(block + length)))
    # A channel after the other: transforms are twice as fast along memory.
    whole = np.zeros((2, len(dry) + size), np.float32)
    for channel, heard in enumerate(np.ascontiguousarray(dry.T)):
        response = np.fft.rfft(np.ascontiguousarray(tail[:, channel]), size)
        for start in range(0, len(dry), block):
            check()
            spectrum = np.fft.rfft(heard[start : start + block], size)
            spectrum *= response
            whole[channel, start : start + size] += np.fft.irfft(spectrum, size)
    return dry + whole[:, : len(dry)].T * np.float32(0.22 + 0.05 * room_s)
