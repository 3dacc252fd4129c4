"""What ``%nemo COMMAND`` can do: a table of commands, and a function for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from IPython.core.error import UsageError

from nemo_widgets.client import Client
from nemo_widgets.client.cassette import current, record
from nemo_widgets.client.history import history
from nemo_widgets.client.resume import resume
from nemo_widgets.commands.since import moment
from nemo_widgets.kernel import run
from nemo_widgets.magics.timelines import Timelines, where
from nemo_widgets.widgets import Studio

if TYPE_CHECKING:
    from nemo_widgets.client import Session
    from nemo_widgets.magics.options import Asked


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    Attributes
    ----------
    does : str
        What it does, for the list of commands.
    do : callable
        Does it; what it returns is shown.
    takes : str
        What follows its name; empty for nothing.
    files : tuple of str
        The endings of the files that it takes; ``"*"`` is any. Empty for none.
    options : tuple of str
        Its own options, beside those that all have.
    """

    does: str
    do: "Callable[[Timelines, Sequence[str], Asked], object]"
    takes: str = ""
    files: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def session_of(timelines: Timelines, asked: "Asked") -> "Session":
    """Return the session that a line speaks of, begun if need be."""
    return timelines.session(asked.session, new=asked.new)


def _credits(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    return run(session_of(timelines, asked).client.credits())


def _status(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    session = session_of(timelines, asked)
    draft = run(session.draft())
    if asked.into:
        return draft
    name = timelines.name_of(session)
    of = f"{name}, " if name else ""
    print(  # noqa: T201  what a person asked for
        f"Works {where(session.client)}.\nSession: {of}{session.id or 'not opened yet'}\n{draft.summary()}"
    )
    return None


def _export(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    if len(words) > 1:
        raise UsageError(f"%nemo export writes one file, and got {len(words)} names. Put a name with blanks in quotes.")
    return run(session_of(timelines, asked).export(words[0] if words else None, **asked.rendering()))


def _tracks(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    return run(session_of(timelines, asked).tracks())


def _upload(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    if not words:
        raise UsageError("Which file? For example: %nemo upload holiday.mov")
    return run(session_of(timelines, asked).upload(*words))


def _preview(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    return run(session_of(timelines, asked).preview())


def _history(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    only = session_of(timelines, asked).id or "" if asked.session else None
    since = None if asked.since is None else moment(asked.since)
    return history(text=" ".join(words) or None, session=only, since=since)


def _resume(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    if len(words) > 1:
        raise UsageError("%nemo resume takes one job, or none for all: %nemo history lists them.")
    return run(resume(words[0] if words else None)) or None


def _cancel(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    meant = [session_of(timelines, asked)] if asked.session else timelines.all()
    busy = [session for session in meant if session.is_busy]
    for session in busy:
        run(session.cancel())
    done = f"Stopped on {len(busy)} timeline{'' if len(busy) == 1 else 's'}."
    print(done if busy else "Nothing is under way here.")  # noqa: T201  what became of it
    return None


def _studio(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    return Studio(session_of(timelines, asked))


def _session(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    return session_of(timelines, asked)


def _connect(timelines: Timelines, words: Sequence[str], asked: "Asked") -> Client:
    if len(words) > 1:
        raise UsageError("%nemo connect takes one place. Put the name of a file with blanks in quotes.")
    return timelines.connect(words[0] if words else None, 1.0 if asked.speed is None else asked.speed)


def _record(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    if len(words) != 1:
        raise UsageError("Into which file? For example: %nemo record demo.nemo")
    if (running := current()) is not None:
        raise UsageError(f"{running.path.name} is being recorded already. %nemo stop ends that, and writes the file.")
    return record(words[0])


def _stop(timelines: Timelines, words: Sequence[str], asked: "Asked") -> object:
    running = current()
    if running is None:
        raise UsageError(
            "Nothing is being recorded: %nemo record demo.nemo begins. What is under way is stopped by %nemo cancel."
        )
    path = running.stop()
    return path if asked.into else None  # what was recorded is told in a line


_VIDEO: Final = (".mp4", ".mov", ".avi", ".webm", ".mkv")
_MATERIAL: Final = (*_VIDEO, ".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp3", ".wav", ".m4a", ".aac")

COMMANDS: Final[dict[str, Command]] = {
    "credits": Command("what the account has", _credits),
    "status": Command("whom it talks to, and the timeline in one line", _status),
    "tracks": Command("the timeline as a table", _tracks),
    "export": Command(
        "render the timeline to a file",
        _export,
        takes="[FILE]",
        files=(".mp4",),
        options=("--resolution", "--fps", "--quality"),
    ),
    "preview": Command("the newest raw clip, before any export", _preview),
    "upload": Command("give the agent material: files or URLs", _upload, takes="FILE …", files=_MATERIAL),
    "history": Command(
        "every job of this machine, with TEXT in its prompt", _history, takes="[TEXT]", options=("--since",)
    ),
    "resume": Command("take up what was left unfinished, or one job", _resume, takes="[JOB]"),
    "cancel": Command("stop the answers and exports that are under way", _cancel),
    "studio": Command("the same timeline as a widget", _studio),
    "session": Command("the session, to go on with in Python", _session),
    "connect": Command(
        'talk to "local", "cloud", an address or a recording from now on',
        _connect,
        takes="[WHERE]",
        files=(".nemo",),
        options=("--speed",),
    ),
    "record": Command("record what is said from now on", _record, takes="FILE", files=(".nemo",)),
    "stop": Command("end the recording, and write its file", _stop),
}
