"""What may go when the disk is full, and what never does.

A clip is **in use** for 30 days after it was made or last handed out, and for as long as the job that names it has not
ended. A clip in use is never deleted. When the library has reached its limit, of the other clips those go first that
nobody has used for longest. Their rows stay in the history, and what was exported elsewhere is nobody's business here.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nemo_widgets.library.records import ClipRecord

IN_USE_S: Final = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class Space:
    """What the library takes up, and what of it may go.

    Attributes
    ----------
    size_bytes, max_bytes : int
        Of all clips, and what they may take up.
    unused : tuple of ClipRecord
        Not in use, the one that nobody has used for longest first.
    """

    size_bytes: int
    max_bytes: int
    unused: tuple[ClipRecord, ...]


def to_delete(space: Space, coming_bytes: int = 0) -> list[ClipRecord]:
    """Return the clips that have to go so that `coming_bytes` more fit; all unused ones when they never will.

    Parameters
    ----------
    space : Space
        As it is.
    coming_bytes : int
        Size of a clip that is about to be stored.
    """
    over_bytes = space.size_bytes + coming_bytes - space.max_bytes
    going: list[ClipRecord] = []
    for clip in space.unused:
        if over_bytes <= 0:
            break
        going.append(clip)
        over_bytes -= clip.size_bytes
    return going


def fits(space: Space, coming_bytes: int) -> bool:
    """Whether a clip of this size has a place, once all that must go for it has gone."""
    freed_bytes = sum(clip.size_bytes for clip in to_delete(space, coming_bytes))
    return space.size_bytes - freed_bytes + coming_bytes <= space.max_bytes


def unused(
    clips: Sequence[ClipRecord], held: frozenset[str], now: float, in_use_s: float = IN_USE_S
) -> list[ClipRecord]:
    """Return the clips that are not in use, the one that nobody has used for longest first.

    Parameters
    ----------
    clips : sequence of ClipRecord
        All there are.
    held : frozenset of str
        Digests that unended jobs name.
    now : float
        In seconds since 1970.
    in_use_s : float
        How long a clip is in use after it was last used, in seconds.
    """
    old = [clip for clip in clips if clip.digest not in held and clip.used_at < now - in_use_s]
    return sorted(old, key=lambda clip: (clip.used_at, clip.digest))


def held_digests(db: sqlite3.Connection) -> frozenset[str]:
    """Return the clips that jobs name which have not ended."""
    rows = db.execute("SELECT clip FROM jobs WHERE clip IS NOT NULL AND state IN ('running', 'unclear')")
    return frozenset(str(row[0]) for row in rows)
