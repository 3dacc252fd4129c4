"""A kernel that Jupyter restarts or shuts down in the middle of its work: Jupyter interrupts it first, as Stop does."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from nemo_widgets.library import Library
from nemo_widgets.local import LocalStudio
from nemo_widgets.media.probe import probe

from ..kernel_frontend import Frontend, notebook
from ..local.conftest import TinyEngine, make_studio, studio, tiny
from .conftest import PROMPT, exports, until

__all__ = ["make_studio", "studio", "tiny"]

_BEGIN = f"""
    import nemo_widgets as nemo
    client = nemo.connect()
    session = client.new_session()
    await session.send({PROMPT!r}, show=False)
    print(session.id)
"""
_GO_ON = """
    import nemo_widgets as nemo
    client = nemo.connect()
    session = client.open_session({session!r})
"""
_EXPORTS = (
    "await session.export({path!r}, resolution='360p', show=False)",
    "nemo.run(session.export({path!r}, resolution='360p', show=False))",
)
_WAYS = {
    "shut down": Frontend.shut_down,
    "restarted": partial(Frontend.restart, now=False),
    "restarted by force": partial(Frontend.restart, now=True),
}
End = Callable[[Frontend], None]


def _ran(frontend: Frontend, code: str) -> str:
    cell = frontend.start(code)
    reply = frontend.finish(cell, 90)
    assert reply["status"] == "ok", reply
    return frontend.printed(cell)


def check_that_ended_exports_are_delivered(
    rounds: int, end: End, library: Library, chance: random.Random, folder: Path
) -> None:
    met: Counter[str] = Counter()
    with ExitStack() as stack:
        frontend = stack.enter_context(notebook())
        session = _ran(frontend, _BEGIN).split()[-1]
        began_s = time.monotonic()
        _ran(frontend, _EXPORTS[0].format(path=str(folder / "whole.mp4")))
        whole_s = time.monotonic() - began_s
        for number in range(rounds):
            path = folder / f"{number}.mp4"
            frontend.start(_EXPORTS[number % 2].format(path=str(path)))
            job = until(lambda path=path: next((job.id for job in exports(library) if job.path == str(path)), None))
            time.sleep(chance.uniform(0, whole_s))
            end(frontend)
            met[_as_it_is_now(library, job)] += 1
            if end is Frontend.shut_down:
                stack.close()
                frontend = stack.enter_context(notebook())
            _check_that_it_is_delivered(frontend, session, job, path, library)
    sys.stdout.write(f"{rounds} of {rounds} delivered; an export took {whole_s:.1f} s; after the end {dict(met)}\n")
    assert [job.state for job in exports(library)] == ["done"] * (rounds + 1)
    assert {file.name for file in folder.iterdir()} == {"whole.mp4", *(f"{number}.mp4" for number in range(rounds))}


def _check_that_it_is_delivered(frontend: Frontend, session: str, job: str, path: Path, library: Library) -> None:
    is_open = bool(library.ledger.orphans())
    said = _ran(frontend, _GO_ON.format(session=session))
    assert ("1 export. await nemo.resume()" in said) == is_open, said
    assert _ran(frontend, f"print((await nemo.resume({job!r}, show=False)).path)") == f"{path}\n"
    assert probe(path).duration_s == pytest.approx(1, abs=0.1)


def _as_it_is_now(library: Library, job: str) -> str:
    found = library.ledger.job(job)
    assert found is not None
    assert found.can_be_resumed or found.state == "done", (found.state, found.shown_state, found.error)
    told = ", told of the stop" if found.can_be_resumed and found.ended_at is not None else ""
    return f"{found.shown_state}{told}"


def test_an_export_whose_kernel_is_restarted_is_delivered(
    library: Library, tiny: TinyEngine, studio: LocalStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_API_URL", studio.url)
    monkeypatch.setenv("NEMO_TOKEN", studio.token)
    with notebook() as frontend:
        session = _ran(frontend, _BEGIN).split()[-1]
        tiny.gate.clear()
        job = _exporting(frontend, library, tmp_path / "city.mp4")
        frontend.restart(now=False)
        assert _as_it_is_now(library, job).startswith("interrupted")
        tiny.gate.set()
        _check_that_it_is_delivered(frontend, session, job, tmp_path / "city.mp4", library)


@pytest.mark.slow
def test_an_export_that_a_person_stopped_stays_stopped_when_the_kernel_is_restarted_later(
    library: Library, tmp_path: Path
) -> None:
    with notebook() as frontend:
        session = _ran(frontend, _BEGIN.replace("1-second", "30-second")).split()[-1]
        job = _exporting(frontend, library, tmp_path / "stopped.mp4")
        frontend.interrupt()
        until(lambda: library.ledger.job(job).ended_at)  # type: ignore[union-attr]
        _ran(frontend, "await session.send('hello', show=False)")  # who goes on meant it
        frontend.restart(now=False)
        assert "Left unfinished" not in _ran(frontend, _GO_ON.format(session=session))
    assert [row.state for row in exports(library)] == ["stopped"]


def _exporting(frontend: Frontend, library: Library, path: Path) -> str:
    """Begin an export; return its id once the studio has it."""
    known = len(exports(library))
    frontend.start(_EXPORTS[0].format(path=str(path)))

    def submitted() -> str | None:
        for row in exports(library)[known:]:
            render = library.ledger.render(row.id)
            return row.id if render is not None and render.remote_id else None
        return None

    return until(submitted)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", _WAYS)
def test_exports_whose_kernels_end_are_delivered_twenty_times_of_twenty(
    way: str, library: Library, chance: random.Random, tmp_path: Path
) -> None:
    check_that_ended_exports_are_delivered(20, _WAYS[way], library, chance, tmp_path)
