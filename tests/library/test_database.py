"""One file, several programs, any disk, any accident."""

import sqlite3
import stat
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from nemo_widgets.errors import LibraryError
from nemo_widgets.library import Library, database
from nemo_widgets.library.database import Database, shares_memory
from nemo_widgets.library.filesystem import is_network, kind_of
from nemo_widgets.library.schema import MIGRATIONS

from .conftest import LOCAL, no_file_larger_than

WRITER = """
import sys
from pathlib import Path
from nemo_widgets.library import Library, Place, database
database.kind_of = lambda folder: sys.argv[4]
library = Library(Path(sys.argv[1]), max_bytes=0)
session = library.ledger.begin_session(Place("local", "local"), "project", None)
for number in range(int(sys.argv[2])):
    library.ledger.end(library.ledger.begin("message", session, f"{sys.argv[3]} {number}"), "done")
library.close()
"""


def test_the_file_is_made_for_its_owner_alone_with_a_shared_log(library: Library) -> None:
    library.ledger.begin_session(LOCAL, "project", None)
    assert library.database.journal() == "wal"
    for file in (library.database.file, library.database.file.with_name("library.sqlite3-wal")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(library.folder.stat().st_mode) == 0o700


def test_a_network_home_gets_a_journal_that_needs_no_shared_memory(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.ledger.begin_session(LOCAL, "project", None)
    library.close()  # written on this machine, then seen over the network
    monkeypatch.setattr(database, "kind_of", lambda folder: "nfs4")
    assert library.database.journal() == "delete"
    library.ledger.begin_session(LOCAL, "project", None)


def test_a_disk_without_shared_memory_gets_the_other_journal(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "shares_memory", lambda folder: False)
    library.ledger.begin_session(LOCAL, "project", None)
    assert library.database.journal() == "delete"


def test_trying_for_shared_memory_leaves_nothing_behind(tmp_path: Path) -> None:
    assert shares_memory(tmp_path)
    assert not shares_memory(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []


def test_the_kind_of_a_disk_is_that_of_the_nearest_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mount = namedtuple("mount", "device mountpoint fstype opts")
    mounts = [mount("a", "/", "ext4", "rw"), mount("b", "/home/ann", "nfs4", "rw"), mount("c", "/ho", "cifs", "rw")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: mounts)
    assert kind_of(Path("/home/ann/data")) == "nfs4"
    assert kind_of(Path("/home/anna")) == "ext4"


def test_network_disks_are_told_from_those_of_this_machine() -> None:
    assert all(map(is_network, ["nfs", "nfs4", "fuse.sshfs", "network drive", "9p", "cifs", "smb3"]))
    assert not any(map(is_network, ["ext4", "fuse.overlayfs", "fuseblk", "apfs", "ntfs", "nfsd", ""]))


def test_an_older_form_is_brought_up_to_date_with_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite3"
    old = Database(file, migrations=(("CREATE TABLE notes (words TEXT)",),))
    old.write(lambda db: db.execute("INSERT INTO notes VALUES ('kept')"))
    old.close()
    steps = (("CREATE TABLE notes (words TEXT)",), ("ALTER TABLE notes ADD COLUMN said_at REAL",))
    new = Database(file, migrations=steps)
    assert [tuple(row) for row in new.read(lambda db: db.execute("SELECT * FROM notes").fetchall())] == [("kept", None)]
    new.close()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite3"
    first = ("CREATE TABLE notes (words TEXT)",)
    Database(file, migrations=(first,)).write(lambda db: db.execute("INSERT INTO notes VALUES ('kept')"))
    with pytest.raises(LibraryError):
        Database(file, migrations=(first, ("DROP TABLE notes", "no SQL at all"))).read(lambda db: None)
    kept = Database(file, migrations=(first,)).read(lambda db: db.execute("SELECT words FROM notes").fetchall())
    assert [row[0] for row in kept] == ["kept"]


def test_the_file_of_a_newer_version_is_refused_and_stays_as_it_is(library: Library) -> None:
    library.ledger.begin_session(LOCAL, "project", None)
    library.database.write(lambda db: db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}"))
    library.close()
    before = library.database.file.read_bytes()
    with pytest.raises(LibraryError, match=r"newer version of nemo-widgets.*pip install --upgrade"):
        library.ledger.jobs()
    assert library.database.file.read_bytes() == before


def _filled(library: Library, count: int) -> None:
    session = library.ledger.begin_session(LOCAL, "project", None)
    for number in range(count):
        library.ledger.begin("message", session, f"prompt {number} " + "x" * 2500)
    library.close()


def test_a_damaged_file_is_put_aside_and_what_can_be_read_is_saved(library: Library, told: list[str]) -> None:
    _filled(library, 40)
    file = library.database.file
    with file.open("r+b") as content:  # one page in the middle
        content.seek(file.stat().st_size // 4096 // 2 * 4096)
        content.write(b"\xff" * 4096)
    damaged = file.read_bytes()
    saved = [job.text for job in library.ledger.jobs()]
    assert 0 < len(saved) < 40
    library.ledger.begin("message", 1, "goes on")
    (words,) = told
    assert "was damaged" in words
    (aside,) = library.folder.glob("library.sqlite3.damaged-????????-??????")
    assert aside.read_bytes() == damaged
    assert aside.name in words
    assert library.database.problems() == []


def test_a_file_that_is_no_database_is_put_aside(library: Library, told: list[str]) -> None:
    library.folder.mkdir()
    library.database.file.write_text("These are somebody's notes. " * 100)
    assert library.ledger.jobs() == []
    (aside,) = library.folder.glob("*.damaged-*")
    assert aside.read_text().startswith("These are somebody's notes.")
    assert len(told) == 1


def test_a_program_that_has_the_damaged_file_open_goes_over_to_the_new_one(library: Library) -> None:
    _filled(library, 3)
    other = Library(library.folder, max_bytes=0)
    assert len(other.ledger.jobs()) == 3
    aside = library.database.file.with_name("aside")
    library.database.file.rename(aside)
    for left in library.folder.glob("library.sqlite3-*"):
        left.unlink()
    _filled(library, 1)
    assert len(other.ledger.jobs()) == 1
    other.close()


def test_what_an_integrity_check_finds_is_told(library: Library) -> None:
    _filled(library, 40)
    file = library.database.file
    with file.open("r+b") as content:
        content.seek(3 * 4096)
        content.write(b"\xff" * 4096)
    assert library.database.problems() != []
    assert list(library.folder.glob("*.damaged-*")) == [], "looking changes nothing"


def test_a_full_disk_is_told_and_what_was_there_stays(library: Library) -> None:
    _filled(library, 5)
    with no_file_larger_than(library.database.file.stat().st_size), pytest.raises(LibraryError, match="disk full"):
        _filled(library, 100)
    library.close()
    assert len(library.ledger.jobs()) >= 5
    assert library.database.problems() == []


def test_another_program_that_does_not_let_go_is_told(library: Library) -> None:
    library.ledger.begin_session(LOCAL, "project", None)
    impatient = Library(library.folder, max_bytes=0, patience_s=0.05)
    with closing(sqlite3.connect(library.database.file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="in use: another program"):
            impatient.ledger.begin_session(LOCAL, "project", None)
    impatient.ledger.begin_session(LOCAL, "project", None)
    impatient.close()


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file where a folder should be")
    with pytest.raises(LibraryError, match="cannot be made"):
        Library(tmp_path / "library", max_bytes=0).ledger.jobs()


@pytest.mark.parametrize(("disk", "journal"), [("ext4", "wal"), ("nfs4", "delete")])
def test_two_programs_write_at_once_and_nothing_is_lost(tmp_path: Path, disk: str, journal: str) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "library"), "20"]
    writers = [subprocess.Popen([*command, name, disk], stderr=subprocess.PIPE, text=True) for name in ("ann", "ben")]
    said = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], said
    library = Library(tmp_path / "library", max_bytes=0)
    jobs = library.ledger.jobs()
    assert sorted(job.text for job in jobs) == sorted(f"{name} {n}" for name in ("ann", "ben") for n in range(20))
    assert all(job.state == "done" for job in jobs)
    assert library.database.journal() == journal
    assert library.database.problems() == []
    library.close()
