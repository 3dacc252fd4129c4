"""The grid's Python side: what a view is told, in which order."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from nemo_widgets.compare import Take, Variant
from nemo_widgets.compare.take import TakeState
from nemo_widgets.widgets.compare_grid import CompareGrid
from nemo_widgets.widgets.messages import Comparison, ComparisonUpdate, Done, Failed, GetComparison, StartSweep


class StillSweep:
    """A sweep whose takes change when the test says so."""

    def __init__(self) -> None:
        self.client = SimpleNamespace(backend="local")
        self.running = False
        self.started = 0
        self.listener: Any = None
        self.takes = tuple(Take(Variant(index, f"prompt {index}"), self.changed) for index in range(2))

    def changed(self, take: Take | None) -> None:
        self.listener(take)

    def on_change(self, listener: Any) -> Any:
        self.listener = listener
        return lambda: None

    def start(self) -> None:
        self.started += 1


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    messages: list[Any] = []
    monkeypatch.setattr(CompareGrid, "tell", lambda self, message, buffers=(): messages.append(message))
    return messages


def show(take: Take, state: TakeState) -> None:
    take.state = state
    take._on_change(take)


def until(messages: list[Any], count: int) -> None:
    deadline = time.monotonic() + 10
    while len(messages) < count:
        assert time.monotonic() < deadline, messages
        time.sleep(0.01)


def test_many_changes_become_few_updates_without_a_gap(told: list[Any]) -> None:
    sweep = StillSweep()
    CompareGrid(sweep)  # type: ignore[arg-type]
    for length in range(200):
        show(sweep.takes[1], TakeState(phase="generating", text="x" * length))
    until(told, 1)
    show(sweep.takes[0], TakeState(phase="failed", error="no"))
    until(told, 2)
    assert [update.seq for update in told] == [1, 2]
    assert [variant.text for variant in told[0].variants] == ["x" * 199]
    assert [(variant.number, variant.error) for variant in told[1].variants] == [(1, "no")]


def test_a_view_that_connects_gets_everything_as_of_the_last_update(told: list[Any]) -> None:
    sweep = StillSweep()
    grid = CompareGrid(sweep)  # type: ignore[arg-type]
    show(sweep.takes[0], TakeState(phase="rendering", fraction=0.5))
    until(told, 1)
    answer = grid.answer(GetComparison(id="a"), ())
    assert isinstance(answer, Comparison)
    assert answer.seq == told[0].seq
    assert [(variant.phase, variant.fraction) for variant in answer.state.variants] == [
        ("rendering", 0.5),
        ("waiting", None),
    ]
    assert answer.state.backend == "local"


def test_starting_and_ending_are_told_too(told: list[Any]) -> None:
    sweep = StillSweep()
    grid = CompareGrid(sweep)  # type: ignore[arg-type]
    assert isinstance(grid.answer(StartSweep(id="a"), ()), Done)
    assert sweep.started == 1
    sweep.running = True
    sweep.changed(None)
    until(told, 1)
    assert told == [ComparisonUpdate(seq=1, running=True, variants=[])]


def test_what_it_does_not_understand_is_refused_in_words(told: list[Any]) -> None:
    grid = CompareGrid(StillSweep())  # type: ignore[arg-type]
    grid._receive(grid, {"type": "send_prompt", "id": "a", "text": "hi"}, [])
    assert told == [Failed(id="a", message="A comparison can be started, stopped and played.")]
