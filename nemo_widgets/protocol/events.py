"""What the agent's answer is made of, and the reader that finds it in a stream (both dialects of ``protocol.md``)."""

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
        self._said: dict[tuple[str, ...], str] = {}
        self._called: set[str] = set()

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
        if isinstance(kind, str) and not isinstance(message.get("content"), Mapping):
            return self._typed(kind, message)
        if isinstance(message.get("text"), str) and "content" not in message:
            return [TextDelta(message["text"])] if message["text"] else []
        return [*self._adk(message), *_errors(message)]

    def _typed(self, kind: str, message: Mapping[str, Any]) -> list[Event]:
        match kind:
            case "text":
                text = _string(message, "content", "text")
                return [TextDelta(text)] if text else []
            case "tool_call":
                return [ToolCall(_string(message, "name"), _arguments(message.get("args")), _string(message, "id"))]
            case "tool_result":
                return [ToolResult(_string(message, "name"), message.get("result"), _string(message, "id"))]
            case "heartbeat":
                return [Heartbeat()]
            case "error":
                return _errors(message) or [AgentError("The agent reported an error without saying which.")]
            case _:
                return []

    def _adk(self, message: Mapping[str, Any]) -> list[Event]:
        content = message.get("content")
        if isinstance(content, str):
            return [TextDelta(content)] if content else []
        parts = [part for part in _items(content, "parts") if isinstance(part, Mapping)]
        if not parts:
            return []
        speaker = tuple(_string(message, key) for key in ("invocationId", "author", "branch"))
        text = "".join(_string(part, "text") for part in parts if not part.get("thought"))
        if message.get("partial") is True:
            self._said[speaker] = self._said.get(speaker, "") + text
            return [TextDelta(text)] if text else []
        unsaid = _unsaid(self._said.pop(speaker, ""), text)
        return [*([TextDelta(unsaid)] if unsaid else []), *self._tools(parts)]

    def _tools(self, parts: Sequence[Mapping[str, Any]]) -> list[Event]:
        events: list[Event] = []
        for part in parts:
            call = part.get("functionCall", part.get("function_call"))
            if isinstance(call, Mapping) and not call.get("willContinue"):
                identifier = _string(call, "id")
                if identifier not in self._called:
                    events.append(ToolCall(_string(call, "name"), _arguments(call.get("args")), identifier))
                self._called.update({identifier} - {""})
            answer = part.get("functionResponse", part.get("function_response"))
            if isinstance(answer, Mapping):
                events.append(ToolResult(_string(answer, "name"), answer.get("response"), _string(answer, "id")))
        return events


def _unsaid(said: str, whole: str) -> str:
    """Return what of `whole` has not come as deltas yet; blanks around the two may differ."""
    begun = said.strip()
    at = whole.find(begun)
    if begun and not whole[:at].strip() and at >= 0:
        rest = whole[at + len(begun) :]
        return rest if rest.strip() else ""
    return "" if whole.strip() in begun else whole


def _errors(message: Mapping[str, Any]) -> list[Event]:
    """Find the errors of either dialect, and an envelope with an error code."""
    said = message.get("error")
    if isinstance(said, Mapping):
        return _errors({"type": "error", **said}) or [AgentError("The agent reported an error without saying which.")]
    code = next((message[key] for key in ("errorCode", "error_code", "code") if message.get(key)), None)
    text = _string(message, "errorMessage", "error_message", "error", "message", "detail")
    if not text and message.get("type") == "error":
        text = _string(message, "content")
    if code is None and not text:
        return []
    return [AgentError(text or f"The agent reported error {code}.", code if isinstance(code, int | str) else None)]


def _string(message: Mapping[str, Any], *keys: str) -> str:
    """Return the first of the keys that holds text; empty when none does."""
    return next((value for key in keys if isinstance(value := message.get(key), str) and value), "")


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
