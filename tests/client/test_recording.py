"""What is written down, and when: before the call that costs, and never in the way of it."""

import asyncio
import shutil
import stat
import threading
from pathlib import Path

import pytest

from nemo_widgets import kernel, settings
from nemo_widgets.client import Client, Session, connect
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.errors import NemoError, NothingToExportError, OutOfCreditsError, StreamBrokenError
from nemo_widgets.library import JobRecord, Library
from nemo_widgets.library.digests import digest_of, draft_digest

from ..small_files import make
from .conftest import CLAIM, DRAFT, TITLED, TOKEN, Answer, FastClock, Service, refusal, stream, text


@pytest.fixture
def library() -> Library:
    found = own_keeper().library
    assert found is not None
    return found


@pytest.fixture
def session(client: Client) -> Session:
    return client.new_session()


def send(session: Session, words: str = "a city at night") -> None:
    kernel.run(session.send(words, show=False))


def only(library: Library) -> JobRecord:
    (job,) = library.ledger.jobs()
    return job


def test_a_message_is_written_down_with_what_it_meets_before_it_is_sent(
    session: Session, service: Service, library: Library
) -> None:
    seen: list[tuple[JobRecord, object]] = []
    service.after["chat"] = lambda: seen.append((only(library), library.ledger.before(only(library).id)))
    service.draft = DRAFT
    service.script["chat"].append(stream(text("Done."), draft=TITLED))
    send(session)
    ((job, before),) = seen
    assert (job.kind, job.state, job.text, job.session_id) == ("message", "running", "a city at night", "s1")
    assert before is not None
    assert before.draft == DRAFT  # type: ignore[attr-defined]
    after = only(library)
    assert (after.state, after.credits_spent) == ("done", 10)
    assert after.ended_at is not None


def test_a_session_is_written_down_before_it_is_opened(session: Session, service: Service, library: Library) -> None:
    seen: list[int] = []

    def look() -> None:
        rows = library.database.read(lambda db: db.execute("SELECT remote_id FROM sessions").fetchall())
        seen.extend(0 if row["remote_id"] is None else 1 for row in rows)

    service.after["session"] = look
    send(session)
    assert seen == [0]


def test_an_export_is_written_down_with_its_id_before_it_is_submitted(
    session: Session, service: Service, library: Library, tmp_path: Path
) -> None:
    send(session)
    seen: list[str] = []

    def look() -> None:
        job = library.ledger.jobs()[-1]
        render = library.ledger.render(job.id)
        assert render is not None
        assert (job.kind, job.state, job.path) == ("export", "running", str(tmp_path / "city.mp4"))
        assert render.draft == draft_digest(DRAFT)
        seen.append(render.remote_id)

    service.after["submit"] = look
    kernel.run(session.export(tmp_path / "city.mp4", show=False))
    assert seen == [call.json["id"] for call in service.told("submit")]
    assert library.ledger.jobs()[-1].state == "done"


def test_a_finished_clip_is_kept_with_its_poster_and_facts_for_its_owner_alone(
    session: Session, service: Service, library: Library, tmp_path: Path
) -> None:
    send(session)
    clip = kernel.run(session.export(tmp_path / "city.mp4", show=False))
    digest = digest_of(clip.path)
    assert library.ledger.jobs()[-1].clip == digest
    (kept,) = library.all_clips()
    assert (kept.digest, kept.size_bytes) == (digest, clip.size_bytes)
    assert (kept.facts["width"], kept.facts["prompt"], kept.facts["backend"]) == (64, "a city at night", "custom")
    poster = library.clips.poster(digest)
    assert poster is not None
    assert poster.startswith(b"\xff\xd8")
    assert len(poster) < 8192
    assert stat.S_IMODE(library.clips.path(digest).stat().st_mode) == 0o400
    clip.path.write_bytes(b"edited")
    assert library.clips.is_intact(digest), "the person's file and the kept one are two"


def test_a_raw_clip_is_kept_too(session: Session, service: Service, library: Library) -> None:
    service.media = [{"url": f"{service.url}/files/raw.mp4?sig=1"}]
    send(session)
    clip = kernel.run(session.preview())
    job = library.ledger.jobs()[-1]
    assert (job.kind, job.state, job.clip) == ("preview", "done", digest_of(clip.path))


