"""How things show themselves: which function shows an object, and output that changes while it is shown.

The registry maps a name to ``"module:function"``, imported when something is first shown: so the core works without
pandas, PyAV or a front end, and no import points backwards. `LiveAnswer` and `LiveProgress` write to the output cell
that launched the job, or to a terminal.
"""

import contextvars
import html
import importlib
import re
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from nemo_widgets.terminal import AnswerText, ProgressText, plain, write

_SHOWN_BY = {
    "batch_table": "nemo_widgets.tables:batch_table",
    "assets_table": "nemo_widgets.tables:assets_table",
    "clip": "nemo_widgets.widgets.player:show_clip",
    "foreign_file": "nemo_widgets.client.foreign:fetch_foreign",
    "history_table": "nemo_widgets.tables:history_table",
    "look": "nemo_widgets.media.apart:look",
    "probe": "nemo_widgets.media.apart:probe",
    "studio_began_anew": "nemo_widgets.widgets.studio:began_anew",
    "sweep": "nemo_widgets.widgets.compare_grid:show_sweep",
    "tracks_table": "nemo_widgets.tables:tracks_table",
    "wire": "nemo_widgets.widgets.wire_view:show_wire",
    "wire_table": "nemo_widgets.tables:wire_table",
}

UPDATES_PER_S = 30
"""At most so many messages a second go to the front end: a burst is dropped on the way, its last messages first."""


def resolve(name: str) -> Any:
    """Return the function that shows or tabulates `name`, importing its module now.

    Parameters
    ----------
    name : str
        A key of the registry.
    """
    module, _, function = _SHOWN_BY[name].partition(":")
    return getattr(importlib.import_module(module), function)


