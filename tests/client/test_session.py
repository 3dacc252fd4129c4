"""What a session offers beside talking: coming back to it, stopping it, and its way into the web app."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from nemo_widgets import kernel
from nemo_widgets.client import Client, Session, WebLink, connect
from nemo_widgets.errors import InputError, NemoError, ProtocolError, SessionGoneError, SetupError, StoppedError

from ..small_files import make
from .conftest import CLAIM, DRAFT, Answer, Service, refusal, stream, text


def test_a_session_is_taken_up_again_by_its_id(client: Client, service: Service) -> None:
    service.draft = DRAFT
    session = client.open_session("s7?é")
    assert kernel.run(session.draft()).raw == DRAFT
    kernel.run(session.send("add a title", show=False))
    assert service.told("session") == []
    assert service.told("state")[0].path == "/api/state/nemo_agent/me/s7%3F%C3%A9/latest"
    assert service.told("chat")[0].json["session_id"] == "s7?é"


@pytest.mark.parametrize(
    "session_id",
    [
        "",
        "  ",
        "a\nb",
        "nonsense id",
        "a\u00a0b",
        "../s1",
        "s1\\x",
        "https://x/s1",
        "x" * 201,
        "a\u200bb",
        5,
        None,
        b"s1",
    ],
)
def test_an_id_that_is_none_is_told_and_nothing_is_asked(client: Client, service: Service, session_id: str) -> None:
    with pytest.raises(InputError, match=r"session\.id"):
        client.open_session(session_id)
    assert service.calls == []


@pytest.mark.parametrize(
    "session_id", ["s1", " s1\n", "6f1c9a2e-4a0b-4a59-8e4a-0d4c1c0d9b7e", "会话-7", "a" * 200, "a:b.c~d"]
)
def test_an_id_that_could_be_one_is_taken(client: Client, session_id: str) -> None:
    assert client.open_session(session_id).id == session_id.strip()


GONE: dict[str, tuple[str, Callable[[Session], Coroutine[Any, Any, object]], str]] = {
    "looking": ("state", lambda session: session.draft(), "nothing left to show"),
    "tracks": ("state", lambda session: session.tracks(), "nothing left to show"),
    "a message, before it is sent": (
        "state",
        lambda session: session.send("a city", show=False),
        "not sent: send it",
    ),
    "a message": ("chat", lambda session: session.send("a city", show=False), "was not sent again, since that could"),
    "an upload": ("upload", lambda session: session.upload(make("png")), "Nothing was uploaded: upload it again"),
    "an export": ("state", lambda session: session.export("x.mp4", show=False), "nothing left to export"),
    "an export's render": ("submit", lambda session: session.export("x.mp4", show=False), "nothing left to export"),
    "a preview": ("state", lambda session: session.preview(), "nothing left to show"),
    "a link": ("claim", lambda session: session.web_link(), "no page left to open"),
}


@pytest.mark.parametrize(("call", "asked", "words"), GONE.values(), ids=GONE)
@pytest.mark.parametrize("status", [200, 404])
def test_a_session_that_is_gone_is_told_in_words_that_fit_and_forgotten(
    client: Client,
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    asked: Callable[[Session], Coroutine[Any, Any, object]],
    words: str,
    status: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    service.draft = DRAFT
    service.script[call].append(refusal(1002, status))
    session = client.open_session("old")
    with pytest.raises(SessionGoneError, match=words) as caught:
        kernel.run(asked(session))
    assert "has ended, with its timeline" in str(caught.value)
    assert caught.value.code == 1002
    assert ("message" in str(caught.value)) is ("not sent again" in words)
    assert session.id is None
    assert service.accepted == 0
    assert list(tmp_path.iterdir()) == []


def test_a_session_that_ends_after_the_message_was_answered_says_that_nothing_was_sent_again(
    client: Client, service: Service
) -> None:
    service.after["chat"] = lambda: service.script["state"].append(refusal(1002))
    session = client.new_session()
    with pytest.raises(SessionGoneError, match="not sent again"):
        kernel.run(session.send("a city", show=False))
    assert session.id is None
    assert service.accepted == 1


async def working(service: Service) -> None:
    ends_at = time.monotonic() + 10
    while not service.open_streams:
        assert time.monotonic() < ends_at
        await asyncio.sleep(0.005)


def test_cancel_stops_the_answer_the_agent_and_what_waits(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("Working. "), stall=True))

    async def scenario(session: Session) -> list[object]:
        sends = [asyncio.ensure_future(session.send(prompt, show=False)) for prompt in ("one", "two")]
        await working(service)
        await session.cancel()
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
        await session.cancel()  # with nothing under way, nothing happens
        return outcomes

    first, second = kernel.run(scenario(client.new_session()))
    assert isinstance(first, StoppedError)
    assert isinstance(second, StoppedError)
    assert str(first) == (
        "The answer was stopped; done by then: Frame set to 1920×1080; Video added: city, 0–1 s, and 10 credits were "
        "spent. What the agent had finished is on the timeline: look with await session.tracks()."
    )
    assert str(second).startswith("The answer was stopped; nothing was sent. ")
    assert service.accepted == 1
    ends_at = time.monotonic() + 5
    while service.open_streams:
        assert time.monotonic() < ends_at
        time.sleep(0.005)


def test_a_stopped_stream_ends_in_the_same_error(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("Working. "), stall=True))

    async def scenario(session: Session) -> None:
        async with session.stream("one") as events:
            async for _ in events:
                await session.cancel()

    with pytest.raises(StoppedError, match="answer was stopped"):
        kernel.run(scenario(client.new_session()))


def test_a_session_goes_on_after_it_was_stopped(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("Working. "), stall=True))

    async def scenario(session: Session) -> str:
        send = asyncio.ensure_future(session.send("one", show=False))
        await working(service)
        await session.cancel()
        with pytest.raises(StoppedError):
            await send
        return (await session.send("two", show=False)).text

    assert kernel.run(scenario(client.new_session())) == "Done. The city glows."


@pytest.fixture
def link(client: Client, service: Service) -> WebLink:
    session = client.new_session()
    kernel.run(session.send("a city", show=False))
    made = kernel.run(session.web_link())
    assert service.told("claim")[0].json == {"task_id": "t1", "session_id": "s1"}
    return made


def test_the_way_into_the_web_app_is_opened_and_never_shown(link: WebLink, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: not opened.append(url))
    link.open()
    assert opened == ["https://nemovideo.com/workspace/claim?ct=clm_secret%2F1"]
    formatter = DisplayFormatter()
    shown = [formatter.format(found) for found in (link, link.url, [link, link.url], {"url": link.url})]
    assert "clm" not in f"{shown}{link!r}{link!s}"
    assert repr(link) == "<WebLink to session s1, valid for 600 s: open() opens it in the browser>"


def test_a_machine_without_a_browser_is_told(link: WebLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    with pytest.raises(SetupError, match="No browser opened") as caught:
        link.open()
    assert "clm" not in str(caught.value)


def test_the_task_of_a_session_from_elsewhere_is_asked_for(client: Client, service: Service) -> None:
    kernel.run(client.open_session("s7").web_link())
    assert service.told("claim")[0].json == {"task_id": "t9", "session_id": "s7"}


def test_a_link_needs_a_project_a_web_app_and_a_token(client: Client, service: Service) -> None:
    with pytest.raises(InputError, match="no project to open yet"):
        kernel.run(client.new_session().web_link())
    with pytest.raises(InputError, match="local studio has no web app"):
        kernel.run(connect("local").open_session("s1").web_link())
    service.script["claim"].append(Answer({"code": 0, "data": {"claim_token": None}}))
    with pytest.raises(ProtocolError, match="no link"):
        kernel.run(client.open_session("s1").web_link())
    service.script["claim"].append(refusal(1002, 404))
    with pytest.raises(SessionGoneError):
        kernel.run(client.open_session("s1").web_link())


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"format": "gif"}, "An export is an MP4, not GIF"),
        ({"resolution": "4k"}, "choose one of 360p"),
        ({"fps": 0}, "choose 1 to 60"),
        ({"fps": 120}, "choose 1 to 60"),
        ({"quality": "best"}, "'best'"),
    ],
)
def test_an_export_that_is_not_offered_is_told_before_anything_is_asked(
    client: Client, service: Service, wanted: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        kernel.run(client.open_session("s1").export("x.mp4", show=False, **wanted))  # type: ignore[arg-type]
    assert service.calls == []


def test_what_an_export_was_asked_for_reaches_the_service(client: Client, service: Service, tmp_path: object) -> None:
    service.draft = DRAFT
    session = client.open_session("s1")
    asked = {"format": "MP4", "resolution": "720p", "fps": 24, "quality": "draft"}
    kernel.run(session.export(f"{tmp_path}/x.mp4", show=False, **asked))  # type: ignore[arg-type]
    assert service.told("submit")[0].json["output"] == {
        "format": "mp4",
        "quality": "draft",
        "resolution": "720p",
        "fps": 24,
    }


def test_no_error_of_a_link_holds_its_token(client: Client, service: Service) -> None:
    service.script["claim"].append(Answer({"code": 500, "message": f"no {CLAIM}"}, status=500))
    with pytest.raises(NemoError) as caught:
        kernel.run(client.open_session("s1").web_link())
    assert "clm_secret" not in str(caught.value)
