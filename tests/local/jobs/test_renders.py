"""Render jobs: queued, drawn, cancelled, fetched, and taken up again."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import httpx
import pytest

from nemo_widgets.local import LocalStudio
from nemo_widgets.media.probe import probe

from ..conftest import DIRECT, Caller, TinyEngine, until

MakeStudio = Callable[..., LocalStudio]


@pytest.fixture
def session(call: Caller) -> str:
    """Open a session that has something to render."""
    session = call.open_session()
    call.say(session, "a city")
    return session


def test_a_render_ends_as_a_file_that_needs_no_credentials(call: Caller, session: str, tmp_path: Path) -> None:
    submitted = call.submit(session, "render_1").json()
    assert submitted["success"] is True
    assert (submitted["data"]["id"], submitted["data"]["status"]) == ("render_1", "pending")
    record = call.finished("render_1")
    assert (record["status"], record["progress"]) == ("completed", 1.0)
    assert record["createdAt"] <= record["completedAt"]
    video = httpx.get(record["outputUrl"], **DIRECT)
    (tmp_path / "out.mp4").write_bytes(video.content)
    facts = probe(tmp_path / "out.mp4")
    assert (facts.width, facts.height, facts.video_codec) == (1920, 1080, "h264")
    assert call.http.get("/api/render/proxy/render_1/download").content == video.content


def test_a_render_tells_how_far_it_is(call: Caller, session: str, tiny: TinyEngine) -> None:
    tiny.gate.clear()
    call.submit(session, "render_1")
    record = until(lambda: call.render("render_1"), lambda record: record["progress"] > 0)
    assert (record["status"], record["progress"], record["outputUrl"]) == ("processing", 0.5, None)


def test_renders_of_one_session_run_one_at_a_time_in_order(call: Caller, session: str, tiny: TinyEngine) -> None:
    tiny.gate.clear()
    tiny.most_at_once = 0
    for number in range(3):
        call.submit(session, f"render_{number}")
    until(lambda: call.render("render_0"), lambda record: record["status"] == "processing")
    assert [call.render(f"render_{number}")["status"] for number in range(3)] == ["processing", "pending", "pending"]
    tiny.gate.set()
    ended = [call.finished(f"render_{number}")["completedAt"] for number in range(3)]
    assert ended == sorted(ended)
    assert tiny.most_at_once == 1


def test_the_same_id_renders_once(call: Caller, session: str) -> None:
    call.submit(session, "render_1")
    first = call.finished("render_1")
    again = call.submit(session, "render_1").json()["data"]
    assert again["status"] == "completed"
    assert call.render("render_1") == first


@pytest.mark.parametrize("waiting", [False, True])
def test_a_cancelled_render_stops_and_says_so(call: Caller, session: str, tiny: TinyEngine, waiting: bool) -> None:
    tiny.gate.clear()
    call.submit(session, "render_1")
    until(lambda: call.render("render_1"), lambda record: record["progress"] > 0)
    if waiting:
        call.submit(session, "render_2")
    name = "render_2" if waiting else "render_1"
    told = call.http.post(f"/api/render/proxy/lambda/{name}/cancel").json()["data"]
    assert (told["status"], told["error"]) == ("failed", "cancelled")
    assert waiting or tiny.stopped.wait(5)
    tiny.gate.set()
    if waiting:
        assert call.finished("render_1")["status"] == "completed"


def test_cancelling_a_finished_render_changes_nothing(call: Caller, session: str) -> None:
    call.submit(session, "render_1")
    before = call.finished("render_1")
    told = call.http.post("/api/render/proxy/lambda/render_1/cancel").json()["data"]
    assert told == before


def test_a_renderer_that_breaks_is_told_without_its_innards(call: Caller, session: str, tiny: TinyEngine) -> None:
    def fail(pool: Executor) -> None:
        raise ZeroDivisionError("innards")

    tiny.before = fail
    call.submit(session, "render_1")
    record = call.finished("render_1")
    assert record["status"] == "failed"
    assert "innards" not in record["error"]


def test_a_killed_worker_is_replaced_and_the_render_goes_on(call: Caller, session: str, tiny: TinyEngine) -> None:
    killed: list[int] = []

    def kill_once(pool: Executor) -> None:
        worker = pool.submit(os.getpid).result()
        if not killed:
            killed.append(worker)
            os.kill(worker, signal.SIGKILL)
            pool.submit(os.getpid).result()

    tiny.before = kill_once
    call.submit(session, "render_1")
    assert call.finished("render_1")["status"] == "completed"
    assert killed


@pytest.mark.parametrize(
    "change",
    [
        {"draft": {}},
        {"draft": {"t": [{"tt": 0, "sg": []}]}},
        {"draft": None},
        {"id": "../../etc/passwd"},
        {"id": ""},
        {"id": 7},
        {"output": {"format": "exe"}},
        {"output": "mp4"},
        {"output": {"resolution": "99999p"}},
        {"output": {"resolution": ["1080p"]}},
        {"draft": {"t": [{"tt": 0, "sg": [{"s": 0, "d": 10**12}]}]}},
        {"draft": {"t": [{"tt": 0, "sg": [{}]}], "d": 10**12}},
    ],
)
def test_a_render_that_makes_no_sense_is_refused(call: Caller, session: str, change: dict[str, object]) -> None:
    body = {"id": "render_1", "sessionId": session, "draft": call.state(session)["draft"], "output": {}}
    assert call.http.post("/api/render/proxy/lambda", json={**body, **change}).status_code == 422


def test_rendering_without_the_attribution_headers_is_402(studio: LocalStudio, session: str, call: Caller) -> None:
    bare = httpx.Client(headers={"Authorization": f"Bearer {studio.token}"}, base_url=studio.url, **DIRECT)
    with bare:
        answer = bare.post("/api/render/proxy/lambda", json={"id": "render_1", "sessionId": session})
    assert answer.status_code == 402


def test_the_other_status_form_has_the_task_at_the_top(make_studio: MakeStudio) -> None:
    with make_studio(envelope="bare") as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            session = call.http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["session_id"]
            call.say(session, "a city")
            draft = call.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["state"]["draft"]
            call.submit(session, "render_1", draft)
            look = lambda: call.http.get("/api/render/proxy/lambda/render_1").json()  # noqa: E731
            record = until(look, lambda record: record["status"] == "completed")
            video = httpx.get(record["output"]["url"], **DIRECT)
    assert record["taskId"] == "render_1"
    assert (record["output"]["duration"], record["output"]["size"]) == (1.0, len(video.content))


def test_a_restart_takes_unfinished_renders_up_again(make_studio: MakeStudio, tiny: TinyEngine, tmp_path: Path) -> None:
    with make_studio(state_dir=tmp_path / "state", token="mine") as studio:
        call = Caller(studio.url, "mine")
        with call.http:
            session = call.open_session()
            call.say(session, "a city")
            tiny.gate.clear()
            call.submit(session, "render_1")
            call.submit(session, "render_2")
            until(lambda: call.render("render_1"), lambda record: record["status"] == "processing")
            draft = call.state(session)["draft"]
    tiny.gate.set()
    with make_studio(state_dir=tmp_path / "state", token="mine") as studio:
        call = Caller(studio.url, "mine")
        with call.http:
            assert [call.finished(name)["status"] for name in ("render_1", "render_2")] == ["completed", "completed"]
            assert call.state(session)["draft"] == draft
            clip = call.state(session)["generated_media"][0]["url"]
            assert clip.startswith(studio.url)
            assert httpx.get(clip, **DIRECT).status_code == 200
            assert call.credits()["available"] == 9_900