def in_notebook() -> bool:
    """Whether output goes to a Jupyter front end or nbconvert: not to a terminal, with or without IPython."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None


StateT = TypeVar("StateT")
Bundle = dict[str, str]
Draw = Callable[[StateT, bool], None]


class _Live(ABC, Generic[StateT]):
    """Draws the newest state at most `UPDATES_PER_S` times a second, on a thread of its own in its maker's context.

    So no caller waits for the front end, and one thread alone writes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state: StateT | None = None
        self._closed = False
        self._error: Exception | None = None
        draw = _in_cell(self._bundle) if in_notebook() else self._terminal()
        context = contextvars.copy_context()
        self._painter = threading.Thread(target=context.run, args=(self._paint, draw), name="nemo-display", daemon=True)
        self._painter.start()

    @abstractmethod
    def _bundle(self, state: StateT, last: bool) -> Bundle: ...

    @abstractmethod
    def _terminal(self) -> Draw[StateT]: ...

    def _put(self, state: StateT) -> None:
        with self._changed:
            if not self._closed:
                self._state = state
                self._changed.notify()

    def close(self) -> None:
        """Leave what was shown last; a notebook saves that. Closing again changes nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._painter.join()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _paint(self, draw: Draw[StateT]) -> None:
        drawn: StateT | None = None
        last = False
        while not last:
            with self._changed:
                while self._state is drawn and not self._closed:
                    self._changed.wait()
                drawn, last = self._state, self._closed
            if drawn is not None and self._error is None:
                try:
                    draw(drawn, last)
                except Exception as error:  # told where the work is closed, not on this thread
                    self._error = error
            with self._changed:
                self._changed.wait_for(lambda: self._closed, timeout=1 / UPDATES_PER_S)


def _in_cell(bundle: Callable[[StateT, bool], Bundle]) -> Draw[StateT]:
    handle: Any = None  # IPython has no types

    def draw(state: StateT, last: bool) -> None:
        from IPython.display import display

        nonlocal handle
        data = bundle(state, last)
        if handle is None:
            handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            handle.update(data, raw=True)

    return draw


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    status: str


class LiveAnswer(_Live[_Answer]):
    """The agent's answer while it arrives: Markdown in an output cell, appended text in a terminal. A context manager.

    Thread-safe. Make it in the job that it belongs to: it writes to the cell that launched the job.
    """

    def show(self, markdown: str, status: str = "") -> None:
        """Show the whole answer so far.

        Parameters
        ----------
        markdown : str
            All of it, not only what is new.
        status : str
            What the agent is doing, in plain words: shown below the text, and gone when the answer is complete.
        """
        self._put(_Answer(markdown, status))

    def _bundle(self, state: _Answer, last: bool) -> Bundle:
        if last and not state.text:  # it cannot be taken back, and an empty output would look like a fault
            return {"text/markdown": "*No answer came.*", "text/plain": "No answer came."}
        status = "" if last else " ".join(state.status.split())
        marked = [part for part in (state.text, f"*{_literal(status)}*" if status else "") if part]
        shown = [part for part in (state.text, status) if part]
        return {"text/markdown": "\n\n".join(marked), "text/plain": plain("\n\n".join(shown))}

    def _terminal(self) -> Draw[_Answer]:
        text = AnswerText()
        return lambda answer, last: text.draw(answer.text, answer.status, last)


def _literal(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+\-!|~<>&$])", r"\\\1", text)


@dataclass(frozen=True, slots=True)
class _Progress:
    fraction: float | None
    label: str


class LiveProgress(_Live[_Progress]):
    """A progress bar: in an output cell, in a terminal, or as sparse lines where there is neither. A context manager.

    Thread-safe. Make it in the job that it belongs to, like `LiveAnswer`.
    """

    def update(self, fraction: float | None, label: str) -> None:
        """Show how far it is.

        Parameters
        ----------
        fraction : float or None
            0 to 1; None while nobody knows.
        label : str
            What is going on, in plain words.
        """
        self._put(_Progress(None if fraction is None else min(1.0, max(0.0, fraction)), label))

    def close(self, label: str = "") -> None:
        """Leave `label`, or the last one, without the bar. Closing again changes nothing."""
        if label:
            self._put(_Progress(None, label))
        super().close()

    def _bundle(self, state: _Progress, last: bool) -> Bundle:
        if last:
            return {"text/html": f"<p>{html.escape(state.label)}</p>", "text/plain": plain(state.label)}
        value = percent = ""
        if state.fraction is not None:
            value, percent = f' value="{state.fraction:.3f}"', f" · {state.fraction:.0%}"
        words = html.escape(state.label)
        bar = f'<progress max="1"{value} aria-label="{words}"></progress>'
        return {"text/html": f"<p>{bar} {words}{percent}</p>", "text/plain": plain(state.label) + percent}

    def _terminal(self) -> Draw[_Progress]:
        text = ProgressText()
        return lambda progress, last: text.draw(progress.fraction, progress.label, last)


@dataclass(frozen=True, slots=True)
class _Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class LiveTable(_Live[_Table]):
    """A table that changes while it is shown; in a terminal each row when it has changed. A context manager.

    Thread-safe. Make it in the job that it belongs to, like `LiveAnswer`.
    """

    def show(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show these rows."""
        self._put(_Table(tuple(heads), tuple(map(tuple, rows))))

    def _bundle(self, state: _Table, last: bool) -> Bundle:
        head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in state.heads)
        rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in state.rows)
        return {
            "text/html": f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
            "text/plain": "\n".join(map(_line, state.rows)),
        }

    def _terminal(self) -> Draw[_Table]:
        told: dict[int, tuple[str, ...]] = {}

        def draw(table: _Table, last: bool) -> None:
            for number, row in enumerate(table.rows):
                if told.get(number, ()) != row and (number in told or any(row[3:])):
                    told[number] = row
                    write(sys.stdout, f"{_line(row)}\n")

        return draw


def _line(row: Sequence[str]) -> str:
    return plain(" · ".join(filter(None, row)))


def show_here(shown: object) -> None:
    """Show an object as the output of the running cell, or in a terminal."""
    from IPython.display import display

    display(shown)  # type: ignore[no-untyped-call]
