"""What a person sees in a terminal, in a pipe and in a log."""

import io
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from nemo_widgets.display import LiveAnswer, LiveProgress, in_notebook
from nemo_widgets.terminal import plain


class _Stream(io.StringIO):
    encoding = "utf-8"

    def __init__(self, *, tty: bool) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def screen(self) -> str:
        """Return what is on the screen after everything was written."""
        return "\n".join(_overwritten(line) for line in self.getvalue().split("\n"))


def _overwritten(line: str) -> str:
    shown = ""
    for part in line.split("\r"):
        shown = part + shown[len(part) :]
    return shown.rstrip()


@contextmanager
def _terminal() -> Iterator[_Stream]:
    screen = _Stream(tty=True)
    with redirect_stdout(screen), redirect_stderr(screen):
        yield screen


@contextmanager
def _pipe_and_log() -> Iterator[tuple[_Stream, _Stream]]:
    pipe, log = _Stream(tty=False), _Stream(tty=False)
    with redirect_stdout(pipe), redirect_stderr(log):
        yield pipe, log


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_script_is_no_notebook() -> None:
    assert not in_notebook()


def test_an_answer_is_appended_and_no_part_written_twice() -> None:
    with _pipe_and_log() as (pipe, _), LiveAnswer() as answer:
        for text in ("A city", "A city at", "A city at night"):
            answer.show(text)
            _until(lambda text=text: pipe.getvalue() == text)
    assert pipe.getvalue() == "A city at night\n"


def test_blank_lines_wait_for_the_words_that_follow() -> None:
    with _pipe_and_log() as (pipe, _), LiveAnswer() as answer:
        answer.show("Raw clip.\n\n\n")
        _until(lambda: pipe.getvalue() == "Raw clip.\n")
        answer.show("Raw clip.\n\nMusic.\n\n")
    assert pipe.getvalue() == "Raw clip.\n\nMusic.\n"


def test_the_last_words_are_shown_however_fast_they_come() -> None:
    with _pipe_and_log() as (pipe, _), LiveAnswer() as answer:
        for n in range(5000):
            answer.show("x" * n)
    assert pipe.getvalue() == "x" * 4999 + "\n"


def test_an_answer_that_changes_is_written_anew_on_its_own_line() -> None:
    with _pipe_and_log() as (pipe, _), LiveAnswer() as answer:
        answer.show("I encountered")
        _until(lambda: pipe.getvalue() != "")
        answer.show("The clip is ready")
    assert pipe.getvalue() == "I encountered\nThe clip is ready\n"


def test_a_pipe_carries_the_answer_alone_and_the_log_each_status_once() -> None:
    with _pipe_and_log() as (pipe, log), LiveAnswer() as answer:
        answer.show("Working.\n", status="Generating video · 0 s")
        _until(lambda: log.getvalue() != "")
        for second in range(1, 100):
            answer.show("Working.\n", status=f"Generating video · {second} s")
            time.sleep(0.001)
        answer.show("Working.\nDone.")
    assert pipe.getvalue() == "Working.\nDone.\n"
    assert log.getvalue() == "Generating video · 0 s\n"


def test_a_log_that_shares_the_pipes_screen_never_cuts_a_sentence() -> None:
    shared = _Stream(tty=False)
    with redirect_stdout(shared), redirect_stderr(shared), LiveAnswer() as answer:
        answer.show("First a raw", status="Generating video · 0 s")
        _until(lambda: shared.getvalue() != "")
        answer.show("First a raw clip.\n", status="Working on the sound · 1 s")
        _until(lambda: "sound" in shared.getvalue())
    assert shared.getvalue() == "First a raw clip.\nWorking on the sound · 1 s\n"


