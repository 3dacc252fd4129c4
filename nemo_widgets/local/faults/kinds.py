"""What can go wrong on request, and how a plan names it; `explained` tells it to people."""

import textwrap
from dataclasses import dataclass
from typing import Final, Literal

Group = Literal["transport", "answer", "envelope", "errors", "dialect"]
Moments = Literal["breaks", "replaces", ""]

CALLS: Final = (
    "token", "session", "run_sse", "upload", "credits", "state", "render", "status", "cancel", "download", "claim",
    "file", "any",
)  # fmt: skip
OTHER_NAMES: Final = {"chat": "run_sse", "submit": "render", "*": "any"}
CODES: Final = (1001, 1002, 1010, 1011, 2001, 4001, 4002)
STATUSES: Final = range(300, 600)


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can go wrong.

    Attributes
    ----------
    name : str
        How a plan names it.
    says : str
        What happens.
    group : Group
        Of each group, one fault at most meets a call.
    moments : {"breaks", "replaces", ""}
        Which moments it knows: a break any of them, what replaces an answer ``before`` and ``after`` the call is
        carried out, everything else none.
    argument : str
        An example of what may stand in parentheses behind it; empty when nothing may.
    """

    name: str
    says: str
    group: Group = "transport"
    moments: Moments = ""
    argument: str = ""

    @property
    def form(self) -> str:
        """How it is written; what stands in brackets may be left out."""
        return f"{self.name}[({self.argument})]" if self.argument else self.name


KINDS: Final = (
    Kind("reset", "the connection is reset, and the work, if it has begun, stops", moments="breaks"),
    Kind("cut", "the connection is closed, and the work goes on", moments="breaks"),
    Kind("stall", "nothing more comes, for ever or for 3 seconds; the work goes on", moments="breaks", argument="3"),
    Kind("refuse", "the answer is HTTP 503", moments="replaces"),
    Kind("login", "a login page is the answer", moments="replaces"),
    Kind("garbage", "something that is not JSON is the answer", moments="replaces"),
    Kind("empty", "nothing is the answer", moments="replaces"),
    Kind("drip", "the answer comes byte by byte, with a pause after each, in seconds", argument="0.01"),
    Kind("slow", "so many seconds pass before the answer, and between its pieces", argument="2"),
    Kind("code", "answers come as {code, data}", "envelope"),
    Kind("success", "answers come as {success, data}", "envelope"),
    Kind("bare", "answers come without an envelope", "envelope"),
    Kind("inside", "errors come inside HTTP 200", "errors"),
    Kind("typed", "the event stream is of the typed dialect", "dialect"),
    Kind("adk", "the event stream is of ADK's dialect", "dialect"),
    Kind("plain", "the event stream is bare text", "dialect"),
    Kind("heartbeats", "the message is accepted; only heartbeats come, for ever or 5 of them", "answer", "", "5"),
    Kind("nothing", "the message is accepted, and the stream ends without a word or any work", "answer"),
    Kind("error", "the message is accepted, and the agent reports an error instead of working", "answer", "", "2001"),
    Kind("silent", "the work is done without a word about it", "answer"),
    Kind("two-stage", "after the raw clip the agent pauses, and then adds more by itself", "answer", "", "3"),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
NUMBER: Final = Kind(
    "number",
    f"an HTTP status, {STATUSES.start} to {STATUSES.stop - 1}, or a code of the service, "
    f"{', '.join(map(str, CODES))}, is the answer; in parentheses its Retry-After, such as 429(7)",
    moments="replaces",
)

EXAMPLE: Final = "run_sse:cut@200; credits:429*2"

_WIDTH: Final = 76
_MOMENTS: Final = (
    ("@before", "before the call is carried out: the usual moment"),
    ("@in", "half-way through the first piece of the answer: the usual moment of cut"),
    ("@after", "after the call is carried out: the answer is lost"),
    ("@200", "after so many bytes of the answer; one that is no longer is whole"),
)


def explained() -> str:
    """Return how a plan is written and what can go wrong, as plain text for people, 76 columns wide."""
    others = ", ".join(f"{short} for {call}" for short, call in OTHER_NAMES.items())
    groups = [[kind for kind in KINDS if kind.group == group] for group in dict.fromkeys(kind.group for kind in KINDS)]
    groups[0].append(NUMBER)
    return "\n\n".join(
        [
            _filled(f"A plan is a list of rules, separated by semicolons: {EXAMPLE}"),
            _filled(
                "A rule is CALL:FAULT, then, where they apply, (ARGUMENT), @MOMENT and *TIMES. Without *TIMES it holds "
                "for as long as the plan does."
            ),
            _filled(
                "The first match counts: of several rules for one call, the first that is not used up. Faults of "
                "different groups may meet in one call; a blank line parts the groups below."
            ),
            _filled(f"Calls: {', '.join(CALLS[:-1])}; {CALLS[-1]} is all of them. Also {others}."),
            "Moments:\n" + "\n".join(_row(*moment) for moment in _MOMENTS),
            _filled(
                f"{_named('breaks')} know all four; {_named('replaces')} know @before and @after; others know none."
            ),
            "Faults:",
            *("\n".join(_row(kind.form, kind.says) for kind in group) for group in groups),
        ]
    )


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False)


def _named(moments: Moments) -> str:
    *first, last = (kind.name for kind in (*KINDS, NUMBER) if kind.moments == moments)
    return f"{', '.join(first)} and {last}"


def _row(form: str, says: str) -> str:
    return textwrap.fill(says, _WIDTH, initial_indent=f"  {form:17}", subsequent_indent=" " * 19)
