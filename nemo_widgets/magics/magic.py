"""``%nemo`` and ``%%nemo`` themselves, as IPython calls them."""

import inspect
from functools import partial
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from nemo_widgets.client.show import SUGGESTED_AS
from nemo_widgets.kernel import run
from nemo_widgets.magics import completing, help
from nemo_widgets.magics.commands import session_of
from nemo_widgets.magics.options import Asked, of_cell, of_line
from nemo_widgets.magics.timelines import Timelines
from nemo_widgets.protocol.suggestions import Suggestion


@magics_class
class NemoMagics(Magics):
    """The magics of one notebook."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._variables: dict[str, object] = shell.user_ns
        self.timelines = Timelines(self._variables)

    @line_cell_magic
    def nemo(self, line: str, cell: str | None = None) -> object:
        """Make a video: ``%%nemo`` sends a prompt to the agent, ``%nemo COMMAND`` does the rest.

        The answer streams into the output. Stop, or interrupt, ends the work too. The magics speak of the newest
        timeline that the notebook has, and what they begin Python has as well: client and session.
        """
        asked = of_line(line) if cell is None else of_cell(line)
        if asked.help:
            self._help(*(word for word in asked.words[:1] if word != "help"))
            return None
        result = self._line(asked) if cell is None else self._prompt(asked, cell)
        if asked.into:
            self._variables[asked.into] = result
            return None
        return None if cell is not None else result

    def _prompt(self, asked: Asked, cell: str) -> object:
        prompt = "\n".join(part for part in (asked.prompt, cell.strip()) if part)
        if not prompt:
            raise UsageError("The cell is empty, so nothing was sent. Write below %%nemo what the video should show.")
        before = SUGGESTED_AS.set(partial(by_magic, asked.session))
        try:
            return run(session_of(self.timelines, asked).send(prompt, reuse=asked.reuse))
        finally:
            SUGGESTED_AS.reset(before)

    def _line(self, asked: Asked) -> object:
        if not asked.words:
            self._help()
            return None
        name, *rest = asked.words
        if name == "help":
            self._help(*rest)
            return None
        command = help.known(name)
        if rest and not command.takes:
            raise UsageError(f"%nemo {name} takes nothing else, and got: {' '.join(rest)}")
        return command.do(self.timelines, rest, asked)

    def _help(self, *commands: str) -> None:
        if commands:
            print("\n\n".join(map(help.of_command, commands)))  # noqa: T201  what a person asked for
        else:
            print(f"{help.at_hand(self.timelines)}\n\n{help.overview()}")  # noqa: T201  what a person asked for


def with_a_body(lines: list[str]) -> list[str]:
    """Give a cell with a prompt on its one line an empty body: IPython refuses a cell magic that has none."""
    is_one_line = len(lines) == 1 and lines[0].split()[:1] == ["%%nemo"]
    return [f"{lines[0].rstrip()}\n", "\n"] if is_one_line else lines


def by_magic(session: str | None, found: Suggestion) -> str:
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


NemoMagics.nemo.__doc__ = f"{inspect.getdoc(NemoMagics.nemo)}\n\n{help.overview()}\n"


def register(shell: Any) -> None:
    """Add the magics to an IPython shell, as ``%load_ext nemo_widgets`` does."""
    magics = NemoMagics(shell)
    shell.register_magics(magics)
    if with_a_body not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(with_a_body)
    completing.register(shell, magics.timelines)
