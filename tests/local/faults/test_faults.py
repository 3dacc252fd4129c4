"""A fault plan is read as it was typed, and the studio then fails exactly so, on a real port."""

import io
import itertools
import re
import textwrap
import time
import uuid
from collections.abc import Callable

import httpx
import pytest
from PIL import Image

from nemo_widgets import cli
from nemo_widgets.errors import InputError
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.__main__ import main
from nemo_widgets.local.faults.kinds import BY_NAME, CALLS, CODES, EXAMPLE, KINDS, OTHER_NAMES, explained
from nemo_widgets.local.faults.plan import Fault, FaultPlan

from ..conftest import Caller, until


def test_a_plan_is_read_as_it_was_typed() -> None:
    plan = FaultPlan.parse(" Run_SSE : cut @ 200 ; credits:429(7)*2;; chat:stall(0.5)@after; any:bare; *:slow ;")
    assert plan.rules == (
        Fault("run_sse", "cut", moment=200),
        Fault("credits", "429", 7.0, times=2),
        Fault("run_sse", "stall", 0.5, "after"),
        Fault("any", "bare"),
        Fault("any", "slow"),
    )
    assert FaultPlan.parse("").rules == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("run_sse", "A rule looks like"),
        ("run_sse:cut@", "A rule looks like"),
        ("run_sse:cut; credits 429", 'wrong at "credits 429"'),
        ("talk:cut", "The calls are token, session"),
        ("run_sse:explode", "The faults are reset, cut, stall"),
        ("credits:200", "300 to 599"),
        ("credits:1003", "300 to 599, or one of 1001"),
        ("credits:cut(3)", "take an argument"),
        ("credits:429*0", "never happen"),
        ("credits:429@in", "@before or @after"),
        ("credits:reset@noon", "@before, @in or @after"),
        ("credits:bare@after", "knows no moment"),
        ("credits:silent", "write run_sse:silent"),
    ],
)
def test_a_wrong_plan_is_told_with_what_would_be_right(
    text: str, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="fault plan is wrong") as caught:
        LocalStudio(faults=text)
    assert words in str(caught.value)
    monkeypatch.setattr("sys.argv", ["x", "--state-dir", "/nonexistent/x", "--faults", text])
    assert main() == 1
    assert words in capsys.readouterr().err


def test_everything_that_is_told_of_a_plan_can_be_planned() -> None:
    told = explained()
    assert FaultPlan.parse(EXAMPLE).rules
    for kind in KINDS:
        call = "run_sse" if kind.group == "answer" else "credits"
        (rule,) = FaultPlan.parse(f"{call}:{kind.form}".replace("[", "").replace("]", "")).rules
        assert (rule.kind, rule.argument is not None) == (kind, bool(kind.argument))
        assert f"  {kind.form} " in told
        assert kind.says.split()[0] in told
    assert all(re.search(rf"\b{word}\b", told) for word in (*CALLS, *map(str, CODES)))
    assert all(f"{short} for {call}" in told for short, call in OTHER_NAMES.items())
    assert "the first that is not used up" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 76
    usual = {name: FaultPlan.parse(f"run_sse:{name}").rules[0].moment for name in BY_NAME}
    assert {name for name, moment in usual.items() if moment != "before"} == {"cut"}


