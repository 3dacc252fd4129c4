"""One conversation with the agent, as a prompt box and a studio show it."""

import asyncio
import time
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nemo_widgets.client.narration import STILL_WORKING, doing
from nemo_widgets.client.turn import Notice
from nemo_widgets.errors import EmptyPromptError, InputError
from nemo_widgets.kernel import Job, submit
from nemo_widgets.protocol.events import Event, TextDelta, ToolCall, ToolResult
from nemo_widgets.widgets.base import in_words
from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.states import SuggestionState, TurnState, TurnStatus

if TYPE_CHECKING:
    from nemo_widgets.client import Session, Turn


class Conversation:
    """Sends prompts, one at a time, and shows what comes back in a `Feed`.

    Parameters
    ----------
    session : Session
        Whom it talks to.
    feed : Feed
        Where it shows itself.
    on_turn : callable
        Called on the job loop with each finished `Turn`.
    on_tool_result : callable
        Called on the job loop with the name of a tool of the agent that has finished.
    """

    def __init__(
        self,
        session: "Session",
        feed: Feed,
        *,
        on_turn: "Callable[[Turn], None]",
        on_tool_result: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self.session = session
        self.turns: list[Turn] = []
        self._feed = feed
        self._on_turn = on_turn
        self._on_tool_result = on_tool_result
        self._guard = RLock()
        self._job: Job[Turn] | None = None
        self._started_s = 0.0
        self._doing = self._reminder = ""

    def send(self, text: str) -> "Job[Turn]":
        """Send a prompt; the answer arrives in the feed.

        Raises
        ------
        EmptyPromptError
            There is nothing to send.
        InputError
            An answer is still coming: nothing is sent twice.
        """
        if not text.strip():
            raise EmptyPromptError("There is nothing to send yet: write what the video should show.")
        with self._guard:
            if self._job is not None:
                raise InputError("An answer is still coming. Wait for it or press Stop; nothing was sent.")
            number = len(self._feed.state.turns) + 1
            status: TurnStatus = "setting_up" if self.session.id is None else "working"
            self._started_s = time.monotonic()
            self._doing = self._reminder = ""
            self._feed.put_turn(TurnState(number=number, prompt=text, status=status))
            self._job = job = submit(self._answer(number, text), name=f"prompt {number}")
        job.add_done_callback(lambda ended: self._ended(number, ended))
        return job

    def stop(self) -> None:
        """Stop the answer that is under way; without one nothing happens."""
        with self._guard:
            job = self._job
        if job is not None:
            job.cancel()

    def offer(self) -> None:
        """Offer what can be sent next, when it is a recording that answers."""
        if self.session.client.replays:
            self._feed.change(prompts=self.session.client.prompts(self.session.id))

    def tell_time(self) -> None:
        """Bring the elapsed time of the answer under way up to date, for a view that has just come."""
        with self._guard:
            if self._job is not None:
                self._update(len(self._feed.state.turns))

    async def _answer(self, number: int, text: str) -> "Turn":
        async with self.session.stream(text) as events:
            async for event in events:
                self._show(number, event)
        turn = events.turn
        self.turns.append(turn)
        suggestions = [
            SuggestionState(action=found.action, words=found.words, call=found.call, prompt=found.prompt)
            for found in turn.suggestions
            if found.action != "export"  # there is a button, and the session may have no name in Python
        ]
        self._end(
            number,
            status="done",
            text=turn.text,
            changes=list(turn.changes),
            shown=list(turn.shown),
            suggestions=suggestions,
            hint=turn.hint or "",
        )
        self._on_turn(turn)
        return turn

    def _show(self, number: int, event: Event | Notice) -> None:
        match event:
            case Notice(kind="still working"):
                self._reminder = f"{STILL_WORKING} {self._doing}".rstrip()
            case Notice(words=words):
                self._show_activity(number, words)
                return
            case ToolCall(name=name):
                self._doing, self._reminder = doing(name), ""
            case ToolResult():
                self._doing = self._reminder = ""
            case TextDelta():
                self._reminder = ""
            case _:
                pass  # heartbeats only say that the elapsed time goes on, which the browser counts
        self._show_activity(number, self._reminder or self._doing)
        match event:
            case TextDelta(text=text):
                self._feed.add_text(number, text)
            case ToolResult(name=name):
                self._on_tool_result(name)
            case _:
                pass

    def _show_activity(self, number: int, words: str) -> None:
        turn = self._feed.turn(number)
        if turn.activity != words or turn.status == "setting_up":
            self._update(number, status="working", activity=words)

    def _update(self, number: int, **fields: object) -> None:
        elapsed_s = time.monotonic() - self._started_s
        self._feed.put_turn(replace(self._feed.turn(number), elapsed_s=elapsed_s, **fields))

    def _end(self, number: int, **fields: object) -> None:
        with self._guard:  # at once: who reads that it has ended may send the next
            self._job = None
            self.offer()
            self._update(number, activity="", **fields)

    def _ended(self, number: int, job: "Job[Turn]") -> None:
        # Here and not in the job, which never begins when it is stopped early enough. Asking for the outcome also says
        # that somebody looked at it: the person reads it in the transcript.
        try:
            job.result()
        except asyncio.CancelledError:
            self._end(number, status="stopped")
        except Exception as error:
            self._end(number, status="failed", error=in_words(error))
