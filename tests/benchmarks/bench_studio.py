"""Two hundred sessions that stream at once from one local studio, with eight renders in its queue.

Run with ``python tests/benchmarks/bench_studio.py``. The studio is a process of its own at its lifelike pace, as a
class uses it; each session asks for a clip, which is really drawn, by the same processes as the renders. All messages
differ. They come from a third process (``crowd_of_streams.py``) over connections that are open before, as those of a
client are that has opened a session. The time to the first event is from the first byte of the request to the last of
the event; the first *word* is what a person reads first. ``--within 0`` sends all messages in the same moment.
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
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nemo_widgets.protocol.address import StudioAddress, parse_address

BAR_MS = 300
HERE = Path(__file__).parent
PROMPT = "a 1-second clip of the {place} {light}, {camera}, no music, no title, seed {number}"
PLACES = ("sea", "forest", "mountains", "clouds")
LIGHTS = ("at noon", "at dusk", "at night", "at sunrise", "in autumn")
CAMERAS = ("handheld", "slow push in", "pan left")
DRAFT = {"t": [{"tt": 0, "sg": [{"s": 0, "d": 2000, "m": {"name": "the sea", "scene": "sea"}}]}], "d": 2000}


@dataclass(frozen=True, slots=True)
class Process:
    """A studio that runs, and where it will write how long its answers took."""

    address: StudioAddress
    times: Path
    running: subprocess.Popen[bytes]


@contextmanager
def studio_process() -> Iterator[Process]:
    """Run a studio in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nemo-bench-") as folder:
        file, times = Path(folder) / "address.json", Path(folder) / "times.json"
        command = [sys.executable, str(HERE / "timed_studio.py"), "--speed", "lifelike", "--credits", "1000000"]
        command += ["--state-dir", f"{folder}/state", "--address-file", str(file)]
        with subprocess.Popen(command, env={**os.environ, "NEMO_BENCH_TIMES": str(times)}) as process:
            try:
                while not file.exists():
                    assert process.poll() is None, "the studio did not start"
                    time.sleep(0.05)
                address = parse_address(file.read_text("utf-8"))
                assert address is not None
                yield Process(address, times, process)
            finally:
                process.terminate()


class Caller:
    """Opens sessions and looks after renders."""

    def __init__(self, address: StudioAddress) -> None:
        self.port = int(address.url.rpartition(":")[2])
        self._head = (
            f"Host: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {address.token}\r\n"
            "X-Skill-Source: video-generative\r\nX-Skill-Version: 1.0.0\r\nX-Skill-Platform: unknown\r\n"
            "Content-Type: application/json\r\n"
        )

    def request(self, method: str, path: str, body: object = None, *, more: str = "") -> str:
        """Return a whole request."""
        data = "" if body is None else json.dumps(body)
        return f"{method} {path} HTTP/1.1\r\n{self._head}{more}Content-Length: {len(data)}\r\n\r\n{data}"

    def message(self, session: str, number: int) -> str:
        """Return the request that sends a session's message."""
        prompt = PROMPT.format(
            place=PLACES[number % len(PLACES)],
            light=LIGHTS[number % len(LIGHTS)],
            camera=CAMERAS[number % len(CAMERAS)],
            number=number,
        )
        body = {"session_id": session, "new_message": {"parts": [{"text": prompt}]}}
        return self.request("POST", "/run_sse", body, more="Accept: text/event-stream\r\n")

    async def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return what a call answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self.request(method, path, body, more="Connection: close\r\n").encode())
        head, _, data = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200"), data
        return dict(json.loads(data)["data"])

    async def open_session(self) -> str:
        """Return the id of a new session."""
        task = {"task_name": "bench", "language": "en"}
        return str((await self.call("POST", "/api/tasks/me/with-session/nemo_agent", task))["session_id"])

    async def render(self, session: str, number: int) -> str:
        """Hand a render in and wait for its end; return what went wrong."""
        job = f"render_{number}"
        body = {"id": job, "sessionId": session, "draft": DRAFT, "output": {"format": "mp4", "quality": "high"}}
        await self.call("POST", "/api/render/proxy/lambda", body)
        while True:
            told = await self.call("GET", f"/api/render/proxy/lambda/{job}")
            if told["status"] in ("completed", "failed"):
                return "" if told["status"] == "completed" else f"{job}: {told.get('error')}"
            await asyncio.sleep(1)


