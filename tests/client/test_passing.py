"""Jobs at a lesson's own studio that has ended: not announced, and ended by `resume` in words."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, connect
from nemo_widgets.client.history import history, orphans_told
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.passing import without_the_gone
from nemo_widgets.client.resume import resume
from nemo_widgets.errors import NemoError, StreamBrokenError, StudioUnavailableError
from nemo_widgets.library import JobRecord, Library
from nemo_widgets.local import LocalStudio, Options

from ..local.conftest import TinyEngine

Told = Callable[[], str]


class FastClock:
    """Runs fifty times as fast, so that a message that is lost is given up soon."""

    def now(self) -> float:
        return time.monotonic() * 50

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 50)


@pytest.fixture
def library() -> Library:
    found = own_keeper().library
    assert found is not None
    return found


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return what the first `connect` of a new kernel tells."""

    def now() -> str:
        monkeypatch.setattr("nemo_widgets.client.history._TOLD", set())
        return orphans_told()

    return now


def lesson(tiny: TinyEngine, **rest: object) -> LocalStudio:
    return LocalStudio(engine=tiny.engine(), options=Options(workers=1, warm=False), **rest)  # type: ignore[arg-type]


@contextmanager
def asking(studio: LocalStudio) -> Iterator[Client]:
    client = connect(studio.url, token=studio.token, clock=FastClock())
    yield client
    kernel.run(client.close())


def lost_message(studio: LocalStudio, library: Library) -> JobRecord:
    """Send a message whose answer breaks off without a result."""
    studio.faults = "run_sse:reset@in*1"
    with asking(studio) as client, pytest.raises(StreamBrokenError):
        kernel.run(client.new_session().send("a city", show=False))
    row = library.ledger.jobs()[-1]
    assert row.shown_state == "unclear"
    return row


def test_what_a_lesson_left_is_told_while_its_studio_lives_and_not_afterwards(library: Library, told: Told) -> None:
    with lesson(TinyEngine()) as studio:
        lost_message(studio, library)
        assert "Left unfinished when a kernel ended or the network broke: 1 message" in told()
    assert told() == ""


def test_what_a_lesson_left_is_ended_in_a_sentence(
    library: Library, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    with lesson(TinyEngine()) as studio:
        first, second = lost_message(studio, library), lost_message(studio, library)
        url = studio.url
    with pytest.raises(StudioUnavailableError, match=f"a lesson's own studio at {url}, which has ended"):
        kernel.run(resume(first.id, show=False))
    assert kernel.run(resume(show=False)) == []
    assert f"{second.id}: This message was asked of a lesson's own studio" in "".join(capsys.readouterr())
    assert [row.state for row in library.ledger.jobs()] == ["failed", "failed"]
    assert library.ledger.orphans() == []


def test_a_lessons_session_that_a_new_studio_at_the_address_does_not_know_is_ended_too(library: Library) -> None:
    studio = lesson(TinyEngine()).start()
    row = lost_message(studio, library)
    studio.stop()
    studio.start()
    with asking(studio) as client, pytest.raises(NemoError):
        kernel.run(resume(row.id, client=client, show=False))
    studio.stop()
    assert library.ledger.orphans() == []


def test_a_studio_that_keeps_its_sessions_may_come_back(library: Library, told: Told, tmp_path: Path) -> None:
    with lesson(TinyEngine(), state_dir=tmp_path / "kept") as studio:
        row = lost_message(studio, library)
    assert without_the_gone([row]) == [row]
    assert "1 message" in told()


def test_the_history_finds_what_was_left_by_the_states_that_the_readme_names(library: Library) -> None:
    with lesson(TinyEngine()) as studio:
        row = lost_message(studio, library)
        assert [*history(state=["interrupted", "unclear"])["job"]] == [row.id]


def test_of_a_server_that_does_not_answer_is_said_how_to_forget_it(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lesson(TinyEngine(), state_dir=tmp_path / "kept") as studio:
        row = lost_message(studio, library)
        studio.stop()
        kernel.run(resume(show=False))
    said = "".join(capsys.readouterr())
    assert f"If that server is gone for good: nemo-widgets clean --forget {row.id}" in said
    assert [left.id for left in library.ledger.orphans()] == [row.id]
