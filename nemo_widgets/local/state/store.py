"""The studio's memory on disk: SQLite beside the files, in a folder that only its owner can read."""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.local.state.history import SCHEMA as HISTORY_SCHEMA
from nemo_widgets.local.state.history import DraftHistory
from nemo_widgets.local.state.links import new_key
from nemo_widgets.local.state.records import Account, AssetRecord, FileRecord, RenderRecord, RenderStatus, SessionRecord

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    user_id TEXT PRIMARY KEY, client_id TEXT UNIQUE NOT NULL, token_digest TEXT UNIQUE NOT NULL,
    expires_at REAL NOT NULL, credits INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, task_id TEXT NOT NULL, user_id TEXT NOT NULL, task_name TEXT NOT NULL, language TEXT NOT NULL,
    seed INTEGER NOT NULL, accepted INTEGER NOT NULL, edited INTEGER NOT NULL, draft_json TEXT NOT NULL,
    generated_json TEXT NOT NULL, used_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    key TEXT PRIMARY KEY, session_id TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, media_type TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS assets (
    key TEXT PRIMARY KEY, session_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    digest TEXT NOT NULL, duration_s REAL, width INTEGER, height INTEGER, fps REAL);
CREATE TABLE IF NOT EXISTS renders (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL, user_id TEXT NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL,
    error TEXT NOT NULL, draft_json TEXT NOT NULL, output_json TEXT NOT NULL, created_at REAL NOT NULL,
    completed_at REAL);
