"""The notebooks run from top to bottom and again, and are small and free of tokens when they are saved."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from nemo_widgets.protocol.address import parse_address
from nemo_widgets.settings import studio_address_file

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LESSONS = sorted((ROOT / "notebooks" / "teaching").glob("*.ipynb"))
TAG = "nbval-check-output"  # on cells whose output is the same each time
SHOWN = "shown"  # on cells whose output differs, and teaches all the same; notebooks/save_outputs.py saves both
LIMIT_BYTES = 200_000
SAVING = ("nbconvert", "--to", "notebook", "--execute", "--inplace")
TOKENS = re.compile(r"nmv_usr_[A-Za-z0-9_-]{20}|clm_[A-Za-z0-9_-]{20}")

pytestmark = [pytest.mark.notebook, pytest.mark.timeout(400)]


@dataclass(frozen=True, slots=True)
class Saved:
    """A notebook as it was saved after all its cells ran, and the secret of the studio that worked for it."""

    file: Path
    env: dict[str, str]
    studio_token: str


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Run a notebook as a person would, in a folder of its own, with all outputs and widgets kept."""
    file = tmp_path_factory.mktemp("notebook") / request.param.name
    shutil.copy(request.param, file)
    env = _env()
    _run([*SAVING, file.name], file.parent, env)
    address = parse_address(studio_address_file().read_text("utf-8"))
    assert address is not None, "the notebook started no local studio"
    return Saved(file, env, address.token)


def test_a_saved_notebook_is_small_and_holds_no_token(saved: Saved) -> None:
    text = saved.file.read_text("utf-8")
    assert '"_bundle"' in text, "it was saved without its widgets"
    assert saved.file.stat().st_size < LIMIT_BYTES
    assert saved.studio_token not in text
    assert not TOKENS.search(text)


@pytest.mark.parametrize(
    "saved", [path for path in NOTEBOOKS if TAG in path.read_text("utf-8")], indirect=True, ids=lambda path: path.stem
)
def test_a_notebook_says_the_same_when_it_runs_again_where_it_ran_before(saved: Saved) -> None:
    said = _run(["pytest", "--nbval-lax", "--nbval-current-env", saved.file.name], saved.file.parent, saved.env)
    cells = [cell for cell in nbformat.read(saved.file, 4).cells if cell.cell_type == "code"]
    assert f"{len(cells)} passed" in said


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """Run all lessons with nbval and save the first with its widgets; they mostly wait, so three go at once."""
    folder, env = tmp_path_factory.mktemp("school"), _env()
    saved = folder / f"saved_{LESSONS[0].name}"
    for lesson in LESSONS:
        shutil.copy(lesson, folder)
    shutil.copy(LESSONS[0], saved)
    nbval = ["pytest", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    commands = [[*nbval, *(lesson.name for lesson in half)] for half in (LESSONS[::2], LESSONS[1::2])]
    with ThreadPoolExecutor() as pool:
        done = pool.map(lambda command: _run(command, folder, env), [*commands, [*SAVING, saved.name]])
        return list(done)[:2], saved


def test_the_lessons_run_and_say_what_their_readers_were_shown(school: tuple[list[str], Path]) -> None:
    cells = [cell for lesson in LESSONS for cell in nbformat.read(lesson, 4).cells if cell.cell_type == "code"]
    assert sum(int(count) for said in school[0] for count in re.findall(r"(\d+) passed", said)) == len(cells)
    assert sum(TAG in cell.metadata.get("tags", ()) for cell in cells) >= 10


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_handed_out_with_the_outputs_that_teach_and_no_others(lesson: Path) -> None:
    for cell in nbformat.read(lesson, 4).cells:
        if cell.cell_type == "code":
            assert bool(cell.outputs) == bool({TAG, SHOWN} & {*cell.metadata.get("tags", ())}), cell.source
            for output in cell.outputs:
                assert {*output.get("data", {})} <= {"text/plain", "text/markdown", "text/html"}, cell.source
    assert lesson.stat().st_size < 30_000
    assert not TOKENS.search(lesson.read_text("utf-8"))


def test_a_saved_lesson_is_small_and_holds_no_token(school: tuple[list[str], Path]) -> None:
    _check_saved_lesson(school[1])


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS[1:], ids=lambda path: path.stem)
def test_every_saved_lesson_is_small_and_holds_no_token(lesson: Path, tmp_path: Path) -> None:
    file = tmp_path / lesson.name
    shutil.copy(lesson, file)
    _run([*SAVING, file.name], tmp_path, _env())
    _check_saved_lesson(file)


def _check_saved_lesson(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "nemo-wire" in text, "it was saved without its widgets"
    assert file.stat().st_size < LIMIT_BYTES
    assert not TOKENS.search(text)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def _run(command: list[str], folder: Path, env: dict[str, str]) -> str:
    program = [sys.executable, "-m", *command]
    done = subprocess.run(program, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout
