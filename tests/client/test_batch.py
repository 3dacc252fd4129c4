"""Several files, one by one, in one session: each has its clip, and no message is ever sent twice."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, connect
from nemo_widgets.client.batch import planned
from nemo_widgets.errors import EmptyPromptError, InputError
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.engine import OWN_ENGINE

from ..local.conftest import TinyEngine, draw


class Held:
    """The planner, which says when it begins and holds an answer that it was told to hold."""

    def __init__(self) -> None:
        self.at = ""
        self.began, self.go_on = threading.Event(), threading.Event()

    def plan(self, prompt: str, *rest: Any, **named: Any) -> Any:
        if self.at and self.at in prompt:
            self.began.set()
            assert self.go_on.wait(60)
        return OWN_ENGINE.plan(prompt, *rest, **named)


@pytest.fixture(scope="module")
def held() -> Held:
    return Held()


@pytest.fixture(scope="module")
def studio(held: Held) -> Iterator[LocalStudio]:
    # It understands people as ever; what it draws is grey.
    engine = Engine(plan=held.plan, render=TinyEngine().render, canvas_size=lambda draft, resolution: (64, 36))
    with LocalStudio(engine=engine, options=Options(workers=1)) as running:
        yield running
        held.go_on.set()


@pytest.fixture
def client(studio: LocalStudio) -> Iterator[Client]:
    made = connect(studio.url, token=studio.token)
    yield made
    kernel.run(made.close())


@pytest.fixture
def wanted(tmp_path: Path) -> list[tuple[Path, str]]:
    files = []
    for seconds, name in enumerate(("one", "two", "three"), start=3):
        path = tmp_path / f"{name}.mp4"
        draw(path, (64, 36), seconds * 10, 10)
        files.append(path)
    return list(zip(files, ("cut it to 2 seconds", 'add the title "Two"', "make it 3 seconds"), strict=True))


def test_each_file_has_its_instruction_and_its_clip_and_a_second_call_sends_nothing(
    client: Client, studio: LocalStudio, wanted: list[tuple[Path, str]], tmp_path: Path
) -> None:
    session = client.new_session()
    batch = kernel.run(session.batch(wanted, tmp_path / "out"))
    assert [item.phase for item in batch.items] == ["done"] * 3, batch.table["error"].tolist()
    assert [clip.path.name for clip in batch.clips] == ["01-one.mp4", "02-two.mp4", "03-three.mp4"]
    assert [round(clip.duration_s) for clip in batch.clips] == [2, 4, 3]
    assert studio.accepted(session.id) == 3
    assert batch.table["credits_spent"].notna().all()
    assert repr(batch) == "<Batch of 3 files: 3 done>"
    assert "01-one.mp4" in batch._repr_html_()

    again = kernel.run(session.batch(wanted, tmp_path / "out", show=False))
    assert [clip.path for clip in again.clips] == [clip.path for clip in batch.clips]
    assert studio.accepted(session.id) == 3
    assert dict(again.table.dtypes) == dict(batch.table.dtypes)


def test_a_failure_does_not_stop_the_rest_and_is_made_good_by_a_second_call(
    client: Client, studio: LocalStudio, wanted: list[tuple[Path, str]], tmp_path: Path
) -> None:
    broken, whole = wanted[1][0], wanted[1][0].read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    session = client.new_session()
    batch = kernel.run(session.batch(wanted, tmp_path, show=False))
    assert [item.phase for item in batch.items] == ["done", "failed", "done"]
    assert batch.items[1].error.startswith("two.mp4 breaks off")
    assert studio.accepted(session.id) == 2
    broken.write_bytes(whole)
    batch = kernel.run(session.batch(wanted, tmp_path, show=False))
    assert [item.phase for item in batch.items] == ["done"] * 3, batch.table["error"].tolist()
    assert studio.accepted(session.id) == 3


def test_a_refused_message_may_be_sent_again_and_one_that_was_taken_may_not(
    client: Client, studio: LocalStudio, wanted: list[tuple[Path, str]], tmp_path: Path
) -> None:
    session = client.new_session()
    studio.faults = "run_sse:2001*1"
    first = kernel.run(session.batch(wanted[:1], tmp_path, show=False))
    assert first.items[0].phase == "failed"
    assert studio.accepted(session.id) == 0
    assert kernel.run(session.batch(wanted[:1], tmp_path, show=False)).items[0].phase == "done"
    studio.faults = "run_sse:error*1"
    told = kernel.run(session.batch(wanted[:2], tmp_path, show=False)).items[1]
    taken = studio.accepted(session.id)
    again = kernel.run(session.batch(wanted[:2], tmp_path, show=False)).items[1]
    assert (told.phase, again.phase) == ("failed", "failed")
    assert "was not sent again" in again.error
    assert studio.accepted(session.id) == taken


@pytest.mark.parametrize("fault", ["run_sse:error*1", "run_sse:error(2001)*1", "run_sse:login@after*1"])
def test_a_message_that_ended_badly_half_way_is_not_sent_again(
    fault: str, client: Client, studio: LocalStudio, wanted: list[tuple[Path, str]], tmp_path: Path
) -> None:
    session = client.new_session()
    studio.faults = fault
    told = kernel.run(session.batch(wanted[:1], tmp_path, show=False)).items[0]
    again = kernel.run(session.batch(wanted[:1], tmp_path, show=False)).items[0]
    assert (told.phase, again.phase) == ("failed", "failed")
    assert studio.accepted(session.id) == 1


_PROGRAM = """
import sys
from nemo_widgets import kernel
from nemo_widgets.client import connect
url, token, folder, *files = sys.argv[1:]
session = connect(url, token=token).new_session()
asked = [(file, words) for file, words in zip(files[::2], files[1::2])]
kernel.run(session.upload(files[0], show=False))
print(session.id, flush=True)
kernel.run(session.batch(asked, folder, show=False))
"""


@pytest.mark.slow  # what became of an interrupted message is asked for several times
def test_after_a_killed_kernel_it_goes_on_where_it_stopped_and_sends_nothing_twice(
    client: Client, studio: LocalStudio, held: Held, wanted: list[tuple[Path, str]], tmp_path: Path
) -> None:
    held.at = "two.mp4"
    asked = [part for file, words in wanted for part in (str(file), words)]
    program = [sys.executable, "-c", _PROGRAM, studio.url, studio.token, str(tmp_path / "out"), *asked]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=os.environ.copy()) as running:
        assert running.stdout is not None
        session_id = running.stdout.readline().strip()
        assert held.began.wait(60), "the second message did not arrive"
        running.kill()
    held.at = ""
    held.go_on.set()
    session = client.open_session(session_id)
    batch = kernel.run(session.batch(wanted, tmp_path / "out", show=False))
    assert studio.accepted(session_id) == 3
    phases = [item.phase for item in batch.items]
    # The local studio stops an answer whose listener has gone: what came of the second is found, or told.
    assert phases in (["done", "done", "done"], ["done", "failed", "done"]), batch.table["error"].tolist()
    assert (tmp_path / "out" / "01-one.mp4").is_file()
    assert (tmp_path / "out" / "03-three.mp4").is_file()


def test_what_cannot_be_begun_is_told_before_anything_is_sent(wanted: list[tuple[Path, str]], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to do"):
        planned([], tmp_path)
    with pytest.raises(InputError, match="no file"):
        planned([*wanted, (tmp_path / "missing.mp4", "cut it")], tmp_path)
    with pytest.raises(EmptyPromptError, match=r"one\.mp4 is empty"):
        planned([(wanted[0][0], "  ")], tmp_path)
    with pytest.raises(InputError, match="no pair"):
        planned(["one.mp4"], tmp_path)  # type: ignore[list-item]
    assert planned([(wanted[0][0], "cut ONE.mp4 to 2 s")], tmp_path)[0].message == "cut ONE.mp4 to 2 s"
