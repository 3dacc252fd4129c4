"""The decoder against the standard's algorithm on any stream, however it is cut, and its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import ProtocolError
from nemo_widgets.protocol.sse import ServerSentEvent, SSEDecoder

Expected = list[ServerSentEvent]


def event(data: str, event: str = "message", id: str = "", retry: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(event=event, data=data, id=id, retry=retry)


def decode(*pieces: bytes) -> Expected:
    decoder = SSEDecoder()
    return [found for piece in pieces for found in decoder.feed(piece)]


def reference(stream: bytes) -> Expected:
    """Follow the standard's algorithm, word by word and one character at a time."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    lines, line, at = [], "", 0
    while at < len(text):
        if text[at] in "\r\n":
            at += 1 if text[at : at + 2] != "\r\n" else 2
            lines.append(line)
            line = ""
        else:
            line += text[at]
            at += 1
    events, last_id, kind, data, retry = [], "", "", "", None
    for line in lines:
        if line == "":
            if data != "":
                events.append(event(data[:-1], kind or "message", last_id, retry))
            kind, data, retry = "", "", None
            continue
        field, value = line, ""
        if ":" in line:
            field, value = line[: line.index(":")], line[line.index(":") + 1 :]
            value = value[1:] if value.startswith(" ") else value
        if field == "event":
            kind = value
        if field == "data":
            data += value + "\n"
        if field == "id" and "\0" not in value:
            last_id = value
        if field == "retry" and value != "" and all(digit in "0123456789" for digit in value):
            retry = int(value)
    return events


LINE_ENDS = [b"\r", b"\n", b"\r\n", b"\n\n"]
FIELDS = [b"data", b"data: ", b"data:", b"id:", b"event:", b"retry:", b":"]
VALUES = [b" ", b"7", b"x", b"\x00", b"\xff", b"\xe2\x80\xa8", b"\xe5\x9f", b"\xef\xbb\xbf", "城".encode()]
fragments = st.sampled_from([*LINE_ENDS, *FIELDS, *VALUES])
streams = st.lists(fragments, max_size=40).map(b"".join)


@given(streams)
def test_any_stream_reads_as_the_standard_says(stream: bytes) -> None:
    assert decode(stream) == reference(stream)


@given(streams, st.lists(st.integers(0, 200), max_size=6))
def test_splitting_never_matters(stream: bytes, cuts: list[int]) -> None:
    at = sorted(min(cut, len(stream)) for cut in cuts)
    pieces = [stream[start:end] for start, end in zip([0, *at], [*at, len(stream)], strict=True)]
    assert decode(*pieces) == decode(stream)


@given(streams, st.integers(1, 12), st.integers(1, 7))
def test_splitting_never_matters_for_the_bound(stream: bytes, bound: int, step: int) -> None:
    def too_long(*pieces: bytes) -> bool:
        decoder = SSEDecoder(max_event_bytes=bound)
        try:
            for piece in pieces:
                decoder.feed(piece)
        except ProtocolError:
            return True
        return False

    assert too_long(*(stream[at : at + step] for at in range(0, len(stream), step))) == too_long(stream)


def test_an_event_is_dispatched_as_soon_as_its_blank_line_began() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data:a\r\r") == [event("a")]
    assert decoder.feed(b"\ndata:b\r\n\r") == [event("b")]
    assert decoder.feed(b"\n") == []


def test_an_event_longer_than_the_bound_is_refused() -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    assert decoder.feed(b"data:" + b"x" * 95 + b"\n\n")
    with pytest.raises(ProtocolError, match="longer than 100 bytes"):
        decoder.feed(b"data:" + b"x" * 96)


def test_eight_megabytes_in_one_event_arrive() -> None:
    data = "x" * 8_000_000
    stream = f"data: {data}\n\n".encode()
    assert decode(*(stream[at : at + 65536] for at in range(0, len(stream), 65536))) == [event(data)]


def test_the_last_id_is_known_without_data() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"id: 9\n\n") == []
    assert decoder.last_event_id == "9"


def test_what_was_unfinished_is_gone_after_close() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"data: a")
    decoder.close()
    assert decoder.feed(b"\n\n") == []
