"""An export that was left unfinished: asked for by the id that it was submitted under, then fetched."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from nemo_widgets.client.client import Client
from nemo_widgets.client.clip import Clip, OutputFile, free_name, free_path
from nemo_widgets.client.delivery import delivered, handed_out
from nemo_widgets.client.keeper import Keeper
from nemo_widgets.client.project import Project
from nemo_widgets.client.recording import JobRecord
from nemo_widgets.client.render import ExportProgress, Render
from nemo_widgets.client.show import shown_export
from nemo_widgets.errors import InputError, NothingToExportError
from nemo_widgets.library import JobRecord as Row
from nemo_widgets.library import Library
from nemo_widgets.library.digests import digest_of, draft_digest
from nemo_widgets.library.records import RenderRecord
from nemo_widgets.protocol.draft import Draft


async def finished_clip(
    row: Row, client: Client, library: Library, keeper: Keeper, job: JobRecord, output: OutputFile, *, show: bool
) -> Clip:
    """Return the clip of an export: from the library, from the service, or rendered now if it never was.

    Raises
    ------
    NothingToExportError
        There is no timeline.
    InputError
        The service does not have it, and what it would render now is another timeline.
    """

    async def export(on_progress: Callable[[ExportProgress], None]) -> Clip:
        if await asyncio.to_thread(library.use, row.clip):
            return await handed_out(row.clip, output, job, keeper, backend=row.place.backend, prompt=row.text)
        wanted = await asyncio.to_thread(library.ledger.render, row.id)
        if wanted is None or not row.session_id:
            raise NothingToExportError("The export was interrupted before it began. Export the session again.")
        project = Project(client, row.task_name, None, row.session_id)
        render = Render(
            client.api,
            await client.links(),
            row.session_id,
            lambda: _draft(project, wanted),
            wanted.output,
            on_progress=on_progress,
            submitting=job.submitting,
            clock=client.clock,
            pace=await client.pace(),
            id=wanted.remote_id,
        )
        done = await render.rendered()
        return await delivered(render, done, output, job, keeper, backend=row.place.backend, prompt=row.text)

    return await (shown_export(export, output) if show else export(lambda now: None))


async def _draft(project: Project, wanted: RenderRecord) -> Draft:
    draft = (await project.state()).draft
    if wanted.draft and draft_digest(draft.raw) != wanted.draft:
        raise InputError(
            "The service does not have this render, and the timeline has been changed since it was asked for. Nothing "
            "was rendered: export the session again as it is now."
        )
    if draft.is_empty:
        raise NothingToExportError("The timeline is empty, so there is nothing to export.")
    return draft


def target(row: Row, path: str | Path | None) -> Path:
    """Return where the file of an export goes: as asked for, but never over a file that is newer than the wish.

    A kernel may have ended after the file was in its place and before that was written down: that file is the clip.

    Parameters
    ----------
    row : JobRecord
        The export.
    path : path or None
        What was asked for now.
    """
    if path is not None:
        return Path(path)
    if not row.path:
        return free_name(row.text or row.task_name)
    asked = Path(row.path)
    try:
        is_ours = asked.stat().st_mtime <= row.began_at or (row.clip != "" and digest_of(asked) == row.clip)
    except OSError:
        is_ours = False
    return asked if is_ours else free_path(asked)
