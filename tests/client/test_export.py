"""An export is rendered once, asked for under an id of ours, and appears under its name only when it is whole."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Clip, Credits, ExportProgress, Session
from nemo_widgets.client.clip import OutputFile
from nemo_widgets.errors import (
    DeadlineError,
    InputError,
    MediaError,
    NemoError,
    NothingToExportError,
    OutputPathError,
    RenderFailedError,
    ServiceError,
    StoppedError,
    SubscriptionError,
)
from nemo_widgets.protocol.draft import Draft

from .conftest import DRAFT, Answer, FastClock, Service, refusal


@pytest.fixture
def session(client: Client) -> Session:
    made = client.new_session()
    kernel.run(made.send("a city at night", show=False))
    return made


def export(session: Session, path: Path | str, **rest: Any) -> Clip:
    return kernel.run(session.export(path, show=False, **rest))


def status(state: str, **rest: object) -> Answer:
    return Answer({"success": True, "data": {"id": "r", "status": state, **rest}})


def top_level(state: str, **rest: object) -> Answer:
    return Answer({"taskId": "r", "status": state, **rest})


def test_an_export_is_a_clip_with_the_facts_of_its_file(session: Session, service: Service, tmp_path: Path) -> None:
    clip = export(session, tmp_path / "city.mp4")
    assert clip.path.read_bytes() == service.clip
    assert (clip.width, clip.height, clip.fps, clip.duration_s) == (64, 36, 10, pytest.approx(1.0))
    assert (clip.size_bytes, clip.backend, clip.prompt) == (len(service.clip), "custom", "a city at night")
    assert "64×36" in repr(clip)
    (submitted,) = service.told("submit")
    assert submitted.json["id"].startswith("render_")
    assert submitted.json["sessionId"] == "s1"
    assert submitted.json["draft"] == DRAFT
    assert submitted.json["output"] == {"format": "mp4", "quality": "high"}
    assert all("authorization" not in call.headers for call in service.told("file"))
    assert all("x-skill-source" not in call.headers for call in service.told("file"))
    assert [file.name for file in tmp_path.iterdir()] == ["city.mp4"]


@pytest.mark.parametrize("form", [status, top_level], ids=["success", "top level"])
def test_progress_is_told_in_both_forms(session: Session, service: Service, tmp_path: Path, form: Any) -> None:
    url = f"{service.url}/files/x.mp4"
    link = {"outputUrl": url} if form is status else {"output": {"url": url, "duration": 1, "size": 2}}
    service.script["status"].extend(
        [form("pending"), form("processing", progress=0.25), form("processing", progress=80), form("completed", **link)]
    )
    seen: list[ExportProgress] = []
    export(session, tmp_path / "x.mp4", on_progress=seen.append)
    told = [(progress.status, progress.fraction) for progress in seen]
    assert told[:5] == [
        ("pending", None),
        ("pending", 0.0),
        ("pending", None),
        ("processing", 0.25),
        ("processing", 0.8),
    ]
    assert told[-1] == ("completed", 1.0)


def test_retry_after_sets_the_pace(session: Session, service: Service, tmp_path: Path, clock: FastClock) -> None:
    service.script["status"].append(Answer({"status": "processing"}, headers={"Retry-After": "17"}))
    export(session, tmp_path / "x.mp4")
    assert [slept for slept in clock.slept if slept in (0.5, 17)] == [0.5, 17]


ENDINGS: dict[str, tuple[str, list[Answer], type[NemoError] | None, int]] = {
    "reset, but known": ("submit", [Answer(reset=True)], None, 1),
    "500, but known": ("submit", [Answer(b"", status=500)], None, 1),
    "402": ("submit", [refusal(402, 402)], SubscriptionError, 1),
    "402 inside HTTP 200": ("submit", [refusal(402)], SubscriptionError, 1),
    "failed once": ("status", [status("failed", error="GPU")], None, 2),
    "failed twice": ("status", [status("failed", error="GPU")] * 2, RenderFailedError, 2),
    "for ever": ("status", [status("processing")] * 4000, DeadlineError, 1),
    "link expired": ("file", [Answer(b"no", status=403)], None, 1),
    "link cut": ("file", [Answer(b"x" * 900, kind="video/mp4", cut_at=9)], None, 1),
    "login page for a file": ("file", [Answer(b"<html>", kind="text/html")], None, 1),
    "no media": ("file", [Answer(b"x" * 900, kind="video/mp4")], MediaError, 1),
    "link and download gone": ("file", [Answer(b"", status=404)], ServiceError, 1),
}


@pytest.mark.parametrize(("call", "answers", "expected", "submitted"), ENDINGS.values(), ids=ENDINGS)
def test_an_export_ends_in_a_file_or_one_clear_error(
    session: Session,
    service: Service,
    tmp_path: Path,
    call: str,
    answers: list[Answer],
    expected: type[NemoError] | None,
    submitted: int,
) -> None:
    service.script[call].extend(answers)
    if expected is ServiceError:
        service.script["download"].append(Answer({"detail": "gone"}, status=404))
    if expected is None:
        assert export(session, tmp_path / "x.mp4").path.read_bytes() == service.clip
    else:
        with pytest.raises(expected):
            export(session, tmp_path / "x.mp4")
    assert len(service.told("submit")) == submitted
    ids = [call.json["id"] for call in service.told("submit")]
    assert len(set(ids)) == submitted
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize(
    "answer", [Answer(b"", status=503), Answer(reset=True), Answer(b"x" * 900, kind="video/mp4", cut_at=9)]
)
def test_the_file_itself_is_fetched_again_when_the_service_fails_for_a_moment(
    session: Session, service: Service, tmp_path: Path, clock: FastClock, answer: Answer
) -> None:
    service.script["file"].append(Answer(b"", status=410))
    service.script["download"].extend([answer] * 3)
    assert export(session, tmp_path / "x.mp4").path.read_bytes() == service.clip
    assert len(service.told("download")) == 4
    assert [slept for slept in clock.slept if slept in (0.5, 1.0, 2.0)][-3:] == [0.5, 1.0, 2.0]
    assert len(service.told("submit")) == 1


def test_the_file_itself_is_not_fetched_for_ever(session: Session, service: Service, tmp_path: Path) -> None:
    service.script["file"].append(Answer(b"", status=410))
    service.script["download"].extend([Answer(b"", status=503)] * 10)
    with pytest.raises(ServiceError, match="HTTP 503"):
        export(session, tmp_path / "x.mp4")
    assert len(service.told("download")) == 4
    assert files(tmp_path) == {}


def test_an_unclear_submission_that_nobody_knows_is_sent_once_more(
    session: Session, service: Service, tmp_path: Path
) -> None:
    service.script["submit"].append(Answer(reset=True))
    service.script["status"].append(Answer({"detail": "unknown"}, status=404))
    export(session, tmp_path / "x.mp4")
    first, second = (call.json["id"] for call in service.told("submit"))
    assert first != second


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "is a folder"),
        ("missing/x.mp4", "no folder"),
        ("file/x.mp4", "cannot be written"),
        ("x.mov", "does not end with .mp4"),
    ],
)
def test_a_path_that_cannot_be_written_is_found_out_before_anything_is_rendered(
    session: Session, service: Service, tmp_path: Path, path: str, words: str
) -> None:
    (tmp_path / "file").write_text("")
    target = tmp_path / path if path else tmp_path / "folder.mp4"
    if not path:
        target.mkdir()
    with pytest.raises(OutputPathError, match=words):
        export(session, target)
    assert service.told("submit") == []


def test_without_a_path_a_new_file_is_named_after_the_prompt(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clips = [kernel.run(session.export(show=False)) for _ in range(2)]
    assert [clip.path.name for clip in clips] == ["a-city-at-night.mp4", "a-city-at-night-2.mp4"]


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "none"])
def test_an_older_file_of_the_same_name_is_set_aside_under_a_number(
    session: Session, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr("os.link", lambda *_: (_ for _ in ()).throw(PermissionError(1, "Operation not permitted")))
    (tmp_path / "x.mp4").write_bytes(b"oldest")
    clip = export(session, tmp_path / "x")
    assert clip.path == tmp_path / "x.mp4"
    first, service.clip = service.clip, service.clip + b"\0" * 8
    export(session, tmp_path / "x.mp4")
    assert files(tmp_path) == {"x.mp4": service.clip, "x-1.mp4": b"oldest", "x-2.mp4": first}


def test_the_same_file_again_is_not_kept_twice(session: Session, service: Service, tmp_path: Path) -> None:
    export(session, tmp_path / "x.mp4")
    export(session, tmp_path / "x.mp4")
    assert files(tmp_path) == {"x.mp4": service.clip}


def test_an_older_file_is_replaced_when_it_was_asked_for(session: Session, service: Service, tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"old")
    export(session, tmp_path / "x.mp4", overwrite=True)
    assert files(tmp_path) == {"x.mp4": service.clip}


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_older_file_stays_as_it_is_when_the_export_fails(
    session: Session, service: Service, tmp_path: Path, overwrite: bool
) -> None:
    (tmp_path / "x.mp4").write_bytes(b"old")
    service.script["submit"].append(refusal(402, 402))
    with pytest.raises(SubscriptionError):
        export(session, tmp_path / "x.mp4", overwrite=overwrite)
    assert files(tmp_path) == {"x.mp4": b"old"}


@pytest.mark.parametrize("attempt", range(20))
def test_two_exports_into_one_name_at_once_lose_neither(tmp_path: Path, attempt: int) -> None:
    target = tmp_path / "x.mp4"
    target.write_bytes(b"old")
    made, begin = [OutputFile(target) for _ in range(8)], threading.Barrier(8)

    def write(number: int) -> None:
        with made[number] as out:
            out.write(b"%d" % number)
            begin.wait(10)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert sorted(files(tmp_path).values()) == [*(b"%d" % number for number in range(8)), b"old"]


def test_an_older_file_that_vanishes_while_it_is_compared_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.mp4"
    target.write_bytes(b"old")

    def moved_away(first: Path, second: Path, *, shallow: bool) -> bool:
        first.rename(tmp_path / "elsewhere.mp4")
        raise FileNotFoundError(first)

    monkeypatch.setattr("filecmp.cmp", moved_away)
    with OutputFile(target) as out:
        out.write(b"new")
    assert files(tmp_path) == {"x.mp4": b"new", "elsewhere.mp4": b"old"}


@pytest.mark.parametrize("opened", [False, True])
def test_an_export_before_there_is_a_draft_is_told(
    client: Client, service: Service, tmp_path: Path, opened: bool
) -> None:
    session = client.new_session()
    if opened:
        service.script["chat"].append(Answer(b"", kind="text/event-stream", draft={"t": [{"tt": 0, "sg": []}]}))
        kernel.run(session.send("hello", show=False))
    with pytest.raises(NothingToExportError, match="nothing to export yet"):
        export(session, tmp_path / "x.mp4")
    assert service.told("submit") == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("resolution", ["4k", "2160p", "10p", "1080", ""])
def test_a_resolution_that_is_not_rendered_is_told(session: Session, tmp_path: Path, resolution: str) -> None:
    with pytest.raises(InputError, match="goes up to 1080p"):
        export(session, tmp_path / "x.mp4", resolution=resolution)


def test_stopping_the_wait_cancels_the_render(session: Session, service: Service, tmp_path: Path) -> None:
    service.script["status"].extend([status("processing")] * 100_000)

    service.after["status"] = (asked := threading.Event()).set

    async def stop() -> None:
        exporting = asyncio.ensure_future(session.export(tmp_path / "x.mp4", show=False))
        await asyncio.to_thread(asked.wait, 10)
        exporting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exporting

    asyncio.run(stop())
    (cancelled,) = service.told("cancel")
    assert service.told("submit")[0].json["id"] in cancelled.path
    assert list(tmp_path.iterdir()) == []


def test_cancel_export_ends_it_with_an_error_of_its_own(session: Session, service: Service, tmp_path: Path) -> None:
    def cancelled() -> None:
        service.script["status"].clear()
        service.script["status"].append(status("failed", error="cancelled"))

    service.script["status"].extend([status("processing")] * 100_000)
    service.after["cancel"] = cancelled

    service.after["status"] = (asked := threading.Event()).set

    async def stop() -> None:
        exporting = asyncio.ensure_future(session.export(tmp_path / "x.mp4", show=False))
        await asyncio.to_thread(asked.wait, 10)
        await session.cancel_export()
        with pytest.raises(StoppedError):
            await exporting

    asyncio.run(stop())
    assert len(service.told("submit")) == 1


def test_a_preview_is_the_newest_raw_clip_and_fetched_once(session: Session, service: Service) -> None:
    with pytest.raises(NothingToExportError, match="no raw clip yet"):
        kernel.run(session.preview())
    service.media = [{"type": "video", "url": f"{service.url}/files/{name}"} for name in ("a.mp4", "b.mp4")]
    service.media.append({"type": "image", "url": f"{service.url}/files/c.png"})
    first, second = kernel.run(session.preview()), kernel.run(session.preview())
    assert first == second
    assert [call.path for call in service.told("file")] == ["/files/b.mp4"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x.mp4",
        "http://localhost/x.mp4",
        "http://10.0.0.1/x.mp4",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x.mp4",
        "http://[::ffff:127.0.0.1]/x.mp4",
        "http://0.0.0.0/x.mp4",
        "http://2130706433/x.mp4",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "https://user:secret@example.com/x",
        "nonsense",
        "http://",
    ],
)
def test_a_link_to_a_private_place_is_not_followed(session: Session, service: Service, url: str) -> None:
    service.media = [{"type": "video", "url": url}]
    with pytest.raises(NemoError, match="not followed"):
        kernel.run(session.preview())


def test_a_link_that_redirects_to_a_private_place_is_not_followed(session: Session, service: Service) -> None:
    service.media = [{"type": "video", "url": f"{service.url}/files/x.mp4"}]
    service.script["file"].append(Answer(b"", status=302, headers={"Location": "http://127.0.0.1:9/x.mp4"}))
    with pytest.raises(ServiceError, match="private address"):
        kernel.run(session.preview())


def test_a_sentence_is_done_and_not_sent(
    session: Session, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beach.mp4").write_bytes(service.clip)

    async def ask() -> list[object]:
        said = ["export 720p MP4", "余额", "show tracks", "upload beach.mp4"]
        return [await session.ask(sentence, show=False) for sentence in said]

    clip, credits, draft, assets = kernel.run(ask())
    assert isinstance(clip, Clip)
    assert isinstance(credits, Credits)
    assert isinstance(draft, Draft)
    assert [asset.filename for asset in assets] == ["0.mp4"]  # type: ignore[attr-defined]
    assert service.told("submit")[0].json["output"]["resolution"] == "720p"
    assert service.accepted == 1


@pytest.mark.parametrize(("sentence", "words"), [("export as gif", "MP4, not GIF"), ("upload", "Which file")])
def test_a_sentence_that_cannot_be_done_is_told(session: Session, sentence: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        kernel.run(session.ask(sentence))


def test_a_shown_export_ends_with_what_it_made_and_what_it_set_aside(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel.run(session.export(tmp_path / "x.mp4"))
    assert "".join(capsys.readouterr()).endswith("Exported x.mp4 · 1.0 s, 64×36\n")
    (tmp_path / "x.mp4").write_bytes(b"old")
    kernel.run(session.export(tmp_path / "x.mp4"))
    assert "Exported x.mp4 · 1.0 s, 64×36 · the older file is x-1.mp4 now" in "".join(capsys.readouterr())


def test_a_shown_export_says_how_far_it_came(
    client: Client, session: Session, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(exporting: Session, path: Path) -> str:
        with pytest.raises(NemoError):
            kernel.run(exporting.export(path))
        return "".join(capsys.readouterr())

    service.script["status"].extend([status("processing", progress=0.5), *[status("failed")] * 2])
    assert shown(session, tmp_path / "x.mp4").endswith("The export did not finish\n")
    service.script["submit"].append(refusal(402, 402))
    assert shown(session, tmp_path / "x.mp4").endswith("The export did not begin\n")
    assert shown(client.new_session(), tmp_path / "x.mp4") == ""
    assert shown(session, tmp_path / "missing" / "x.mp4") == ""
