"""Files from the browser: right whatever happens to their chunks on the way, or told to be wrong; nothing stays."""

import errno
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.client.upload_folder import sweep
from nemo_widgets.errors import InputError
from nemo_widgets.widgets.incoming import Incoming
from nemo_widgets.widgets.upload_messages import MAX_CHUNK_BYTES
from nemo_widgets.widgets.uploads import KEPT_BYTES, KEPT_S, UploadDesk


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[UploadDesk]:
    made = UploadDesk(clock, lambda: tmp_path)
    yield made
    made.close()
    assert list(tmp_path.iterdir()) == []


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


DATA = bytes(range(251)) * 4
MB = 1_000_000


@st.composite
def journeys(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, bytes]], bool]:
    """Return a file, its chunks as they arrive, and whether all that it consists of arrived as it was sent.

    A lost chunk never comes, a lost acknowledgement makes it come twice, and a bent one comes with other bytes.
    """
    data = draw(st.binary(min_size=1, max_size=200))
    cuts = sorted({0, len(data), *draw(st.lists(st.integers(0, len(data)), max_size=8))})
    chunks = [(begin, data[begin:end]) for begin, end in pairwise(cuts)]
    again = draw(st.lists(st.sampled_from(chunks), max_size=6))
    overlapping = [
        (begin, data[begin : begin + length])
        for begin, length in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(1, 60)), max_size=4))
    ]
    arriving = draw(st.permutations([*chunks, *again, *overlapping]))
    for lost in draw(st.sets(st.integers(0, len(arriving) - 1), max_size=2)):
        arriving = [chunk for number, chunk in enumerate(arriving) if number != lost]
    sound = True
    if arriving and draw(st.booleans()):
        number = draw(st.integers(0, len(arriving) - 1))
        offset, chunk = arriving[number]
        arriving[number] = (offset, bytes([chunk[0] ^ 1]) + chunk[1:])
        sound = False
    return data, arriving, sound


@settings(max_examples=200, deadline=None)  # files are made, on a disk that others use too
@given(journeys())
def test_the_file_is_right_or_the_upload_says_that_it_failed(
    tmp_path_factory: pytest.TempPathFactory, journey: tuple[bytes, list[tuple[int, bytes]], bool]
) -> None:
    data, arriving, sound = journey
    folder = tmp_path_factory.mktemp("uploads")
    desk = UploadDesk(lambda: 0.0, lambda: folder)
    upload = desk.begin(("a.mp4", len(data), 1)).upload
    there: set[int] = set()
    for offset, chunk in arriving:
        received = desk.take(upload, offset, chunk)
        there.update(range(offset, offset + len(chunk)))
        assert received == next(at for at in range(len(data) + 1) if at not in there)
    complete = len(there) == len(data)
    said = ""
    try:
        path = desk.finish(upload, sha256(data))
    except InputError as error:
        said = str(error)
    if said:
        assert not (complete and sound)
        assert ("bytes of a.mp4 arrived" in said) != complete
        assert desk.has(upload) != complete, "what came wrong is gone, what is missing may still come"
    else:
        assert complete
        assert path.read_bytes() == data
    desk.close()
    assert list(folder.iterdir()) == []


