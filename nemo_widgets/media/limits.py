"""How long a request about a file may take, of time and of the processors."""

import contextlib
import math
import sys
import threading
import time
from collections.abc import Iterator

LIMITS_S = {
    "probe": 30.0,
    "look": 30.0,
    "clip": 30.0,
    "check": 60.0,
    "facts": 20.0,
    "segment": 60.0,
    "filmstrip": 60.0,
    "waveform": 60.0,
    "snapshot": 60.0,
}
_LIMIT_S = 120.0


def limit_s(what: str) -> float:
    """Return how many seconds a request may take, and also how many of processor time."""
    return LIMITS_S.get(what, _LIMIT_S)


class ProcessorTime:
    """Bounds what this process may take of the processors by what the requests under way may take together.

    The system ends a process that goes beyond it, which native code can't put off. Windows has no such limit.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._granted: list[float] = []

    @contextlib.contextmanager
    def granted(self, seconds: float) -> Iterator[None]:
        """Allow so many seconds more within the block."""
        with self._lock:
            self._granted.append(seconds)
            self._bound()
        try:
            yield
        finally:
            with self._lock:
                self._granted.remove(seconds)
                self._bound()

    def _bound(self) -> None:
        if sys.platform == "win32":
            return
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        allowed = math.ceil(time.process_time() + sum(self._granted)) if self._granted else most
        if most != resource.RLIM_INFINITY:
            allowed = min(allowed, most)
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))
