"""What is written behind ``%nemo`` and ``%%nemo``: options, and the rest as words or as a prompt."""

import difflib
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from IPython.core.error import UsageError


@dataclass(frozen=True, slots=True)
class Option:
    """An option.

    Attributes
    ----------
    name : str
        With its two dashes.
    says : str
        What it is for.
    takes : str
        What follows it; empty for nothing.
    of : tuple of str
        The commands that have it, ``""`` for ``%%nemo``; empty for all.
    values : tuple of str
        What can follow it, when that is known.
    """

    name: str
    says: str
    takes: str = ""
    of: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """What is written."""
        return f"{self.name} {self.takes}".rstrip()


OPTIONS: Final = (
    Option("--into", "keep the result in this variable instead of showing it", "NAME"),
    Option("--session", "speak of this timeline: a variable with a Session or a Studio, or a new one", "NAME"),
    Option("--new", "begin a new timeline first"),
    Option("--reuse", "answer from the library, for nothing, when the same was asked before", of=("",)),
    Option(
        "--resolution",
        "1080p (default), 720p, 540p, 480p or 360p",
        "R",
        ("export",),
        ("1080p", "720p", "540p", "480p", "360p"),
    ),
    Option("--fps", "frames a second, 1 to 60", "N", ("export",)),
    Option("--quality", "high (default), normal or draft", "Q", ("export",), ("high", "normal", "draft")),
    Option(
        "--since",
        "from then on: today, yesterday, 7d, 12h or 2026-05-03",
        "WHEN",
        ("history",),
        ("today", "yesterday", "7d", "30d"),
    ),
    Option("--speed", "of a recording: 1 (default) is as it was", "X", ("connect",), ("1", "2", "4", "10")),
    Option("--help", "this help"),
)
_BY_NAME: Final = {option.name: option for option in OPTIONS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, understood.

    Attributes
    ----------
    words : tuple of str
        Of a line: the command and what it takes.
    prompt : str
        Of a cell: what its first line says beside the options.
    into, session, resolution, quality, since : str or None
        The options of these names.
    fps, speed : int and float, or None
        The options of these names.
    new, reuse, help : bool
        The options of these names.
    """

    words: tuple[str, ...] = ()
    prompt: str = ""
    into: str | None = None
    session: str | None = None
    resolution: str | None = None
    quality: str | None = None
    since: str | None = None
    fps: int | None = None
    speed: float | None = None
    new: bool = False
    reuse: bool = False
    help: bool = False

    def rendering(self) -> dict[str, Any]:
        """Return the options of an export that were given."""
        given = {"resolution": self.resolution, "fps": self.fps, "quality": self.quality}
        return {name: value for name, value in given.items() if value is not None}


def of_line(line: str) -> Asked:
    """Understand what is written behind ``%nemo``.

    Raises
    ------
    UsageError
        It cannot be.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"A quotation mark is missing in: {line}") from error
    options, rest = _parted(words)
    command = rest[0] if rest else "help"
    return Asked(words=tuple(rest), **_values(options, command))  # type: ignore[arg-type]


def of_cell(line: str) -> Asked:
    """Understand what is written behind ``%%nemo``; what is no option is the prompt's beginning, as it was written.

    Raises
    ------
    UsageError
        An option is none, or is wrong.
    """
    pieces = re.split(r"(\s+)", line.strip())
    words, blanks = pieces[::2], pieces[1::2]
    options, _ = _parted(words)
    taken: set[int] = set()
    for place in _places(words):
        taken |= place
    prompt = "".join(
        word + (blanks[at] if at < len(blanks) else "") for at, word in enumerate(words) if at not in taken
    )
    return Asked(prompt=prompt.strip(), **_values(options, ""))  # type: ignore[arg-type]


def options_of(command: str) -> list[Option]:
    """Return the options that a command has; ``""`` is ``%%nemo``."""
    return [option for option in OPTIONS if not option.of or command in option.of]


def _places(words: Sequence[str]) -> Iterator[set[int]]:
    """Give where options are, each with what follows it."""
    at = 0
    while at < len(words):
        option = _option(words[at])
        length = 2 if option is not None and option.takes and "=" not in words[at] else 1
        if option is not None:
            yield set(range(at, min(at + length, len(words))))
        at += length


def _parted(words: Sequence[str]) -> tuple[list[tuple[Option, str]], list[str]]:
    taken: set[int] = set()
    options = []
    for place in _places(words):
        taken |= place
        written, value = words[min(place)], words[max(place)]
        option = _option(written)
        assert option is not None, "only options have a place"
        if "=" in written:
            value = written.partition("=")[2]
        elif option.takes and len(place) == 1:
            raise UsageError(f"{option.usage}: {option.takes} is missing.")
        options.append((option, value))
    return options, [word for at, word in enumerate(words) if at not in taken]


def _option(word: str) -> Option | None:
    """Return the option that a word is, if it is one; a prompt may have dashes between its words."""
    if word != "-h" and not re.match(r"--[A-Za-z]", word):
        return None
    name = "--help" if word == "-h" else word.partition("=")[0]
    if name in _BY_NAME:
        return _BY_NAME[name]
    near = difflib.get_close_matches(name.lower(), _BY_NAME, n=1)
    raise UsageError(f"{name} is no option. {f'Did you mean {near[0]}?' if near else '%nemo help lists all.'}")


def _values(options: Sequence[tuple[Option, str]], command: str) -> dict[str, object]:
    values: dict[str, object] = {}
    for option, said in options:
        if option not in options_of(command) and command != "help":
            whose = " and ".join(f"%nemo {name}" if name else "%%nemo" for name in option.of)
            raise UsageError(f"{option.name} goes with {whose} alone.")
        values[option.name.removeprefix("--")] = _value(option, said)
    return values


def _value(option: Option, said: str) -> object:
    if not option.takes:
        return True
    if option.name in ("--into", "--session") and not said.isidentifier():
        raise UsageError(f"{option.name} {said}: a variable's name has letters, digits and _ alone.")
    try:
        return int(said) if option.name == "--fps" else float(said) if option.name == "--speed" else said
    except ValueError:
        raise UsageError(f"{option.usage}: {said} is no number.") from None