"""

FOLDERS = ("assets", "raw", "renders")
_EXPIRED = ""
"""The path of a link that leads nowhere any more."""


class Store:
    """Accounts, sessions, files and renders; safe to call from any thread.

    Parameters
    ----------
    folder : Path
        Where everything is kept; created for the owner alone. One studio at a time may have it.
    clock : callable
        The time, in seconds since the epoch.
    patience_s : float
        How long to wait for another studio that has the folder, in seconds.
    fresh : bool
        Whether to forget everything that was kept there.

    Raises
    ------
    StudioUnavailableError
        Another studio is using the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        patience_s: float = 0.0,
        fresh: bool = False,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        self.folder = folder
        self.clock = clock
        self._owned = FileLock(folder / "in-use.lock", mode=0o600, is_singleton=False, thread_local=False)
        try:
            self._owned.acquire(timeout=patience_s)
        except Timeout as taken:
            raise StudioUnavailableError(
                f"Another local studio is using {folder}. Stop it, or give this one a folder of its own."
            ) from taken
        self._mutex = threading.RLock()
        database = folder / "studio.sqlite3"
        if fresh:
            # The files themselves go with the next `tidy`, which removes what nothing knows of.
            for path in folder.glob(f"{database.name}*"):
                path.unlink()
        database.touch(mode=0o600)
        self._db = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA + HISTORY_SCHEMA)
        self.history = DraftHistory(self._do)

    def close(self) -> None:
        """Write everything down and let another studio have the folder."""
        with self._mutex:
            self._db.close()
        self._owned.release()

    def _do(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._mutex:
            return self._db.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> dict[str, Any] | None:
        rows = self._do(sql, *values)
        return dict(rows[0]) if rows else None

    def _insert(self, table: str, record: SessionRecord | FileRecord | AssetRecord | RenderRecord) -> None:
        values = asdict(record)
        marks = ", ".join("?" * len(values))
        self._do(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", *values.values())

    # Accounts

    def account_of(self, token_digest: str) -> Account | None:
        """Return the account whose token this is, unless it has expired."""
        row = self._one("SELECT * FROM accounts WHERE token_digest = ? AND expires_at > ?", token_digest, self.clock())
        return Account(**row) if row else None

    def account_for(self, client_id: str) -> Account | None:
        """Return the account that a client id got, expired or not."""
        row = self._one("SELECT * FROM accounts WHERE client_id = ?", client_id)
        return Account(**row) if row else None

    def save_account(self, account: Account) -> None:
        """Add an account, or give an old one its new token; the credits of an old one stay as they are."""
        self._do(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?) ON CONFLICT (client_id) DO UPDATE SET "
            "token_digest = excluded.token_digest, expires_at = excluded.expires_at",
            account.user_id, account.client_id, account.token_digest, account.expires_at, account.credits,
        )  # fmt: skip

    def expire_tokens(self) -> None:
        """Let every token given out to an anonymous client expire now."""
        self._do("UPDATE accounts SET expires_at = 0 WHERE user_id LIKE 'anon_%'")

    def credits(self, user_id: str) -> int:
        """Return what an account has, running work's share included."""
        row = self._one("SELECT credits FROM accounts WHERE user_id = ?", user_id)
        return int(row["credits"]) if row else 0

    def balances(self) -> dict[str, int]:
        """Return the credits of every account, what running work holds included."""
        return {row["user_id"]: row["credits"] for row in self._do("SELECT * FROM accounts ORDER BY rowid")}

    def spend(self, user_id: str, credits: int) -> None:
        """Take credits off an account."""
        self._do("UPDATE accounts SET credits = credits - ? WHERE user_id = ?", credits, user_id)

    # Sessions

    def add_session(self, session: SessionRecord) -> None:
        """Add a session."""
        self._insert("sessions", session)

    def session(self, session_id: str) -> SessionRecord | None:
        """Return a session, if it exists."""
        row = self._one("SELECT * FROM sessions WHERE id = ?", session_id)
        return SessionRecord(**row) if row else None

    def count_sessions(self) -> int:
        """Return how many sessions there are."""
        (row,) = self._do("SELECT count(*) FROM sessions")
        return int(row[0])

    def accept_messages(self, session_ids: Sequence[str]) -> list[int]:
        """Count one more message for each of these; return how many each session had before it. All or none."""
        with self._mutex, self._db:
            self._do("BEGIN IMMEDIATE")
            return [self._accept(session_id) for session_id in session_ids]

    def _accept(self, session_id: str) -> int:
        (row,) = self._do(
            "UPDATE sessions SET accepted = accepted + 1, used_at = ? WHERE id = ? RETURNING accepted",
            self.clock(), session_id,
        )  # fmt: skip
        return int(row[0]) - 1

    def count_accepted(self) -> int:
        """Return how many messages were taken on in all sessions."""
        (row,) = self._do("SELECT COALESCE(SUM(accepted), 0) FROM sessions")
        return int(row[0])

    def save_draft(self, session_id: str, draft: Mapping[str, Any], *, keep: bool = False, move: int = 0) -> None:
        """Replace the timeline of a session.

        Parameters
        ----------
        session_id, draft : str, Mapping
            Whose, and by what.
        keep : bool
            Whether the timeline of now can be gone back to: true for the first change of a message.
        move : int
            How many steps through the history lead to `draft`; negative ones take changes back.
        """
        text = json.dumps(draft, ensure_ascii=False)
        with self._mutex, self._db:
            self._do("BEGIN IMMEDIATE")
            rows = self._do("SELECT draft_json FROM sessions WHERE id = ?", session_id)
            for row in rows:
                if move:
                    self.history.move(session_id, move, row["draft_json"])
                elif keep:
                    self.history.push(session_id, row["draft_json"])
            self._do("UPDATE sessions SET draft_json = ?, used_at = ? WHERE id = ?", text, self.clock(), session_id)

    def add_generated(self, session_id: str, clip: Mapping[str, Any]) -> None:
        """Add a raw clip to those of a session."""
        text = json.dumps(clip, ensure_ascii=False)
        self._do(
            "UPDATE sessions SET generated_json = json_insert(generated_json, '$[#]', json(?)) WHERE id = ?",
            text, session_id,
        )  # fmt: skip

    def mark_edited(self, session_id: str) -> None:
        """Note that editing this session has been paid for."""
        self._do("UPDATE sessions SET edited = 1 WHERE id = ?", session_id)

    def forget_sessions(self, *, used_before: float) -> None:
        """Forget sessions, and all that belongs to them, last used before a time in seconds since the epoch."""
        stale = "(SELECT id FROM sessions WHERE used_at < ?)"
        with self._mutex, self._db:
            self._do("BEGIN")
            for table in ("files", "assets", "renders", "history"):
                self._do(f"DELETE FROM {table} WHERE session_id IN {stale}", used_before)
            self._do("DELETE FROM sessions WHERE used_at < ?", used_before)

    # Files and assets

    def add_file(self, record: FileRecord) -> None:
        """Let a file be served under its key."""
        self._insert("files", record)

    def file(self, key: str) -> tuple[FileRecord, Path] | None:
        """Return the file with this key and where it lies, if it is still there."""
        row = self._one("SELECT * FROM files WHERE key = ?", key)
        if not row:
            return None
        record = FileRecord(**row)
        path = self.folder / record.path
        return (record, path) if path.is_file() else None

    def expire_links(self) -> None:
        """Give every finished export a new key; the old one is remembered as expired."""
        with self._mutex, self._db:
            self._do("BEGIN")
            for row in self._do("SELECT files.* FROM files JOIN renders USING (key) WHERE status = 'completed'"):
                old = FileRecord(**dict(row))
                key = new_key()
                self._do("UPDATE files SET key = ? WHERE key = ?", key, old.key)
                self._do("UPDATE renders SET key = ? WHERE key = ?", key, old.key)
                self._insert("files", replace(old, path=_EXPIRED))

    def has_expired(self, key: str) -> bool:
        """Return whether a file was served under this key and is not any more."""
        row = self._one("SELECT path FROM files WHERE key = ?", key)
        return row is not None and row["path"] == _EXPIRED

    def paths(self) -> set[str]:
        """Return where all files lie that are served, relative to the folder."""
        return {str(row["path"]) for row in self._do("SELECT path FROM files")}

    def add_asset(self, record: AssetRecord) -> None:
        """Add an uploaded file to its session."""
        self._insert("assets", record)

    def assets(self, session_id: str) -> list[AssetRecord]:
        """Return the uploaded files of a session, oldest first."""
        return [
            AssetRecord(**dict(row))
            for row in self._do("SELECT * FROM assets WHERE session_id = ? ORDER BY rowid", session_id)
        ]

    # Renders

    def add_render(self, record: RenderRecord) -> None:
        """Add a render job."""
        self._insert("renders", record)

    def render(self, render_id: str) -> RenderRecord | None:
        """Return a render job, if it exists."""
        row = self._one("SELECT * FROM renders WHERE id = ?", render_id)
        return RenderRecord(**row) if row else None

    def unfinished_renders(self) -> list[RenderRecord]:
        """Return the render jobs that were waiting or running, oldest first."""
        rows = self._do("SELECT * FROM renders WHERE status IN ('pending', 'processing') ORDER BY rowid")
        return [RenderRecord(**dict(row)) for row in rows]

    def set_render_status(self, render_id: str, status: RenderStatus, *, error: str = "") -> None:
        """Write down how far a render job is."""
        finished_at = self.clock() if status in ("completed", "failed") else None
        self._do(
            "UPDATE renders SET status = ?, error = ?, completed_at = ? WHERE id = ?",
            status, error, finished_at, render_id,
        )  # fmt: skip


def owner_only(path: str, flags: int) -> int:
    """Open `path` so that only its owner can read it: an ``opener`` for `open`."""
    return os.open(path, flags, 0o600)
