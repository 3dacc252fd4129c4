"""What the agent's answer is made of, and the reader that finds it in a stream (both dialects of ``protocol.md``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
    """The agent reported an error inside its stream. `code` is the service's own, when it gave one."""

    message: str
    code: int | str | None = None


Event = TextDelta | ToolCall | ToolResult | Heartbeat | AgentError
