"""How long a server may be quiet."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may be quiet, in seconds; an event stream may be as long as its own deadlines allow.

    Attributes
    ----------
    connect_s, answer_s, upload_s : float
        Until there is a connection, until the next piece of an answer, and until the next piece of an upload is taken.
    """

    connect_s: float = 15.0
    answer_s: float = 60.0
    upload_s: float = 300.0

    def timeout(self, *, stream: bool, upload: bool) -> httpx.Timeout:
        """Return it as httpx takes it."""
        if stream:
            return httpx.Timeout(None, connect=self.connect_s, write=self.answer_s)
        return httpx.Timeout(self.upload_s if upload else self.answer_s, connect=self.connect_s, pool=None)
