"""How late 50 events a second reach a job while a cell runs a Python loop: on the job loop and on the kernel's own.

Run with ``python tests/benchmarks/bench_jobs.py``. A server in this process sends the moment of sending; in a real
kernel the same coroutine listens twice at once, as a job and as a task on the kernel's loop, while the cell computes.
Both meet the same machine in the same seconds, so their ratio holds on a busy one too.
"""

# ruff: noqa: T201

import argparse
import asyncio
import json
import platform
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

EVENTS_PER_S = 50

_CELL = """
    import asyncio, json, time
    from nemo_widgets import kernel

    async def listen():
        reader, writer = await asyncio.open_connection("127.0.0.1", {port})
        late_s = []
        while line := await reader.readline():
            late_s.append(time.monotonic() - float(line))
        writer.close()
        return late_s

    job, task = kernel.submit(listen()), asyncio.create_task(listen())
    await asyncio.sleep(0.2)  # both listen before the first event is sent
    ends_at, turns = time.monotonic() + {seconds}, 0
    while time.monotonic() < ends_at:
        turns += 1
    print(json.dumps([await job, await task]))
"""


@dataclass(frozen=True)
class Lateness:
    """Seconds from sending to hearing of each event, in order, on the job loop and on the kernel's."""

    job_s: list[float]
    kernel_s: list[float]

    @property
    def ratio(self) -> float:
        """The job's p95 over that of the kernel's loop."""
        return p95(self.job_s) / p95(self.kernel_s)


def p95(seconds: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


@contextmanager
def _sending(seconds: float) -> Iterator[int]:
    """Send events for some seconds to the two that connect; gives the port."""
    loop = asyncio.new_event_loop()
    both = asyncio.Event()
    connected = 0

    async def send(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1
        if connected == 2:
            both.set()
        await both.wait()
        begun_s = time.monotonic() + 0.3
        for number in range(round(seconds * EVENTS_PER_S)):
            await asyncio.sleep(begun_s + number / EVENTS_PER_S - time.monotonic())
            writer.write(f"{time.monotonic()}\n".encode())
        await writer.drain()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(send, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


def measured(seconds: float) -> Lateness:
    """Listen for some seconds while a cell computes a little longer."""
    manager, client = start_new_kernel()
    try:
        with _sending(seconds) as port:
            return Lateness(*json.loads(_printed(client, _CELL.format(port=port, seconds=seconds + 0.5))))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _printed(client: BlockingKernelClient, code: str) -> str:
    printed: list[str] = []

    def hear(message: dict[str, dict[str, str]]) -> None:
        printed.append(message["content"].get("text") or "\n".join(message["content"].get("traceback", [])))

    client.execute_interactive(textwrap.dedent(code), output_hook=hear, timeout=120)
    return "".join(printed)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    found = measured(parser.parse_args().seconds)
    print(
        f"{platform.system()}, Python {platform.python_version()}, {len(found.job_s)} events at {EVENTS_PER_S} a second"
    )
    for name, late_s in (("job loop", found.job_s), ("kernel's own loop", found.kernel_s)):
        over = sum(seconds > 0.1 for seconds in late_s)
        print(f"{name}: p95 {p95(late_s) * 1000:.1f} ms late, worst {max(late_s) * 1000:.1f} ms, {over} over 100 ms")
    print(f"ratio of p95: 1/{1 / found.ratio:.0f}")


if __name__ == "__main__":
    main()
