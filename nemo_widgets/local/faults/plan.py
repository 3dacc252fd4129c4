"""A plan of faults, as a person types it, for tests and for teaching what clients must bear.

A plan is a list of rules, separated by semicolons: ``run_sse:cut@200; credits:429*2``. How a rule is written, and what
can go wrong, is in `kinds`; ``print(explained())`` and ``nemo-widgets serve --help`` show it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from nemo_widgets.errors import InputError
from nemo_widgets.local.faults.kinds import BY_NAME, CALLS, CODES, KINDS, NUMBER, OTHER_NAMES, STATUSES, Group, Kind

Moment = Literal["before", "in", "after"] | int

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
        return self.kind.group

    @property
    def kind(self) -> Kind:
        """What is known of what goes wrong."""
        return BY_NAME.get(self.name, NUMBER)

    @property
    def breaks(self) -> bool:
        """Whether the connection ends, or falls silent."""
        return self.kind.moments == "breaks"

    def is_like(self, other: "Fault") -> bool:
        """Whether it is the same rule, however often it holds."""
        return replace(self, times=None) == replace(other, times=None)

    @property
    def replaces(self) -> bool:
        """Whether another answer comes in place of the right one."""
        return self.kind.moments == "replaces"


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
        """Read a plan as `kinds.explained` tells it.

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
    call = OTHER_NAMES.get(match["call"], match["call"])
    if call not in CALLS:
        raise _wrong(text, f"The calls are {', '.join(CALLS)}.")
    name = match["name"]
    if name.isdigit():
        if int(name) not in CODES and int(name) not in STATUSES:
            known = (
                f"an HTTP status from {STATUSES.start} to {STATUSES.stop - 1}, or one of {', '.join(map(str, CODES))}"
            )
            raise _wrong(text, f"A number is {known}.")
    elif name not in BY_NAME:
        raise _wrong(text, f"The faults are {', '.join(BY_NAME)}, and numbers.")
    argument = None if match["argument"] is None else float(match["argument"])
    if argument is not None and name in BY_NAME and not BY_NAME[name].argument:
        raise _wrong(
            text, f"Only {', '.join(kind.name for kind in KINDS if kind.argument)} and numbers take an argument."
        )
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
    match BY_NAME.get(name, NUMBER).moments:
        case "breaks" if said in ("before", "in", "after") or said.isdigit():
            return int(said) if said.isdigit() else said  # type: ignore[return-value]
        case "breaks":
            raise _wrong(
                text, f"{name} happens @before, @in or @after the answer, or after so many bytes, such as @200."
            )
        case "replaces" if said in ("before", "after"):
            return said  # type: ignore[return-value]
        case "replaces":
            raise _wrong(text, f"{name} happens @before or @after the call is carried out.")
        case _:
            raise _wrong(text, f"{name} knows no moment: leave @{said} out.")


def _usual_moment(name: str) -> Moment:
    return "in" if name == "cut" else "before"


def _wrong(text: str, advice: str) -> InputError:
    return InputError(f'The fault plan is wrong at "{text}". {advice}')
