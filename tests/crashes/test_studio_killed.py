"""A local studio that is killed in the middle of an export: it is started again, and the file is there."""

import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Clip, Session, connect
from nemo_widgets.client.resume import resume
from nemo_widgets.errors import NemoError
from nemo_widgets.library import Library
from nemo_widgets.protocol.events import TextDelta

from ..client.conftest import FastClock
from .conftest import PROMPT, exports, kill_studio, renders_submitted, until


def check_that_exports_outlive_their_studio(rounds: int, library: Library, chance: random.Random, folder: Path) -> None:
    client = connect("local")
    session = client.new_session()
    kernel.run(session.send(PROMPT, show=False))
    began_s = time.monotonic()
    kernel.run(session.export(folder / "whole.mp4", resolution="360p", show=False))
    whole_s = time.monotonic() - began_s
    met = Counter(
        _killed_while_exporting(session, folder / f"{number}.mp4", library, chance.uniform(0, whole_s))
        for number in range(rounds)
    )
    kernel.run(client.close())
    sys.stdout.write(f"{rounds} of {rounds} delivered; an export took {whole_s:.1f} s; {dict(met)}\n")
    assert [job.state for job in exports(library)] == ["done"] * (rounds + 1)
    assert renders_submitted() == rounds + 1, "each was submitted once"
    assert {file.name for file in folder.iterdir()} == {"whole.mp4", *(f"{number}.mp4" for number in range(rounds))}
    assert library.database.problems() == []


def _killed_while_exporting(session: Session, path: Path, library: Library, after_s: float) -> str:
    known = len(exports(library))
    job = kernel.submit(session.export(path, resolution="360p", show=False), name="export")
    until(lambda: len(exports(library)) > known or None)
    time.sleep(after_s)
    kill_studio()
    try:
        clip, how = job.result(90), "the export itself came back"
    except NemoError:
        clip, how = kernel.run(_resumed(exports(library)[-1].id)), "resume brought it back"
    assert clip.path == path
    assert clip.duration_s == pytest.approx(1, abs=0.1)
    return how


async def _resumed(job: str) -> Clip:
    async with connect("local") as client:
        clip = await resume(job, client=client, show=False)
        assert isinstance(clip, Clip)
        return clip


def test_an_export_whose_studio_is_killed_is_delivered(library: Library, chance: random.Random, tmp_path: Path) -> None:
    check_that_exports_outlive_their_studio(2, library, chance, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_exports_whose_studios_are_killed_are_delivered_thirty_times_of_thirty(
    library: Library, chance: random.Random, tmp_path: Path
) -> None:
    check_that_exports_outlive_their_studio(30, library, chance, tmp_path)


@pytest.mark.slow
def test_a_message_whose_studio_is_killed_is_told_and_not_sent_again(library: Library) -> None:
    client: Client = connect("local", clock=FastClock(20))
    session = client.new_session()
    begun = threading.Event()

    async def heard() -> None:
        async with session.stream(PROMPT) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    begun.set()

    job = kernel.submit(heard(), name="message")
    assert begun.wait(60)
    kill_studio()
    with pytest.raises(NemoError, match="not sent again"):
        job.result(90)
    (row,) = library.ledger.jobs()
    assert row.state == "unclear"
    with pytest.raises(NemoError, match="not sent again"):
        kernel.run(resume(row.id, client=client, show=False))
    kernel.run(client.close())
