"""A library that version 1 has written: read by this version, and brought up to date by any later one."""

import re
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from nemo_widgets.client.kept import load_turn
from nemo_widgets.library import Library, Place
from nemo_widgets.library.database import Database
from nemo_widgets.library.ledger import Ledger
from nemo_widgets.library.library import DATABASE
from nemo_widgets.library.records import Before
from nemo_widgets.library.schema import MIGRATIONS, TABLES

VERSION_1 = Path(__file__).with_name("version-1.sql").read_text("utf-8")
_STEP = ("ALTER TABLE jobs ADD COLUMN note TEXT NOT NULL DEFAULT 'none'", "CREATE TABLE notes (job TEXT)")
LATER = (*MIGRATIONS, _STEP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a library that version 1 has written, with a log of its own kind."""
    folder = tmp_path / "library"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript(VERSION_1)
    return folder


def _schema(db: sqlite3.Connection) -> set[str]:
    rows = db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {" ".join(re.sub(r"\s*\(\s*", " (", row[0]).split()) for row in rows}


def test_the_first_step_is_what_was_given_out_as_version_1(tmp_path: Path, folder: Path) -> None:
    first = Database(tmp_path / "first.sqlite3", migrations=MIGRATIONS[:1])
    made = first.read(_schema)
    first.close()
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        assert _schema(db) == made


def _check_all_is_there(ledger: Ledger) -> None:
    message, upload, export, interrupted = ledger.jobs()
    assert [job.kind for job in (message, upload, export)] == ["message", "upload", "export"]
    assert (message.text, message.credits_spent, message.session_id) == ("a city at night", 100, "s_0123456789abcdef")
    assert message.place == Place("local", "local 0.1.0")
    assert ledger.before(message.id) == Before({}, 0)
    kept = ledger.answer_to("5f" * 32, 1)
    assert kept is not None
    turn = load_turn(kept.answer, note="")
    assert (turn.text, turn.draft.tracks[0].segments[0].name) == ("The city glows.", "city")
    assert [job.id for job in ledger.orphans()] == [interrupted.id]
    render = ledger.render(interrupted.id)
    assert render is not None
    assert (render.remote_id, render.output["resolution"]) == ("render_000000000000000000000002", "360p")
    assert ledger.clip_of(message.place, "cd" * 32, {"format": "mp4", "quality": "high"}) == export.clip
    assert ledger.take_over(interrupted.id)
    ledger.end(interrupted.id, "done")
    assert ledger.orphans() == []


def test_a_library_of_version_1_is_read_and_gone_on_with(folder: Path) -> None:
    library = Library(folder, max_bytes=10**9)
    _check_all_is_there(library.ledger)
    assert [clip.facts["width"] for clip in library.all_clips()] == [1920]
    library.close()


def _rows(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: [tuple(row) for row in db.execute(f"SELECT * FROM {table}")] for table in TABLES}


def _opened(folder: Path, migrations: Sequence[Sequence[str]]) -> Database:
    return Database(folder / DATABASE, migrations=migrations)


def test_a_library_of_version_1_is_brought_up_to_date_with_every_row(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        before = _rows(db)
    later = _opened(folder, LATER)
    after = later.read(_rows)
    assert after == {**before, "jobs": [(*job, "none") for job in before["jobs"]]}
    assert later.read(lambda db: db.execute("PRAGMA user_version").fetchone()[0]) == len(LATER)
    assert (later.journal(), later.problems()) == ("wal", [])
    _check_all_is_there(Ledger(later))
    later.close()


def test_programs_that_bring_it_up_to_date_at_once_do_it_once(folder: Path) -> None:
    with ThreadPoolExecutor(8) as programs:
        opened = list(programs.map(lambda _: _opened(folder, LATER), range(8)))
        counts = list(programs.map(lambda each: each.read(lambda db: len(_rows(db)["jobs"])), opened))
    assert counts == [4] * 8
    for each in opened:
        each.close()
