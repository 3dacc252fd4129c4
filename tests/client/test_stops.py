"""A stop is final once its kernel has outlived it; a kernel that ends with it leaves something to take up."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import nemo_widgets as nemo
from nemo_widgets import kernel
from nemo_widgets.client import Client, Clip, Turn, connect, recording
from nemo_widgets.client.recording import OUTLIVED_AFTER_S
from nemo_widgets.client.resume import resume
from nemo_widgets.errors import InputError, StreamBrokenError
from nemo_widgets.library import JobRecord, Library

from .conftest import TITLED, TOKEN, Answer, FastClock, Service, stream, text
from .test_resume import gone, library

__all__ = ["gone", "library"]

RENDERING = Answer({"success": True, "data": {"id": "r", "status": "processing", "progress": 0.1}})


class HeldClock(FastClock):
    """Time that is fast, but does not let a kernel outlive anything before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._released = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await (self._released.wait() if seconds == OUTLIVED_AFTER_S else super().sleep(seconds))

    async def outlive(self) -> None:
        """Let that time pass, and what waits for it be done."""
        self._released.set()
        await asyncio.gather(*recording._outliving)


@pytest.fixture
def held() -> Iterator[HeldClock]:
    clock = HeldClock()
    yield clock
    kernel.run(clock.outlive())


@pytest.fixture
def in_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "in_notebook", lambda: True)


@pytest.fixture
def client(service: Service, held: HeldClock) -> Iterator[Client]:
    made = connect(service.url, token=TOKEN, clock=held)
    yield made
    kernel.run(made.close())


def interrupted_export(client: Client, service: Service, library: Library, path: Path) -> str:
    """Interrupt an export that the service is rendering; return its id."""
    service.script["status"].extend([RENDERING] * 10_000)

    async def stopped() -> None:
        session, asked = client.new_session(), threading.Event()
        await session.send("a city", show=False)
        service.after["status"] = asked.set
        exporting = asyncio.ensure_future(session.export(path, show=False))
        await asyncio.to_thread(asked.wait, 10)
        exporting.cancel()
        await asyncio.gather(exporting, return_exceptions=True)

    kernel.run(stopped())
    service.script["status"].clear()
    return library.ledger.jobs()[-1].id


def interrupted_message(client: Client, service: Service, library: Library) -> str:
    async def stopped() -> None:
        sent = threading.Event()
        service.after["chat"] = sent.set
        service.script["chat"].append(stream(*[text("word ")] * 2000, draft=None, drip=True))
        sending = asyncio.ensure_future(client.new_session().send("a city", show=False))
        await asyncio.to_thread(sent.wait, 10)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    kernel.run(stopped())
    return library.ledger.jobs()[-1].id


def row(library: Library, job: str) -> JobRecord:
    found = library.ledger.job(job)
    assert found is not None
    return found


def states(library: Library, job: str) -> tuple[str, str, bool]:
    """Return a job's state as it is written, as it is shown, and whether it can be taken up."""
    found = row(library, job)
    return found.state, found.shown_state, found.can_be_resumed


def let_kernel_end(library: Library, job: str, gone: tuple[int, float]) -> None:
    sql = "UPDATE jobs SET pid = ?, pid_began_at = ? WHERE id = ?"
    library.database.write(lambda db: db.execute(sql, (*gone, job)))


@pytest.mark.usefixtures("in_kernel")
def test_an_interrupted_export_is_stopped_while_its_kernel_lives_and_taken_up_when_that_ends(
    client: Client, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    job = interrupted_export(client, service, library, tmp_path / "city.mp4")
    assert states(library, job) == ("running", "stopped", False)
    with pytest.raises(InputError, match="the export was cancelled") as refused:
        kernel.run(resume(job, client=client, show=False))
    call = str(refused.value).partition("as it is now: await nemo.")[2]
    assert call == f"connect({service.url!r}).open_session('s1').export({str(tmp_path / 'city.mp4')!r})"
    let_kernel_end(library, job, gone)
    assert states(library, job) == ("running", "interrupted", True)
    service.script["status"].append(Answer({"success": True, "data": {"id": "r", "status": "cancelled"}}))
    clip = kernel.run(resume(job, client=client, show=False))
    assert isinstance(clip, Clip)
    assert clip.path.read_bytes() == service.clip
    assert states(library, job) == ("done", "done", False)
    assert row(library, job).error == ""


@pytest.mark.usefixtures("in_kernel")
def test_a_stop_that_the_kernel_outlives_is_final(
    client: Client, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float], held: HeldClock
) -> None:
    job = interrupted_export(client, service, library, tmp_path / "city.mp4")
    kernel.run(held.outlive())
    let_kernel_end(library, job, gone)
    assert states(library, job) == ("stopped", "stopped", False)


