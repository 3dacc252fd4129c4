"""Instructions to use the editor go, descriptions stay, and pieces make no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.gui import GuiTranslator, translate

GONE = [
    "Click [Export] to download your video.",
    "Click the Export button.",
    "Please click **Export**.",
    "Click on the play button to preview it.",
    'You can now click the "Export" button to download the video.',
    "To download your video, click the Export button.",
    "Open the media panel.",
    "Open the Effects panel on the left!",
    "You can drag the clip on the timeline.",
    "Drag and drop your files here.",
    "You can preview it in the timeline.",
    "Preview the result in the editor.",
    "You can preview in timeline.",
    "Preview in timeline",
    "Please check your account for billing details.",
    "Go to the Settings tab.",
    "If you want to save it, click Download.",
    "1. Click [Export].",
    "- Drag the title to the right.\n",
    "点击导出按钮即可下载视频。",
    "请点击[导出]。",
    "您可以打开素材面板。",
    "你可以将片段拖拽到时间线上。",
    "请在时间线中预览。",
    "请查看您的账户余额和账单。",
]

KEPT = [
    "I made a 10-second clip of a futuristic city at night.",
    "The camera glides over neon streets while rain falls.",
    "A man clicks a button on the control panel, and the lights go out.",
    "She opens the door and steps into the garden.",
    "A hand drags a crate across the floor.",
    'The title says "Click here" in bold letters.',
    'Title: "Hello, click the button".',
    "An export office with a neon sign.",
    "I added lo-fi music at 35% and a title from 0 to 3 s.",
    "The timeline has three tracks now.",
    "Your balance is 40 credits.",
    "Open on a wide shot of the harbour.",
    "The drop of water hits the surface.",
    "Press play on your imagination!",
    "Dragons circle the tower.",
    "我制作了一段10秒的城市夜景。",
    "一个男孩点击屏幕上的按钮，灯亮了。",
    "她打开门，走进花园。",
    "已添加标题「点击这里」。",
    "时间线现在有三条轨道。",
    "- **Video**: city timelapse, 0–10 s\n- **Music**: lo-fi\n",
    "3.5 s long, i.e. short… Really?",
]

MIXED = [
    ("Your video is ready. Click Export to download it.", "Your video is ready."),
    ("Your video is ready, click the Export button to download it.", "Your video is ready."),
    ("Your video is ready — click [Export]!", "Your video is ready!"),
    ("I added a title and you can drag it on the timeline.", "I added a title."),
    ("视频已生成，点击导出按钮下载。", "视频已生成。"),
    ("视频已生成。请点击导出。接下来想改什么？", "视频已生成。接下来想改什么？"),
    ("Done!\nClick Export.\nThe city glows.", "Done!\n\nThe city glows."),
]


@pytest.mark.parametrize("text", GONE)
def test_an_instruction_to_use_the_editor_is_taken_out(text: str) -> None:
    assert translate(text).strip() == ""


@pytest.mark.parametrize("text", KEPT)
def test_a_description_stays_as_it_came(text: str) -> None:
    assert translate(text) == text


@pytest.mark.parametrize(("text", "left"), MIXED)
def test_of_a_mixed_text_the_description_is_left(text: str, left: str) -> None:
    assert translate(text) == left


@pytest.mark.parametrize("text", [*GONE, *KEPT, *(mixed for mixed, _ in MIXED)])
def test_pieces_make_no_difference(text: str) -> None:
    translator = GuiTranslator()
    assert "".join(translator.feed(letter) for letter in text) + translator.flush() == translate(text)


@given(
    st.lists(st.sampled_from([*GONE, *KEPT, " ", "\n", "a", "."]), max_size=6),
    st.lists(st.integers(0, 300), max_size=4),
)
def test_cuts_make_no_difference(texts: list[str], cuts: list[int]) -> None:
    text = "".join(texts)
    at = sorted(min(cut, len(text)) for cut in cuts)
    translator = GuiTranslator()
    shown = "".join(translator.feed(text[a:b]) for a, b in zip([0, *at], [*at, len(text)], strict=True))
    assert shown + translator.flush() == translate(text)


def test_a_sentence_is_shown_as_soon_as_it_ended() -> None:
    translator = GuiTranslator()
    assert translator.feed("The city glows. It ra") == "The city glows."
    assert translator.feed("ins.\n") == " It rains.\n"


def test_what_was_taken_out_becomes_a_suggestion_once() -> None:
    translator = GuiTranslator()
    translator.feed("Click Export. Then click the Export button. Drag the clip to the left. Check your billing page. ")
    assert translator.suggestions == ["export", "edit", "credits"]


def test_a_text_without_sentences_is_not_held_for_ever() -> None:
    assert GuiTranslator().feed("x" * 3000) == "x" * 3000
