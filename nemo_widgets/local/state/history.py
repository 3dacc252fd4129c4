"""What a session's timeline was before, step by step, so that changes can be taken back and made again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 50
"""How many earlier timelines of a session are kept."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS history (
    session_id TEXT NOT NULL, step INTEGER NOT NULL, undone INTEGER NOT NULL, draft_json TEXT NOT NULL,
    PRIMARY KEY (session_id, step));
"""
"""Steps are numbered in order; the timeline of now has the number between those that are undone and the others."""


@dataclass(frozen=True, slots=True)
class KeptDrafts:
    """The timelines of a session other than the one of now, file URLs in their stored form.

    Attributes
    ----------
    earlier : tuple of Mapping
        Oldest first.
    undone : tuple of Mapping
        The one that would be restored first comes first.
    """

    earlier: tuple[Mapping[str, Any], ...]
    undone: tuple[Mapping[str, Any], ...]


class DraftHistory:
    """Reads and writes them. Changes are made inside a transaction of the caller's.

    Parameters
    ----------
    query : callable
        Runs one SQL statement with its values and returns all rows.
    """

    def __init__(self, query: Callable[..., list[Any]]) -> None:
        self._query = query

    def of(self, session_id: str) -> KeptDrafts:
        """Return what is kept of a session."""
        rows = self._query("SELECT undone, draft_json FROM history WHERE session_id = ? ORDER BY step", session_id)
        earlier, undone = (
            tuple(json.loads(row["draft_json"]) for row in rows if bool(row["undone"]) is side)
            for side in (False, True)
        )
        return KeptDrafts(earlier, undone)

    def push(self, session_id: str, draft_json: str) -> None:
        """Keep the timeline of now as the latest of the earlier ones; what was undone can't be restored any more."""
        self._query("DELETE FROM history WHERE session_id = ? AND undone = 1", session_id)
        step = self._now(session_id)
        self._insert(session_id, step, False, draft_json)
        self._query("DELETE FROM history WHERE session_id = ? AND step <= ?", session_id, step - LONGEST)

    def move(self, session_id: str, steps: int, draft_json: str) -> None:
        """Let another timeline be the one of now.

        Parameters
        ----------
        steps : int
            How many steps forward; negative ones take changes back. There must be so many.
        draft_json : str
            The timeline of now, which is kept on the other side.
        """
        now = self._now(session_id)
        goal = now + steps
        self._query("DELETE FROM history WHERE session_id = ? AND step = ?", session_id, goal)
        self._insert(session_id, now, steps < 0, draft_json)
        self._query("UPDATE history SET undone = (step > ?) WHERE session_id = ?", goal, session_id)

    def _insert(self, session_id: str, step: int, undone: bool, draft_json: str) -> None:
        self._query("INSERT INTO history VALUES (?, ?, ?, ?)", session_id, step, int(undone), draft_json)

    def _now(self, session_id: str) -> int:
        (row,) = self._query(
            "SELECT MAX(CASE undone WHEN 0 THEN step END) AS last, MIN(CASE undone WHEN 1 THEN step END) AS next "
            "FROM history WHERE session_id = ?",
            session_id,
        )
        if row["last"] is not None:
            return int(row["last"]) + 1
        return 1 if row["next"] is None else int(row["next"]) - 1
