"""``nemo-widgets doctor``: tells what is wrong, with what to do, and shows no token."""

from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from nemo_widgets import settings
from nemo_widgets.commands import checking, checking_disk
from nemo_widgets.commands.findings import Finding
from nemo_widgets.library import Library

from .conftest import Program, left_behind

SECRET = "nmv_usr_do_not_show_me"


@pytest.fixture(autouse=True)
def bundle_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "nemo_widgets.js").touch()
    monkeypatch.setattr(checking.nemo_widgets, "__file__", str(tmp_path / "__init__.py"))


def test_a_new_machine_has_no_problem(program: Program) -> None:
    code, said, _ = program("doctor")
    assert code == 0, said
    assert "PROBLEM" not in said
    assert said.endswith("\nNo problem found.\n")
    for words in ("Python 3.", "packages are there", "There is no token", "not running", "Nothing was kept", "GB are"):
        assert words in said
    assert not settings.data_dir().exists(), "looking makes nothing"


def test_a_history_is_told_with_its_journal_and_what_is_unfinished(
    program: Program, library: Library, session: int
) -> None:
    left_behind(library, library.ledger.begin("message", session, "a city"))
    code, said, _ = program("doctor")
    assert code == 0
    assert "The history is whole: 1 job in" in said
    assert "written with a write-ahead log" in said
    assert "1 of them was left unfinished.\n        → nemo-widgets resume" in said
    assert "0 clips kept" in said


def test_tokens_are_told_and_not_shown(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.write_private(
        settings.config_dir() / "tokens.json",
        f'{{"{settings.CLOUD_API_URL}": {{"token": "{SECRET}", "expires_at": "2999-01-01T00:00:00+00:00"}}}}',
    )
    said = program("doctor")[1]
    assert "An anonymous token for https://mega" in said
    assert SECRET not in said
    monkeypatch.setenv("NEMO_TOKEN", SECRET)
    said = program("doctor")[1]
    assert "NEMO_TOKEN is set" in said
    assert SECRET not in said


def _problem(said: str) -> str:
    assert said.rstrip().splitlines()[-1].endswith("found.")
    return said[said.index("PROBLEM") :]


def test_a_wrong_setting_is_a_problem_and_the_other_checks_go_on(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_API_URL", "not a url")
    code, said, _ = program("doctor")
    assert code == 1
    assert "NEMO_API_URL is not an address" in _problem(said)
    assert said.endswith("1 problem found.\n")
    assert "GB are free" in said


def test_a_damaged_history_is_a_problem_and_stays_as_it_is(program: Program, library: Library, session: int) -> None:
    for number in range(40):
        library.ledger.begin("message", session, f"prompt {number} " + "x" * 2500)
    library.close()
    with library.database.file.open("r+b") as content:
        content.seek(3 * 4096)
        content.write(b"\xff" * 4096)
    damaged = library.database.file.read_bytes()
    code, said, _ = program("doctor")
    assert code == 1
    assert "is damaged" in _problem(said)
    assert library.database.file.read_bytes() == damaged


def test_a_history_that_others_can_read_is_a_problem(program: Program, library: Library, session: int) -> None:
    library.database.file.chmod(0o644)
    code, said, _ = program("doctor")
    assert code == 1
    assert "Others on this machine may look into" in _problem(said)


def test_a_package_that_is_too_old_or_missing_is_a_problem(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == "pandas":
            return "1.0"
        if name == "anywidget":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    code, said, _ = program("doctor")
    assert code == 1
    assert "pandas 1.0 is installed, and >=2.2 is needed." in said
    assert "anywidget is missing." in said
    assert "2 problems found." in said


def test_a_missing_front_end_is_a_problem(program: Program, tmp_path: Path) -> None:
    (tmp_path / "static" / "nemo_widgets.js").unlink()
    assert "no widget can be shown" in _problem(program("doctor")[1])


def test_a_full_disk_is_a_problem(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(checking_disk.shutil, "disk_usage", lambda folder: usage(10, 9, 1))
    assert "Make room on this disk" in _problem(program("doctor")[1])


def test_a_check_that_fails_is_told_and_the_others_go_on(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def studio() -> Finding:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(checking, "studio", studio)
    code, said, _ = program("doctor")
    assert code == 1
    assert "The check of studio failed: ZeroDivisionError: of all things" in said
    assert "GB are free" in said
