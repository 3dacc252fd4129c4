"""The ``%nemo`` and ``%%nemo`` magics: prompts and the common calls without writing Python."""

import difflib
import shlex
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from IPython.core.error import TryNext, UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments

from nemo_widgets.client import Client, Session, connect
from nemo_widgets.client.cassette import record
from nemo_widgets.client.history import history
from nemo_widgets.client.show import SUGGESTED_AS
from nemo_widgets.kernel import run
from nemo_widgets.protocol.suggestions import Suggestion
from nemo_widgets.widgets import Studio

_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class _Command:
    does: str
    do: Callable[["NemoMagics", Sequence[str], Namespace], object]
    takes: str = ""


@magics_class
class NemoMagics(Magics):
    """Keeps the sessions that the magics of one notebook talk through."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._shell = shell
        self._client: Client | None = None
        self._sessions: dict[str, Session] = {}

    @magic_arguments()
    @argument("words", nargs="*", metavar="COMMAND", help="%%nemo: one of the commands below, and what it takes")
    @argument("--into", metavar="NAME", help="keep the result in this variable instead of showing it")
    @argument(
        "--session", metavar="NAME", help="talk about this timeline: a name, or a variable with a Session or Studio"
    )
    @argument("--new", action="store_true", help="begin a new timeline first")
    @argument("--resolution", metavar="R", help="of an export: 360p, 480p, 540p, 720p or 1080p (default)")
    @argument("--fps", type=int, metavar="N", help="of an export: frames a second, 1 to 60")
    @argument("--quality", metavar="Q", help="of an export: high (default), normal or draft")
    @argument("--speed", type=float, metavar="X", help="of a recording that is replayed: 1 (default) is as it was")
    @line_cell_magic
    def nemo(self, line: str, cell: str | None = None) -> object:
        """Make a video: ``%%nemo`` sends the cell's text to the agent, ``%nemo COMMAND`` does the rest.

        The answer streams into the output. Stop, or interrupt, ends the work too.
        """
        asked = self._parsed(line)
        if asked.into and not asked.into.isidentifier():
            raise UsageError(f"--into {asked.into}: a variable's name has letters, digits and _ alone.")
        if cell is None:
            result = self._line(asked)
        else:
            prompt = "\n".join(part for part in (" ".join(asked.words), cell.strip()) if part)
            result = self._prompt(prompt, asked)
        if asked.into:
            self._shell.user_ns[asked.into] = result
            return None
        return None if cell is not None else result

    def session(self, asked: Namespace) -> Session:
        """Return the session that is meant, begun if need be."""
        name = asked.session or _DEFAULT
        found = self._shell.user_ns.get(name) if asked.session else None
        found = getattr(found, "session", found)
        if isinstance(found, Session) and not asked.new:
            return found
        if asked.new or name not in self._sessions:
            self._sessions[name] = self._connected().new_session()
        return self._sessions[name]

    def reconnect(self, target: str | None, speed: float) -> Client:
        """Talk to another service, or a recording, from now on; timelines stay where they are."""
        new = connect(target, speed=speed)
        self.close()
        self._client = new
        return new

    def close(self) -> None:
        """End all connections, and forget the timelines; sessions that a variable holds still work."""
        if self._client is not None:
            run(self._client.close())
        self._client = None
        self._sessions.clear()

    def complete(self, _shell: object, event: Any) -> list[str]:
        """Complete commands and options; file names are left to IPython."""
        words = event.text_until_cursor.split()
        begun = words[-1] if not event.text_until_cursor.endswith(" ") else ""
        if begun.startswith("-"):
            return [option for option in _options() if option.startswith(begun)]
        done = words[1:-1] if begun else words[1:]
        if done and done[-1] == "--resolution":
            return ["360p", "480p", "540p", "720p", "1080p"]
        if done and done[-1] == "--quality":
            return ["high", "normal", "draft"]
        if done and done[-1] == "--session":
            return [*self._sessions, *(name for name in self._shell.user_ns if self._has_session(name))]
        if event.command.startswith("%%") or any(word in COMMANDS for word in done):
            raise TryNext
        return [name for name in COMMANDS if name.startswith(begun)]

    def _has_session(self, name: str) -> bool:
        value = self._shell.user_ns[name]
        return not name.startswith("_") and isinstance(value, Session | Studio)

    def _connected(self) -> Client:
        if self._client is None:
            self._client = connect()
        return self._client

    def _parsed(self, line: str) -> Namespace:
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"A quotation mark is missing in: {line}") from error
        parsed: Namespace = self.nemo.parser.parse_intermixed_args(words)
        return parsed

    def _prompt(self, prompt: str, asked: Namespace) -> object:
        if not prompt:
            raise UsageError("The cell is empty, so nothing was sent. Write below %%nemo what the video should show.")
        before = SUGGESTED_AS.set(partial(_by_magic, asked.session))
        try:
            return run(self.session(asked).send(prompt))
        finally:
            SUGGESTED_AS.reset(before)

    def _line(self, asked: Namespace) -> object:
        if not asked.words:
            print(_overview())  # noqa: T201  what a person asked for
            return None
        name, *rest = asked.words
        command = COMMANDS.get(name)
        if command is None:
            near = difflib.get_close_matches(name.lower(), COMMANDS, n=1)
            advice = f"Did you mean %nemo {near[0]}?" if near else f"There are: {', '.join(COMMANDS)}."
            raise UsageError(f"%nemo {name} is no command. {advice} A prompt goes into a cell that begins with %%nemo.")
        if rest and not command.takes:
            raise UsageError(f"%nemo {name} takes nothing else, and got: {' '.join(rest)}")
        return command.do(self, rest, asked)


def _credits(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return run(magics.session(asked).client.credits())


def _status(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    session = magics.session(asked)
    draft = run(session.draft())
    if asked.into:
        return draft
    backend = session.client.backend
    drawn = ": drawn by a program, not by the AI" if backend == "local" else ""
    print(f"Backend: {backend}{drawn}\nSession: {session.id or 'not opened yet'}\n{draft.summary()}")  # noqa: T201
    return None


def _export(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    if len(words) > 1:
        raise UsageError(f"%nemo export writes one file, and got {len(words)} names. Put a name with blanks in quotes.")
    options = {name: value for name in ("resolution", "fps", "quality") if (value := getattr(asked, name)) is not None}
    return run(magics.session(asked).export(words[0] if words else None, **options))


def _tracks(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return run(magics.session(asked).tracks())


def _upload(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    if not words:
        raise UsageError("Which file? For example: %nemo upload holiday.mov")
    return run(magics.session(asked).upload(*words))


def _preview(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return run(magics.session(asked).preview())


def _history(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    only = magics.session(asked).id or "" if asked.session else None
    return history(text=" ".join(words) or None, session=only)


def _studio(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return Studio(magics.session(asked))


def _session(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return magics.session(asked)


def _connect(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    return magics.reconnect(words[0] if words else None, 1.0 if asked.speed is None else asked.speed)


def _record(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    if len(words) != 1:
        raise UsageError("Into which file? For example: %nemo record demo.nemo")
    return record(words[0])


def _stop(magics: NemoMagics, words: Sequence[str], asked: Namespace) -> object:
    path = record().stop()
    return path if asked.into else None  # what was recorded is told in a line


COMMANDS: Final[dict[str, _Command]] = {
    "credits": _Command("what the account has", _credits),
    "status": _Command("whom it talks to, and the timeline in one line", _status),
    "tracks": _Command("the timeline as a table", _tracks),
    "export": _Command("render the timeline to a file", _export, takes="[FILE]"),
    "preview": _Command("the newest raw clip, before any export", _preview),
    "upload": _Command("give the agent material: files or URLs", _upload, takes="FILE …"),
    "history": _Command("every job of this machine, with TEXT in its prompt", _history, takes="[TEXT]"),
    "studio": _Command("the same timeline as a widget", _studio),
    "session": _Command("the session, to go on with in Python", _session),
    "connect": _Command('talk to "local", "cloud", an address or a recording from now on', _connect, takes="[WHERE]"),
    "record": _Command("record what is said from now on", _record, takes="FILE"),
    "stop": _Command("end the recording, and write its file", _stop),
}


def _by_magic(session: str | None, found: Suggestion) -> str:
    """Return how something that was suggested is done here."""
    at = f" --session {session}" if session else ""
    match found.action:
        case "edit":
            # On one line, whatever the service wrote.
            return f"%%nemo{at} {' '.join(found.prompt.split()) or '…'}"
        case "upload":
            return f"%nemo upload clip.mp4{at}"
        case action:
            return f"%nemo {action}{at}"


def _overview() -> str:
    usages = [f"%nemo {name} {command.takes}".rstrip() for name, command in COMMANDS.items()]
    width = max(map(len, usages))
    lines = [f"{usage:{width}}  {command.does}" for usage, command in zip(usages, COMMANDS.values(), strict=True)]
    return "\n".join([*lines, f"{'%%nemo':{width}}  send the cell's text to the agent", "", "Options: %nemo?"])


def _options() -> list[str]:
    actions = NemoMagics.nemo.parser._actions
    return [option for action in actions for option in action.option_strings if option.startswith("--")]


NemoMagics.nemo.__doc__ = f"{NemoMagics.nemo.__doc__ or ''}\n\ncommands:\n{_overview()}\n"


def register(shell: Any) -> None:
    """Add the magics to an IPython shell, as ``%load_ext nemo_widgets`` does."""
    magics = NemoMagics(shell)
    shell.register_magics(magics)
    for begin in ("%nemo", "%%nemo"):
        shell.set_hook("complete_command", magics.complete, str_key=begin)
