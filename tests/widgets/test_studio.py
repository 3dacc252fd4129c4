"""The Studio and the prompt box, talking to a studio on a real port."""

import threading
from pathlib import Path

import pytest

from nemo_widgets.client import Notice, connect
from nemo_widgets.client.cassette import record
from nemo_widgets.errors import EmptyPromptError, InputError, NemoError, NothingToExportError
from nemo_widgets.kernel import run
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.protocol.events import Heartbeat, TextDelta, ToolCall, ToolResult
from nemo_widgets.widgets.conversation import Conversation
from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.prompt_box import PromptBox
from nemo_widgets.widgets.states import StudioState, TurnState
from nemo_widgets.widgets.studio import Studio

from .conftest import upload


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # an export goes into the current folder


@pytest.fixture
def studio(client):
    made = Studio(client)
    yield made
    made.close()


def last_turn(state):
    return state["turns"][-1] if state["turns"] else {"status": "none"}


def settled(state) -> bool:
    return last_turn(state)["status"] in ("done", "failed", "stopped")


def test_a_prompt_becomes_a_turn_a_timeline_and_a_preview(studio, view_of) -> None:
    view = view_of(studio)
    assert view.ask("send_prompt", text="a city at night")["type"] == "done"
    state = view.until(lambda state: state["preview"] is not None and settled(state))
    turn = last_turn(state)
    assert (turn["prompt"], turn["status"]) == ("a city at night", "done")
    assert "Your clip is **ready**." in turn["text"]
    assert turn["changes"]
    assert state["timeline"].startswith("Timeline (1 track): 1. Video: a city at night")
    assert studio.turns[0].text == turn["text"]
    assert studio.clip.path.is_file()
    reply, buffers = view.ask_for_bytes("read_range", clip=state["preview"]["id"], offset=0, length=100)
    assert buffers[0] == studio.clip.path.read_bytes()[:100]
    assert reply["total_bytes"] == state["preview"]["size_bytes"]


def test_after_a_reset_it_says_that_its_session_is_gone_and_shows_nothing_of_it(engine, view_of) -> None:
    with LocalStudio(engine=engine.engine(), options=Options(workers=1)) as server:
        client = connect(server.url, token=server.token)
        studio = Studio(client)
        view = view_of(studio)
        view.ask("send_prompt", text="a city at night")
        view.until(lambda state: state["preview"] is not None and settled(state))
        server.reset()
        state = view.until(lambda state: state["notice"])
        assert state["notice"].startswith("This session is gone")
        assert (state["preview"], state["final"], state["timeline"]) == (None, None, "")
        assert studio.clip is None
        view.ask("send_prompt", text="a city at night")
        view.until(lambda state: state["preview"] is not None and not state["notice"] and len(state["turns"]) == 2)
        studio.close()
        run(client.close())


def test_a_cassette_of_a_session_is_played_in_a_studio_with_its_raw_clip_and_its_export(client, view_of) -> None:
    with record("demo.nemo"):  # without a widget: nobody looked at the raw clip
        session = client.new_session()
        turn = run(session.send("a city at night", show=False))
        exported = run(session.export("live.mp4", show=False))
    made = Studio(connect("demo.nemo", speed=100))
    view = view_of(made)
    view.ask("send_prompt", text="a city at night")
    state = view.until(lambda state: state["preview"] is not None and settled(state))
    assert last_turn(state)["text"] == turn.text
    assert state["timeline"] == turn.draft.summary()
    assert state["preview"]["backend"] == "local"
    view.ask("start_export")
    state = view.until(lambda state: state["final"] is not None)
    content = exported.path.read_bytes()
    _, buffers = view.ask_for_bytes("read_range", clip=state["final"]["id"], offset=0, length=len(content))
    assert buffers[0] == content
    view.ask("send_prompt", text="something else")
    assert "demo.nemo has no answer to" in last_turn(view.until(settled_again))["error"]
    made.close()


def settled_again(state) -> bool:
    return len(state["turns"]) == 2 and settled(state)


