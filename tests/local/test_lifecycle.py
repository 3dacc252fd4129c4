"""A studio as a teacher handles it: started and stopped without a block, and begun anew for the next lesson."""

import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.local import LocalStudio, Options

from .conftest import DIRECT, Caller, TinyEngine, events, until

MakeStudio = Callable[..., LocalStudio]


def test_a_studio_is_started_and_stopped_without_a_block(make_studio: MakeStudio) -> None:
    studio = make_studio()
    assert repr(studio) == "<LocalStudio, not started>"
    assert studio.start() is studio
    url = studio.url
    assert studio.start().url == url
    assert studio.token not in repr(studio)
    with Caller(url, studio.token).http as http:
        assert http.get("/api/credits/balance/simple").status_code == 200
    studio.stop()
    studio.stop()
    assert studio.url == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, **DIRECT)
    with pytest.raises(StudioUnavailableError, match="not running"):
        studio.reset()


def test_a_stopped_studio_can_start_again_and_remembers_what_its_folder_holds(
    make_studio: MakeStudio, tmp_path: Path
) -> None:
    studio = make_studio(state_dir=tmp_path).start()
    with Caller(studio.url, studio.token).http as http:
        session = http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["data"]["session_id"]
    studio.stop()
    with studio, Caller(studio.url, studio.token).http as http:
        assert http.get(f"/api/state/nemo_agent/me/{session}/latest").status_code == 200


def test_a_stopped_studio_comes_back_at_its_address_unless_that_is_taken(
    make_studio: MakeStudio, tmp_path: Path
) -> None:
    studio = make_studio(state_dir=tmp_path / "kept")
    first = studio.start().url
    studio.stop()
    assert studio.start().url == first
    studio.stop()
    with socket.create_server(("127.0.0.1", int(first.rsplit(":", 1)[1]))):
        assert studio.start().url not in ("", first)
    studio.stop()


def test_a_reset_leaves_nothing_of_the_last_lesson(make_studio: MakeStudio, tmp_path: Path) -> None:
    with make_studio(state_dir=tmp_path, credits=300, faults="upload:500") as studio:
        url = studio.url
        call = Caller(url, studio.token)
        with call.http:
            session = call.open_session()
            call.say(session, "a city")
            call.submit(session, "render_1")
            link = call.finished("render_1")["outputUrl"]
            studio.faults = "credits:500"
            studio.reset()
            assert studio.url == url
            assert [rule.call for rule in studio.faults.rules] == ["upload"]
            assert call.credits() == {"available": 300, "frozen": 0, "total": 300}
            assert call.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["code"] == 1002
            assert call.http.get("/api/render/proxy/lambda/render_1").status_code == 404
            assert httpx.get(link, **DIRECT).status_code == 404
    assert [path for name in ("raw", "renders", "assets") for path in (tmp_path / name).iterdir()] == []


def test_a_reset_stops_answers_and_exports_that_are_under_way(make_studio: MakeStudio, tiny: TinyEngine) -> None:
    with make_studio(credits=300) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            session = call.open_session()
            call.say(session, "a city")
            tiny.gate.clear()
            call.submit(session, "render_1")
            until(lambda: call.render("render_1"), lambda record: record["status"] == "processing")
            with call.chat(call.open_session(), "a sea") as answer:
                answered = events(answer)
                next(event for event in answered if event["type"] == "tool_call")
                studio.reset()
                with pytest.raises(httpx.RemoteProtocolError):
                    list(answered)
            tiny.gate.set()
            assert call.credits() == {"available": 300, "frozen": 0, "total": 300}
            assert call.http.get("/api/render/proxy/lambda/render_1").status_code == 404


def test_who_comes_while_a_studio_is_reset_waits(make_studio: MakeStudio) -> None:
    with make_studio() as studio:
        failed: list[object] = []
        resetting = threading.Event()

        def knock() -> None:
            while not resetting.is_set():
                try:  # a connection of its own: one that is kept may be closed under a request
                    httpx.get(f"{studio.url or url}/api/credits/balance/simple", **DIRECT, timeout=20)
                except (httpx.ConnectError, httpx.TimeoutException) as error:
                    failed.append(error)
                except httpx.TransportError:
                    pass  # it was let in, and then the studio stopped

        url = studio.url
        knocking = threading.Thread(target=knock)
        knocking.start()
        for _ in range(15):
            studio.reset()
        resetting.set()
        knocking.join()
        assert failed == []


