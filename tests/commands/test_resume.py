"""``nemo-widgets resume``: takes up what was left, and says how it went by its exit code."""

from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import connect
from nemo_widgets.library import Library

from ..client.conftest import TOKEN, Service
from .conftest import Program, left_behind


@pytest.fixture
def export(service: Service, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return an export that its kernel did not see the end of."""
    monkeypatch.setenv("NEMO_API_URL", service.url)
    monkeypatch.setenv("NEMO_TOKEN", TOKEN)

    async def work() -> None:
        async with connect("cloud") as client:
            session = client.new_session()
            await session.send("a city", show=False)
            await session.export(tmp_path / "city.mp4", show=False)

    kernel.run(work())
    (tmp_path / "city.mp4").unlink()
    job = library.ledger.jobs()[-1].id
    library.database.write(lambda db: db.execute("UPDATE jobs SET state = 'running', clip = NULL WHERE id = ?", (job,)))
    return left_behind(library, job)


def test_nothing_to_take_up_is_said(program: Program) -> None:
    assert program("resume") == (0, "Nothing was left unfinished.\n", "")


def test_everything_is_taken_up(program: Program, export: str, service: Service, tmp_path: Path) -> None:
    code, said, _ = program("resume")
    assert code == 0
    assert said == f"{export}: {tmp_path / 'city.mp4'} (0.0 MB)\n"
    assert (tmp_path / "city.mp4").read_bytes() == service.clip
    assert len(service.told("submit")) == 1
    assert program("resume")[1] == "Nothing was left unfinished.\n"


def test_one_is_taken_up_to_another_place(program: Program, export: str, service: Service, tmp_path: Path) -> None:
    assert program("resume", export, "--out", str(tmp_path / "else.mp4"))[0] == 0
    assert (tmp_path / "else.mp4").read_bytes() == service.clip


def test_what_has_no_result_is_told_and_counts_as_failed(
    program: Program, export: str, service: Service, library: Library
) -> None:
    message = left_behind(library, library.ledger.jobs()[0].id)
    library.database.write(lambda db: db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (message,)))
    library.database.write(lambda db: db.execute("UPDATE messages SET before = NULL"))
    code, said, error = program("resume")
    assert code == 1
    assert said.startswith(export), "the other one is delivered all the same"
    assert error.splitlines()[0].startswith(f"{message}: The message was interrupted before it was sent")


def test_a_job_that_is_not_there_is_wrong_use(program: Program) -> None:
    code, said, error = program("resume", "export-none")
    assert (code, said) == (2, "")
    assert "has no job 'export-none'. nemo-widgets history lists them" in error
    code, _, error = program("resume", "--out", "a.mp4")
    assert code == 2
    assert "--out is for one export: say which, such as nemo-widgets resume export-4f2a91c07b --out a.mp4." in error
