"""The faults that a lesson is likely to want, each to be switched on and off by its name."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule of a fault plan in plain words.

    Attributes
    ----------
    label : str
        What a button says.
    rule : str
        The rule, as `nemo_widgets.local.faults.kinds.explained` tells it.
    explanation : str
        What happens, and what a client must do about it.
    """

    label: str
    rule: str
    explanation: str


PRESETS: Final = (
    Preset(
        "Cut the stream",
        "run_sse:cut@400*1",
        "Once: the answer breaks off after 400 bytes, and the work goes on. The client looks for the result.",
    ),
    Preset("Silent edits", "run_sse:silent", "The work is done without a word. The client tells what has changed."),
    Preset(
        "Heartbeats only", "run_sse:heartbeats", "Nothing but signs of life. The client says that it is still waiting."
    ),
    Preset("Slow", "any:slow(1)", "One second before every answer, and between the pieces of a stream."),
    Preset("Too many requests", "any:429(3)*1", "Once: HTTP 429 with Retry-After. The client waits and tries again."),
    Preset("Out of credits", "run_sse:2001", "Every message is refused with code 2001. Exports still work."),
    Preset("Session gone", "run_sse:1002*1", "Once: code 1002. The client says so, and does not send again by itself."),
    Preset("Export refused", "render:402", "Exports are not in the plan: HTTP 402."),
    Preset(
        "Dead links", "file:410", "Links to files lead nowhere. The client fetches exports from the service itself."
    ),
    Preset("Down", "any:503", "Every call is answered with HTTP 503. Only what costs nothing is asked again."),
)
