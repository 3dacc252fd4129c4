"""Text is said once and whole however it was cut, and nothing that arrives makes the reader fail."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.events import Event, EventReader, TextDelta
from nemo_widgets.protocol.sse import ServerSentEvent, SSEDecoder

CALL = {"content": {"parts": [{"functionCall": {"name": "cut_clip"}}]}, "author": "agent"}


def read(messages: list[dict[str, Any]]) -> list[Event]:
    reader = EventReader()
    return [event for message in messages for event in reader.feed(ServerSentEvent(data=json.dumps(message)))]


def said(messages: list[dict[str, Any]]) -> str:
    return "".join(event.text for event in read(messages) if isinstance(event, TextDelta))


def cut(text: str, cuts: list[int]) -> Iterator[str]:
    """Cut between UTF-16 units, as a server in JavaScript does: an emoji may end up in two pieces."""
    units = text.encode("utf-16-le")
    at = sorted({0, len(units), *(2 * (place % (len(units) // 2 + 1)) for place in cuts)})
    yield from (units[start:end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(at))


def adk(text: str, *, partial: bool = False) -> dict[str, Any]:
    return {"content": {"parts": [{"text": text}]}, "author": "agent", **({"partial": True} if partial else {})}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["Done.", "Done. Done.", "🎬", " "]
)
places = st.lists(st.integers(0, 60), max_size=5)


@st.composite
def turns(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """Return an answer, and one of the ways in which ADK may send it: turns of the agent between calls of its tools."""
    answer, messages = "", []
    for text in draw(st.lists(texts, max_size=5)):
        pieces = list(cut(text, draw(places)))
        match draw(st.sampled_from(["deltas", "whole", "both", "begun", "several wholes"])):
            case "deltas":
                messages += [adk(piece, partial=True) for piece in pieces]
            case "whole":
                messages += [adk(text)]
            case "both":
                messages += [*(adk(piece, partial=True) for piece in pieces), adk(text)]
            case "begun":
                messages += [*(adk(piece, partial=True) for piece in pieces[:1]), adk(text)]
            case "several wholes":
                middle = len(text) // 2
                wholes = [adk(part) for part in (text[:middle], text[middle:]) if part]
                messages += [*(adk(piece, partial=True) for piece in pieces), *wholes]
        answer += text
        messages.append(CALL)
    return answer, messages


@given(turns())
def test_the_answer_is_said_once_and_whole(turn: tuple[str, list[dict[str, Any]]]) -> None:
    answer, messages = turn
    assert said(messages) == answer


@given(st.lists(texts, max_size=5), places)
def test_typed_text_is_said_as_it_came_however_it_is_cut(pieces: list[str], cuts: list[int]) -> None:
    whole = "".join(pieces)
    assert said([{"type": "text", "content": piece} for piece in cut(whole, cuts)]) == whole
    assert said([{"text": piece} for piece in cut(whole, cuts)]) == whole


@given(texts, st.sampled_from(["{}\n", " {}", "\n{} ", "{}"]), places)
def test_other_blanks_around_the_whole_do_not_say_it_twice(text: str, around: str, cuts: list[int]) -> None:
    messages = [*(adk(piece, partial=True) for piece in cut(text, cuts)), adk(around.format(text))]
    assert said(messages).split() == text.split()


KEYS = [
    "type",
    "content",
    "text",
    "parts",
    "partial",
    "thought",
    "functionCall",
    "functionResponse",
    "name",
    "id",
    "args",
]
KEYS += ["response", "error", "errorCode", "code", "message", "success", "author", "invocationId", "willContinue"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
scalars |= st.sampled_from(
    ["text", "tool_call", "tool_result", "error", "heartbeat", "{", '{"a": 1}', "\ud83c", "\udfac"]
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


@given(st.lists(anything, max_size=4), st.sampled_from(["message", "error", "text"]))
def test_no_message_makes_the_reader_fail(messages: list[object], name: str) -> None:
    reader = EventReader()
    for message in messages:
        for event in reader.feed(ServerSentEvent(event=name, data=json.dumps(message))):
            if isinstance(event, TextDelta):
                assert event.text.encode()


@given(
    st.lists(st.binary(max_size=40) | st.sampled_from([b"data: ", b"{", b'{"text":"a"}', b"\n\n", b"event: error\n"]))
)
def test_no_bytes_make_the_reader_fail(pieces: list[bytes]) -> None:
    decoder, reader = SSEDecoder(), EventReader()
    for piece in pieces:
        for sse in decoder.feed(piece):
            assert len(reader.feed(sse)) >= 0
