"""What a message leaves behind: the timeline, the one before it, and the raw clip that shows its pictures."""

from ..conftest import Caller, TinyEngine


def test_a_message_is_taken_back_as_a_whole_and_made_again(call: Caller) -> None:
    session = call.open_session()
    empty = call.state(session)["draft"]
    call.say(session, "a city at night")
    generated = call.state(session)["draft"]
    assert len(generated["t"]) == 2
    call.say(session, "a title")
    titled = call.state(session)["draft"]
    call.say(session, "undo")
    assert call.state(session)["draft"] == generated
    call.say(session, "undo")
    assert call.state(session)["draft"] == empty
    call.say(session, "redo")
    call.say(session, "redo")
    assert call.state(session)["draft"] == titled


def test_going_back_to_an_empty_timeline_draws_no_clip(call: Caller) -> None:
    session = call.open_session()
    call.say(session, "a city at night")
    seen = call.say(session, "undo")
    assert "error" not in {event["type"] for event in seen}
    assert len(call.state(session)["generated_media"]) == 1


def test_going_back_to_other_pictures_draws_them(call: Caller, tiny: TinyEngine) -> None:
    session = call.open_session()
    call.say(session, "a city at night")
    call.say(session, "instead a forest")
    call.say(session, "undo")
    assert len(call.state(session)["generated_media"]) == 3
    call.say(session, "a title")
    assert len(call.state(session)["generated_media"]) == 3
