"""Files are checked before a byte is sent, read while they are sent, and come back as assets."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, UploadProgress
from nemo_widgets.client.upload import MAX_FILE_BYTES
from nemo_widgets.errors import FileTooLargeError, FileTypeError, InputError, NemoError, ProtocolError, ServiceError

from ..small_files import make
from .conftest import Answer, Service, refusal

PNG = make("png")


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    path = tmp_path / "海边 clip.mp4"
    # A box that players skip makes it long.
    path.write_bytes(make("mp4") + (500_008).to_bytes(4, "big") + b"free" + bytes(500_000))
    return path


def test_files_bytes_and_urls_come_back_in_their_order(client: Client, service: Service, movie: Path) -> None:
    url = "https://example.com/b.png"
    other = movie.with_name("other.mov")
    other.write_bytes(make("mov"))
    with other.open("rb") as opened:
        assets = kernel.run(client.new_session().upload(url, movie, PNG, opened, str(movie)))
    assert [asset.filename for asset in assets] == ["0.mp4", "0.mp4", "1.mp4", "2.mp4", "0.mp4"]
    assert (assets[0].kind, assets[0].duration_s, assets[0].width, assets[0].height) == ("video", 1.5, 2, 3)
    urls, files = service.told("upload")
    assert files.body.count(movie.read_bytes()) == files.body.count(other.read_bytes()) == 1
    assert PNG in files.body
    assert b'filename="upload.png"' in files.body
    assert b"Content-Type: image/png" in files.body
    assert "海边 clip.mp4".encode() in files.body
    assert urls.json == {"urls": [url], "source_type": "url"}


def test_progress_reaches_the_end(client: Client, movie: Path) -> None:
    seen: list[UploadProgress] = []
    kernel.run(client.new_session().upload(movie, on_progress=seen.append))
    assert [progress.sent_bytes for progress in seen] == sorted(progress.sent_bytes for progress in seen)
    assert len(seen) > 2
    assert seen[-1].fraction == 1


def test_a_url_that_leads_nowhere_is_told_before_any_file_is_sent(
    client: Client, service: Service, movie: Path
) -> None:
    service.script["upload"].append(refusal(400, 400))
    with pytest.raises(ServiceError, match=r'nothing was done\. It said: "said the service"'):
        kernel.run(client.new_session().upload(movie, "https://example.com/b.png"))
    assert len(service.told("upload")) == 1


def test_nothing_to_upload_is_no_call(client: Client, service: Service) -> None:
    assert kernel.run(client.new_session().upload()) == []
    assert service.calls == []


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("notes.txt", FileTypeError, "mp4, mov"),
        ("archive", FileTypeError, "does not take"),
        ("missing.mp4", InputError, "no file"),
        (".", InputError, "no file"),
        (b"no media at all", FileTypeError, "does not take"),
        (io.BytesIO(b"neither"), FileTypeError, "does not take"),
        (b"", InputError, "empty"),
    ],
)
def test_what_cannot_be_uploaded_is_told_before_anything_is_sent(
    client: Client, service: Service, source: object, error: type[NemoError], words: str, tmp_path: Path
) -> None:
    for name in ("notes.txt", "archive"):
        (tmp_path / name).write_text("x")
    given = tmp_path / source if isinstance(source, str) else source
    with pytest.raises(error, match=words):
        kernel.run(client.new_session().upload(given))  # type: ignore[arg-type]
    assert service.calls == []


def test_a_large_file_is_told_before_anything_is_sent(client: Client, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "long.mov"
    for size_bytes, words in ((MAX_FILE_BYTES + 1, "a little over 200 MB"), (312 * 1024**2, "312 MB")):
        with path.open("wb") as file:
            file.truncate(size_bytes)
        with pytest.raises(FileTooLargeError, match=rf"long\.mov is {words}; at most 200 MB a file are taken\. Trim"):
            kernel.run(client.new_session().upload(path))
    assert service.calls == []


def test_every_documented_type_is_sent_as_what_it_is(client: Client, service: Service, tmp_path: Path) -> None:
    kinds = {
        "video": ("mp4", "mov", "avi", "webm", "mkv"),
        "image": ("jpg", "png", "gif", "webp"),
        "audio": ("mp3", "wav", "m4a", "aac"),
    }
    names = [f"a.{suffix}" for suffixes in kinds.values() for suffix in suffixes] + ["B.MP4"]
    for shade, name in enumerate(names):
        (tmp_path / name).write_bytes(make(name.partition(".")[2].lower(), shade))
    assert len(kernel.run(client.new_session().upload(*(tmp_path / name for name in names)))) == len(names)
    (sent,) = service.told("upload")
    parts = re.findall(rb'name="files"; filename="([^"]+)"\r\nContent-Type: (\w+)/', sent.body)
    told = {name.decode(): kind.decode() for name, kind in parts}
    assert told == {f"a.{suffix}": kind for kind, suffixes in kinds.items() for suffix in suffixes} | {"B.MP4": "video"}


def test_a_file_is_read_piece_by_piece_while_it_is_sent(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        beginning = make("mp4")
        # A box that players skip makes it long.
        file.write(beginning + (20 * 1024**2 - len(beginning)).to_bytes(4, "big") + b"free")
        file.truncate(20 * 1024**2)
    seen: list[int] = []
    kernel.run(client.new_session().upload(path, on_progress=lambda progress: seen.append(progress.sent_bytes)))
    assert max(after - before for before, after in pairwise([0, *seen])) <= 1024**2
    assert seen[-1] == 20 * 1024**2


def test_a_refused_upload_is_sent_whole_again(client: Client, service: Service, movie: Path) -> None:
    service.script["upload"].append(refusal(429, 429, Retry_After="1"))
    seen: list[UploadProgress] = []
    kernel.run(client.new_session().upload(movie, on_progress=seen.append))
    assert [call.body.count(movie.read_bytes()) for call in service.told("upload")] == [1, 1]
    assert seen[-1].fraction == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(4001), FileTypeError),
        (refusal(4002), FileTooLargeError),
        (Answer({"code": 0, "data": {"files": []}}), ProtocolError),
        (Answer({"code": 0, "data": {}}), ProtocolError),
    ],
)
def test_what_the_service_refuses_is_told(
    client: Client, service: Service, movie: Path, answer: Answer, error: type[NemoError]
) -> None:
    service.script["upload"].append(answer)
    with pytest.raises(error):
        kernel.run(client.new_session().upload(movie))
    assert len(service.told("upload")) == 1