def test_the_program_and_the_class_tell_what_can_be_planned(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "--accounts" in shown
    assert explained() in textwrap.dedent(shown.partition("faults:\n\n")[2])
    assert explained() in (LocalStudio.__doc__ or "")


def test_rules_are_used_up_one_after_the_other_and_groups_meet() -> None:
    plan = FaultPlan.parse("credits:429*2; any:500*1; any:bare; any:adk; run_sse:silent*1")
    seen = [sorted(fault.name for fault in plan.take("credits").values()) for _ in range(4)]
    assert seen == [["429", "adk", "bare"], ["429", "adk", "bare"], ["500", "adk", "bare"], ["adk", "bare"]]
    assert sorted(fault.name for fault in plan.take("run_sse").values()) == ["adk", "bare", "silent"]
    assert sorted(fault.name for fault in plan.take("run_sse").values()) == ["adk", "bare"]


@pytest.mark.parametrize("status", [*CODES, 402, 403, 404, 422, 429, 500, 503])
def test_every_code_and_status_is_answered_as_often_as_asked_for(
    studio: LocalStudio, call: Caller, status: int
) -> None:
    studio.faults = f"credits:{status}(7)*1"
    answer = call.http.get("/api/credits/balance/simple")
    assert answer.json()["code"] == status
    assert answer.status_code == {1001: 401, 1010: 401, 1011: 401, 1002: 404}.get(
        status, 200 if status > 600 else status
    )
    assert answer.headers["retry-after"] == "7"
    assert call.http.get("/api/credits/balance/simple").json()["code"] == 0


def test_codes_come_inside_http_200_when_asked_for(studio: LocalStudio, call: Caller) -> None:
    studio.faults = "any:inside; credits:1001"
    answer = call.http.get("/api/credits/balance/simple")
    assert (answer.status_code, answer.json()["code"]) == (200, 1001)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "begins"),
    [
        ("refuse", 503, "application/json", b'{"message"'),
        ("login", 200, "text/html", b"<!doctype"),
        ("garbage", 200, "application/json", b'{"code": 0, "data": {'),
        ("empty", 200, "", b""),
    ],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_another_answer_comes_in_place_of_the_right_one(
    studio: LocalStudio, call: Caller, fault: str, status: int, kind: str, begins: bytes, moment: str
) -> None:
    session = call.open_session()
    studio.faults = f"run_sse:{fault}@{moment}"
    answer = call.http.post("/run_sse", json=call.message(session, "hello"))
    assert (answer.status_code, answer.headers.get("content-type", "").partition(";")[0]) == (status, kind)
    assert answer.content.startswith(begins)
    assert studio.accepted(session) == studio.accepted() == (1 if moment == "after" else 0)


@pytest.mark.parametrize("fault", ["reset", "cut"])
@pytest.mark.parametrize(
    ("moment", "accepted", "received"), [("before", 0, None), ("after", 1, None), ("in", 1, ...), ("9", 1, 9)]
)
def test_a_connection_ends_before_in_or_after_a_call(
    studio: LocalStudio, call: Caller, fault: str, moment: str, accepted: int, received: object
) -> None:
    session = call.open_session()
    studio.faults = f"run_sse:{fault}@{moment}*1"
    seen = b""
    broken = pytest.raises((httpx.RemoteProtocolError, httpx.ReadError))
    with broken, call.chat(session, "hello") as answer:
        for piece in answer.iter_raw():
            seen += piece
    assert studio.accepted(session) == accepted
    if received is None:
        assert seen == b""
    elif received is not ...:
        assert len(seen) == received or (fault == "reset" and len(seen) < 9)  # a reset may overtake what was sent
    assert call.credits()["total"] == 10_000


