"""What the reader makes of both dialects, of errors in every form, and of what it cannot read."""

import json

import pytest

from nemo_widgets.protocol.events import (
    MALFORMED,
    AgentError,
    Event,
    EventReader,
    Heartbeat,
    TextDelta,
    ToolCall,
    ToolResult,
)
from nemo_widgets.protocol.sse import ServerSentEvent, SSEDecoder


def read(*messages: object) -> list[Event]:
    reader = EventReader()
    found: list[Event] = []
    for message in messages:
        data = message if isinstance(message, str) else json.dumps(message)
        found += reader.feed(ServerSentEvent(data=data))
    return found


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def adk(*parts: object, **rest: object) -> dict[str, object]:
    return {"content": {"parts": list(parts), "role": "model"}, "invocationId": "e-1", "author": "agent", **rest}


def delta(text: str) -> dict[str, object]:
    return adk({"text": text}, partial=True)


UNSAID = "The agent reported an error without saying which."
CALL = {"functionCall": {"id": "call-1", "args": {"to_s": 2.5}, "name": "cut_clip"}}
ANSWER = {"functionResponse": {"id": "call-1", "response": {"ok": True}, "name": "cut_clip"}}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "text", "content": "Hi"}, [TextDelta("Hi")]),
        ({"type": "text", "content": ""}, []),
        ({"type": "tool_call", "name": "cut", "args": {"a": 1}}, [ToolCall("cut", {"a": 1})]),
        ({"type": "tool_call", "name": "cut", "args": '{"a": 1}'}, [ToolCall("cut", {"a": 1})]),
        ({"type": "tool_call", "name": "cut", "args": "{a"}, [ToolCall("cut", {})]),
        ({"type": "tool_call"}, [ToolCall("", {})]),
        ({"type": "tool_result", "name": "cut", "result": [1]}, [ToolResult("cut", [1])]),
        ({"type": "heartbeat"}, [Heartbeat()]),
        ({"type": "error", "message": "No GPU", "code": 5003}, [AgentError("No GPU", 5003)]),
        ({"type": "error", "content": "No GPU"}, [AgentError("No GPU")]),
        ({"type": "error", "error": {"code": 2001, "message": "No credits"}}, [AgentError("No credits", 2001)]),
        ({"type": "error"}, [AgentError("The agent reported an error without saying which.")]),
        ({"type": "weather"}, []),
        ({"type": "thinking", "content": "hm"}, []),
        ({"type": "text", "text": "Hi"}, [TextDelta("Hi")]),
        ({"type": "text", "content": None}, []),
        ({"type": "text", "content": 3}, []),
        ({"type": "tool_call", "name": "cut", "id": "c1"}, [ToolCall("cut", {}, "c1")]),
        ({"type": "tool_call", "name": "cut", "args": [1]}, [ToolCall("cut", {})]),
        ({"type": "tool_call", "name": 3, "args": "[1]"}, [ToolCall("", {})]),
        ({"type": "tool_result", "name": "cut", "id": "c1"}, [ToolResult("cut", None, "c1")]),
        ({"type": "error", "content": {"parts": []}, "message": "No GPU"}, [AgentError("No GPU")]),
        ({"type": "error", "error": {"error": {"message": "x"}}}, [AgentError(UNSAID)]),
        ({"type": "error", "errorCode": "X", "content": "No GPU"}, [AgentError("No GPU", "X")]),
        ({"text": "Hi"}, [TextDelta("Hi")]),
        ({"text": "Hi", "content": "Ho"}, [TextDelta("Ho")]),
        ({"content": "Hi", "errorCode": "X"}, [TextDelta("Hi"), AgentError("The agent reported error X.", "X")]),
        ({"text": ""}, []),
        ({"text": None}, []),
        ({"content": "Hi"}, [TextDelta("Hi")]),
        ({"code": 1002, "message": "session not found"}, [AgentError("session not found", 1002)]),
        ({"code": 0, "data": {}}, []),
        ({"code": 0, "message": "ok"}, []),
        ({"message": "ready"}, []),
        ({"success": True, "message": "ok"}, []),
        ({"success": False, "message": "queue full"}, [AgentError("queue full")]),
        ({"success": False}, [AgentError(UNSAID)]),
        ({"code": 5003}, [AgentError("The agent reported error 5003.", 5003)]),
        ({"code": {"a": 1}}, [AgentError(UNSAID)]),
        ({"code": True, "detail": "why"}, [AgentError("why")]),
        ({"error": True}, [AgentError(UNSAID)]),
        ({"error_code": "X", "error_message": "snake"}, [AgentError("snake", "X")]),
        ({"errorMessage": "camel"}, [AgentError("camel")]),
        ({"turnComplete": True, "errorCode": None, "content": None}, []),
        ({"content": {"parts": "Hi"}}, []),
        ({"content": {"parts": ["Hi", None, {"text": None}]}}, []),
        ({"content": {}, "actions": {"stateDelta": {}}}, []),
        ({"errorCode": "RESOURCE_EXHAUSTED", "errorMessage": "later"}, [AgentError("later", "RESOURCE_EXHAUSTED")]),
        ({"errorCode": "MAX_TOKENS"}, [AgentError("The agent reported error MAX_TOKENS.", "MAX_TOKENS")]),
        ({"error": "ValueError: x", "error_details": {"type": "ValueError"}}, [AgentError("ValueError: x")]),
        ([{"text": "a"}, {"text": "b"}], [TextDelta("a"), TextDelta("b")]),
        ({}, []),
        ("", [Heartbeat()]),
        ("  ", [Heartbeat()]),
        ("[DONE]", []),
    ],
)
def test_one_event_says(message: object, expected: list[Event]) -> None:
    assert read(message) == expected


