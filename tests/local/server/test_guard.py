"""Attacks on a studio: other users of the machine, web pages the person opens, and requests that want too much."""

import http.client
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from nemo_widgets.errors import PortTakenError, StudioUnavailableError
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.server.app import ROUTES

from ..conftest import DIRECT, HEADERS, Caller, TinyEngine

MakeStudio = Callable[..., LocalStudio]

CALLS = [
    (method, route.path.replace("{", "").replace("}", ""))
    for route in ROUTES
    for method in sorted((route.methods or set()) - {"HEAD"})
    if not route.path.startswith("/files/") and route.path != "/api/auth/anonymous-token"
]


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run one studio for all tests that only knock at it."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "{token}"])
def test_every_call_needs_the_token(studio: LocalStudio, method: str, path: str, authorization: str | None) -> None:
    shown = {} if authorization is None else {"Authorization": authorization.format(token=studio.token).strip()}
    answer = httpx.request(method, studio.url + path, headers={**HEADERS, **shown}, **DIRECT)
    assert (answer.status_code, answer.json()["code"]) == (401, 1001)


def test_the_token_in_the_url_opens_nothing(studio: LocalStudio) -> None:
    query = {"token": studio.token, "access_token": studio.token}
    assert httpx.get(f"{studio.url}/api/credits/balance/simple", params=query, **DIRECT).status_code == 401


def test_a_shared_studio_gives_no_anonymous_tokens(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(anonymous=False)) as studio:
        headers = {"X-Client-Id": "5b1f2a3c-0000-4000-8000-000000000000"}
        answer = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, **DIRECT)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_another_host_name_is_refused(call: Caller, studio: LocalStudio, host: str) -> None:
    port = studio.url.rpartition(":")[2]
    answer = call.http.get("/api/credits/balance/simple", headers={"Host": host.format(port=port)})
    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["nemo.evil.example", "127.0.0.1.nip.example", "localhost.", "LOCALHOST.evil.example"])
def test_a_name_that_was_bound_anew_to_this_machine_is_refused(studio: LocalStudio, host: str) -> None:
    """What a page of another site can do after its name came to mean 127.0.0.1."""
    headers = {**HEADERS, "Host": f"{host}:{studio.url.rpartition(':')[2]}", "Authorization": f"Bearer {studio.token}"}
    for origin in ({}, {"Origin": f"http://{host}:{studio.url.rpartition(':')[2]}"}):
        answer = httpx.get(f"{studio.url}/api/credits/balance/simple", headers={**headers, **origin}, **DIRECT)
        assert answer.status_code == 421


def test_two_host_headers_are_refused(studio: LocalStudio) -> None:
    port = int(studio.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        lines = ["GET /api/credits/balance/simple HTTP/1.1", f"Host: 127.0.0.1:{port}", "Host: evil.example"]
        raw.sendall("\r\n".join([*lines, f"Authorization: Bearer {studio.token}", "", ""]).encode())
        assert raw.recv(100).split()[1] in (b"400", b"421")


def test_localhost_is_a_name_of_the_studio(call: Caller, studio: LocalStudio) -> None:
    port = studio.url.rpartition(":")[2]
    answer = call.http.get("/api/credits/balance/simple", headers={"Host": f"LocalHost:{port}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:8888", "https://127.0.0.1:{port}", ""]
)
@pytest.mark.parametrize("path", ["/api/credits/balance/simple", "/files/{key}/x.mp4"])
def test_pages_of_other_origins_are_refused(call: Caller, studio: LocalStudio, origin: str, path: str) -> None:
    port = studio.url.rpartition(":")[2]
    answer = call.http.get(path.format(key="k" * 32), headers={"Origin": origin.format(port=port)})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_preflight_gets_no_permission(studio: LocalStudio) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{studio.url}/run_sse", headers=headers, **DIRECT)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../etc/passwd",
        "/files/..%2f..%2fetc%2fpasswd",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/files/" + "k" * 32 + "/..%2fstudio.sqlite3",
        "/files//etc/passwd",
        "/files/C:%5Cwindows/win.ini",
        "/api/state/nemo_agent/me/..%2f..%2fstudio.sqlite3/latest",
        "/api/render/proxy/..%2f..%2fstudio.sqlite3/download",
        "/api/render/proxy/lambda/..%2f..%2fetc%2fpasswd",
        "/api/render/proxy/lambda/%00",
    ],
)
def test_no_path_leads_out_of_the_folder(call: Caller, studio: LocalStudio, path: str) -> None:
    port = int(studio.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers=dict(call.http.headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 404
    assert b"root:" not in body
    assert b"SQLite" not in body


def test_a_file_needs_its_key_and_its_name(call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    url = call.state(session)["generated_media"][0]["url"]
    key = url.split("/")[-2]
    assert httpx.get(url, **DIRECT).status_code == 200
    assert httpx.get(url.replace("generated", "other"), **DIRECT).status_code == 404
    assert httpx.get(url.replace(key, key[:-1] + "_"), **DIRECT).status_code == 404


def test_a_body_above_its_bound_is_refused_by_its_announcement(call: Caller) -> None:
    answer = call.http.post("/run_sse", content=b" " * (9 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_body_above_its_bound_is_refused_while_it_arrives(call: Caller) -> None:
    answer = call.http.post("/run_sse", content=(b" " * 1024 * 1024 for _ in range(9)))
    assert answer.status_code == 413


def test_a_body_that_stops_arriving_is_given_up(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, body_timeout_s=0.1)) as studio:
        port = int(studio.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            lines = ["POST /run_sse HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {studio.token}"]
            raw.sendall("\r\n".join([*lines, "Content-Length: 100", "", "{"]).encode())
            assert raw.recv(100).split()[1] == b"408"


def test_everything_on_disk_is_for_the_owner_alone(make_studio: MakeStudio, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with make_studio(state_dir=folder) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            call.say(call.open_session(), "a city")
        everything = [folder, *folder.rglob("*")]
        assert len(everything) > 5
        for path in everything:
            if path.is_dir() or path.parent == folder:
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert studio.token.encode() not in (folder / "studio.sqlite3").read_bytes()


def test_a_port_that_is_taken_is_told_in_clear_words(make_studio: MakeStudio, studio: LocalStudio) -> None:
    port = int(studio.url.rpartition(":")[2])
    with pytest.raises(PortTakenError, match=f"Port {port} is in use") as told, make_studio(port=port):
        pass
    assert "another" in str(told.value)


def test_one_folder_is_for_one_studio(make_studio: MakeStudio, tmp_path: Path) -> None:
    second = make_studio(state_dir=tmp_path)
    with make_studio(state_dir=tmp_path), pytest.raises(StudioUnavailableError, match="Another local studio"):
        second.__enter__()
    with make_studio(state_dir=tmp_path):
        pass
