"""One message and its answer: sent once, read to its end, and recovered without sending it again.

What is waited for, and how long, is in ``protocol/README.md``, *Event stream* and *Paid work*.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, Protocol

from nemo_widgets.client.api import Api, is_outage
from nemo_widgets.client.clock import Clock, until
from nemo_widgets.client.http import InterruptedRequestError
from nemo_widgets.client.narration import AnswerText, Progress, added_to_clip, in_words
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Audience, Pace, Turn
from nemo_widgets.errors import (
    AgentFailedError,
    AuthError,
    ConnectionFailedError,
    DeadlineError,
    OutOfCreditsError,
    RateLimitedError,
    ServiceError,
    SessionGoneError,
    StreamBrokenError,
    SubscriptionError,
)
from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.events import MALFORMED, AgentError, Event, EventReader, TextDelta, ToolCall, ToolResult
from nemo_widgets.protocol.instructions import Instruction
from nemo_widgets.protocol.redact import redact
from nemo_widgets.protocol.refusals import error_for
from nemo_widgets.protocol.sse import SSEDecoder
from nemo_widgets.protocol.suggestions import suggestions

QUIET_DEADLINE_S: Final = 600.0
WHOLE_DEADLINE_S: Final = 900.0
_REFUSALS: Final = (AuthError, OutOfCreditsError, SubscriptionError, RateLimitedError)
"""What the service says before it begins: nothing was generated, nothing is charged."""

RECOVERY_ASKS: Final = 5
SETTLING_ASKS: Final = 10

_TOLD_BY_CODE: Final = frozenset({402, 429, 1001, 1002, 1010, 1011, 2001, 4001, 4002})
_SAID_LIMIT: Final = 300
_NOTHING: Final = "The agent answered nothing, and the timeline is as it was. Say in other words what you would like."
_BUTTONS_ALONE: Final = "The agent spoke of the buttons of its web editor alone; here is what they are good for."
_BROKE_OFF: Final = "\n\n*The answer broke off here; the timeline shows what was done by then. Nothing was sent again.*"


class AsksState(Protocol):
    """Asks for the session's state (call 6)."""

    def __call__(self) -> Awaitable[State]: ...