def test_a_reset_takes_the_tokens_of_clients_back(studio: LocalStudio) -> None:
    headers = {"X-Client-Id": str(uuid.uuid4())}
    ask = {"url": f"{studio.url}/api/auth/anonymous-token", "headers": headers, **DIRECT}
    token = httpx.post(**ask).json()["data"]["token"]
    studio.reset()
    with Caller(studio.url, token).http as http:
        assert http.get("/api/credits/balance/simple").json()["code"] == 1001
    assert httpx.post(**ask).json()["data"]["token"] != token


def test_the_link_to_an_export_expires_and_a_new_one_is_given(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    raw = call.state(session)["generated_media"][0]["url"]
    call.submit(session, "render_1")
    old = call.finished("render_1")["outputUrl"]
    studio.expire_links()
    gone = httpx.get(old, **DIRECT)
    assert (gone.status_code, gone.json()["message"].startswith("This link has expired")) == (410, True)
    new = call.render("render_1")["outputUrl"]
    assert new != old
    assert httpx.get(new, **DIRECT).status_code == 200
    assert call.http.get("/api/render/proxy/render_1/download").status_code == 200
    assert httpx.get(raw, **DIRECT).status_code == 200


def test_renders_beyond_the_cap_of_a_shared_machine_wait(make_studio: MakeStudio, tiny: TinyEngine) -> None:
    with make_studio(options=Options(workers=1, parallel_renders=2)) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            sessions = [call.open_session() for _ in range(4)]
            for session in sessions:
                call.say(session, "a city")
            tiny.gate.clear()
            tiny.most_at_once = 0
            for number, session in enumerate(sessions):
                call.submit(session, f"render_{number}")
            states = lambda: sorted(call.render(f"render_{number}")["status"] for number in range(4))  # noqa: E731
            until(states, lambda seen: seen == ["pending", "pending", "processing", "processing"])
            tiny.gate.set()
            assert {call.finished(f"render_{number}")["status"] for number in range(4)} == {"completed"}
        assert tiny.most_at_once == 2


def test_a_class_sees_what_is_held_and_what_waits(make_studio: MakeStudio, tiny: TinyEngine) -> None:
    with make_studio(credits=300) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            session = call.open_session()
            call.say(session, "a city")
            tiny.gate.clear()
            for number in range(3):
                call.submit(session, f"render_{number}")
            with call.chat(call.open_session(), "a sea") as answer:
                arriving = events(answer)
                next(event for event in arriving if event["type"] == "tool_call")
                told = "Credits: 100 available, 100 held by running work · Exports: 1 being drawn, 2 waiting"
                until(lambda: str(studio.standing()), lambda seen: seen == told)
                tiny.gate.set()
                list(arriving)
            for number in range(3):
                call.finished(f"render_{number}")
            assert str(studio.standing()) == "Credits: 100 available · Exports: none under way"
            headers = {"X-Client-Id": str(uuid.uuid4())}
            given = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, **DIRECT).json()["data"]
            told = f"Credits: local_owner 100 available; {given['user_id']} 300 available ·"
            assert str(studio.standing()).startswith(told)


def test_a_program_that_forgets_to_stop_its_studio_ends(tmp_path: Path) -> None:
    code = "from nemo_widgets.local import LocalStudio; print(LocalStudio().start().url, flush=True)"
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=env)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("http://127.0.0.1:")
    assert list(tmp_path.iterdir()) == []


def test_a_script_needs_no_main_block(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import nemo_widgets as nemo\n"
        "from nemo_widgets.local import LocalStudio\n"
        "with LocalStudio(speed='instant') as studio:\n"
        "    client = nemo.connect(studio.url, token=studio.token)\n"
        "    nemo.run(client.new_session().send('a 1-second clip of a city'))\n"
        "    print('messages:', studio.accepted())\n"
    )
    env = {**os.environ, "NEMO_LIBRARY": "off"}
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, env=env)
    assert (ended.returncode, ended.stdout.count("messages:")) == (0, 1)
    assert "messages: 1\n" in ended.stdout
