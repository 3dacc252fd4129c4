"""Stop means stop: an interrupt and a widget's Stop reach the service at once, and the notebook goes on."""

import json
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from nemo_widgets.errors import StoppedError
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.planner.plans import Plan, Stage
from nemo_widgets.protocol.draft import Draft

from .kernel_frontend import Frontend, notebook
from .local.conftest import draw
from .old_ipykernel import python_with_ipykernel_6

LIMIT_S = 0.1
"""From the press of the button until the studio has stopped working, for 19 of 20."""


class SlowEngine:
    """Draws until it is stopped, but for the first few; knows when it was stopped."""

    def __init__(self) -> None:
        self.quick = 0
        self.drawing = threading.Event()
        self.stopped_at_s: list[float] = []

    def plan(self, prompt: str, *_: object) -> Plan:
        return Plan(tuple(Stage("generate_video", {}, f"A {name}.", _timeline(name)) for name in prompt.split(" and ")))

    def render(
        self,
        draft: Draft,
        out: Path,
        *,
        size: tuple[int, int],
        fps: int = 30,
        pool: Executor,
        on_progress: Callable[[float], None],
        cancelled: Callable[[], bool],
        **_: Any,
    ) -> None:
        if self.quick:
            self.quick -= 1
            draw(out, (64, 36), fps, fps)
            return
        self.drawing.set()
        while not cancelled():
            time.sleep(0.001)
        self.stopped_at_s.append(time.monotonic())
        raise StoppedError("stopped")


def _timeline(name: str) -> dict[str, Any]:
    clip = {"id": name, "s": 0, "d": 1000, "m": {"name": name}}
    return {"t": [{"tt": 0, "sg": [clip]}], "d": 1000, "m": {"width": 64, "height": 36}}


@pytest.fixture(scope="module")
def engine() -> SlowEngine:
    return SlowEngine()


@pytest.fixture(scope="module")
def studio(engine: SlowEngine) -> Iterator[LocalStudio]:
    made = Engine(plan=engine.plan, render=engine.render, canvas_size=lambda draft, resolution: (64, 36))
    with LocalStudio(engine=made, options=Options(workers=1, credits=100_000)) as running:
        yield running


@pytest.fixture(
    scope="module", params=["this", pytest.param("6.29", marks=pytest.mark.peer)], ids="ipykernel-{}".format
)
def frontend(
    request: pytest.FixtureRequest, studio: LocalStudio, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Frontend]:
    with notebook(sys.executable if request.param == "this" else python_with_ipykernel_6()) as frontend:
        frontend.do(f"import os; os.chdir({str(tmp_path_factory.mktemp('exports'))!r})")
        prepare(frontend, studio)
        yield frontend


def prepare(frontend: Frontend, studio: LocalStudio) -> None:
    """Connect a notebook to a studio."""
    setup = f"""
        import asyncio
        import nemo_widgets as nemo
        client = nemo.connect({studio.url!r}, token={studio.token!r})
        session = client.new_session()
        box = nemo.Studio(session)
        %load_ext nemo_widgets
    """
    cell = frontend.start(setup)
    assert frontend.finish(cell)["status"] == "ok", frontend.outputs(cell)


def press_interrupt(frontend: Frontend, model_id: str) -> None:
    frontend.interrupt()


def press_stop(frontend: Frontend, model_id: str) -> None:
    frontend.tell_widget(model_id, {"type": "stop_answer", "id": "a1"})


def press_stop_export(frontend: Frontend, model_id: str) -> None:
    frontend.tell_widget(model_id, {"type": "stop_export", "id": "a2"})


WAYS = [
    pytest.param("await session.send('city')", press_interrupt, id="interrupt-await"),
    pytest.param("nemo.run(session.send('city'))", press_interrupt, id="interrupt-run"),
    pytest.param("%%nemo --session session\ncity", press_interrupt, id="interrupt-magic"),
    pytest.param("await session.export('x.mp4')", press_interrupt, id="interrupt-await-export"),
    pytest.param("nemo.run(session.export('x.mp4'))", press_interrupt, id="interrupt-run-export"),
    pytest.param("await box.send('city')", press_stop, id="stop-await"),
    pytest.param("nemo.run(box.send('city'))", press_stop, id="stop-run"),
    pytest.param("await box.export()", press_stop_export, id="stop-await-export"),
]

Press = Callable[[Frontend, str], None]


def stop_again_and_again(
    frontend: Frontend, engine: SlowEngine, waiting: str, press: Press, rounds: int
) -> tuple[list[float], list[str]]:
    """Stop `waiting` some times; return after how many seconds the studio had stopped, and what the cells showed."""
    if "export" in waiting:
        engine.quick = 1
        assert frontend.do("await box.send('city')")["status"] == "ok"
    model_id = json.loads(frontend.value("box.model_id").replace("'", '"'))
    delays_s, shown = [], []
    for number in range(rounds):
        engine.drawing.clear()
        engine.stopped_at_s.clear()
        cell = frontend.start(waiting)
        queued = frontend.start(f"print('next', {number})")
        assert engine.drawing.wait(20)
        pressed_s = time.monotonic()
        press(frontend, model_id)
        reply = frontend.finish(cell)
        assert reply["status"] == "error"
        assert frontend.finish(queued)["status"] == "ok"
        assert frontend.printed(queued) == f"next {number}\n"
        assert len(engine.stopped_at_s) == 1
        delays_s.append(engine.stopped_at_s[0] - pressed_s)
        shown.append("\n".join(reply["traceback"]))
    return delays_s, shown


