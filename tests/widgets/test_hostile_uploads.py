"""Forty files that are hostile, cut or under a wrong name: each has its own sentence, and none reaches the service."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nemo_widgets.client import Client, connect
from nemo_widgets.errors import InputError
from nemo_widgets.kernel import run
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.widgets.uploader import Uploader

from ..small_files import make
from .conftest import SmallEngine, View, upload


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(side: int) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def real_png_of(side: int) -> bytes:
    data = io.BytesIO()
    Image.new("1", (side, side)).save(data, "PNG")
    return data.getvalue()


def cut(file_type: str, part: float = 0.6) -> bytes:
    whole = make(file_type)
    return whole[: round(len(whole) * part)]


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("clip.mp4", make("mp4"))
    return data.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>"
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    # names
    "../../.ssh/beach.mp4": (lambda: make("mp4"), r"names a folder inside"),
    "C:\\clips\\beach.mp4": (lambda: make("mp4"), r"names a folder inside"),
    "two\nlines.mp4": (lambda: make("mp4"), r"two�lines\.mp4 has characters in its name that can't be seen"),
    "nul\x00.mp4": (lambda: make("mp4"), r"nul�\.mp4 has characters in its name that can't be seen"),
    "gpj.\u202e4pm.mp4": (lambda: make("mp4"), r"turn it around"),
    "": (lambda: make("mp4"), r"A file without a name"),
    "..": (lambda: make("mp4"), r"A file without a name"),
    "l" * 300 + ".mp4": (lambda: make("mp4"), r"l{30}…l{26}\.mp4 has a name of more than 255 bytes"),
    ".mp4": (lambda: make("mp4"), r"\.mp4 is really an MP4 video, whatever its name says\. Rename it to \.mp4\.mp4"),
    "clip": (lambda: make("mp4"), r"clip is really an MP4 video, .* Rename it to clip\.mp4"),
    # nothing there
    "empty.mp4": (lambda: b"", r"empty\.mp4 is empty \(0 bytes\)"),
    "zeros.mov": (lambda: bytes(5000), r"zeros\.mov is really nothing but zeros"),
    # another content than the name says
    "list.mp4": (lambda: b"#EXTM3U\n#EXTINF:2,\n/etc/passwd\n", r"list\.mp4 is really a playlist"),
    "parts.mp4": (lambda: b"ffconcat version 1.0\nfile '/etc/passwd'\n", r"parts\.mp4 is really a list of other files"),
    "dash.mp4": (lambda: b"<MPD><BaseURL>/etc/passwd</BaseURL></MPD>", r"dash\.mp4 is really a playlist"),
    "drawing.svg": (lambda: SVG, r"drawing\.svg is of a type .* it is an SVG drawing"),
    "drawing.png": (lambda: SVG, r"drawing\.png is really an SVG drawing"),
    "login.png": (lambda: PAGE, r"login\.png is really a web page"),
    "notes.mp3": (lambda: b"buy milk and film\n" * 20, r"notes\.mp3 is really a text"),
    "data.jpg": (lambda: b'{"a": 1}', r"data\.jpg is really a JSON document"),
    "films.mp4": (archive, r"films\.mp4 is really a ZIP archive"),
    "program.mp4": (lambda: b"MZ" + bytes(200), r"program\.mp4 is really a program"),
    "paper.png": (lambda: b"%PDF-1.7\n" + bytes(99), r"paper\.png is really a PDF"),
    "photo.jpg": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), r"photo\.jpg is really a HEIC photo"),
    "picture.mp4": (lambda: make("png"), r"picture\.mp4 is really a PNG picture.* picture\.png"),
    "sound.mp4": (lambda: make("wav"), r"sound\.mp4 is really a WAV sound file.* sound\.wav"),
    "film.mp3": (lambda: make("mkv"), r"film\.mp3 is really a Matroska video \(MKV\).* film\.mkv"),
    "film.exe": (lambda: make("mp4"), r"film\.exe is really an MP4 video.* film\.mp4"),
    "only-sound.mov": (lambda: make("m4a"), r"only-sound\.mov holds sound alone"),
    "noise.mp4": (lambda: bytes(range(200, 240)) * 50, r"noise\.mp4 does not begin as an MP4 video does"),
    # too large
    "huge.png": (lambda: real_png_of(12_000), r"huge\.png has 12000 × 12000 pixels"),
    "bomb.png": (lambda: png_of(2_000_000), r"bomb\.png has far more than the 50 megapixels"),
    # cut
    **{
        f"cut.{kind}": (lambda kind=kind: cut(kind), rf"cut\.{kind} (breaks off|is damaged: the picture breaks off)")  # type: ignore[misc]
        for kind in ("mp4", "mov", "avi", "webm", "mkv", "jpg", "png", "gif", "webp", "wav", "m4a", "aac", "mp3")
    },
    # damaged
    "ftyp-alone.mp4": (lambda: make("mp4")[:32], r"ftyp-alone\.mp4 breaks off"),
    "no-index.mp4": (lambda: make("mp4").replace(b"moov", b"free"), r"no-index\.mp4 breaks off"),
    "broken.mkv": (lambda: make("mkv")[:64] + bytes(3000), r"broken\.mkv "),
}  # fmt: skip


@pytest.fixture(scope="module")
def studio():
    with LocalStudio(engine=SmallEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.fixture
def given(studio: LocalStudio):
    client: Client = connect(studio.url, token=studio.token)
    yield client
    run(client.close())


def test_there_are_forty() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES, ids=[f"{number}" for number, _ in enumerate(FILES)])
def test_it_is_told_in_one_sentence_of_its_own_and_never_sent(
    name: str, studio: LocalStudio, given: Client, tmp_path: Path
) -> None:
    content, words = FILES[name]
    before = len(studio.wire)
    uploader = Uploader(given)
    view = View(uploader)
    try:
        reply = upload(view, name, content())
        assert reply["type"] == "failed"
        told = reply["message"]
        assert_is(told, words)
        assert view.state()["hand_overs"] == view.state()["assets"] == []
        assert uploader._footage.desk.names() == []
    finally:
        uploader.close()

    if name.strip(".") and "/" not in name and "\0" not in name and len(name) < 250:  # else no file has such a name
        path = tmp_path / name
        path.write_bytes(content())
        with pytest.raises(InputError) as caught:
            run(given.new_session().upload(path))
        assert str(caught.value) == told
    assert len(studio.wire) == before


def assert_is(told: str, words: str) -> None:
    assert re.search(words, told), told
    assert told.endswith((".", ".mp4.mp4")) or told[-4] == ".", told
    assert len(told) < 330
    assert told.isprintable()