def test_files_are_their_owners_alone_and_appear_whole(desk: UploadDesk) -> None:
    begun = desk.begin(("a.mp4", len(DATA), 1))
    desk.take(begun.upload, 0, DATA[:500])
    assert [path.name for path in begun.folder.iterdir()] == ["part"]
    desk.take(begun.upload, 500, memoryview(DATA)[500:])
    path = desk.finish(begun.upload, sha256(DATA).upper())
    assert [file.name for file in begun.folder.iterdir()] == ["a.mp4"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(begun.folder.stat().st_mode) == stat.S_IMODE(begun.folder.parent.stat().st_mode) == 0o700
    assert desk.finish(begun.upload, sha256(DATA)) == path, "asked again, it says the same"


def test_chunks_on_two_threads_make_one_file(desk: UploadDesk) -> None:
    data = os.urandom(MB)
    begun = desk.begin(("a.mp4", len(data), 1))
    offsets = list(range(0, len(data), 7001))

    def send(mine: list[int]) -> None:
        for offset in mine:
            desk.take(begun.upload, offset, data[offset : offset + 7001])
            begun.prefix()

    threads = [threading.Thread(target=send, args=(mine,)) for mine in (offsets, offsets[::-1], offsets[1::2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.finish(begun.upload, sha256(data)).read_bytes() == data


def test_an_empty_chunk_asks_what_is_there_and_writes_nothing(desk: UploadDesk) -> None:
    begun = desk.begin(("a.mp4", 1004, 1))
    desk.take(begun.upload, 0, b"x" * 100)
    desk.take(begun.upload, 500, b"x" * 100)
    assert desk.take(begun.upload, 0, b"") == 100
    assert begun.held_bytes == 200


@pytest.mark.parametrize(("offset", "size"), [(-1, 5), (1005, 0), (990, 15), (0, MAX_CHUNK_BYTES + 1), (2**70, 1)])
def test_a_chunk_that_does_not_fit_is_refused_and_changes_nothing(desk: UploadDesk, offset: int, size: int) -> None:
    begun = desk.begin(("a.mp4", 1004, 1))
    with pytest.raises(InputError, match=r"a\.mp4 does not fit"):
        desk.take(begun.upload, offset, bytes(size))
    assert (begun.held_bytes, begun.part.stat().st_size) == (0, 0)


def test_what_nobody_feeds_any_more_goes_on_where_it_stopped(desk: UploadDesk, clock: Clock) -> None:
    stamp = ("a.mp4", len(DATA), 1)
    first = desk.begin(stamp, feeder="view 1")
    desk.take(first.upload, 0, DATA[:300])
    desk.take(first.upload, 600, DATA[600:])
    assert desk.begin(stamp, feeder="view 2") is not first, "it is being fed"
    clock.now_s += 5
    again = desk.begin(stamp, feeder="view 2")
    assert (again.upload, again.prefix()) == (first.upload, (300, sha256(DATA[:300])))
    assert desk.take(first.upload, 300, DATA[300:600]) == len(DATA)
    assert desk.finish(first.upload, sha256(DATA)).read_bytes() == DATA
    clock.now_s += 5
    assert desk.begin(stamp).upload != first.upload, "that one is complete"


@pytest.mark.parametrize("stamp", [("b.mp4", 1004, 1), ("a.mp4", 1003, 1), ("a.mp4", 1004, 2)])
def test_another_file_or_a_fresh_one_begins_at_nothing(
    desk: UploadDesk, clock: Clock, stamp: tuple[str, int, int]
) -> None:
    first = desk.begin(("a.mp4", 1004, 1))
    desk.take(first.upload, 0, DATA[:300])
    clock.now_s += 5
    assert desk.begin(stamp).received_bytes == 0
    assert desk.begin(("a.mp4", 1004, 1), fresh=True).received_bytes == 0


def test_unfinished_files_are_kept_ten_minutes_and_two_gigabytes(desk: UploadDesk, clock: Clock) -> None:
    old = desk.begin(("old.mp4", KEPT_BYTES // 2, 1))
    desk.take(old.upload, 0, b"x")
    old.spans = [(0, KEPT_BYTES // 2)]  # as if it were there
    clock.now_s = 60.0
    assert desk.expire() == KEPT_S - 60
    new = desk.begin(("new.mp4", 10, 1))
    assert desk.names() == ["old.mp4", "new.mp4"]
    clock.now_s = 120.0
    desk.begin(("newest.mp4", KEPT_BYTES // 2 + 1, 1))
    assert desk.names() == ["new.mp4", "newest.mp4"]
    assert not old.folder.exists()
    with desk.busy(new.upload):
        clock.now_s += KEPT_S
        desk.expire()
        assert desk.names() == ["new.mp4"], "what goes to the service stays"
    clock.now_s += KEPT_S
    assert desk.expire() is None
    assert desk.names() == []


def test_what_was_dropped_is_gone_and_says_so(desk: UploadDesk) -> None:
    begun = desk.begin(("a.mp4", 4, 1))
    desk.take(begun.upload, 0, b"ab")
    desk.drop(begun.upload)
    desk.drop(begun.upload)
    assert not begun.folder.exists()
    with pytest.raises(InputError, match="start it again"):
        desk.take(begun.upload, 2, b"cd")
    with pytest.raises(InputError, match="start it again"):
        desk.finish(begun.upload, sha256(b"abcd"))


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Mount a real disk of a megabyte; where nothing may be mounted, refuse to write more as such a disk does."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "nemo-test", str(folder)]
    if shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
        return
    write = Incoming.write

    def refusing(incoming: Incoming, offset: int, data: memoryview) -> None:
        if offset + len(data) > MB:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(incoming, offset, data)

    monkeypatch.setattr(Incoming, "write", refusing)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(MB, 0, MB))  # type: ignore[attr-defined]
    yield folder


def test_a_full_disk_is_told_before_a_byte_is_sent_or_when_it_fills_up(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = UploadDesk(folder=lambda: small_disk)
    with pytest.raises(InputError, match=r"disk of the kernel is full: a\.mp4 is 3\.0 MB, and 1\.\d MB are free"):
        desk.begin(("a.mp4", 3 * MB, 1))
    first = desk.begin(("b.mp4", 600_000, 1))
    with pytest.raises(InputError, match="disk of the kernel is full"):
        desk.begin(("c.mp4", 600_000, 1))  # there is room for one of them
    with monkeypatch.context() as patch:
        patch.setattr(UploadDesk, "_check_room", lambda desk, stamp: None)  # as if another program filled it meanwhile
        late = desk.begin(("late.mp4", 3 * MB, 1))
    desk.take(late.upload, 0, bytes(900_000))
    with pytest.raises(InputError, match="disk of the kernel is full"):
        desk.take(late.upload, 900_000, bytes(500_000))
    assert not late.folder.exists()
    desk.take(first.upload, 0, DATA)
    desk.close()
    assert list(small_disk.iterdir()) == []


_PROGRAM = """
import sys
from nemo_widgets.client.upload_folder import process_folder
folder = process_folder()
(folder / "part").write_bytes(b"12345")
print(folder, flush=True)
sys.stdin.readline()
"""


def test_the_end_of_a_kernel_removes_its_files_and_a_later_one_those_of_a_killed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        folders = [Path(kernel.stdout.readline().strip()) for kernel in kernels]  # type: ignore[union-attr]
        assert all((folder / "part").read_bytes() == b"12345" for folder in folders)
        ended, killed, alive = kernels
        ended.communicate("go\n", timeout=30)
        killed.kill()
        killed.wait(30)
        assert [folder.exists() for folder in folders] == [False, True, True]
        (tmp_path / "nemo-upload-of-somebody").mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        sweep()
        assert [folder.exists() for folder in folders] == [False, False, True]
        alive.communicate("go\n", timeout=30)
        assert [path.name for path in tmp_path.iterdir()] == ["nemo-upload-of-somebody"]
    finally:
        for kernel in kernels:
            with suppress(OSError):
                kernel.kill()
            kernel.communicate()
