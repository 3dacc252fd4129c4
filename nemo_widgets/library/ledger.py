"""Every session, message, upload, export and preview: what is particular to each kind."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from nemo_widgets.library.job_ledger import JobLedger
from nemo_widgets.library.records import Before, JobRecord, KeptAnswer, Place, RenderRecord, UploadedFile
from nemo_widgets.library.rows import output_text, packed, put, unpacked
from nemo_widgets.library.scrub import scrubbed, scrubbed_text


class Ledger(JobLedger):
    """The rows: what `JobLedger` knows of all jobs, and what messages, uploads and exports have besides."""

    # Messages

    def about_to_send(self, job: str, request: str | None, before: Before) -> None:
        """Write down what a message meets, just before it is sent.

        Parameters
        ----------
        job : str
            The message's.
        request : str or None
            What tells identical requests; None when it is not known, and so never reused.
        before : Before
            The state before it.
        """
        met = packed({"draft": scrubbed(before.draft), "generated": before.generated})
        self._change("INSERT OR REPLACE INTO messages (job, request, before) VALUES (?, ?, ?)", job, request, met)

    def refused(self, job: str) -> None:
        """Write down that the service took nothing of a message: it counts as not sent."""
        self._change("UPDATE messages SET before = NULL WHERE job = ?", job)

    def answered(
        self, job: str, answer: Mapping[str, Any], credits_spent: float | None, *, at: float | None = None
    ) -> None:
        """Write down a whole answer, and when it had come; by default now."""
        kept = packed(scrubbed(answer))

        def write(db: sqlite3.Connection) -> None:
            db.execute("UPDATE messages SET answer = ? WHERE job = ?", (kept, job))
            db.execute(
                "UPDATE jobs SET state = 'done', error = '', ended_at = ?, credits_spent = COALESCE(?, credits_spent) "
                "WHERE id = ?",
                (self._at(at), credits_spent, job),
            )

        self._db.write(write)

    def before(self, job: str) -> Before | None:
        """Return what a message met; None when it was not sent."""
        return _met(self._rows("SELECT before FROM messages WHERE job = ? AND before IS NOT NULL", job))

    def next_before(self, job: JobRecord) -> Before | None:
        """Return what the next message of the same session met; None when there was none."""
        found = self._rows(
            "SELECT before FROM messages JOIN jobs ON jobs.id = messages.job WHERE jobs.session = ? "
            "AND jobs.began_at > ? AND before IS NOT NULL ORDER BY jobs.began_at LIMIT 1",
            job.session, job.began_at,
        )  # fmt: skip
        return _met(found)

    def answer_of(self, job: str) -> Mapping[str, Any] | None:
        """Return the answer of a message; None when there is none."""
        rows = self._rows("SELECT answer FROM messages WHERE job = ?", job)
        return unpacked(rows[0]["answer"]) if rows and rows[0]["answer"] is not None else None

    def answer_to(self, request: str, take: int) -> KeptAnswer | None:
        """Return the answer that an identical request got.

        Parameters
        ----------
        request : str
            From `digests.request_digest`.
        take : int
            Which of several, from 1, in the order in which they were made.
        """
        of_it = "SELECT job FROM messages WHERE request = ? AND answer IS NOT NULL"
        made = self._jobs(f"jobs.state = 'done' AND jobs.id IN ({of_it})", request)
        if len(made) < take or (answer := self.answer_of(made[take - 1].id)) is None:
            return None
        return KeptAnswer(made[take - 1], answer)

    # Uploads

    def uploads(self, job: str, files: Sequence[UploadedFile]) -> None:
        """Write down the files of an upload."""

        def write(db: sqlite3.Connection) -> None:
            for position, file in enumerate(files):
                values = (job, position, scrubbed_text(file.name), scrubbed_text(file.digest), file.size_bytes)
                put(db, "uploads (job, position, name, digest, size_bytes)", values)

        self._db.write(write)

    # Exports

    def about_to_render(self, job: str, remote_id: str, draft: str) -> None:
        """Write down the id that a render is submitted under, and the digest of its timeline, before it is."""
        self._change("UPDATE renders SET remote_id = ?, draft = ? WHERE job = ?", remote_id, draft, job)

    def render(self, job: str) -> RenderRecord | None:
        """Return what an export asked for."""
        for row in self._rows("SELECT * FROM renders WHERE job = ?", job):
            return RenderRecord(json.loads(row["output_json"]), row["remote_id"] or "", row["draft"] or "")
        return None

    def clip_of(self, place: Place, draft: str, output: Mapping[str, Any]) -> str | None:
        """Return the digest of the newest clip that came of the same timeline and the same wishes."""
        rows = self._rows(
            "SELECT jobs.clip FROM jobs JOIN renders ON renders.job = jobs.id JOIN sessions ON sessions.id = "
            "jobs.session JOIN clips ON clips.digest = jobs.clip WHERE jobs.state = 'done' AND renders.draft = ? AND "
            "renders.output_json = ? AND sessions.service = ? ORDER BY jobs.began_at DESC LIMIT 1",
            draft, output_text(output), place.service,
        )  # fmt: skip
        return str(rows[0]["clip"]) if rows else None


def _met(rows: Sequence[sqlite3.Row]) -> Before | None:
    if not rows:
        return None
    kept = unpacked(rows[0]["before"])
    return Before(kept["draft"], int(kept["generated"]))