@pytest.mark.usefixtures("in_kernel")
def test_who_starts_another_job_in_the_same_kernel_meant_the_stop(
    client: Client, service: Service, library: Library, tmp_path: Path, gone: tuple[int, float]
) -> None:
    elsewhere = interrupted_export(client, service, library, tmp_path / "elsewhere.mp4")
    let_kernel_end(library, elsewhere, gone)
    job = interrupted_export(client, service, library, tmp_path / "city.mp4")
    kernel.run(client.new_session().send("hello", show=False))
    let_kernel_end(library, job, gone)
    assert states(library, job)[0] == "stopped"
    assert states(library, elsewhere) == ("running", "interrupted", True), "another kernel's is left alone"


def test_in_a_script_an_interrupt_is_a_person_who_stops(
    client: Client, service: Service, library: Library, tmp_path: Path
) -> None:
    job = interrupted_export(client, service, library, tmp_path / "city.mp4")
    assert states(library, job) == ("stopped", "stopped", False)


@pytest.mark.usefixtures("in_kernel")
def test_an_interrupted_message_is_asked_for_once_and_not_sent_again(
    client: Client, service: Service, library: Library, gone: tuple[int, float], held: HeldClock
) -> None:
    job = interrupted_message(client, service, library)
    assert row(library, job).credits_spent == 10
    let_kernel_end(library, job, gone)
    asked = len(service.told("state"))
    with pytest.raises(StreamBrokenError, match="as it was before"):
        kernel.run(resume(job, client=client, show=False))
    assert len(service.told("state")) == asked + 1, "the agent was told to stop, so nothing more is to come"
    assert service.accepted == 1


@pytest.mark.usefixtures("in_kernel")
def test_what_an_interrupted_message_had_done_is_found_with_what_it_cost(
    client: Client, service: Service, library: Library, gone: tuple[int, float]
) -> None:
    job = interrupted_message(client, service, library)
    let_kernel_end(library, job, gone)
    service.draft = TITLED
    turn = kernel.run(resume(job, client=client, show=False))
    assert isinstance(turn, Turn)
    assert turn.draft.raw == TITLED
    assert service.accepted == 1
    assert (row(library, job).state, row(library, job).credits_spent) == ("done", 10)


def test_the_line_that_the_refusal_gives_exports_it(
    client: Client, service: Service, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = interrupted_export(client, service, library, tmp_path / "city.mp4")
    with pytest.raises(InputError) as refused:
        kernel.run(resume(job, client=client, show=False))
    line = str(refused.value).partition("as it is now: await ")[2]
    monkeypatch.setenv("NEMO_API_URL", service.url)
    monkeypatch.setenv("NEMO_TOKEN", TOKEN)
    opened, _, export = line.partition(".export")
    session = eval(opened, {"nemo": nemo})
    assert kernel.run(eval(f"session.export{export}", {"session": session})).path == tmp_path / "city.mp4"
    kernel.run(session.client.close())
    assert (tmp_path / "city.mp4").read_bytes() == service.clip


def test_what_is_exported_later_is_not_told_by_the_prompt_that_was_stopped(
    client: Client, service: Service, library: Library, tmp_path: Path
) -> None:
    async def stopped_then_sent() -> Clip:
        session, sent = client.new_session(), threading.Event()
        service.after["chat"] = sent.set
        service.script["chat"].append(stream(*[text("word ")] * 2000, draft=None, drip=True))
        sending = asyncio.ensure_future(session.send("fireworks", show=False))
        await asyncio.to_thread(sent.wait, 10)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await session.send("a city", show=False)
        return await session.export(tmp_path / "x.mp4", show=False)

    assert kernel.run(stopped_then_sent()).prompt == "a city"
    assert library.ledger.jobs()[-1].text == "a city"
