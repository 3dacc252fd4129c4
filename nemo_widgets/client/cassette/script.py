"""A tape as sessions to be gone through again: each message and upload in its turn, and between them what one saw.

A session is a row of beats: before anything was said, then one for each message or upload. What somebody looks at
(the timeline, the credits) is what was seen there at that point; an export is what was exported at that point.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nemo_widgets.library.cassette import Call, Tape
from nemo_widgets.library.scrub import scrubbed_text

_STEPS: Final = frozenset({"message", "upload"})
_LONGEST_QUOTE: Final = 60


@dataclass(slots=True)
class Export:
    """A render that was asked for, and what was heard of it, in order."""

    submitted: Call
    heard: list[Call] = field(default_factory=list)
    times_played: int = 0

    def after(self, elapsed_s: float) -> Call:
        """Return what was last heard of it so many seconds after it was submitted."""
        begun_s = self.submitted.answer.began_s
        heard = [call for call in self.heard if call.answer.began_s - begun_s <= elapsed_s]
        return heard[-1] if heard else self.submitted


@dataclass(slots=True)
class Beat:
    """Something that was said, and what was seen and exported until the next thing was.

    Attributes
    ----------
    step : Call or None
        The message or the upload; None before the first.
    looks : list of Call
        The states of the timeline.
    exports : list of Export
        The renders.
    """

    step: Call | None
    looks: list[Call] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What it was, in a person's words."""
        if self.step is None:
            return ""
        return quoted(self.step.said) if self.step.what == "message" else f"the upload of {', '.join(self.step.files)}"


@dataclass(slots=True)
class RecordedSession:
    """A session of the tape."""

    number: int
    beats: list[Beat]


def sessions_of(tape: Tape) -> list[RecordedSession]:
    """Return the sessions of a tape, in the order in which they were first heard of."""
    found: dict[int, RecordedSession] = {}
    exports: dict[int, Export] = {}
    for call in sorted(tape.calls, key=lambda call: call.answer.began_s):
        if call.what == "status" and call.render in exports:
            exports[call.render].heard.append(call)
        if not call.session:
            continue
        session = found.setdefault(call.session, RecordedSession(call.session, [Beat(None)]))
        match call.what:
            case "message" | "upload":
                session.beats.append(Beat(call))
            case "state":
                session.beats[-1].looks.append(call)
            case "submit":
                exports[call.render] = Export(call)
                session.beats[-1].exports.append(exports[call.render])
    return list(found.values())


class Looks:
    """What somebody saw of one thing at several times, to be seen again.

    Parameters
    ----------
    calls : iterable of Call
        The answers.
    """

    def __init__(self, calls: Iterable[Call]) -> None:
        self._calls = sorted(calls, key=lambda call: call.answer.began_s)
        self._times_s = [call.answer.began_s for call in self._calls]
        self._next = 0

    def at(self, time_s: float) -> Call | None:
        """Return what was last seen by then; the first of all when nothing was yet."""
        if not self._calls:
            return None
        return self._calls[max(0, bisect_right(self._times_s, time_s) - 1)]

    def between(self, begin_s: float, end_s: float) -> Call | None:
        """Return what was seen next in this time, then the last of it again and again."""
        first, end = bisect_right(self._times_s, begin_s), bisect_right(self._times_s, end_s)
        if first >= end:
            return self.at(begin_s)
        place = min(max(self._next, first), end - 1)
        self._next = place + 1
        return self._calls[place]


def credits_of(tape: Tape) -> Looks:
    """Return what the account had."""
    return Looks(call for call in tape.calls if call.what == "credits")


def steps_of(tape: Tape) -> list[Call]:
    """Return the messages and uploads of all sessions, in order."""
    return sorted((call for call in tape.calls if call.what in _STEPS), key=lambda call: call.answer.began_s)


def is_said(call: Call, text: str) -> bool:
    """Whether a message is this one; blanks at its ends do not count, and what was left out of it is left out again."""
    return call.what == "message" and _plain(call.said) == _plain(text)


def is_given(call: Call, files: Sequence[str]) -> bool:
    """Whether an upload is of these files, by their names."""
    return call.what == "upload" and list(call.files) == [scrubbed_text(name) for name in files]


def is_wanted(export: Export, output: Mapping[str, Any]) -> bool:
    """Whether an export is rendered as wanted."""
    return dict(export.submitted.output) == dict(output)


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut when it is long."""
    words = " ".join(text.split())
    return f'"{words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1] + "…"}"'


def _plain(text: str) -> str:
    return scrubbed_text(text).strip()
