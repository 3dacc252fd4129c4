"""Updates are few, numbered, and add up to the state."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.messages import Update, to_wire
from nemo_widgets.widgets.states import ExportState, StudioState, TurnState


class Clock:
    """Calls what is due when the test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        self.due.append((self.now_s + delay_s, call))

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds
        due, self.due = [c for t, c in self.due if t <= self.now_s], [(t, c) for t, c in self.due if t > self.now_s]
        for call in due:
            call()


class Mirror:
    """A view that applies updates as the front end does."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = to_wire(StudioState())
        self.seq = 0
        self.count = 0

    def take(self, update: Update) -> None:
        wire = to_wire(update)
        self.seq += 1
        self.count += 1
        assert wire.pop("seq") == self.seq
        wire.pop("type")
        for turn in wire.pop("turns"):
            self.state["turns"][turn["number"] - 1 :] = [turn, *self.state["turns"][turn["number"] :]]
        for added in wire.pop("texts"):
            self.state["turns"][added["turn"] - 1]["text"] += added["text"]
        self.state.update(wire)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mirror() -> Mirror:
    return Mirror()


@pytest.fixture
def feed(mirror: Mirror, clock: Clock) -> Feed:
    return Feed(mirror.take, StudioState(), clock.later)


def test_the_first_change_is_told_at_once(feed: Feed, mirror: Mirror) -> None:
    feed.change(timeline="one track")
    assert mirror.state["timeline"] == "one track"


def test_five_hundred_pieces_of_text_in_a_second_are_at_most_thirty_one_messages(
    feed: Feed, mirror: Mirror, clock: Clock
) -> None:
    feed.put_turn(TurnState(number=1, prompt="a city"))
    for number in range(500):
        feed.add_text(1, f"{number} ")
        clock.pass_s(1 / 500)
    clock.pass_s(1)
    assert mirror.count <= 32
    assert mirror.state["turns"][0]["text"] == "".join(f"{number} " for number in range(500))


def test_a_snapshot_and_the_updates_after_it_never_tell_a_text_twice(feed: Feed, mirror: Mirror, clock: Clock) -> None:
    feed.put_turn(TurnState(number=1, prompt="a city"))
    feed.add_text(1, "Hello ")
    snapshot = feed.snapshot("v-1")
    assert snapshot.seq == mirror.seq
    assert snapshot.state.turns[0].text == mirror.state["turns"][0]["text"] == "Hello "
    feed.add_text(1, "world")
    clock.pass_s(1)
    assert mirror.state["turns"][0]["text"] == "Hello world"


def test_an_idle_feed_is_silent(feed: Feed, mirror: Mirror, clock: Clock) -> None:
    feed.change(notice="x")
    for _ in range(10):
        clock.pass_s(1)
    assert mirror.count == 1
    assert clock.due == []


_change = st.one_of(
    st.tuples(st.just("turn"), st.integers(1, 3), st.text(max_size=4)),
    st.tuples(st.just("text"), st.integers(1, 3), st.text(max_size=4)),
    st.tuples(st.just("timeline"), st.just(0), st.text(max_size=4)),
    st.tuples(st.just("export"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("clear"), st.just(0), st.just("")),
    st.tuples(st.just("time"), st.integers(1, 100), st.just("")),
)


@given(st.lists(_change, max_size=40))
def test_whatever_changes_in_whatever_order_the_updates_add_up(changes: list[tuple[str, int, str]]) -> None:
    clock, mirror = Clock(), Mirror()
    feed = Feed(mirror.take, StudioState(), clock.later)
    for kind, number, text in changes:
        known = len(feed.state.turns)
        if kind == "turn":
            feed.put_turn(TurnState(number=min(number, known + 1), prompt="p", text=text, activity=text))
        elif kind == "text" and number <= known:
            feed.add_text(number, text)
        elif kind == "timeline":
            feed.change(timeline=text, preview=None)
        elif kind == "export":
            feed.change(export=ExportState(status="running", fraction=number / 10))
        elif kind == "clear":
            feed.snapshot("v")
        elif kind == "time":
            clock.pass_s(number / 1000)
    clock.pass_s(1)
    assert mirror.state == to_wire(feed.state)
