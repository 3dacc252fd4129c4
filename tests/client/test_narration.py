"""What a person reads while an answer arrives."""

import pytest

from nemo_widgets.client.narration import AnswerText, Progress, added_to_clip, doing, in_words
from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import Event, Heartbeat, TextDelta, ToolCall, ToolResult

SORRY = "I encountered a temporary issue. Please try again."


def shown(*events: Event | str) -> str:
    answer = AnswerText()
    pieces = [answer.feed(TextDelta(event) if isinstance(event, str) else event) for event in events]
    text = "".join(pieces) + answer.flush()
    assert text == answer.shown
    return text


@pytest.mark.parametrize(
    ("events", "text"),
    [
        (("Hel", "lo. ", "Bye."), "Hello. Bye."),
        (("A.", ToolCall("x"), "B."), "A.\n\nB."),
        (("A.\n\n", ToolCall("x"), ToolResult("x"), "\nB."), "A.\n\nB."),
        ((ToolCall("x"), "A."), "A."),
        (("A.", ToolCall("x")), "A."),
        (("  \n A. ", "\n\n"), "A."),
        (("A. ", Heartbeat(), "B."), "A. B."),
        (("Ready. ", SORRY), "Ready."),
        (("Ready. " + SORRY,), "Ready."),
        (("Ready.", ToolCall("x"), SORRY), "Ready."),
        ((SORRY,), SORRY),
        ((ToolCall("x"), SORRY), SORRY),
        (("I encountered a temporary issue. ", "I tried again and the clip is there."), None),
        (("Ready. Click Export.",), "Ready."),
        (("Click Export.", ToolCall("x"), "Ready."), "Ready."),
    ],
)
def test_the_text_of_an_answer(events: tuple[Event | str, ...], text: str | None) -> None:
    assert shown(*events) == ("".join(map(str, events)) if text is None else text)


def test_progress_is_told_in_plain_words_and_never_with_arguments() -> None:
    progress = Progress(0.0)
    assert progress.status(3.2) == "Thinking · 3 s"
    progress.see(ToolCall("generate_video", {"prompt": "secret"}), 5.0)
    assert progress.status(50.0) == "Generating video · 45 s"
    progress.see(ToolResult("generate_video"), 60.0)
    assert progress.status(61.0) == "The raw clip is ready · finishing it · 1 s"
    progress.see(ToolResult("add_music"), 62.0)
    assert progress.status(63.0) == "Thinking · 1 s"


def test_every_two_minutes_without_text_it_is_still_working() -> None:
    progress = Progress(0.0)
    progress.see(ToolCall("generate_video"), 10.0)
    progress.see(Heartbeat(), 119.0)
    assert progress.reminder_s == 120.0
    assert progress.reminder(120.0) == "⏳ Still working… Generating video · 110 s"
    assert progress.reminder_s == 240.0
    progress.see(TextDelta("Hi"), 130.0)
    assert progress.reminder_s == 250.0
    progress.reminder(500.0)
    assert progress.reminder_s == 610.0


CLIP = {"tt": 0, "sg": [{"d": 10_000, "m": {"name": "city"}}]}
SONG = {"tt": 1, "sg": [{"d": 10_000, "m": {"name": "Lo-fi", "volume": 0.35}}]}
TITLE = {"tt": 7, "sg": [{"d": 3_000, "m": {"text": "Urban Dreams"}}]}


def test_the_raw_clip_is_told_apart_from_what_was_added_to_it() -> None:
    before, after = Draft.parse({"t": [SONG]}), Draft.parse({"t": [CLIP, SONG, TITLE]})
    added = added_to_clip(before, after)
    assert added == ('Title added: "Urban Dreams", 0–3 s',)
    assert in_words(changes(before, after), added) == (
        'The raw clip:\n\n- Video added: city, 0–10 s\n\nThen added to it:\n\n- Title added: "Urban Dreams", 0–3 s'
    )
    assert added_to_clip(before, Draft.parse({"t": [SONG, TITLE]})) == ()
    assert in_words(("one", "two"), ()) == "- one\n- two"


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("generate_video", "Generating video"),
        ("create_a_clip", "Generating video"),
        ("generate_image", "Generating image"),
        ("add_music", "Working on the sound"),
        ("add_title", "Working on the titles"),
        ("trim_clip", "Cutting"),
        ("update_draft", "Arranging the timeline"),
        ("polish__everything", "Polish everything"),
        ("", "Working"),
    ],
)
def test_a_tool_is_told_in_words(tool: str, words: str) -> None:
    assert doing(tool) == words
