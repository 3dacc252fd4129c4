"""What an answer is made of, and the reader that finds it in a stream (``protocol/README.md``, *Event stream*)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nemo_widgets.protocol.sse import ServerSentEvent

MALFORMED: Final = "malformed_event"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text; the pieces in order are the whole text, once."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The agent began to use one of its tools. Internal: a person sees progress, never the arguments."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A tool of the agent finished. Internal, like `ToolCall`."""

    name: str
    result: Any = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Still working: a heartbeat event or an empty ``data:``."""


@dataclass(frozen=True, slots=True)
class AgentError:
    """The agent reported an error inside its stream.

    `code` is the service's own, when it gave one; ``"malformed_event"`` marks an event that could not be read.
    """

    message: str
    code: int | str | None = None


Event = TextDelta | ToolCall | ToolResult | Heartbeat | AgentError


class EventReader:
    """Finds the agent's events in server-sent ones; one reader for one stream.

    It tells the dialects apart event by event. In ADK's, text comes as deltas and then once more as a whole: a delta
    is passed on at once, and of the whole only what was not said yet. Thoughts and half-built function calls are left
    out.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], list[str]] = {}
        self._called: set[str] = set()
        self._half = ""

    def feed(self, sse: ServerSentEvent) -> list[Event]:
        """Return what one server-sent event says; something unreadable becomes an `AgentError`, never an exception."""
        text = sse.data.strip()
        if not text:
            return [Heartbeat()]
        if text == "[DONE]":
            return []
        try:
            decoded = json.loads(text)
        except (ValueError, RecursionError):
            decoded = None
        messages = decoded if isinstance(decoded, list) else [decoded]
        return [event for message in messages for event in self._read(message, sse)]

    def _read(self, message: object, sse: ServerSentEvent) -> list[Event]:
        if not isinstance(message, Mapping):
            if sse.event == "error":
                return [AgentError(sse.data.strip())]
            return [AgentError("The service sent an event that could not be read.", MALFORMED)]
        kind = message.get("type")
        if kind == "error" or sse.event == "error":
            return [_error(message)]
        if isinstance(kind, str) and not isinstance(message.get("content"), Mapping):
            return self._typed(kind, message)
        if isinstance(message.get("text"), str) and "content" not in message:
            return self._text(message["text"])
        failed = any(message.get(key) for key in _ERROR_KEYS) or message.get("success") is False
        return [*self._adk(message), *([_error(message)] if failed else [])]

    def _text(self, text: str) -> list[Event]:
        """Pass text on; half of a surrogate pair waits for its other half, which may come with the next delta."""
        text = self._half + text
        self._half = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        text = _whole_characters(text.removesuffix(self._half))
        return [TextDelta(text)] if text else []

    def _typed(self, kind: str, message: Mapping[str, Any]) -> list[Event]:
        match kind:
            case "text":
                return self._text(_string(message, "content", "text"))
            case "tool_call":
                return [ToolCall(_name(message), _arguments(message.get("args")), _string(message, "id"))]
            case "tool_result":
                return [ToolResult(_name(message), message.get("result"), _string(message, "id"))]
            case "heartbeat":
                return [Heartbeat()]
            case _:
                return []

    def _adk(self, message: Mapping[str, Any]) -> list[Event]:
        content = message.get("content")
        if isinstance(content, str):
            return self._text(content)
        parts = [part for part in _items(content, "parts") if isinstance(part, Mapping)]
        if not parts:
            return []
        speaker = tuple(_string(message, key) for key in ("invocationId", "author", "branch"))
        text = "".join(_string(part, "text") for part in parts if not part.get("thought"))
        if message.get("partial") is True:
            self._said.setdefault(speaker, []).append(text)
            return self._text(text)
        said = _whole_characters("".join(self._said.pop(speaker, [])).removesuffix(self._half))
        text, self._half = _whole_characters(text), ""
        tools = self._tools(parts)
        if not tools and said.startswith(text):
            self._said[speaker] = [said[len(text) :]]  # one of several wholes: the next one goes on from here
        unsaid = _unsaid(said, text)
        return [*([TextDelta(unsaid)] if unsaid else []), *tools]

    def _tools(self, parts: Sequence[Mapping[str, Any]]) -> list[Event]:
        events: list[Event] = []
        for part in parts:
            call = part.get("functionCall", part.get("function_call"))
            if isinstance(call, Mapping) and not call.get("willContinue"):
                identifier = _string(call, "id")
                if identifier not in self._called:
                    events.append(ToolCall(_name(call), _arguments(call.get("args")), identifier))
                self._called.update({identifier} - {""})
            answer = part.get("functionResponse", part.get("function_response"))
            if isinstance(answer, Mapping):
                events.append(ToolResult(_name(answer), answer.get("response"), _string(answer, "id")))
        return events


_ERROR_KEYS: Final = ("errorCode", "error_code", "code", "errorMessage", "error_message", "error")


def _unsaid(said: str, whole: str) -> str:
    """Return what of `whole` has not come as deltas yet; blanks may differ between the two."""
    if whole.startswith(said):
        return whole[len(said) :]
    spoken, complete = "".join(said.split()), "".join(whole.split())
    if complete in spoken:
        return ""
    if not complete.startswith(spoken):
        return whole
    left = len(spoken)
    for at, character in enumerate(whole):
        if left == 0:
            return whole[at:]
        left -= not character.isspace()
    return ""


def _whole_characters(text: str) -> str:
    """Join surrogate pairs, and replace what has lost its other half: it could not be shown or written anywhere."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _error(message: Mapping[str, Any]) -> AgentError:
    """Read an error of either dialect, or an envelope with an error code."""
    inner = message.get("error")
    if isinstance(inner, Mapping):
        message = {**message, **inner}
    code = next((message[key] for key in ("errorCode", "error_code", "code") if message.get(key)), None)
    known = code if isinstance(code, int | str) and code is not True else None
    keys = ("errorMessage", "error_message", "error", "message", "detail")
    text = _string(message, *keys) or (_string(message, "content") if message.get("type") == "error" else "")
    if not text:
        text = (
            "The agent reported an error without saying which."
            if known is None
            else f"The agent reported error {known}."
        )
    return AgentError(_whole_characters(text), known)


def _string(message: Mapping[str, Any], *keys: str) -> str:
    """Return the first of the keys that holds text; empty when none does."""
    return next((value for key in keys if isinstance(value := message.get(key), str) and value), "")


def _name(message: Mapping[str, Any]) -> str:
    return _whole_characters(_string(message, "name"))


def _items(message: object, key: str) -> Sequence[object]:
    value = message.get(key) if isinstance(message, Mapping) else None
    return value if isinstance(value, list) else ()


def _arguments(value: object) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}
