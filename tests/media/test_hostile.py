"""Files that mean harm, or were harmed: each gives what it has, or one clear error, and nothing else is touched."""

import os
import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from nemo_widgets.errors import MediaError
from nemo_widgets.media.service import MediaService

Films = Callable[..., Path]


@pytest.fixture(scope="module")
def service() -> Iterator[MediaService]:
    own = MediaService()
    yield own
    own.close()


@pytest.fixture
def secret(tmp_path: Path, films: Films) -> Path:
    """Write a film that only a playlist would read."""
    path = tmp_path / "secret.mp4"
    path.write_bytes(films("plain.mp4").read_bytes())
    return path


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def patched(film: bytes, kind: bytes, offset: int, content: bytes) -> bytes:
    at = film.index(kind) + 4 + offset
    return film[:at] + content + film[at + len(content) :]


def drawing(shown: Path) -> bytes:
    return f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{shown}'/></svg>".encode()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(side: int) -> bytes:
    rows = zlib.compress(b"\0" * 1000)
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def edits(film: bytes, times: int) -> bytes:
    """Play the same second again and again, as the edit list says."""
    entries = b"".join(struct.pack(">IiI", 1000, 0, 0x10000) for _ in range(times))
    elst = box(b"elst", struct.pack(">II", 0, times) + entries)
    edts, moov = box(b"edts", elst), film.index(b"moov") - 4
    trak = film.index(b"trak") - 4
    old = film.index(b"edts") - 4
    old_size = int.from_bytes(film[old : old + 4], "big")
    made = film[:old] + edts + film[old + old_size :]
    for at in (moov, trak):
        size = int.from_bytes(made[at : at + 4], "big") - old_size + len(edts)
        made = made[:at] + struct.pack(">I", size) + made[at + 4 :]
    return made


REFUSED: dict[str, Callable[[bytes, Path], bytes]] = {
    "empty.mp4": lambda film, secret: b"",
    "one-byte.mp4": lambda film, secret: b"\0",
    "words.mp4": lambda film, secret: b"these are notes\n" * 100,
    "playlist.m3u8": lambda film, secret: f"#EXTM3U\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n".encode(),
    "playlist.mp4": lambda film, secret: f"#EXTM3U\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n".encode(),
    "playlist-url.mp4": lambda film, secret: f"#EXTM3U\n#EXTINF:2,\nfile://{secret}\n".encode(),
    "concat.mp4": lambda film, secret: f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
    "concat.ffconcat": lambda film, secret: f"ffconcat version 1.0\nfile {secret}\n".encode(),
    "dash.mpd": lambda film, secret: f"<?xml version='1.0'?><MPD><BaseURL>{secret}</BaseURL></MPD>".encode(),
    "dash.mp4": lambda film, secret: f"<?xml version='1.0'?><MPD><BaseURL>{secret}</BaseURL></MPD>".encode(),
    "drawing.svg": lambda film, secret: drawing(secret),
    "drawing.png": lambda film, secret: drawing(secret),
    "drawing.mp4": lambda film, secret: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "script.avs": lambda film, secret: f'DirectShowSource("{secret}")'.encode(),
    "session.sdp": lambda film, secret: b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "postscript.jpg": lambda film, secret: f"%!PS-Adobe-3.0 EPSF\n({secret}) (r) file".encode(),
    "bomb.png": lambda film, secret: png_bomb(20_000),
    "huge-bomb.png": lambda film, secret: png_bomb(2_000_000),
    "cut.png": lambda film, secret: png_bomb(300),
    "cut-head.png": lambda film, secret: png_bomb(300)[:20],
    "wide.gif": lambda film, secret: b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b";",
    "head-only.mp4": lambda film, secret: film[: film.index(b"mdat") - 4],
    "empty-table.mp4": lambda film, secret: box(b"ftyp", b"isom\0\0\0\0") + box(b"moov"),
    "only-type.mp4": lambda film, secret: box(b"ftyp", b"isom\0\0\0\0"),
    "huge-atom.mp4": lambda film, secret: box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4sQ", 1, b"moov", 2**62),
    "negative-atom.mp4": lambda film, secret: box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 7, b"moov"),
    "nested.mp4": lambda film, secret: box(b"ftyp", b"isom\0\0\0\0") + _nested(2000),
    "reference.mov": lambda film, secret: box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", box(b"rmra", bytes(secret))),
    "ebml.mkv": lambda film, secret: b"\x1a\x45\xdf\xa3" + b"\xff" * 4000,
    "riff.avi": lambda film, secret: b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\xffhdrl",
    "wave.wav": lambda film, secret: b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    "zeros.mp4": lambda film, secret: b"\0" * 200_000,
    "noise.mp4": lambda film, secret: random.Random(1).randbytes(200_000),
    "noise.mkv": lambda film, secret: b"\x1a\x45\xdf\xa3" + random.Random(2).randbytes(100_000),
    "noise.flac": lambda film, secret: b"fLaC" + random.Random(4).randbytes(100_000),
    "archive.mp4": lambda film, secret: b"PK\3\4" + film[:50_000],
}

