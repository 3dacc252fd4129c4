"""The prompt alone: a text field, its examples, and the agent's answer streaming in below."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import traitlets as t

from nemo_widgets.client.client import connect, default_target
from nemo_widgets.errors import InputError
from nemo_widgets.kernel import Job
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget
from nemo_widgets.widgets.conversation import Conversation
from nemo_widgets.widgets.fallback import conversation_html
from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import Done, GetSnapshot, SendPrompt, StopAnswer
from nemo_widgets.widgets.states import StudioState

if TYPE_CHECKING:
    from nemo_widgets.client import Session, Turn

logger = logging.getLogger(__name__)


class PromptBox(NemoWidget):
    """Asks for a prompt and shows the answer while it arrives.

    Parameters
    ----------
    session : Session, optional
        Whom it talks to; by default a new session of ``connect()``.

    Examples
    --------
    >>> box = PromptBox(session)
    >>> box.on_answer(lambda turn: print(turn.draft.summary()))
    """

    prompt = t.Unicode("", help="What stands in the prompt field, sent or not; empty by default.").tag(sync=True)

    def __init__(self, session: "Session | None" = None, *, _kind: str = "prompt-box") -> None:
        if session is None:
            session = connect(default_target()).new_session()  # the widget says itself that it works locally
        self._heard: list[Callable[[Turn], object]] = []
        client = session.client
        shown = StudioState(
            backend=client.backend,
            where=client.url or "",
            recording=client.replays,
            prompts=client.prompts(session.id),
        )
        self._feed = Feed(self.tell, shown)
        self._conversation = Conversation(
            session, self._feed, on_turn=self._answered, on_tool_result=self._tool_finished
        )
        super().__init__(_kind=_kind, _fallback=uuid4().hex[:12])

    @property
    def session(self) -> "Session":
        """Whom it talks to."""
        return self._conversation.session

    @property
    def turns(self) -> "list[Turn]":
        """The finished turns, oldest first."""
        return list(self._conversation.turns)

    def send(self, text: str) -> "Job[Turn]":
        """Send a prompt as if it had been typed here.

        Returns
        -------
        Job
            ``await`` it, or ask it for its ``result()``, to have the `Turn`.

        Raises
        ------
        EmptyPromptError
            There is nothing to send.
        InputError
            An answer is still coming.
        """
        return self._conversation.send(text)

    def stop(self) -> None:
        """Stop the answer that is under way."""
        self._conversation.stop()

    def on_answer(self, callback: "Callable[[Turn], object]") -> None:
        """Call `callback` with each finished `Turn`. It runs beside the cells, on the thread of the jobs."""
        self._heard.append(callback)

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view."""
        match ask:
            case GetSnapshot():
                self._conversation.tell_time()
                return self._feed.snapshot(ask.id)
            case SendPrompt():
                self._conversation.send(ask.text)
            case StopAnswer():
                self._conversation.stop()
            case _:
                raise InputError("This widget cannot do that.")
        return Done(id=ask.id)

    def fallback(self) -> str:
        """Return the last thing said and answered, and the newest clip."""
        return conversation_html(self._fallback, self._feed.state)

    def wind_up(self) -> None:
        """Stop the answer that is under way."""
        self._conversation.stop()
        super().wind_up()

    def _answered(self, turn: "Turn") -> None:
        self.refresh_fallback()
        for callback in self._heard:
            try:
                callback(turn)
            except Exception:
                logger.exception("a callback of on_answer failed")

    def _tool_finished(self, name: str) -> None:
        """Overridden where something can be shown before the answer ends."""
