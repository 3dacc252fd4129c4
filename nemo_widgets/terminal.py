"""Text for terminals, pipes and files: foreign characters made harmless, answers appended, one line rewritten."""

import re
import shutil
import sys
import time
import unicodedata
from typing import TextIO

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, device strings
    r"|\x1b[ -/]*[0-~]?"
)
_TURNS_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Return `text` without what could drive a terminal: escape sequences, control and direction-turning characters.

    Text from the service is foreign. Newlines and tabs stay.
    """
    return "".join(char for char in _ESCAPES.sub("", text) if char in "\n\t" or not _is_control(char))


def _is_control(char: str) -> bool:
    return char in _TURNS_DIRECTION or unicodedata.category(char) == "Cc"


def write(stream: TextIO, text: str) -> None:
    """Write at once; a character that the stream's encoding lacks becomes a question mark."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


class StatusLine:
    """What is going on: one line that is rewritten in a terminal; a new line now and then where there is none."""

    _LINE_EVERY_S = 1.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.rewrites = stream.isatty()
        self._shown = ""
        self._next_line_at = 0.0

    def show(self, text: str, *, wording: str, begin: str = "") -> None:
        """Show `text`; without a terminal only when `wording`, the part that is worth a new line, has changed.

        Without a terminal `begin` is written before it.
        """
        if self.rewrites:
            line = cut(text.replace("\n", " ").replace("\t", " "), shutil.get_terminal_size().columns - 1)
            if line != self._shown:
                write(self._stream, f"\r{line}{' ' * (width(self._shown) - width(line))}")
                self._shown = line
        elif wording != self._shown and time.monotonic() >= self._next_line_at:
            write(self._stream, f"{begin}{text}\n")
            self._shown = wording
            self._next_line_at = time.monotonic() + self._LINE_EVERY_S

    def clear(self) -> None:
        """Make room for other output."""
        if self.rewrites and self._shown:
            write(self._stream, f"\r{' ' * width(self._shown)}\r")
            self._shown = ""


def width(text: str) -> int:
    """Return how many columns a line takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def cut(text: str, columns: int) -> str:
    """Return the beginning of a line that has room in so many columns."""
    text = text[:columns]
    while width(text) > columns:
        text = text[:-1]
    return text


class AnswerText:
    """An answer that grows: appended to standard output, no part written twice, no sentence cut while it streams."""

    _QUIET_S = 1.0

    def __init__(self) -> None:
        # Without a terminal standard output carries the answer alone.
        self._status = StatusLine(sys.stdout if sys.stdout.isatty() else sys.stderr)
        self._written = ""
        self._line_open = False
        self._ended_early = False
        self._grown_s = time.monotonic()

    def draw(self, answer: str, status: str, last: bool) -> None:
        """Write what is new in `answer`, and `status` below it unless this is the `last` time."""
        text = _without_blank_end(plain(answer))  # blank lines are written with what follows them
        if text != self._written:
            self._status.clear()
            if text.startswith(self._written):
                self._append(text[len(self._written) :])
            else:
                self._end_line()
                self._append(text)
            self._written = text
            self._grown_s = time.monotonic()
        if last:
            self._status.clear()
            self._end_line()
        elif status and (not self._line_open or time.monotonic() - self._grown_s >= self._QUIET_S):
            words = plain(status)
            if self._status.rewrites:
                self._end_line()
            # A log may share the screen with the text, whose line it does not end: that would change the text.
            self._status.show(words, wording=without_numbers(words), begin="\n" if self._line_open else "")

    def _append(self, text: str) -> None:
        if self._ended_early:
            text = text.removeprefix("\n")  # it was written already, to make room for a status
            self._ended_early = False
        write(sys.stdout, text)
        self._line_open = not text.endswith("\n")

    def _end_line(self) -> None:
        if self._line_open:
            self._append("\n")
            self._ended_early = True


def _without_blank_end(text: str) -> str:
    words = text.rstrip()
    return words + "\n" if "\n" in text[len(words) :] else words


class ProgressText:
    """A progress bar on standard error."""

    _CELLS = 24

    def __init__(self) -> None:
        self._line = StatusLine(sys.stderr)

    def draw(self, fraction: float | None, label: str, last: bool) -> None:
        """Draw the bar; the `last` time leave a line with `label` alone."""
        words = plain(label)
        if last:
            self._line.clear()
            write(sys.stderr, f"{words}\n" if words else "")
        elif fraction is None:
            self._line.show(words, wording=without_numbers(words))
        else:
            filled = round(fraction * self._CELLS)
            bar = f"[{'#' * filled}{'-' * (self._CELLS - filled)}]"
            wording = f"{without_numbers(words)} {int(fraction * 4)}"
            self._line.show(f"{bar} {fraction:4.0%}  {words}", wording=wording)


def without_numbers(text: str) -> str:
    """Return `text` without its digits: what is left is the same while only a count goes on."""
    return re.sub(r"\d+", "", text)
