"""A plan of faults, as a person types it, for tests and for teaching what clients must bear.

A plan is a list of rules, separated by semicolons::

    run_sse:cut@200; credits:429*2

Each is ``call:fault``, then, where they apply, ``(argument)``, ``@moment`` and ``*times``. Without ``*times`` a rule
holds for as long as the plan does. Of several rules for one call, the first that is not used up counts; forms, ways to
answer a message and everything else may meet in one call.

Calls: ``token``, ``session``, ``run_sse`` (or ``chat``), ``upload``, ``credits``, ``state``, ``render``, ``status``,
``cancel``, ``download``, ``claim``, ``file``, and ``any`` for all of them.

============================  ========================================================================================
fault                         what happens
============================  ========================================================================================
``reset``                     the connection is reset, and the work, if it has begun, stops
``cut``                       the connection is closed, and the work goes on
``stall``, ``stall(3)``       nothing more comes, for ever or for 3 seconds; the work goes on
``refuse``                    the answer is HTTP 503
``429``, ``429(7)``           an HTTP status as the answer, 7 is its ``Retry-After``
``1001`` … ``4002``           a code of the service as the answer
``login``                     a login page as the answer
``garbage``, ``empty``        something that is not JSON as the answer, or nothing
``drip``, ``drip(0.01)``      the answer comes byte by byte, with a pause after each, in seconds
``slow``, ``slow(2)``         so many seconds pass before the answer, and between its pieces
``code``, ``success``,        the envelope's form
``bare``
``inside``                    errors come inside HTTP 200
``typed``, ``adk``,           the event stream's dialect
``plain``
``heartbeats``,               the message is accepted; heartbeats are all that comes, for ever or five of them
``heartbeats(5)``
``nothing``                   the message is accepted, and the stream ends without a word or any work
``error``, ``error(2001)``    the message is accepted, and the agent reports an error instead of working
``silent``                    the work is done without a word about it
``two-stage``,                after the raw clip the agent pauses, and then adds more by itself
``two-stage(3)``
============================  ========================================================================================

The first eight of them know a moment: ``@before`` the call is carried out (the default of all but ``cut``), ``@after``
it, when the answer is lost; and ``reset``, ``cut`` and ``stall`` also ``@in`` the answer, half-way through its first
piece, or ``@200``, after so many bytes of it; an answer that is no longer than that is whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from nemo_widgets.errors import InputError

Moment = Literal["before", "in", "after"] | int
Group = Literal["transport", "answer", "envelope", "errors", "dialect"]

CALLS: Final = (
    "token", "session", "run_sse", "upload", "credits", "state", "render", "status", "cancel", "download", "claim",
    "file", "any",
)  # fmt: skip
_OTHER_NAMES: Final = {"chat": "run_sse", "submit": "render", "*": "any"}
CODES: Final = (1001, 1002, 1010, 1011, 2001, 4001, 4002)

BREAKS: Final = frozenset({"reset", "cut", "stall"})
REPLACES: Final = frozenset({"refuse", "login", "garbage", "empty"})
_FORMS: Final[Mapping[str, Group]] = {
    "code": "envelope", "success": "envelope", "bare": "envelope", "inside": "errors",
    "typed": "dialect", "adk": "dialect", "plain": "dialect",
}  # fmt: skip
_ANSWERS: Final = frozenset({"heartbeats", "nothing", "error", "silent", "two-stage"})
_PACES: Final = frozenset({"drip", "slow"})
_NAMES: Final = (*sorted(BREAKS | REPLACES | _PACES), *sorted(_FORMS), *sorted(_ANSWERS))
_WITH_ARGUMENT: Final = frozenset({"stall", "drip", "slow", "heartbeats", "error", "two-stage"})

_RULE: Final = re.compile(
    r"(?P<call>[a-z_*]+)\s*:\s*(?P<name>[a-z-]+|\d{3,4})\s*(?:\(\s*(?P<argument>\d+(?:\.\d+)?)\s*\))?"
    r"\s*(?:@\s*(?P<moment>[a-z]+|\d+))?\s*(?:\*\s*(?P<times>\d+))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule of a plan.

    Attributes
    ----------
    call : str
        One of `CALLS`.
    name : str
        What goes wrong; a status or a code is its number.
    argument : float or None
        Seconds, a count or a code, whichever the fault knows.
    moment : {"before", "in", "after"} or int
        When, or after how many bytes of the answer.
    times : int or None
        For how many calls; None for all.
    """

    call: str
    name: str
    argument: float | None = None
    moment: Moment = "before"
    times: int | None = None

    def __str__(self) -> str:
        argument = "" if self.argument is None else f"({f'{self.argument:f}'.rstrip('0').rstrip('.')})"
        moment = "" if self.moment == _usual_moment(self.name) else f"@{self.moment}"
        return f"{self.call}:{self.name}{argument}{moment}" + ("" if self.times is None else f"*{self.times}")

    @property
    def group(self) -> Group:
        """Of each group, one fault at most meets a call."""
        return _FORMS.get(self.name, "answer" if self.name in _ANSWERS else "transport")

    def is_like(self, other: "Fault") -> bool:
        """Whether it is the same rule, however often it holds."""
        return replace(self, times=None) == replace(other, times=None)

    @property
    def replaces(self) -> bool:
        """Whether another answer comes in place of the right one."""
        return self.name in REPLACES or self.name.isdigit()


