"""Files from people: the thirteen types, what is found in them, and the ones that are refused."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.server.answers import Refusal
from nemo_widgets.local.server.fetch import fetch, is_public
from nemo_widgets.local.server.filetypes import safe_name

from ...small_files import make
from ..conftest import DIRECT, Caller, TinyEngine

MakeStudio = Callable[..., LocalStudio]


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run one studio for all tests that only knock at it."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


def upload(call: Caller, *files: tuple[str, bytes]) -> httpx.Response:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    return call.http.post(url, files=[("files", file) for file in files])


@pytest.mark.parametrize(
    ("file_type", "kind"),
    [
        *[(name, "video") for name in ("mp4", "mov", "avi", "webm", "mkv")],
        *[(name, "image") for name in ("jpg", "png", "gif", "webp")],
        *[(name, "audio") for name in ("mp3", "wav", "m4a", "aac")],
    ],
)
def test_each_documented_type_is_taken_and_measured(call: Caller, file_type: str, kind: str) -> None:
    content = make(file_type)
    (file,) = upload(call, (f"my file.{file_type.upper()}", content)).json()["data"]["files"]
    assert (file["filename"], file["file_type"]) == (f"my file.{file_type.upper()}", kind)
    assert file["hash"] == hashlib.sha256(content).hexdigest()
    if kind == "video":
        assert (file["width"], file["height"], round(file["duration"], 1)) == (64, 48, 0.5)
    elif kind == "image":
        assert (file["width"], file["height"], file["duration"]) == (40, 30, None)
    else:
        assert 0.4 < file["duration"] < 0.7
    assert httpx.get(file["cdn_url"], **DIRECT).content == content


def test_an_uploaded_clip_gets_into_the_state_the_plan_and_the_render(call: Caller) -> None:
    session = call.open_session()
    url = f"/api/upload-video/nemo_agent/me/{session}"
    answer = call.http.post(url, files=[("files", ("a.mp4", make("mp4"))), ("files", ("b.png", make("png")))])
    assert answer.json()["data"]["session_state_applied"] is True
    clip, _ = answer.json()["data"]["files"]
    assert call.state(session)["video_infos"] == [clip]
    call.say(session, "a city")
    assert call.state(session)["draft"]["t"][0]["sg"][0]["m"]["url"] == clip["cdn_url"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("playlist.mp4", b"#EXTM3U\nfile:///etc/passwd\n"),
        ("list.mkv", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("page.png", b"<html></html>"),
        ("empty.mp4", b""),
        ("tool.exe", b"MZ\x90"),
        ("picture.mp4", make("png")),
        ("clip.png", make("mp4")),
        ("torn.mp4", make("mp4")[:200]),
        ("torn.jpg", make("jpg")[:30]),
        ("notes.txt", make("png")),
        ("", b"\x00" * 64),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    call: Caller, studio: LocalStudio, name: str, content: bytes
) -> None:
    answer = upload(call, ("good.png", make("png")), (name or "x", content)).json()
    assert answer["code"] == 4001
    assert "passwd" not in answer["message"]


def test_a_refused_upload_leaves_nothing_behind(make_studio: MakeStudio, tmp_path: Path) -> None:
    with make_studio(state_dir=tmp_path) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            upload(call, ("good.png", make("png")), ("bad.mp4", b"bad"))
    assert list((tmp_path / "assets").iterdir()) == []


def test_a_file_above_the_limit_is_4002(make_studio: MakeStudio) -> None:
    with make_studio(options=Options(workers=1, max_file_bytes=1024 * 1024)) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            answer = upload(call, ("big.wav", make("wav") + bytes(1024 * 1024))).json()
    assert answer["code"] == 4002
    assert "big.wav is larger than 1 MB" in answer["message"]


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x.png", "..\\..\\x.png", "/abs/x.png", "C:\\x.png", ".x.png", "x.png\x00.sh"]
)
def test_a_name_leads_nowhere(make_studio: MakeStudio, tmp_path: Path, name: str) -> None:
    with make_studio(state_dir=tmp_path / "state") as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            body = upload(call, (name, make("png"))).json()
    if body["code"] == 0:
        assert body["data"]["files"][0]["filename"] == "x.png"
    kept = {path.parent.name for path in tmp_path.rglob("*.png")}
    assert kept <= {"assets"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("city.mp4", "city.mp4"),
        ("Größe 大きい.mov", "Größe 大きい.mov"),
        ("a/b\\c.png", "c.png"),
        ("..", "file"),
        ("", "file"),
        ("...png", "png"),
        ('a"<b>|?.png', "a__b___.png"),
        ("a\r\nb.png", "ab.png"),
        ("x" * 500 + ".png", "x" * 120 + ".png"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_request_without_files_is_refused(call: Caller) -> None:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    assert call.http.post(url, files={"other": b"x"}).status_code == 422
    assert call.http.post(url, content=b"x").status_code == 422
    assert call.http.post(
        url, content=b"x", headers={"Content-Type": "multipart/form-data; boundary=y"}
    ).status_code in (400, 422)


@pytest.mark.parametrize("urls", [None, [], "http://example.org", [7], ["http://example.org"] * 51])
def test_urls_must_be_a_list_of_urls(call: Caller, urls: object) -> None:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    assert call.http.post(url, json={"urls": urls, "source_type": "url"}).status_code == 422


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "100.64.0.1", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_urls_into_this_machine_or_its_network_are_refused(call: Caller, host: str) -> None:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    answer = call.http.post(url, json={"urls": [f"http://{host}/x.png"], "source_type": "url"})
    assert answer.status_code in (400, 403)
    assert answer.json()["code"] in (400, 403)


@pytest.mark.parametrize(
    "bad",
    [
        "file:///etc/passwd",
        "ftp://example.org/x.png",
        "x.png",
        "http://",
        "http://a@b/x.png",
        "http://[/x",
        "http://h:99999/",
    ],
)
def test_urls_of_other_kinds_are_refused(call: Caller, bad: str) -> None:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    answer = call.http.post(url, json={"urls": [bad], "source_type": "url"})
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_fetched_from(address: str) -> None:
    assert is_public(ip_address(address))


class _Origin(BaseHTTPRequestHandler):
    """Gives a picture, a redirect to it, a redirect inward, and a file without an end."""

    def do_GET(self) -> None:
        picture = make("png")
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/pictures/x.png?a=1")
        elif self.path == "/inward":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.2/secret.png")
        elif self.path == "/circle":
            self.send_response(302)
            self.send_header("Location", "/circle")
        elif self.path == "/gone":
            self.send_response(404)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(picture)
            return
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Origin) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def only_the_first(address: object) -> bool:
    return str(address) == "127.0.0.1"


@pytest.mark.parametrize("path", ["/pictures/x.png", "/moved"])
def test_a_file_is_fetched_through_redirects(origin: str, path: str) -> None:
    with fetch(origin + path, limit_bytes=10_000, permitted=only_the_first) as (name, file):
        assert (name, file.read()) == ("x.png", make("png"))


@pytest.mark.parametrize(
    ("path", "why"),
    [("/inward", "private network"), ("/circle", "too often"), ("/gone", "404")],
)
def test_a_fetch_that_leads_astray_is_refused(origin: str, path: str, why: str) -> None:
    with pytest.raises(Refusal) as told, fetch(origin + path, limit_bytes=10_000, permitted=only_the_first):
        pass
    assert why in told.value.message


def test_a_fetched_file_is_bounded(origin: str) -> None:
    with pytest.raises(Refusal) as told, fetch(origin + "/x.png", limit_bytes=50, permitted=only_the_first):
        pass
    assert told.value.code == 4002


def test_a_host_that_does_not_answer_is_told(origin: str) -> None:
    with (
        pytest.raises(Refusal, match="does not answer") as told,
        fetch("http://127.0.0.1:9/x.png", limit_bytes=50, permitted=only_the_first),
    ):
        pass
    assert told.value.status == 400
