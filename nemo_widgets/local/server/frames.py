"""The event stream as those see it who watch the wire: frame by frame, each with the type of its event."""

import json
from collections.abc import Mapping

_END = b"\n\n"


class Frames:
    """Cuts the bytes of a stream into frames, however they were sent.

    What the studio writes ends its lines with LF alone (`wire`), so a blank line is the only end of a frame.
    """

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes and return the frames that they complete, blank lines included."""
        *whole, self._pending = (self._pending + data).split(_END)
        return [frame + _END for frame in whole]

    def rest(self) -> bytes:
        """Return the beginning of a frame that was never completed."""
        pending, self._pending = self._pending, b""
        return pending


def kind_of(frame: bytes) -> str:
    """Return the type of a frame's event in words: "text", "tool_call", "heartbeat" and so on, in any dialect."""
    lines = frame.decode(errors="replace").split("\n")
    data = [line.removeprefix("data:").removeprefix(" ") for line in lines if line.startswith("data:")]
    if not data:
        return "comment"
    text = "\n".join(data)
    if not text:
        return "empty"
    try:
        content = json.loads(text)
    except ValueError:
        return "unreadable"
    return _kind_of(content) if isinstance(content, Mapping) else "unknown"


def text_of(frame: bytes) -> str:
    """Return a frame as text, without its blank line."""
    return frame.decode(errors="replace").rstrip("\n")


def _kind_of(content: Mapping[str, object]) -> str:
    if isinstance(content.get("type"), str):
        return str(content["type"])
    if "errorCode" in content or "error" in content:
        return "error"
    if isinstance(content.get("text"), str):
        return "text"
    inner = content.get("content")
    parts = inner.get("parts") if isinstance(inner, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], Mapping) else {}
    if "functionCall" in first:
        return "tool_call"
    if "functionResponse" in first:
        return "tool_result"
    if "text" in first:
        return "text" if content.get("partial") else "whole text"
    return "unknown"