class FaultPlan:
    """The rules of a plan, and how often each has been used.

    Parameters
    ----------
    rules : iterable of Fault
        In the order in which they are tried.
    """

    def __init__(self, rules: Iterable[Fault] = ()) -> None:
        self.rules = tuple(rules)
        self._used: Counter[int] = Counter()

    @classmethod
    def parse(cls, text: str) -> "FaultPlan":
        """Read a plan as this module's docstring describes it.

        Raises
        ------
        InputError
            It is wrong; says where, and what is known there.
        """
        return cls(_rule(part.strip()) for part in text.split(";") if part.strip())

    def __str__(self) -> str:
        return "; ".join(map(str, self.left))

    @property
    def left(self) -> tuple[Fault, ...]:
        """The rules that are not used up, each with the times that are left of it."""
        return tuple(
            rule if rule.times is None else replace(rule, times=rule.times - self._used[number])
            for number, rule in enumerate(self.rules)
            if rule.times is None or rule.times > self._used[number]
        )

    def take(self, call: str) -> dict[Group, Fault]:
        """Return the faults that meet the next such call, one of each group at most."""
        met: dict[Group, Fault] = {}
        for number, rule in enumerate(self.rules):
            left = rule.times is None or self._used[number] < rule.times
            if left and rule.call in (call, "any") and rule.group not in met and not _only_chat(rule, call):
                self._used[number] += 1
                met[rule.group] = rule
        return met


def _only_chat(rule: Fault, call: str) -> bool:
    return rule.group == "answer" and call != "run_sse"


def _rule(text: str) -> Fault:
    match = _RULE.fullmatch(text.lower())
    if match is None:
        raise _wrong(text, 'A rule looks like "run_sse:cut@200" or "credits:429*2".')
    call = _OTHER_NAMES.get(match["call"], match["call"])
    if call not in CALLS:
        raise _wrong(text, f"The calls are {', '.join(CALLS)}.")
    name = match["name"]
    if name.isdigit():
        if int(name) not in CODES and not 300 <= int(name) < 600:
            raise _wrong(text, f"A number is an HTTP status from 300 to 599, or one of {', '.join(map(str, CODES))}.")
    elif name not in _NAMES:
        raise _wrong(text, f"The faults are {', '.join(_NAMES)}, and numbers.")
    argument = None if match["argument"] is None else float(match["argument"])
    if argument is not None and name not in _WITH_ARGUMENT and not name.isdigit():
        raise _wrong(text, f"Only {', '.join(sorted(_WITH_ARGUMENT))} and numbers take an argument.")
    if match["times"] is not None and int(match["times"]) == 0:
        raise _wrong(text, "It would never happen: leave the rule out.")
    times = None if match["times"] is None else int(match["times"])
    rule = Fault(call, name, argument, _moment(text, name, match["moment"]), times)
    if rule.group == "answer" and call not in ("run_sse", "any"):
        raise _wrong(text, f"{name} is about an answer of the agent: write run_sse:{name}.")
    return rule


def _moment(text: str, name: str, said: str | None) -> Moment:
    if said is None:
        return _usual_moment(name)
    if name in BREAKS and (said in ("before", "in", "after") or said.isdigit()):
        return int(said) if said.isdigit() else said  # type: ignore[return-value]
    if (name in REPLACES or name.isdigit()) and said in ("before", "after"):
        return said  # type: ignore[return-value]
    if name in BREAKS:
        raise _wrong(text, f"{name} happens @before, @in or @after the answer, or after so many bytes, such as @200.")
    if name in REPLACES or name.isdigit():
        raise _wrong(text, f"{name} happens @before or @after the call is carried out.")
    raise _wrong(text, f"{name} knows no moment: leave @{said} out.")


def _usual_moment(name: str) -> Moment:
    return "in" if name == "cut" else "before"


def _wrong(text: str, advice: str) -> InputError:
    return InputError(f'The fault plan is wrong at "{text}". {advice}')