@pytest.mark.parametrize(
    "data", ["{", "nonsense", "12", '"text"', "null", "[1]", "[" * 100_000, '{"type": "text", "con']
)
def test_an_unreadable_event_is_told_and_the_next_one_is_read(data: str) -> None:
    broken, following = read(data, {"text": "on we go"})
    assert broken == AgentError("The service sent an event that could not be read.", MALFORMED)
    assert following == TextDelta("on we go")


def test_an_event_named_error_is_one_whatever_it_holds() -> None:
    assert EventReader().feed(ServerSentEvent(event="error", data=" boom ")) == [AgentError("boom")]
    assert EventReader().feed(ServerSentEvent(event="error", data='{"detail": "why"}')) == [AgentError("why")]
    assert EventReader().feed(ServerSentEvent(event="error", data="{}")) == [AgentError(UNSAID)]


def test_what_comes_after_an_error_is_read() -> None:
    assert read({"error": "later", "error_details": {}}, {"text": "a"}) == [AgentError("later"), TextDelta("a")]


def test_deltas_and_then_the_whole_are_said_once() -> None:
    assert said(read(delta("Hel"), delta("lo "), delta("world"), adk({"text": "Hello world"}))) == "Hello world"


def test_only_deltas_are_the_text() -> None:
    assert said(read(delta("Hello "), delta("world"))) == "Hello world"


def test_only_the_whole_is_the_text() -> None:
    assert said(read(adk({"text": "Hello world"}, turnComplete=True))) == "Hello world"


def test_of_a_whole_that_goes_on_the_rest_is_said() -> None:
    assert said(read(delta("Hello"), adk({"text": "Hello world"}))) == "Hello world"


@pytest.mark.parametrize("whole", ["Hello world\n", " Hello world", "Hello world"])
def test_blanks_around_the_whole_do_not_make_it_new(whole: str) -> None:
    assert said(read(delta("Hello world "), adk({"text": whole}))).strip() == "Hello world"


def test_other_blanks_inside_the_whole_do_not_make_it_new() -> None:
    assert said(read(delta("One\n\ntwo "), adk({"text": "One two  three"}))) == "One\n\ntwo   three"
    assert said(read(delta("One two"), adk({"text": "One\ntwo\n"}))) == "One two"


def test_a_whole_that_is_something_else_is_said() -> None:
    assert said(read(delta("One"), adk({"text": "Two"}))) == "OneTwo"


def test_deltas_may_come_whole_in_several_events() -> None:
    wholes = [adk({"text": "One."}), adk({"text": "Two."}), adk({"text": "Three."})]
    assert said(read(delta("One.Two.Th"), *wholes)) == "One.Two.Three."


def test_half_a_character_waits_for_the_other_half() -> None:
    assert read({"text": "a\ud83c"}, {"text": "\udfacb"}) == [TextDelta("a"), TextDelta("🎬b")]
    assert read(delta("\ud83c"), delta("\udfac"), adk({"text": "🎬"})) == [TextDelta("🎬")]
    assert read({"text": "\ud800"}, {"text": "\udc00"}) == [TextDelta("\U00010000")]
    assert read({"text": "\udbff"}, {"text": "\udfff"}) == [TextDelta("\U0010ffff")]
    assert read(delta("a\ud83c"), adk({"text": "a🎬"})) == [TextDelta("a"), TextDelta("🎬")]


