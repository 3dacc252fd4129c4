"""What a person reads while an answer arrives."""

import pytest

from nemo_widgets.client.language import language_of
from nemo_widgets.client.narration import AnswerText, Progress, doing
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
    assert progress.status(61.0) == "Thinking · 1 s"


def test_after_two_minutes_without_text_it_is_still_working() -> None:
    progress = Progress(0.0)
    progress.see(ToolCall("generate_video"), 10.0)
    assert progress.status(119.0) == "Generating video · 109 s"
    progress.see(Heartbeat(), 119.0)
    assert progress.status(120.0) == "⏳ Still working… Generating video · 110 s"
    progress.see(TextDelta("Hi"), 121.0)
    assert progress.status(122.0) == "Generating video · 112 s"


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


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("城市夜景", "zh-CN"),
        ("夜の街のクリップ", "ja"),
        ("도시의 밤", "ko"),
        ("ночной город", "ru"),
        ('a clip with the title "城市"', "en"),
        ('"城市"', "zh-CN"),
    ],
)
def test_the_language_is_that_of_the_prompt(prompt: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("C", "UTF-8"))
    assert language_of(prompt) == language


@pytest.mark.parametrize(("said", "language"), [("de_DE", "de"), ("C", "en"), (None, "en"), ("English_US", "en")])
def test_the_machines_language_is_the_second_choice(
    said: str | None, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (said, "UTF-8"))
    assert language_of("ein Clip") == language
