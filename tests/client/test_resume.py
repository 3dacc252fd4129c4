"""What was interrupted is taken up: asked for, never sent or rendered a second time."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

import nemo_widgets as nemo
from nemo_widgets import kernel
from nemo_widgets.client import Client, Clip, Session, Turn, connect, history
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.resume import Resumed, resume
from nemo_widgets.errors import AuthError, InputError, NemoError, OutputPathError, StreamBrokenError
from nemo_widgets.library import Library

from ..small_files import make
from .conftest import DRAFT, TITLED, TOKEN, Answer, Service, refusal, stream, text


@pytest.fixture
def library() -> Library:
    found = own_keeper().library
    assert found is not None
    return found


@pytest.fixture
def session(client: Client) -> Session:
    made = client.new_session()
    kernel.run(made.send("a city at night", show=False))
    return made


@pytest.fixture(scope="session")
def gone() -> tuple[int, float]:
    """Return the number and the beginning of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        began_at = psutil.Process(child.pid).create_time()
        child.kill()
    return child.pid, began_at


def interrupted(library: Library, job: str, gone: tuple[int, float], *, clip: str = "") -> str:
    """Let a job look as it does when its kernel was killed."""
    sql = "UPDATE jobs SET state = 'running', ended_at = NULL, clip = ?, pid = ?, pid_began_at = ? WHERE id = ?"
    library.database.write(lambda db: db.execute(sql, (clip, *gone, job)))
    return job


def exported(session: Session, library: Library, path: Path, gone: tuple[int, float], *, clip: str = "") -> str:
    kernel.run(session.export(path, show=False))
    path.unlink()
    return interrupted(library, library.ledger.jobs()[-1].id, gone, clip=clip)


def taken_up(job: str | None, client: Client, **rest: object) -> object:
    return kernel.run(resume(job, client=client, show=False, **rest))  # type: ignore[arg-type]


def test_a_render_is_asked_for_by_its_id_and_not_submitted_again(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)
    (submitted,) = service.told("submit")
    asked = len(service.calls)
    clip = taken_up(job, client)
    assert isinstance(clip, Clip)
    assert (clip.path, clip.path.read_bytes()) == (tmp_path / "city.mp4", service.clip)
    assert len(service.told("submit")) == 1
    assert service.calls[asked][1].path.endswith(submitted.json["id"])
    row = library.ledger.job(job)
    assert row is not None
    assert (row.state, row.can_be_resumed) == ("done", False)


@pytest.mark.parametrize("answer", [Answer({"detail": "unknown"}, status=404),
    Answer({"success": True, "data": {"id": "r", "status": "failed"}}),
    Answer({"success": True, "data": {"id": "r", "status": "cancelled"}})])  # fmt: skip
def test_a_render_that_the_service_does_not_have_is_submitted_once_more(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float],
    answer: Answer,
) -> None:  # fmt: skip
    job = exported(session, library, tmp_path / "city.mp4", gone)
    service.script["status"].append(answer)
    taken_up(job, client)
    first, second = (call.json for call in service.told("submit"))
    assert first["id"] != second["id"]
    assert (first["draft"], first["output"]) == (second["draft"], second["output"])
    assert (tmp_path / "city.mp4").read_bytes() == service.clip


def test_a_timeline_that_was_changed_since_is_not_rendered_in_the_old_ones_place(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)
    service.script["status"].append(Answer({"detail": "unknown"}, status=404))
    service.draft = TITLED
    with pytest.raises(InputError, match="has been changed since"):
        taken_up(job, client)
    assert len(service.told("submit")) == 1


