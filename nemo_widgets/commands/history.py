"""``nemo-widgets history``: what this machine has run."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from nemo_widgets.commands.since import moment
from nemo_widgets.library.records import KINDS, STATES, JobRecord
from nemo_widgets.terminal import cut, plain, width, write

_LAST: Final = 20
_NARROWEST: Final = 24
_WHEN_PIPED: Final = 160


def add_to(commands: Any) -> None:
    """Add the command to the program's."""
    history = commands.add_parser(
        "history",
        help="list what was made on this machine, and what can be taken up",
        description="List messages, uploads, exports and previews of this machine, oldest first.",
    )
    history.add_argument(
        "--last", type=_count, metavar="N", help=f"so many of them (default: {_LAST}, with --csv all; 0: all)"
    )
    history.add_argument("--kind", action="append", choices=KINDS, help="only these; may be given more than once")
    history.add_argument("--state", action="append", choices=STATES, help="only these; may be given more than once")
    history.add_argument("--session", metavar="ID", help="only of this session")
    history.add_argument(
        "--since", metavar="WHEN", help='only from then on: today, yesterday, 7d, 12h, 2026-05-03 or "2026-05-03 14:00"'
    )
    history.add_argument("--text", metavar="WORDS", help="only with these words in the prompt")
    history.add_argument("--csv", action="store_true", help="all columns, for a spreadsheet or another program")
    history.set_defaults(command=_history)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number: give 0 or more")
    return int(text)


def _history(options: argparse.Namespace) -> None:
    from nemo_widgets.client.history import history, jobs

    asked = {
        "session": options.session,
        "kind": options.kind,
        "state": options.state,
        "since": None if options.since is None else moment(options.since),
        "text": options.text,
    }
    if options.csv:
        everything = history(**asked)
        write(sys.stdout, everything.tail(options.last or len(everything)).to_csv(index=False))
        return
    found = jobs(**asked)
    last = _LAST if options.last is None else options.last
    shown = found[-last:] if last else found
    if not found:
        write(sys.stdout, f"{_nothing(any(asked.values()))}\n")
        return
    write(sys.stdout, table(shown, _columns()))
    if len(found) > len(shown):
        write(sys.stdout, f"{len(found) - len(shown)} earlier ones: --last 0 shows all.\n")
    open_count = sum(job.can_be_resumed for job in shown)
    if open_count:
        them = "it" if open_count == 1 else "them"
        write(sys.stdout, f"{open_count} left unfinished: nemo-widgets resume takes {them} up.\n")


def _nothing(any_asked: bool) -> str:
    from nemo_widgets.client.keeper import own_keeper

    if own_keeper().library is None:
        return "NEMO_LIBRARY is off, so no history is kept."
    return f"The history has nothing {'like that' if any_asked else 'yet'}."


def table(jobs: Sequence[JobRecord], columns: int) -> str:
    """Return jobs as lines that have room in a terminal.

    Parameters
    ----------
    jobs : sequence of JobRecord
        At least one.
    columns : int
        How wide the terminal is; the prompts are cut.
    """
    head = ("JOB", "BEGAN", "STATE", "TOOK", "CREDITS", "PROMPT OR FILE")
    rows = [head, *map(_row, jobs)]
    widths = [max(width(row[place]) for row in rows) for place in range(len(head) - 1)]
    left = max(_NARROWEST, columns - sum(widths) - 2 * len(widths))
    lines = []
    for row in rows:
        cells = [_padded(row[place], wide, right=place in (3, 4)) for place, wide in enumerate(widths)]
        lines.append("  ".join([*cells, _short(row[-1], left)]).rstrip())
    return "\n".join(lines) + "\n"


def _row(job: JobRecord) -> tuple[str, str, str, str, str, str]:
    began = datetime.fromtimestamp(job.began_at).strftime("%Y-%m-%d %H:%M")
    took = "" if job.ended_at is None else _took(max(0.0, job.ended_at - job.began_at))
    spent = "" if job.credits_spent is None else f"{job.credits_spent:g}"
    said = job.path if job.kind in ("export", "preview") and job.path else job.text
    return job.id, began, job.shown_state, took, spent, plain(" ".join(said.split()))


def _took(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def _padded(cell: str, wide: int, *, right: bool) -> str:
    room = " " * (wide - width(cell))
    return room + cell if right else cell + room


def _short(text: str, columns: int) -> str:
    return text if width(text) <= columns else f"{cut(text, columns - 1)}…"


def _columns() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WHEN_PIPED
