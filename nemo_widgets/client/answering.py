"""How a session answers: one message at a time, sent once, or found in the library."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

from nemo_widgets.client.exchange import Exchange
from nemo_widgets.client.looks import looked
from nemo_widgets.client.project import Project
from nemo_widgets.client.reuse import SENT_AGAIN, LastAnswer, kept_turn, one_at_a_time, take_up
from nemo_widgets.client.stopping import run_telling_stop, unsent_told
from nemo_widgets.client.turn import Audience, Turn
from nemo_widgets.errors import EmptyPromptError, InputError
from nemo_widgets.library.digests import Said
from nemo_widgets.protocol.hints import hint

_EXAMPLE: Final = 'nothing was sent. Try: "a 10-second clip of a city at night"'


def check_prompt(text: object) -> None:
    """Refuse what is no prompt.

    Raises
    ------
    InputError
        It is no text.
    EmptyPromptError
        There is nothing in it.
    """
    if not isinstance(text, str):
        raise InputError(f"A prompt is text, not {type(text).__name__}; {_EXAMPLE}")
    if not text.strip():
        raise EmptyPromptError(f"The prompt is empty, so {_EXAMPLE}")


class Answering:
    """The messages of one session.

    Parameters
    ----------
    project : Project
        The session.

    Attributes
    ----------
    prompt : str
        The first thing that was said and not stopped; empty before.
    """

    def __init__(self, project: Project) -> None:
        self.prompt = ""
        self._client = project.client
        self._project = project
        self._speaking = asyncio.Lock()
        self._last: LastAnswer | None = None

    async def answer(self, text: str, audience: Audience, *, reuse: bool = False, repeat: int = 1) -> Turn:
        """Return the answer to a message; see ``Session.send``."""
        if not (isinstance(repeat, int) and repeat >= 1):
            raise InputError(f"repeat={repeat!r} is no take: 1 is the first one, 2 another one of the same request.")
        if not reuse:
            async with unsent_told(), self._speaking:
                return self._remembered(text, 1, await self._sent(text, audience))
        async with unsent_told(), self._speaking:
            met = (await self._project.state()).draft
            request = await asyncio.to_thread(self._project.record.request, met, text)
            async with one_at_a_time(request, repeat):
                kept = await kept_turn(self._project, request, repeat)
                if kept is not None:
                    self.prompt = self.prompt or text.strip()
                    return self._remembered(text, repeat, take_up(self._project, kept, text, audience))
                if self._last is not None and self._last.answers(self._project, text, repeat, met):
                    return self._last.again(audience)
                note = SENT_AGAIN if repeat == 1 and Said(text) in self._project.record.steps else ""
                return self._remembered(text, repeat, await self._sent(text, audience, note))

    def _remembered(self, text: str, repeat: int, turn: Turn) -> Turn:
        self._last = LastAnswer.of(self._project, text, repeat, turn)
        return turn

    async def _sent(self, text: str, audience: Audience, note: str = "") -> Turn:
        async with self._client.accounted() as account:
            session_id = await self._project.opened(text)
            audience.notify(self._project.loss_to_tell())
            chinese = self._project.speaks_chinese(text)
            exchange = Exchange(
                self._client.api,
                (await self._client.access()).account,
                session_id,
                text,
                ask_state=partial(self._project.state_of, session_id, "message"),
                audience=audience,
                clock=self._client.clock,
                pace=await self._client.pace(),
                chinese=chinese,
            )
            before = await self._project.state_of(session_id, "unsent message")
            async with self._project.record.message(session_id, text, before) as record:
                with self._project.not_found_told("message"), self._the_prompt(text):
                    turn = await run_telling_stop(exchange, before, self._project.state, account, record)
                turn = await account.settled(replace(turn, hint=hint(text, chinese=chinese), note=note))
                shown = await looked(exchange.instructions, turn.draft, account.left, chinese=chinese)
                turn = replace(turn, shown=shown)
                await record.answered(turn)
            return turn

    @contextmanager
    def _the_prompt(self, text: str) -> Iterator[None]:
        before = self.prompt
        self.prompt = before or text.strip()
        try:
            yield
        except asyncio.CancelledError:
            self.prompt = before  # what is exported later is not what was stopped
            raise
