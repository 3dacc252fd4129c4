"""An answer as it is kept in the library, and read again from there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from nemo_widgets.client.turn import Turn
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import AgentError, Event, Heartbeat, TextDelta, ToolCall, ToolResult
from nemo_widgets.protocol.suggestions import Suggestion

_EVENTS: Final[Mapping[str, type[Event]]] = {
    kind.__name__: kind for kind in (TextDelta, ToolCall, ToolResult, Heartbeat, AgentError)
}
_MOST_EVENT_CHARS: Final = 4_000_000


def dump_turn(turn: Turn) -> dict[str, Any]:
    """Return a turn as JSON; of a very long stream of events the text alone."""
    events = turn.events
    if sum(len(str(event)) for event in events) > _MOST_EVENT_CHARS:
        events = tuple(event for event in events if isinstance(event, TextDelta))
    return {
        "text": turn.text,
        "events": [{"kind": type(event).__name__, **asdict(event)} for event in events],
        "changes": list(turn.changes),
        "draft": turn.draft.dump(),
        "elapsed_s": turn.elapsed_s,
        "shown": list(turn.shown),
        "suggestions": [asdict(suggestion) for suggestion in turn.suggestions],
        "added": list(turn.added),
        "hint": turn.hint,
    }


def load_turn(kept: Mapping[str, Any], *, note: str) -> Turn:
    """Return the turn that was kept. It has cost nothing this time.

    Parameters
    ----------
    kept : Mapping
        From `dump_turn`; links in it have lost their signatures.
    note : str
        Where it came from.
    """
    return Turn(
        text=kept["text"],
        events=tuple(_events(kept["events"])),
        changes=tuple(kept["changes"]),
        draft=Draft.parse(kept["draft"]),
        elapsed_s=kept["elapsed_s"],
        credits_spent=0.0,
        shown=tuple(kept["shown"]),
        suggestions=tuple(Suggestion(**suggestion) for suggestion in kept["suggestions"]),
        added=tuple(kept["added"]),
        hint=kept["hint"],
        note=note,
    )


def _events(kept: Sequence[Mapping[str, Any]]) -> list[Event]:
    return [_EVENTS[event["kind"]](**{key: value for key, value in event.items() if key != "kind"}) for event in kept]
