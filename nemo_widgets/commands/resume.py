"""``nemo-widgets resume``: takes up what was left unfinished."""

import argparse
import sys
from pathlib import Path
from typing import Any

from nemo_widgets import kernel
from nemo_widgets.commands.wording import in_shell
from nemo_widgets.errors import NemoError
from nemo_widgets.terminal import plain, write


def add_to(commands: Any) -> None:
    """Add the command to the program's."""
    resume = commands.add_parser(
        "resume",
        help="take up exports and messages that were left unfinished",
        description="Fetch exports that were left unfinished, and look what became of messages. Nothing is sent twice.",
        epilog="Exit code 1 when one of them has no result.",
    )
    resume.add_argument("job", nargs="?", metavar="JOB", help="as the history names it (default: all that can be)")
    resume.add_argument("--out", type=Path, metavar="FILE", help="where the file of this export goes")
    resume.set_defaults(command=_resume)


def _resume(options: argparse.Namespace) -> None:
    from nemo_widgets.client.history import unfinished
    from nemo_widgets.client.resume import resume

    if options.job is not None or options.out is not None:
        _tell(options.job, kernel.run(resume(options.job, path=options.out)))
        return
    left = unfinished()
    if not left:
        write(sys.stdout, "Nothing was left unfinished.\n")
    failed = 0
    for job in left:
        try:
            _tell(job.id, kernel.run(resume(job.id)))
        except NemoError as error:
            failed += 1
            write(sys.stderr, f"{job.id}: {plain(in_shell(str(error)))}\n")
    if failed:
        sys.exit(1)


def _tell(job: str, result: object) -> None:
    from nemo_widgets.client import Clip

    if isinstance(result, Clip):
        write(sys.stdout, f"{job}: {plain(str(result.path))} ({result.size_bytes / 1e6:.1f} MB)\n")
    else:
        write(sys.stdout, f"{job}: its answer is shown above.\n")
