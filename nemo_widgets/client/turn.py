"""What an answer is, who is told while it arrives, and how often a service may be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from nemo_widgets.client.api import Notify
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import Event
from nemo_widgets.protocol.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait between questions to the service, in seconds: the local studio may be asked more often.

    Attributes
    ----------
    recover_first_s, recover_next_s : float
        Before asking for the state after a stream broke: the first time, and each further time.
    settle_s : float
        Before asking again whether a state that has changed goes on changing.
    poll_s : float
        Between two questions about a render, unless the service says.
    """

    recover_first_s: float = 30.0
    recover_next_s: float = 60.0
    settle_s: float = 20.0
    poll_s: float = 30.0


_LONGEST_SHOWN: Final = 40
_BESIDE: Final = ("Frame ", "Project ")
LOCAL_PACE: Final = Pace(recover_first_s=1.0, recover_next_s=2.0, settle_s=0.75, poll_s=0.5)


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """A message's answer.

    Attributes
    ----------
    text : str
        What the agent said, Markdown, without instructions for its web editor.
    events : tuple of Event
        Everything that came, in order.
    changes : tuple of str
        What changed on the timeline, one sentence each.
    draft : Draft
        The timeline afterwards.
    elapsed_s : float
        From sending to the end, in seconds.
    credits_spent : float or None
        None when it is not known: the service tells a balance, not a price, so of messages that ran side by side
        nobody can tell whose the credits were, unless none were spent. What other programs spend meanwhile with the
        same account is counted as well.
    shown : tuple of str
        What the agent sent the person to its editor to look at, looked at for them: the timeline in one line, the
        credits.
    suggestions : tuple of Suggestion
        What to call instead of the editor's buttons that the agent spoke of. Nothing of it was done.
    added : tuple of str
        When a clip was generated: those of the changes that came on top of the raw clip, such as music and a title.
    hint : str or None
        How a vague prompt could be put; the prompt was sent as it was.
    note : str
        Where it came from when it was not sent now: from the library, or found out after a crash. Why it was sent when
        the same was said before, with ``reuse=True``. Else empty.
    """

    text: str
    events: tuple[Event, ...]
    changes: tuple[str, ...]
    draft: Draft
    elapsed_s: float
    credits_spent: float | None = None
    shown: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    added: tuple[str, ...] = ()
    hint: str | None = None
    note: str = ""

    def __repr__(self) -> str:
        count = len(self.changes)
        # One of them tells answers apart that begin with the same words; names and frames are set in every first one.
        main = next((change for change in self.changes if not change.startswith(_BESIDE)), "".join(self.changes[:1]))
        done = f"{count} change{'' if count == 1 else 's'} ({_short(main)})" if count else "no change"
        cost = "" if self.credits_spent is None else f", {self.credits_spent:g} credits"
        return f'<Turn "{_short(self.text)}", {done}{cost}>'


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should know about the waiting; it is no part of the answer.

    Attributes
    ----------
    words : str
        Such as ``Too many requests: waiting 30 s, then trying once more``.
    kind : {"waiting", "still working"}
        ``"still working"`` comes after every two minutes without a word of the agent.
    """

    words: str
    kind: Literal["waiting", "still working"] = "waiting"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told while an answer arrives.

    Attributes
    ----------
    emit : callable
        Takes each event as it comes; its text has been through the GUI translation.
    notify : callable
        Takes what a person should know about the waiting.
    remind : callable
        Takes a word every two minutes in which the agent says nothing.
    """

    emit: Callable[[Event], None] = lambda event: None
    notify: Notify = lambda words: None
    remind: Notify = lambda words: None
