"""Which program a job belongs to, and whether that program is still there."""

import functools
import os
import socket
import time
from dataclasses import dataclass
from typing import Final

import psutil

_BEGINNINGS_DIFFER_S: Final = 10.0
_FAR_AWAY_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Owner:
    """A process.

    Attributes
    ----------
    host : str
        The machine's name: a home folder may be shared by several.
    pid : int
        Given to another process once this one has ended, so it takes the beginning to tell them apart.
    began_at : float
        When it began, in seconds since 1970.
    """

    host: str
    pid: int
    began_at: float

    @classmethod
    def this(cls) -> "Owner":
        """Return the process that asks; the same each time, though the clock be set meanwhile."""
        return _process(os.getpid())

    def is_gone(self, since: float) -> bool:
        """Whether nobody works on its job any more.

        Parameters
        ----------
        since : float
            When the job began, in seconds since 1970. A process on another machine cannot be looked for: after an hour,
            four times as long as any job may take, it counts as gone.
        """
        if self == Owner.this():
            return False
        if self.host != socket.gethostname():
            return time.time() - since > _FAR_AWAY_S
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.began_at) < _BEGINNINGS_DIFFER_S
            return not same or process.status() == psutil.STATUS_ZOMBIE
        except psutil.AccessDenied:  # somebody else's: this person's has ended
            return True
        except psutil.NoSuchProcess:
            return True


@functools.cache
def _process(pid: int) -> Owner:
    return Owner(socket.gethostname(), pid, psutil.Process(pid).create_time())