class Exchange:
    """Sends one message, once, and finds out what became of it.

    Parameters
    ----------
    api : Api
        Where the message goes.
    account : Account
        Whose words an error is told in.
    session_id : str
        An opened session.
    text : str
        The message.
    ask_state : callable
        Asks for the session's state.
    audience : Audience
        Who is told meanwhile.
    chinese : bool
        Whether suggestions are told in Chinese.
    """

    def __init__(
        self,
        api: Api,
        account: Account,
        session_id: str,
        text: str,
        *,
        ask_state: AsksState,
        audience: Audience,
        clock: Clock,
        pace: Pace,
        chinese: bool = False,
    ) -> None:
        self._api = api
        self._account = account
        self._message = {
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": session_id,
            "new_message": {"role": "user", "parts": [{"text": text}]},
        }
        self._ask_state = ask_state
        self._audience = audience
        self._clock = clock
        self._pace = pace
        self._chinese = chinese
        self._began_s = self._progress_s = clock.now()
        self._answer = AnswerText()
        self._progress = Progress(self._began_s)
        self._events: list[Event] = []
        self._errors: list[AgentError] = []
        self._broke_off = False
        self._was_refused = False

    @property
    def events(self) -> tuple[Event, ...]:
        """What has come so far."""
        return tuple(self._events)

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """What was taken out of the answer: it told the person to use the web editor."""
        return self._answer.instructions

    @property
    def was_refused(self) -> bool:
        """Whether the service took nothing of the message, and said so."""
        return self._was_refused

    @property
    def text(self) -> str:
        """What the agent has said so far."""
        return self._answer.shown

    async def run(self, before: State) -> Turn:
        """Send the message and return the whole answer.

        Parameters
        ----------
        before : State
            The session's state until now.

        Raises
        ------
        NemoError
            The service refused the message, the agent failed, or nobody could find out what became of it.
        """
        self._began_s = self._progress_s = self._clock.now()
        self._progress = Progress(self._began_s)
        reminding = asyncio.create_task(self._remind())
        try:
            await until(self._clock, self._listen(), self._deadline)
        except TimeoutError:
            after = await self._after_deadline(before)
        except InterruptedRequestError as error:
            after = await self._recovered(before, error)
        except ServiceError as error:
            if not is_outage(error):
                self._was_refused = isinstance(error, _REFUSALS)
                raise
            after = await self._recovered(before, error)
        else:
            after = await self._ask_state()
        finally:
            reminding.cancel()
        self._say(self._answer.flush())
        return self._turn(before, after)

    async def _remind(self) -> None:
        while True:
            wait_s = self._progress.reminder_s - self._clock.now()
            if wait_s > 0:
                await self._clock.sleep(wait_s)
            else:
                self._audience.remind(self._progress.reminder(self._clock.now()))

    async def _listen(self) -> None:
        decoder, reader = SSEDecoder(), EventReader()
        async with self._api.stream("/run_sse", self._message, self._audience.notify) as pieces:
            async for piece in pieces:
                for sse in decoder.feed(piece):
                    for event in reader.feed(sse):
                        self._take(event)
        decoder.close()

    def _take(self, event: Event) -> None:
        if isinstance(event, TextDelta | ToolCall | ToolResult):
            self._progress_s = self._clock.now()
        self._progress.see(event, self._clock.now())
        self._say(self._answer.feed(event))
        if isinstance(event, AgentError):
            event = AgentError(redact(event.message)[:_SAID_LIMIT], event.code)
            self._errors.append(event)
        if not isinstance(event, TextDelta):
            self._pass_on(event)

    def _say(self, text: str) -> None:
        if text:
            self._pass_on(TextDelta(text))

    def _pass_on(self, event: Event) -> None:
        self._events.append(event)
        self._audience.emit(event)

    def _deadline(self) -> float:
        return min(self._progress_s + QUIET_DEADLINE_S, self._began_s + WHOLE_DEADLINE_S)

    async def _after_deadline(self, before: State) -> State:
        after = await self._ask_state()
        if after.differs_from(before):
            return await self._settled(after)
        minutes = (self._clock.now() - self._began_s) / 60
        raise DeadlineError(
            f"The agent was given up after {minutes:.0f} minutes: it had changed nothing and said nothing new. The "
            "message was not sent again, since that could charge twice. Look at the timeline later with await "
            "session.tracks(), or send the message again."
        )

    async def _recovered(self, before: State, cause: Exception) -> State:
        for ask in range(RECOVERY_ASKS):
            wait_s = self._pace.recover_next_s if ask else self._pace.recover_first_s
            self._audience.notify(f"The answer broke off: asking what became of it in {wait_s:.0f} s ({ask + 1} of 5)")
            await self._clock.sleep(wait_s)
            try:
                after = await self._ask_state()
            except SessionGoneError:
                raise
            except (ConnectionFailedError, ServiceError):
                continue
            if after.differs_from(before):
                self._broke_off = True
                return await self._settled(after)
        raise StreamBrokenError(
            "The answer broke off, and the timeline is still as it was. The message was not sent again, since that "
            "could charge twice. Look at the timeline later with await session.tracks(), or send the message again."
        ) from cause

    async def _settled(self, found: State) -> State:
        """Return the state once it is the same twice: without its stream nobody says when the agent has finished."""
        for _ in range(SETTLING_ASKS):
            await self._clock.sleep(self._pace.settle_s)
            try:
                now = await self._ask_state()
            except SessionGoneError:
                return found  # a result that was found is not lost any more
            except (ConnectionFailedError, ServiceError):
                continue
            if not now.differs_from(found):
                return now
            found = now
        return found

    def _turn(self, before: State, after: State) -> Turn:
        changed, added = changes(before.draft, after.draft), self._added(before, after)
        failure = next((error for error in self._errors if error.code != MALFORMED), None)
        unreadable = next(iter(self._errors), None)
        if failure is None and not self.text.strip() and not changed:
            failure = unreadable
        if failure is not None:
            raise self._failed(failure, changed)
        if not self.text.strip():
            nothing = _BUTTONS_ALONE if self.instructions else _NOTHING
            self._say(self._answer.add(in_words(changed, added) or nothing))
        if self._broke_off:
            self._say(self._answer.add(_BROKE_OFF))
        return Turn(
            text=self.text.strip(),
            events=self.events,
            changes=changed,
            draft=after.draft,
            elapsed_s=self._clock.now() - self._began_s,
            suggestions=suggestions(self.instructions, chinese=self._chinese),
            added=added,
        )

    def _added(self, before: State, after: State) -> tuple[str, ...]:
        generated = len(after.generated_media) > len(before.generated_media) or self._progress.has_generated
        return added_to_clip(before.draft, after.draft) if generated else ()

    def _failed(self, failure: AgentError, changed: tuple[str, ...]) -> Exception:
        code = failure.code if isinstance(failure.code, int) else None
        if isinstance(failure.code, str) and failure.code.isascii() and failure.code.isdigit():
            code = int(failure.code)
        if code is not None and code in _TOLD_BY_CODE:
            return error_for(code, failure.message, self._account)
        done = f" By then: {'; '.join(changed)}." if changed else ""
        return AgentFailedError(
            f'The agent could not finish: "{failure.message}".{done} Ask again, in other words if it happens twice.',
            code=code,
        )
