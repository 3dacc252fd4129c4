"""Where a running local studio is found: its owner-only address file. And how one is told by its answers."""

import json
from dataclasses import asdict, dataclass, field
from typing import Final

STUDIO_SERVER: Final = "nemo-widgets-local-studio"
"""The ``Server`` header of a local studio: who reaches one by its address learns that it draws and is no AI."""

PASSING: Final = "_passing"
"""How the ids of sessions end at a local studio that keeps nothing: when it ends, they are gone for good."""


@dataclass(frozen=True, slots=True)
class StudioAddress:
    """How to reach one local studio process.

    Attributes
    ----------
    url : str
        Its origin, ``http://127.0.0.1:<port>``.
    token : str
        The bearer token it asks for; never part of a repr.
    pid : int
        Its process id.
    started_at : float
        When it started, in seconds since the epoch. With `pid` it tells a reused process id from the studio's own.
    version : str
        The package version it runs; each version has a studio of its own.
    """

    url: str
    token: str = field(repr=False)
    pid: int
    started_at: float
    version: str

    def dump(self) -> str:
        """Return the file's content."""
        return json.dumps(asdict(self))


def parse_address(text: str) -> StudioAddress | None:
    """Read an address file; None when it is unfinished or not one."""
    try:
        raw = json.loads(text)
        return StudioAddress(
            url=str(raw["url"]),
            token=str(raw["token"]),
            pid=int(raw["pid"]),
            started_at=float(raw["started_at"]),
            version=str(raw["version"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
