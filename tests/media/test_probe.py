"""Probing: facts from the file itself, and hostile or broken files refused in plain words."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from nemo_widgets.errors import MediaError
from nemo_widgets.media.container import open_media
from nemo_widgets.media.poster import poster_jpeg
from nemo_widgets.media.probe import probe


def film(path: Path, *, seconds: float = 2.0, codec: str = "libx264", sound: bool = True) -> Path:
    with av.open(path, "w") as container:
        video = container.add_stream(codec, rate=25)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        video.codec_context.gop_size = 12
        audio = container.add_stream("aac", rate=48000, layout="mono") if sound else None
        random = np.random.default_rng(1)
        for index in range(round(seconds * 25)):
            picture = np.full((90, 160, 3), (index * 3 % 200, 90, 160), np.uint8)
            picture[20:60, 30:90] = random.integers(0, 255, (40, 60, 3))
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, round(seconds * 48000)), np.float32), "fltp", "mono")
            frame.sample_rate = 48000
            container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


def test_a_film_is_described(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    info = probe(path)
    assert (info.width, info.height, info.fps) == (160, 90, 25)
    assert (info.video_codec, info.audio_codec, info.rotation) == ("h264", "aac", 0)
    assert info.duration_s == pytest.approx(2.0, abs=0.05)
    assert info.size_bytes == path.stat().st_size


@pytest.mark.parametrize("name", ["a.mov", "a.mkv", "a.avi"])
def test_other_containers_are_read_too(tmp_path: Path, name: str) -> None:
    assert probe(film(tmp_path / name)).duration_s == pytest.approx(2.0, abs=0.1)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    assert probe(str(film(tmp_path / "a.mp4"))).width == 160


def test_sound_alone_has_no_size(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.int16), "s16", "mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
    info = probe(path)
    assert (info.width, info.height, info.fps, info.video_codec) == (0, 0, 0, "")
    assert info.duration_s == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("name", "codec"), [("a.png", "png"), ("a.jpg", "jpeg"), ("a.webp", "webp"), ("a.gif", "gif")])
def test_a_picture_is_described(tmp_path: Path, name: str, codec: str) -> None:
    Image.new("RGB", (64, 48), (200, 30, 30)).save(tmp_path / name)
    info = probe(tmp_path / name)
    assert (info.width, info.height, info.duration_s, info.video_codec) == (64, 48, 0, codec)


def test_a_file_cut_in_half_lasts_as_long_as_what_is_left_of_it(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mkv", seconds=6.0).read_bytes()
    (tmp_path / "half.mkv").write_bytes(whole[: len(whole) // 2])
    assert 1.0 < probe(tmp_path / "half.mkv").duration_s < 5.0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.mp4", b"", "is empty"),
        ("text.mp4", b"hello, I am not a film\n" * 50, "can't be read as video"),
        ("page.mp4", b"<!doctype html><html></html>", "can't be read as video"),
        ("noise.mp4", bytes(range(256)) * 40, "can't be read as video"),
        ("bad.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100, "can't be read as a picture"),
        ("text.png", b"no picture", "can't be read as a picture"),
    ],
)
def test_what_is_no_media_is_refused_by_name(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MediaError, match=words) as caught:
        probe(tmp_path / name)
    assert name in str(caught.value)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"none\.mp4"):
        probe(tmp_path / "none.mp4")


@pytest.mark.parametrize("name", ["list.m3u8", "list.mp4", "list.txt"])
@pytest.mark.parametrize("kind", ["hls", "concat"])
def test_a_playlist_never_opens_another_file(tmp_path: Path, name: str, kind: str) -> None:
    secret = film(tmp_path / "secret.ts", codec="libx264")
    playlists = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{secret.as_posix()}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{secret.as_posix()}'\n",
    }
    (tmp_path / name).write_text(playlists[kind])
    for use in (probe, poster_jpeg, open_media):
        with pytest.raises(MediaError):
            use(tmp_path / name)


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "bomb.png")
    with pytest.raises(MediaError, match="megapixels"):
        probe(tmp_path / "bomb.png")


def test_a_damaged_picture_is_refused(tmp_path: Path) -> None:
    Image.effect_noise((200, 200), 80).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match=r"a\.png is damaged"):
        probe(tmp_path / "a.png")