def test_a_look_is_shown_and_a_suggestion_is_offered_but_nothing_is_done(studio, view_of) -> None:
    view = view_of(studio)
    view.ask("send_prompt", text="better")
    state = view.until(settled)
    turn = last_turn(state)
    assert turn["text"] == "Hm."
    assert len(turn["shown"]) == 1
    assert turn["shown"][0].startswith("Credits: ")
    # An export is a button of its own here.
    assert [(offered["action"], offered["prompt"]) for offered in turn["suggestions"]] == [("edit", "Drag the clip up")]
    assert turn["hint"].startswith("Say what should change")
    assert len(state["turns"]) == 1
    assert state["export"]["status"] == "idle"


def test_it_says_that_it_sets_up_before_the_first_answer(studio, view_of, engine) -> None:
    engine.gate.clear()
    studio.send("a city")
    assert last_turn(view_of(studio).state())["status"] == "setting_up"
    engine.gate.set()


def test_a_second_prompt_is_refused_while_an_answer_is_coming_and_nothing_is_sent_twice(
    studio, view_of, engine
) -> None:
    engine.gate.clear()
    view = view_of(studio)
    start = threading.Barrier(4)
    replies = []

    def click() -> None:
        start.wait()
        replies.append(view_of(studio).ask("send_prompt", text="a city"))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.gate.set()
    state = view.until(settled)
    assert [turn["prompt"] for turn in state["turns"]] == ["a city"]
    assert len(studio.turns) == 1


def test_a_notice_gives_way_to_what_the_agent_does(view_of, engine) -> None:
    faults = "run_sse:429(1)*1; run_sse:heartbeats"
    with LocalStudio(engine=engine.engine(), options=Options(workers=1, heartbeat_s=0.05), faults=faults) as server:
        box = PromptBox(connect(server.url, token=server.token).new_session())
        view = view_of(box)
        box.send("a city")
        waiting = "Too many requests: waiting 1 s, then trying once more"
        view.until(lambda state: last_turn(state)["activity"] == waiting)
        state = view.until(lambda state: last_turn(state)["activity"] == "")
        assert last_turn(state)["status"] == "working"
        box.stop()
        view.until(settled)
        run(box.session.client.close())


def test_a_reminder_stays_until_the_agent_does_something_else(client) -> None:
    feed = Feed(lambda update: None, StudioState(backend="local", where=""), lambda delay_s, call: None)
    feed.put_turn(TurnState(number=1, prompt="a city"))
    conversation = Conversation(client.new_session(), feed, on_turn=lambda turn: None)
    told = []
    for event in [
        ToolCall("generate_video"),
        Heartbeat(),
        Notice("⏳ Still working… Generating video · 120 s", "still working"),
        Heartbeat(),
        TextDelta("The raw clip is ready."),
        Notice("The answer broke off: asking what became of it in 1 s (1 of 5)"),
        ToolResult("generate_video"),
    ]:
        conversation._show(1, event)
        told.append(feed.turn(1).activity)
    assert told == [
        *["Generating video"] * 2,
        *["⏳ Still working… Generating video"] * 2,
        "Generating video",
        "The answer broke off: asking what became of it in 1 s (1 of 5)",
        "",
    ]


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_empty_prompt_is_refused_in_words(studio, view_of, text: str) -> None:
    reply = view_of(studio).ask("send_prompt", text=text)
    assert "nothing to send" in reply["message"]
    with pytest.raises(EmptyPromptError):
        studio.send(text)


def test_stop_ends_the_answer_and_the_next_prompt_goes_through(studio, view_of, engine) -> None:
    engine.gate.clear()
    view = view_of(studio)
    view.ask("send_prompt", text="a city")
    view.ask("stop_answer")
    state = view.until(settled)
    assert last_turn(state)["status"] == "stopped"
    engine.gate.set()
    view.ask("send_prompt", text="hello")
    state = view.until(lambda state: len(state["turns"]) == 2 and settled(state))
    assert last_turn(state)["status"] == "done"


def test_a_service_that_cannot_be_reached_is_told_in_the_transcript(view_of) -> None:
    box = PromptBox(connect("http://127.0.0.1:9", token="x").new_session())
    job = box.send("a city")
    turn = last_turn(view_of(box).until(settled))
    assert turn["status"] == "failed"
    assert turn["error"]
    assert turn["prompt"] == "a city"
    with pytest.raises(NemoError):
        job.result(5)


