"""The library of one person: the ledger and the clips, in one folder, below one limit."""

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nemo_widgets.errors import LibraryError
from nemo_widgets.library.clips import ClipStore, StoredClip
from nemo_widgets.library.database import PATIENCE_S, Database
from nemo_widgets.library.housekeeping import IN_USE_S, Space, fits, held_digests, to_delete, unused
from nemo_widgets.library.ledger import Ledger
from nemo_widgets.library.records import ClipRecord
from nemo_widgets.library.scrub import scrubbed

DATABASE: Final = "library.sqlite3"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was, or would be, deleted.

    Attributes
    ----------
    clips : tuple of ClipRecord
        Clips that are not in use.
    abandoned : tuple of Path
        Downloads that nobody goes on with.
    size_bytes : int
        What the library took up before.
    freed_bytes : int
        By how much that shrinks.
    """

    clips: tuple[ClipRecord, ...]
    abandoned: tuple[Path, ...]
    size_bytes: int
    freed_bytes: int


class Library:
    """Jobs and clips that outlive the kernel. Safe to use from several threads and programs at once.

    Parameters
    ----------
    folder : Path
        Made, for its owner alone, when something is first kept.
    max_bytes : int
        What the clips may take up.
    tell : callable
        Takes what a person should know.
    clock : callable
        The time, in seconds since 1970.
    patience_s : float
        How long to wait for another program, in seconds.

    Attributes
    ----------
    ledger : Ledger
        The rows.
    clips : ClipStore
        The files.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int,
        tell: Callable[[str], None] = lambda words: None,
        clock: Callable[[], float] = time.time,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.database = Database(folder / DATABASE, tell=tell, patience_s=patience_s)
        self.ledger = Ledger(self.database, clock=clock)
        self.clips = ClipStore(folder)
        self._clock = clock

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept here."""
        return self.database.file.exists()

    def keep(self, part: Path, facts: Mapping[str, Any], poster: bytes | None = None) -> StoredClip:
        """Take a whole file from ``clips.incoming``, making room for it.

        Raises
        ------
        LibraryError
            There is no room for it, or it cannot be written.
        """
        facts = scrubbed(facts)
        size_bytes = part.stat().st_size
        self._make_room(size_bytes)
        clip = self.clips.take_in(part, facts, poster)
        self.database.write(lambda db: self._add(db, clip.digest, clip.size_bytes, facts))
        return clip

    def use(self, digest: str) -> bool:
        """Note that a clip is handed out now; return whether it is there."""

        def used(db: sqlite3.Connection) -> bool:
            changed = db.execute("UPDATE clips SET used_at = ? WHERE digest = ?", (self._clock(), digest))
            return changed.rowcount > 0

        return bool(digest) and self.database.write(used) and self.clips.has(digest)

    def all_clips(self) -> list[ClipRecord]:
        """Return the clips, oldest first."""
        return self.database.read(_clips)

    def clean(self, *, unused_for_s: float | None = None, dry_run: bool = False) -> Cleaning:
        """Delete what is over the limit and not in use, and downloads that nobody goes on with.

        Parameters
        ----------
        unused_for_s : float, optional
            Delete every clip that nobody has used for so many seconds, whatever the limit; those of jobs that have not
            ended stay.
        dry_run : bool
            Delete nothing, only tell.
        """
        if not dry_run:
            self._take_over_strays()
        space, abandoned = self._space(), self.clips.abandoned()
        parts_bytes = sum(part.stat().st_size for part in abandoned)
        if unused_for_s is None:
            going = to_delete(space)
        else:
            going = self.database.read(lambda db: unused(_clips(db), held_digests(db), self._clock(), unused_for_s))
        if not dry_run:
            self._delete(going, IN_USE_S if unused_for_s is None else unused_for_s)
            self._drop(abandoned)
        freed_bytes = parts_bytes + sum(clip.size_bytes for clip in going)
        return Cleaning(tuple(going), tuple(abandoned), space.size_bytes, freed_bytes)

    def forget(self, *jobs: str) -> int:
        """Take jobs out of the history; what clips only they named is not in use any more. Return how many."""

        def release(db: sqlite3.Connection) -> None:
            for job in jobs:
                db.execute(
                    "UPDATE clips SET used_at = 0 WHERE digest IN (SELECT clip FROM jobs WHERE id = ?) AND digest NOT "
                    "IN (SELECT clip FROM jobs WHERE clip IS NOT NULL AND id != ?)",
                    (job, job),
                )

        self.database.write(release)
        return self.ledger.forget(jobs)

    def close(self) -> None:
        """Close the database; it is opened again when it is next used."""
        self.database.close()

    def _space(self) -> Space:
        def idle(db: sqlite3.Connection) -> list[ClipRecord]:
            return unused(_clips(db), held_digests(db), self._clock())

        return Space(self.clips.size_bytes(), self.max_bytes, tuple(self.database.read(idle)))

    def _make_room(self, coming_bytes: int) -> None:
        self._drop(self.clips.abandoned())
        space = self._space()
        # What is coming lies in `incoming` already, and is counted.
        space = Space(space.size_bytes - coming_bytes, space.max_bytes, space.unused)
        if not fits(space, coming_bytes):
            raise LibraryError(
                f"The library has no room for this clip: it holds {space.size_bytes / 1e9:.1f} GB of clips in use, and "
                f"may have {self.max_bytes / 1e9:.1f} GB. Make room with nemo-widgets clean --unused-for 7, or set "
                "NEMO_LIBRARY_MAX_BYTES."
            )
        self._delete(to_delete(space, coming_bytes), IN_USE_S)

    def _delete(self, clips: list[ClipRecord], in_use_s: float) -> None:
        """Delete clips, but for those that somebody has begun to use since."""
        if not clips:
            return
        wanted = {clip.digest for clip in clips}

        def gone(db: sqlite3.Connection) -> list[str]:
            still = unused(_clips(db), held_digests(db), self._clock(), in_use_s)
            going = [clip.digest for clip in still if clip.digest in wanted]
            for digest in going:
                db.execute("DELETE FROM clips WHERE digest = ?", (digest,))
            return going

        for digest in self.database.write(gone):
            self.clips.delete(digest)

    def _drop(self, parts: Sequence[Path]) -> None:
        for part in parts:
            with suppress(OSError):
                part.unlink()

    def _take_over_strays(self) -> None:
        """Give a row to clips that have none, as after a crash, and no row to clips that are not there."""
        there = set(self.clips.digests())
        known = {clip.digest for clip in self.all_clips()}

        def settle(db: sqlite3.Connection) -> None:
            for digest in there - known:
                facts = self.clips.facts(digest)
                self._add(db, digest, self.clips.path(digest).stat().st_size, facts)
            for digest in known - there:
                db.execute("DELETE FROM clips WHERE digest = ?", (digest,))

        if there != known:
            self.database.write(settle)

    def _add(self, db: sqlite3.Connection, digest: str, size_bytes: int, facts: Mapping[str, Any]) -> None:
        now = self._clock()
        db.execute(
            "INSERT INTO clips (digest, size_bytes, made_at, used_at, facts_json) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at",
            (digest, size_bytes, now, now, json.dumps(facts)),
        )


def _clips(db: sqlite3.Connection) -> list[ClipRecord]:
    rows = db.execute("SELECT * FROM clips ORDER BY made_at, digest")
    return [
        ClipRecord(row["digest"], row["size_bytes"], row["made_at"], row["used_at"], json.loads(row["facts_json"]))
        for row in rows
    ]