BENT: dict[str, Callable[[bytes], bytes]] = {
    "timescale-0.mp4": lambda film: patched(film, b"mdhd", 12, b"\0\0\0\0"),
    "timescale-huge.mp4": lambda film: patched(film, b"mdhd", 12, b"\xff\xff\xff\xff"),
    "duration-huge.mp4": lambda film: patched(film, b"mvhd", 16, b"\xff\xff\xff\xfe"),
    "duration-0.mp4": lambda film: patched(film, b"mdhd", 16, b"\0\0\0\0"),
    "size-0.mp4": lambda film: patched(film, b"avc1", 24, b"\0\0\0\0"),
    "size-huge.mp4": lambda film: patched(film, b"avc1", 24, b"\xff\xff\xff\xff"),
    "samples-huge.mp4": lambda film: patched(film, b"stsz", 8, b"\x7f\xff\xff\xff"),
    "sample-size-huge.mp4": lambda film: patched(film, b"stsz", 12, b"\x7f\xff\xff\xff"),
    "chunk-far.mp4": lambda film: patched(film, b"stco", 8, b"\xff\xff\xff\xff"),
    "entries-huge.mp4": lambda film: patched(film, b"stts", 4, b"\xff\xff\xff\xff"),
    "steps-0.mp4": lambda film: patched(film, b"stts", 12, b"\0\0\0\0"),
    "steps-huge.mp4": lambda film: patched(film, b"stts", 12, b"\x7f\xff\xff\xff"),
    "offsets-huge.mp4": lambda film: patched(film, b"ctts", 12, b"\x7f\xff\xff\xff"),
    "no-keyframes.mp4": lambda film: patched(film, b"stss", 4, b"\0\0\0\0"),
    "config-broken.mp4": lambda film: patched(film, b"avcC", 0, b"\xff" * 16),
    "matrix-wild.mp4": lambda film: patched(film, b"tkhd", 40, b"\x7f\xff\xff\xff" * 9),
    "edits-looping.mp4": lambda film: edits(film, 300),
    "text-not-utf8.mp4": lambda film: film.replace(b"Lavf", b"\xff\xfe\xc0\x80"),
    "half.mp4": lambda film: film[: len(film) // 2],
    "tail-gone.mp4": lambda film: film[:-500],
    "no-table.mp4": lambda film: film.replace(b"moov", b"free"),
    "doubled.mp4": lambda film: film + film,
}


def _nested(depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = box(b"moov", made)
    return made


def try_everything(service: MediaService, path: Path) -> bool:
    """Ask for all that a player asks for; whatever fails does so with one sentence. Return whether it can be played."""
    asks: list[tuple[str, dict[str, object]]] = [
        ("look", {}),
        ("clip", {}),
        ("facts", {}),
        ("segment", {"form": "native", "start_s": 0.0, "length_s": 0.5, "init": True}),
        ("segment", {"form": "converted", "start_s": 0.7, "length_s": 0.2, "init": True}),
        ("filmstrip", {"count": 3, "height_px": 36}),
        ("waveform", {"count": 16}),
        ("snapshot", {"time_s": 1.0}),
    ]
    before = service.process_id
    playable = False
    for what, options in asks:
        try:
            told, _ = service.ask(what, path, **options)
        except MediaError as error:
            words = str(error)
            assert words.endswith("."), words
            assert len(words) < 400
            assert "\n" not in words
            assert "wasn't read within" not in words, words
            assert "so badly that reading it broke off" not in words, words
        else:
            playable = playable or what == "facts"
            if what == "facts":
                assert 0 <= told["duration_s"] < 1e7  # type: ignore[operator]
                assert 0 <= told["width"] * told["height"] < 1e9  # type: ignore[operator]
    assert before is None or service.process_id == before, "the helper was lost"
    return playable


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_film_is_refused_in_one_sentence(
    name: str, service: MediaService, films: Films, secret: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(REFUSED[name](films("plain.mp4").read_bytes(), secret))
    assert not try_everything(service, path)


@pytest.mark.parametrize("name", BENT)
def test_a_film_with_a_bent_header_harms_nothing(
    name: str, service: MediaService, films: Films, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(BENT[name](films("plain.mp4").read_bytes()))
    try_everything(service, path)


def test_what_is_no_ordinary_file_is_not_waited_for(service: MediaService, tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    assert not try_everything(service, tmp_path / "folder.mp4")
    assert not try_everything(service, tmp_path / "missing.mp4")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.mp4")
        os.mkfifo(tmp_path / "pipe.png")
        (tmp_path / "endless.mp4").symlink_to("/dev/zero")
        (tmp_path / "loop.mp4").symlink_to("loop.mp4")
        for name in ("pipe.mp4", "pipe.png", "endless.mp4", "loop.mp4"):
            assert not try_everything(service, tmp_path / name)


def test_a_film_cut_in_half_is_as_long_as_what_is_there(service: MediaService, films: Films, tmp_path: Path) -> None:
    film = films("plain.mkv", seconds=4.0).read_bytes()
    path = tmp_path / "half.mkv"
    path.write_bytes(film[: len(film) // 2])
    told, _ = service.ask("facts", path)
    assert 0.5 < told["duration_s"] < 3.5  # type: ignore[operator]


def test_the_helper_writes_no_file_and_inherits_no_script(service: MediaService, films: Films) -> None:
    service.ask("facts", films("plain.mp4"))
    if sys.platform == "linux":
        limits = Path(f"/proc/{service.process_id}/limits").read_text()
        found = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
        assert found["Max file size"] == "0"
        assert int(found["Max address space"]) <= 3 * 1024**3
        assert int(found["Max open files"]) <= 128


KINDS: list[tuple[str, dict[str, object]]] = [
    ("plain.mp4", {}),
    ("plain.mkv", {}),
    ("camera.mov", {"audio": "pcm_s16le"}),
    ("old.avi", {"video": "mpeg4", "audio": "libmp3lame"}),
    ("web.webm", {"video": "libvpx-vp9", "audio": "libopus"}),
    ("phone.mp4", {"video": "libx265", "options": {"x265-params": "log-level=none"}}),
    ("sound.mp3", {"video": "", "audio": "libmp3lame"}),
    ("sound.ogg", {"video": "", "audio": "libopus"}),
    ("sound.flac", {"video": "", "audio": "flac"}),
    ("still.png", {}),
]


def mutated(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        at, size = dice.randrange(len(made)), dice.randint(1, 64)
        match dice.randrange(4):
            case 0:
                made[at] ^= 1 << dice.randrange(8)
            case 1:
                made[at : at + size] = dice.randbytes(size)
            case 2:
                made[at:at] = made[at : at + size * 16]
            case _:
                del made[at : at + size * dice.choice([1, 100])]
        made = made or bytearray(b"\0")
    return bytes(made)


def original(name: str, how: dict[str, object], films: Films, tmp_path: Path) -> bytes:
    if name != "still.png":
        return films(name, **how).read_bytes()
    Image.linear_gradient("L").save(tmp_path / "original.png")
    return (tmp_path / "original.png").read_bytes()


def mutate_and_try(seeds: range, service: MediaService, films: Films, tmp_path: Path) -> None:
    for seed in seeds:
        dice = random.Random(seed)
        name, how = KINDS[seed % len(KINDS)]
        path = tmp_path / f"{seed}-{name}"
        path.write_bytes(mutated(original(name, how, films, tmp_path), dice))
        try_everything(service, path)
        path.unlink()


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_harmed_files_harm_nothing(first: int, service: MediaService, films: Films, tmp_path: Path) -> None:
    mutate_and_try(range(first, first + 10), service, films, tmp_path)


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(60, 360, 30))
def test_many_harmed_files_harm_nothing(first: int, service: MediaService, films: Films, tmp_path: Path) -> None:
    mutate_and_try(range(first, first + 30), service, films, tmp_path)
