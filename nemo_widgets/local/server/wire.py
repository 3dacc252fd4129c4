"""The agent's events as bytes of an event stream, in each dialect (``protocol/README.md``, *Event stream*)."""

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from nemo_widgets.local.options import Dialect
from nemo_widgets.protocol.events import AgentError, Event, Heartbeat, TextDelta, ToolCall, ToolResult


def frame(data: Mapping[str, Any]) -> bytes:
    """Return one event: compact JSON, characters beyond ASCII as they are, and a blank line."""
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


class Writer(Protocol):
    """Turns events into bytes; `end` gives what is still owed when the answer is over."""

    def write(self, event: Event) -> bytes: ...
    def end(self) -> bytes: ...


class TypedWriter:
    """``{"type": "text", "content": …}`` and its siblings."""

    def write(self, event: Event) -> bytes:
        """Return one event's bytes."""
        match event:
            case TextDelta(text):
                return frame({"type": "text", "content": text})
            case ToolCall(name, args, _):
                return frame({"type": "tool_call", "name": name, "args": dict(args)})
            case ToolResult(name, result, _):
                return frame({"type": "tool_result", "name": name, "result": result})
            case Heartbeat():
                return frame({"type": "heartbeat"})
            case AgentError(message, code):
                return frame({"type": "error", "message": message} | ({} if code is None else {"code": code}))

    def end(self) -> bytes:
        """Return nothing: the stream just closes."""
        return b""


class PlainWriter(TypedWriter):
    """``{"text": …}``, an empty ``data:`` and comments for signs of life; tools stay unseen."""

    def write(self, event: Event) -> bytes:
        """Return one event's bytes."""
        match event:
            case TextDelta(text):
                return frame({"text": text})
            case Heartbeat():
                return b"data:\n\n"
            case ToolCall() | ToolResult():
                return b": ping\n\n"
        return super().write(event)


class AdkWriter:
    """The Agent Development Kit's events: text as deltas and then whole, and no heartbeats at all."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._invocation = f"e-{secrets.token_hex(8)}"
        self._said: list[str] = []

    def write(self, event: Event) -> bytes:
        """Return one event's bytes."""
        match event:
            case TextDelta(text):
                self._said.append(text)
                return self._event([{"text": text}], marks={"partial": True})
            case ToolCall(name, args, id):
                call = {"functionCall": {"id": id, "name": name, "args": dict(args)}}
                return self._whole_text() + self._event([call])
            case ToolResult(name, result, id):
                response = result if isinstance(result, Mapping) else {"result": result}
                return self._event([{"functionResponse": {"id": id, "name": name, "response": response}}], role="user")
            case Heartbeat():
                return b""
            case AgentError(message, code):
                return self._whole_text() + frame(
                    {"errorCode": str(code or "UNKNOWN"), "errorMessage": message, **self._stamp()}
                )

    def end(self) -> bytes:
        """Return the whole text of the last run of deltas."""
        return self._whole_text({"turnComplete": True})

    def _whole_text(self, marks: Mapping[str, bool] | None = None) -> bytes:
        text, self._said = "".join(self._said), []
        return self._event([{"text": text}], marks=marks) if text else b""

    def _event(
        self, parts: Sequence[Mapping[str, Any]], *, role: str = "model", marks: Mapping[str, bool] | None = None
    ) -> bytes:
        return frame({"content": {"parts": parts, "role": role}, **(marks or {}), **self._stamp()})

    def _stamp(self) -> dict[str, Any]:
        return {
            "invocationId": self._invocation,
            "author": "agent",
            "actions": {"stateDelta": {}, "artifactDelta": {}},
            "id": secrets.token_hex(8),
            "timestamp": self._clock(),
        }


WRITERS: Mapping[Dialect, Callable[[], Writer]] = {"typed": TypedWriter, "adk": AdkWriter, "plain": PlainWriter}