async def crowd(caller: Caller, requests: Sequence[str], at_s: Sequence[float]) -> dict[str, Any]:
    """Have the messages sent by a process of their own."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "crowd_of_streams.py"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=2**26
    )
    wanted = json.dumps({"port": caller.port, "requests": requests, "at_s": at_s})
    said, _ = await sender.communicate(wanted.encode())
    assert sender.returncode == 0, "the messages were not sent"
    return dict(json.loads(said))


async def measured(
    address: StudioAddress, sessions: int, renders: int, within_s: float
) -> tuple[dict[str, Any], list[str]]:
    """Let sessions stream, begun within some seconds, while renders wait and run; return that and what went wrong."""
    caller = Caller(address)
    # Words are read and processes started once before: a class does not meet a studio cold.
    await crowd(caller, [caller.message(await caller.open_session(), 10_000)], [0])
    ids = [await caller.open_session() for _ in range(sessions)]
    queue = [asyncio.create_task(caller.render(ids[number], number)) for number in range(renders)]
    await asyncio.sleep(0.5)
    messages = [caller.message(session, number) for number, session in enumerate(ids)]
    seen = await crowd(caller, messages, [within_s * number / sessions for number in range(sessions)])
    errors = [problem for problem in await asyncio.gather(*queue) if problem]
    for number, line in enumerate(seen["lines"]):
        kinds = line["kinds"]
        if (
            line["status"] != "HTTP/1.1 200 OK"
            or not line["is_whole"]
            or "error" in kinds
            or "tool_result" not in kinds
        ):
            errors.append(f"session {number}: {line['status']}, {sorted(set(kinds))}, whole: {line['is_whole']}")
    return seen, errors


def told(times_ms: Sequence[float]) -> str:
    """Return what a list of times is like."""
    ordered = sorted(times_ms)
    median, p95, worst = (ordered[round(share * (len(ordered) - 1))] for share in (0.5, 0.95, 1))
    return f"median {median:.0f} ms, p95 {p95:.0f} ms, worst {worst:.0f} ms"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--renders", type=int, default=8)
    parser.add_argument("--within", type=float, default=5.0, metavar="S", help="all messages are sent within S seconds")
    chosen = parser.parse_args()
    began_s = time.monotonic()
    with studio_process() as process:
        seen, errors = asyncio.run(measured(process.address, chosen.sessions, chosen.renders, chosen.within))
        process.running.terminate()
        process.running.wait()
        own = json.loads(process.times.read_text("utf-8"))[-chosen.sessions :]
    lines = seen["lines"]
    first_ms = [line["event_ms"] for line in lines if line["event_ms"] is not None]
    word_ms = [line["word_ms"] for line in lines if line["word_ms"] is not None]
    kinds = Counter(line["kinds"][0] for line in lines if line["kinds"])
    print(
        f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python "
        f"{platform.python_version()}; {chosen.sessions} messages within {chosen.within:g} s, {chosen.renders} renders"
    )
    print(f"first event ({', '.join(f'{count} {kind}' for kind, count in kinds.items())}): {told(first_ms)}")
    print(f"first word: {told(word_ms)}")
    own_ms = [taken for taken, *_ in own]
    print(f"the studio's own time, from a request's bytes to the first event written: {told(own_ms)}")
    work_ms = max(after for *_, after in own) - min(before for _, before, _ in own)
    print(f"the work of the studio's own thread until the last first event: {work_ms:.0f} ms")
    print(f"the client's work until the last first event, on the same processors: {seen['cpu_ms']:.0f} ms")
    count = sum(len(line["kinds"]) for line in lines)
    print(f"streams open at once: {seen['most_open']}; events: {count}; {time.monotonic() - began_s:.0f} s in all")
    print(f"errors: {len(errors)}", *errors[:5], sep="\n  ")
    is_met = not errors and sorted(first_ms)[round(0.95 * (len(first_ms) - 1))] < BAR_MS
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
