"""URLs that lead inward, whatever they are spelled like, resolve to or redirect to."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.server import fetch
from nemo_widgets.local.server.answers import Refusal

from ..conftest import Caller, TinyEngine


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run one studio for all tests that only knock at it."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [
        "localhost.", "LOCALHOST", "localhost.localdomain", "127.0.0.1.", "127.000.000.001", "0x7f.0.0.1",
        "0177.0.0.01", "017700000001", "127.0.1", "0x7f.1", "4294967295", "①②⑦.⓪.⓪.①",
        "127。0。0。1", "[::ffff:0:127.0.0.1]",
        "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
        "[64:ff9b::a00:1]", "[64:ff9b:1::7f00:1]", "[2002:c0a8:101::]", "[100::1]", "198.18.0.1", "192.0.0.1",
        "192.0.2.1", "240.0.0.1",
        "[fe80::1%25eth0]",
    ],
)  # fmt: skip
def test_more_spellings_of_this_machine_and_its_network_are_refused(call: Caller, host: str) -> None:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    answer = call.http.post(url, json={"urls": [f"http://{host}/x.png"], "source_type": "url"})
    assert answer.status_code in (400, 403, 422), answer.text


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1", "::ffff:0:127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1", "fe80::1", "fc00::1", "ff0e::1", "::", "::1", "100::1",
        "2001:db8::1", "5f00::1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.1.2.3", "169.254.169.254", "172.31.255.255",
        "192.0.0.170", "192.168.0.1", "198.19.0.1", "203.0.113.1", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not fetch.is_public(ip_address(address))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Put a directory of names in the place of the network's."""
    known: dict[str, list[str]] = {}
    ask = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: Any, **options: Any) -> list[Any]:
        if host not in known:
            return list(ask(host, port, *rest, **options))
        kind = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (kind[ip_address(address).version], socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]
        ]

    monkeypatch.setattr(fetch.socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"]],
)
def test_a_public_name_for_a_private_address_is_refused(
    call: Caller, names: dict[str, list[str]], addresses: list[str]
) -> None:
    names["7f000001.nip.example"] = addresses
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    answer = call.http.post(url, json={"urls": ["http://7f000001.nip.example/x.png"], "source_type": "url"})
    assert (answer.status_code, "private network" in answer.json()["message"]) == (403, True)


def test_a_name_is_asked_for_once_and_that_address_is_connected_to(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["flips.example"] = ["93.184.216.34"]
    connected: list[object] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        names["flips.example"] = ["127.0.0.1"]
        connected.append(address)
        raise OSError

    monkeypatch.setattr(fetch.socket, "create_connection", connect)
    with pytest.raises(Refusal), fetch.fetch("http://flips.example/x.png", limit_bytes=10):
        pass
    assert connected == [("93.184.216.34", 80)]


class _Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path.removeprefix("/to/"))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    "inward",
    [
        "http://127.0.0.2/x", "http://2130706434/x", "http://0x7f000002/x", "http://[::1]/x", "http://[::ffff:127.0.0.2]/x",
        "http://0/x", "http://169.254.169.254/latest", "http://nip.example/x", "//10.0.0.1/x", "file:///etc/passwd",
        "gopher://127.0.0.2/", "http://user@127.0.0.2/x",
    ],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_not_followed(names: dict[str, list[str]], inward: str) -> None:
    names["nip.example"] = ["192.168.7.7"]
    with HTTPServer(("127.0.0.1", 0), _Redirecting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            start = f"http://127.0.0.1:{server.server_port}/to/{inward}"
            with pytest.raises(Refusal) as told, fetch.fetch(start, limit_bytes=10, permitted=_is_the_first):
                pass
        finally:
            server.shutdown()
            thread.join()
    assert told.value.status in (403, 422)


def _is_the_first(address: object) -> bool:
    return str(address) == "127.0.0.1"
