"""Comparisons against a local studio that really draws, on a real port."""

import asyncio
from collections.abc import Iterator

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, connect
from nemo_widgets.compare import Sweep, Take, compare
from nemo_widgets.local import LocalStudio, Options


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(options=Options(workers=1, seed=1)) as running:
        yield running


@pytest.fixture
def client(studio: LocalStudio) -> Iterator[Client]:
    opened = connect(studio.url)
    yield opened
    kernel.run(opened.close())


def test_nothing_is_sent_before_it_is_started(studio, client, tmp_path):
    sweep = compare(["a 1-second clip of a city at night"], client=client, folder=tmp_path)
    assert list(sweep.table["phase"]) == ["waiting"]
    assert sweep.takes[0].session is None
    assert list(tmp_path.iterdir()) == []


def test_two_prompts_become_two_clips_and_each_is_sent_once(studio, client, tmp_path):
    sweep = compare(
        "a 1-second clip of {what}",
        axes={"what": ["a city at night", "abstract light"]},
        client=client,
        folder=tmp_path,
    )
    seen: list[Take | None] = []
    sweep.on_change(seen.append)
    assert kernel.run(sweep) is sweep

    table = sweep.table
    assert list(table["phase"]) == ["done", "done"]
    assert list(table["what"]) == ["a city at night", "abstract light"]
    assert list(table["width"]) == [1920, 1920]
    assert list(table["backend"]) == ["local", "local"]
    assert all(clip.path.parent == tmp_path and clip.duration_s == pytest.approx(1, abs=0.1) for clip in sweep.clips)
    assert all(take.state.text for take in sweep.takes)
    assert [studio.accepted(take.session.id) for take in sweep.takes] == [1, 1]
    assert seen[-1] is None
    assert not sweep.running

    kernel.run(sweep)  # again: nothing is left to make
    assert [studio.accepted(take.session.id) for take in sweep.takes] == [1, 1]


def test_a_clip_that_could_not_be_written_is_rendered_again_without_sending_the_prompt_again(studio, client, tmp_path):
    sweep = compare(["a 1-second clip of abstract light"], client=client, folder=tmp_path)
    blocker = tmp_path / "variant-1.mp4"
    blocker.mkdir()
    kernel.run(sweep)
    take = sweep.takes[0]
    assert take.state.phase == "failed"
    assert "variant-1.mp4" in take.state.error
    assert studio.accepted(take.session.id) == 1

    blocker.rmdir()
    kernel.run(sweep)
    assert take.state.phase == "done"
    assert take.state.error == ""
    assert studio.accepted(take.session.id) == 1


def test_stopping_ends_what_is_running_and_says_so(studio, client, tmp_path):
    sweep = compare(["a 60-second clip of a city at night"], client=client, folder=tmp_path)
    generating = _when(sweep, "generating")
    waiting = kernel.submit(_finished(sweep), name="waiting for the sweep")
    generating.result(30)
    sweep.stop()
    assert waiting.result(30) is sweep, "whoever waits gets what there is, not a traceback"
    assert list(sweep.table["phase"]) == ["stopped"]
    assert not sweep.running


async def _finished(sweep: Sweep) -> Sweep:
    return await sweep


def _when(sweep: Sweep, phase: str) -> kernel.Job[None]:
    async def reached() -> None:
        event = asyncio.Event()
        loop = asyncio.get_running_loop()

        def look(take: Take | None) -> None:
            if take is not None and take.state.phase == phase:
                loop.call_soon_threadsafe(event.set)

        end = sweep.on_change(look)
        await event.wait()
        end()

    return kernel.submit(reached(), name="waiting for a phase")
