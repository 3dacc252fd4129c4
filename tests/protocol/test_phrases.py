"""A sentence is reduced to what it asks for."""

import pytest

from nemo_widgets.protocol.phrases import bare, is_chinese, plain, slips, without_politeness


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("  export   it \t now ", "export it now"),
        ("export it!!! …", "export it"),
        ("🎬 export 🎬🙏", "export"),
        ("it’s ＥＸＰＯＲＴ　４Ｋ", "it's EXPORT 4K"),
        ("🎬", ""),
        ("🎬🎬 ❤️ export", "export"),
        ("👩‍🎨👍🏽 export ❤️ 👍🏽", "export"),
        ("what’s my balance", "what's my balance"),
        ("...", ""),
        ("!export", "!export"),
        ("export 🎬 it", "export 🎬 it"),
        ("导出。", "导出"),
        ("planet X", "planet X"),
        ("", ""),
    ],
)
def test_a_line_is_made_plain(sentence: str, line: str) -> None:
    assert plain(sentence) == line


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Please export It", "export It"),
        ("could you please upload My.MP4, thanks", "upload My.MP4"),
        ("请帮我導出一下", "導出"),
        ("upload now.mp4", "upload now.mp4"),
        ("pleased to meet you", "pleased to meet you"),
        ("export", "export"),
        ("please", ""),
    ],
)
def test_politeness_is_taken_off_at_both_ends(line: str, rest: str) -> None:
    assert without_politeness(line) == rest


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("/Export  the VIDEO, please", "export the video"),
        ("donwload teh vdieo", "download the video"),
        ("導出 影片", "导出 影片"),
        ("export 🎬 it; now", "export it"),
        ("export 👍🏽❤️‍🔥,it", "export it"),
        ("Xerox", "xerox"),
    ],
)
def test_what_is_asked_is_lower_case_simplified_and_mended(line: str, asked: str) -> None:
    assert bare(line) == asked


def test_a_slip_exchanges_leaves_out_or_doubles_and_keeps_the_first_letter() -> None:
    doubled = {"ssave", "saave", "savve", "savee"}
    assert slips("save") == {"svae", "saev", "sve", "sae", "sav"} | doubled - {"ssave"}


@pytest.mark.parametrize(
    ("word", "other"), [("status", "stats"), ("tracks", "racks"), ("tracks", "tacks"), ("credits", "credit")]
)
def test_a_word_of_its_own_is_no_slip(word: str, other: str) -> None:
    assert other not in slips(word)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("导出", True), ("export 视频", True), ("㐀", True), ("export", False), ("エ", False), ("", False)],
)
def test_chinese_is_told_by_its_characters(text: str, is_one: bool) -> None:
    assert is_chinese(text) is is_one
