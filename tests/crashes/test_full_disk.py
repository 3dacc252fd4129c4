"""The disk of the history is full: what is made is delivered, and it is written down once there is room."""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

import pytest

from nemo_widgets import kernel, settings
from nemo_widgets.client import Client, Clip, Session
from nemo_widgets.client.history import history
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.resume import resume
from nemo_widgets.errors import OutputPathError
from nemo_widgets.library import Library, database

from ..client.conftest import Service, client, clip_bytes, clock, service

__all__ = ["client", "clip_bytes", "clock", "service"]


class Disk(Protocol):
    """What the library lies on."""

    folder: Path

    def fill(self) -> None:
        """Leave no byte free."""

    def free(self) -> None:
        """Make room again."""


class SmallDisk:
    """A real disk of a megabyte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            for size_bytes in (65536, 4096, 1):
                with suppress(OSError):
                    while True:
                        ballast.write(b"x" * size_bytes)
        assert shutil.disk_usage(self.folder).free == 0

    def free(self) -> None:
        self._ballast.unlink()


class Quota:
    """Where nothing may be mounted: what is written to the folder is refused as a full disk does it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._is_full = False
        fsync, immediate = os.fsync, database._immediate

        def refusing_fsync(descriptor: int) -> None:
            if self._is_full and Path(f"/proc/self/fd/{descriptor}").resolve().is_relative_to(folder):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fsync(descriptor)

        def refusing_transaction(db: sqlite3.Connection) -> AbstractContextManager[None]:
            if self._is_full:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorname = "SQLITE_FULL"
                raise error
            return immediate(db)

        patch.setattr(os, "fsync", refusing_fsync)
        patch.setattr(database, "_immediate", refusing_transaction)

    def fill(self) -> None:
        self._is_full = True

    def free(self) -> None:
        self._is_full = False


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    folder = settings.library_dir()
    assert folder is not None
    folder.mkdir(parents=True, mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "nemo-test", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield Quota(folder, monkeypatch)
        return
    try:
        yield SmallDisk(folder)
    finally:
        own_keeper().close()
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def session(disk: Disk, client: Client) -> Session:
    made = client.new_session()
    kernel.run(made.send("a city at night", show=False))
    return made


def test_what_is_made_while_the_disk_is_full_is_delivered_and_told_in_a_line(
    disk: Disk, session: Session, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk.fill()
    assert kernel.run(session.send("add a title", show=False)).text == "Done. The city glows."
    assert kernel.run(session.export(tmp_path / "city.mp4", show=False)).path.read_bytes() == service.clip
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert "Is the disk full?" in said
    assert "The work goes on" in said
    disk.free()
    table = history()
    assert list(table["kind"]) == ["message", "message", "export"]
    assert list(table["state"]) == ["done"] * 3
    assert list(table["path"])[2] == str(tmp_path / "city.mp4")


def test_a_disk_that_fills_up_in_the_middle_of_an_export_costs_nothing(
    disk: Disk, session: Session, service: Service, tmp_path: Path
) -> None:
    service.after["submit"] = disk.fill
    assert kernel.run(session.export(tmp_path / "city.mp4", show=False)).path.read_bytes() == service.clip
    disk.free()
    assert list(history(kind="export")["state"]) == ["done"]
    assert len(service.told("submit")) == 1


def test_a_clip_that_finds_no_room_anywhere_is_fetched_once_there_is_some(
    disk: Disk, session: Session, service: Service
) -> None:
    service.after["submit"] = disk.fill
    with pytest.raises(OutputPathError, match=r"No space left on device\). Make room, .*not lost: nemo\.resume"):
        kernel.run(session.export(disk.folder / "city.mp4", show=False))
    assert list(disk.folder.glob(".*.part")) == []
    disk.free()
    (job,) = history(kind="export")["job"]
    clip = kernel.run(resume(job, show=False, client=session.client))
    assert isinstance(clip, Clip)
    assert clip.path.read_bytes() == service.clip
    assert len(service.told("submit")) == 1, "it was rendered once"
    assert list(history(kind="export")["state"]) == ["done"]


def test_a_full_disk_leaves_the_history_whole(disk: Disk, session: Session) -> None:
    library = own_keeper().library
    assert isinstance(library, Library)
    disk.fill()
    kernel.run(session.send("add a title", show=False))
    assert library.database.problems() == []
    assert [job.kind for job in library.ledger.jobs()] == ["message"], "what was there before can be read"
    disk.free()
    assert list(history()["kind"]) == ["message", "message"]