def check_words(shown: list[str]) -> None:
    for words in shown:
        assert words.startswith("Stopped after ")
        assert "\n" not in words
        assert "the draft is unchanged" in words


@pytest.mark.parametrize(("waiting", "press"), WAYS)
def test_stop_reaches_the_studio_at_once_and_the_queued_cell_runs(
    frontend: Frontend, engine: SlowEngine, waiting: str, press: Press
) -> None:
    delays_s, shown = stop_again_and_again(frontend, engine, waiting, press, rounds=3)
    assert statistics.median(delays_s) < LIMIT_S
    check_words(shown)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("waiting", "press"), WAYS)
def test_nineteen_of_twenty_stops_reach_the_studio_in_time(
    frontend: Frontend,
    engine: SlowEngine,
    waiting: str,
    press: Press,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    delays_s, shown = stop_again_and_again(frontend, engine, waiting, press, rounds=20)
    p95_ms, median_ms = sorted(delays_s)[18] * 1000, statistics.median(delays_s) * 1000
    record_testsuite_property(waiting, f"{waiting}: median {median_ms:.0f} ms, p95 {p95_ms:.0f} ms of 20; {shown[0]}")
    assert p95_ms < LIMIT_S * 1000
    check_words(shown)


def test_cells_queued_by_run_all_are_dropped_as_after_any_interrupt(frontend: Frontend, engine: SlowEngine) -> None:
    engine.drawing.clear()
    cell = frontend.start("await session.send('city')", stop_on_error=True)
    queued = frontend.start("print('not wanted')")
    assert engine.drawing.wait(20)
    frontend.interrupt()
    assert frontend.finish(cell)["status"] == "error"
    assert frontend.finish(queued)["status"] == "aborted"
    assert frontend.value("1 + 1") == "2"


@pytest.mark.parametrize(
    "leaving",
    [
        """
        async with session.stream("city") as events:
            async for event in events:
                pass
        """,
        "await asyncio.gather(session.send('city'), client.credits())",
        """
        async with asyncio.timeout(60):
            await session.send("city")
        """,
        "await asyncio.wait_for(session.send('city'), 60)",
        "await asyncio.wait_for(asyncio.gather(session.send('city'), client.credits()), 60)",
    ],
    ids=["stream", "gather", "timeout", "wait_for", "wait_for-gather"],
)
def test_an_interrupt_shows_one_line_however_the_answer_is_waited_for(
    frontend: Frontend, engine: SlowEngine, leaving: str
) -> None:
    engine.drawing.clear()
    cell = frontend.start(leaving)
    assert engine.drawing.wait(20)
    frontend.interrupt()
    reply = frontend.finish(cell)
    assert reply["ename"] == "CancelledError"
    (line,) = reply["traceback"]
    assert re.fullmatch(r"Stopped after \d+\.\d s; the draft is unchanged, and no credits were spent", line)


@pytest.mark.parametrize("waiting", ["{}", "asyncio.wait_for({}, 60)"], ids=["gather", "wait_for"])
def test_of_answers_that_are_stopped_together_each_has_its_line(
    frontend: Frontend, engine: SlowEngine, waiting: str
) -> None:
    engine.drawing.clear()
    both = "asyncio.gather(session.send('city', show=False), client.new_session().send('sea', show=False))"
    cell = frontend.start(f"await {waiting.format(both)}")
    assert engine.drawing.wait(20)
    frontend.interrupt()
    lines = frontend.finish(cell)["traceback"]
    assert len(lines) == 2
    for line in lines:
        assert re.fullmatch(r"Stopped after \d+\.\d s; (the draft is unchanged, and .*|nothing was sent)", line)
    cell = frontend.start("raise asyncio.CancelledError('of my own')")  # the next one is not spoken for
    assert "of my own" in "".join(frontend.finish(cell)["traceback"])


def test_a_timeout_of_asyncio_is_still_one(frontend: Frontend, engine: SlowEngine) -> None:
    cell = frontend.start("""
        try:
            async with asyncio.timeout(0.5):
                await session.send("city")
        except TimeoutError as error:
            print("in time:", type(error.__cause__).__name__)
    """)
    assert frontend.finish(cell)["status"] == "ok"
    assert "in time: CancelledError" in frontend.printed(cell)


def test_what_was_done_before_the_stop_is_told_with_its_price(frontend: Frontend, engine: SlowEngine) -> None:
    engine.quick = 1
    engine.drawing.clear()
    cell = frontend.start("await client.new_session().send('city and forest')")
    assert engine.drawing.wait(20)
    frontend.interrupt()
    (line,) = frontend.finish(cell)["traceback"]
    assert line.endswith("; done by then: Frame set to 64×36; Video added: city, 0–1 s, and 100 credits were spent")
