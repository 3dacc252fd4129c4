"""An answer as a stream of events: on the job loop's side it is read, on the caller's side it is iterated."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, Final, Self

from nemo_widgets.client.turn import Audience, Notice, Turn
from nemo_widgets.errors import StoppedError
from nemo_widgets.interrupts import explained
from nemo_widgets.kernel import Job, current_job, on_job_loop
from nemo_widgets.protocol.events import Event

_LONGEST_SHOWN: Final = 60

Answering = Callable[[Audience], Awaitable[Turn]]
"""Sends the message, tells what comes, and returns the whole answer."""


class AnswerStream(AsyncIterator[Event | Notice]):
    """The events of one answer while they arrive, and notices about the waiting. Made by ``Session.stream``.

    An async context manager and iterator, usable on any loop. It goes on reading while the caller is busy; leaving the
    block early stops the agent. Its `turn` is the whole answer.

    Examples
    --------
    >>> from nemo_widgets.client import Notice, TextDelta
    >>> async with session.stream("a city at night") as events:  # doctest: +SKIP
    ...     async for event in events:
    ...         match event:
    ...             case TextDelta(text):
    ...                 print(text, end="")
    ...             case Notice(words):
    ...                 print(f"[{words}]")
    >>> events.turn.changes  # doctest: +SKIP
    """

    def __init__(self, prompt: str, answering: Answering) -> None:
        self._prompt = prompt
        self._answering = answering
        self._arrived: asyncio.Queue[Event | Notice | None] = asyncio.Queue()
        self._task: asyncio.Task[Turn] | None = None
        self._job: Job[Any] | None = None

    def __repr__(self) -> str:
        said = " ".join(self._prompt.split())
        said = said if len(said) <= _LONGEST_SHOWN else f"{said[: _LONGEST_SHOWN - 1]}…"
        if self._task is None:
            state = "not begun: async with it"
        elif not self._task.done():
            state = "arriving"
        elif self._task.cancelled() or self._task.exception() is not None:
            state = "not complete"
        else:
            state = "complete: its turn has it"
        return f'<AnswerStream to "{said}", {state}>'

    @property
    def turn(self) -> Turn:
        """The whole answer, once it has come.

        Raises
        ------
        StoppedError
            The block was left before the answer was complete.
        """
        if self._task is None or not self._task.done() or self._task.cancelled():
            raise StoppedError("The answer is not complete: the block was left before its end, or is not over yet.")
        return self._task.result()

    @on_job_loop
    async def __aenter__(self) -> Self:
        self._job = current_job()
        self._task = asyncio.create_task(self._read())
        return self

    @on_job_loop
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._job is not None and isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
            explained(error, self._job.stop_words())  # the wait that was stopped knew of one event only

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event | Notice:
        event = await self._next()
        if event is None:
            raise StopAsyncIteration
        return event

    async def _read(self) -> Turn:
        try:
            return await self._answering(Audience(self._arrived.put_nowait, self._notify, self._remind))
        finally:
            self._arrived.put_nowait(None)

    def _notify(self, words: str) -> None:
        if words:
            self._arrived.put_nowait(Notice(words))

    def _remind(self, words: str) -> None:
        self._arrived.put_nowait(Notice(words, "still working"))

    @on_job_loop
    async def _next(self) -> Event | Notice | None:
        if self._task is None:
            raise RuntimeError("An answer is iterated inside its block: async with session.stream(…) as events.")
        event = await self._arrived.get()
        if event is None:
            self._arrived.put_nowait(None)
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.result()
        return event