def test_every_call_can_be_refused_cut_reset_and_stalled_before_in_and_after(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    call.submit(session, "render_done")
    link = call.finished("render_done")["outputUrl"]
    task = call.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["data"]["task_id"]
    names = (f"n-{number}" for number in itertools.count())
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    http = call.http
    calls: dict[str, Callable[[], httpx.Response]] = {
        "token": lambda: http.post("/api/auth/anonymous-token", headers={"X-Client-Id": str(uuid.uuid4())}),
        "session": lambda: http.post(
            "/api/tasks/me/with-session/nemo_agent", json={"task_name": "p", "language": "en"}
        ),
        "run_sse": lambda: http.post("/run_sse", json=call.message(session, "hello")),
        "upload": lambda: http.post(
            f"/api/upload-video/nemo_agent/me/{session}", files=[("files", ("a.png", picture.getvalue(), "image/png"))]
        ),
        "credits": lambda: http.get("/api/credits/balance/simple"),
        "state": lambda: http.get(f"/api/state/nemo_agent/me/{session}/latest"),
        "render": lambda: call.submit(session, f"render_{next(names)}"),
        "status": lambda: http.get("/api/render/proxy/lambda/render_done"),
        "cancel": lambda: http.post("/api/render/proxy/lambda/render_done/cancel", json={}),
        "download": lambda: http.get("/api/render/proxy/render_done/download"),
        "claim": lambda: http.post("/api/auth/claim-token", json={"task_id": task, "session_id": session}),
        "file": lambda: http.get(link),
    }
    assert set(calls) == set(CALLS) - {"any"}
    for name, make in calls.items():
        for moment in ("before", "in", "after"):
            for fault in ("reset", "cut"):
                studio.faults = f"{name}:{fault}@{moment}*1"
                with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                    make()
                assert str(studio.faults) == "", (name, fault, moment)
            studio.faults = f"{name}:stall(0.01)@{moment}*1"
            assert make().status_code == 200, (name, moment)
            assert str(studio.faults) == ""
        for moment in ("before", "after"):
            studio.faults = f"{name}:refuse@{moment}*1"
            assert make().status_code == 503, (name, moment)
        assert make().status_code == 200, name


def test_after_a_cut_the_work_goes_on_and_after_a_reset_it_stops(studio: LocalStudio, call: Caller) -> None:
    for fault, tracks in (("cut", 2), ("reset", 0)):
        session = call.open_session()
        studio.faults = f"run_sse:{fault}@1"
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            call.say(session, "a city")
        if tracks:
            until(lambda session=session: call.state(session)["draft"].get("t", ()), lambda found: len(found) == 2)
        else:
            assert call.state(session)["draft"] == {}


def test_a_short_answer_breaks_in_its_middle(studio: LocalStudio, call: Caller) -> None:
    studio.faults = "credits:cut@in*1; credits:reset@5*1"
    for _ in range(2):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            call.credits()


@pytest.mark.parametrize("fault", ["reset", "cut", "stall"])
def test_an_answer_that_is_shorter_than_the_moment_is_whole(studio: LocalStudio, call: Caller, fault: str) -> None:
    studio.faults = f"credits:{fault}@500"
    assert [call.credits()["total"] for _ in range(3)] == [10_000] * 3


@pytest.mark.parametrize("moment", ["before", "in", "after", "7"])
def test_a_stall_says_nothing_more_until_the_client_leaves(studio: LocalStudio, call: Caller, moment: str) -> None:
    studio.faults = f"credits:stall@{moment}*1"
    with pytest.raises(httpx.ReadTimeout):
        call.http.get("/api/credits/balance/simple", timeout=0.3)
    assert call.credits()["total"] == 10_000


@pytest.mark.parametrize("fault", ["stall(0.2)", "stall(0.2)@in", "stall(0.2)@after", "slow(0.2)"])
def test_a_pause_ends_and_the_answer_is_whole(studio: LocalStudio, call: Caller, fault: str) -> None:
    studio.faults = f"credits:{fault}"
    began_s = time.monotonic()
    assert call.credits()["total"] == 10_000
    assert time.monotonic() - began_s >= 0.2


def test_an_answer_drips_byte_by_byte(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    studio.faults = "run_sse:drip"
    with call.chat(session, "hello") as answer:
        pieces = list(answer.iter_raw())
    assert b"Hello!" in b"".join(pieces)
    assert len(pieces) > 20


def test_the_agent_is_silent_idle_or_fails_when_asked_to(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    studio.faults = "run_sse:heartbeats(3)*1; run_sse:nothing*1; run_sse:error(2001)*1; run_sse:silent*1"
    assert call.say(session, "a city") == [{"type": "heartbeat"}] * 3
    assert call.say(session, "a city") == []
    assert [event["code"] for event in call.say(session, "a city")] == [2001]
    assert call.state(session)["draft"] == {}
    told = call.say(session, "a city")
    assert {event["type"] for event in told} - {"heartbeat"} == {"tool_call", "tool_result"}
    assert len(call.state(session)["draft"]["t"]) == 2
    assert studio.accepted(session) == 4


def test_the_raw_clip_comes_a_while_before_what_is_added(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    studio.faults = "run_sse:two-stage(0.5)"
    with call.chat(session, "a city") as answer:
        lines = answer.iter_lines()
        assert any("tool_result" in line for line in lines)
        assert len(call.state(session)["draft"]["t"]) == 1
        assert sum("tool_result" in line for line in lines) == 1
    assert len(call.state(session)["draft"]["t"]) == 2


def test_forms_are_switched_call_by_call(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    studio.faults = "credits:bare; state:success; run_sse:adk*1; run_sse:plain*1"
    assert call.http.get("/api/credits/balance/simple").json()["total"] == 10_000
    assert call.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["success"] is True
    assert "content" in call.say(session, "hello")[0]
    assert "text" in call.say(session, "hello")[0]
    assert call.say(session, "hello")[0]["type"] == "text"


def test_a_plan_holds_from_the_start_and_can_be_lifted(make_studio: Callable[..., LocalStudio]) -> None:
    with make_studio(faults="any:500", options=Options(workers=1)) as studio:
        caller = Caller(studio.url, studio.token)
        with caller.http:
            assert caller.http.get("/api/credits/balance/simple").status_code == 500
            studio.faults = ""
            assert caller.http.get("/api/credits/balance/simple").status_code == 200


def test_the_program_takes_a_plan_and_tells_a_wrong_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["serve", "--faults", "run_sse:explode"])
    assert left.value.code == 2
    assert "The faults are reset, cut, stall" in capsys.readouterr().err
