"""What to do with a damaged database: keep it under another name, and take over every row that can still be read."""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nemo_widgets.library.schema import TABLES

_DAMAGE: Final = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken, not that it is busy or the disk is full."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return name in _DAMAGE or name.startswith("SQLITE_CORRUPT_")


def put_aside(file: Path) -> Path:
    """Rename a database, with its log, to a name that says when; return the new name."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (f"{file.name}.damaged-{stamp}{suffix}" for suffix in ("", *(f"-{count}" for count in range(2, 1000))))
    aside = next(file.with_name(name) for name in names if not file.with_name(name).exists())
    file.replace(aside)
    for end in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).replace(aside.with_name(aside.name + end))
    return aside


def salvaged(aside: Path, new: sqlite3.Connection) -> int:
    """Copy the rows that can be read from a damaged file into a new database; return how many there were.

    Parameters
    ----------
    aside : Path
        The damaged file; it is not changed.
    new : sqlite3.Connection
        Has the tables of `schema`.
    """
    count = 0
    with closing(sqlite3.connect(f"{aside.as_uri()}?mode=ro", uri=True)) as old:
        for table in TABLES:
            columns = [str(row[1]) for row in new.execute(f"PRAGMA table_info({table})")]
            count += _copied(old, new, table, columns)
    return count


def _copied(old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: list[str]) -> int:
    count = 0
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    new.execute("BEGIN IMMEDIATE")
    with suppress(sqlite3.DatabaseError):  # the rest of the table cannot be read
        for row in old.execute(f"SELECT {names} FROM {table}"):
            with suppress(sqlite3.DatabaseError):  # what was read makes no row
                count += new.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row)).rowcount
    new.execute("COMMIT")
    return count
