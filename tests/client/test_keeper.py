"""What cannot be written down now is written down later, in order, and one bad line holds up no other."""

import asyncio
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Session, connect
from nemo_widgets.client.keeper import Keeper, own_keeper
from nemo_widgets.errors import LibraryError
from nemo_widgets.library import Library

from .conftest import Service


class Disk:
    """Stands for the disk: while it is full, nothing is written."""

    def __init__(self) -> None:
        self.is_full = False
        self.written: list[str] = []

    def write(self, words: str) -> None:
        if self.is_full or words == "bad":
            raise LibraryError("The library cannot be written. Is the disk full?")
        self.written.append(words)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(Library(tmp_path / "library", max_bytes=0))


def written(keeper: Keeper, disk: Disk, *lines: tuple[str, str]) -> None:
    async def write() -> None:
        for job, words in lines:
            await keeper.write(job, lambda library, words=words: disk.write(words))

    asyncio.run(write())


def test_what_a_full_disk_refused_is_written_in_order_once_there_is_room(
    keeper: Keeper, disk: Disk, capsys: pytest.CaptureFixture[str]
) -> None:
    disk.is_full = True
    written(keeper, disk, ("a", "a began"), ("b", "b began"), ("a", "a ended"))
    assert disk.written == []
    disk.is_full = False
    written(keeper, disk, ("c", "c began"))
    assert sorted(disk.written) == ["a began", "a ended", "b began", "c began"]
    assert disk.written.index("a began") < disk.written.index("a ended")
    assert disk.written[-1] == "c began"
    first, second = capsys.readouterr().err.strip().splitlines()
    assert "The work goes on" in first
    assert "can be written again" in second


def test_a_line_that_can_never_be_written_holds_up_no_other_job(keeper: Keeper, disk: Disk) -> None:
    written(keeper, disk, ("a", "bad"), ("a", "a ended"))
    disk.is_full = True
    written(keeper, disk, ("b", "b began"), ("b", "b ended"))
    disk.is_full = False
    written(keeper, disk, ("c", "c began"), ("c", "c ended"))
    assert disk.written == ["b began", "b ended", "c began", "c ended"]


def test_the_end_of_the_program_is_the_last_chance(keeper: Keeper, disk: Disk) -> None:
    disk.is_full = True
    written(keeper, disk, ("a", "bad"), ("b", "b began"))
    disk.is_full = False
    keeper.close()
    assert disk.written == ["b began"]


def test_a_session_whose_disk_was_full_is_in_the_history_all_the_same(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect(service.url, token="nmv_usr_right")
    library = own_keeper().library
    assert library is not None
    session: Session = client.new_session()
    write, is_full = library.database.write, True

    def refuse(work: object) -> object:
        if is_full:
            raise LibraryError("The library cannot be written. Is the disk full?")
        return write(work)  # type: ignore[arg-type]

    monkeypatch.setattr(library.database, "write", refuse)
    kernel.run(session.send("a city", show=False))
    kernel.run(session.export(tmp_path / "a.mp4", show=False))
    assert library.ledger.jobs() == []
    is_full = False
    kernel.run(session.send("at night", show=False))
    kernel.run(client.close())
    jobs = library.ledger.jobs()
    assert [(job.kind, job.text, job.state) for job in jobs] == [
        ("message", "a city", "done"),
        ("export", "a city", "done"),
        ("message", "at night", "done"),
    ]
    assert all(job.ended_at is not None and job.ended_at < jobs[2].began_at + 1 for job in jobs[:2])
    assert len({job.session for job in jobs}) == 1
