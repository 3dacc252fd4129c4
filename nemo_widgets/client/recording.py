"""What a session writes down of itself, each thing before the call that costs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from nemo_widgets.client.api import is_outage
from nemo_widgets.client.clock import Clock
from nemo_widgets.client.http import InterruptedRequestError
from nemo_widgets.client.keeper import Keeper
from nemo_widgets.client.kept import dump_turn
from nemo_widgets.client.sources import name_of, uploaded_files
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Turn
from nemo_widgets.client.upload import Asset, Source
from nemo_widgets.display import in_notebook
from nemo_widgets.errors import (
    AgentFailedError,
    ConnectionFailedError,
    DeadlineError,
    InputError,
    OutputPathError,
    ServiceError,
    StoppedError,
    StreamBrokenError,
)
from nemo_widgets.job_thread import is_ending
from nemo_widgets.library import Place
from nemo_widgets.library.digests import Begun, Given, Said, Step, draft_digest, request_digest
from nemo_widgets.library.job_ledger import new_id
from nemo_widgets.library.ledger import Ledger
from nemo_widgets.library.records import Before, Kind
from nemo_widgets.library.records import State as JobState
from nemo_widgets.protocol.draft import Draft

OUTLIVED_AFTER_S: Final = 15.0
"""A kernel that still runs so long after an interrupt was interrupted by a person: Jupyter, which interrupts a kernel
before it ends or restarts it, has ended it by then, if need be by force."""

_UNCLEAR: Final = (DeadlineError, InterruptedRequestError, StreamBrokenError)
_outliving: Final[set[asyncio.Task[None]]] = set()


class JobRecord:
    """A job's row while it is under way.

    Attributes
    ----------
    id : str
        The job's.
    credits_spent : float or None
        What it has cost, as soon as that is known.
    """

    def __init__(self, keeper: Keeper, id: str, clock: Clock) -> None:
        self.id = id
        self.has_ended = False
        self.credits_spent: float | None = None
        self._keeper = keeper
        self._clock = clock

    async def write(self, work: Callable[[Ledger], object]) -> None:
        """Write to the row."""
        await self._keeper.write(self.id, lambda library: work(library.ledger))

    async def end(self, state: JobState, **rest: Any) -> None:
        """Write down how it ended; only the first end counts."""
        if not self.has_ended:
            self.has_ended, at = True, time.time()
            rest = {"credits_spent": self.credits_spent, **rest}
            await self.write(lambda ledger: ledger.end(self.id, state, at=at, **rest))

    async def failed(self, kind: Kind, error: BaseException) -> None:
        """Write down that it ended with an error.

        A kernel's interrupt may be its restart, which Jupyter begins with one. So what it stops is stopped for good
        only when the kernel has outlived it; till then a kernel that ends leaves it interrupted, to be taken up.
        In a script, where nobody but a person interrupts, it is stopped at once.
        """
        words = str(error) or type(error).__name__
        if not isinstance(error, asyncio.CancelledError) or not (in_notebook() or is_ending()):
            await self.end(state_after(kind, error), error=words)
        elif not self.has_ended:
            self.has_ended, at = True, time.time()
            await self.write(lambda ledger: ledger.stopped(self.id, words, self.credits_spent, at=at))
            if not is_ending():
                outliving = asyncio.create_task(self._outlived())
                _outliving.add(outliving)
                outliving.add_done_callback(_outliving.discard)

    async def _outlived(self) -> None:
        await self._clock.sleep(OUTLIVED_AFTER_S)
        await self.write(lambda ledger: ledger.outlived(self.id))

    async def answered(self, turn: Turn) -> None:
        """Write down a whole answer, which ends a message."""
        self.has_ended, at = True, time.time()
        await self.write(lambda ledger: ledger.answered(self.id, dump_turn(turn), turn.credits_spent, at=at))

    async def refused(self) -> None:
        """Write down that the service took nothing of a message."""
        await self.write(lambda ledger: ledger.refused(self.id))

    async def submitting(self, remote_id: str, draft: Draft) -> None:
        """Write down the id that a render is about to be submitted under."""
        digest = draft_digest(draft.raw)
        await self.write(lambda ledger: ledger.about_to_render(self.id, remote_id, digest))


class Recording:
    """What one session writes down, and what happened in it so far.

    Parameters
    ----------
    keeper : Keeper
        Where to.
    place : callable
        Gives where the session is.
    task_name : str
        What the project is called.
    language : str or None
        That was asked for.
    session_id : str or None
        Of a session that was begun elsewhere.
    clock : Clock
        What tells whether a kernel outlives an interrupt.
    """

    def __init__(
        self,
        keeper: Keeper,
        place: Callable[[], Place],
        task_name: str,
        language: str | None,
        session_id: str | None,
        clock: Clock,
    ) -> None:
        self._keeper = keeper
        self._clock = clock
        self._place = place
        self._task_name = task_name
        self._language = language
        self._opening: int | None = None
        self.steps: list[Step] = [] if session_id is None else [Begun(session_id)]

    async def opening(self) -> None:
        """Write down that a session is about to be opened."""
        self.steps.clear()
        self._opening = await self._keeper.do(
            lambda library: library.ledger.begin_session(self._place(), self._task_name, self._language), None
        )

    async def opened(self, session_id: str) -> None:
        """Write down what the service calls it."""
        row = self._opening
        if row is not None:
            backend = self._place().backend
            await self._keeper.do(lambda library: library.ledger.session_opened(row, session_id, backend), None)

    def request(self, draft: Draft, text: str) -> str:
        """Return what tells whether a message is the same as an earlier one."""
        met = {} if draft.is_empty else draft.raw
        return request_digest(self._place().service, self._language, self.steps, met, text)

    @asynccontextmanager
    async def message(self, session_id: str, text: str, before: State) -> AsyncIterator[JobRecord]:
        """Keep account of a message that is about to be sent."""
        request = await asyncio.to_thread(self.request, before.draft, text)
        met = Before(before.draft.raw, len(before.generated_media))
        async with self._job("message", session_id, text) as job:
            await job.write(lambda ledger: ledger.about_to_send(job.id, request, met))
            try:
                yield job
            except BaseException as error:
                if _was_sent(error):
                    self.steps.append(Said(text))
                raise
            self.steps.append(Said(text))

    @asynccontextmanager
    async def upload(self, session_id: str, sources: Sequence[Source]) -> AsyncIterator[JobRecord]:
        """Keep account of an upload that is about to be sent; `uploaded` tells what came of it."""
        async with self._job("upload", session_id, ", ".join(map(name_of, sources))) as job:
            yield job

    async def uploaded(self, job: JobRecord, sources: Sequence[Source], assets: Sequence[Asset]) -> None:
        """Write down what was uploaded."""
        files = await asyncio.to_thread(uploaded_files, sources, assets)
        self.steps.append(Given(files))
        await job.write(lambda ledger: ledger.uploads(job.id, files))

    @asynccontextmanager
    async def export(
        self, session_id: str, prompt: str, path: Path, wanted: Mapping[str, Any]
    ) -> AsyncIterator[JobRecord]:
        """Keep account of an export that begins."""
        async with self._job("export", session_id, prompt, path=str(path), output=wanted) as job:
            yield job

    @asynccontextmanager
    async def preview(self, session_id: str, prompt: str, path: Path) -> AsyncIterator[JobRecord]:
        """Keep account of a raw clip that is about to be fetched."""
        async with self._job("preview", session_id, prompt, path=str(path)) as job:
            yield job

    @asynccontextmanager
    async def _job(
        self, kind: Kind, session_id: str, text: str, *, path: str = "", output: Mapping[str, Any] | None = None
    ) -> AsyncIterator[JobRecord]:
        job, place, at = JobRecord(self._keeper, new_id(kind), self._clock), self._place(), time.time()

        def begin(ledger: Ledger) -> None:
            row = ledger.session_of(place, session_id, self._task_name)  # the library may be another one by now
            ledger.begin(kind, row, text, path=path, job=job.id, output=output, at=at)

        try:
            await job.write(begin)
            yield job
        except InputError as error:
            if not isinstance(error, OutputPathError):  # it was never begun
                await job.write(lambda ledger: ledger.forget([job.id]))
            await job.failed(kind, error)
            raise
        except BaseException as error:
            await job.failed(kind, error)
            raise
        await job.end("done")


def state_after(kind: Kind, error: BaseException) -> JobState:
    """Return how a job ended that ended with an error; ``"unclear"`` is what may have a result all the same."""
    if isinstance(error, asyncio.CancelledError | StoppedError):
        return "stopped"
    is_lost = isinstance(error, ServiceError) and is_outage(error)
    match kind:
        case "message" if is_lost or isinstance(error, _UNCLEAR):
            return "unclear"
        case "export" if is_lost or isinstance(error, ConnectionFailedError | OutputPathError):
            return "unclear"
        case _:
            return "failed"


def _was_sent(error: BaseException) -> bool:
    """Whether the agent may have worked on the message that ended so, and may speak of it later."""
    return isinstance(error, AgentFailedError) or state_after("message", error) != "failed"
