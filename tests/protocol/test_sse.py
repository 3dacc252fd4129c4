"""The decoder against the standard's own examples, the cases of its public test suite, and every cut in two."""

import pytest

from nemo_widgets.protocol.sse import ServerSentEvent, SSEDecoder

Expected = list[ServerSentEvent]


def event(data: str, event: str = "message", id: str = "", retry: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(event=event, data=data, id=id, retry=retry)


A_B = [event("a"), event("b")]

CASES: dict[str, tuple[bytes, Expected]] = {
    # Examples in the standard's text.
    "standard: two plain events": (
        b"data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n",
        [event("This is the first message."), event("This is the second message, it\nhas two lines.")],
    ),
    "standard: types": (
        b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
        [event("73857293", "add"), event("2153", "remove"), event("113411", "add")],
    ),
    "standard: stocks": (b"data: YHOO\ndata: +2\ndata: 10\n\n", [event("YHOO\n+2\n10")]),
    "standard: comment, ids, an id reset, two leading spaces": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        [event("first event", id="1"), event("second event"), event(" third event")],
    ),
    "standard: empty data dispatches, the unfinished last one does not": (
        b"data\n\ndata\ndata\n\ndata:",
        [event(""), event("\n")],
    ),
    "standard: one space is optional": (b"data:test\n\ndata: test\n\n", [event("test"), event("test")]),
    # Line ends.
    "LF": (b"data:a\n\ndata:b\n\n", A_B),
    "CR": (b"data:a\r\rdata:b\r\r", A_B),
    "CRLF": (b"data:a\r\n\r\ndata:b\r\n\r\n", A_B),
    "LF then CR": (b"data:a\n\rdata:b\n\r", A_B),
    "LF then CRLF": (b"data:a\n\r\ndata:b\n\r\n", A_B),
    "CR then CRLF": (b"data:a\r\r\ndata:b\r\r\n", A_B),
    "CRLF then LF": (b"data:a\r\n\ndata:b\r\n\n", A_B),
    "CRLF then CR": (b"data:a\r\n\rdata:b\r\n\r", A_B),
    "CRLF is one line end": (b"data:a\r\ndata:b\r\n\r\n", [event("a\nb")]),
    "LF CR inside an event are two": (b"data:a\n\rdata:b\n\n", A_B),
    "each line its own end": (b"data:1\ndata:2\rdata:3\r\ndata:4\n\r", [event("1\n2\n3\n4")]),
    "WPT format-newlines": (
        b"data:test\r\ndata\ndata:test\r\n\r\n",
        [event("test\n\ntest")],
    ),
    "many blank lines": (b"\n\n\n\ndata:a\n\n\n\n\ndata:b\n\n\n", A_B),
    "many blank CRLF lines": (b"\r\n\r\n\r\ndata:a\r\n\r\n\r\n\r\ndata:b\r\n\r\n\r\n", A_B),
    "one blank line first": (b"\ndata:a\n\ndata:b\n\n", A_B),
    "U+2028 is no line end": ("data:a\u2028data:b\n\n".encode(), [event("a\u2028data:b")]),
    "U+2029 is no line end": ("data:a\u2029data:b\n\n".encode(), [event("a\u2029data:b")]),
    "U+0085 is no line end": ("data:a\u0085data:b\n\n".encode(), [event("a\u0085data:b")]),
    "VT, FF, FS, GS, RS are no line ends": (
        b"data:a\x0bb\x0cc\x1cd\x1de\x1ef\n\n",
        [event("a\x0bb\x0cc\x1cd\x1de\x1ef")],
    ),
    "tab is no line end": (b"data:a\tb\n\n", [event("a\tb")]),
    # BOM.
    "BOM is dropped": (b"\xef\xbb\xbfdata:a\n\n", [event("a")]),
    "BOM before a plain line": (b"\xef\xbb\xbfdata: a\n\ndata: b\n\n", A_B),
    "a second BOM is kept, so the field is unknown": (b"\xef\xbb\xbf\xef\xbb\xbfdata:a\n\ndata:b\n\n", [event("b")]),
    "BOM later is text": ("data:a\n\n\ufeffdata:b\n\ndata:\ufeffc\n\n".encode(), [event("a"), event("\ufeffc")]),
    "BOM after a blank line is no BOM": (b"\n\n\xef\xbb\xbfdata:a\n\ndata:b\n\n", [event("b")]),
    "BOM alone on its line": (b"\xef\xbb\xbf\ndata:a\n\n", [event("a")]),
    "half a BOM is undecodable": (b"\xef\xbbdata:a\n\ndata:b\n\n", [event("b")]),
    "UTF-16 BOM is undecodable": (b"\xfe\xffdata:a\n\ndata:b\n\n", [event("b")]),
    "BOM and nothing": (b"\xef\xbb\xbf", []),
    # Comments.
    "comment alone": (b": ping\n\n", []),
    "empty comment": (b":\n\n", []),
    "comment inside an event": (b"data:a\n:comment\ndata:b\n\n", [event("a\nb")]),
    "comment without space": (b":data:a\n\ndata:b\n\n", [event("b")]),
    "comments before": (b": one\n: two\ndata:a\n\n", [event("a")]),
    "comment of 4 KiB": (b":" + b"x" * 4096 + b"\ndata:a\n\n", [event("a")]),
    "WPT format-comments": (
        b"data:1\r:\x00\n:\r\ndata:2\n:" + b"x" * 2048 + b"\rdata:3\n:data:fail\r:" + b"x" * 2048 + b"\ndata:4\n\n",
        [event("1\n2\n3\n4")],
    ),
    "pings between events": (b": ping\n\ndata:a\n\n: ping\n\ndata:b\n\n: ping\n\n", A_B),
    # Data.
    "no space": (b"data:a\n\n", [event("a")]),
    "one space": (b"data: a\n\n", [event("a")]),
    "two spaces keep one": (b"data:  a\n\n", [event(" a")]),
    "a tab is not the space": (b"data:\ta\n\n", [event("\ta")]),
    "WPT format-leading-space": (b"data:\ttest\rdata: \ndata:test\n\n", [event("\ttest\n\ntest")]),
    "trailing space is kept": (b"data:a \n\n", [event("a ")]),
    "colons in the value": (b"data:a:b: c\n\n", [event("a:b: c")]),
    "only a colon as value": (b"data::\n\n", [event(":")]),
    "only a space as value": (b"data: \n\n", [event("")]),
    "empty data": (b"data:\n\n", [event("")]),
    "data without colon": (b"data\n\n", [event("")]),
    "WPT format-field-data": (b"data:\n\ndata\ndata\n\ndata:test\n\n", [event(""), event("\n"), event("test")]),
    "empty lines of data are kept": (b"data:a\ndata\ndata:\ndata:b\n\n", [event("a\n\n\nb")]),
    "trailing empty data line": (b"data:a\ndata:\n\n", [event("a\n")]),
    "plain and empty mixed": (b"data: a\n\ndata:\n\ndata: b\n\n", [event("a"), event(""), event("b")]),
    "the marker inside a value": (b"data: a data: b\n\n", [event("a data: b")]),
    "two plain lines in one of two events": (b"data: a\ndata: b\n\ndata: c\n\n", [event("a\nb"), event("c")]),
    "NULL in data is kept": (b"data:a\x00b\n\n", [event("a\x00b")]),
    "JSON": (b'data: {"type": "text", "content": "a\\nb"}\n\n', [event('{"type": "text", "content": "a\\nb"}')]),
    # Field names.
    "unknown field": (b"foo:bar\ndata:a\n\n", [event("a")]),
    "unknown field without colon": (b"foobar\ndata:a\n\n", [event("a")]),
    "names are case-sensitive": (b"DATA:a\nData:b\ndata:c\n\n", [event("c")]),
    "leading space is part of the name": (b" data:a\ndata:b\n\n", [event("b")]),
    "trailing space is part of the name": (b"data :a\ndata:b\n\n", [event("b")]),
    "longer name": (b"datax:a\nxdata:b\ndata:c\n\n", [event("c")]),
    "NULL in the name": (b"data\x00:a\ndata:b\n\n", [event("b")]),
    "WPT format-field-parsing": (
        b"data:\x00\ndata:  2\rData:1\ndata\x00:2\ndata:1\r\x00data:4\nda-ta:3\rdata_5\ndata:3\r"
        b"data:\r\n data:32\ndata:4\n\n",
        [event("\x00\n 2\n1\n3\n\n4")],
    ),
    # Types.
    "event type": (b"event:test\ndata:x\n\ndata:x\n\n", [event("x", "test"), event("x")]),
    "WPT format-field-event-empty": (b"event: \ndata:data\n\n", [event("data")]),
    "event without colon is the default type": (b"event\ndata:a\n\n", [event("a")]),
    "the last type counts": (b"event:a\nevent:b\ndata:c\n\n", [event("c", "b")]),
    "an empty type resets it": (b"event:a\nevent:\ndata:c\n\n", [event("c")]),
    "type after the data": (b"data:c\nevent:b\n\n", [event("c", "b")]),
    "type without data dispatches nothing and is forgotten": (b"event:a\n\ndata:b\n\n", [event("b")]),
    "two spaces before a type": (b"event:  a\ndata:b\n\n", [event("b", " a")]),
    # Ids.
    "id stays": (b"id:1\ndata:a\n\ndata:b\n\n", [event("a", id="1"), event("b", id="1")]),
    "id stays for plain lines": (b"id: 1\n\ndata: a\n\ndata: b\n\n", [event("a", id="1"), event("b", id="1")]),
    "id after the data": (b"data:a\nid:1\n\n", [event("a", id="1")]),
    "the last id counts": (b"id:1\nid:2\ndata:a\n\n", [event("a", id="2")]),
    "empty id resets": (b"id:1\ndata:a\n\nid:\ndata:b\n\n", [event("a", id="1"), event("b")]),
    "id without colon resets": (b"id:1\ndata:a\n\nid\ndata:b\n\n", [event("a", id="1"), event("b")]),
    "id with NULL is ignored": (b"id:1\ndata:a\n\nid:2\x003\ndata:b\n\n", [event("a", id="1"), event("b", id="1")]),
    "id of only NULL is ignored": (b"id:\x00\ndata:a\n\n", [event("a")]),
    "id without data is kept": (b"id:1\n\n: ping\n\ndata:a\n\n", [event("a", id="1")]),
    "no empty event at a ping after an id": (b"id:1\ndata:a\n\n: ping\n\n\n", [event("a", id="1")]),
    "id in Unicode": ("id: \u2026\ndata:a\n\n".encode(), [event("a", id="\u2026")]),
    # Retry.
    "retry": (b"retry:3000\ndata:a\n\n", [event("a", retry=3000)]),
    "retry belongs to its block": (b"retry:3000\ndata:a\n\ndata:b\n\n", [event("a", retry=3000), event("b")]),
    "retry alone dispatches nothing": (b"retry:3000\n\ndata:a\n\n", [event("a")]),
    "retry with a letter is ignored": (b"retry:1000x\ndata:a\n\n", [event("a")]),
    "retry with a sign is ignored": (b"retry:+1000\nretry:-1\ndata:a\n\n", [event("a")]),
    "retry with two spaces is ignored": (b"retry:  10\ndata:a\n\n", [event("a")]),
    "retry with underscore is ignored": (b"retry:1_000\ndata:a\n\n", [event("a")]),
    "retry as a decimal is ignored": (b"retry:1.5\ndata:a\n\n", [event("a")]),
    "retry in other digits is ignored": ("retry:\u0661\u0662\nretry:\u00b2\ndata:a\n\n".encode(), [event("a")]),
    "empty retry is ignored": (b"retry:\ndata:a\n\nretry\ndata:b\n\n", A_B),
    "a bad retry keeps the good one": (b"retry:7\nretry:x\ndata:a\n\n", [event("a", retry=7)]),
    "leading zeros": (b"retry:007\ndata:a\n\n", [event("a", retry=7)]),
    "absurdly long retry is ignored": (b"retry:" + b"9" * 300 + b"\ndata:a\n\n", [event("a")]),
    # Bytes.
    "UTF-8": ("data:ok…\n\ndata:城市夜景 🎬\n\n".encode(), [event("ok…"), event("城市夜景 🎬")]),
    "undecodable byte": (b"data:a\xffb\n\n", [event("a\ufffdb")]),
    "cut sequence before a line end": (b"data:a\xe2\x82\n\ndata:b\n\n", [event("a\ufffd"), event("b")]),
    "cut sequence before CR": (b"data:a\xf0\x9f\x8e\r\rdata:b\r\r", [event("a\ufffd"), event("b")]),
    "surrogates and overlong forms": (b"data:\xed\xa0\x80\xc0\xaf\n\n", [event("\ufffd" * 5)]),
    # What the public suite (web-platform-tests, eventsource/) states about the format, beyond those named above.
    "WPT format-bom": ("\ufeffdata:1\n\n\ufeffdata:2\n\ndata:3\n\n".encode(), [event("1"), event("3")]),
    "WPT format-bom-2": ("\ufeff\ufeffdata:1\n\ndata:2\n\ndata:3\n\n".encode(), [event("2"), event("3")]),
    "WPT event-data": (
        b"data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n",
        [event("msg\nmsg"), event(""), event("end")],
    ),
    "WPT format-field-event": (b"event:test\ndata:x\n\ndata:x\n\n", [event("x", "test"), event("x")]),
    "WPT format-field-id": (
        "id: …\nretry: 200\ndata: hello\n\n".encode(),
        [event("hello", id="…", retry=200)],
    ),
    "WPT format-field-id-2": (
        "id: …\ndata: hello\n\ndata: …\n\ndata: …\n\n".encode(),
        [event("hello", id="…"), event("…", id="…"), event("…", id="…")],
    ),
    "WPT format-field-id-3, persists": (
        b"id: 1\ndata: 1\n\ndata: 2\n\nid: 2\ndata: 3\n\ndata: 4\n\n",
        [event("1", id="1"), event("2", id="1"), event("3", id="2"), event("4", id="2")],
    ),
    "WPT format-field-id-3, resets": (
        b"id: 1\ndata: 1\n\nid: \ndata: 2\n\ndata: 3\n\n",
        [event("1", id="1"), event("2"), event("3")],
    ),
    "WPT format-field-id-3, resets without colon": (
        b"id: 1\ndata: 1\n\nid\ndata: 2\n\ndata: 3\n\n",
        [event("1", id="1"), event("2"), event("3")],
    ),
    **{
        f"WPT format-field-id-null, {value!r}": (f"id:{value}\ndata:hello\n\n".encode(), [event("hello")])
        for value in ("\0\0", "x\0", "\0x", "x\0x", " \0")
    },
    "WPT format-field-retry": (b"retry:3000\ndata:x\n\n", [event("x", retry=3000)]),
    "WPT format-field-retry-bogus": (b"retry:3000\nretry:1000x\ndata:x\n\n", [event("x", retry=3000)]),
    "WPT format-field-retry-empty": (b"retry\ndata:test\n\n", [event("test")]),
    "WPT format-field-unknown": (
        b"data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
        [event("test\n\ntest")],
    ),
    "WPT format-null-character": (b"data:\x00\n\n\n\n", [event("\x00")]),
    "WPT format-utf-8": ("data:ok…\n\n".encode(), [event("ok…")]),
    # Colons and blanks where a decoder in a hurry would split.
    "the first colon counts, without blank": (b"data:a: b\n\n", [event("a: b")]),
    "the first colon counts, with blank": (b"data: a: b\n\n", [event("a: b")]),
    "an unknown field that holds a known one": (b"x:data: a\ndata:b\n\n", [event("b")]),
    "a comment that holds a field": (b": data: a\n:data: a\ndata:b\n\n", [event("b")]),
    "blank before the colon": (b"data : a\nid : 1\ndata:b\n\n", [event("b")]),
    "a type with a colon": (b"event:a: b\ndata:c\n\n", [event("c", "a: b")]),
    "an id with a colon": (b"id:a: b\ndata:c\n\n", [event("c", id="a: b")]),
    "a plain line, then one without blank": (b"data: a\n\ndata:b\n\n", A_B),
    "as many lines as plain events have": (b"data: a\nx\n\ndata: b\n\n", A_B),
    # End of the stream.
    "nothing": (b"", []),
    "no line end": (b"data:a", []),
    "one line end": (b"data:a\n", []),
    "one CRLF": (b"data:a\r\n", []),
    "WPT format-data-before-final-empty-line": (
        b"retry:1000\ndata:test1\n\nid:test\ndata:test2",
        [event("test1", retry=1000)],
    ),
    "an unfinished second event is dropped": (b"data:a\n\ndata:b\n", [event("a")]),
}


def decode(*pieces: bytes) -> Expected:
    decoder = SSEDecoder()
    events = [found for piece in pieces for found in decoder.feed(piece)]
    decoder.close()
    return events


def test_there_are_at_least_eighty_cases() -> None:
    assert len(CASES) >= 130


@pytest.mark.parametrize(("stream", "expected"), CASES.values(), ids=CASES)
class TestStandard:
    def test_whole(self, stream: bytes, expected: Expected) -> None:
        assert decode(stream) == expected

    def test_byte_by_byte(self, stream: bytes, expected: Expected) -> None:
        assert decode(*(stream[at : at + 1] for at in range(len(stream)))) == expected

    def test_every_split_in_two(self, stream: bytes, expected: Expected) -> None:
        for at in range(len(stream) + 1):
            assert decode(stream[:at], stream[at:]) == expected, at

    def test_empty_reads_change_nothing(self, stream: bytes, expected: Expected) -> None:
        pieces = [part for at in range(len(stream)) for part in (stream[at : at + 1], b"")]
        assert decode(b"", *pieces) == expected
