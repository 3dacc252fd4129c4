"""Crowds of connections, and requests without an end."""

import asyncio
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.server import connections
from nemo_widgets.protocol.address import StudioAddress, parse_address

from ..conftest import Caller, TinyEngine, events, until
from .sockets import answer_of, answer_of_head, head, port_of, raw

MakeStudio = Callable[..., LocalStudio]

CROWD = 10_000
FEWER = 2_000  # four times as many as are kept: most are let go again, as they are of ten thousand


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run one studio for all tests that only knock at it."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


@contextmanager
def studio_process(folder: Path) -> Iterator[StudioAddress]:
    """Run a studio as a process, so that it shares no open files with its attacker."""
    file = folder / "address.json"
    command = [sys.executable, "-m", "nemo_widgets.local", "--state-dir", str(folder / "state"), "--speed", "instant"]
    with subprocess.Popen([*command, "--address-file", str(file)], stderr=subprocess.PIPE) as process:
        try:
            yield until(lambda: parse_address(file.read_text()) if file.exists() else None, bool)  # type: ignore[misc]
        finally:
            process.terminate()
            assert process.stderr is not None
            said = process.stderr.read().decode()
    assert "Traceback" not in said, said


@pytest.fixture
def many_files() -> Iterator[int]:
    """Let this process have as many files open as it may."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else 2 * CROWD
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    yield most
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("size", [FEWER, pytest.param(CROWD, marks=pytest.mark.slow)])
def test_thousands_of_connections_leave_the_studio_answering(tmp_path: Path, many_files: int, size: int) -> None:
    assert size > 3 * connections.MOST_CONNECTIONS
    said = (b"", b"GET /api/credits/balance/simple HTTP/1.1\r\nHost: 127.0.0.1")
    with studio_process(tmp_path) as studio, contextlib.ExitStack() as held:
        call = Caller(studio.url, studio.token)
        held.enter_context(call.http)
        before = call.credits()
        took_s = []
        crowd: list[socket.socket] = []
        for number in range(size):
            if len(crowd) > many_files - 500:
                crowd.pop(0).close()
            crowd.append(held.enter_context(raw(studio)))
            crowd[-1].sendall(said[number % 2])
            if number % 500 == 499:
                began_s = time.monotonic()
                with Caller(studio.url, studio.token).http as newcomer:
                    assert newcomer.get("/api/credits/balance/simple").status_code == 200
                took_s.append(time.monotonic() - began_s)
        assert max(took_s) < 5, took_s
        assert psutil.Process(studio.pid).num_fds() < connections.MOST_CONNECTIONS + 300
        assert call.credits() == before, "the connection of someone known was let go"


def test_the_crowd_is_held_off_and_whoever_is_known_or_busy_stays(
    make_studio: MakeStudio, tiny: TinyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nemo_widgets.local.server.serving.most_connections", lambda: 10)
    with make_studio() as studio, contextlib.ExitStack() as held:
        call = Caller(studio.url, studio.token)
        held.enter_context(call.http)
        session = call.open_session()
        known = http.client.HTTPConnection("127.0.0.1", port_of(studio), timeout=10)
        known.request("GET", "/api/credits/balance/simple", headers=dict(call.http.headers))
        known.getresponse().read()
        mine = known.sock
        tiny.gate.clear()
        with call.chat(session, "a city") as answer:
            arriving = events(answer)
            next(event for event in arriving if event["type"] == "tool_call")
            crowd = [held.enter_context(raw(studio)) for _ in range(40)]
            for stranger in crowd[:30]:
                assert answer_of(stranger) == b""
            tiny.gate.set()
            assert "text" in [event["type"] for event in arriving]
        known.request("GET", "/api/credits/balance/simple", headers=dict(call.http.headers))
        assert known.getresponse().status == 200
        assert known.sock is mine
        known.close()


@pytest.mark.parametrize("most", [1, 3])
def test_a_crowd_of_known_connections_is_bounded_too(
    make_studio: MakeStudio, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("nemo_widgets.local.server.serving.most_connections", lambda: most)
    with make_studio() as studio:
        for _ in range(3):
            callers = [Caller(studio.url, studio.token) for _ in range(8)]
            for call in callers:
                assert call.credits()["available"] == 10_000
            for call in callers:
                call.http.close()


@pytest.mark.parametrize("begin", ["", "GET / HTTP/1.1\r\nHost: 127.0.0.1", "POST /run_sse HTTP/1.1\r\nX: "])
def test_a_head_that_does_not_arrive_in_time_is_given_up(make_studio: MakeStudio, begin: str) -> None:
    with make_studio(options=Options(workers=1, head_timeout_s=0.3)) as studio, raw(studio) as slow:
        began_s = time.monotonic()
        slow.sendall(begin.encode())
        trickling = threading.Thread(target=_trickle, args=(slow,))
        trickling.start()
        assert answer_of(slow) == b""
        assert time.monotonic() - began_s < 3
        trickling.join()


def _trickle(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        for _ in range(100):
            time.sleep(0.05)
            connection.sendall(b"a")


def test_a_head_that_trickles_after_an_answer_is_given_up_too(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, head_timeout_s=0.3)) as studio, raw(studio) as slow:
        slow.sendall(head(studio, "GET /api/credits/balance/simple HTTP/1.1"))
        seen = b""
        while not seen.endswith(b"}}"):
            seen += slow.recv(65536)
        slow.sendall(b"GET /")
        assert answer_of(slow) == b""


def test_a_refused_body_may_not_go_on_for_ever(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, head_timeout_s=0.3)) as studio, raw(studio) as endless:
        endless.sendall(head(studio, "POST /run_sse HTTP/1.1", "Transfer-Encoding: chunked", token=False))
        assert endless.recv(65536).startswith(b"HTTP/1.1 401")
        began_s = time.monotonic()
        assert _sends_until_it_breaks(endless, b"1000\r\n" + b"a" * 0x1000 + b"\r\n")
        assert time.monotonic() - began_s < 5


def _sends_until_it_breaks(connection: socket.socket, piece: bytes) -> bool:
    with contextlib.suppress(OSError):
        for _ in range(1000):
            connection.sendall(piece)
            time.sleep(0.01)
        return False
    return True


def test_a_body_that_trickles_is_given_up_in_the_end(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, body_timeout_s=0.5)) as studio, raw(studio) as slow:
        slow.sendall(head(studio, "POST /run_sse HTTP/1.1", "Content-Length: 1000"))
        trickling = threading.Thread(target=_trickle, args=(slow,))
        trickling.start()
        began_s = time.monotonic()
        assert slow.recv(100).split()[1] == b"408"
        assert time.monotonic() - began_s < 3
        slow.close()
        trickling.join()


def test_an_upload_that_arrives_steadily_is_not_given_up(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, body_timeout_s=0.5)) as studio:
        call = Caller(studio.url, studio.token)

        def slowly() -> Iterator[bytes]:
            yield b'{"task_name": "'
            for _ in range(10):
                time.sleep(0.1)
                yield b"a" * 16 * 1024
            yield b'"}'

        with call.http:
            assert call.http.post("/api/tasks/me/with-session/nemo_agent", content=slowly()).status_code == 200


@pytest.mark.parametrize(
    "lines",
    [
        [f"X-{number}: {'a' * 1000}" for number in range(200)],
        ["X: " + "a" * 1_000_000],
        ["a" * 200_000],
        [f"X-{number}: a" for number in range(20_000)],
    ],
)
def test_huge_heads_are_refused(studio: LocalStudio, call: Caller, lines: list[str]) -> None:
    with raw(studio) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(head(studio, "GET /api/credits/balance/simple HTTP/1.1", *lines))
        seen = answer_of(connection)
    assert seen == b"" or seen.split()[1] in (b"400", b"431")
    assert call.credits()["available"] == 10_000


def test_a_huge_path_is_refused(studio: LocalStudio, call: Caller) -> None:
    with raw(studio) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(head(studio, f"GET /{'a' * 1_000_000} HTTP/1.1"))
        seen = answer_of(connection)
    assert seen == b"" or seen.split()[1] in (b"400", b"414", b"431")
    assert call.credits()["available"] == 10_000


@pytest.mark.parametrize(
    "chunks",
    [
        [b"ffffffff\r\n", *[b"a" * 1024 * 1024] * 12],
        [b"fffffffffffffffffffffff\r\n" + b"a" * 100],
        [b"-1\r\na\r\n"],
        [b"1;" + b"x" * 200_000 + b"\r\na\r\n0\r\n\r\n"],
        [b"zz\r\n"],
        [b"0\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)) + b"\r\n"],
    ],
)
def test_chunked_bombs_are_refused(studio: LocalStudio, call: Caller, chunks: list[bytes]) -> None:
    with raw(studio) as connection:
        with contextlib.suppress(OSError):
            lines = ["Transfer-Encoding: chunked", "Connection: close"]
            connection.sendall(head(studio, "POST /run_sse HTTP/1.1", *lines))
            for chunk in chunks:
                connection.sendall(chunk)
        seen = answer_of(connection)
    assert seen == b"" or seen.split()[1] in (b"400", b"413", b"422")
    assert call.credits()["available"] == 10_000


def test_a_body_in_a_hundred_thousand_chunks_costs_no_more_than_its_bound(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, max_body_bytes=20_000)) as studio, raw(studio, 30) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(head(studio, "POST /run_sse HTTP/1.1", "Transfer-Encoding: chunked"))
            for _ in range(100):
                connection.sendall(b"1\r\na\r\n" * 1000)
        assert answer_of_head(connection) in (b"413", b"")


@pytest.mark.parametrize("length", ["1e3", "-1", "+5", "5, 5", "99999999999999999999", "0x10", "٣"])
def test_a_length_that_is_none_is_refused(studio: LocalStudio, length: str) -> None:
    with raw(studio) as connection:
        request = head(studio, "POST /run_sse HTTP/1.1", "Connection: close").decode()
        connection.sendall(request.replace("\r\n\r\n", f"\r\nContent-Length: {length}\r\n\r\n12345").encode())
        assert answer_of(connection).split()[1] in (b"400", b"404", b"413", b"422")


def test_a_length_and_chunks_together_are_one_request(studio: LocalStudio) -> None:
    hidden = head(studio, "GET /api/credits/balance/simple HTTP/1.1")
    lines = ["Content-Length: 5", "Transfer-Encoding: chunked", "Connection: close"]
    with raw(studio) as connection:
        connection.sendall(head(studio, "POST /run_sse HTTP/1.1", *lines) + b"0\r\n\r\n" + hidden)
        assert answer_of(connection).count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("request_line", ["GET http://evil.example/ HTTP/1.1", "CONNECT evil.example:80 HTTP/1.1"])
def test_the_studio_is_no_proxy(studio: LocalStudio, request_line: str) -> None:
    with raw(studio) as connection:
        connection.sendall(head(studio, request_line, "Connection: close"))
        assert answer_of(connection).split()[1] in (b"404", b"405", b"421")


def test_noise_by_the_hundred_leaves_the_studio_answering(studio: LocalStudio, call: Caller) -> None:
    async def knock() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(studio))
        writer.write(os.urandom(64) + b"\r\n\r\n")
        with contextlib.suppress(OSError):
            await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def many() -> None:
        for _ in range(10):
            await asyncio.gather(*(knock() for _ in range(50)))

    asyncio.run(many())
    assert call.credits()["available"] == 10_000
