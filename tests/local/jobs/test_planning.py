"""Plans in turn: quick ones on the server's loop, with a look at the network in between; the others beside it."""

import asyncio
import dataclasses
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nemo_widgets.local import Engine
from nemo_widgets.local.engine import OWN_ENGINE
from nemo_widgets.local.jobs.drawing import Drawing
from nemo_widgets.local.jobs.planning import Planning
from nemo_widgets.local.jobs.rawclips import RawClips
from nemo_widgets.local.jobs.turns import Turns
from nemo_widgets.local.options import Options
from nemo_widgets.local.state.records import SessionRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.events import Event, Heartbeat, TextDelta

from ..conftest import TinyEngine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def session_of(store: Store, name: str) -> SessionRecord:
    record = SessionRecord(name, "t", "u", "project", "en", 1, 0, 0, "{}", "[]", store.clock())
    store.add_session(record)
    return record


def planning(store: Store, seen: list[str], *, at_once: Callable[[str], bool]) -> Planning:
    tiny = TinyEngine()

    def plan(prompt: str, *more: Any) -> Any:
        seen.append(f"{prompt} on {threading.current_thread().name}")
        return tiny.plan(prompt, *more)

    return Planning(store, dataclasses.replace(tiny.engine(), plan=plan, plans_at_once=at_once))


def test_quick_plans_are_made_in_turn_and_the_network_is_looked_at_between_them(store: Store) -> None:
    seen: list[str] = []
    session = session_of(store, "s1")

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        quick = planning(store, seen, at_once=lambda prompt: True)
        tasks = [asyncio.create_task(quick.plan(session, name, 1)) for name in ("one", "two", "three")]

        def look() -> None:
            seen.append("look")
            if quick.is_busy:
                loop.call_soon(look)

        await asyncio.sleep(0)
        was_busy = quick.is_busy
        look()
        await asyncio.gather(*tasks)
        return was_busy and not quick.is_busy

    assert asyncio.run(work())
    plans = [at for at, said in enumerate(seen) if said != "look"]
    assert [seen[at] for at in plans] == [f"{name} on MainThread" for name in ("one", "two", "three")]
    assert all(later - earlier > 1 for earlier, later in pairwise(plans))


def test_a_long_message_is_planned_beside_the_loop_and_holds_up_nobody(store: Store) -> None:
    seen: list[str] = []
    session = session_of(store, "s1")

    async def work() -> bool:
        beside = planning(store, seen, at_once=lambda prompt: False)
        task = asyncio.create_task(beside.plan(session, "long", 1))
        await asyncio.sleep(0)
        was_busy = beside.is_busy
        await task
        return was_busy

    assert not asyncio.run(work())
    assert seen[0].startswith("long on ")
    assert "MainThread" not in seen[0]


def test_a_plan_that_fails_or_is_given_up_leaves_the_turn_to_the_next(store: Store) -> None:
    session = session_of(store, "s1")

    async def work() -> bool:
        quick = planning(store, [], at_once=lambda prompt: True)
        broken, left, kept = (asyncio.create_task(quick.plan(session, said, 1)) for said in ("break", "left", "kept"))
        await asyncio.sleep(0)
        left.cancel()
        with pytest.raises(ZeroDivisionError):
            await broken
        return bool((await kept).stages) and not quick.is_busy

    assert asyncio.run(work())


def test_a_message_that_has_to_wait_for_others_is_told_at_once_that_it_has_arrived(store: Store) -> None:
    said: dict[str, list[Event]] = {"s1": [], "s2": [], "s3": []}
    engine: Engine = dataclasses.replace(TinyEngine().engine(), plans_at_once=lambda prompt: True)
    records = [session_of(store, name) for name in said]

    async def work() -> None:
        drawing = Drawing(engine.render, workers=1)
        turns = Turns(store, engine, RawClips(store, drawing, engine.canvas_size), Options())

        async def answer(record: SessionRecord) -> None:
            async def emit(event: Event) -> None:
                said[record.id].append(event)

            await turns.answer(record, "hello", emit)

        await asyncio.gather(*map(answer, records))
        await answer(records[0])

    asyncio.run(work())
    beats = {name: [isinstance(event, Heartbeat) for event in events] for name, events in said.items()}
    assert [beats[name][0] for name in said] == [False, True, True]
    assert [sum(each) for each in beats.values()] == [0, 1, 1]  # and none when nobody else is there
    assert all(isinstance(event, Heartbeat | TextDelta) for events in said.values() for event in events)


def test_the_studios_own_engine_plans_what_people_type_on_the_loop_and_long_texts_beside_it() -> None:
    assert OWN_ENGINE.plans_at_once("a 10-second cinematic clip of a city at night")
    assert not OWN_ENGINE.plans_at_once("a " * 2000)
