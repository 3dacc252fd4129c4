"""The soundtrack: beds of every genre at one loudness, uploaded sound, silence."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.ambience import AMBIENCES
from nemo_widgets.local.sound.audio import mix
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.loudness import integrated_lufs
from nemo_widgets.local.sound.music import GENRES
from nemo_widgets.protocol.draft import Draft


def draft_of(length_ms: int, **meta: Any) -> Draft:
    return Draft.parse({"t": [{"tt": 1, "sg": [{"s": 0, "d": length_ms, "m": meta}]}]})


@cache
def bed(style: str, seed: int = 1, length_s: float = 8.0, **meta: Any) -> Floats:
    return mix(draft_of(round(length_s * 1000), style=style, seed=seed, **meta), length_s, {})


def tone(hertz: float, level: float, length_s: float = 4.0) -> Floats:
    wave = np.float32(level) * np.sin(2 * np.pi * hertz * np.arange(int(length_s * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def record(path: Path, samples: Floats) -> Path:
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        pcm = (samples * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="stereo")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("hertz", "decibels", "lufs"), [(997, -20, -20.0), (997, -33, -33.0), (100, -20, -21.8)])
def test_loudness_is_measured_as_bs1770_says(hertz: float, decibels: float, lufs: float) -> None:
    assert integrated_lufs(tone(hertz, 10 ** (decibels / 20))) == pytest.approx(lufs, abs=0.5)


def test_silence_has_no_loudness() -> None:
    assert integrated_lufs(np.zeros((RATE, 2), np.float32)) == float("-inf")


@pytest.mark.parametrize("style", sorted(GENRES))
def test_every_genre_comes_at_about_the_same_loudness_without_clipping(style: str) -> None:
    for seed in (1, 2):
        samples = bed(style, seed)
        assert integrated_lufs(samples) == pytest.approx(-16, abs=1.5)
        assert np.abs(samples).max() < 0.95


@pytest.mark.parametrize("style", sorted(GENRES))
def test_a_bed_follows_its_seed(style: str) -> None:
    assert np.array_equal(bed(style, 1, 3.0), bed.__wrapped__(style, 1, 3.0))
    assert not np.allclose(bed(style, 1, 3.0), bed(style, 2, 3.0), atol=0.02)


def test_genres_sound_different() -> None:
    spectra = {}
    for style in GENRES:
        power = np.abs(np.fft.rfft(bed(style)[:, 0])) ** 2
        bands = np.array_split(power[: len(power) // 2], 40)
        spectra[style] = np.log10([band.sum() + 1e-6 for band in bands])
    for first in spectra:
        for second in spectra:
            if first != second:
                assert np.abs(spectra[first] - spectra[second]).mean() > 0.05, (first, second)


def test_a_bed_fades_in_and_out() -> None:
    samples = np.abs(bed("upbeat"))
    assert samples[:200].max() < 0.02
    assert samples[-200:].max() < 0.02
    assert samples[3 * RATE : 4 * RATE].max() > 0.2


def test_volume_scales_the_bed() -> None:
    loud, quiet = (integrated_lufs(bed("piano", volume=volume)) for volume in (0.5, 0.25))
    assert loud - quiet == pytest.approx(6, abs=0.5)


def test_without_an_audio_track_there_is_silence_of_the_right_length() -> None:
    samples = mix(Draft.parse({}), 1.5, {})
    assert samples.shape == (round(1.5 * RATE), 2)
    assert not samples.any()


def test_an_uploaded_song_is_brought_to_the_same_loudness(tmp_path: Path) -> None:
    song = record(tmp_path / "song.wav", tone(440, 0.02, 6.0))
    samples = mix(draft_of(5000, url="studio://1", volume=0.8), 5.0, {"studio://1": song})
    assert integrated_lufs(samples) == pytest.approx(-16, abs=1.5)


def test_an_uploaded_clip_is_heard_from_where_it_is_shown(tmp_path: Path) -> None:
    clip = record(tmp_path / "clip.wav", np.concatenate([tone(440, 0.0, 1.0), tone(440, 0.3, 3.0)]))
    draft = Draft.parse({"t": [{"tt": 0, "sg": [{"s": 1000, "d": 2000, "m": {"url": "studio://1", "in_ms": 1000}}]}]})
    samples = np.abs(mix(draft, 3.0, {"studio://1": clip}))
    assert not samples[: RATE - 100].any()
    assert samples[RATE + 4000 : 2 * RATE].max() == pytest.approx(0.3, abs=0.05)


def test_a_file_without_sound_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "song.mp3"
    bad.write_bytes(b"nothing")
    with pytest.raises(MediaError, match=r"song\.mp3"):
        mix(draft_of(1000, url="u"), 1.0, {"u": bad})


def ebur128(samples: Floats) -> float:
    """Measure loudness by FFmpeg's own meter (libavfilter, f_ebur128.c), which shares no code with ours."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo", channels=2)
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    loudness = float("-inf")
    for start in range(0, len(samples) - RATE // 10, RATE // 10):
        piece = np.ascontiguousarray(samples[start : start + RATE // 10]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = RATE, start
        graph.push(frame)
        while True:
            try:
                loudness = float(graph.pull().metadata.get("lavfi.r128.I", loudness))
            except (av.BlockingIOError, av.EOFError):
                break
    return loudness


@pytest.mark.parametrize("style", sorted(GENRES))
def test_music_is_at_minus_16_lufs_by_an_independent_meter(style: str) -> None:
    samples = bed(style, 3, 10.0)
    assert ebur128(samples) == pytest.approx(-16, abs=1.5)
    assert ebur128(samples) == pytest.approx(integrated_lufs(samples), abs=0.4)


@cache
def place(kind: str, seed: int = 1, length_s: float = 10.0, **meta: Any) -> Floats:
    return mix(draft_of(round(length_s * 1000), ambience=kind, seed=seed, **meta), length_s, {})


@pytest.mark.parametrize("kind", sorted(AMBIENCES))
def test_ambience_lies_quietly_behind_and_follows_its_seed(kind: str) -> None:
    samples = place(kind)
    assert samples.shape == (10 * RATE, 2)
    assert ebur128(samples) == pytest.approx(-20, abs=1.5)
    assert np.abs(samples).max() < 0.95
    assert np.array_equal(samples, place.__wrapped__(kind))
    assert not np.allclose(samples, place(kind, 2), atol=0.02)
    assert abs(np.corrcoef(samples[RATE : 9 * RATE].T)[0, 1]) < 0.95


def spectrum(samples: Floats) -> Floats:
    power = np.abs(np.fft.rfft(samples[:, 0])) ** 2
    edges = np.geomspace(30, 16_000, 31) * len(samples) / RATE
    return 10 * np.log10([power[int(low) : int(high)].mean() + 1e-9 for low, high in pairwise(edges)])


def test_places_sound_different_and_like_themselves() -> None:
    heard = {kind: spectrum(place(kind)) for kind in AMBIENCES}
    for first in heard:
        own = np.abs(heard[first] - spectrum(place(first, 2))).mean()
        others = [float(np.abs(heard[first] - heard[other]).mean()) for other in heard if other != first]
        assert min(others) > max(3.0, own), first


def test_an_unknown_place_is_silent_and_fades_can_be_set() -> None:
    assert not place("moon").any()
    samples = np.abs(place("rain", fade_in_ms=4000, fade_out_ms=4000))
    assert samples[: RATE // 2].mean() < 0.25 * samples[5 * RATE : 6 * RATE].mean()
    assert samples[-RATE // 2 :].mean() < 0.25 * samples[5 * RATE : 6 * RATE].mean()


def over(clip: Path, *added: dict[str, Any], length_s: float = 6.0, **meta: Any) -> Floats:
    """Mix a clip that is shown from the second second to the fourth with what is added to it."""
    film = {"tt": 0, "sg": [{"s": 2000, "d": 2000, "m": {"url": "clip", **meta}}]}
    lanes = [{"tt": 1, "sg": [{"s": 0, "d": round(length_s * 1000), "m": each}]} for each in added]
    return mix(Draft.parse({"t": [film, *lanes]}), length_s, {"clip": clip})


def tone_at(samples: Floats, hertz: float) -> float:
    """Return the amplitude of a tone in some samples."""
    t = np.arange(len(samples)) / RATE
    return float(2 * abs((samples[:, 0] * np.exp(-2j * np.pi * hertz * t)).mean()))


def test_music_makes_room_for_what_footage_says(tmp_path: Path) -> None:
    clip = record(tmp_path / "clip.wav", tone(1000, 0.2, 3.0))
    song = {"url": "song", "volume": 0.8, "fade_in_ms": 0, "fade_out_ms": 0}
    assets = {"clip": clip, "song": record(tmp_path / "song.wav", tone(300, 0.2, 8.0))}
    lanes = [
        {"tt": 0, "sg": [{"s": 2000, "d": 2000, "m": {"url": "clip"}}]},
        {"tt": 1, "sg": [{"s": 0, "d": 8000, "m": song}]},
    ]
    samples = mix(Draft.parse({"t": lanes}), 8.0, assets)
    before, under, after = (tone_at(samples[round(at * RATE) :][:RATE], 300) for at in (0.5, 2.5, 6.0))
    assert under / before == pytest.approx(0.32, abs=0.04)
    assert after / before == pytest.approx(1, abs=0.05)
    assert tone_at(samples[round(2.5 * RATE) :][:RATE], 1000) > 2 * under


def test_music_stays_up_over_silent_footage_and_ambience_never_ducks(tmp_path: Path) -> None:
    silent = record(tmp_path / "silent.wav", tone(1000, 0.0, 3.0))
    song = {"style": "piano", "seed": 1}
    alone = mix(draft_of(6000, **song), 6.0, {})
    assert np.allclose(over(silent, song), alone, atol=1e-4)
    loud = record(tmp_path / "loud.wav", tone(5000, 0.02, 3.0))
    quiet = {"ambience": "underwater", "seed": 1}
    still = (
        spectrum(over(loud, quiet)[2 * RATE : 4 * RATE])[:10]
        - spectrum(place("underwater", 1, 6.0)[2 * RATE : 4 * RATE])[:10]
    )
    assert np.abs(still).max() < 1.5


def test_footage_has_a_volume_fades_and_a_pace(tmp_path: Path) -> None:
    clip = record(tmp_path / "clip.wav", tone(1000, 0.3, 4.0))
    full = over(clip)
    assert tone_at(full[round(2.5 * RATE) :][:RATE], 1000) == pytest.approx(0.3, abs=0.01)
    assert tone_at(over(clip, volume=0.5)[round(2.5 * RATE) :][:RATE], 1000) == pytest.approx(0.15, abs=0.01)
    assert not over(clip, volume=0).any()
    fading = np.abs(over(clip, fade_in_ms=1000))
    assert fading[2 * RATE : 2 * RATE + 4800].max() < 0.05
    for speed in (0.1, 0.5, 2.0, 8.0):
        sound = over(clip, speed=speed)[2 * RATE :]
        heard_s = min(2.0, 4.0 / speed)
        middle = sound[round(0.3 * heard_s * RATE) : round(0.7 * heard_s * RATE)]
        assert tone_at(middle, 1000) > 0.15, speed
        assert np.abs(sound[round((heard_s + 0.2) * RATE) :]).max(initial=0) < 0.02


def test_footage_that_runs_backwards_is_heard_backwards(tmp_path: Path) -> None:
    clip = record(tmp_path / "clip.wav", np.concatenate([tone(400, 0.3, 1.0), tone(2000, 0.3, 1.0)]))
    sound = over(clip, reverse=True)
    first, second = sound[round(2.2 * RATE) :][: RATE // 2], sound[round(3.2 * RATE) :][: RATE // 2]
    assert tone_at(first, 2000) > 0.25 > 0.05 > tone_at(first, 400)
    assert tone_at(second, 400) > 0.25 > 0.05 > tone_at(second, 2000)


def test_sounds_cross_over_where_pictures_do(tmp_path: Path) -> None:
    assets = {
        "a": record(tmp_path / "a.wav", tone(400, 0.3, 6.0)),
        "b": record(tmp_path / "b.wav", tone(2000, 0.3, 6.0)),
    }
    coming = {"kind": "crossfade", "ms": 1000}
    shots = [{"d": 2000, "m": {"url": "a"}}, {"d": 2000, "m": {"url": "b", "transition": coming}}]
    samples = mix(Draft.parse({"t": [{"tt": 0, "sg": shots}]}), 4.0, assets)
    middle, after = samples[round(2.3 * RATE) :][: RATE // 4], samples[round(3.2 * RATE) :][: RATE // 4]
    assert tone_at(middle, 400) > 0.05
    assert tone_at(middle, 2000) > 0.05
    assert tone_at(after, 400) < 0.01


def test_music_with_a_place_and_footage_is_as_loud_as_music_alone(tmp_path: Path) -> None:
    speech = tone(600, 0.1, 3.0) * np.clip(np.sin(np.arange(3 * RATE) / RATE * 9), 0, 1)[:, None].astype(np.float32)
    clip = record(tmp_path / "clip.wav", speech)
    for style, kind in zip(sorted(GENRES), sorted(AMBIENCES), strict=False):
        music, ambience = {"style": style, "seed": 1}, {"ambience": kind, "seed": 1}
        samples = over(clip, music, ambience)
        assert ebur128(samples) == pytest.approx(-16, abs=1.5), (style, kind)
        assert np.abs(samples).max() < 0.95


def test_only_who_asks_for_more_gets_it_louder() -> None:
    loud = mix(draft_of(6000, style="upbeat", seed=1, volume=1.0), 6.0, {})
    assert ebur128(loud) == pytest.approx(-14, abs=1)
    lanes = [{"tt": 1, "sg": [{"d": 6000, "m": {"style": style, "seed": 1}}]} for style in GENRES]
    assert ebur128(mix(Draft.parse({"t": lanes}), 6.0, {})) == pytest.approx(-16, abs=0.7)


def test_making_sound_can_be_ended_between_any_two_pieces() -> None:
    class EnoughError(Exception):
        pass

    for most in (0, 3, 20):
        left = iter(range(most))

        def check(left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise EnoughError

        with pytest.raises(EnoughError):
            mix(draft_of(30_000, style="piano", seed=1), 30.0, {}, check)
