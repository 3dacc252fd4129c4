"""Taking up what a kernel's end or the network has interrupted. Nothing is sent twice."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from nemo_widgets import __version__, settings
from nemo_widgets.client.client import Client, client_of
from nemo_widgets.client.clip import Clip, OutputFile
from nemo_widgets.client.delivery import handed_out
from nemo_widgets.client.history import reopening, told_now
from nemo_widgets.client.keeper import Keeper, own_keeper, tell
from nemo_widgets.client.kept import load_turn
from nemo_widgets.client.left_export import finished_clip, target
from nemo_widgets.client.left_message import found_turn
from nemo_widgets.client.passing import gone_with_its_studio
from nemo_widgets.client.recording import JobRecord
from nemo_widgets.client.show import show_turn
from nemo_widgets.client.turn import Turn
from nemo_widgets.display import show_here
from nemo_widgets.errors import (
    AuthError,
    ConnectionFailedError,
    InputError,
    NemoError,
    OutputPathError,
    RateLimitedError,
    SetupError,
    StudioUnavailableError,
    SubscriptionError,
)
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.library import JobRecord as Row
from nemo_widgets.library import Library
from nemo_widgets.library.digests import digest_of
from nemo_widgets.terminal import write

Result = Clip | Turn


class Resumed(list[Result]):
    """What came of each job that was taken up; in a notebook its clips show themselves. Answers were shown before."""

    def _ipython_display_(self) -> None:
        for result in self:
            if isinstance(result, Clip):
                show_here(result)


_SAY_NOTHING_OF_IT: Final = (
    AuthError,
    ConnectionFailedError,
    OutputPathError,
    RateLimitedError,
    SetupError,
    SubscriptionError,
)
_KINDS: Final = {"upload": "an upload", "preview": "a preview"}


@on_job_loop
async def resume(
    job_id: str | None = None, *, client: Client | None = None, path: str | Path | None = None, show: bool = True
) -> Result | list[Result]:
    """Take up what a kernel's end, or the network, has interrupted.

    An export is asked for under the id that it was submitted with, and its file is fetched. What became of a message is
    found by asking for the timeline; the message is not sent again. Of a job that is done its result is returned.

    Parameters
    ----------
    job_id : str, optional
        From ``nemo.history()``; by default everything that can be taken up.
    client : Client, optional
        Whom to ask; by default the service that it was begun with.
    path : path, optional
        Where an export's file goes; by default where it was asked for, or beside it when there is a newer file. An
        older file is set aside under a number.
    show : bool, default True
        Show progress, and found answers, in the output cell.

    Returns
    -------
    Clip, Turn or list of them
        The clip of an export, the turn of a message; a list when no id was given, without those that failed, each of
        which is told in a line.

    Raises
    ------
    InputError
        There is no such job, or nothing to take up.
    NemoError
        There is no result, in words; it stays in the history.
    """
    keeper = own_keeper()
    library = keeper.library
    if library is None:
        raise InputError("Nothing is kept here, because NEMO_LIBRARY is off, so there is nothing to take up.")
    told_now(library)
    await asyncio.to_thread(keeper.catch_up)
    if job_id is not None:
        return await _shown(_resumed(await _row(library, job_id), library, keeper, client, path, show=show), show=show)
    if path is not None:
        raise InputError('path= is for one export: say which, such as nemo.resume("export-4f2a91c07b", path="a.mp4").')
    rows = await asyncio.to_thread(library.ledger.orphans) if library.exists else []
    if not rows and show:
        write(sys.stdout, "Nothing was left unfinished.\n")
    results = Resumed()
    for row in rows:
        if client is not None and client.place != row.place:
            continue
        try:
            results.append(await _shown(_resumed(row, library, keeper, client, None, show=show), show=show))
        except NemoError as error:
            tell(f"{row.id}: {error}{_forgetting(row, error)}")
    return results


async def _shown(taking_up: Awaitable[Result], *, show: bool) -> Result:
    result = await taking_up
    if show and isinstance(result, Turn):
        await asyncio.to_thread(show_turn, result)
    return result


async def _row(library: Library, job_id: str) -> Row:
    row = await asyncio.to_thread(library.ledger.job, job_id) if library.exists else None
    if row is None:
        raise InputError(f"The history has no job {str(job_id)[:80]!r}. nemo.history() lists them, each with its id.")
    return row


async def _resumed(
    row: Row, library: Library, keeper: Keeper, client: Client | None, path: str | Path | None, *, show: bool
) -> Result:
    if row.kind not in ("message", "export"):
        raise InputError(f"{row.id} was {_KINDS[row.kind]}, which is not taken up: do it again, it costs nothing.")
    if path is not None and row.kind == "message":
        raise InputError(f"{row.id} was a message, which has no file: leave path= out.")
    match row.shown_state:
        case "done":
            return await _done(row, library, keeper, path)
        case "failed" | "stopped":
            ended = f"{row.id} has ended ({row.error or row.state}), so there is nothing to take up."
            raise InputError(f"{ended}{_anew(row)}")
        case "running":
            raise InputError(
                f"{row.id} is still under way in process {row.owner.pid} on {row.owner.host}. Wait for it."
            )
        case _:
            pass
    if gone := await asyncio.to_thread(gone_with_its_studio, row):
        if await asyncio.to_thread(library.ledger.take_over, row.id):
            await asyncio.to_thread(library.ledger.end, row.id, "failed", error=gone)
        raise StudioUnavailableError(gone)
    output = OutputFile(await asyncio.to_thread(target, row, path)) if row.kind == "export" else None
    if output is not None:
        await asyncio.to_thread(output.check)
        if row.shown_state == "interrupted":
            await asyncio.to_thread(OutputFile(row.path).tidy_up_after, row.owner.pid)
    async with _whom_to_ask(row, client) as asked:
        if not await asyncio.to_thread(library.ledger.take_over, row.id):
            raise InputError(f"{row.id} was taken up by another program meanwhile.")
        async with _taken_over(row, JobRecord(keeper, row.id, asked.clock)) as job:
            if output is None:
                return await found_turn(row, asked, library, job, show=show)
            return await finished_clip(row, asked, library, keeper, job, output, show=show)


def _forgetting(row: Row, error: NemoError) -> str:
    """Return how to be rid of a job at a server that may never come back."""
    if not isinstance(error, ConnectionFailedError) or row.place.backend == "cloud" or row.place.is_own_studio:
        return ""
    return f" If that server is gone for good: nemo-widgets clean --forget {row.id}"


def _anew(row: Row) -> str:
    """Return the line that exports the timeline of an export once more, as it is now."""
    if row.kind != "export" or not row.session_id:
        return ""
    return f" To export its timeline as it is now: await {reopening(row)}.export({row.path!r})"


@asynccontextmanager
async def _whom_to_ask(row: Row, client: Client | None) -> AsyncIterator[Client]:
    if client is not None:
        if client.place != row.place:
            raise InputError(
                f"{row.id} was begun with {row.place.service}, not with this client's {client.place.service}."
            )
        yield client
        return
    async with client_of(_service(row)) as own:
        yield own


def _service(row: Row) -> str:
    """Return what `connect` takes for the service of a job; a token that was meant for another one is not sent."""
    service, environment = row.place.service, settings.environment()
    if row.place.is_own_studio:
        if service != f"local {__version__}":
            raise InputError(
                f"{row.id} was begun in the local studio of another version ({service}), which keeps its own sessions. "
                f"This is version {__version__}."
            )
        return "local"
    if service != environment.api_url and environment.token:
        raise InputError(
            f"{row.id} was begun with {service}, and NEMO_TOKEN is meant for {environment.api_url}. Say whom to ask: "
            f'nemo.resume("{row.id}", client=nemo.connect("{service}", token=…))'
        )
    return service


@asynccontextmanager
async def _taken_over(row: Row, job: JobRecord) -> AsyncIterator[JobRecord]:
    """Write down how it ends; an error that tells nothing of the job leaves it to be taken up later."""
    try:
        yield job
    except BaseException as error:
        # Who stops the looking does not stop a message: it ended, one way or the other, with its kernel.
        is_looking = row.kind == "message" and isinstance(error, asyncio.CancelledError)
        if is_looking or isinstance(error, _SAY_NOTHING_OF_IT):
            await job.end("unclear", error=str(error) or type(error).__name__)
        await job.failed(row.kind, error)
        raise


async def _done(row: Row, library: Library, keeper: Keeper, path: str | Path | None) -> Result:
    if row.kind == "message":
        kept = await asyncio.to_thread(library.ledger.answer_of, row.id)
        if kept is None:
            raise InputError(f"{row.id} is done, and its answer is not kept. Open its session to see the timeline.")
        return load_turn(kept, note="From the library; nothing was sent.")
    written = Path(row.path)
    if path is None and await asyncio.to_thread(_is_the_clip, written, row.clip):
        return await asyncio.to_thread(Clip.of_file, written, backend=row.place.backend, prompt=row.text)
    if not await asyncio.to_thread(library.use, row.clip):
        raise InputError(f"{row.id} is done, and its clip is not kept any more. Export it again.")
    output = OutputFile(await asyncio.to_thread(target, row, path))
    clip = await handed_out(row.clip, output, None, keeper, backend=row.place.backend, prompt=row.text)
    if path is None:
        await keeper.do(lambda library: library.ledger.moved(row.clip, row.path, str(clip.path)), None)
    return clip


def _is_the_clip(file: Path, clip: str) -> bool:
    """Whether a file is still what an export brought: another one may be in its place by now."""
    try:
        return digest_of(file) == clip if clip else file.is_file()
    except OSError:
        return False
