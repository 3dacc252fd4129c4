"""A cassette may come from anybody: it is read whole or refused in words, and nothing else happens."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import CassetteError
from nemo_widgets.library.cassette import Answer, Call, Cassette, Media, Tape, file, write_cassette
from nemo_widgets.library.digests import bytes_digest

CLIP = b"a clip" * 40
STREAM = b'data: {"type": "text", "content": "hello"}\n\n'


def tape(**changes: Any) -> Tape:
    answer = Answer(
        began_s=1,
        head_s=1.5,
        ended_s=3,
        kind="text/event-stream",
        stream=0,
        pieces=[(0.5, 10), (1.0, len(STREAM) - 10)],
    )
    fields: dict[str, Any] = {
        "format": "nemo-cassette",
        "version": 1,
        "id": "0123456789abcdef",
        "made_with": "0.1.0",
        "recorded_at": "2026-05-03T12:00:00+00:00",
        "backend": "cloud",
        "calls": [Call(what="message", session=1, said="a city", answer=answer)],
        "media": [
            Media(
                digest=bytes_digest(CLIP), size_bytes=len(CLIP), url="https://0123456789abcdef.cassette.invalid/1/a.mp4"
            )
        ],
    }
    return Tape(**{**fields, **changes})


def written(folder: Path, index: Tape | None = None) -> Path:
    clip, path = folder / "clip", folder / "demo.nemo"
    clip.write_bytes(CLIP)
    with path.open("wb") as out:
        write_cassette(out, index or tape(), {0: STREAM}, {bytes_digest(CLIP): clip})
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cassette = Cassette(written(tmp_path))
    assert cassette.tape == tape()
    assert cassette.stream(cassette.tape.calls[0]) == STREAM
    assert b"".join(cassette.content(cassette.tape.media[0])) == CLIP


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object], *, media: int = zipfile.ZIP_STORED) -> None:
    held = members(path)
    change(held)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content, compress_type=media if name.startswith("media/") else None)


def index(**changes: Any) -> Callable[[dict[str, bytes]], object]:
    def change(held: dict[str, bytes]) -> None:
        held["tape.json"] = json.dumps({**json.loads(held["tape.json"]), **changes}).encode()

    return change


def call(**changes: Any) -> Callable[[dict[str, bytes]], object]:
    def change(held: dict[str, bytes]) -> None:
        said = json.loads(held["tape.json"])
        said["calls"][0]["answer"].update(changes)
        held["tape.json"] = json.dumps(said).encode()

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda held: held.pop("tape.json"), "is no recording"),
        (lambda held: held.update({"tape.json": b"{"}), "is no recording"),
        (lambda held: held.update({"tape.json": b"[" * 5000}), "is no recording"),
        (lambda held: held.update({"tape.json": b"\xff\xfe"}), "is no recording"),
        (lambda held: held.update({"tape.json": b'{"x": ' + b"[" * 90_000}), "is no recording"),
        (index(format="other"), "is no recording"),
        (index(version=2), "of version 2, and this package plays version 1. Upgrade"),
        (index(version="1"), "is no recording"),
        (index(backend="moon"), "is no recording"),
        (index(id="../../etc/passwd"), "is no recording"),
        (index(calls={}), "is no recording"),
        (index(media=[{"digest": "../../../etc/passwd", "size_bytes": 1}]), "is no recording"),
        (index(media=[{"digest": "0" * 64, "size_bytes": 1}]), "is damaged"),
        (index(media=[{"digest": bytes_digest(CLIP), "size_bytes": 1}]), "is damaged"),
        (lambda held: held.pop("streams/0000.sse"), "is damaged"),
        (call(stream=7), "is damaged"),
        (call(stream=-1), "is no recording"),
        (call(pieces=[[0.5, 10]]), "is damaged"),
        (call(pieces=[[0.5, -1]]), "is no recording"),
        (call(pieces=[[2.0, 10], [1.0, len(STREAM) - 10]]), "is damaged"),
        (call(ended_s=0.5), "is damaged"),
        (call(began_s=1e300), "is no recording"),
        (call(status="200"), "is no recording"),
    ],
)
def test_a_cassette_that_is_none_is_refused_in_words(
    tmp_path: Path, change: Callable[[dict[str, bytes]], object], words: str
) -> None:
    path = written(tmp_path)
    rewritten(path, change)
    with pytest.raises(CassetteError, match=words):
        Cassette(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"\x00" * 4096])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "demo.nemo"
    path.write_bytes(content)
    with pytest.raises(CassetteError, match="is damaged"):
        Cassette(path)
    with pytest.raises(CassetteError, match="cannot be read"):
        Cassette(tmp_path)
    with pytest.raises(CassetteError, match="There is no recording"):
        Cassette(tmp_path / "gone.nemo")


def test_nothing_unpacks_into_more_than_it_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)
    rewritten(path, lambda held: None, media=zipfile.ZIP_DEFLATED)
    with pytest.raises(CassetteError, match="is damaged"):
        Cassette(path)
    monkeypatch.setattr(file, "MAX_INDEX_BYTES", 1000)
    rewritten(path, index(made_with="x" * 1000))
    assert path.stat().st_size < 2000
    with pytest.raises(CassetteError, match="is damaged"):
        Cassette(path)
    monkeypatch.undo()
    monkeypatch.setattr(file, "MAX_STREAM_BYTES", len(STREAM) - 1)
    with pytest.raises(CassetteError, match="is damaged"):
        Cassette(written(tmp_path))


def test_a_clip_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    rewritten(path, lambda held: held.update({f"media/{bytes_digest(CLIP)}": b"X" * len(CLIP)}))
    cassette = Cassette(path)
    with pytest.raises(CassetteError, match="is damaged"):
        list(cassette.content(cassette.tape.media[0]))


def test_names_of_its_own_are_left_alone_and_twins_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    rewritten(path, lambda held: held.update({"../../escaped": b"x", "/etc/escaped": b"x"}))
    Cassette(path)
    assert {found.name for found in tmp_path.rglob("*")} == {"clip", "demo.nemo"}
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("tape.json", b"{}")
    with pytest.raises(CassetteError, match="is no recording"):
        Cassette(path)


_WHOLE = io.BytesIO()


@given(data=st.data())
def test_whatever_happens_to_its_bytes_it_is_read_as_it_was_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not _WHOLE.getvalue():
        _WHOLE.write(written(tmp_path_factory.mktemp("cassette")).read_bytes())
    held = bytearray(_WHOLE.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(held) - 1))
        held[place] = data.draw(st.integers(0, 255))
    held = held[: data.draw(st.integers(0, len(held)) | st.just(len(held)))]
    path = tmp_path_factory.getbasetemp() / "mangled.nemo"
    path.write_bytes(held)
    try:
        cassette = Cassette(path)
        streams = [cassette.stream(call) for call in cassette.tape.calls]
        clips = [b"".join(cassette.content(kept)) for kept in cassette.tape.media]
    except CassetteError:
        return
    assert cassette.tape == tape()
    assert streams == [STREAM]
    assert clips == [CLIP]