def test_a_half_that_stays_alone_is_replaced() -> None:
    assert read({"text": "a\ud83c"}, {"text": "b\udfac!"}) == [TextDelta("a"), TextDelta("\ufffdb\ufffd!")]
    assert read({"type": "error", "message": "\udfac"}) == [AgentError("\ufffd")]


def test_a_whole_in_several_parts_is_one_text() -> None:
    assert said(read(delta("a"), delta("b"), adk({"text": "a"}, {"text": "b"}))) == "ab"


def test_the_same_sentence_in_two_turns_of_the_agent_is_said_twice() -> None:
    events = read(delta("Done."), adk({"text": "Done."}), adk(CALL), delta("Done."), adk({"text": "Done."}))
    assert said(events) == "Done.Done."


def test_deltas_that_a_tool_call_ends_do_not_hide_the_next_text() -> None:
    events = read(delta("Cutting"), adk(CALL), adk(ANSWER), adk({"text": "Cutting is done"}))
    assert said(events) == "CuttingCutting is done"


@pytest.mark.parametrize("key", ["author", "invocationId", "branch"])
def test_two_who_speak_at_once_are_kept_apart(key: str) -> None:
    def of(name: str, text: str, **rest: object) -> dict[str, object]:
        return {**adk({"text": text}, **rest), key: name}

    deltas = [of("a", "one", partial=True), of("b", "two", partial=True)]
    assert said(read(*deltas, of("a", "one"), of("b", "two"))) == "onetwo"
    assert said(read(*deltas, of("b", "two"), of("a", "one"))) == "onetwo"


def test_thoughts_are_left_out() -> None:
    thought = {"text": "hm", "thought": True}
    assert said(read(adk(thought, partial=True), delta("Hi"), adk(thought, {"text": "Hi"}))) == "Hi"


def test_a_tool_call_comes_once_and_whole() -> None:
    half = adk({"functionCall": {"id": "call-1", "name": "cut_clip", "args": {}}}, partial=True)
    building = adk({"functionCall": {"id": "call-1", "name": "cut_clip", "willContinue": True}})
    assert read(half, building, adk(CALL), adk(CALL), adk(ANSWER)) == [
        ToolCall("cut_clip", {"to_s": 2.5}, "call-1"),
        ToolResult("cut_clip", {"ok": True}, "call-1"),
    ]


def test_calls_without_an_id_are_all_told() -> None:
    call = adk({"functionCall": {"name": "cut_clip"}})
    assert read(call, call) == [ToolCall("cut_clip"), ToolCall("cut_clip")]


def test_snake_case_is_understood() -> None:
    assert read(adk({"function_call": {"name": "cut"}}, {"function_response": {"name": "cut", "response": 1}})) == [
        ToolCall("cut"),
        ToolResult("cut", 1),
    ]


def test_text_and_error_in_one_event_are_both_told() -> None:
    assert read(adk({"text": "Hi"}, errorCode="MAX_TOKENS")) == [
        TextDelta("Hi"),
        AgentError("The agent reported error MAX_TOKENS.", "MAX_TOKENS"),
    ]


def test_frames_of_the_kits_own_server_are_read_as_they_come_over_the_wire() -> None:
    frames = """\
data: {"content":{"parts":[{"text":"Hel"}],"role":"model"},"partial":true,"invocationId":"e-9d","author":"agent",\
"actions":{"stateDelta":{}},"id":"768b","timestamp":1795333368.17}

data: {"content":{"parts":[{"text":"Hello world"}],"role":"model"},"turnComplete":true,"invocationId":"e-9d",\
"author":"agent","actions":{"stateDelta":{}},"id":"bca5","timestamp":1795333368.25}

data: {"content":{"parts":[{"functionCall":{"id":"call-1","args":{"to_s":2.5},"name":"cut_clip"}}],"role":"model"},\
"invocationId":"e-9a","author":"agent","id":"488a","timestamp":1795333368.27,"longRunningToolIds":[]}

"""
    reader = EventReader()
    found = [event for sse in SSEDecoder().feed(frames.encode()) for event in reader.feed(sse)]
    assert found == [TextDelta("Hel"), TextDelta("lo world"), ToolCall("cut_clip", {"to_s": 2.5}, "call-1")]


def test_events_with_the_same_id_are_different_events() -> None:
    assert said(read({**adk({"text": "a"}), "id": "x"}, {**adk({"text": "b"}), "id": "x"})) == "ab"


def test_line_separators_inside_a_line_arrive() -> None:
    stream = 'data: {"content":{"parts":[{"text":"a\u2028b\u0085c"}]},"partial":true}\n\n'.encode()
    (sse,) = SSEDecoder().feed(stream)
    assert EventReader().feed(sse) == [TextDelta("a\u2028b\u0085c")]
