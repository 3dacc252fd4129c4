"""Segments: whatever the file, all pieces together are the clip, from its beginning and from any keyframe."""

import io
import itertools
import random
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import MediaError, StoppedError
from nemo_widgets.media.boxes import walk
from nemo_widgets.media.description import describe
from nemo_widgets.media.order import Coded, in_decoding_order
from nemo_widgets.media.segments import MAX_SEGMENT_BYTES, Piece, SegmentReader

Films = Callable[..., Path]

ODD: list[tuple[str, dict[str, object]]] = [
    ("plain.mp4", {}),
    ("plain.mkv", {}),
    ("open-gop.mkv", {"options": {"x264-params": "open-gop=1:bframes=3:scenecut=0"}}),
    ("open-gop.mp4", {"options": {"x264-params": "open-gop=1:bframes=5:b-adapt=0:b-pyramid=normal"}}),
    ("one-keyframe.mov", {"gop": 250}),
    ("all-keyframes.mp4", {"gop": 1}),
    ("silent.mp4", {"audio": ""}),
    ("short-sound.mp4", {"sound_s": 0.8}),
    ("long-sound.mp4", {"sound_s": 3.5}),
    ("cinema.mp4", {"fps": Fraction(24000, 1001)}),
    ("ntsc.mkv", {"fps": Fraction(30000, 1001)}),
    ("fast.mp4", {"fps": 60, "seconds": 1.0}),
    ("varying.mp4", {"steps": [1, 3, 1, 7, 2]}),
    ("varying.mkv", {"steps": [1, 3, 1, 7, 2]}),
    ("late.mp4", {"start_s": 1.5}),
    ("late.mkv", {"start_s": 1.5}),
    ("full-colour.mp4", {"pix_fmt": "yuv444p"}),
    ("ten-bit.mkv", {"pix_fmt": "yuv420p10le"}),
    ("phone.mp4", {"video": "libx265", "options": {"x265-params": "log-level=none"}}),
    ("web.webm", {"video": "libvpx-vp9", "audio": "libopus"}),
    ("lossless-sound.mkv", {"audio": "flac", "sound_s": 2.0}),
    ("camera.mov", {"audio": "pcm_s16le"}),
]
CONVERTED: list[tuple[str, dict[str, object]]] = [
    ("old.avi", {"video": "mpeg4", "audio": "libmp3lame"}),
    ("edit.mov", {"video": "prores_ks", "pix_fmt": "yuv422p10le", "audio": "pcm_s16le"}),
    *[
        odd
        for odd in ODD
        if odd[0] in {"varying.mkv", "late.mp4", "full-colour.mp4", "open-gop.mkv", "short-sound.mp4"}
    ],
]


def read_all(reader: SegmentReader, lengths: Callable[[], float]) -> list[Piece]:
    pieces = [reader.read(0.0, lengths())]
    while not pieces[-1].last:
        pieces.append(reader.read(pieces[-1].end_s, lengths()))
        assert pieces[-1].start_s == pytest.approx(pieces[-2].end_s, abs=1e-4)
        assert len(pieces) < 500
    return pieces


def shown(init: bytes, pieces: list[Piece], track: int) -> list[tuple[float, float, int]]:
    """Return when each sample is decoded, shown and how long it stays, as the boxes say."""
    scales = [init[box.begin + 12 : box.begin + 16] for box in walk(init) if box.kind == b"mdhd"]
    scale = int.from_bytes(scales[track - 1], "big")
    found = []
    for piece in pieces:
        moof = next(box for box in walk(piece.data) if box.kind == b"moof")
        for traf in walk(piece.data, moof.begin, moof.end):
            if traf.kind != b"traf":
                continue
            boxes = {box.kind: piece.data[box.begin : box.end] for box in walk(piece.data, traf.begin, traf.end)}
            if int.from_bytes(boxes[b"tfhd"][4:8], "big") != track:
                continue
            decode = int.from_bytes(boxes[b"tfdt"][4:12], "big")
            for duration, _, _, offset in struct.iter_unpack(">IIIi", boxes[b"trun"][12:]):
                found.append((decode / scale, (decode + offset) / scale, duration))
                decode += duration
    return found


def pictures(file: object) -> list[av.VideoFrame]:
    with av.open(file) as container:  # type: ignore[call-overload]
        return list(container.decode(video=0)) if container.streams.video else []


def sound(file: object) -> tuple[np.ndarray, int]:
    with av.open(file) as container:  # type: ignore[call-overload]
        resampler = av.AudioResampler("fltp", "stereo", 48000)
        made = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        return np.concatenate([frame.to_ndarray()[0] for frame in made]), 48000


