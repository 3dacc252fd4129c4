"""Nobody's secrets get onto a cassette, and what holds none stays as it is, byte by byte."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.library.cassette import Cleaner
from nemo_widgets.protocol.sse import SSEDecoder

SECRET = "s3cr3t-of-somebody"
ORIGIN = "http://127.0.0.1:8000"


def cleaner() -> Cleaner:
    made = Cleaner("0123456789abcdef", ORIGIN)
    made.learn([SECRET, ""])
    return made


_CONTENT = st.text() | st.sampled_from(["新年快乐 \u2028", "*bold*", "https://example.org/page"])
_FRAMES = st.lists(
    st.builds(lambda content: f"data: {json.dumps({'type': 'text', 'content': content}, ensure_ascii=False)}", _CONTENT)
    | st.sampled_from([": ping", "data:", "event: x\ndata: y", "id: 7\ndata: {}", "data: {\ndata: }", "data: [1"]),
    min_size=1,
)
_ENDS = st.sampled_from(["\n\n", "\r\n\r\n", "\r\r"])


def _cut(data: bytes, places: list[int]) -> list[tuple[float, bytes]]:
    bounds = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [(float(number), data[a:b]) for number, (a, b) in enumerate(pairwise(bounds))]


@given(frames=_FRAMES, end=_ENDS, places=st.lists(st.integers(0, 10_000), max_size=8))
def test_a_stream_without_secrets_stays_as_it_is_and_each_event_comes_with_its_last_byte(
    frames: list[str], end: str, places: list[int]
) -> None:
    data = "".join(frame + end for frame in frames).encode("utf-8", "surrogatepass")
    pieces = _cut(data, places)
    cleaned = cleaner().stream(pieces)
    assert b"".join(piece for _, piece in cleaned) == data.decode("utf-8", "replace").encode()
    live, replayed = SSEDecoder(), SSEDecoder()
    heard = [(at_s, event) for at_s, piece in pieces for event in live.feed(piece)]
    again = [(at_s, event) for at_s, piece in cleaned for event in replayed.feed(piece)]
    assert [event for _, event in again] == [event for _, event in heard]
    late = [after - before for (after, _), (before, _) in zip(again, heard, strict=True)]
    assert set(late) <= ({0.0} if end == "\n\n" else {-1.0, 0.0, 1.0})  # CR and LF may come one by one


@given(
    frames=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=6),
    shape=st.sampled_from(
        [
            'data: {{"type": "text", "content": {0}}}\n\n',
            'data: {{"a": {{"b": [{0}]}},\ndata: "c": 1}}\n\n',
            ": {1}\n\n",
            "event: {1}\ndata: {{}}\n\n",
            "data: not json {1}\n\n",
            "id: {1}",
        ]
    ),
    places=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_a_secret_is_found_wherever_it_is_and_however_it_was_cut(
    frames: list[tuple[str, str]], shape: str, places: list[int]
) -> None:
    said = [f"{before}{SECRET}{after}" for before, after in frames]
    data = "".join(shape.format(json.dumps(one), one) for one in said).encode("utf-8", "replace")
    assert SECRET.encode() in data
    cleaned = cleaner().stream(_cut(data, places))
    assert SECRET.encode() not in b"".join(piece for _, piece in cleaned)


_NAMES = st.text(max_size=8) | st.just(SECRET)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just(SECRET), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=_JSON)
def test_an_answer_loses_its_secrets_once_and_for_all_and_can_be_written(value: object) -> None:
    made = cleaner()
    once = made.value(value)
    assert SECRET not in json.dumps(once, ensure_ascii=False)
    assert json.dumps(made.value(once)) == json.dumps(once)
    json.dumps(once, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"user_id": "anon_1", "userId": 5, "email": "a@b.c"}, {"user_id": "***", "userId": 5, "email": "***"}),
        ({"role": "user", "author": "agent"}, {"role": "user", "author": "agent"}),
        ({"text": "see https://a.org/b?ct=1"}, {"text": "see https://a.org/b"}),
        ({"text": "see https://a.org/b"}, {"text": "see https://a.org/b"}),
        ({"claim_token": "x"}, {"claim_token": "***"}),
        ({"n": 2**80}, {"n": None}),
    ],
)
def test_what_is_personal_is_hidden_and_what_is_not_stays(said: object, kept: object) -> None:
    assert cleaner().value(said) == kept


def test_addresses_of_media_are_this_cassettes_own_and_tell_files_apart() -> None:
    made = cleaner()
    home = "https://0123456789abcdef.cassette.invalid"
    assert made.value({"url": "https://cdn.org/k3y/out.mp4?sig=1"}) == {"url": f"{home}/1/out.mp4"}
    assert made.value({"url": "https://cdn.org/k3y/out.mp4?sig=1"}) == {"url": f"{home}/1/out.mp4"}
    assert made.value({"url": "https://cdn.org/k3y/out.mp4?sig=2"}) == {"url": f"{home}/1.2/out.mp4"}
    assert made.value({"urls": ["/files/dQw4w9WgXcQ"]}) == {"urls": [f"{home}/2/file"]}
    assert made.value({"cdn": "https://u:p@cdn.org/9f8a7c6e5d4b.png"}) == {"cdn": f"{home}/3/file.png"}
    assert made.value({"x": f"{home}/1/out.mp4"}) == {"x": f"{home}/1/out.mp4"}
    assert made.text("[here](https://cdn.org/k3y/out.mp4?sig=1)") == f"[here]({home}/1/out.mp4)"


def test_ids_of_sessions_become_numbers_wherever_they_are_named() -> None:
    made = cleaner()
    assert [made.number("session", id) for id in ("first-one", "second-one", "first-one", "")] == [1, 2, 1, 0]
    assert made.text("of second-one") == "of session-2"
