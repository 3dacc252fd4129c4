"""Whether anyone needs the studio: requests under way and when the last one ended; and the names it answers to."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Presence:
    """Counts requests; used on the server's loop only."""

    def __init__(self) -> None:
        self.port = 0
        self._under_way = 0
        self._last_seen = monotonic()

    @property
    def origin(self) -> str:
        """The studio's origin, as it writes it into URLs."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The values of a Host header that mean this studio."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    @property
    def idle_s(self) -> float:
        """Seconds since the last request ended; 0 while one is under way."""
        return 0.0 if self._under_way else monotonic() - self._last_seen

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request while the block runs."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._last_seen = monotonic()
