"""``nemo-widgets doctor``: whether this machine has what is needed, and whether what is kept on it is whole."""

import argparse
import sys
from typing import Any, Final

from nemo_widgets.commands.findings import Finding
from nemo_widgets.terminal import plain, write

_MARKS: Final = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}


def add_to(commands: Any) -> None:
    """Add the command to the program's."""
    doctor = commands.add_parser(
        "doctor",
        help="check this installation, and what is kept on this machine",
        description="Check Python, the packages, the settings, the local studio, the history and the disk. Nothing is "
        "changed, nothing is sent, and no token is shown.",
        epilog="Exit code 1 when there is a problem.",
    )
    doctor.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace) -> None:
    from nemo_widgets.commands.checking import all_findings

    problems = 0
    for finding in all_findings():
        problems += finding.level == "problem"
        write(sys.stdout, f"{_MARKS[finding.level]}{in_lines(finding)}\n")
    if problems:
        write(sys.stdout, f"\n{problems} problem{'' if problems == 1 else 's'} found.\n")
        sys.exit(1)
    write(sys.stdout, "\nNo problem found.\n")


def in_lines(finding: Finding) -> str:
    """Return a finding with its advice below it."""
    advice = f"\n{' ' * 8}→ {finding.advice}" if finding.advice else ""
    return plain(f"{finding.words}{advice}")
