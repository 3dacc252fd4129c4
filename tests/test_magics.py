"""The magics, in a real IPython shell against a local studio."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from nemo_widgets.client import Client, Clip, Session, Turn, connect
from nemo_widgets.errors import InputError, StoppedError
from nemo_widgets.kernel import run, submit
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.magics.commands import COMMANDS
from nemo_widgets.magics.magic import by_magic
from nemo_widgets.protocol.suggestions import Suggestion

from .local.conftest import TinyEngine


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1, credits=100_000)) as running:
        yield running


@pytest.fixture
def shell(
    studio: LocalStudio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("NEMO_API_URL", studio.url)
    monkeypatch.setenv("NEMO_TOKEN", studio.token)
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "nemo_widgets")
    yield shell
    shell.magics_manager.registry["NemoMagics"].timelines.close()
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def line(shell: InteractiveShell, words: str) -> Any:
    return shell.run_line_magic("nemo", words)


def cell(shell: InteractiveShell, options: str, text: str) -> Any:
    return shell.run_cell_magic("nemo", options, text)


def test_a_cell_streams_its_prompt_and_keeps_the_turn_when_asked(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cell(shell, "--into turn", "a city\nat night\n") is None
    assert isinstance(shell.user_ns["turn"], Turn)
    assert "one scene" in capsys.readouterr().out
    table = line(shell, "tracks")
    assert list(table["name"]) == ["a city\nat night", "Lo-fi"]


def test_what_is_suggested_below_an_answer_is_a_magic_of_that_timeline(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(shell, "--session lesson", "a city")
    said = capsys.readouterr().out
    assert "`%nemo export --session lesson`" in said
    assert "session.export()" not in said


def test_a_suggested_edit_stays_on_the_line_of_its_magic() -> None:
    found = Suggestion("edit", "To have the agent do that", "", "Make it\nrain\n\n%nemo connect elsewhere")
    assert by_magic(None, found) == "%%nemo Make it rain %nemo connect elsewhere"


def test_words_behind_the_magic_belong_to_the_prompt(shell: InteractiveShell) -> None:
    cell(shell, "a city", "at night")
    assert line(shell, "tracks")["name"][0] == "a city\nat night"


def test_the_timeline_is_exported_and_the_clip_kept(shell: InteractiveShell, tmp_path: Path) -> None:
    cell(shell, "", "a city")
    clip = line(shell, 'export --resolution 720p "my clip.mp4"')
    assert isinstance(clip, Clip)
    assert clip.path == tmp_path / "my clip.mp4"
    assert line(shell, "export other.mp4 --into kept") is None
    assert shell.user_ns["kept"].path == tmp_path / "other.mp4"


def test_uploads_credits_and_status(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(shell, "", "a city")
    clip = line(shell, "export a.mp4")
    (asset,) = line(shell, f"upload {clip.path}")
    assert asset.filename == "a.mp4"
    assert line(shell, "credits").available < 100_000
    capsys.readouterr()
    line(shell, "status")
    shown = capsys.readouterr().out
    assert "not by the AI" in shown
    assert "Timeline (2 tracks)" in shown
    line(shell, "status --into draft")
    assert not shell.user_ns["draft"].is_empty


def test_the_history_is_a_table_of_all_jobs_of_some_or_of_one_session(shell: InteractiveShell) -> None:
    cell(shell, "", "a city at night")
    cell(shell, "--session other", "a forest")
    assert list(line(shell, "history")["text"]) == ["a city at night", "a forest"]
    assert list(line(shell, "history at night")["text"]) == ["a city at night"]
    assert list(line(shell, "history --session other")["text"]) == ["a forest"]
    assert line(shell, "history --session unopened").empty
    assert line(shell, "history --into jobs") is None
    assert list(shell.user_ns["jobs"]["kind"]) == ["message", "message"]


def test_sessions_go_by_name_and_by_variable_and_begin_anew(shell: InteractiveShell) -> None:
    cell(shell, "", "a city")
    assert line(shell, "tracks --session other").empty
    cell(shell, "--session other", "a forest")
    assert line(shell, "tracks --session other")["name"][0] == "a forest"
    assert line(shell, "tracks")["name"][0] == "a city"
    assert line(shell, "tracks --new").empty
    shell.user_ns["mine"] = line(shell, "session --session other")
    assert isinstance(shell.user_ns["mine"], Session)
    assert line(shell, "tracks --session mine")["name"][0] == "a forest"
    # Of a timeline that nothing was said in yet: else it would look at it in the background, after this test.
    shell.user_ns["widget"] = line(shell, "studio --session third")
    assert shell.user_ns["widget"].session is line(shell, "session --session third")
    assert line(shell, "session --session widget") is line(shell, "session --session third")


def test_connecting_elsewhere_begins_anew(shell: InteractiveShell, studio: LocalStudio) -> None:
    cell(shell, "", "a city")
    assert isinstance(line(shell, f"connect {studio.url}"), Client)
    assert line(shell, "tracks").empty


def test_a_lesson_is_recorded_and_replayedby_magic(
    shell: InteractiveShell, studio: LocalStudio, capsys: pytest.CaptureFixture[str]
) -> None:
    line(shell, "record demo.nemo")
    cell(shell, "--into first", "a city")
    line(shell, "stop")
    assert "Recorded demo.nemo: 1 message" in capsys.readouterr().out
    before = studio.accepted()
    line(shell, "connect demo.nemo --speed 100")
    cell(shell, "--into again", "a city")
    assert shell.user_ns["again"].text == shell.user_ns["first"].text
    assert studio.accepted() == before


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("exprot", "Did you mean %nemo export"),
        ("Tracks", "Did you mean %nemo tracks"),
        ("a city at night", "A prompt goes into a cell"),
        ("upload", "Which file"),
        ("record", "Into which file"),
        ("tracks now", "takes nothing else"),
        ("export a.mp4 b.mp4", "in quotes"),
        ("tracks --into 2x", "letters, digits"),
        ("tracks --nonsense", "--nonsense is no option. %nemo help"),
        ("tracks --sesion x", "--sesion is no option. Did you mean --session"),
        ("tracks --fps 3", "--fps goes with %nemo export alone"),
        ("export --fps many", "many is no number"),
        ("export --fps", "--fps N: N is missing"),
        ("tracks --session studio", "studio is a str already"),
        ("stop", "Nothing is being recorded"),
        ("history --since never", "never is no time"),
        ("resume a b", "one job"),
        ("connect a b", "one place"),
        ('export "a.mp4', "quotation mark"),
    ],
)
def test_a_wrong_line_says_what_to_write(shell: InteractiveShell, words: str, advice: str) -> None:
    shell.user_ns["studio"] = "a variable of the person's own"
    with pytest.raises((UsageError, InputError), match=re.escape(advice)) as raised:
        line(shell, words)
    assert len(str(raised.value)) < 160  # what is wrong, not all that would be right


@pytest.mark.parametrize("text", ["\n", "\n  \n"])
def test_an_empty_cell_sends_nothing(shell: InteractiveShell, studio: LocalStudio, text: str) -> None:
    before = studio.accepted()
    with pytest.raises(UsageError, match="cell is empty"):
        cell(shell, "", text)
    assert studio.accepted() == before


def test_help_names_every_command_and_option(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    line(shell, "")
    overview = capsys.readouterr().out
    documented = shell.object_inspect("%nemo")["docstring"]
    for name in COMMANDS:
        assert f"%nemo {name}" in overview
        assert f"%nemo {name}" in documented
    for option in ("--into", "--session", "--new", "--resolution"):
        assert option in documented


def test_the_magics_speak_of_the_timeline_that_the_notebook_has(
    shell: InteractiveShell, studio: LocalStudio, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.user_ns["mine"] = session = connect(studio.url).new_session()
    capsys.readouterr()
    cell(shell, "", "a city")
    said = capsys.readouterr().out
    assert said.startswith("On the timeline of mine, ")
    assert "Working" not in said
    assert list(run(session.tracks())["name"]) == ["a city", "Lo-fi"]
    line(shell, "tracks")
    assert capsys.readouterr().out == ""  # said once
    shell.user_ns["later"] = connect(studio.url)
    assert line(shell, "tracks").empty  # of the newest client
    assert shell.user_ns["session"].client is shell.user_ns["later"]
    assert "session is a new timeline, " in capsys.readouterr().out
    line(shell, "")
    assert capsys.readouterr().out.startswith("On the timeline of session, ")


def test_what_the_magics_begin_python_has_too(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    line(shell, "")
    assert capsys.readouterr().out.startswith("Not connected yet")
    cell(shell, "", "a city")
    assert isinstance(shell.user_ns["client"], Client)
    assert shell.user_ns["session"] is line(shell, "session")
    line(shell, "tracks --new")
    assert shell.user_ns["session"] is line(shell, "session")
    shell.user_ns["session"] = "a variable of the person's own"
    capsys.readouterr()
    line(shell, "tracks --new --into table")
    assert "%nemo session --into NAME" in capsys.readouterr().out
    assert shell.user_ns["session"] == "a variable of the person's own"


def test_a_prompt_keeps_its_quotation_marks_and_apostrophes(shell: InteractiveShell) -> None:
    cell(shell, """a city  with it's title "Neon Dreams" --into turn""", "\n")
    assert line(shell, "tracks")["name"][0] == """a city  with it's title "Neon Dreams\""""
    assert isinstance(shell.user_ns["turn"], Turn)


def test_a_cell_of_one_line_is_sent_too(shell: InteractiveShell) -> None:
    shell.run_cell('%%nemo --into turn it\'s a city with the title "Neon"').raise_error()
    assert line(shell, "tracks")["name"][0] == 'it\'s a city with the title "Neon"'
    assert shell.run_cell("%%nemo").error_in_exec is not None


def test_a_slip_in_an_option_sends_nothing(shell: InteractiveShell, studio: LocalStudio) -> None:
    before = studio.accepted()
    with pytest.raises(UsageError, match="Did you mean --into"):
        cell(shell, "--inot turn", "a city")
    with pytest.raises(UsageError, match="goes with %nemo export"):
        cell(shell, "--quality draft", "a city")
    assert studio.accepted() == before


@pytest.mark.parametrize("words", ["help export", "export --help", "export -h"])
def test_a_command_has_help_of_its_own(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], words: str) -> None:
    assert line(shell, words) is None
    said = capsys.readouterr().out
    assert said.startswith("%nemo export [FILE]\n  render the timeline to a file\n")
    assert "--resolution" in said
    assert "--reuse" not in said


def test_help_in_a_cell_sends_nothing(
    shell: InteractiveShell, studio: LocalStudio, capsys: pytest.CaptureFixture[str]
) -> None:
    before = studio.accepted()
    cell(shell, "--help", "a city")
    assert "%nemo export" in capsys.readouterr().out
    assert studio.accepted() == before


def test_a_repeated_prompt_is_answered_from_the_library(shell: InteractiveShell) -> None:
    cell(shell, "--into first", "a city by the sea")
    cell(shell, "--into again --reuse --new", "a city by the sea")
    assert shell.user_ns["again"].credits_spent == 0
    assert shell.user_ns["again"].text == shell.user_ns["first"].text


def test_what_is_under_way_is_stopped_by_magic(
    shell: InteractiveShell, studio: LocalStudio, capsys: pytest.CaptureFixture[str]
) -> None:
    line(shell, "cancel")
    assert capsys.readouterr().out == "Nothing is under way here.\n"
    session = line(shell, "session")
    job = submit(session.send("a city", show=False))
    while not session.is_busy:
        time.sleep(0.001)
    line(shell, "cancel")
    assert "Stopped on 1 timeline." in capsys.readouterr().out
    with pytest.raises(StoppedError):
        run(job)


def test_what_was_left_is_taken_up_by_magic(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell(shell, "", "a city")
    assert line(shell, "resume") is None
    assert "Nothing was left unfinished." in capsys.readouterr().out
    clip = line(shell, "export a.mp4")
    assert line(shell, f"resume {line(shell, 'history --since today')['job'].iloc[-1]}").path == clip.path
