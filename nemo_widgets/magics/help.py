"""What ``%nemo``, ``%nemo help`` and ``%nemo?`` tell."""

import difflib
from collections.abc import Iterable

from IPython.core.error import UsageError

from nemo_widgets.client import Session
from nemo_widgets.magics.commands import COMMANDS, Command
from nemo_widgets.magics.options import OPTIONS, Option, options_of
from nemo_widgets.magics.timelines import Timelines, where


def overview() -> str:
    """Return all commands and options, a line each."""
    commands = [
        ("%%nemo [PROMPT]", "send the prompt, and the lines below it, to the agent"),
        *((usage(name, command), command.does) for name, command in COMMANDS.items()),
        ("%nemo help [COMMAND]", "this help, or that of one command"),
    ]
    return f"{_table(commands)}\n\nOptions:\n{_table(_lines(OPTIONS))}"


def of_command(name: str) -> str:
    """Return what one command does, and its options.

    Raises
    ------
    UsageError
        There is no such command.
    """
    command = known(name)
    return f"{usage(name, command)}\n  {command.does}\n\nOptions:\n{_table(_lines(options_of(name)))}"


def known(name: str) -> Command:
    """Return the command of a name.

    Raises
    ------
    UsageError
        There is none.
    """
    if name in COMMANDS:
        return COMMANDS[name]
    near = difflib.get_close_matches(name.lower(), [*COMMANDS, "help"], n=1)
    advice = f"Did you mean %nemo {near[0]}?" if near else "%nemo help lists them."
    raise UsageError(f"%nemo {name} is no command. {advice} A prompt goes into a cell that begins with %%nemo.")


def usage(name: str, command: Command) -> str:
    """Return how a command is written."""
    return f"%nemo {name} {command.takes}".rstrip()


def at_hand(timelines: Timelines) -> str:
    """Return a line that tells whose timeline the magics speak of now."""
    found = timelines.at_hand()
    if found is None:
        return "Not connected yet: the first call connects, and Python has it as client and session."
    if not isinstance(found, Session):
        return f"The next call begins a timeline {where(found)}."
    return f"On the timeline of {timelines.name_of(found) or 'the newest widget'}, {where(found.client)}."


def _lines(options: Iterable[Option]) -> list[tuple[str, str]]:
    return [(option.usage, option.says + _whose(option)) for option in options]


def _whose(option: Option) -> str:
    return f" (of {', '.join(f'%nemo {name}' if name else '%%nemo' for name in option.of)})" if option.of else ""


def _table(rows: list[tuple[str, str]]) -> str:
    width = max(len(left) for left, _ in rows)
    return "\n".join(f"  {left:{width}}  {right}" for left, right in rows)
