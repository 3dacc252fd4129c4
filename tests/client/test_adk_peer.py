"""The client drives a server that it was not made for: the API server of Google's Agent Development Kit.

It is installed into an environment of its own, kept between runs outside the repository; ``ADK_PEER_VENV`` names
another place.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Session, Turn, connect
from nemo_widgets.errors import AgentFailedError, SessionGoneError, StoppedError
from nemo_widgets.protocol.events import AgentError, TextDelta, ToolCall, ToolResult

pytestmark = [pytest.mark.peer, pytest.mark.timeout(900)]

REQUIREMENT = "google-adk==2.13.*"
PEER = Path(__file__).parent / "adk_peer"


def peer_python() -> Path:
    """Return the Python of an environment that has the kit, made when there is none."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    kept = Path.home() / ".cache" / "nemo-widgets-tests" / f"google-adk-2.13-{version}"
    venv = Path(os.environ.get("ADK_PEER_VENV", kept))
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    steps = [[sys.executable, "-m", "venv", str(venv)], [str(python), "-m", "pip", "install", "--quiet", REQUIREMENT]]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if (
        subprocess.run([str(python), "-c", "import google.adk"], capture_output=True, check=False).returncode
        if python.exists()
        else 1
    ):
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                pytest.skip(f"{REQUIREMENT} cannot be installed here: {done.stderr.strip()[-200:]}")
    return python


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("adk") / "peer"
    shutil.copytree(PEER, folder)  # the kit keeps its sessions beside its agents
    log = folder / "log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with log.open("wb") as out:
        command = [str(peer_python()), str(folder / "server.py"), str(port)]
        server = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, env=environment)
        try:
            wait_until(lambda: server.poll() is not None or is_listening(port), timeout_s=120)
            assert server.poll() is None, log.read_text()
            yield url
        finally:
            server.terminate()
            server.wait(20)


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(good: Callable[[], bool], timeout_s: float = 10) -> None:
    ends_at = time.monotonic() + timeout_s
    while not good():
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def seen(peer: str, session: Session) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{peer}/seen/{session.id}", trust_env=False, timeout=20).json()
    return found


def with_client(peer: str, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with connect(peer, token="x") as client:
            return await work(client)

    return kernel.run(run())


def answered(peer: str, script: str) -> tuple[Turn, dict[str, Any]]:
    async def send(client: Client) -> tuple[Turn, Session]:
        session = client.new_session(language="en")
        return await session.send(script, show=False), session

    turn, session = with_client(peer, send)
    return turn, seen(peer, session)


def test_text_comes_once_without_thoughts_though_the_kit_sends_it_twice(peer: str) -> None:
    turn, told = answered(peer, "text")
    assert turn.text == "Hello **world**\u2028你好 🎬."
    assert all(isinstance(event, TextDelta) for event in turn.events)
    assert told["messages"] == 1
    assert answered(peer, "whole text")[0].text == "Hello world."


def test_tools_are_events_and_their_work_is_a_change(peer: str) -> None:
    turn, told = answered(peer, "tools")
    assert turn.text == "One moment.\n\nI added a title."
    kinds = [type(event) for event in turn.events if not isinstance(event, TextDelta)]
    assert kinds == [ToolCall, ToolResult]
    assert turn.changes == ('Title added: "Urban Dreams", 0–3 s',)
    assert told["messages"] == 1


def test_a_silent_edit_is_told_and_nothing_at_all_too(peer: str) -> None:
    turn, told = answered(peer, "silent")
    assert turn.text == '- Title added: "Quiet", 0–3 s'
    assert told["messages"] == 1
    assert "answered nothing" in answered(peer, "nothing")[0].text


@pytest.mark.parametrize(("script", "words"), [("error", "the model is broken"), ("error code", "not possible")])
def test_an_error_inside_the_stream_is_one_clear_error(peer: str, script: str, words: str) -> None:
    async def fail(client: Client) -> Session:
        session = client.new_session(language="en")
        with pytest.raises(AgentFailedError, match=words):
            await session.send(script, show=False)
        return session

    assert seen(peer, with_client(peer, fail))["messages"] == 1


def test_a_quiet_agent_is_waited_for(peer: str) -> None:
    turn, _ = answered(peer, "pause")
    assert turn.text == "Wait a moment. Here it is."
    assert turn.elapsed_s >= 2


def test_stopping_an_answer_stops_the_agent(peer: str) -> None:
    async def stop(client: Client) -> Session:
        session = client.new_session(language="en")
        async with session.stream("long pause") as events:
            async for event in events:
                assert event == TextDelta("Wait a moment.")
                break
        with pytest.raises(StoppedError):
            _ = events.turn
        send = asyncio.ensure_future(session.send("whole text", show=False))
        assert (await send).text == "Hello world."
        return session

    session = with_client(peer, stop)
    wait_until(lambda: "long pause" in seen(peer, session)["stopped"])


def test_a_session_that_the_kit_does_not_know_is_gone(peer: str) -> None:
    async def ask(client: Client) -> None:
        with pytest.raises(SessionGoneError):
            await client.open_session("nowhere").send("text", show=False)

    with_client(peer, ask)


def test_one_session_keeps_its_timeline_through_all_of_it(peer: str) -> None:
    async def go_on(client: Client) -> tuple[list[str], Session]:
        session = client.new_session(language="en")
        ended = []
        for script in ("tools", "error", "silent", "text"):
            try:
                ended.append((await session.send(script, show=False)).text[:9])
            except AgentFailedError as error:
                ended.append(type(error).__name__)
        assert len((await session.draft()).tracks) == 2
        return ended, session

    ended, session = with_client(peer, go_on)
    assert ended == ["One momen", "AgentFailedError", "- Title a", "Hello **w"]
    assert seen(peer, session)["messages"] == 4


def test_a_malformed_event_never_comes_from_the_kit(peer: str) -> None:
    for script in ("text", "tools", "silent", "nothing"):
        assert not any(isinstance(event, AgentError) for event in answered(peer, script)[0].events)
