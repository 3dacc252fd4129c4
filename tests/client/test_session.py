"""What a session offers beside talking: coming back to it, stopping it, and its way into the web app."""

import asyncio
import time

import pytest
from IPython.core.formatters import DisplayFormatter

from nemo_widgets import kernel
from nemo_widgets.client import Client, Session, WebLink, connect
from nemo_widgets.errors import InputError, NemoError, ProtocolError, SessionGoneError, SetupError, StoppedError

from .conftest import CLAIM, DRAFT, Answer, Service, refusal, stream, text


def test_a_session_is_taken_up_again_by_its_id(client: Client, service: Service) -> None:
    service.draft = DRAFT
    session = client.open_session("s7/é")
    assert kernel.run(session.draft()).raw == DRAFT
    kernel.run(session.send("add a title", show=False))
    assert service.told("session") == []
    assert service.told("state")[0].path == "/api/state/nemo_agent/me/s7%2F%C3%A9/latest"
    assert service.told("chat")[0].json["session_id"] == "s7/é"


@pytest.mark.parametrize("session_id", ["", "  ", "a\nb"])
def test_an_id_that_is_none_is_told(client: Client, session_id: str) -> None:
    with pytest.raises(InputError, match=r"session\.id"):
        client.open_session(session_id)


def test_a_session_that_is_gone_is_told_and_forgotten(client: Client, service: Service) -> None:
    session = client.open_session("old")
    service.script["state"].append(refusal(1002, 404))
    with pytest.raises(SessionGoneError, match="timeline is gone"):
        kernel.run(session.draft())
    assert session.id is None


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
    assert "look with draft()" in str(first)
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
