"""Taking up what was left: a render is asked for by its id, a message by the state it left. Nothing is sent twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from nemo_widgets import __version__
from nemo_widgets.client.client import Client, connect
from nemo_widgets.client.clip import Clip, OutputFile, free_name
from nemo_widgets.client.delivery import delivered, handed_out
from nemo_widgets.client.exchange import RECOVERY_ASKS, SETTLING_ASKS, WHOLE_DEADLINE_S
from nemo_widgets.client.keeper import Keeper, own_keeper, tell
from nemo_widgets.client.kept import load_turn
from nemo_widgets.client.narration import in_words
from nemo_widgets.client.project import Project
from nemo_widgets.client.recording import JobRecord, state_after
from nemo_widgets.client.render import ExportProgress, Render
from nemo_widgets.client.show import shown_export
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Turn
from nemo_widgets.errors import (
    AuthError,
    ConnectionFailedError,
    InputError,
    NemoError,
    NothingToExportError,
    OutputPathError,
    RateLimitedError,
    SetupError,
    StreamBrokenError,
    SubscriptionError,
)
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.library import JobRecord as Row
from nemo_widgets.library import Library
from nemo_widgets.library.digests import draft_digest
from nemo_widgets.library.records import Before
from nemo_widgets.library.scrub import scrubbed
from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import TextDelta

Result = Clip | Turn

_SAY_NOTHING_OF_IT: Final = (
    AuthError,
    ConnectionFailedError,
    OutputPathError,
    RateLimitedError,
    SetupError,
    SubscriptionError,
)
_UNSENT: Final = "The message was interrupted before it was sent, so it cost nothing. Send it again."
_UNCHANGED: Final = (
    "The message was interrupted, and the timeline is as it was before it. It was not sent again, since that could "
    "charge twice: send it again if you still want it."
)
_FOUND: Final = "Found on the timeline: the answer itself was lost when it was interrupted. Nothing was sent again."


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
        Where an export's file goes; by default where it was asked for, or beside it when there is a newer file.
    show : bool, default True
        Show progress in the output cell.

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
    if job_id is not None:
        return await _resumed(await _row(library, job_id), library, keeper, client, path, show=show)
    rows = await asyncio.to_thread(library.ledger.orphans) if library.exists else []
    results: list[Result] = []
    for row in rows:
        if client is not None and client.place != row.place:
            continue
        try:
            results.append(await _resumed(row, library, keeper, client, None, show=show))
        except NemoError as error:
            tell(f"{row.id}: {error}")
    return results


async def _row(library: Library, job_id: str) -> Row:
    row = await asyncio.to_thread(library.ledger.job, job_id) if library.exists else None
    if row is None:
        raise InputError(f"The history has no job {job_id!r}. nemo.history() lists them, each with its id.")
    return row


async def _resumed(
    row: Row, library: Library, keeper: Keeper, client: Client | None, path: str | Path | None, *, show: bool
) -> Result:
    if row.kind not in ("message", "export"):
        raise InputError(f"{row.id} was {_KINDS[row.kind]}, which is not taken up: do it again, it costs nothing.")
    match row.shown_state:
        case "done":
            return await _done(row, library, keeper, path)
        case "failed" | "stopped":
            raise InputError(f"{row.id} has ended ({row.error or row.state}), so there is nothing to take up.")
        case "running":
            raise InputError(
                f"{row.id} is still under way in process {row.owner.pid} on {row.owner.host}. Wait for it."
            )
        case _:
            pass
    if client is not None and client.place != row.place:
        raise InputError(f"{row.id} was begun with {row.place.service}, not with this client's {client.place.service}.")
    output = OutputFile(_target(row, path)) if row.kind == "export" else None
    if output is not None:
        await asyncio.to_thread(output.check)
    async with _whom_to_ask(row, client) as asked:
        if not await asyncio.to_thread(library.ledger.take_over, row.id):
            raise InputError(f"{row.id} was taken up by another program meanwhile.")
        async with _taken_over(row, keeper) as job:
            if output is None:
                return await _message(row, asked, library, job)
            return await _export(row, asked, library, keeper, job, output, show=show)


_KINDS: Final = {"upload": "an upload", "preview": "a preview"}


@asynccontextmanager
async def _whom_to_ask(row: Row, client: Client | None) -> AsyncIterator[Client]:
    if client is not None:
        yield client
        return
    if row.place.backend == "local" and row.place.service != f"local {__version__}":
        raise InputError(
            f"{row.id} was begun in the local studio of another version ({row.place.service}), which keeps its own "
            f"sessions. This is version {__version__}."
        )
    target = row.place.backend if row.place.backend in ("local", "cloud") else row.place.service
    async with connect(target) as own:
        if own.place != row.place:
            raise InputError(f"{row.id} was begun with {row.place.service}. Pass client=nemo.connect(…) with that one.")
        yield own


@asynccontextmanager
async def _taken_over(row: Row, keeper: Keeper) -> AsyncIterator[JobRecord]:
    """Write down how it ends; an error that tells nothing of the job leaves it to be taken up later."""
    job = JobRecord(keeper, row.id)
    try:
        yield job
    except BaseException as error:
        is_open = isinstance(error, _SAY_NOTHING_OF_IT)
        state = "unclear" if is_open else state_after(row.kind, error)
        await job.end(state, error=str(error) or type(error).__name__)
        raise


async def _done(row: Row, library: Library, keeper: Keeper, path: str | Path | None) -> Result:
    if row.kind == "message":
        kept = await asyncio.to_thread(library.ledger.answer_of, row.id)
        if kept is None:
            raise InputError(f"{row.id} is done, and its answer is not kept. Open its session to see the timeline.")
        return load_turn(kept, note="From the library; nothing was sent.")
    written = Path(row.path)
    if path is None and await asyncio.to_thread(written.is_file):
        return await asyncio.to_thread(Clip.of_file, written, backend=row.place.backend, prompt=row.text)
    if not await asyncio.to_thread(library.use, row.clip):
        raise InputError(f"{row.id} is done, and its clip is not kept any more. Export it again.")
    return await handed_out(
        row.clip, OutputFile(_target(row, path)), None, keeper, backend=row.place.backend, prompt=row.text
    )


async def _export(
    row: Row, client: Client, library: Library, keeper: Keeper, job: JobRecord, output: OutputFile, *, show: bool
) -> Clip:
    async def export(on_progress: Callable[[ExportProgress], None]) -> Clip:
        if await asyncio.to_thread(library.use, row.clip):
            return await handed_out(row.clip, output, job, keeper, backend=row.place.backend, prompt=row.text)
        wanted = await asyncio.to_thread(library.ledger.render, row.id)
        if wanted is None or not row.session_id:
            raise NothingToExportError("The export was interrupted before it began. Export the session again.")
        project = Project(client, row.task_name, None, row.session_id)

        async def ask_draft() -> Draft:
            draft = (await project.state()).draft
            if wanted.draft and draft_digest(draft.raw) != wanted.draft:
                raise InputError(
                    "The service does not have this render, and the timeline has been changed since it was asked for. "
                    "Nothing was rendered: export the session again as it is now."
                )
            if draft.is_empty:
                raise NothingToExportError("The timeline is empty, so there is nothing to export.")
            return draft

        render = Render(
            client.api,
            await client.links(),
            row.session_id,
            ask_draft,
            wanted.output,
            on_progress=on_progress,
            submitting=job.submitting,
            clock=client.clock,
            pace=await client.pace(),
            id=wanted.remote_id,
        )
        done = await render.rendered()
        return await delivered(render, done, output, job, keeper, backend=row.place.backend, prompt=row.text)

    return await (shown_export(export) if show else export(lambda now: None))


async def _message(row: Row, client: Client, library: Library, job: JobRecord) -> Turn:
    before = await asyncio.to_thread(library.ledger.before, row.id)
    if before is None or not row.session_id:
        await job.end("failed", error=_UNSENT)
        raise StreamBrokenError(_UNSENT)
    following = await asyncio.to_thread(library.ledger.next_before, row)
    if following is not None:  # what a later message changed is not this one's
        after, generated = Draft.parse(following.draft), following.generated
    else:
        state = await _changed_state(row, client, before)
        after, generated = state.draft, len(state.generated_media)
    if not _differs(after, generated, before):
        await job.end("failed", error=_UNCHANGED)  # known now, so it is not offered again
        raise StreamBrokenError(_UNCHANGED)
    changed = changes(Draft.parse(before.draft), after)
    text = in_words(changed, ()) or "A raw clip was generated: session.preview() fetches it."
    turn = Turn(text, (TextDelta(text),), changed, after, time.time() - row.began_at, note=_FOUND)
    await job.answered(turn)
    return turn


async def _changed_state(row: Row, client: Client, before: Before) -> State:
    """Ask for the state until it has changed and stays so; only once if the service has given the message up by now."""
    pace, project = await client.pace(), Project(client, row.task_name, None, row.session_id)
    state = await project.state_of(row.session_id, "look")
    for _ in range(RECOVERY_ASKS):
        if _differs(state.draft, len(state.generated_media), before) or time.time() - row.began_at > WHOLE_DEADLINE_S:
            break
        await client.clock.sleep(pace.recover_next_s)
        state = await project.state_of(row.session_id, "look")
    for _ in range(SETTLING_ASKS):
        if not _differs(state.draft, len(state.generated_media), before):
            break
        await client.clock.sleep(pace.settle_s)
        now = await project.state_of(row.session_id, "look")
        if not now.differs_from(state):
            break
        state = now
    return state


def _differs(draft: Draft, generated: int, before: Before) -> bool:
    return scrubbed(draft.raw) != before.draft or generated != before.generated


def _target(row: Row, path: str | Path | None) -> Path:
    """Return where the file goes: as asked for, but never over a file that is newer than the wish."""
    if path is not None:
        return Path(path)
    if not row.path:
        return free_name(row.text or row.task_name)
    asked = Path(row.path)
    if not asked.exists() or asked.stat().st_mtime <= row.began_at:
        return asked
    numbered = (asked.with_name(f"{asked.stem}-{count}{asked.suffix}") for count in range(2, 10_000))
    return next(file for file in numbered if not file.exists())