def test_a_terminal_shows_a_status_below_text_that_pauses_and_forgets_it() -> None:
    with _terminal() as terminal, LiveAnswer() as answer:

        def is_shown() -> bool:
            answer.show("First a raw clip.", status="Generating video · 9 s")
            return terminal.screen() == "First a raw clip.\nGenerating video · 9 s"

        _until(is_shown)
        answer.show("First a raw clip.\n\nThen music.")
    assert terminal.screen() == "First a raw clip.\n\nThen music.\n"


def test_a_terminal_never_cuts_a_sentence_that_streams() -> None:
    sentence = "A city at night, with rain on every street."
    with _terminal() as terminal, LiveAnswer() as answer:
        for end in range(1, len(sentence) + 1):
            answer.show(sentence[:end], status=f"Thinking · {end} s")
            _until(lambda end=end: sentence[:end].rstrip() in terminal.screen())
    assert terminal.screen() == f"{sentence}\n"


def test_a_log_tells_what_goes_on_while_the_text_pauses_and_leaves_the_text_as_it_is() -> None:
    with _pipe_and_log() as (pipe, log), LiveAnswer() as answer:

        def is_told() -> bool:
            answer.show("This takes a moment.", status="Generating video · 9 s")
            return log.getvalue() != ""

        _until(is_told)
        answer.show("This takes a moment.\n\nDone.")
    assert pipe.getvalue() == "This takes a moment.\n\nDone.\n"
    assert log.getvalue() == "\nGenerating video · 9 s\n"


@pytest.mark.parametrize(
    ("foreign", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPdevice\x1b\\ok", "ok"),
        ("over\rwritten\x08\x7f\x00", "overwritten"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("half \x1b", "half "),
        ("half \x1b[3", "half 3"),
        ("two\nlines\tand 视频 🎬 é", "two\nlines\tand 视频 🎬 é"),
    ],
)
def test_foreign_text_cannot_drive_a_terminal(foreign: str, harmless: str) -> None:
    assert plain(foreign) == harmless


def test_a_stream_that_lacks_a_character_shows_a_question_mark() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with redirect_stdout(ascii_only), LiveAnswer() as answer:
        answer.show("夜 city")
    ascii_only.seek(0)
    assert ascii_only.read() == "? city\n"


def test_progress_in_a_terminal_is_one_line_and_ends_as_its_label() -> None:
    with _terminal() as terminal, LiveProgress() as progress:
        for percent in range(0, 101, 20):
            progress.update(percent / 100, "Rendering")
            _until(lambda now=f"{percent}%": now in terminal.screen())
            assert re.fullmatch(r"\[#*-*\] +\d+%  Rendering", terminal.screen())
        progress.close("Exported city.mp4")
    assert terminal.screen() == "Exported city.mp4\n"


def test_progress_without_a_terminal_is_a_few_lines() -> None:
    with _pipe_and_log() as (pipe, log), LiveProgress() as progress:
        for percent in range(101):
            progress.update(percent / 100, f"Rendering, {percent} s")
            time.sleep(0.003)
        progress.close("Exported city.mp4")
    assert pipe.getvalue() == ""
    assert log.getvalue().splitlines()[-1] == "Exported city.mp4"
    assert 2 <= len(log.getvalue().splitlines()) <= 6


def test_progress_of_what_never_began_leaves_nothing() -> None:
    with _pipe_and_log() as (pipe, log):
        LiveProgress().close()
    assert (pipe.getvalue(), log.getvalue()) == ("", "")


def test_many_threads_may_update_at_once() -> None:
    with _pipe_and_log() as (_, log), LiveProgress() as progress:
        threads = [threading.Thread(target=progress.update, args=(n / 20, "Rendering")) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        progress.close("Done")
        progress.update(0.1, "late")
    assert log.getvalue().endswith("Done\n")


def test_a_stream_that_breaks_is_told_when_the_output_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(_Stream):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Broken(tty=False))
    answer = LiveAnswer()
    answer.show("nobody reads this")
    with pytest.raises(BrokenPipeError):
        answer.close()
    answer.close()
