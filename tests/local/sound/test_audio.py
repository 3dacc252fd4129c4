"""The soundtrack: beds of every genre at one loudness, uploaded sound, silence."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.scenes.planes import Floats
from nemo_widgets.local.sound.audio import mix
from nemo_widgets.local.sound.instruments import RATE
from nemo_widgets.local.sound.loudness import integrated_lufs
from nemo_widgets.local.sound.music import GENRES
from nemo_widgets.protocol.draft import Draft


def draft_of(length_ms: int, **meta: Any) -> Draft:
    return Draft.parse({"t": [{"tt": 1, "sg": [{"s": 0, "d": length_ms, "m": meta}]}]})


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
    assert np.array_equal(bed(style, 1, 3.0), bed(style, 1, 3.0))
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
