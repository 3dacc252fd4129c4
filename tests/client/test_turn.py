"""A message is sent once, whatever happens, and its answer is found."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Notice, Session, Turn, connect
from nemo_widgets.client.exchange import SETTLING_ASKS
from nemo_widgets.client.turn import LOCAL_PACE
from nemo_widgets.errors import (
    AgentFailedError,
    AuthError,
    ConnectionFailedError,
    DeadlineError,
    EmptyPromptError,
    InputError,
    NemoError,
    OutOfCreditsError,
    ProtocolError,
    RateLimitedError,
    ServiceError,
    SessionGoneError,
    StoppedError,
    StreamBrokenError,
)
from nemo_widgets.protocol.events import AgentError, Heartbeat, TextDelta, ToolCall, ToolResult

from .conftest import DRAFT, TITLED, TOKEN, Answer, FastClock, Service, refusal, stream, text

PROMPT = "a city at night"


def said(client: Client, prompt: str = PROMPT) -> Turn:
    return kernel.run(client.new_session().send(prompt, show=False))


def outcome(client: Client, prompt: str = PROMPT) -> object:
    try:
        return said(client, prompt)
    except NemoError as error:
        return error


def test_an_answer_is_text_changes_draft_and_cost(client: Client, service: Service) -> None:
    turn = kernel.run(client.new_session().send(PROMPT, show=False))
    assert turn.text == "Done. The city glows."
    assert turn.changes == ("Frame set to 1920×1080", "Video added: city, 0–1 s")
    assert turn.draft.raw == DRAFT
    assert turn.credits_spent == 10
    assert [type(event) for event in turn.events] == [TextDelta, TextDelta]
    assert re.fullmatch(r'<Turn "Done. The city glows.", 2 changes \(Video added: .+\), 10 credits>', repr(turn))
    assert repr(replace(turn, credits_spent=None)).endswith(")>")
    named = replace(turn, changes=("Project named: Far Away", "Title added"))
    assert "2 changes (Title added)" in repr(named)
    assert repr(replace(turn, changes=(), text="So " * 40)).endswith(' So…", no change, 10 credits>')
    (chat,) = service.told("chat")
    assert chat.json == {
        "app_name": "nemo_agent",
        "user_id": "me",
        "session_id": "s1",
        "new_message": {"role": "user", "parts": [{"text": PROMPT}]},
    }
    assert chat.headers["accept"] == "text/event-stream"
    assert chat.headers["accept-encoding"] == "identity"


def test_the_session_is_opened_with_the_language_of_its_first_prompt(client: Client, service: Service) -> None:
    session = client.new_session()
    kernel.run(session.send("城市夜景", show=False))
    kernel.run(session.send("add a title", show=False))
    assert [call.json for call in service.told("session")] == [{"task_name": "project", "language": "zh-CN"}]
    assert session.id == "s1"


ADK = [
    {"content": {"parts": [{"text": "Do"}]}, "partial": True},
    {"content": {"parts": [{"text": "ne."}]}, "partial": True},
    {"content": {"parts": [{"text": "Done."}]}},
    {"content": {"parts": [{"functionCall": {"id": "1", "name": "generate_video", "args": {}}}]}},
    {"content": {"parts": [{"functionResponse": {"id": "1", "name": "generate_video", "response": {}}}]}},
    {"content": {"parts": [{"text": "Enjoy!"}]}, "turnComplete": True},
]
TYPED = [
    text("Done."),
    {"type": "tool_call", "name": "generate_video", "args": {}},
    {"type": "heartbeat"},
    {"type": "tool_result", "name": "generate_video", "result": {}},
    text("Enjoy!"),
]
PLAIN = [{"text": "Done."}, b": ping\n\n", b"data:\n\n", {"text": "\n\nEnjoy!"}]


@pytest.mark.parametrize("drip", [False, True], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("frames", [TYPED, ADK, PLAIN], ids=["typed", "ADK", "plain"])
@pytest.mark.parametrize("envelope", ["code", "success", "bare"])
def test_every_dialect_and_envelope_says_the_same(
    client: Client, service: Service, frames: list[object], envelope: str, drip: bool
) -> None:
    service.envelope = envelope
    service.script["chat"].append(stream(*frames, drip=drip))
    turn = kernel.run(client.new_session().send(PROMPT, show=False))
    assert turn.text == "Done.\n\nEnjoy!"
    assert turn.draft.raw == DRAFT


def test_a_stream_gives_events_as_they_come_and_then_the_turn(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(*TYPED))

    async def events() -> tuple[list[object], Turn]:
        answer = client.new_session().stream(PROMPT)
        async with answer as arriving:
            # On a clock this fast two minutes without text may pass at any time, and are told.
            found: list[object] = [event async for event in arriving if not isinstance(event, Notice)]
        return found, answer.turn

    found, turn = asyncio.run(events())
    assert found == [
        TextDelta("Done."),
        ToolCall("generate_video"),
        Heartbeat(),
        ToolResult("generate_video", {}),
        TextDelta("\n\nEnjoy!"),
    ]
    assert turn.events == tuple(found)


def test_a_stream_shows_what_was_said_and_how_far_it_is(client: Client, service: Service) -> None:
    async def shown() -> list[str]:
        answer = client.new_session().stream("a city at night, with rain, and a title that says Urban Dreams")
        found = [repr(answer)]
        async with answer as arriving:
            found.append(repr(answer))
            async for _ in arriving:
                pass
        return [*found, repr(answer)]

    prompt = '"a city at night, with rain, and a title that says Urban Dre…"'
    assert kernel.run(shown()) == [
        f"<AnswerStream to {prompt}, not begun: async with it>",
        f"<AnswerStream to {prompt}, arriving>",
        f"<AnswerStream to {prompt}, complete: its turn has it>",
    ]
    service.script["chat"].append(stream(stall=True))

    async def left() -> str:
        answer = client.new_session().stream("a city")
        async with answer:
            pass
        return repr(answer)

    assert kernel.run(left()) == '<AnswerStream to "a city", not complete>'


def notices(session: Session, kind: str) -> list[Notice]:
    """Return the notices of one kind: on a clock this fast, two minutes without text may pass at any time."""

    async def listen() -> list[Notice]:
        async with session.stream(PROMPT) as events:
            return [event async for event in events if isinstance(event, Notice) and event.kind == kind]

    return kernel.run(listen())


def test_a_stream_tells_about_the_waiting_too(client: Client, service: Service) -> None:
    service.script["chat"].append(refusal(429, 429, Retry_After="7"))
    session = client.new_session()
    assert notices(session, "waiting") == [Notice("Too many requests: waiting 7 s, then trying once more", "waiting")]
    assert notices(session, "waiting") == []
    service.script["chat"].append(stream(text("Done."), cut_at=9, draft=TITLED))
    (broken,) = notices(session, "waiting")
    assert broken.words.startswith("The answer broke off: asking what became of it in 1 s")


def test_a_stream_tells_that_the_agent_still_works(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(stall=True))
    found = notices(client.new_session(), "still working")
    assert len(found) >= 4
    assert re.match(r"⏳ Still working… Thinking · 12\d s", found[0].words)


def test_a_stream_tells_that_it_goes_into_a_new_session(client: Client, service: Service) -> None:
    session = client.open_session("old")
    service.script["state"].append(refusal(1002))
    with pytest.raises(SessionGoneError):
        kernel.run(session.send(PROMPT, show=False))
    assert notices(session, "waiting") == [
        Notice("The old session and its timeline are gone: this goes into a new one", "waiting")
    ]
    assert notices(session, "waiting") == []


def test_leaving_the_block_stops_the_agent(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("Hello. "), text("More"), stall=True))

    async def leave() -> None:
        answer = client.new_session().stream(PROMPT)
        async with answer as arriving:
            async for _ in arriving:
                break
        with pytest.raises(StoppedError):
            _ = answer.turn
        for _ in range(200):
            if service.open_streams == 0:
                return
            await asyncio.sleep(0.01)
        pytest.fail("the stream is still open")

    kernel.run(leave())


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        ((), "- Frame set to 1920×1080\n- Video added: city, 0–1 s"),
        (({"type": "tool_call", "name": "x"},), "- Frame set to 1920×1080\n- Video added: city, 0–1 s"),
    ],
)
def test_a_silent_edit_is_answered_by_what_changed(
    client: Client, service: Service, frames: tuple[object, ...], told: str
) -> None:
    service.script["chat"].append(stream(*frames))
    turn = kernel.run(client.new_session().send(PROMPT, show=False))
    assert turn.text == told
    assert turn.events[-1] == TextDelta(told)


def test_a_silent_title_is_told(client: Client, service: Service) -> None:
    service.draft = DRAFT
    service.script["chat"].append(stream(draft=TITLED))
    assert said(client).text == '- Title added: "Urban Dreams", 0–3 s'


def test_a_person_is_never_left_with_nothing(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(draft={}))
    assert "answered nothing" in said(client).text


def test_the_apology_after_a_good_answer_is_dropped(client: Client, service: Service) -> None:
    sorry = text("I encountered a temporary issue. Please try again.")
    service.script["chat"].append(stream(text("The clip is ready. "), sorry))
    service.script["chat"].append(stream(sorry))
    session = client.new_session()
    assert kernel.run(session.send(PROMPT, show=False)).text == "The clip is ready."
    assert kernel.run(session.send(PROMPT, show=False)).text == "I encountered a temporary issue. Please try again."


ONCE: dict[str, tuple[list[Answer], type[NemoError] | None]] = {
    "429 with Retry-After": ([refusal(429, 429, Retry_After="7")], None),
    "429 inside HTTP 200": ([refusal(429)], None),
    "429 twice": ([refusal(429, 429), refusal(429, 429)], RateLimitedError),
    "429 for an hour": ([refusal(429, 429, Retry_After="3600")], RateLimitedError),
    "wrong token, HTTP 401": ([refusal(1001, 401)], AuthError),
    "wrong token, HTTP 200": ([refusal(1010)], AuthError),
    "session gone": ([refusal(1002)], SessionGoneError),
    "session gone, HTTP 404": ([Answer({"detail": "?"}, status=404, begins=False)], SessionGoneError),
    "out of credits": ([refusal(2001)], OutOfCreditsError),
    "malformed": ([refusal(422, 422)], ServiceError),
    "login page": ([Answer(b"<html>Log in", kind="text/html", begins=False)], ProtocolError),
    "redirect": ([Answer(b"", status=302, headers={"Location": "/login"}, begins=False)], ProtocolError),
    "500, done": ([Answer(b"oops", status=500, draft=DRAFT)], None),
    "500, nothing done": ([Answer(b"oops", status=500)], StreamBrokenError),
    "500 with a code of its own, done": ([Answer({"code": 5003}, status=500, draft=DRAFT)], None),
    "503 page": ([Answer(b"<html>", status=503, kind="text/html", draft=DRAFT)], None),
    "reset, done": ([Answer(reset=True, draft=DRAFT)], None),
    "reset, nothing done": ([Answer(reset=True)], StreamBrokenError),
    "cut before the first byte": ([stream(text("Done."), cut_at=0)], None),
    "cut in the first event": ([stream(text("Done."), cut_at=9)], None),
    "cut after an event": ([stream(text("Done. "), text("More"), cut_at=45)], None),
    "cut, nothing done": ([stream(text("Done."), cut_at=9, draft=None)], StreamBrokenError),
    "pings alone for ever": ([stream(stall=True, draft=None)], DeadlineError),
    "pings alone, but done": ([stream(stall=True)], None),
    "heartbeats alone for ever": ([stream({"type": "heartbeat"}, stall=True, draft=None)], DeadlineError),
    "agent error": ([stream({"type": "error", "message": "No GPU"}, draft=None)], AgentFailedError),
    "agent error with a code": (
        [stream({"type": "error", "message": "?", "code": 2001}, draft=None)],
        OutOfCreditsError,
    ),
    "ADK error": ([stream({"error": "ValueError: x", "error_details": {}}, draft=None)], AgentFailedError),
    "nothing but nonsense": ([stream(b"data: {\n\n", draft=None)], AgentFailedError),
    "nonsense and an answer": ([stream(b"data: {\n\n", text("Done."))], None),
    "an event without end": ([stream(b"data: " + b"x" * 17_000_000, draft=None)], ProtocolError),
    "compressed": ([stream(text("x"), headers={"Content-Encoding": "gzip"})], ProtocolError),
    "empty": ([Answer(b"", kind="text/event-stream", draft=DRAFT)], None),
    "nothing at all": ([Answer(b"", kind="")], StreamBrokenError),
    "nothing at all, but done": ([Answer(b"", kind="", draft=DRAFT)], None),
}


@pytest.mark.parametrize(("answers", "expected"), ONCE.values(), ids=ONCE)
def test_a_message_is_accepted_at_most_once_and_ends_in_a_result_or_one_clear_error(
    client: Client, service: Service, answers: list[Answer], expected: type[NemoError] | None
) -> None:
    begins = sum(answer.begins for answer in answers)
    service.script["chat"].extend(answers)
    found = outcome(client)
    if expected is None:
        assert not isinstance(found, NemoError), found
        assert service.accepted == 1
    else:
        assert type(found) is expected
        assert service.accepted == begins
        assert TOKEN not in str(found)
    assert service.accepted <= 1


def test_wherever_an_answer_is_cut_the_message_is_accepted_once(client: Client, service: Service) -> None:
    whole = stream(*ADK).bytes()
    for cut_at in range(0, len(whole), 37):
        service.accepted, service.draft = 0, {}
        service.script["chat"].append(stream(*ADK, cut_at=cut_at))
        assert said(client).draft.raw == DRAFT
        assert service.accepted == 1


def test_the_wait_of_a_rate_limit_is_kept(client: Client, service: Service, clock: FastClock) -> None:
    service.script["chat"].append(refusal(429, 429, Retry_After="7"))
    said(client)
    assert 7 in clock.slept
    assert len(service.told("chat")) == 2


def test_a_broken_answer_is_asked_for_five_times(client: Client, service: Service, clock: FastClock) -> None:
    service.script["chat"].append(Answer(reset=True))
    assert isinstance(outcome(client), StreamBrokenError)
    assert [slept for slept in clock.slept if slept in (1.0, 2.0)] == [1.0, 2.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize("answer", [Answer(reset=True), stream(stall=True, draft=None)], ids=["broken", "deadline"])
@pytest.mark.parametrize(
    ("price", "balance_fails", "told"),
    [
        (10, False, "By the balance it cost 10 credits."),
        (0, False, "By the balance nothing was paid for it so far."),
        (10, True, "Whether it was paid for is not known: await client.credits() shows what is left."),
    ],
)
def test_a_lost_answer_says_whether_it_was_paid_for(
    client: Client, service: Service, answer: Answer, price: int, balance_fails: bool, told: str
) -> None:
    service.price = price
    service.script["chat"].append(answer)
    if balance_fails:
        service.after["chat"] = lambda: service.script["credits"].extend([refusal(9999)])
    error = outcome(client)
    assert isinstance(error, StreamBrokenError | DeadlineError)
    assert str(error).endswith(told)
    assert "await session.tracks()" in str(error)
    assert error.__cause__ is not None


def test_a_broken_answer_is_found_when_it_comes_late(client: Client, service: Service) -> None:
    def late() -> None:
        if len(service.told("state")) == 4:
            service.draft = DRAFT

    service.after["state"] = late
    service.script["chat"].append(stream(text("Working on it. "), cut_at=20, draft=None))
    turn = said(client)
    assert turn.draft.raw == DRAFT
    assert "The answer broke off here; the timeline shows what was done by then." in turn.text
    assert service.accepted == 1


def states_in_turn(service: Service, *drafts: object) -> None:
    """Let the state be another one each time that it is asked for after the message; the last one stays."""
    left = list(drafts)

    def step() -> None:
        if service.accepted and left:
            service.draft = left.pop(0)

    service.after["chat"] = service.after["state"] = step


@pytest.mark.parametrize("asked_in_vain", [0, 2])
def test_a_result_that_goes_on_changing_is_taken_when_it_has_settled(
    client: Client, service: Service, asked_in_vain: int
) -> None:
    states_in_turn(service, *[{}] * asked_in_vain, DRAFT, TITLED, TITLED, DRAFT)
    service.script["chat"].append(stream(text("Working. "), cut_at=20, draft=None))
    turn = said(client)
    assert turn.draft.raw == TITLED
    assert 'Title added: "Urban Dreams", 0–3 s' in turn.changes
    # One before the message; those in vain; the first that differs, the title, and the title again.
    assert len(service.told("state")) == 1 + asked_in_vain + 3
    assert service.accepted == 1


def test_a_result_that_never_settles_is_taken_as_it_is_at_the_last(
    client: Client, service: Service, clock: FastClock
) -> None:
    drafts = [{**DRAFT, "d": number} for number in range(1, 40)]
    states_in_turn(service, *drafts)
    service.script["chat"].append(stream(text("Working. "), cut_at=20, draft=None))
    turn = said(client)
    assert turn.draft.raw == drafts[SETTLING_ASKS]
    assert clock.slept.count(LOCAL_PACE.settle_s) == SETTLING_ASKS
    assert service.accepted == 1


@pytest.mark.parametrize("lost", [refusal(1002), Answer({"code": 500}, status=500), Answer(reset=True)])
def test_a_result_that_was_found_is_not_lost_while_it_settles(client: Client, service: Service, lost: Answer) -> None:
    def step() -> None:
        if service.accepted:
            service.script["state"].append(lost)

    service.after["state"] = step
    service.script["chat"].append(stream(text("Working. "), cut_at=20))
    assert said(client).draft.raw == DRAFT


def test_a_deadline_whose_work_goes_on_is_settled_too(client: Client, service: Service) -> None:
    states_in_turn(service, DRAFT, TITLED, TITLED)
    service.script["chat"].append(stream(stall=True, draft=None))
    assert said(client).draft.raw == TITLED


def test_after_a_lost_session_the_next_message_opens_a_new_one(client: Client, service: Service) -> None:
    session = client.new_session()
    service.script["chat"].append(refusal(1002))
    with pytest.raises(SessionGoneError, match="not sent again"):
        kernel.run(session.send(PROMPT, show=False))
    assert session.id is None
    kernel.run(session.send(PROMPT, show=False))
    assert session.id == "s2"


def test_an_agents_error_tells_what_was_done_by_then(client: Client, service: Service) -> None:
    service.script["chat"].append(stream({"type": "error", "message": "Bearer nmv_usr_x failed"}))
    with pytest.raises(AgentFailedError, match=r"By then: .*Video added: city") as caught:
        said(client)
    assert "nmv_usr_x" not in str(caught.value)


@pytest.mark.parametrize("prompt", [5, None, b"a city", ["a city"], {"text": "a city"}])
def test_a_prompt_that_is_no_text_is_refused_and_nothing_is_sent(
    client: Client, service: Service, prompt: object
) -> None:
    session = client.new_session()
    calls: list[Callable[[], object]] = [
        lambda: kernel.run(session.send(prompt, show=False)),  # type: ignore[arg-type]
        lambda: kernel.run(session.ask(prompt)),  # type: ignore[arg-type]
        lambda: session.stream(prompt),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(InputError, match=rf"prompt is text.*{type(prompt).__name__}"):
            call()
    assert service.calls == []


@pytest.mark.parametrize("prompt", ["", "  ", "\n"])
def test_an_empty_prompt_is_refused_and_nothing_is_sent(client: Client, service: Service, prompt: str) -> None:
    session = client.new_session()
    calls: list[Callable[[], object]] = [
        lambda: kernel.run(session.send(prompt, show=False)),
        lambda: kernel.run(session.ask(prompt)),
        lambda: session.stream(prompt),
    ]
    for call in calls:
        with pytest.raises(EmptyPromptError, match="prompt is empty"):
            call()
    assert service.calls == []


def test_an_unreachable_service_is_told_and_nothing_hangs(clock: FastClock) -> None:
    async def send() -> None:
        async with connect("http://127.0.0.1:9", token=TOKEN, clock=clock) as client:
            await client.new_session().send(PROMPT, show=False)

    with pytest.raises(ConnectionFailedError, match=r"http://127\.0\.0\.1:9 cannot be reached.*NEMO_API_URL") as caught:
        kernel.run(send())
    assert TOKEN not in str(caught.value)


def test_two_messages_of_one_session_are_answered_one_after_the_other(client: Client, service: Service) -> None:
    session = client.new_session()

    async def both() -> None:
        await asyncio.gather(session.send("one", show=False), session.send("two", show=False))

    kernel.run(both())
    names = [name for name, _ in service.calls if name in ("chat", "state")]
    assert names == ["state", "chat", "state", "state", "chat", "state"]


def test_a_malformed_event_is_in_the_events(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(b"data: {\n\n", text("Done.")))
    assert any(isinstance(event, AgentError) for event in said(client).events)


def test_the_first_thing_shown_is_that_it_sets_up_and_nothing_raw_follows(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []

    class Recorder:
        def show(self, markdown: str, status: str = "") -> None:
            shown.append((markdown, status))

        def close(self) -> None:
            pass

    monkeypatch.setattr("nemo_widgets.client.show.LiveAnswer", Recorder)
    service.script["chat"].append(stream(*TYPED))
    kernel.run(client.new_session().send(PROMPT))
    assert shown[0] == ("", "Setting up…")
    assert shown[-1] == ("Done.\n\nEnjoy!", "")
    assert not any(word in f"{shown}" for word in ("s1", "nmv_", "{", "generate_video"))


def test_a_shown_answer_arrives_in_the_output(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script["chat"].append(stream(*TYPED))
    kernel.run(client.new_session().send(PROMPT))
    shown = capsys.readouterr().out
    assert "Done." in shown
    assert "Enjoy!" in shown
    assert json.dumps({}) not in shown
