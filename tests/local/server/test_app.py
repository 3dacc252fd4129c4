"""The wire protocol's calls against a studio on a real port."""

import statistics
import time
import uuid
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import EventReader, TextDelta, ToolCall, ToolResult
from nemo_widgets.protocol.sse import SSEDecoder

from ..conftest import DIRECT, HEADERS, Caller, TinyEngine, events, until

MakeStudio = Callable[..., LocalStudio]


def text_of(seen: list[dict[str, str]]) -> str:
    return "".join(event["content"] for event in seen if event["type"] == "text")


def test_an_anonymous_token_opens_the_other_calls(studio: LocalStudio) -> None:
    with httpx.Client(base_url=studio.url, headers=HEADERS, **DIRECT) as anyone:
        given = anyone.post("/api/auth/anonymous-token", headers={"X-Client-Id": str(uuid.uuid4())}).json()["data"]
    assert given["user_id"].startswith("anon_")
    assert given["credits"] == 10_000
    caller = Caller(studio.url, given["token"])
    with caller.http:
        assert caller.credits()["available"] == 10_000


def test_a_client_id_gets_one_token_until_it_expires(studio: LocalStudio) -> None:
    headers = {"X-Client-Id": str(uuid.uuid4())}
    ask = {"url": f"{studio.url}/api/auth/anonymous-token", "headers": headers, **DIRECT}
    first = httpx.post(**ask).json()["data"]
    assert httpx.post(**ask).status_code == 429
    studio.expire_tokens()
    caller = Caller(studio.url, first["token"])
    with caller.http:
        refused = caller.http.get("/api/credits/balance/simple")
    assert (refused.status_code, refused.json()["code"]) == (401, 1001)
    second = httpx.post(**ask).json()["data"]
    assert second["user_id"] == first["user_id"]
    assert second["token"] != first["token"]


@pytest.mark.parametrize("headers", [{}, {"X-Client-Id": "me"}])
def test_an_anonymous_token_needs_a_client_id(studio: LocalStudio, headers: dict[str, str]) -> None:
    answer = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, **DIRECT)
    assert answer.status_code == 400


def test_a_generation_streams_text_in_pieces_and_two_stages(call: Caller, studio: LocalStudio) -> None:
    session = call.open_session()
    seen = call.say(session, "a city at night")
    kinds = [event["type"] for event in seen if event["type"] != "heartbeat"]
    assert [event["name"] for event in seen if event["type"] == "tool_call"] == ["generate_video", "add_music"]
    assert kinds.index("tool_call") < kinds.index("tool_result")
    assert kinds.count("text") > 5
    text = text_of(seen)
    assert "one scene" in text
    assert text.index("one scene") < text.index("added some music")
    assert "click the **Export** button" in text
    assert studio.accepted(session) == 1


def test_the_agent_speaks_the_sessions_language(call: Caller) -> None:
    assert "导出" in text_of(call.say(call.open_session("zh-CN"), "城市夜景"))


def test_heartbeats_fill_the_time_of_a_drawing(call: Caller, tiny: TinyEngine) -> None:
    tiny.gate.clear()
    kinds = []
    with call.chat(call.open_session(), "a city") as answer:
        for event in events(answer):
            kinds.append(event["type"])
            if kinds.count("heartbeat") == 3:
                tiny.gate.set()
    assert kinds[kinds.index("heartbeat") - 1] == "tool_call"
    assert kinds[-1] == "text"


