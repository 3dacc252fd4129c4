"""The tables, as the steps that lead to them: a database has gone as many steps as its ``user_version`` says.

A step is never changed once a version with it was given out; what comes later is a step of its own.
"""

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # A timeline at a service. Written before it is opened there, so `remote_id` may be missing.
        """CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            backend TEXT NOT NULL,
            service TEXT NOT NULL,
            remote_id TEXT,
            task_name TEXT NOT NULL,
            language TEXT,
            began_at REAL NOT NULL,
            UNIQUE (service, remote_id))""",
        # A file of the store, which is named by the SHA-256 of its content.
        """CREATE TABLE clips (
            digest TEXT PRIMARY KEY,
            size_bytes INTEGER NOT NULL,
            made_at REAL NOT NULL,
            used_at REAL NOT NULL,
            facts_json TEXT NOT NULL)""",
        # A message, an upload, an export or a preview. Times are seconds since 1970.
        """CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            session INTEGER NOT NULL REFERENCES sessions (id),
            state TEXT NOT NULL,
            text TEXT NOT NULL,
            error TEXT NOT NULL DEFAULT '',
            began_at REAL NOT NULL,
            ended_at REAL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            pid_began_at REAL NOT NULL,
            credits_spent REAL,
            clip TEXT,
            path TEXT NOT NULL DEFAULT '')""",
        "CREATE INDEX jobs_by_time ON jobs (began_at)",
        "CREATE INDEX jobs_by_session ON jobs (session, began_at)",
        "CREATE INDEX jobs_unended ON jobs (state) WHERE state IN ('running', 'unclear')",
        # `request` tells identical ones; `before` is the state that the message met, `answer` the whole turn.
        """CREATE TABLE messages (
            job TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            request TEXT,
            before BLOB,
            answer BLOB)""",
        "CREATE INDEX messages_by_request ON messages (request)",
        """CREATE TABLE uploads (
            job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            size_bytes INTEGER,
            PRIMARY KEY (job, position))""",
        # `remote_id` is ours, and written before the service hears it; `draft` is the digest of what is rendered.
        """CREATE TABLE renders (
            job TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            output_json TEXT NOT NULL,
            remote_id TEXT,
            draft TEXT)""",
        "CREATE INDEX renders_by_draft ON renders (draft)",
    ),
)

TABLES: Final = ("sessions", "clips", "jobs", "messages", "uploads", "renders")
"""In an order in which their rows can be put in."""