def test_export_before_there_is_anything_is_refused_in_words(studio, view_of) -> None:
    assert "nothing to export" in view_of(studio).ask("start_export")["message"]
    with pytest.raises(NothingToExportError):
        studio.export()


def test_an_export_ends_as_a_clip_on_show(studio, view_of) -> None:
    view = view_of(studio)
    view.ask("send_prompt", text="a city")
    view.until(lambda state: state["timeline"] and settled(state))
    assert view.ask("start_export")["type"] == "done"
    state = view.until(lambda state: state["export"]["status"] != "running")
    assert state["export"] == {"status": "done", "fraction": None, "elapsed_s": 0.0, "error": ""}
    assert state["final"]["name"] == studio.clip.path.name
    assert studio.clip.path.parent == Path.cwd()


def test_a_cancelled_export_says_so_and_can_be_started_again(studio, view_of, engine) -> None:
    view = view_of(studio)
    view.ask("send_prompt", text="a city")
    view.until(lambda state: state["timeline"] and settled(state))
    engine.gate.clear()
    view.ask("start_export")
    with pytest.raises(InputError, match="under way already"):
        studio.export()
    view.ask("stop_export")
    view.until(lambda state: state["export"]["status"] == "stopped")
    engine.gate.set()
    assert studio.export().result(20).path.is_file()


def test_a_new_change_takes_the_old_export_off_the_screen(studio, view_of) -> None:
    view = view_of(studio)
    for number in (1, 2):
        studio.send(f"a city, take {number}").result(20)
        if number == 1:
            studio.export().result(20)
            assert view.state()["final"] is not None
    state = view.until(lambda state: state["final"] is None)
    assert state["export"]["status"] == "idle"


def test_a_dropped_file_becomes_footage_of_the_session(studio, view_of, clip_path: Path) -> None:
    view = view_of(studio)
    assert upload(view, "beach.mp4", clip_path.read_bytes())["type"] == "done"
    assets = view.state()["assets"]
    assert [(asset["name"], asset["kind"]) for asset in assets] == [("beach.mp4", "video")]
    assert assets[0]["duration_s"] == pytest.approx(1, abs=0.1)
    assert (assets[0]["width"], assets[0]["height"], assets[0]["size_bytes"]) == (320, 180, clip_path.stat().st_size)


def test_a_file_of_a_wrong_kind_is_refused_before_it_moves(studio, view_of) -> None:
    view = view_of(studio)
    reply = upload(view, "notes.txt", b"some notes")
    assert reply["type"] == "failed"
    assert "notes.txt" in reply["message"]
    assert view.state()["assets"] == view.state()["hand_overs"] == []


def test_a_view_that_comes_late_sees_everything(studio, view_of) -> None:
    studio.send("a city").result(20)
    view = view_of(studio)
    state = view.until(lambda state: state["preview"] is not None)
    assert last_turn(state)["status"] == "done"


def test_a_prompt_box_calls_back_with_each_turn(client, view_of) -> None:
    box = PromptBox(client.new_session())
    heard = []
    box.on_answer(heard.append)
    turn = box.send("hello").result(20)
    assert heard == [turn] == box.turns
    assert last_turn(view_of(box).state())["text"] == "Hello! What shall we make?"


def test_a_callback_that_fails_does_not_take_the_answer_with_it(client, view_of, caplog) -> None:
    box = PromptBox(client.new_session())
    box.on_answer(lambda turn: 1 / 0)
    assert box.send("hello").result(20).text
    assert last_turn(view_of(box).state())["status"] == "done"
    assert "ZeroDivisionError" in caplog.text


def test_a_prompt_box_only_talks(client, view_of) -> None:
    assert view_of(PromptBox(client.new_session())).ask("start_export")["type"] == "failed"


def test_the_studio_says_who_works(studio, view_of, client) -> None:
    state = view_of(studio).state()
    assert (state["backend"], state["where"]) == ("custom", client.url)


def test_a_studio_goes_on_with_a_session_that_has_a_timeline(client, view_of) -> None:
    session = client.new_session()
    run(session.send("a city at night", show=False))
    later = Studio(session)
    try:
        state = view_of(later).until(lambda state: state["preview"] is not None)
        assert state["timeline"].startswith("Timeline (1 track): 1. Video: a city at night")
        assert later.session is session
    finally:
        later.close()
