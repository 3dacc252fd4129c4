"""Between the ledger's records and its rows."""

import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nemo_widgets.library.owner import Owner
from nemo_widgets.library.records import JobRecord, Place, Wanted
from nemo_widgets.library.scrub import scrubbed

JOBS: Final = (
    "SELECT jobs.*, sessions.backend, sessions.service, sessions.remote_id, sessions.task_name "
    "FROM jobs JOIN sessions ON sessions.id = jobs.session"
)
"""Every job with its session."""


def put(db: sqlite3.Connection, into: str, values: Sequence[object]) -> int:
    """Put a row into ``table (columns)``; return its number."""
    sql = f"INSERT INTO {into} VALUES ({', '.join('?' * len(values))})"
    return db.execute(sql, storable(values)).lastrowid or 0


def storable(values: Sequence[object]) -> list[object]:
    """Return values without half characters, which a path or an answer may have and SQLite does not take."""
    return [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]


def output_text(wanted: Mapping[str, Any]) -> str:
    """Return what an export asks for as text, equal for equal wishes."""
    return json.dumps(scrubbed(wanted), sort_keys=True)


def is_wanted(job: JobRecord, wanted: Wanted) -> bool:
    """Whether a job is among those asked for, as far as the query did not tell."""
    return (
        (not wanted.kinds or job.kind in wanted.kinds)
        and (not wanted.states or job.shown_state in wanted.states)
        and (not wanted.backends or job.place.backend in wanted.backends)
        and (not wanted.text or wanted.text.casefold() in job.text.casefold())
    )


def job_of(row: sqlite3.Row) -> JobRecord:
    """Return the job of a row of `JOBS`."""
    return JobRecord(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        place=Place(row["backend"], row["service"]),
        session=row["session"],
        session_id=row["remote_id"] or "",
        task_name=row["task_name"],
        text=row["text"],
        error=row["error"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        owner=Owner(row["host"], row["pid"], row["pid_began_at"]),
        credits_spent=row["credits_spent"],
        clip=row["clip"] or "",
        path=row["path"],
    )


def packed(value: Mapping[str, Any]) -> bytes:
    """Return decoded JSON in little space."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"))


def unpacked(kept: bytes) -> Mapping[str, Any]:
    """Return what was `packed`."""
    value: Mapping[str, Any] = json.loads(zlib.decompress(kept))
    return value
