"""What goes over the wire, as a class sees it: all of it, in order, without a secret, and only when asked for."""

import asyncio
import threading
import uuid
from collections.abc import Callable

import httpx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import InputError
from nemo_widgets.local import LocalStudio, Wire
from nemo_widgets.local.faults.plan import Fault, FaultPlan
from nemo_widgets.local.faults.presets import PRESETS
from nemo_widgets.local.server.frames import Frames, kind_of
from nemo_widgets.local.server.redacting import HIDDEN, Redactor
from nemo_widgets.local.server.wire import WRITERS
from nemo_widgets.local.server.wirelog import WireLog, WireRecord
from nemo_widgets.protocol.events import AgentError, Heartbeat, TextDelta, ToolCall, ToolResult

from ..conftest import DIRECT, Caller, TinyEngine, events, until

MakeStudio = Callable[..., LocalStudio]


def seen(wire: Wire, **wanted: object) -> list[WireRecord]:
    return [record for record in wire if all(getattr(record, name) == value for name, value in wanted.items())]


def test_nothing_is_recorded_before_somebody_looks(studio: LocalStudio, call: Caller) -> None:
    call.credits()
    wire = studio.wire
    assert len(wire) == 0
    call.credits()
    assert [(record.what, record.name, record.call) for record in wire] == [
        ("request", "credits", 5),
        ("response", "credits", 5),
    ]


