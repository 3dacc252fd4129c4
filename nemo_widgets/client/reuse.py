"""Answers from the library: an identical request gets the one that was paid for before (``library/digests.py``)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakValueDictionary

from nemo_widgets.client.kept import load_turn
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Audience, Turn
from nemo_widgets.errors import InputError, ServiceError
from nemo_widgets.library import Library
from nemo_widgets.library.digests import Said, draft_digest
from nemo_widgets.library.scrub import scrubbed
from nemo_widgets.protocol.draft import Draft

if TYPE_CHECKING:
    from nemo_widgets.client.project import Project

T = TypeVar("T")

SENT_AGAIN: Final = (
    "Sent, though the same words were said before in this session: what was said or changed since makes it another "
    "request, and reuse=True answers only the same one."
)
_SAID_JUST_NOW: Final = (
    "The answer to the same words just before; nothing was sent, since the timeline is as it left it. To have it done "
    "once more, send it without reuse=True."
)
_ASKED: Final[WeakValueDictionary[tuple[str, int], asyncio.Lock]] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class StandIn:
    """What an answer from the library left a session with; nothing was asked of the service for it.

    Attributes
    ----------
    session_id : str
        The session that the answer was made in.
    draft : Mapping
        The timeline after it, without signatures of links.
    """

    session_id: str
    draft: Mapping[str, Any]

    def state(self, task_name: str) -> State:
        """Return it as the state of a session."""
        return State.parse({"session_id": self.session_id, "task_name": task_name, "state": {"draft": self.draft}})

    async def asked(self, asking: Awaitable[T]) -> T:
        """Return what the service says about the session, which it may have forgotten."""
        try:
            return await asking
        except ServiceError as error:
            if error.code in (404, 1002):
                raise self._refusal("the service does not know that session any more") from error
            raise

    def check(self, now: State) -> None:
        """Refuse to go on in a session that somebody else has gone on with.

        Raises
        ------
        InputError
            Its timeline is another one by now. Nothing was sent.
        """
        if scrubbed(now.draft.raw) != self.draft:
            raise self._refusal("that session's timeline has been changed since")

    def _refusal(self, why: str) -> InputError:
        return InputError(
            f"Nothing was sent. This timeline came from the library, and {why}, so there is nothing to go on with. "
            "Begin a new session and send its first message without reuse=True."
        )


@asynccontextmanager
async def one_at_a_time(request: str, repeat: int) -> AsyncIterator[None]:
    """Let identical requests of this process wait for each other: the second one finds the first one's answer."""
    async with _ASKED.setdefault((request, repeat), asyncio.Lock()):
        yield


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """An answer from the library, and the session that it was made in."""

    session_id: str
    turn: Turn


async def kept_turn(project: "Project", request: str, repeat: int) -> KeptTurn | None:
    """Return the kept answer to a request.

    Parameters
    ----------
    project : Project
        Whose library is looked in.
    request : str
        From `Recording.request`.
    repeat : int
        Which of several takes, from 1.
    """

    def found(library: Library) -> KeptTurn | None:
        kept = library.ledger.answer_to(request, repeat)
        if kept is None:
            return None
        made = time.strftime("%d %B %Y, %H:%M", time.localtime(kept.job.ended_at or kept.job.began_at)).lstrip("0")
        note = f"From the library: made on {made}; nothing was sent."
        return KeptTurn(kept.job.session_id, load_turn(kept.answer, note=note))

    return await project.client.keeper.do(found, None)


async def kept_clip(project: "Project", wanted: Mapping[str, Any]) -> str:
    """Return the digest of the clip that was exported of a kept answer; empty when there is none.

    Parameters
    ----------
    project : Project
        A session that was answered here and now has only what the service says.
    wanted : Mapping
        The ``output`` of call 7.
    """
    stand_in = project.stand_in
    if stand_in is None:
        return ""

    def found(library: Library) -> str:
        digest = library.ledger.clip_of(project.client.place, draft_digest(stand_in.draft), wanted)
        return digest if digest and library.use(digest) else ""

    return await project.client.keeper.do(found, "")


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a session was answered last, for who says the same again straight after: a cell that is run twice."""

    session_id: str | None
    steps: int
    text: str
    repeat: int
    turn: Turn

    @classmethod
    def of(cls, project: "Project", text: str, repeat: int, turn: Turn) -> "LastAnswer":
        """Return the answer that has just come."""
        return cls(project.id, len(project.record.steps), text, repeat, turn)

    def answers(self, project: "Project", text: str, repeat: int, now: Draft) -> bool:
        """Whether the same is said again, nothing happened in between, and the timeline is as it was left."""
        said = (self.session_id, self.steps, self.text, self.repeat)
        is_said = said == (project.id, len(project.record.steps), text, repeat)
        return is_said and scrubbed(now.raw) == scrubbed(self.turn.draft.raw)

    def again(self, audience: Audience) -> Turn:
        """Give it once more, for nothing."""
        _tell(self.turn, audience)
        return replace(self.turn, credits_spent=0, note=_SAID_JUST_NOW)


def take_up(project: "Project", kept: KeptTurn, text: str, audience: Audience) -> Turn:
    """Return the turn of a kept answer, and leave the session as that answer had left its own."""
    project.stand_in = StandIn(kept.session_id, kept.turn.draft.raw)
    project.record.steps.append(Said(text))
    _tell(kept.turn, audience)
    return kept.turn


def _tell(turn: Turn, audience: Audience) -> None:
    audience.notify("")
    for event in turn.events:
        audience.emit(event)
