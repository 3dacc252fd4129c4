"""Sessions, and their jobs as far as all kinds are alike: written before the call that costs, then kept up to date."""

import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from nemo_widgets.library.database import Database
from nemo_widgets.library.owner import Owner
from nemo_widgets.library.records import JobRecord, Kind, Place, State, Wanted
from nemo_widgets.library.rows import JOBS, is_wanted, job_of, output_text, put, storable
from nemo_widgets.library.scrub import scrubbed_text

_LONGEST_TEXT: Final = 100_000
_OUTLIVED: Final = (
    "UPDATE jobs SET state = 'stopped' WHERE state = 'running' AND ended_at IS NOT NULL AND host = ? AND pid = ? "
    "AND pid_began_at = ?"
)
_ANSWERED_BY: Final = (
    "JOIN renders ON renders.job = jobs.id JOIN jobs AS later ON later.session = jobs.session "
    "JOIN renders AS wished ON wished.job = later.id WHERE later.id = ? AND later.began_at > jobs.began_at "
    "AND jobs.state IN ('running', 'unclear') AND renders.output_json = wished.output_json "
    "AND (jobs.path = later.path OR renders.draft = wished.draft)"
)
"""Earlier exports of a session that are left, and that a later one with the same wishes has made needless."""


class JobLedger:
    """The rows. Every method raises `LibraryError` when the disk does not let it.

    What is written is scrubbed here, so that no caller can forget it.

    Parameters
    ----------
    database : Database
        Where they are.
    clock : callable
        The time, in seconds since 1970.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    # Sessions

    def begin_session(self, place: Place, task_name: str, language: str | None) -> int:
        """Write down a session that is about to be opened; return its row."""
        values = (place.backend, place.service, scrubbed_text(task_name), language, self._clock())
        into = "sessions (backend, service, task_name, language, began_at)"
        return self._db.write(lambda db: put(db, into, values))

    def session_opened(self, session: int, remote_id: str, backend: str) -> None:
        """Write down what the service calls a session, and what it has said of itself meanwhile."""
        self._change("UPDATE sessions SET remote_id = ?, backend = ? WHERE id = ?", remote_id, backend, session)

    def session_of(self, place: Place, remote_id: str, task_name: str) -> int:
        """Return the row of a session that was opened before, here or elsewhere; made if there is none."""
        query = "SELECT id, backend FROM sessions WHERE service = ? AND remote_id = ?"
        for row in self._rows(query, place.service, remote_id):
            if place.backend in ("custom", row["backend"]):  # custom only says that nothing is known yet
                return int(row["id"])

        def made(db: sqlite3.Connection) -> int:
            db.execute(
                "INSERT INTO sessions (backend, service, remote_id, task_name, began_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (service, remote_id) DO UPDATE SET backend = excluded.backend",
                storable((place.backend, place.service, remote_id, scrubbed_text(task_name), self._clock())),
            )
            return int(db.execute(query, storable((place.service, remote_id))).fetchone()[0])

        return self._db.write(made)

    # Jobs

    def begin(
        self,
        kind: Kind,
        session: int,
        text: str,
        *,
        path: str = "",
        job: str = "",
        output: Mapping[str, Any] | None = None,
        at: float | None = None,
    ) -> str:
        """Write down a job that begins now, in this process; return its id, which may be chosen beforehand.

        Parameters
        ----------
        kind, session, text, path, job
            As in `JobRecord`; `session` is the row's number.
        output : Mapping, optional
            What an export asks for: the ``output`` of call 7.
        at : float, optional
            When it began, in seconds since 1970; by default now.
        """
        job, owner = job or new_id(kind), Owner.this()
        told = scrubbed_text(text)[:_LONGEST_TEXT]
        values = (job, kind, session, "running", told, self._at(at), owner.host, owner.pid, owner.began_at, path)
        columns = "id, kind, session, state, text, began_at, host, pid, pid_began_at, path"

        def begun(db: sqlite3.Connection) -> None:
            db.execute(_OUTLIVED, (owner.host, owner.pid, owner.began_at))  # who goes on meant it
            put(db, f"jobs ({columns})", values)
            if output is not None:
                put(db, "renders (job, output_json)", (job, output_text(output)))

        self._db.write(begun)
        return job

    def take_over(self, job: str) -> bool:
        """Make an orphaned job this process's; return whether it was still to be had."""
        owner = Owner.this()

        def taken(db: sqlite3.Connection) -> bool:
            row = db.execute(f"{JOBS} WHERE jobs.id = ?", (job,)).fetchone()
            if row is None or not job_of(row).can_be_resumed:
                return False
            db.execute(
                "UPDATE jobs SET state = 'running', ended_at = NULL, host = ?, pid = ?, pid_began_at = ? WHERE id = ?",
                (owner.host, owner.pid, owner.began_at, job),
            )
            return True

        return self._db.write(taken)

    def end(
        self,
        job: str,
        state: State,
        *,
        error: str = "",
        credits_spent: float | None = None,
        clip: str | None = None,
        path: str | None = None,
        at: float | None = None,
    ) -> None:
        """Write down how a job ended, and when; what is None stays as it was, or is now."""
        values = (state, scrubbed_text(error), self._at(at), credits_spent, clip, path, job)

        def ended(db: sqlite3.Connection) -> None:
            db.execute(
                "UPDATE jobs SET state = ?, error = ?, ended_at = ?, credits_spent = COALESCE(?, credits_spent), "
                "clip = COALESCE(?, clip), path = COALESCE(?, path) WHERE id = ?",
                storable(values),
            )
            if state == "done":
                _make_moot(db, job)

        self._db.write(ended)

    def stopped(self, job: str, error: str, credits_spent: float | None, *, at: float | None = None) -> None:
        """Write down that a job was stopped, by a person or because its process ends: which one, `outlived` tells."""
        self._change(
            "UPDATE jobs SET error = ?, ended_at = ?, credits_spent = COALESCE(?, credits_spent) WHERE id = ?",
            scrubbed_text(error), self._at(at), credits_spent, job,
        )  # fmt: skip

    def outlived(self, job: str) -> None:
        """Write down that the process of a job goes on after it was stopped: it was a person who stopped it."""
        owner = Owner.this()
        self._change(f"{_OUTLIVED} AND id = ?", owner.host, owner.pid, owner.began_at, job)

    def clip_kept(self, job: str, clip: str) -> None:
        """Write down the digest of the clip that came of a job."""
        self._change("UPDATE jobs SET clip = ? WHERE id = ?", clip, job)

    def moved(self, clip: str, old: str, new: str) -> None:
        """Write down that the file of a clip, which was at one path, is at another one now."""
        self._change("UPDATE jobs SET path = ? WHERE path = ? AND clip = ? AND state = 'done'", new, old, clip)

    def forget(self, jobs: Sequence[str]) -> int:
        """Take jobs out of the history; return how many there were. Their clips count as unused from then on."""

        def forgotten(db: sqlite3.Connection) -> int:
            return sum(db.execute("DELETE FROM jobs WHERE id = ?", (job,)).rowcount for job in jobs)

        return self._db.write(forgotten)

    def jobs(self, wanted: Wanted = Wanted()) -> list[JobRecord]:  # noqa: B008  it is frozen
        """Return the jobs that are asked for, oldest first."""
        conditions: dict[str, object] = {}
        if wanted.job is not None:
            conditions["jobs.id = ?"] = wanted.job
        if wanted.session is not None:
            conditions["sessions.remote_id = ?"] = wanted.session
        if wanted.since is not None:
            conditions["jobs.began_at >= ?"] = wanted.since
        found = self._jobs(" AND ".join(conditions) or "TRUE", *conditions.values())
        return [job for job in found if is_wanted(job, wanted)]

    def job(self, job: str) -> JobRecord | None:
        """Return a job, if there is one of that id."""
        return next(iter(self.jobs(Wanted(job=job))), None)

    def orphans(self) -> list[JobRecord]:
        """Return the jobs that can be resumed, oldest first."""
        return [job for job in self._jobs("jobs.state IN ('running', 'unclear')") if job.can_be_resumed]

    def _jobs(self, where: str, *values: object) -> list[JobRecord]:
        return list(map(job_of, self._rows(f"{JOBS} WHERE {where} ORDER BY jobs.began_at, jobs.rowid", *values)))

    def _at(self, at: float | None) -> float:
        return self._clock() if at is None else at

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._db.read(lambda db: db.execute(sql, storable(values)).fetchall())

    def _change(self, sql: str, *values: object) -> None:
        self._db.write(lambda db: db.execute(sql, storable(values)))


def _make_moot(db: sqlite3.Connection, job: str) -> None:
    """Let what an export has brought now not be offered any more: the same timeline, or the same file, made as well."""
    for row in db.execute(f"{JOBS} {_ANSWERED_BY}", (job,)).fetchall():
        if job_of(row).can_be_resumed:
            told = f"it was exported again, as {job}"
            db.execute("UPDATE jobs SET state = 'stopped', error = ? WHERE id = ?", (told, row["id"]))


def new_id(kind: Kind) -> str:
    """Return an id that no job has yet."""
    return f"{kind}-{secrets.token_hex(5)}"
