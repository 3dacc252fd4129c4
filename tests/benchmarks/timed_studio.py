"""A studio process with a stop-watch: ``python -m nemo_widgets.local``, which writes down how long its answers took.

``bench_studio.py`` starts it. For every message it takes the time from when the loop hands over its bytes to when the
first bytes of the answer's body have been written to the socket, and how much the server's thread has worked by then.
"""

import atexit
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from uvicorn.protocols.http import h11_impl

from nemo_widgets.local.__main__ import main
from nemo_widgets.local.server.connections import Connection

TIMES = "NEMO_BENCH_TIMES"
"""The environment variable that says where to write."""


def watch(taken_ms: list[tuple[float, float, float]]) -> None:
    """Have a list grow by each answer: its time to the first event, and the thread's work before and after, in ms."""
    received_s: dict[Any, tuple[float, float]] = {}
    take, send = Connection.data_received, h11_impl.RequestResponseCycle.send

    def timed_take(self: Connection, data: bytes) -> None:
        if data.startswith(b"POST /run_sse"):
            received_s[self.client] = time.perf_counter(), time.thread_time()
        take(self, data)

    async def timed_send(self: Any, message: Any) -> None:
        await send(self, message)
        if message["type"] == "http.response.body":
            began = received_s.pop(self.scope["client"], None)
            if began is not None:
                began_s, worked_s = began
                taken_ms.append(((time.perf_counter() - began_s) * 1000, worked_s * 1000, time.thread_time() * 1000))

    Connection.data_received = timed_take  # type: ignore[method-assign]
    h11_impl.RequestResponseCycle.send = timed_send  # type: ignore[method-assign]


if __name__ == "__main__":
    taken_ms: list[tuple[float, float, float]] = []
    watch(taken_ms)
    atexit.register(lambda: Path(os.environ[TIMES]).write_text(json.dumps(taken_ms), "utf-8"))
    sys.exit(main())
