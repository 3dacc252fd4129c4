"""A finished clip on its way to a person's file: into the library first, where it stays whatever happens next."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from nemo_widgets.client.clip import Clip, OutputFile
from nemo_widgets.client.keeper import Keeper
from nemo_widgets.client.recording import JobRecord
from nemo_widgets.client.render import Render, RenderStatus
from nemo_widgets.display import resolve
from nemo_widgets.errors import LibraryError, MediaError, OutputPathError
from nemo_widgets.library import Library
from nemo_widgets.library.clips import unwritable
from nemo_widgets.library.digests import digest_of


async def delivered(
    render: Render, done: RenderStatus, output: OutputFile, job: JobRecord, keeper: Keeper, *, backend: str, prompt: str
) -> Clip:
    """Fetch a finished render into `output`; where the library fails, straight into it.

    Raises
    ------
    OutputPathError
        The file cannot be written any more; the clip is kept.
    MediaError
        What came is no video.
    """
    kept = await _kept(render, done, keeper, backend=backend, prompt=prompt)
    if kept:
        await job.write(lambda ledger: ledger.clip_kept(job.id, kept))
        return await handed_out(kept, output, job, keeper, backend=backend, prompt=prompt)
    with _later_told(job), output as out:
        await render.write(done, out)
    return await _ended(output, job, keeper, backend=backend, prompt=prompt)


async def handed_out(
    digest: str, output: OutputFile, job: JobRecord | None, keeper: Keeper, *, backend: str, prompt: str
) -> Clip:
    """Copy a kept clip into `output`.

    Raises
    ------
    LibraryError
        It is not there any more, or damaged.
    OutputPathError
        The file cannot be written.
    """
    library = keeper.library
    if library is None:
        raise LibraryError("The library is switched off (NEMO_LIBRARY), so there is nothing to fetch from it.")
    with _later_told(job), output as out:
        await asyncio.to_thread(library.clips.write_to, digest, out)
    return await _ended(output, job, keeper, backend=backend, prompt=prompt)


@contextmanager
def _later_told(job: JobRecord | None) -> Iterator[None]:
    """Tell, of a clip that was rendered and cannot be written, that it is not lost."""
    try:
        yield
    except OutputPathError as error:
        if job is None:
            raise
        raise OutputPathError(
            f'{error} The clip is not lost: nemo.resume("{job.id}") fetches it, with path="…" to another place.'
        ) from error


async def _ended(output: OutputFile, job: JobRecord | None, keeper: Keeper, *, backend: str, prompt: str) -> Clip:
    aside = output.set_aside
    if aside is not None:  # the history goes on telling where that film is
        await keeper.do(partial(_moved, output.path, aside), None)
    clip = await asyncio.to_thread(Clip.of_file, output.path, backend=backend, prompt=prompt)
    if job is not None:
        await job.end("done", path=str(output.path))
    return clip


def _moved(old: Path, new: Path, library: Library) -> None:
    with suppress(OSError):  # its person has moved it on meanwhile
        library.ledger.moved(digest_of(new), str(old), str(new))


async def _kept(render: Render, done: RenderStatus, keeper: Keeper, *, backend: str, prompt: str) -> str:
    """Fetch a finished render into the library; return its digest, which is empty when that did not work."""
    library = keeper.library
    if library is None or not keeper.keeps_clips:
        return ""
    try:
        with library.clips.incoming() as part:
            with part.open("r+b") as out:
                await render.write(done, out)
            return await asyncio.to_thread(keep_file, library, part, backend=backend, prompt=prompt)
    except LibraryError as error:
        keeper.warn(error)
    except OSError as error:
        keeper.warn(unwritable(library.folder, error))
    return ""


async def kept_copy(file: Path, job: JobRecord, keeper: Keeper, *, backend: str, prompt: str) -> None:
    """Take a copy of a file into the library."""

    def copied(library: Library) -> str:
        with library.clips.incoming() as part:
            shutil.copyfile(file, part)
            return keep_file(library, part, backend=backend, prompt=prompt)

    digest = await keeper.do(copied, "") if keeper.keeps_clips else ""
    if digest:
        await job.write(lambda ledger: ledger.clip_kept(job.id, digest))


def keep_file(library: Library, part: Path, *, backend: str, prompt: str) -> str:
    """Take a file from the library's ``incoming`` in, with what can be read of it; return its digest."""
    facts: dict[str, Any] = {"backend": backend, "prompt": prompt}
    poster: bytes | None = None
    try:
        seen, poster = resolve("look")(part)
        facts |= {name: getattr(seen, name) for name in ("duration_s", "width", "height", "fps")}
    except MediaError:
        pass  # told where the file is handed out; what was paid for is kept whatever it is
    return library.keep(part, facts, poster).digest