@pytest.mark.parametrize(("name", "how"), ODD, ids=[name for name, _ in ODD])
def test_pieces_together_have_the_same_pictures_at_the_same_times(
    films: Films, name: str, how: dict[str, object]
) -> None:
    path = films(name, **how)
    about = describe(path)
    dice = random.Random(name)
    reader = SegmentReader(path, about, "native")
    pieces = read_all(reader, lambda: dice.choice([0.01, 0.25, 0.4, 1.0]))
    reader.close()
    expected = pictures(path)
    times = sorted(shown_at for _, shown_at, _ in shown(reader.init, pieces, 1))
    origin = float(expected[0].time)
    assert times == pytest.approx([float(frame.time) - origin for frame in expected], abs=0.0011)
    joined = pictures(io.BytesIO(reader.init + b"".join(piece.data for piece in pieces)))
    assert len(joined) == len(expected)
    for ours, theirs in zip(joined, expected, strict=True):
        assert np.array_equal(ours.to_ndarray(), theirs.to_ndarray())


@pytest.mark.parametrize(("name", "how"), ODD, ids=[name for name, _ in ODD])
def test_decoding_times_follow_each_other_without_a_gap(films: Films, name: str, how: dict[str, object]) -> None:
    path = films(name, **how)
    reader = SegmentReader(path, describe(path), "native")
    pieces = read_all(reader, lambda: 0.3)
    reader.close()
    for track in (1, 2) if how.get("audio") != "" else (1,):
        rows = shown(reader.init, pieces, track)
        decodes = [decode for decode, _, _ in rows]
        assert decodes == sorted(decodes)
        assert all(duration > 0 for _, _, duration in rows)


@pytest.mark.parametrize("name", ["plain.mp4", "plain.mkv", "open-gop.mkv", "open-gop.mp4", "varying.mkv", "late.mkv"])
def test_reading_may_begin_anywhere(films: Films, name: str) -> None:
    path = films(name, **dict(ODD)[name])
    reader = SegmentReader(path, describe(path), "native")
    expected = {round(shown_at, 3) for _, shown_at, _ in shown(reader.init, read_all(reader, lambda: 1.0), 1)}
    for start_s in (1.3, 0.6, 1.9, 0.0, 0.1):
        piece = reader.read(start_s, 0.2)
        assert piece.start_s <= start_s
        times = {round(shown_at, 3) for _, shown_at, _ in shown(reader.init, [piece], 1)}
        assert times == {at for at in expected if min(times) <= at <= max(times)}
        assert piece.last or piece.end_s > start_s
        joined = pictures(io.BytesIO(reader.init + piece.data))
        assert len(joined) == len(times), "every picture can be decoded without what came before"
    reader.close()


@pytest.mark.parametrize(("name", "how"), CONVERTED, ids=[name for name, _ in CONVERTED])
def test_converted_pieces_have_the_same_pictures_at_the_same_times(
    films: Films, name: str, how: dict[str, object]
) -> None:
    path = films(name, **how)
    reader = SegmentReader(path, describe(path), "converted")
    pieces = read_all(reader, lambda: 0.5)
    reader.close()
    expected = pictures(path)
    times = [shown_at for _, shown_at, _ in shown(reader.init, pieces, 1)]
    origin = float(expected[0].time)
    assert times == pytest.approx([float(frame.time) - origin for frame in expected], abs=0.0011)
    joined = pictures(io.BytesIO(reader.init + b"".join(piece.data for piece in pieces)))
    assert len(joined) == len(expected)
    for ours, theirs in zip(joined, expected, strict=True):
        assert abs(int(ours.to_ndarray(format="gray").mean()) - int(theirs.to_ndarray(format="gray").mean())) < 12