def test_a_clip_that_had_arrived_is_written_without_asking(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    kernel.run(session.export(tmp_path / "first.mp4", show=False))
    digest = library.ledger.jobs()[-1].clip
    job = exported(session, library, tmp_path / "city.mp4", gone, clip=digest)
    asked = len(service.calls)
    taken_up(job, client)
    assert len(service.calls) == asked
    assert (tmp_path / "city.mp4").read_bytes() == service.clip


def test_an_export_that_was_interrupted_before_it_was_submitted_is_submitted_once(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    row = library.ledger.jobs()[0].session
    wanted = {"format": "mp4", "quality": "high", "resolution": "360p"}
    job = library.ledger.begin("export", row, "a city", path=str(tmp_path / "city.mp4"), output=wanted)
    interrupted(library, job, gone)
    taken_up(job, client)
    assert [call.json["output"] for call in service.told("submit")] == [wanted]
    assert (tmp_path / "city.mp4").read_bytes() == service.clip


def test_a_newer_file_at_its_place_is_left_alone(
    client: Client, session: Session, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)
    (tmp_path / "city.mp4").write_text("made since")
    clip = taken_up(job, client)
    assert isinstance(clip, Clip)
    assert clip.path.name == "city-2.mp4"
    assert (tmp_path / "city.mp4").read_text() == "made since"


def test_a_file_that_was_there_before_its_kernel_ended_is_not_written_twice(
    client: Client, session: Session, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    kernel.run(session.export(tmp_path / "city.mp4", show=False))
    row = library.ledger.jobs()[-1]
    interrupted(library, row.id, gone, clip=row.clip)
    left = tmp_path / f".city-{gone[0]}-0123abcd.part"
    left.write_bytes(b"half")
    clip = taken_up(row.id, client)
    assert isinstance(clip, Clip)
    assert [file.name for file in tmp_path.iterdir()] == ["city.mp4"]


def test_a_clip_whose_folder_is_gone_is_written_elsewhere(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    (tmp_path / "stick").mkdir()
    job = exported(session, library, tmp_path / "stick" / "city.mp4", gone)
    (tmp_path / "stick").rmdir()
    with pytest.raises(OutputPathError, match="no folder"):
        taken_up(job, client)
    clip = taken_up(job, client, path=tmp_path / "else.mp4")
    assert isinstance(clip, Clip)
    assert clip.path.read_bytes() == service.clip


def test_what_became_of_a_message_is_found_without_sending_it_again(
    client: Client, session: Session, service: Service, library: Library, gone: tuple[int, float]
) -> None:
    service.script["chat"].append(stream(text("Titled."), draft=TITLED))
    kernel.run(session.send("add a title", show=False))
    job = interrupted(library, library.ledger.jobs()[-1].id, gone)
    turn = taken_up(job, client)
    assert isinstance(turn, Turn)
    assert any("Urban Dreams" in change for change in turn.changes)
    assert turn.draft.raw == TITLED
    assert "Nothing was sent again" in turn.note
    assert service.accepted == 2
    assert library.ledger.orphans() == []


def test_a_message_that_changed_nothing_is_told_once_and_not_sent_again(
    client: Client, session: Session, service: Service, library: Library, gone: tuple[int, float]
) -> None:
    service.script["chat"].append(stream(text("I only talk."), draft=DRAFT))
    kernel.run(session.send("what is this?", show=False))
    job = interrupted(library, library.ledger.jobs()[-1].id, gone)
    with pytest.raises(StreamBrokenError, match="not sent again"):
        taken_up(job, client)
    assert service.accepted == 2
    with pytest.raises(InputError, match="nothing to take up"):
        taken_up(job, client)


def test_an_answer_that_was_found_is_shown_with_where_it_came_from(
    client: Client, session: Session, service: Service, library: Library, gone: tuple[int, float],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    service.draft = TITLED
    job = interrupted(library, library.ledger.jobs()[-1].id, gone)
    capsys.readouterr()
    kernel.run(resume(job, client=client))
    said = capsys.readouterr().out
    assert "Urban Dreams" in said
    assert "Found on the timeline" in said


def test_two_who_take_up_the_same_export_at_once_get_it_once(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)

    async def both() -> list[object]:
        taking = (resume(job, client=client, show=False) for _ in range(2))
        return list(await asyncio.gather(*taking, return_exceptions=True))

    clip, refusal = sorted(kernel.run(both()), key=lambda result: isinstance(result, Exception))
    assert isinstance(clip, Clip)
    assert isinstance(refusal, InputError)
    assert [file.name for file in tmp_path.iterdir()] == ["city.mp4"]
    assert len(service.told("submit")) == 1


def test_who_stops_looking_for_a_message_can_look_again(
    client: Client, session: Session, service: Service, library: Library, gone: tuple[int, float]
) -> None:
    service.script["chat"].append(stream(text("Titled."), draft=TITLED))
    kernel.run(session.send("add a title", show=False))
    job = interrupted(library, library.ledger.jobs()[-1].id, gone)
    service.draft = DRAFT  # the agent is not there yet
    asked = threading.Event()
    service.after["state"] = asked.set

    async def stopped() -> None:
        looking = asyncio.ensure_future(resume(job, client=client, show=False))
        await asyncio.to_thread(asked.wait, 10)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    kernel.run(stopped())
    service.draft = TITLED
    assert [row.id for row in library.ledger.orphans()] == [job]
    turn = taken_up(job, client)
    assert isinstance(turn, Turn)
    assert turn.draft.raw == TITLED


def test_what_a_later_message_changed_is_not_taken_for_its_result(
    client: Client, session: Session, service: Service, library: Library, gone: tuple[int, float]
) -> None:
    service.script["chat"].extend([stream(text("Talk."), draft=DRAFT), stream(text("Titled."), draft=TITLED)])
    kernel.run(session.send("what is this?", show=False))
    job = interrupted(library, library.ledger.jobs()[-1].id, gone)
    kernel.run(session.send("add a title", show=False))
    with pytest.raises(StreamBrokenError, match="as it was before it"):
        taken_up(job, client)


def test_what_says_nothing_of_the_job_leaves_it_to_be_taken_up_later(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)
    service.script["status"].append(refusal(1001, 401))
    with pytest.raises(AuthError):
        taken_up(job, client)
    assert [row.id for row in library.ledger.orphans()] == [job]
    assert isinstance(taken_up(job, client), Clip)


def test_everything_is_taken_up_and_what_fails_is_told(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    lost = interrupted(library, library.ledger.jobs()[-1].id, gone)
    before = library.ledger.before(lost)
    assert before is not None
    service.draft = dict(before.draft)
    service.media = []
    export = exported_after_draft(session, service, library, tmp_path, gone)
    service.draft = dict(before.draft)
    results = taken_up(None, client)
    assert isinstance(results, Resumed)
    assert [type(result) for result in results] == [Clip]
    shown: list[object] = []
    monkeypatch.setattr("nemo_widgets.client.resume.show_here", shown.append)
    results._ipython_display_()
    assert shown == results, "a notebook shows the clips, not their descriptions"
    assert lost in capsys.readouterr().err
    assert library.ledger.job(export).state == "done"  # type: ignore[union-attr]


def exported_after_draft(
    session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> str:
    service.draft = DRAFT
    return exported(session, library, tmp_path / "city.mp4", gone)


def test_a_job_that_is_done_gives_its_result_again(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path
) -> None:
    kernel.run(session.export(tmp_path / "city.mp4", show=False))
    message, export = (job.id for job in library.ledger.jobs())
    asked = len(service.calls)
    turn = taken_up(message, client)
    assert isinstance(turn, Turn)
    assert turn.text == "Done. The city glows."
    (tmp_path / "city.mp4").unlink()
    clip = taken_up(export, client)
    assert isinstance(clip, Clip)
    assert clip.path.read_bytes() == service.clip
    assert len(service.calls) == asked


def test_what_cannot_be_taken_up_is_told(client: Client, session: Session, library: Library) -> None:
    kernel.run(session.upload(make("png")))
    upload = library.ledger.jobs()[-1].id
    for job, words in ((upload, "was an upload"), ("export-none", "has no job")):
        with pytest.raises(InputError, match=words):
            taken_up(job, client)
    running = library.ledger.begin("export", library.ledger.jobs()[0].session, "")
    with pytest.raises(InputError, match="still under way"):
        taken_up(running, client)


def test_another_service_is_not_asked_for_it(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = exported(session, library, tmp_path / "city.mp4", gone)
    other = connect("http://127.0.0.1:9", token=TOKEN)
    with pytest.raises(InputError, match="was begun with"):
        taken_up(job, other)
    assert [row.id for row in library.ledger.orphans()] == [job]


def test_a_token_that_is_meant_for_another_service_is_not_sent_there(
    session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    job = exported(session, library, tmp_path / "city.mp4", gone)
    asked = len(service.calls)
    monkeypatch.setenv("NEMO_TOKEN", TOKEN)
    with pytest.raises(InputError, match=r"NEMO_TOKEN is meant for https://mega.*client=nemo\.connect"):
        kernel.run(resume(job, show=False))
    assert len(service.calls) == asked
    monkeypatch.setenv("NEMO_API_URL", service.url)
    assert isinstance(kernel.run(resume(job, show=False)), Clip)


def test_taking_everything_up_when_nothing_is_left_says_so(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert kernel.run(resume()) == []
    said = capsys.readouterr()
    assert (said.out, said.err) == ("Nothing was left unfinished.\n", "")
    with pytest.raises(InputError, match="say which"):
        kernel.run(resume(path="a.mp4"))


def test_the_first_connection_after_a_crash_tells_what_is_left(
    session: Session, library: Library, tmp_path: Path, gone: tuple[int, float], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    exported(session, library, tmp_path / "city.mp4", gone)
    monkeypatch.setattr(history, "_TOLD", set())  # as in a new kernel
    capsys.readouterr()
    connect("local")
    connect("local")
    said = capsys.readouterr().out
    assert said.count("nemo.resume()") == 1
    assert "1 export" in said
    assert f"nemo.connect({session.client.url!r}).open_session({session.id!r})" in said


def test_the_history_has_a_row_for_each_job_and_the_same_types_when_it_is_empty(
    session: Session, service: Service, tmp_path: Path
) -> None:
    empty = nemo.history(text="no such words")
    kernel.run(session.export(tmp_path / "city.mp4", show=False))
    table = nemo.history()
    assert dict(table.dtypes.astype(str)) == dict(empty.dtypes.astype(str))
    assert list(table["kind"]) == ["message", "export"]
    assert list(table["kept"]) == [False, True]
    assert (table["width"][1], table["credits_spent"][0]) == (64, 10)
    assert list(nemo.history(kind="export", since="2020-01-01")["path"]) == [str(tmp_path / "city.mp4")]
    assert len(nemo.history(state=["done", "failed"], backend="custom", session="s1", text="CITY")) == 2
    assert nemo.history(since="2999-01-01").empty


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"kind": "exprt"}, "did you mean 'export'"), ({"state": "x"}, "choose of"), ({"since": "soon"}, "is no time")],
)
def test_a_slip_in_what_is_asked_of_the_history_is_told(asked: dict[str, str], words: str) -> None:
    with pytest.raises(NemoError, match=words):
        nemo.history(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["city.mp4", "other.mp4"])
def test_an_export_that_was_made_again_is_not_offered_any_more(
    client: Client, session: Session, library: Library, tmp_path: Path, gone: tuple[int, float], name: str
) -> None:
    old = exported(session, library, tmp_path / "city.mp4", gone)
    kernel.run(session.export(tmp_path / name, show=False))
    again = library.ledger.jobs()[-1].id
    assert history.unfinished() == []
    assert taken_up(None, client) == []
    assert [file.name for file in tmp_path.glob("*.mp4")] == [name]
    with pytest.raises(InputError, match=f"it was exported again, as {again}"):
        taken_up(old, client)


@pytest.mark.parametrize("wish", ["another resolution", "another timeline", "another session"])
def test_an_export_that_is_another_one_leaves_the_interrupted_one_to_be_taken_up(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float],
    wish: str,
) -> None:  # fmt: skip
    old = exported(session, library, tmp_path / "city.mp4", gone)
    if wish == "another timeline":
        service.draft = TITLED
    if wish == "another session":
        session = client.new_session()
        kernel.run(session.send("a city at night", show=False))
    resolution = "720p" if wish == "another resolution" else "1080p"
    kernel.run(session.export(tmp_path / "other.mp4", resolution=resolution, show=False))
    assert [job.id for job in history.unfinished()] == [old]


def test_an_export_that_fails_leaves_the_interrupted_one_to_be_taken_up(
    session: Session, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    old = exported(session, library, tmp_path / "city.mp4", gone)
    service.script["status"].extend([Answer({"success": True, "data": {"id": "r", "status": "failed"}})] * 10)
    with pytest.raises(NemoError):
        kernel.run(session.export(tmp_path / "city.mp4", show=False))
    assert old in [job.id for job in history.unfinished()]


def test_a_file_that_was_replaced_is_delivered_from_the_library_beside_it(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path
) -> None:
    path, film = tmp_path / "city.mp4", service.clip
    kernel.run(session.export(path, show=False))
    job = library.ledger.jobs()[-1].id
    path.write_bytes(b"another film")
    clips = [taken_up(job, client), taken_up(job, client)]
    assert [clip.path.read_bytes() for clip in clips if isinstance(clip, Clip)] == [film, film]
    assert {file.name: file.read_bytes() for file in tmp_path.glob("*.mp4")} == {
        "city.mp4": b"another film", "city-2.mp4": film,
    }  # fmt: skip


def test_a_film_that_was_set_aside_is_found_where_it_is_now(
    client: Client, session: Session, service: Service, library: Library, tmp_path: Path
) -> None:
    path, film = tmp_path / "city.mp4", service.clip
    first = kernel.run(session.export(path, show=False))
    known = {first: "first"}
    service.clip = film + b"\0\0\0\x08free"
    second = kernel.run(session.export(path, show=False))
    assert (first.path.name, second.path.name) == ("city-1.mp4", "city.mp4")
    assert (first.path.read_bytes(), second.path.read_bytes()) == (film, service.clip)
    assert known[first] == "first"
    one, other = (job for job in library.ledger.jobs() if job.kind == "export")
    assert (one.path, other.path) == (str(first.path), str(second.path))
    found = taken_up(one.id, client)
    assert isinstance(found, Clip)
    assert found.path == first.path


def test_the_history_shows_what_a_person_wants_first_and_everything_on_demand(session: Session) -> None:
    table = nemo.history()
    shown, everything = table._repr_html_(), table[:]._repr_html_()  # type: ignore[operator]
    assert "credits_spent" in shown
    assert "a city at night" in repr(table)
    for hidden in ("resumable", "size_bytes"):
        assert hidden in table.columns
        assert hidden in everything
        assert hidden not in shown + repr(table)
    assert "8 of 17 columns" in shown


def test_an_empty_history_says_so(session: Session) -> None:
    table = nemo.history(text="no such words")
    assert "no such jobs" in table._repr_html_()  # type: ignore[operator]
    assert "no such jobs" in repr(table)
    assert len(table.columns) == 17
