"""Answers that take long, come in two stages, come silently, or come to many at once."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Mapping

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Turn, connect
from nemo_widgets.client.turn import Audience
from nemo_widgets.errors import DeadlineError
from nemo_widgets.local import LocalStudio
from nemo_widgets.protocol.events import Heartbeat
from nemo_widgets.protocol.hints import EDIT_HINT

from ..local.conftest import TinyEngine
from .conftest import DRAFT, TOKEN, FastClock, Service, stream, text

SPEED = 300
HEARTBEAT = {"type": "heartbeat"}
GENERATING = {"type": "tool_call", "name": "generate_video", "args": {}}
GENERATED = {"type": "tool_result", "name": "generate_video", "result": {}}
DREAMS = {**DRAFT, "t": [*DRAFT["t"], {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}]}]}


def minutes(frames: Mapping[float, object]) -> list[tuple[float, bytes]]:
    """Frames by the minute they come at, with a heartbeat every quarter of a minute up to the last, compressed."""
    beats = {quarter / 4: HEARTBEAT for quarter in range(int(4 * max(frames)))}
    at_minute = sorted({**beats, **frames}.items())
    return [(at * 60 / SPEED, b"data: %b\n\n" % json.dumps(frame).encode()) for at, frame in at_minute]


def answered(service: Service, remind: Callable[[str], None] = lambda words: None) -> Turn:
    async def send() -> Turn:
        async with connect(service.url, token=TOKEN, clock=FastClock(SPEED)) as client:
            return await client.new_session()._answer("a city", Audience(remind=remind))

    return kernel.run(send())


def test_a_stream_of_fifteen_minutes_is_heard_to_its_end_and_reminded_of_every_two(service: Service) -> None:
    frames = {1.0: GENERATING, 8.9: GENERATED, 13.0: text("Here it is.")}
    service.script["chat"].append(stream(timed=minutes(frames)))
    reminders: list[str] = []
    turn = answered(service, reminders.append)
    assert turn.text == "Here it is."
    assert 12.9 * 60 < turn.elapsed_s < 15 * 60
    assert sum(isinstance(event, Heartbeat) for event in turn.events) > 50
    told = [words.rpartition(" · ")[0] for words in reminders]
    assert (
        told
        == ["⏳ Still working… Generating video"] * 4 + ["⏳ Still working… The raw clip is ready · finishing it"] * 2
    )
    assert service.accepted == 1


@pytest.mark.parametrize(
    ("frames", "after"),
    [({12.0: text("too late")}, 10), ({5.0: GENERATING, 12.0: GENERATED, 17.0: text("too late")}, 15)],
    ids=["ten minutes of heartbeats", "fifteen minutes in all"],
)
def test_a_deadline_ends_the_wait_and_the_work(service: Service, frames: Mapping[float, object], after: int) -> None:
    service.script["chat"].append(stream(timed=minutes(frames), draft=None))
    with pytest.raises(DeadlineError, match=f"given up after ({after}|{after + 1}) minutes.*not sent again"):
        answered(service)
    ends_at = time.monotonic() + 10
    while service.open_streams:
        assert time.monotonic() < ends_at
        time.sleep(0.01)
    assert service.accepted == 1


def test_what_was_added_to_the_raw_clip_is_told_apart(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(GENERATING, GENERATED, draft=DREAMS))
    turn = kernel.run(client.new_session().send("a city", show=False))
    assert turn.added == ('Title added: "Urban Dreams", 0–3 s',)
    assert turn.text.startswith("The raw clip:\n\n- Frame set to 1920×1080\n- Video added: city, 0–1 s\n\nThen added")
    service.script["chat"].append(stream(draft=DRAFT))
    silent = kernel.run(client.open_session("s1").send("remove the title", show=False))
    assert (silent.text, silent.added) == ('- Title removed: "Urban Dreams"', ())


def test_two_stages_of_the_local_studio_are_told_apart() -> None:
    async def send(studio: LocalStudio) -> Turn:
        async with connect(studio.url, token=studio.token) as client:
            return await client.new_session().send("a city", show=False)

    with LocalStudio(engine=TinyEngine().engine(), faults="run_sse:two-stage(0.2); run_sse:silent") as studio:
        turn = kernel.run(send(studio))
    assert turn.added == ("Music added: Lo-fi, 0–1 s, 35 %",)


def test_a_vague_prompt_is_sent_as_it_is_and_gets_a_hint(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    turn = kernel.run(client.new_session().send("make it look better"))
    assert service.told("chat")[0].json["new_message"]["parts"] == [{"text": "make it look better"}]
    assert turn.hint == EDIT_HINT
    shown = capsys.readouterr().out
    assert shown.index("The city glows.") < shown.index(EDIT_HINT)
    assert kernel.run(client.new_session().send("a city at night", show=False)).hint is None


def test_a_hundred_sessions_stream_at_once_and_none_waits_for_the_others() -> None:
    async def everyone(studio: LocalStudio) -> list[float]:
        async with connect(studio.url, token=studio.token) as client:
            sessions = [client.new_session(language="en") for _ in range(100)]
            # Opened before, so that what is measured is streaming.
            await asyncio.gather(*(session._project.opened() for session in sessions))
            turns = await asyncio.gather(*(session.send("hello", show=False) for session in sessions))
            assert {studio.accepted(session.id) for session in sessions} == {1}
            assert {turn.text for turn in turns} == {"Hello! What shall we make?"}
            return [turn.elapsed_s for turn in turns]

    with LocalStudio(engine=TinyEngine().engine(), faults="run_sse:slow(0.3)") as studio:
        elapsed_s = kernel.run(everyone(studio))
    assert max(elapsed_s) < 2 * statistics.median(elapsed_s)
