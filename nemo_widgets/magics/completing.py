"""What Tab offers behind ``%nemo`` and ``%%nemo``: commands, options, their values, and files; nothing of Python's."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from nemo_widgets.magics.commands import COMMANDS
from nemo_widgets.magics.options import OPTIONS, options_of
from nemo_widgets.magics.timelines import Timelines

_MATCHER: Final = "nemo_widgets.magics"
_BEGIN: Final = re.compile(r"(?s)\s*(?:\w+\s*=\s*)?(%%?)nemo(?=\s|$)")
_WORD: Final = re.compile(r"""(?:\\.|"[^"]*"?|'[^']*'?|[^\s"'\\])+""")


def register(shell: Any, timelines: Timelines) -> None:
    """Let a shell complete the magics; those that were registered before are forgotten."""

    @context_matcher(identifier=_MATCHER)
    def match(context: CompletionContext) -> SimpleMatcherResult:
        return matched(context.full_text, context.cursor_line, context.cursor_position, timelines)

    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != _MATCHER]
    matchers.append(match)


def matched(text: str, line: int, column: int, timelines: Timelines) -> SimpleMatcherResult:
    """Return what is offered at a place of a cell; of a cell that isn't ours nothing.

    Parameters
    ----------
    text : str
        All of the cell.
    line, column : int
        Where the cursor is, from 0.
    timelines : Timelines
        What ``--session`` can name.
    """
    lines = text.split("\n")
    first = next((number for number, each in enumerate(lines) if each.strip()), 0)
    is_prompt = line > first and (begun := _BEGIN.match(lines[first])) is not None and begun[1] == "%%"
    before = lines[line][:column]
    begun = _BEGIN.match(before)
    if is_prompt:
        fragment = re.split(r"\s", before)[-1]
        return _result([fragment], fragment)  # the agent's words, not Python's: what is there stays as it is
    if begun is None or before == begun[0]:  # the magic's own name is IPython's to complete
        return {"completions": []}
    fragment, offered = _offered(before[begun.end() :], is_cell=begun[1] == "%%", timelines=timelines)
    return _result(offered or [fragment], fragment)


def _result(offered: Sequence[str], fragment: str) -> SimpleMatcherResult:
    # With nothing of its own a matcher cannot keep the others quiet, so what is written is offered as it is.
    return SimpleMatcherResult(
        completions=[SimpleCompletion(text, type="magic") for text in offered],
        matched_fragment=fragment,
        ordered=True,
        suppress=True,
    )


def _offered(behind: str, *, is_cell: bool, timelines: Timelines) -> tuple[str, list[str]]:
    written = [*_WORD.finditer(behind)]
    is_open = bool(written) and written[-1].end() == len(behind)
    fragment = written[-1][0] if is_open else ""
    done = [word[0] for word in (written[:-1] if is_open else written)]
    command = "" if is_cell else _command(done)
    last = next((option for option in OPTIONS if done and option.name == done[-1] and option.takes), None)
    if last is not None:
        values = timelines.names() if last.name == "--session" else last.values
        offered = [value for value in values if value.startswith(fragment)]
    elif fragment.startswith("-"):
        offered = [option.name for option in options_of(command) if option.name.startswith(fragment)]
        offered = [name for name in offered if name not in done]
    elif is_cell:
        offered = []
    elif not command:
        offered = [name for name in [*COMMANDS, "help"] if name.startswith(fragment)]
    elif command == "help":
        offered = [name for name in COMMANDS if name.startswith(fragment)]
    else:
        places = [place for place in ("local", "cloud") if command == "connect" and place.startswith(fragment)]
        offered = [*places, *_files(fragment, COMMANDS[command].files)] if command in COMMANDS else []
    return fragment, offered


def _command(done: Sequence[str]) -> str:
    takes = {option.name for option in OPTIONS if option.takes}
    words = [word for at, word in enumerate(done) if not (word.startswith("--") or (at and done[at - 1] in takes))]
    return words[0] if words else ""


def _files(fragment: str, endings: Sequence[str]) -> list[str]:
    """Return the folders, and the files with these endings, that a name may go on to."""
    if not endings:
        return []
    quote = fragment[:1] if fragment[:1] in "\"'" and fragment else ""
    said = fragment[1:] if quote else re.sub(r"\\(.)", r"\1", fragment)
    folder, slash, name = said.rpartition("/")
    try:
        found = sorted(_below(Path(folder + slash or ".").expanduser(), name, endings))
    except (OSError, RuntimeError, ValueError):  # it cannot be looked into, or is nobody's home
        return []
    return [_quoted(f"{folder}{slash}{each}", quote) for each in found]


def _below(folder: Path, name: str, endings: Sequence[str]) -> Iterator[str]:
    for each in folder.iterdir():
        if each.name.startswith(name) and (name.startswith(".") or not each.name.startswith(".")):
            if each.is_dir():
                yield f"{each.name}/"
            elif each.suffix.lower() in endings:
                yield each.name


def _quoted(path: str, quote: str) -> str:
    if quote:
        return f"{quote}{path}{'' if path.endswith('/') else quote}"
    return re.sub(r"""([\s"'\\])""", r"\\\1", path)
