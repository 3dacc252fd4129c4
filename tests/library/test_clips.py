"""Files by their content."""

import io
import json
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.errors import LibraryError
from nemo_widgets.library import Library
from nemo_widgets.library.clips import ClipStore

from .conftest import no_file_larger_than, put


def take(store: ClipStore, content: bytes, poster: bytes | None = None) -> str:
    with store.incoming() as part:
        part.write_bytes(content)
        return store.take_in(part, {"prompt": "a city"}, poster).digest


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ClipStore:
    return ClipStore(tmp_path_factory.mktemp("store"))


@settings(max_examples=40, deadline=None)  # each file is synced to the disk, which others use too
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
def test_what_comes_out_is_what_went_in_and_equal_content_is_there_once(
    store: ClipStore, contents: list[bytes]
) -> None:
    digests = {content: take(store, content) for content in contents}
    assert len(set(digests.values())) == len(set(contents))
    for content, digest in digests.items():
        assert store.path(digest).read_bytes() == content
    for digest in digests.values():
        store.delete(digest)
    assert store.digests() == []
    assert store.size_bytes() == 0


def test_a_clip_is_copied_into_an_open_file(store: ClipStore, tmp_path: Path) -> None:
    digest = take(store, b"film" * 100_000)
    with (tmp_path / "out.mp4").open("xb") as out:
        store.write_to(digest, out)
    assert (tmp_path / "out.mp4").read_bytes() == b"film" * 100_000


def test_nobody_but_the_owner_can_read_a_clip_and_nobody_can_write_it(store: ClipStore) -> None:
    digest = take(store, b"mine", b"jpeg")
    path = store.path(digest)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.with_suffix(".jpg").stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert store.poster(digest) == b"jpeg"


def test_a_download_that_fails_leaves_nothing_behind(store: ClipStore, tmp_path: Path) -> None:
    store = ClipStore(tmp_path)

    def broken_off() -> None:
        with store.incoming() as part:
            part.write_bytes(b"half")
            raise RuntimeError("broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        broken_off()
    assert store.size_bytes() == 0


def test_a_damaged_clip_is_not_handed_out_and_not_thrown_away(store: ClipStore, tmp_path: Path) -> None:
    digest = take(store, b"as it was")
    path = store.path(digest)
    path.chmod(0o600)
    path.write_bytes(b"as it is")
    with (tmp_path / "out.mp4").open("xb") as out, pytest.raises(LibraryError, match="damaged on disk"):
        store.write_to(digest, out)
    assert not store.has(digest)
    assert path.with_suffix(".damaged").read_bytes() == b"as it is"


def test_a_clip_that_is_gone_is_told(store: ClipStore) -> None:
    with pytest.raises(LibraryError, match="not in the library any more"):
        store.write_to("0" * 64, io.BytesIO())


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_a_digest_names_a_clip(store: ClipStore, name: str) -> None:
    with pytest.raises(LibraryError, match="names no clip"):
        store.path(name)


def test_a_full_disk_is_told_and_leaves_no_half_clip(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    with store.incoming() as part:
        part.write_bytes(b"small")
        with no_file_larger_than(10), pytest.raises(LibraryError, match="Is the disk full"):
            store.take_in(part, {"prompt": "too much to be written down"}, None)
    assert store.digests() == []
    assert store.size_bytes() == 0


def test_downloads_are_abandoned_after_a_day(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    (tmp_path / "incoming").mkdir()
    old, new = tmp_path / "incoming" / "old.part", tmp_path / "incoming" / "new.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    assert store.abandoned() == [old]


def test_a_clip_that_lost_its_row_gets_it_back_from_what_lies_beside_it(library: Library) -> None:
    digest = put(library, b"film", prompt="a city", duration_s=2.0)
    library.database.write(lambda db: db.execute("DELETE FROM clips"))
    library.clean()
    (clip,) = library.all_clips()
    assert (clip.digest, clip.size_bytes, clip.facts["prompt"]) == (digest, 4, "a city")
    assert json.loads(library.clips.path(digest).with_suffix(".json").read_text())["duration_s"] == 2.0


def test_a_row_whose_clip_is_gone_goes_too(library: Library) -> None:
    digest = put(library, b"film")
    library.clips.delete(digest)
    assert not library.use(digest)
    library.clean()
    assert library.all_clips() == []
