"""Names that are paths, and files that are traps."""

import http.client
import io
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image

from nemo_widgets.local import LocalStudio, Options

from ..conftest import DIRECT, Caller, TinyEngine
from .sockets import port_of

TRAVERSING = ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc", "..\\..\\windows", "%00", "..//x"]


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run one studio for all tests that only knock at it."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.mark.parametrize("name", TRAVERSING)
def test_no_call_takes_a_path_for_an_id(studio: LocalStudio, call: Caller, name: str) -> None:
    paths = [
        ("POST", f"/api/upload-video/nemo_agent/me/{name}"),
        ("GET", f"/api/state/nemo_agent/me/{name}/latest"),
        ("GET", f"/api/render/proxy/lambda/{name}"),
        ("POST", f"/api/render/proxy/lambda/{name}/cancel"),
        ("GET", f"/api/render/proxy/{name}/download"),
        ("GET", f"/files/{name}/x.mp4"),
        ("GET", f"/files/{'k' * 32}/{name}"),
    ]
    for method, path in paths:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(studio), timeout=5)
        connection.request(method, path, headers=dict(call.http.headers))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status in (404, 405), (path, body)
        assert b"root:" not in body


@pytest.mark.parametrize("name", TRAVERSING)
def test_no_message_takes_a_path_for_an_id(call: Caller, name: str) -> None:
    session = call.open_session()
    call.say(session, "a city")
    draft = call.state(session)["draft"]
    draft["t"][0]["sg"][0]["m"]["url"] = f"studio:/files/{name}/x.mp4"
    assert call.http.post("/run_sse", json=call.message(name, "hello")).json()["code"] == 1002
    assert call.submit(session, name, draft).status_code == 422
    assert call.submit(name, "render_x", draft).json()["code"] == 1002
    claim = call.http.post("/api/auth/claim-token", json={"task_id": name, "session_id": name})
    assert claim.json()["code"] == 1002
    call.submit(session, "render_ok", draft)
    assert call.finished("render_ok")["status"] == "completed"


def upload(call: Caller, name: str, content: bytes) -> httpx.Response:
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    return call.http.post(url, files=[("files", (name, content))])


def png_of(width: int, height: int) -> bytes:
    """Return a small PNG that unpacks to a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = bytes(1 + width * 3)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def hostile_media() -> dict[str, bytes]:
    box = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    return {
        "huge.png": png_of(12_000, 12_000),
        "deep.mp4": box + b"".join(struct.pack(">I", 8 * (500 - level)) + b"moov" for level in range(500)),
        "list.mp4": box + b"#EXTM3U\nfile:///etc/passwd\n",
        "riff.avi": b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\xff" + b"hdrl" * 50,
        "scan.jpg": b"\xff\xd8\xff\xda" + b"\x00\x3f" * 5000,
    }


def test_hostile_media_are_refused_in_time_and_the_studio_goes_on(studio: LocalStudio, call: Caller) -> None:
    def refused(name: str, content: bytes) -> None:
        caller = Caller(studio.url, studio.token)
        with caller.http:
            began_s = time.monotonic()
            answer = upload(caller, name, content).json()
            assert answer["code"] == 4001, (name, answer)
            assert "passwd" not in answer["message"]
            assert time.monotonic() - began_s < 15, name

    media = hostile_media()
    with ThreadPoolExecutor(2) as senders:
        sent = [senders.submit(refused, name, content) for name, content in media.items()]
        assert call.http.get("/api/credits/balance/simple").status_code == 200
        for one in sent:
            one.result()
    assert call.http.get("/api/credits/balance/simple").status_code == 200


def test_a_picture_that_is_a_program_too_is_served_as_a_picture(call: Caller) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "png")
    content = picture.getvalue() + b"<html><script>alert(1)</script></html>"
    (file,) = upload(call, "page.png", content).json()["data"]["files"]
    served = httpx.get(file["cdn_url"], **DIRECT)
    assert served.headers["content-type"] == "image/png"
    assert served.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("disposition", "body"),
    [
        ('form-data; name="files"; filename="' + "a" * 500_000 + '.png"', b"x"),
        ("form-data; " * 20_000 + 'name="files"; filename="a.png"', b"x"),
        ('form-data; name="files"', b"x" * 3_000_000),
    ],
)
def test_the_heads_of_parts_are_bounded(studio: LocalStudio, call: Caller, disposition: str, body: bytes) -> None:
    content = b"--y\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\n" + body + b"\r\n--y--\r\n"
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    answer = call.http.post(url, content=content, headers={"Content-Type": "multipart/form-data; boundary=y"})
    assert answer.status_code in (200, 400, 413, 422), answer.text
    if answer.status_code == 200:
        assert answer.json()["code"] == 4001


def test_too_many_parts_are_refused(call: Caller) -> None:
    part = b'--y\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nx\r\n'
    field = b'--y\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    url = f"/api/upload-video/nemo_agent/me/{call.open_session()}"
    for parts in (part * 1000, field * 1000):
        answer = call.http.post(
            url, content=parts + b"--y--\r\n", headers={"Content-Type": "multipart/form-data; boundary=y"}
        )
        assert answer.status_code in (400, 422)
