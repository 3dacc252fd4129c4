"""``nemo-widgets clean``: makes room in the library."""

import argparse
import sys
from typing import Any

from nemo_widgets.errors import InputError
from nemo_widgets.library import Cleaning
from nemo_widgets.terminal import write

_DAY_S = 86_400.0


def add_to(commands: Any) -> None:
    """Add the command to the program's."""
    clean = commands.add_parser(
        "clean",
        help="delete kept clips that nobody uses, to make room",
        description="Delete kept clips that are not in use, while the library is over its limit, and half-finished "
        "downloads. A clip is in use for 30 days after it was made or last fetched, and while its job is unfinished. "
        "The history stays, and so do the files that were exported.",
    )
    clean.add_argument(
        "--unused-for", type=_days, metavar="DAYS", help="every clip that nobody has used for so many days; 0: all"
    )
    clean.add_argument(
        "--forget", action="append", default=[], metavar="JOB", help="take this job out of the history; may be repeated"
    )
    clean.add_argument("--dry-run", action="store_true", help="delete nothing, only tell")
    clean.set_defaults(command=_clean)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days: give 0 or more")
    return days


def _clean(options: argparse.Namespace) -> None:
    from nemo_widgets.client.keeper import own_keeper

    library = own_keeper().library
    if library is None or not library.exists:
        write(sys.stdout, "Nothing is kept here, so there is nothing to delete.\n")
        return
    if options.forget:
        known = [job for job in options.forget if library.ledger.job(job) is not None]
        for job in options.forget:
            if job not in known:
                raise InputError(f"The history has no job {job!r}. nemo-widgets history lists them; nothing was done.")
        if not options.dry_run:
            library.forget(*known)
        would = "Would take" if options.dry_run else "Took"
        write(sys.stdout, f"{would} {len(known)} job{'' if len(known) == 1 else 's'} out of the history.\n")
    unused_for_s = None if options.unused_for is None else options.unused_for * _DAY_S
    done = library.clean(unused_for_s=unused_for_s, dry_run=options.dry_run)
    write(sys.stdout, f"{in_words(done, library.max_bytes, dry_run=options.dry_run)}\n")


def in_words(done: Cleaning, max_bytes: int, *, dry_run: bool) -> str:
    """Return what was deleted, or would be, and what is left."""
    left_bytes = done.size_bytes - done.freed_bytes
    left = f"{left_bytes / 1e6:,.1f} MB of {max_bytes / 1e6:,.0f} MB"
    parts = [
        f"{count} {what}{'' if count == 1 else 's'}"
        for count, what in ((len(done.clips), "clip"), (len(done.abandoned), "half-finished download"))
        if count
    ]
    if not parts:
        return f"Nothing to delete: the library takes up {left}."
    freed = f"{' and '.join(parts)}, {done.freed_bytes / 1e6:,.1f} MB"
    return f"Would delete {freed}; {left} would be left." if dry_run else f"Deleted {freed}; {left} are left."
