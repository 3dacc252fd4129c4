"""What a local studio can be asked to be: its pace, its limits and the forms it answers in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

Speed = Literal["instant", "lifelike"]
Dialect = Literal["typed", "adk", "plain"]
EnvelopeForm = Literal["documented", "code", "success", "bare"]
ErrorForm = Literal["documented", "inside"]

MEBIBYTE = 1024 * 1024

# The service's documentation has 100 to 300 s for a generation and 10 to 30 s for an edit; a lifelike studio is faster.
_GENERATION_S, _EDIT_S, _LIFELIKE = 100.0, 20.0, 50.0


@dataclass(frozen=True, slots=True)
class Options:
    """How one local studio behaves. The defaults are the forms marked ★ in ``protocol/README.md``.

    Attributes
    ----------
    speed : {"instant", "lifelike"}
        "lifelike" has the service's pace, fifty times as fast: a tool takes 2 s where the service generates for 100 s,
        0.4 s where it edits for 20 s, and text arrives in pieces that a person can follow.
    dialect : {"typed", "adk", "plain"}
        The event stream's form; "plain" is the bare ``{"text": …}`` that was seen in the wild.
    envelope : {"documented", "code", "success", "bare"}
        What answers are wrapped in; "documented" is ``code`` for most calls and ``success`` for render calls.
    errors : {"documented", "inside"}
        "inside" answers every documented error with HTTP 200 and a non-zero code.
    anonymous : bool
        Whether anyone who reaches the port may ask for a token of their own (call 1).
    credits : int
        What an account begins with.
    generation_credits, edit_credits : int
        What a generation costs, and what editing a session costs, once.
    silent_edits : float
        Share of the edits that are made without a word, 0 to 1; the service does about 0.3 of them so.
    heartbeat_s : float
        Time between heartbeats while the agent is busy, in seconds.
    parallel_renders : int
        How many renders may run at once; further ones wait.
    workers : int or None
        Processes that draw; None is one a core, eight at most.
    warm : bool
        Whether they start with the first session, so that its first clip does not wait for them.
    seed : int or None
        Makes pictures repeatable from one studio to the next; None draws a new seed for each session.
    max_file_bytes, max_upload_bytes, max_body_bytes : int
        Bounds on one uploaded file, on one upload, and on the body of any other request.
    head_timeout_s, body_timeout_s : float
        How long a request's head may take, and how long its body may pause, in seconds. In all, a body may take that
        long and as long as it would at 16 KiB a second.
    faults : str
        What goes wrong, as `nemo_widgets.local.faults.kinds.explained` tells it.
    """

    speed: Speed = "instant"
    dialect: Dialect = "typed"
    envelope: EnvelopeForm = "documented"
    errors: ErrorForm = "documented"
    anonymous: bool = True
    credits: int = 10_000
    generation_credits: int = 100
    edit_credits: int = 50
    silent_edits: float = 0.0
    heartbeat_s: float = 1.0
    parallel_renders: int = 2
    workers: int | None = None
    warm: bool = False
    seed: int | None = None
    max_file_bytes: int = 200 * MEBIBYTE
    max_upload_bytes: int = 1024 * MEBIBYTE
    max_body_bytes: int = 8 * MEBIBYTE
    head_timeout_s: float = 20.0
    body_timeout_s: float = 60.0
    faults: str = ""

    @property
    def piece_s(self) -> float:
        """Pause after each piece of text, in seconds."""
        return 0.06 if self.speed == "lifelike" else 0.0

    def tool_s(self, *, generates: bool) -> float:
        """Return the least time that a tool of the agent takes, in seconds."""
        if self.speed == "instant":
            return 0.0
        return (_GENERATION_S if generates else _EDIT_S) / _LIFELIKE

    def in_form(self, names: Iterable[str]) -> "Options":
        """Return these options with other forms, each said by its name, such as ``"adk"`` or ``"bare"``."""
        changed: dict[str, Any] = {}
        for name in names:
            kinds = (("dialect", Dialect), ("envelope", EnvelopeForm), ("errors", ErrorForm))
            changed |= {kind: name for kind, form in kinds if name in get_args(form)}
        return replace(self, **changed) if changed else self
