"""Many messages at one moment, sent with as little work as possible, so that what is measured is the studio.

``bench_studio.py`` starts it: one thread, raw sockets that are open before the moment, requests
that are bytes before the moment, and answers that are kept as they come and read when all is over. On standard input
stands what to send, on standard output what came of it, both as one line of JSON.
"""

# ruff: noqa: T201

import json
import re
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

_TEXT = b'"type":"text"'
_KIND = re.compile(rb'data: \{"type":"(\w+)"')
_LAST = b"\r\n0\r\n\r\n"
_PATIENCE_S = 600.0
_SETTLE_S = 1.0


class Line:
    """One connection, its message, and what came back."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._answer = bytearray()
        self._sent_s = 0.0
        self.event_s: float | None = None
        self._word_s: float | None = None

    def send(self) -> None:
        """Send the whole message: it is far smaller than a socket's buffer."""
        self._sent_s = time.perf_counter()
        self.socket.sendall(self._request)

    def take(self) -> bool:
        """Keep what has come; return whether the answer is over."""
        data = self.socket.recv(65536)
        self._answer += data
        if self._word_s is None:
            now_s = time.perf_counter()
            if self.event_s is None and b"\n\n" in self._answer.partition(b"\r\n\r\n")[2]:
                self.event_s = now_s
            if _TEXT in self._answer:
                self._word_s = now_s
        return not data or self._answer.endswith(_LAST)

    def told(self) -> dict[str, Any]:
        """Return what came of it; times are in milliseconds after the message."""
        head, _, body = bytes(self._answer).partition(b"\r\n\r\n")
        return {
            "status": head.partition(b"\r\n")[0].decode(),
            "is_whole": body.endswith(_LAST),
            "kinds": [kind.decode() for kind in _KIND.findall(body)],
            "event_ms": self._after(self.event_s),
            "word_ms": self._after(self._word_s),
        }

    def _after(self, at_s: float | None) -> float | None:
        return None if at_s is None else (at_s - self._sent_s) * 1000


@dataclass
class Count:
    """How many streams have begun and ended, the most that were open at once, and what all that cost this process."""

    begun: int = 0
    ended: int = 0
    most: int = 0
    first_events_cpu_s: float = 0.0


def run(lines: list[Line], at_s: list[float]) -> Count:
    """Send every message at its time, in seconds from now, and read all answers to their ends."""
    waiting = list(zip(at_s, lines, strict=True))[::-1]
    count = Count()
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as watch:
        for line in lines:
            watch.register(line.socket, selectors.EVENT_READ, line)
        while count.ended < len(lines):
            while waiting and waiting[-1][0] <= time.perf_counter() - began_s:
                waiting.pop()[1].send()
            left_s = waiting[-1][0] - (time.perf_counter() - began_s) if waiting else _PATIENCE_S
            ready = watch.select(max(0.0, left_s))
            assert ready or waiting, "nothing came any more"
            for key, _ in ready:
                was_quiet, is_over = key.data.event_s is None, key.data.take()
                if was_quiet and key.data.event_s is not None:
                    count.begun += 1
                    count.most = max(count.most, count.begun - count.ended)
                    count.first_events_cpu_s = time.process_time() - began_cpu_s
                if is_over:
                    count.ended += 1
                    watch.unregister(key.fileobj)
    return count


def main() -> None:
    """Send everything, read everything, tell."""
    wanted = json.loads(sys.stdin.readline())
    lines = [Line(wanted["port"], request.encode()) for request in wanted["requests"]]
    time.sleep(_SETTLE_S)  # the studio has let all of them in
    count = run(lines, wanted["at_s"])
    told = [line.told() for line in lines]
    print(json.dumps({"lines": told, "cpu_ms": count.first_events_cpu_s * 1000, "most_open": count.most}))


if __name__ == "__main__":
    main()
