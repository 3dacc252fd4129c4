"""What `doctor` looks at: the history, and the disk that it lies on. Nothing is changed."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nemo_widgets import settings
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.commands.findings import Finding, counted, note, ok, problem
from nemo_widgets.library import Library
from nemo_widgets.library.filesystem import is_network, kind_of

_LITTLE_BYTES: Final = 1_000_000_000
_JOURNALS: Final = {"wal": "a write-ahead log", "delete": "a rollback journal"}


def ledger() -> Iterator[Finding]:
    """Look at the history: whether it is whole, how it is written, what is unfinished."""
    library = own_keeper().library
    if library is None:
        yield note("NEMO_LIBRARY is off: no history and no clips are kept.")
        return
    if not library.exists:
        yield ok(f"Nothing was kept yet. The history will be in {library.folder}.")
        return
    wrong = library.database.problems()
    if wrong:
        yield problem(
            f"The history ({library.database.file}) is damaged: {'; '.join(wrong[:3])}",
            "Use it once, as with nemo-widgets history: what can be read is saved, and the damaged file is kept aside.",
        )
        return
    jobs = library.ledger.jobs()
    how = _JOURNALS.get(library.database.journal(), library.database.journal())
    yield ok(f"The history is whole: {counted(len(jobs), 'job')} in {library.database.file}, written with {how}.")
    open_count = sum(job.can_be_resumed for job in jobs)
    if open_count:
        were = "was" if open_count == 1 else "were"
        yield note(f"{open_count} of them {were} left unfinished.", "nemo-widgets resume")
    yield from _readable_by_others(library)
    aside = sorted(library.folder.glob("*.damaged-????????-??????*"))
    if aside:
        yield note(
            f"Damaged files were put aside: {', '.join(file.name for file in aside)}", "Delete them when you like."
        )
    yield from _clips(library)


def _clips(library: Library) -> Iterator[Finding]:
    known = library.all_clips()
    missing = [clip for clip in known if not library.clips.has(clip.digest)]
    if missing:
        yield note(f"{len(missing)} of {len(known)} kept clips are gone from disk.", "nemo-widgets clean forgets them.")
    size_bytes, max_bytes = library.clips.size_bytes(), library.max_bytes
    words = f"{counted(len(known), 'clip')} kept: {size_bytes / 1e6:,.1f} MB of {max_bytes / 1e6:,.0f} MB."
    if size_bytes > 0.9 * max_bytes:
        yield note(words, "Make room with nemo-widgets clean --unused-for 7, or set NEMO_LIBRARY_MAX_BYTES.")
    else:
        yield ok(words)


def _readable_by_others(library: Library) -> Iterator[Finding]:
    if os.name != "posix":
        return
    open_to = [file for file in (library.folder, library.database.file) if stat.S_IMODE(file.stat().st_mode) & 0o077]
    for file in open_to:
        yield problem(f"Others on this machine may look into {file}.", f"chmod go= '{file}'")


def disk() -> Iterator[Finding]:
    """Look at the disk of a person's data."""
    folder = settings.data_dir()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        yield problem(f"The folder {there} cannot be written, so nothing can be kept.", "Whose is it?")
        return
    free_bytes, kind = shutil.disk_usage(there).free, kind_of(there)
    where = f"{folder} ({kind or 'unknown kind'}{', over the network' if is_network(kind) else ''})"
    words = f"{free_bytes / 1e9:,.1f} GB are free for {where}."
    if free_bytes < _LITTLE_BYTES:
        yield problem(words, "Make room on this disk: an export may not fit any more.")
    else:
        yield ok(words)
    used = [f"{name} {size / 1e6:,.1f} MB" for name, size in _sizes(folder) if size]
    if used:
        yield ok(f"In use there: {', '.join(used)}.")


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    yield "library", _size_bytes(folder / "library")
    yield "comparisons", _size_bytes(folder / "sweeps")
    yield "local studio", _size_bytes(settings.studio_state_dir())
    yield "previews", _size_bytes(settings.cache_dir())


def _size_bytes(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return total