def test_the_raw_clip_is_there_before_any_export(call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    state = call.state(session)
    (clip,) = state["generated_media"]
    video = httpx.get(clip["url"], **DIRECT)
    assert video.headers["content-type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"
    assert (clip["width"], clip["height"], clip["duration"]) == (640, 360, 1.0)
    part = httpx.get(clip["url"], headers={"Range": "bytes=4-7"}, **DIRECT)
    assert (part.status_code, part.content) == (206, b"ftyp")


def test_an_edit_changes_the_draft_and_a_silent_one_says_nothing(call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    assert "timeline panel" in text_of(call.say(session, "Urban Dreams"))
    silent = call.say(session, "silently")
    assert text_of(silent) == ""
    assert [event["type"] for event in silent] == ["tool_call", "tool_result"]
    assert [track["tt"] for track in call.state(session)["draft"]["t"]] == [0, 1, 7, 7]


def test_the_state_names_its_session_and_canvas(call: Caller) -> None:
    session = call.open_session()
    empty = call.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["data"]
    assert Draft.parse(empty["state"]["draft"]).is_empty
    assert (empty["session_id"], empty["task_name"]) == (session, "project")
    call.say(session, "a city")
    assert call.state(session)["canvas_config"] == {"width": 1920, "height": 1080, "ratio": None}


def test_credits_are_counted_honestly(call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    call.say(session, "hello")
    assert call.credits() == {"available": 10_000, "frozen": 0, "total": 10_000}
    tiny.gate.clear()
    with call.chat(session, "a city") as answer:
        for event in events(answer):
            if event["type"] == "heartbeat" and not tiny.gate.is_set():
                assert call.credits() == {"available": 9_900, "frozen": 100, "total": 10_000}
                tiny.gate.set()
    assert call.credits() == {"available": 9_900, "frozen": 0, "total": 9_900}
    call.say(session, "one edit")
    call.say(session, "another edit")
    assert call.credits()["available"] == 9_850


def test_a_generation_without_the_credits_is_refused_before_the_stream(make_studio: MakeStudio) -> None:
    with make_studio(credits=150) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            call.say(call.open_session(), "a city")
            second = call.open_session()
            refused = call.http.post("/run_sse", json=call.message(second, "a sea"))
            assert refused.json()["code"] == 2001
            assert studio.accepted(second) == 0


def test_credits_that_run_out_while_a_message_waits_are_told_inside_the_stream(
    make_studio: MakeStudio, tiny: TinyEngine
) -> None:
    with make_studio(credits=220) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            session, other = call.open_session(), call.open_session()
            tiny.gate.clear()
            with call.chat(session, "a city") as first, call.chat(session, "a title") as waiting:
                first_events, waiting_events = events(first), events(waiting)
                next(event for event in first_events if event["type"] == "heartbeat")
                with call.chat(other, "a sea") as third:
                    third_events = events(third)
                    next(event for event in third_events if event["type"] == "heartbeat")
                    assert call.credits() == {"available": 20, "frozen": 200, "total": 220}
                    tiny.gate.set()
                    list(first_events)
                    told = [event for event in waiting_events if event["type"] != "heartbeat"]
                    list(third_events)
            assert [(event["type"], event["code"]) for event in told] == [("error", 2001)]
            assert [track["tt"] for track in call.state(session)["draft"]["t"]] == [0, 1]


def test_talk_is_free_also_without_credits(make_studio: MakeStudio) -> None:
    with make_studio(credits=0) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            assert "Hello" in text_of(call.say(call.open_session(), "hello"))


def test_a_planner_that_breaks_is_told_and_costs_nothing(call: Caller) -> None:
    (failure,) = call.say(call.open_session(), "break")
    assert failure["type"] == "error"
    assert "ZeroDivision" not in failure["message"]
    assert call.credits() == {"available": 10_000, "frozen": 0, "total": 10_000}


def test_going_away_stops_the_drawing_and_leaves_no_trace(call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    tiny.gate.clear()
    with call.chat(session, "a city") as answer:
        next(event for event in events(answer) if event["type"] == "heartbeat")
    assert tiny.stopped.wait(5)
    until(call.credits, lambda balance: balance["frozen"] == 0)
    assert call.credits()["available"] == 10_000
    assert Draft.parse(call.state(session)["draft"]).is_empty
    assert call.state(session)["generated_media"] == []
    tiny.gate.set()
    assert "one scene" in text_of(call.say(session, "a sea"))


def test_two_messages_of_one_session_are_answered_one_after_the_other(call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    tiny.gate.clear()
    with call.chat(session, "a city") as first:
        first_events = events(first)
        next(event for event in first_events if event["type"] == "tool_call")
        with call.chat(session, "Urban Dreams") as second:
            second_events = events(second)
            assert next(second_events)["type"] == "heartbeat"
            tiny.gate.set()
            assert "one scene" in text_of(list(first_events))
            assert "Done." in text_of(list(second_events))
    assert [track["tt"] for track in call.state(session)["draft"]["t"]] == [0, 1, 7]


def test_sessions_of_one_prompt_get_seeds_of_their_own(call: Caller) -> None:
    styles = set()
    for _ in range(2):
        session = call.open_session()
        call.say(session, "a city")
        styles.add(call.state(session)["draft"]["t"][0]["sg"][0]["m"]["style"])
    assert len(styles) == 2


def test_a_seed_makes_two_studios_agree(make_studio: MakeStudio) -> None:
    styles = []
    for _ in range(2):
        with make_studio(options=Options(workers=1, seed=7)) as studio:
            call = Caller(studio.url, studio.token)
            with call.http:
                session = call.open_session()
                call.say(session, "a city")
                styles.append(call.state(session)["draft"]["t"][0]["sg"][0]["m"]["style"])
    assert styles[0] == styles[1]


@pytest.mark.parametrize("dialect", ["typed", "adk", "plain"])
def test_the_client_reads_the_same_text_in_every_dialect(make_studio: MakeStudio, dialect: str) -> None:
    with make_studio(dialect=dialect) as studio:
        call = Caller(studio.url, studio.token)
        with call.http, call.chat(call.open_session(), "a city") as answer:
            decoder, reader = SSEDecoder(), EventReader()
            seen = [
                event
                for chunk in answer.iter_raw()
                for server_event in decoder.feed(chunk)
                for event in reader.feed(server_event)
            ]
    text = "".join(event.text for event in seen if isinstance(event, TextDelta))
    assert text.count("one scene") == 1
    assert text.endswith("to download the video.")
    if dialect != "plain":
        assert [event.name for event in seen if isinstance(event, ToolCall)] == ["generate_video", "add_music"]
        assert [event.name for event in seen if isinstance(event, ToolResult)] == ["generate_video", "add_music"]


@pytest.mark.parametrize(
    ("envelope", "balance", "missing"),
    [
        ("code", {"code": 0, "message": "success"}, {"code": 404}),
        ("success", {"success": True}, {"success": False, "code": 404}),
        ("bare", {"available": 10_000, "frozen": 0, "total": 10_000}, {"code": 404}),
    ],
)
def test_answers_come_in_the_envelope_that_was_asked_for(
    make_studio: MakeStudio, envelope: str, balance: dict[str, object], missing: dict[str, object]
) -> None:
    with make_studio(envelope=envelope) as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            body = call.http.get("/api/credits/balance/simple").json()
            assert {key: body.get(key) for key in balance} == balance
            body = call.http.get("/api/render/proxy/lambda/none").json()
            assert {key: body.get(key) for key in missing} == missing


def test_documented_errors_can_come_inside_http_200(make_studio: MakeStudio) -> None:
    with make_studio(errors="inside") as studio:
        call = Caller(studio.url, "wrong")
        with call.http:
            refused = call.http.get("/api/credits/balance/simple")
    assert (refused.status_code, refused.json()["code"]) == (200, 1001)


def test_an_unknown_session_is_1002_everywhere(call: Caller) -> None:
    asked = [
        call.http.post("/run_sse", json=call.message("gone", "a city")),
        call.http.get("/api/state/nemo_agent/me/gone/latest"),
        call.http.post("/api/upload-video/nemo_agent/me/gone", files={"files": b"x"}),
        call.submit("gone", "render_1", {"t": []}),
        call.http.post("/api/auth/claim-token", json={"task_id": "t", "session_id": "gone"}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in asked] == [(404, 1002)] * 5


def test_a_session_belongs_to_its_account(call: Caller, studio: LocalStudio) -> None:
    session = call.open_session()
    headers = {"X-Client-Id": str(uuid.uuid4())}
    given = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, **DIRECT).json()["data"]
    stranger = Caller(studio.url, given["token"])
    with stranger.http:
        assert stranger.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["code"] == 1002


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{not json",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b'{"n": NaN}',
        b'{"n": 1e999}',
        b'{"n": -Infinity}',
        b'{"n": ' + b"9" * 10_000 + b"}",
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"new_message": {"parts": [{"text": "a city"}]}}',
    ],
)
def test_a_message_that_makes_no_sense_is_refused(call: Caller, body: bytes) -> None:
    assert call.http.post("/run_sse", content=body).status_code in (404, 422)


@pytest.mark.parametrize("message", [None, {}, {"parts": []}, {"parts": [{"text": "  "}]}, {"parts": [{"text": 3}]}, 7])
def test_a_message_without_text_is_refused(call: Caller, message: object) -> None:
    body = {"session_id": call.open_session(), "new_message": message}
    assert call.http.post("/run_sse", json=body).status_code == 422


def test_a_message_may_leave_out_whose_it_is(call: Caller, studio: LocalStudio) -> None:
    body = call.message(call.open_session(), "hello")
    del body["new_message"]["role"]
    assert call.http.post("/run_sse", json=body).status_code == 200
    assert studio.accepted() == 1


def test_a_claim_token_is_for_the_owner_of_the_task(call: Caller) -> None:
    opened = call.http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["data"]
    names = {"task_id": opened["task_id"], "session_id": opened["session_id"]}
    claim = call.http.post("/api/auth/claim-token", json=names).json()["data"]
    assert claim["claim_token"].startswith("clm_")
    assert claim["expires_in"] > 0
    assert call.http.post("/api/auth/claim-token", json={**names, "task_id": "t_other"}).json()["code"] == 1002


def test_a_lifelike_agent_lets_a_person_see_it_work_and_its_text_arrive(make_studio: MakeStudio) -> None:
    with make_studio(speed="lifelike", options=Options(workers=1)) as studio:
        call = Caller(studio.url, studio.token)
        with call.http, call.chat(call.open_session(), "a city") as answer:
            seen = [(time.monotonic(), event["type"]) for event in events(answer)]
    calls_s = [at_s for at_s, kind in seen if kind == "tool_call"]
    results_s = [at_s for at_s, kind in seen if kind == "tool_result"]
    generation_s, edit_s = (result - called for called, result in zip(calls_s, results_s, strict=True))
    assert 1.9 < generation_s < 5
    assert 0.3 < edit_s < 1.9
    assert [kind for at_s, kind in seen if calls_s[0] < at_s < results_s[0]].count("heartbeat") >= 1
    text_s = [at_s for at_s, kind in seen if kind == "text"]
    assert statistics.median(after - before for before, after in pairwise(text_s)) >= 0.05


def test_an_edit_of_the_pictures_makes_a_new_raw_clip_and_other_edits_keep_the_old_one(call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city")
    first = call.state(session)["generated_media"]
    call.say(session, "Urban Dreams")  # adds a title
    assert call.state(session)["generated_media"] == first
    call.say(session, "instead a forest")
    second = call.state(session)["generated_media"]
    assert second[:-1] == first
    assert call.http.get(second[-1]["url"]).headers["content-type"] == "video/mp4"
