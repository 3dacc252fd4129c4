"""Every call of the protocol, in every envelope, with its headers; and how often a service that fails is asked."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, connect
from nemo_widgets.client.turn import Pace
from nemo_widgets.errors import NemoError, StoppedError, StreamBrokenError

from ..small_files import make
from .conftest import DRAFT, TOKEN, Answer, FastClock, Service

CALLS = {
    "token": ("POST", "/api/auth/anonymous-token"),
    "session": ("POST", "/api/tasks/me/with-session/nemo_agent"),
    "chat": ("POST", "/run_sse"),
    "upload": ("POST", "/api/upload-video/nemo_agent/me/s1"),
    "credits": ("GET", "/api/credits/balance/simple"),
    "state": ("GET", "/api/state/nemo_agent/me/s1/latest"),
    "submit": ("POST", "/api/render/proxy/lambda"),
    "status": ("GET", "/api/render/proxy/lambda/<render>"),
    "cancel": ("POST", "/api/render/proxy/lambda/<render>/cancel"),
    "download": ("GET", "/api/render/proxy/<render>/download"),
    "claim": ("POST", "/api/auth/claim-token"),
}


async def make_every_call(client: Client, service: Service, folder: Path) -> list[object]:
    """Use all that a session offers; return what came of it."""
    session = client.new_session()
    turn = await session.send("a city at night", show=False)
    assets = await session.upload(make("png"), "https://example.com/b.png")
    state, link, credits = await session.state(), await session.web_link(), await client.credits()
    service.script["file"].append(Answer(b"", status=410))
    clip = await session.export(folder / "city.mp4", show=False)
    service.script["status"].extend([service.wrap({"status": "processing"}, render=True)] * 1000)
    service.after["status"] = (asked := threading.Event()).set
    export = asyncio.ensure_future(session.export(folder / "other.mp4", show=False))
    await asyncio.to_thread(asked.wait, 10)
    await session.cancel_export()
    with pytest.raises(StoppedError, match="the export was cancelled"):
        await export
    service.script["status"].clear()
    told = (turn.text, turn.changes, turn.draft.raw, turn.credits_spent)
    return [told, assets, state.session_id, state.task_id, state.draft, link, str(link.url), credits, clip]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEMO_LIBRARY", "off")  # or the second export would be compared with the first
    return tmp_path


def outcome(service: Service, folder: Path, envelope: str, clock: FastClock) -> list[object]:
    async def use() -> list[object]:
        async with connect(service.url, clock=clock) as client:
            return await make_every_call(client, service, folder)

    service.envelope = envelope
    return kernel.run(use())


@pytest.mark.parametrize("envelope", ["code", "success", "bare"])
def test_every_call_is_understood_in_every_envelope(
    service: Service, folder: Path, envelope: str, clock: FastClock
) -> None:
    turn, assets, session_id, task_id, draft, link, url, credits, clip = outcome(service, folder, envelope, clock)
    assert turn == ("Done. The city glows.", ("Frame set to 1920×1080", "Video added: city, 0–1 s"), DRAFT, 10.0)
    assert [asset.filename for asset in assets] == ["0.mp4", "0.mp4"]  # type: ignore[attr-defined]
    assert (session_id, task_id, draft.raw) == ("s1", "t9", DRAFT)  # type: ignore[attr-defined]
    assert repr(link) == "<WebLink to session s1, valid for 600 s: open() opens it in the browser>"
    assert url == "https://nemovideo.com/workspace/claim?ct=clm_secret%2F1"
    assert repr(credits) == "<Credits 80 available>"
    assert clip.path.read_bytes() == service.clip  # type: ignore[attr-defined]
    assert {name for name, _ in service.calls} == {*CALLS, "file"}


def test_every_call_goes_where_it_should_and_carries_its_headers(
    service: Service, folder: Path, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILL_SOURCE", "workbench")
    monkeypatch.setenv("NEMO_CLIENT_ID", "6f1c9a2e-4a0b-4a59-8e4a-0d4c1c0d9b7e")
    outcome(service, folder, "code", clock)
    renders = [call.json["id"] for call in service.told("submit")]
    for name, call in service.calls:
        if name == "file":
            assert not {"authorization", "x-skill-source", "x-skill-version", "x-skill-platform"} & set(call.headers)
            continue
        path = call.path
        for render in renders:
            path = path.replace(render, "<render>")
        assert (call.method, path) == CALLS[name]
        assert call.headers.get("authorization") == (None if name == "token" else "Bearer nmv_usr_anon1")
        assert call.headers["x-skill-source"] == "video-generative"
        assert call.headers["x-skill-version"] == "1.0.0"
        assert call.headers["x-skill-platform"] == "workbench"
        assert call.headers.get("x-client-id") == ("6f1c9a2e-4a0b-4a59-8e4a-0d4c1c0d9b7e" if name == "token" else None)
        assert "nmv_usr" not in call.path
        assert b"nmv_usr" not in call.body
    bodies = {name: json.loads(call.body) for name, call in service.calls if call.body.startswith(b"{")}
    assert bodies["session"] == {"task_name": "project", "language": "en"}
    assert bodies["upload"] == {"urls": ["https://example.com/b.png"], "source_type": "url"}
    assert bodies["claim"] == {"task_id": "t1", "session_id": "s1"}
    assert set(bodies["submit"]) == {"id", "sessionId", "draft", "output"}
    assert bodies["submit"]["output"] == {"format": "mp4", "quality": "high"}


def test_a_state_is_typed_and_whatever_it_lacks_is_empty(client: Client, service: Service) -> None:
    known = {"video_infos": {"a": {"duration": 2}, "b": None}, "video_analyses": [{"mood": "calm"}, 3], "draft": DRAFT}
    full_answer = {"session_id": "s1", "task_id": "t1", "task_name": "project", "state": known}
    service.script["state"].extend([Answer(full_answer), Answer({})])
    session = client.open_session("s1")
    full, empty = kernel.run(session.state()), kernel.run(session.state())
    assert (full.session_id, full.task_id, full.task_name) == ("s1", "t1", "project")
    media = "0 raw clips, 1 uploaded video"
    assert repr(full) == f"<State of session s1: Timeline (1 track): 1. Video: city (0-1s); {media}>"
    assert repr(empty) == "<State of session that is not opened yet: Timeline: empty; 0 raw clips, 0 uploaded videos>"
    assert (full.video_infos, full.video_analyses) == (({"duration": 2},), ({"mood": "calm"},))
    assert full.draft.raw == DRAFT
    assert (empty.session_id, empty.task_id, empty.video_infos, empty.video_analyses) == ("", "", (), ())
    assert (empty.canvas, empty.generated_media, empty.draft.is_empty) == ({}, (), True)


ASKED: dict[str, Callable[[Client, Path], Awaitable[Any]]] = {
    "credits": lambda client, folder: client.credits(),
    "state": lambda client, folder: client.open_session("s1").state(),
    "status": lambda client, folder: client.open_session("s1").export(folder / "x.mp4", show=False),
    "download": lambda client, folder: client.open_session("s1").export(folder / "x.mp4", show=False),
}
ONCE: dict[str, Callable[[Client, Path], Awaitable[Any]]] = {
    "session": lambda client, folder: client.new_session().send("a city", show=False),
    "upload": lambda client, folder: client.open_session("s1").upload(make("png")),
    "chat": lambda client, folder: client.open_session("s1").send("a city", show=False),
    "claim": lambda client, folder: client.open_session("s1").web_link(),
}


@pytest.mark.parametrize("failure", [Answer(b"", status=503), Answer(reset=True)], ids=["503", "reset"])
@pytest.mark.parametrize("name", [*ASKED, *ONCE])
def test_only_what_costs_and_changes_nothing_is_asked_again(
    client: Client, service: Service, folder: Path, name: str, failure: Answer
) -> None:
    service.draft = DRAFT
    service.script["file"].append(Answer(b"", status=410))
    service.script[name].extend([failure] * 2)

    async def ask() -> bool:
        try:
            await {**ASKED, **ONCE}[name](client, folder)
        except NemoError:
            return False
        return True

    assert kernel.run(ask()) is (name in ASKED)
    assert len(service.told(name)) == (3 if name in ASKED else 1)


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Pace:
    """Let the service on this machine be taken for one that is far away."""
    monkeypatch.setattr("nemo_widgets.client.client.is_loopback", lambda origin: False)
    return Pace()


def test_the_cloud_is_asked_less_often_than_the_local_studio(
    client: Client, service: Service, clock: FastClock, far_away: Pace, folder: Path
) -> None:
    service.script["chat"].append(Answer(reset=True))
    with pytest.raises(StreamBrokenError):
        kernel.run(client.new_session().send("a city", show=False))
    waits = [slept for slept in clock.slept if slept in (far_away.recover_first_s, far_away.recover_next_s)]
    assert waits == [30.0, 60.0, 60.0, 60.0, 60.0]
    clock.slept.clear()
    service.draft = DRAFT
    kernel.run(client.open_session("s1").export(folder / "x.mp4", show=False))
    assert 30.0 in clock.slept
    assert far_away.poll_s == 30.0


def test_a_second_export_of_a_session_waits_for_the_first(client: Client, service: Service, folder: Path) -> None:
    service.draft = DRAFT
    service.script["status"].append(service.wrap({"status": "processing"}, render=True))

    async def both() -> None:
        session = client.open_session("s1")
        exports = (session.export(folder / f"{name}.mp4", show=False) for name in "ab")
        await asyncio.gather(*exports)

    kernel.run(both())
    names = [name for name, _ in service.calls if name in ("submit", "status", "file")]
    assert names == ["submit", "status", "status", "file", "submit", "status", "file"]
    assert sorted(file.name for file in folder.iterdir()) == ["a.mp4", "b.mp4"]


def test_a_link_leads_to_the_web_app_that_the_environment_names(
    service: Service, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_WEB_URL", "https://web.example/")

    async def link() -> str:
        async with connect(service.url, token=TOKEN, clock=clock) as client:
            return str((await client.open_session("s1").web_link()).url)

    assert kernel.run(link()).startswith("https://web.example/workspace/claim?ct=")
