"""Two hundred sessions that stream at once from one local studio, with eight renders in its queue.

Run with ``python tests/benchmarks/bench_studio.py``. The studio is a process of its own at its lifelike pace, as a
class uses it; each session asks for a clip, which is really drawn, by the same processes as the renders. The time to
the first event is from the first byte of the request to the last of the event. ``--within 0`` sends all messages in the
same moment.
"""

# ruff: noqa: T201

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nemo_widgets.protocol.address import StudioAddress, parse_address

BAR_MS = 300
PROMPT = "a 1-second clip of the {place}, no music, no title"
PLACES = ("sea", "forest", "mountains", "clouds")
DRAFT = {"t": [{"tt": 0, "sg": [{"s": 0, "d": 2000, "m": {"name": "the sea", "scene": "sea"}}]}], "d": 2000}


@dataclass
class Seen:
    """What came of it: milliseconds to each first event, what went wrong, the most streams that were open at once."""

    first_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0
    events: int = 0

    def p(self, share: float) -> float:
        """Return a quantile of the times to the first event, in milliseconds."""
        return sorted(self.first_ms)[round(share * (len(self.first_ms) - 1))]


@contextmanager
def studio_process() -> Iterator[StudioAddress]:
    """Run a studio in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nemo-bench-") as folder:
        file = Path(folder) / "address.json"
        command = [sys.executable, "-m", "nemo_widgets.local", "--speed", "lifelike", "--credits", "1000000"]
        with subprocess.Popen([*command, "--state-dir", f"{folder}/state", "--address-file", str(file)]) as process:
            try:
                while not file.exists():
                    assert process.poll() is None, "the studio did not start"
                    time.sleep(0.05)
                address = parse_address(file.read_text("utf-8"))
                assert address is not None
                yield address
            finally:
                process.terminate()


class Caller:
    """Makes calls with as little work as possible, so that what is measured is the studio."""

    def __init__(self, address: StudioAddress) -> None:
        self._port = int(address.url.rpartition(":")[2])
        self._head = (
            f"Host: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {address.token}\r\nConnection: close\r\n"
            "X-Skill-Source: video-generative\r\nX-Skill-Version: 1.0.0\r\nX-Skill-Platform: unknown\r\n"
        )

    async def pieces(self, method: str, path: str, body: object = None) -> AsyncIterator[bytes]:
        """Send a request; give the head of its answer, and then its lines."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        try:
            yield await reader.readuntil(b"\r\n\r\n")
            while line := await reader.readline():
                yield line
        finally:
            writer.close()

    async def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return what a call answers."""
        head, *rest = [piece async for piece in self.pieces(method, path, body)]
        answer = json.loads(b"".join(rest))
        assert head.startswith(b"HTTP/1.1 200"), answer
        return dict(answer["data"])

    async def open_session(self) -> str:
        """Return the id of a new session."""
        task = {"task_name": "bench", "language": "en"}
        return str((await self.call("POST", "/api/tasks/me/with-session/nemo_agent", task))["session_id"])


async def stream(caller: Caller, session: str, number: int, wait_s: float, seen: Seen) -> None:
    """Send one message and read its answer to the end."""
    await asyncio.sleep(wait_s)
    prompt = PROMPT.format(place=PLACES[number % len(PLACES)])
    message = {"session_id": session, "new_message": {"parts": [{"text": prompt}]}}
    began_s, is_first, kinds = time.perf_counter(), True, set()
    try:
        async for piece in caller.pieces("POST", "/run_sse", message):
            if piece.startswith(b"HTTP/1.1") and not piece.startswith(b"HTTP/1.1 200"):
                seen.errors.append(piece.decode().splitlines()[0])
            if piece.startswith(b"data:"):
                if is_first:
                    seen.first_ms.append((time.perf_counter() - began_s) * 1000)
                    is_first = False
                    seen.open_now += 1
                    seen.open_most = max(seen.open_most, seen.open_now)
                seen.events += 1
                kinds.add(json.loads(piece[5:]).get("type"))
    except OSError as problem:
        seen.errors.append(repr(problem))
    seen.open_now -= not is_first
    if "error" in kinds or "tool_result" not in kinds:
        seen.errors.append(f"session {number} ended with {sorted(kinds)}")


async def render(caller: Caller, session: str, number: int, seen: Seen) -> None:
    """Hand a render in and wait for its end."""
    job = f"render_{number}"
    body = {"id": job, "sessionId": session, "draft": DRAFT, "output": {"format": "mp4", "quality": "high"}}
    await caller.call("POST", "/api/render/proxy/lambda", body)
    while True:
        told = await caller.call("GET", f"/api/render/proxy/lambda/{job}")
        if told["status"] in ("completed", "failed"):
            break
        await asyncio.sleep(1)
    if told["status"] != "completed":
        seen.errors.append(f"{job}: {told['status']} {told.get('error')}")


async def measured(address: StudioAddress, sessions: int, renders: int, within_s: float) -> Seen:
    """Let sessions stream, begun within some seconds, while renders wait and run."""
    caller, seen = Caller(address), Seen()
    # Words are read and processes started once before: a class does not meet a studio cold.
    await stream(caller, await caller.open_session(), 0, 0, Seen())
    ids = [await caller.open_session() for _ in range(sessions)]
    queue = [asyncio.create_task(render(caller, ids[number], number, seen)) for number in range(renders)]
    await asyncio.sleep(0.5)
    waits_s = [within_s * number / sessions for number in range(sessions)]
    streams = [stream(caller, session, number, waits_s[number], seen) for number, session in enumerate(ids)]
    await asyncio.gather(*streams, *queue)
    return seen


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--renders", type=int, default=8)
    parser.add_argument("--within", type=float, default=5.0, metavar="S", help="all messages are sent within S seconds")
    chosen = parser.parse_args()
    began_s = time.monotonic()
    with studio_process() as address:
        seen = asyncio.run(measured(address, chosen.sessions, chosen.renders, chosen.within))
    print(
        f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python "
        f"{platform.python_version()}; {chosen.sessions} messages within {chosen.within:g} s, {chosen.renders} renders"
    )
    print(f"first event: median {seen.p(0.5):.0f} ms, p95 {seen.p(0.95):.0f} ms, worst {seen.p(1):.0f} ms")
    print(f"streams open at once: {seen.open_most}; events: {seen.events}; {time.monotonic() - began_s:.0f} s in all")
    print(f"errors: {len(seen.errors)}", *seen.errors[:5], sep="\n  ")
    sys.exit(0 if not seen.errors and seen.p(0.95) < BAR_MS else 1)


if __name__ == "__main__":
    main()
