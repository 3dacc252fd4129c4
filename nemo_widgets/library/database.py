"""One SQLite file that several programs write, on any disk: opened, brought up to date, mended, never lost silently."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock, Timeout

from nemo_widgets.errors import LibraryError
from nemo_widgets.library.filesystem import is_network, kind_of, private_folder
from nemo_widgets.library.salvage import is_damage, put_aside, salvaged
from nemo_widgets.library.schema import MIGRATIONS

T = TypeVar("T")

PATIENCE_S: Final = 10.0
_OWNER_ONLY: Final = 0o600
_OF_PARENTS: Final[list[sqlite3.Connection]] = []
"""Came along through a fork: closing one would touch the parent's log."""


class Database:
    """A database file. Safe to use from any thread, and by several programs at once: one of them writes at a time.

    Parameters
    ----------
    file : Path
        Made, for its owner alone, when it is first used.
    tell : callable
        Takes what a person should know: that a damaged file was put aside.
    patience_s : float
        How long to wait for another program that is writing, in seconds.
    migrations : sequence of sequences of str
        The statements of each step.
    """

    def __init__(
        self,
        file: Path,
        *,
        tell: Callable[[str], None] = lambda words: None,
        patience_s: float = PATIENCE_S,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ) -> None:
        self.file = file
        self._tell = tell
        self._patience_s = patience_s
        self._migrations = migrations
        self._mutex = threading.RLock()
        self._changing = FileLock(file.with_suffix(".lock"), timeout=patience_s, mode=_OWNER_ONLY)
        self._open: sqlite3.Connection | None = None
        self._is = (0, 0, 0)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` reads.

        Raises
        ------
        LibraryError
            It cannot be read, or a newer version has written it.
        """
        return self._mended(work)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` returns, with all of its changes kept, or none of them.

        Parameters
        ----------
        work : callable
            May be called twice: again on a new database, when the old one turns out to be damaged.

        Raises
        ------
        LibraryError
            It cannot be written: the disk is full, another program does not let go, or the folder is read-only.
        """

        def transaction(db: sqlite3.Connection) -> T:
            with _immediate(db):
                return work(db)

        return self._mended(transaction)

    def close(self) -> None:
        """Close the file; it is opened again when it is next used."""
        with self._mutex:
            connection, self._open = self._open, None
            if connection is None:
                return
            if self._is[0] != os.getpid():
                _OF_PARENTS.append(connection)
                return
            with suppress(sqlite3.Error):
                connection.close()

    def journal(self) -> str:
        """Return how it is written: ``"wal"``, or ``"delete"`` where memory cannot be shared."""
        return self.read(lambda db: str(db.execute("PRAGMA journal_mode").fetchone()[0]))

    def problems(self) -> list[str]:
        """Return what an integrity check of the whole file finds; nothing is changed."""

        def checked(db: sqlite3.Connection) -> list[str]:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)")]
            dangling = [f"a row of {row[0]} names no {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
            return [words for words in found if words != "ok"] + dangling[:10]

        with self._mutex, self._told():
            try:
                return checked(self._connection())
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                return [str(error)]

    def _mended(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._mutex, self._told():
            try:
                return work(self._connection())
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._mend(error)
            return work(self._connection())

    def _connection(self) -> sqlite3.Connection:
        """Return the connection, to the file that is there now: another program may have put a damaged one aside."""
        if self._open is not None and self._is != self._identity():
            self.close()
        if self._open is None:
            private_folder(self.file.parent)
            self._open = self._opened()
        return self._open

    def _identity(self) -> tuple[int, int, int]:
        try:
            found = self.file.stat()
        except OSError:
            return (os.getpid(), 0, 0)
        return (os.getpid(), found.st_dev, found.st_ino)

    def _opened(self) -> sqlite3.Connection:
        with suppress(FileExistsError):
            os.close(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
        self._is = self._identity()
        db = sqlite3.connect(self.file, timeout=self._patience_s, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        try:
            if self.file.stat().st_size == 0 or _version(db) != len(self._migrations):
                with self._changing:
                    self._choose_journal(db)
                    self._migrate(db)
            elif is_network(kind_of(self.file.parent)):
                self._choose_journal(db)
            db.execute("PRAGMA synchronous=FULL")  # a render's id must outlive a power cut, too
            db.execute("PRAGMA foreign_keys=ON")
        except BaseException:
            db.close()
            raise
        return db

    def _choose_journal(self, db: sqlite3.Connection) -> None:
        if is_network(kind_of(self.file.parent)):
            db.execute("PRAGMA journal_mode=DELETE").fetchone()
        elif self.file.stat().st_size == 0 and shares_memory(self.file.parent):
            db.execute("PRAGMA journal_mode=WAL").fetchone()

    def _migrate(self, db: sqlite3.Connection) -> None:
        newest = len(self._migrations)
        if (version := _version(db)) == newest:
            return
        if version > newest:
            raise LibraryError(
                f"The library ({self.file}) was written by a newer version of nemo-widgets: it has form {version}, "
                f"and this version knows {newest}. Nothing was changed. Upgrade: pip install --upgrade nemo-widgets"
            )
        with _immediate(db):
            for step in self._migrations[_version(db) :]:  # asked again: another program may have been faster
                for statement in step:
                    db.execute(statement)
            db.execute(f"PRAGMA user_version={newest}")

    def _mend(self, damage: sqlite3.DatabaseError) -> None:
        """Put a damaged file aside, save what can be read of it, and say so. One program does it, others wait."""
        broken = self._is
        self.close()
        with self._changing:
            if self._identity() != broken:
                return
            aside = put_aside(self.file)
            saved = salvaged(aside, self._connection())
        self._tell(
            f"The library ({self.file}) was damaged ({damage}). It was put aside as {aside.name}, and a new one was "
            f"begun with the {saved} rows that could still be read. Kept clips are not affected."
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise LibraryError(self._in_use()) from error
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error):
                self.close()  # a connection that has failed once may stay so
            raise LibraryError(self._words(error)) from error

    def _words(self, error: sqlite3.Error | OSError) -> str:
        name = getattr(error, "sqlite_errorname", None) or ""
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR") or isinstance(error, OSError):
            return f"The library ({self.file}) cannot be written ({error}). Is the disk full?"
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
            return self._in_use()
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return f"The library ({self.file}) may not be opened or written ({error}). Whose is the folder?"
        return f"The library ({self.file}) failed ({error}). nemo-widgets doctor looks at it."

    def _in_use(self) -> str:
        return f"The library ({self.file}) is in use: another program did not let go for {self._patience_s:.0f} s."


def shares_memory(folder: Path) -> bool:
    """Whether a write-ahead log works in a folder: found out with a file of its own, as a failed try spoils it."""
    scratch = folder / f".wal-{os.getpid()}-{threading.get_ident()}-{time.monotonic_ns()}"
    try:
        with closing(sqlite3.connect(scratch)) as db:
            mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            db.execute("CREATE TABLE tried (it)")
            return str(mode).lower() == "wal"
    except sqlite3.Error:
        return False
    finally:
        for left in folder.glob(f"{scratch.name}*"):
            left.unlink(missing_ok=True)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _immediate(db: sqlite3.Connection) -> Iterator[None]:
    """Take the one writer's place at once: a read that turns into a write would fail instead of waiting."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
