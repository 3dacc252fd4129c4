"""What is written on a cassette: its index, which is ``tape.json`` inside the file.

Times are seconds since the recording began. The form is version 1; a reader takes its own version alone, and ignores
fields that it does not know.
"""

from typing import Annotated, Any, Final, Literal

import msgspec

VERSION: Final = 1

What = Literal["open", "message", "upload", "credits", "state", "submit", "status", "cancel"]
"""The calls of ``protocol/README.md`` that are kept: 2, 3, 4, 5, 6, 7, 8 and 9."""

Moment = Annotated[float, msgspec.Meta(ge=0, le=10_000_000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came back.

    Attributes
    ----------
    began_s, head_s, ended_s : float
        When it was asked, when the answer began to come, and when it had come, stopped or broken off.
    status : int
        The HTTP status; 0 when the network broke before there was one.
    kind, retry_after : str
        The headers ``Content-Type`` and ``Retry-After``; empty when there was none.
    body : object
        The JSON of an answer that is no stream.
    text : str
        The body of an answer that is neither a stream nor JSON.
    stream : int or None
        The number of the file with the bytes of an event stream: ``streams/<number>.sse``.
    pieces : list of (float, int)
        Of a stream: how many of its bytes had come by when, in seconds since `began_s`.
    end : {"whole", "broken", "stopped"}
        Whether it came to its end, the network broke, or the person stopped it.
    """

    began_s: Moment
    head_s: Moment
    ended_s: Moment
    status: Annotated[int, msgspec.Meta(ge=0, le=999)] = 200
    kind: str = ""
    retry_after: str = ""
    body: Any = None
    text: str = ""
    stream: Number | None = None
    pieces: list[tuple[Moment, Count]] = []
    end: Literal["whole", "broken", "stopped"] = "whole"


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request and what came back.

    Attributes
    ----------
    what : str
        Which call.
    session, render : int
        Which session and which export, counted from 1 in their order; 0 when it is about none.
    said : str
        The text of a message.
    files : list of str
        The names, or the addresses, of what was uploaded.
    output : dict
        How a render was wanted, as call 7 has it.
    answer : Answer
        What came back.
    """

    what: What
    answer: Answer
    session: Number = 0
    render: Number = 0
    said: str = ""
    files: list[str] = []
    output: dict[str, str | int] = {}


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that the service made: ``media/<digest>`` inside the cassette.

    Attributes
    ----------
    digest : str
        The SHA-256 of its content.
    size_bytes : int
        Of its content.
    url : str
        Its address in the answers of this cassette; empty when it was fetched by its render alone.
    render : int
        Which export it was fetched for by call 10; 0 for none.
    """

    digest: Digest
    size_bytes: Count
    url: str = ""
    render: Number = 0


class Tape(msgspec.Struct, frozen=True, kw_only=True):
    """The index.

    Attributes
    ----------
    format, version : str and int
        What tells a cassette, and which version of this form it has.
    id : str
        Part of the addresses in its answers, so that those of two cassettes differ.
    made_with : str
        The version of this package.
    recorded_at : str
        ISO 8601, in UTC.
    backend : {"cloud", "local", "custom"}
        Who spoke.
    calls : list of Call
        In the order in which they were begun.
    media : list of Media
        Without order.
    """

    format: Literal["nemo-cassette"]
    version: int
    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    made_with: str
    recorded_at: str
    backend: Literal["cloud", "local", "custom"]
    calls: list[Call]
    media: list[Media]