def test_each_call_is_a_request_and_its_response(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    session = call.open_session()
    call.http.post("/run_sse", content=b"{")
    opened, answered, _, refused = wire
    assert (opened.direction, opened.method, opened.session) == ("to studio", "POST", "")
    assert opened.excerpt == '{"task_name":"project","language":"en"}'
    assert (opened.size_bytes, opened.exchange) == (len(opened.excerpt), answered.exchange)
    assert (answered.direction, answered.status, answered.session) == ("from studio", 200, session)
    assert "content-type: application/json" in answered.headers
    assert answered.at_s >= opened.at_s
    assert answered.elapsed_ms > opened.elapsed_ms > 0
    assert (refused.status, refused.exchange) == (422, answered.exchange + 1)


def test_a_stream_is_seen_event_by_event_while_it_runs(studio: LocalStudio, call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    wire = studio.wire
    tiny.gate.clear()
    with call.chat(session, "a city") as answer:
        arriving = events(answer)
        next(event for event in arriving if event["type"] == "heartbeat")
        until(lambda: seen(wire, event="heartbeat"), bool)
        assert not seen(wire, what="end")
        tiny.gate.set()
        received = list(arriving)
    told = seen(wire, what="event", session=session)
    assert [record.event for record in told][-len(received) :] == [event["type"] for event in received]
    (end,) = seen(wire, what="end")
    assert (end.event, end.size_bytes) == ("the stream ended", sum(record.size_bytes for record in told))
    assert end.number > told[-1].number


@pytest.mark.parametrize(
    ("fault", "event", "status"),
    [
        ("cut@30", "cut by the studio", 200),
        ("reset@30", "reset by the studio", 200),
        ("cut@before", "cut by the studio", None),
        ("reset@after", "reset by the studio", None),
    ],
)
def test_a_connection_that_breaks_is_seen_to_break(
    studio: LocalStudio, call: Caller, fault: str, event: str, status: int | None
) -> None:
    session = call.open_session()
    wire = studio.wire
    studio.faults = f"run_sse:{fault}"
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        call.say(session, "hello")
    (end,) = until(lambda: seen(wire, what="end"), bool)
    assert (end.event, end.fault) == (event, f"run_sse:{fault}")
    assert [record.status for record in seen(wire, what="response")] == ([] if status is None else [status])
    assert [record.size_bytes for record in seen(wire, event="torn")] == ([30] if status else [])


def test_a_client_that_leaves_is_seen_to_leave(studio: LocalStudio, call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    wire = studio.wire
    tiny.gate.clear()
    with call.chat(session, "a city") as answer:
        next(events(answer))
    (end,) = until(lambda: seen(wire, what="end"), bool)
    assert (end.event, end.direction) == ("the client left", "to studio")


def test_a_stall_shows_the_request_at_once(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    studio.faults = "credits:stall@before"
    with pytest.raises(httpx.ReadTimeout):
        call.http.get("/api/credits/balance/simple", timeout=0.2)
    assert until(lambda: [record.what for record in wire], lambda whats: len(whats) == 2) == ["request", "end"]


def test_a_refusal_by_plan_shows_when_to_come_again(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    studio.faults = "credits:429(7)*1"
    call.http.get("/api/credits/balance/simple")
    (response,) = seen(wire, what="response")
    assert (response.status, response.fault) == (429, "credits:429(7)*1")
    assert "retry-after: 7" in response.headers


def test_renders_and_files_are_seen_with_their_session(studio: LocalStudio, call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    wire = studio.wire
    call.submit(session, "render_1")
    link = call.finished("render_1")["outputUrl"]
    httpx.get(link, **DIRECT)
    assert {record.session for record in wire if record.name in ("state", "render", "status")} == {session}
    request, response = seen(wire, name="file")
    assert request.path == f"/files/{HIDDEN}/render_1.mp4"
    assert (response.excerpt, response.call) == ("", None)
    assert response.size_bytes > 1000
    key = link.split("/")[-2]
    assert key not in wire.to_frame().to_string()


@pytest.mark.parametrize("dialect", ["typed", "adk", "plain"])
def test_no_secret_is_ever_shown(make_studio: MakeStudio, dialect: str) -> None:
    client_id = str(uuid.uuid4())
    with make_studio(dialect=dialect, faults="run_sse:drip") as studio:
        wire = studio.wire
        headers = {"X-Client-Id": client_id}
        given = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, **DIRECT).json()["data"]
        call = Caller(studio.url, given["token"])
        with call.http:
            opened = call.http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["data"]
            names = {"task_id": opened["task_id"], "session_id": opened["session_id"]}
            claim = call.http.post("/api/auth/claim-token", json=names).json()["data"]["claim_token"]
            secrets = [given["token"], studio.token, claim, client_id]
            call.say(opened["session_id"], f"hello, echo {' '.join(secrets)}")
            call.http.get("/api/credits/balance/simple", params={"token": given["token"]})
            call.http.get(f"/api/state/nemo_agent/me/{given['token']}/latest")
            call.http.get("/api/credits/balance/simple", headers={"Accept": f"x/{client_id}"})
        with Caller(studio.url, studio.token).http as http:
            http.get("/api/credits/balance/simple")
        everything = repr(list(wire)) + wire.to_frame().to_csv() + repr(wire)
    assert HIDDEN in everything
    for secret in secrets:
        for start in range(0, len(secret) - 12):
            assert secret[start : start + 12] not in everything


def test_a_secret_is_hidden_in_the_pieces_of_an_answer_too() -> None:
    redactor = Redactor()
    redactor.learn("nmv_usr_AbCdEfGhIjKlMnOpQrStUvWxYz")
    assert redactor.hide("it ends with KlMnOpQrStUvWxYz, you see") == f"it ends with {HIDDEN}, you see"
    assert redactor.hide("a city at night") == "a city at night"
    redactor.learn_from('{"data": {"claim_token": "clm_1234567890"}}')
    assert redactor.hide('"ct=1234567890"') == f'"ct={HIDDEN}"'


@given(st.text(max_size=60), st.text("nmv_usrclmABC123-_", min_size=9, max_size=40), st.text(max_size=60))
def test_a_known_secret_is_hidden_wherever_it_stands(before: str, secret: str, after: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    assert secret not in redactor.hide(f"{before} {secret} {after}")


def test_the_wire_is_a_table(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    empty = wire.to_frame()
    call.say(call.open_session(), "hello")
    table = wire.to_frame()
    assert dict(table.dtypes) == dict(empty.dtypes)
    assert list(table["number"]) == list(range(1, len(wire) + 1))
    assert set(table["what"]) == {"request", "response", "event", "end"}
    assert table["time"].is_monotonic_increasing
    assert table["time"].dt.tz is not None
    assert table.query("what == 'event'")["size_bytes"].sum() == table.query("what == 'end'")["size_bytes"].sum()
    assert isinstance(table["call"].dtype, pd.Int64Dtype)


def test_a_reset_and_a_clear_leave_an_empty_wire_that_goes_on(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    call.credits()
    wire.clear()
    assert len(wire) == 0
    call.credits()
    assert [record.number for record in wire] == [3, 4]
    wire.reset()
    assert len(wire) == 0
    call.credits()
    assert len(wire) == 2
    assert studio.wire is wire


def test_the_log_is_bounded_and_safe_between_threads() -> None:
    log = WireLog(most=100)
    record = WireRecord(
        at_s=0,
        elapsed_ms=0,
        exchange=1,
        direction="to studio",
        what="request",
        call=1,
        name="x",
        method="GET",
        path="/",
    )
    told: list[int] = []
    end = log.watch(lambda: told.append(1))

    def write() -> None:
        for _ in range(500):
            log.add(record)
            log.records()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end()
    log.add(record)
    assert [record.number for record in log.records()] == list(range(1902, 2002))
    assert [record.number for record in log.records(newest=2)] == [2000, 2001]
    assert log.records(newest=0) == ()
    assert len(told) == 2000


def test_a_watcher_that_fails_does_not_disturb_the_wire(studio: LocalStudio, call: Caller) -> None:
    studio.wire.watch(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    assert call.credits()["available"] == 10_000


@pytest.mark.parametrize("dialect", ["typed", "plain", "adk"])
def test_events_have_the_same_names_in_every_dialect(dialect: str) -> None:
    writer = WRITERS[dialect]()  # type: ignore[index]
    said = [TextDelta("a\n\nb"), ToolCall("t", {}, "1"), ToolResult("t", {}, "1"), Heartbeat(), AgentError("no", 1)]
    frames = Frames()
    kinds = [kind_of(frame) for event in said for frame in frames.feed(writer.write(event))]
    assert (
        kinds
        == {
            "typed": ["text", "tool_call", "tool_result", "heartbeat", "error"],
            "plain": ["text", "comment", "comment", "empty", "error"],
            "adk": ["text", "whole text", "tool_call", "tool_result", "error"],
        }[dialect]
    )
    assert frames.rest() == b""


@given(st.lists(st.binary(max_size=5)))
def test_frames_are_the_same_however_they_were_sent(pieces: list[bytes]) -> None:
    whole = b"".join(pieces).replace(b"\0", b"\n")
    one, many = Frames(), Frames()
    frames = one.feed(whole)
    assert [frame for at in range(len(whole)) for frame in many.feed(whole[at : at + 1])] == frames
    assert b"".join(frames) + one.rest() == whole
    for frame in frames:
        kind_of(frame)


def test_every_preset_is_a_rule_that_is_switched_on_and_off(studio: LocalStudio) -> None:
    wire = studio.wire
    studio.faults = "upload:500"
    for preset in PRESETS:
        assert not wire.is_on(preset.rule)
        wire.switch(preset.rule, on=True)
        wire.switch(preset.rule, on=True)
        assert wire.is_on(preset.rule)
        assert wire.plan == f"{preset.rule}; upload:500"
        wire.switch(preset.rule, on=False)
        assert not wire.is_on(preset.rule)
    assert wire.plan == "upload:500"
    assert len({preset.label for preset in PRESETS}) == len(PRESETS)


def test_a_rule_that_is_used_up_is_off_again_and_others_keep_their_count(studio: LocalStudio, call: Caller) -> None:
    wire = studio.wire
    wire.plan = "credits:429(0)*2; state:500"
    call.http.get("/api/credits/balance/simple")
    wire.switch("run_sse:silent", on=True)
    assert wire.plan == "run_sse:silent; credits:429(0)*1; state:500"
    call.http.get("/api/credits/balance/simple")
    assert not wire.is_on("credits:429(0)*2")
    assert call.http.get("/api/credits/balance/simple").status_code == 200
    with pytest.raises(InputError, match="fault plan is wrong"):
        wire.plan = "run_sse:explode"
    assert wire.plan == "run_sse:silent; state:500"


_RULES = st.builds(
    Fault,
    call=st.sampled_from(["run_sse", "any"]),
    name=st.sampled_from(["cut", "reset", "stall", "429", "2001", "drip", "heartbeats", "silent", "adk"]),
    times=st.none() | st.integers(1, 10**6),
)


@given(st.lists(_RULES))
def test_a_plan_reads_what_it_wrote(rules: list[Fault]) -> None:
    usual = [Fault(rule.call, rule.name, None, "in" if rule.name == "cut" else "before", rule.times) for rule in rules]
    assert FaultPlan.parse(str(FaultPlan(usual))).rules == tuple(usual)


@given(st.sampled_from(["stall", "429", "slow"]), st.integers(0, 10**9).map(lambda number: number / 1000))
def test_a_plan_reads_the_arguments_that_it_wrote(name: str, argument: float) -> None:
    rule = Fault("any", name, argument, "before")
    assert FaultPlan.parse(str(rule)).rules == (rule,)


def test_what_is_not_watched_costs_next_to_nothing() -> None:
    from nemo_widgets.local.server.recording import Recording

    passed: list[object] = []

    async def app(scope: object, receive: object, send: object) -> None:
        passed.append(send)

    async def send(message: object) -> None: ...

    recording = Recording(app, lambda: None, lambda render_id: "")  # type: ignore[arg-type]
    asyncio.run(recording({"type": "http"}, send, send))  # type: ignore[arg-type]
    assert passed == [send]