def test_an_upload_is_written_down_by_name_and_content(session: Session, library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(make("mp4"))
    kernel.run(session.upload(tmp_path / "a.mp4", make("png"), "https://host/c.png?sig=3"))
    job = only(library)
    rows = library.database.read(lambda db: [tuple(row) for row in db.execute("SELECT name, size_bytes FROM uploads")])
    assert (job.kind, job.state, job.text) == ("upload", "done", "a.mp4, , https://host/c.png")
    assert rows == [("a.mp4", len(make("mp4"))), ("", len(make("png"))), ("https://host/c.png", None)]


ENDINGS = {
    "refused": (refusal(2001), OutOfCreditsError, "failed"),
    "broken": (Answer(b"", kind="text/event-stream", cut_at=0), StreamBrokenError, "unclear"),
    "500": (Answer(b"", status=500), StreamBrokenError, "unclear"),
}


@pytest.mark.parametrize(("answer", "expected", "state"), ENDINGS.values(), ids=ENDINGS)
def test_how_a_message_ended_is_written_down(
    session: Session, service: Service, library: Library, answer: Answer, expected: type[NemoError], state: str
) -> None:
    service.script["chat"].append(answer)
    with pytest.raises(expected):
        send(session)
    assert (only(library).state, bool(only(library).error)) == (state, True)


def test_a_stopped_message_is_not_offered_again(session: Session, service: Service, library: Library) -> None:
    service.script["chat"].append(Answer(b"", kind="text/event-stream", stall=True))
    heard = threading.Event()
    service.after["chat"] = heard.set

    async def stopped() -> None:
        sending = asyncio.ensure_future(session.send("a city", show=False))
        await asyncio.to_thread(heard.wait, 10)
        await session.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    kernel.run(stopped())
    assert only(library).state == "stopped"
    assert library.ledger.orphans() == []


def test_what_was_never_begun_leaves_no_row(session: Session, library: Library, tmp_path: Path) -> None:
    kernel.run(session.upload(make("png")))
    with pytest.raises(NothingToExportError):
        kernel.run(session.export(tmp_path / "x.mp4", show=False))
    assert [job.kind for job in library.ledger.jobs()] == ["upload"]


def test_without_a_place_for_the_library_the_work_goes_on_with_one_warning(
    service: Service, clock: FastClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settings.library_dir()
    assert folder is not None
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the library should be")

    async def work() -> bytes:
        async with connect(service.url, token=TOKEN, clock=clock) as client:
            session = client.new_session()
            await session.send("a city", show=False)
            await session.send("at night", show=False)
            clip = await session.export(tmp_path / "x.mp4", show=False)
            return clip.path.read_bytes()

    assert kernel.run(work()) == service.clip
    assert service.accepted == 2
    said = capsys.readouterr().err
    assert said.count("The work goes on") == 1
    assert len(said.strip().splitlines()) == 1


def test_a_library_full_of_clips_in_use_is_told_and_the_file_is_written(
    service: Service,
    clock: FastClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NEMO_LIBRARY_MAX_BYTES", "10")

    async def work() -> bytes:
        async with connect(service.url, token=TOKEN, clock=clock) as client:
            session = client.new_session()
            await session.send("a city", show=False)
            return (await session.export(tmp_path / "x.mp4", show=False)).path.read_bytes()

    assert kernel.run(work()) == service.clip
    assert "no room for this clip" in capsys.readouterr().err
    library = own_keeper().library
    assert library is not None
    assert library.ledger.jobs()[-1].state == "done"


def test_a_library_that_is_deleted_meanwhile_is_begun_anew(
    session: Session, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(session)
    shutil.rmtree(library.folder)
    send(session, "add a title")
    kernel.run(session.export(tmp_path / "x.mp4", show=False))
    assert [(job.kind, job.state, job.session_id) for job in library.ledger.jobs()] == [
        ("message", "done", "s1"),
        ("export", "done", "s1"),
    ]
    assert capsys.readouterr().err == ""


def test_switched_off_it_leaves_nothing_on_disk(
    service: Service, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_LIBRARY", "off")

    async def work() -> None:
        async with connect(service.url, token=TOKEN, clock=clock) as client:
            session = client.new_session()
            await session.send("a city", show=False)
            await session.export(tmp_path / "x.mp4", show=False)

    kernel.run(work())
    assert not (settings.data_dir() / "library").exists()


def test_no_secret_of_a_whole_session_is_on_disk(
    client: Client, service: Service, library: Library, tmp_path: Path
) -> None:
    signed = f"{service.url}/files/raw.mp4?X-Signature=s3cr3tsig"
    draft = {"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"url": signed}}]}]}
    frames = [
        text(f"Here: {signed} "),
        {"type": "tool_call", "name": "cut", "args": {"auth_token": "t0psecret", "at": signed}},
        {"type": "tool_result", "name": "cut", "result": {"link": f"https://nemovideo.com/workspace/claim?ct={CLAIM}"}},
    ]
    service.media = [{"url": signed}]
    service.script["chat"].append(stream(*frames, draft=draft))
    service.script["status"].append(
        Answer({"success": True, "data": {"id": "r", "status": "completed", "outputUrl": signed}})
    )
    session = client.new_session()
    kernel.run(session.send("a city", show=False))
    kernel.run(session.export(tmp_path / "x.mp4", show=False))
    kernel.run(session.preview())
    kernel.run(session.web_link())
    library.close()
    files = [file for file in library.folder.rglob("*") if file.is_file()]
    assert len(files) >= 4
    for file in files:
        content = file.read_bytes()
        for secret in (b"s3cr3tsig", b"t0psecret", CLAIM.encode(), TOKEN.encode()):
            assert secret not in content, file
