"""A kernel that is killed in the middle of an export: after the restart the file is there, and was rendered once."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from nemo_widgets.library import Library
from nemo_widgets.media.probe import probe

from ..kernel_frontend import Frontend, notebook
from .conftest import PROMPT, exports, kill_studio, renders_submitted, until

_BEGIN = f"""
    import nemo_widgets as nemo
    client = nemo.connect("local")
    session = client.new_session()
    nemo.run(session.send({PROMPT!r}, show=False))
    print(session.id)
"""
_GO_ON = """
    import nemo_widgets as nemo
    client = nemo.connect("local")
    session = client.open_session({session!r})
"""


def _ran(frontend: Frontend, code: str) -> str:
    cell = frontend.start(code)
    reply = frontend.finish(cell, 90)
    assert reply["status"] == "ok", reply
    return frontend.printed(cell)


def check_that_killed_exports_are_delivered(
    rounds: int, library: Library, chance: random.Random, folder: Path, *, and_then: Callable[[], None] = lambda: None
) -> None:
    met: Counter[str] = Counter()
    with notebook() as frontend:
        session = _ran(frontend, _BEGIN).split()[-1]
        began_s = time.monotonic()
        _ran(frontend, _export(folder / "whole.mp4"))
        whole_s = time.monotonic() - began_s
        _kill_while_exporting(frontend, folder / "0.mp4", library, chance.uniform(0, whole_s))
        and_then()
    for number in range(1, rounds + 1):
        killed = exports(library)[-1]
        met[_moment(library, killed.id)] += 1
        with notebook() as frontend:
            said = _ran(frontend, _GO_ON.format(session=session))
            assert ("1 export" in said) == killed.can_be_resumed, said
            assert _ran(frontend, "clip = nemo.run(nemo.resume(show=False)); print(clip)").count("<Clip") <= 1
            again = _ran(frontend, f"print(nemo.run(nemo.resume({killed.id!r}, show=False)).path)")
            assert again == f"{folder / f'{number - 1}.mp4'}\n"
            assert probe(folder / f"{number - 1}.mp4").duration_s == pytest.approx(1, abs=0.1)
            if number < rounds:
                _kill_while_exporting(frontend, folder / f"{number}.mp4", library, chance.uniform(0, whole_s))
                and_then()
    sys.stdout.write(f"{rounds} of {rounds} delivered; an export took {whole_s:.1f} s; killed when {dict(met)}\n")
    assert [job.state for job in exports(library)] == ["done"] * (rounds + 1)
    assert renders_submitted() == rounds + 1, "each was rendered once"
    assert {file.name for file in folder.iterdir()} == {"whole.mp4", *(f"{number}.mp4" for number in range(rounds))}
    assert library.database.problems() == []


def _export(path: Path) -> str:
    return f"nemo.run(session.export({str(path)!r}, resolution='360p', show=False))"


def _kill_while_exporting(frontend: Frontend, path: Path, library: Library, after_s: float) -> None:
    known = len(exports(library))
    frontend.start(_export(path))
    until(lambda: len(exports(library)) > known or None)
    time.sleep(after_s)
    frontend.kill()


def _moment(library: Library, job: str) -> str:
    row, render = library.ledger.job(job), library.ledger.render(job)
    assert row is not None
    if row.state == "done":
        return "it was done"
    if row.clip:
        return "the clip had arrived"
    return "it was rendered" if render is not None and render.remote_id else "it was not submitted yet"


def test_an_export_whose_kernel_is_killed_is_delivered(library: Library, chance: random.Random, tmp_path: Path) -> None:
    check_that_killed_exports_are_delivered(2, library, chance, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_exports_whose_kernels_are_killed_are_delivered_thirty_times_of_thirty(
    library: Library, chance: random.Random, tmp_path: Path
) -> None:
    check_that_killed_exports_are_delivered(30, library, chance, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_exports_are_delivered_when_the_studio_falls_with_the_kernel(
    library: Library, chance: random.Random, tmp_path: Path
) -> None:
    check_that_killed_exports_are_delivered(5, library, chance, tmp_path, and_then=kill_studio)
