"""The magics, in a real IPython shell against a local studio."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from nemo_widgets.client import Client, Clip, Session, Turn
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.magics import COMMANDS, _by_magic
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
    shell.magics_manager.registry["NemoMagics"].close()
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def line(shell: InteractiveShell, words: str) -> Any:
    return shell.run_line_magic("nemo", words)


def cell(shell: InteractiveShell, options: str, text: str) -> Any:
    return shell.run_cell_magic("nemo", options, text)


def completed(shell: InteractiveShell, typed: str) -> list[str]:
    with provisionalcompleter():
        return [completion.text for completion in shell.Completer.completions(typed, len(typed))]


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
    assert _by_magic(None, found) == "%%nemo Make it rain %nemo connect elsewhere"


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


def test_a_lesson_is_recorded_and_replayed_by_magic(
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
        ("tracks --nonsense", "unrecognized"),
        ('export "a.mp4', "quotation mark"),
    ],
)
def test_a_wrong_line_says_what_to_write(shell: InteractiveShell, words: str, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        line(shell, words)


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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("%nemo ex", ["export"]),
        ("%nemo ", list(COMMANDS)),
        ("%nemo tracks --in", ["--into"]),
        ("%%nemo --se", ["--session"]),
        ("%nemo export --quality ", ["high", "normal", "draft"]),
        ("%nemo tracks --session ", ["default", "mine"]),
    ],
)
def test_commands_options_and_sessions_are_completed(shell: InteractiveShell, typed: str, expected: list[str]) -> None:
    shell.user_ns["mine"] = line(shell, "session")
    found = set(completed(shell, typed))  # IPython adds names of its own
    assert set(expected) <= found
    assert not (set(COMMANDS) - set(expected)) & found


def test_files_are_completed_behind_a_command_that_takes_them(shell: InteractiveShell, tmp_path: Path) -> None:
    (tmp_path / "holiday.mov").touch()
    assert "holiday.mov" in completed(shell, "%nemo upload hol")