def test_converted_sound_joins_without_a_gap_or_a_peak_wherever_reading_began(films: Films) -> None:
    path = films("camera.mov", audio="pcm_s16le")
    about = describe(path)
    pieces = []
    at_s = 0.0
    first = None
    while not pieces or not pieces[-1].last:
        reader = SegmentReader(path, about, "converted")  # a new one each time: nothing is remembered
        first = first or reader
        pieces.append(reader.read(at_s, 0.4))
        at_s = pieces[-1].end_s
        reader.close()
    rows = shown(first.init, pieces, 2)
    starts = [round(decode * 48000) for decode, _, _ in rows]
    assert sorted(set(starts)) == list(range(0, max(starts) + 1, 1024)), "each AAC frame has its place"
    reader = SegmentReader(path, about, "converted")
    whole = read_all(reader, lambda: 0.4)
    reader.close()
    heard, rate = sound(io.BytesIO(reader.init + b"".join(piece.data for piece in whole)))
    inside = heard[4096 : round(about.duration_s * rate) - 4096]
    levels = np.abs(inside[: len(inside) // 480 * 480]).reshape(-1, 480).max(axis=1)
    assert levels.min() > 0.3
    assert levels.max() < 0.5
    assert np.abs(np.diff(inside)).max() < 1.5 * 0.4 * 2 * np.pi * 440 / rate, "no click"


def test_sound_that_ends_early_goes_on_as_silence(films: Films) -> None:
    path = films("short-sound.mp4", sound_s=0.8)
    reader = SegmentReader(path, describe(path), "native")
    pieces = read_all(reader, lambda: 1.0)
    reader.close()
    last = shown(reader.init, pieces, 2)[-1]
    assert last[0] + last[2] / 48000 >= 2.0


@pytest.mark.parametrize("name", ["sound.mp3", "sound.flac", "sound.ogg", "sound.wav", "sound.m4a"])
def test_sound_alone_is_played_too(films: Films, name: str) -> None:
    codecs = {"mp3": "libmp3lame", "flac": "flac", "ogg": "libopus", "wav": "pcm_s16le", "m4a": "aac"}
    path = films(name, video="", audio=codecs[name.rpartition(".")[2]])
    about = describe(path)
    for form in ("native", "converted") if about.can_be_copied else ("converted",):
        reader = SegmentReader(path, about, form)
        pieces = read_all(reader, lambda: 0.5)
        reader.close()
        assert reader.mime.startswith('audio/mp4; codecs="')
        heard, _ = sound(io.BytesIO(reader.init + b"".join(piece.data for piece in pieces)))
        assert len(heard) / 48000 == pytest.approx(2.0, abs=0.06)
        assert np.abs(heard[9600:86400]).max() == pytest.approx(0.4, abs=0.05)


def test_types_are_told_as_browsers_ask_for_them(films: Films) -> None:
    def type_of(name: str, form: str = "native", **how: object) -> str:
        path = films(name, **how)
        reader = SegmentReader(path, describe(path), form)  # type: ignore[arg-type]
        reader.close()
        return reader.mime

    assert type_of("plain.mp4") == 'video/mp4; codecs="avc1.64000b,mp4a.40.2"'
    phone = {"video": "libx265", "options": {"x265-params": "log-level=none"}}
    assert type_of("phone.mp4", **phone).startswith('video/mp4; codecs="hvc1.1.6.L')
    assert type_of("web.webm", video="libvpx-vp9", audio="libopus") == 'video/mp4; codecs="vp09.00.10.08,opus"'
    assert type_of("lossless-sound.mkv", audio="flac", sound_s=2.0).endswith(',flac"')
    assert type_of("full-colour.mp4", pix_fmt="yuv444p").startswith('video/mp4; codecs="avc1.f4')
    assert type_of("plain.mp4", "converted").startswith('video/mp4; codecs="avc1.6400')


def test_work_that_nobody_waits_for_stops_and_the_reader_goes_on(films: Films) -> None:
    path = films("one-keyframe.mov", gop=250)
    reader = SegmentReader(path, describe(path), "converted")
    asked = iter([False] * 5 + [True] * 1000)
    with pytest.raises(StoppedError):
        reader.read(1.5, 1.0, lambda: next(asked))
    assert reader.read(1.5, 0.1).start_s == pytest.approx(1.48, abs=0.03)
    reader.close()


def test_a_piece_has_no_more_bytes_than_a_message_may(tmp_path: Path, film: Films) -> None:
    path = film(tmp_path / "big.mp4", audio="", seconds=1.0)
    reader = SegmentReader(path, describe(path), "native")
    assert len(reader.read(0.0, 100.0).data) < MAX_SEGMENT_BYTES
    reader.close()


def test_what_cannot_be_copied_says_so(films: Films) -> None:
    path = films("old.avi", video="mpeg4", audio="libmp3lame")
    with pytest.raises(MediaError, match="converted"):
        SegmentReader(path, describe(path), "native")


@given(st.lists(st.integers(1, 8), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_decoding_times_are_the_times_of_showing_in_order(lengths: list[int], dice: random.Random) -> None:
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    order = list(range(len(lengths)))
    for at in range(0, len(order), 6):  # pictures overtake each other inside a group
        group = order[at : at + 6]
        dice.shuffle(group)
        order[at : at + 6] = group
    coded = [Coded(bytes([index]), starts[index], lengths[index], index == 0) for index in order]
    samples = list(in_decoding_order(iter(coded)))
    assert [sample.decode for sample in samples] == starts
    assert [sample.start for sample in samples] == [packet.start for packet in coded]
    for before, after in itertools.pairwise(samples):
        assert before.decode + before.duration == after.decode
    for index, sample in enumerate(samples):
        done = {packet.start for packet in coded[:index]}
        assert sample.whole == (done == set(sorted(starts)[:index]))
