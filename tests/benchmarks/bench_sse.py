"""Decode 50 MB of 120-byte events in 64 KiB reads; httpx-sse and the openai package do the same in the same run.

Run with ``python tests/benchmarks/bench_sse.py``, after ``pip install httpx-sse openai``. Each peer is driven through
the interface that it gives its users. Processor time counts, rounds are interleaved and the best of each is taken, so
the ratios hold on a busy machine too.
"""

# ruff: noqa: T201

import argparse
import importlib.metadata
import os
import platform
import time
from collections.abc import Callable, Iterator

import httpx
import httpx_sse
from openai._streaming import SSEDecoder as OpenAIDecoder

from nemo_widgets.protocol.sse import SSEDecoder

READ_BYTES = 64 * 1024
EVENT_BYTES = 120
STREAMS = {
    "data": "data: {}\n\n",
    "event, data": "event: delta\ndata: {}\n\n",
    "id, event, data": "id: {number:07}\nevent: delta\ndata: {}\n\n",
    "CRLF, data": "data: {}\r\n\r\n",
    "comments between": ": ping\n\ndata: {}\n\n",
}


def stream(shape: str, size_bytes: int) -> list[bytes]:
    """Return a stream's reads; its data is JSON with a few characters beyond ASCII."""
    count = size_bytes // EVENT_BYTES
    overhead = len(shape.format("", number=0).encode())
    data = '{"type":"text","content":"city lights… '.encode().ljust(EVENT_BYTES - overhead - 2, b"x").decode() + '"}'
    whole = "".join(shape.format(data, number=number) for number in range(count)).encode()
    assert len(whole) == count * EVENT_BYTES
    return [whole[at : at + READ_BYTES] for at in range(0, len(whole), READ_BYTES)]


def ours(reads: list[bytes]) -> Iterator[str]:
    """Decode with this package."""
    decoder = SSEDecoder()
    for read in reads:
        for event in decoder.feed(read):
            yield event.data


def httpx_sse_(reads: list[bytes]) -> Iterator[str]:
    """Decode with httpx-sse."""
    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=iter(reads))
    for event in httpx_sse.EventSource(response).iter_sse():
        yield event.data


def openai(reads: list[bytes]) -> Iterator[str]:
    """Decode with the openai package."""
    for event in OpenAIDecoder().iter_bytes(iter(reads)):
        yield event.data


def seconds(decode: Callable[[list[bytes]], Iterator[str]], reads: list[bytes], count: int) -> float:
    """Return the processor time that it takes to go through all events, whose number and ends are checked."""
    began = time.process_time()
    found = sum(1 for data in decode(reads) if data[-1] == "}")
    elapsed = time.process_time() - began
    assert found == count, f"{decode.__name__}: {found} events instead of {count}"
    return elapsed


def main() -> None:
    """Print throughputs and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    versions = {name: importlib.metadata.version(name) for name in ("httpx-sse", "openai", "httpx")}
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}, {versions}")
    size = f"{options.megabytes} MB of {EVENT_BYTES}-byte events"
    print(f"{size} in {READ_BYTES // 1024} KiB reads, best of {options.rounds}")
    print(f"{'stream':18} {'ours':>11} {'httpx-sse':>11} {'openai':>11}   × httpx-sse   × openai")
    for name, shape in STREAMS.items():
        reads = stream(shape, options.megabytes * 1_000_000)
        count = options.megabytes * 1_000_000 // EVENT_BYTES
        best = dict.fromkeys((ours, httpx_sse_, openai), float("inf"))
        for _ in range(options.rounds):
            for decode in best:
                best[decode] = min(best[decode], seconds(decode, reads, count))
        rates = [f"{options.megabytes / elapsed:6.0f} MB/s" for elapsed in best.values()]
        ratios = [best[peer] / best[ours] for peer in (httpx_sse_, openai)]
        print(
            f"{name:18} {' '.join(f'{rate:>11}' for rate in rates)}   {ratios[0]:11.1f}   {ratios[1]:8.1f}", flush=True
        )


if __name__ == "__main__":
    main()
