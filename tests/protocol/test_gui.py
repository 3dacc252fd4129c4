"""Instructions to use the editor go, descriptions stay, and pieces make no difference (the table is `gui.txt`)."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nemo_widgets.protocol.gui import GuiTranslator, translate

TABLE = Path(__file__).with_name("gui.txt")


def rows() -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Return the table: its section, what the agent writes, what is left of it; and of edits what would be said."""
    found, prompts, section = [], {}, ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            before, _, prompt = line.partition(" >> ")
            before, _, after = before.partition(" => ")
            found.append((section, before, before if section == "kept" else after))
            if section == "gone: edit":
                prompts[before] = prompt
    return found, prompts


ROWS, PROMPTS = rows()
TEXTS = [before for _, before, _ in ROWS]


def actions(text: str) -> list[str]:
    translator = GuiTranslator()
    translator.feed(text + "\n")
    return [found.action for found in translator.instructions]


def shown(*pieces: str) -> str:
    translator = GuiTranslator()
    return "".join([*map(translator.feed, pieces), translator.flush()])


@pytest.mark.parametrize("section", sorted({section for section, _, _ in ROWS}))
def test_the_table_is_held(section: str) -> None:
    here = [(before, after) for name, before, after in ROWS if name == section]
    # A blank that stood after something taken out is the client's: it begins an answer without blanks.
    assert [(before, translate(before)) for before, after in here if translate(before).lstrip() != after] == []


@pytest.mark.parametrize("meant", ["export", "upload", "preview", "state", "credits", "edit"])
def test_what_was_taken_out_is_known_for_what_it_is_good_for(meant: str) -> None:
    for section, before, _ in ROWS:
        if section == f"gone: {meant}":
            assert actions(before) == [meant], before
        elif section == "kept":
            assert actions(before) == [], before


def test_an_edit_is_put_as_a_message() -> None:
    for before, prompt in PROMPTS.items():
        translator = GuiTranslator()
        translator.feed(before + "\n")
        assert [found.prompt for found in translator.instructions] == [prompt], before


def test_the_table_is_large_and_bilingual() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 230
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in TEXTS) >= 50


def test_the_first_eight_instructions_are_known() -> None:
    translator = GuiTranslator()
    translator.feed("".join(f"Drag the clip up to track {number}. " for number in range(1, 12)))
    assert [found.prompt for found in translator.instructions] == [
        f"Drag the clip up to track {number}" for number in range(1, 9)
    ]


def test_an_instruction_comes_once_and_in_order() -> None:
    text = "Click Export. Then click the Export button. Drag the clip to the left. Check your billing page. "
    assert actions(text) == ["export", "edit", "credits"]
    assert actions("Drag the clip to the left. Drag the clip to the left. Drag the title up. ") == ["edit", "edit"]
    assert actions("Click here. Click here. Double-click the title. ") == ["edit"]


def test_lines_stay_lines() -> None:
    assert translate("Done!\nClick Export.\nThe city glows.\n") == "Done!\n\nThe city glows.\n"
    assert translate("  Done, click Export.\n") == "  Done.\n"
    assert translate("Done, click Export\nThe city glows") == "Done\nThe city glows"


def test_letter_by_letter_is_the_same() -> None:
    assert [text for text in TEXTS if shown(*text) != translate(text)] == []


def test_every_cut_in_two_is_the_same() -> None:
    for text in TEXTS:
        assert {shown(text[:at], text[at:]) for at in range(len(text) + 1)} == {translate(text)}


SCRAPS = [
    " ",
    "\n",
    ".",
    "…",
    "?",
    "!",
    "！",
    "。",
    "”",
    "」",
    '"',
    "(",
    ")",
    "**",
    "`",
    ":",
    "，",
    "1. ",
    "a",
    "点击",
    "x" * 900,
]
texts = st.lists(st.sampled_from([*TEXTS, *SCRAPS]), max_size=8).map("".join)


@given(texts, st.lists(st.integers(0, 4000), max_size=6))
@example("点击导出！！", [5])
@example("点击导出。”x", [5])
@example("x" * 1999 + ". Click Export. " + "y" * 2001, [1999, 2000, 2001, 2002])
@example("Click Export" + "x" * 2500 + ".", [2000])
def test_cuts_make_no_difference(text: str, cuts: list[int]) -> None:
    at = sorted(min(cut, len(text)) for cut in cuts)
    pieces = [text[a:b] for a, b in zip([0, *at], [*at, len(text)], strict=True)]
    assert shown(*pieces) == translate(text)


@given(st.lists(st.sampled_from([before for section, before, _ in ROWS if section == "kept"]), max_size=5))
def test_descriptions_stay_whatever_stands_beside_them(texts: list[str]) -> None:
    assert translate("\n".join(texts)) == "\n".join(texts)


@given(st.text(max_size=200))
def test_a_text_from_which_nothing_was_taken_stays_as_it_came(text: str) -> None:
    translator = GuiTranslator()
    assert translator.feed(text) + translator.flush() == text or translator.instructions


WORDS = ["the band", "sandy", "and", "or", "then", "so", "but", "a cat", "thunder and rain", "and then", "Sophie"]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_what_is_left_of_a_sentence_keeps_all_of_its_words(said: str) -> None:
    kept = f"{said[:1].upper()}{said[1:]} glows".strip().replace("glows", "glows" if said else "Glows")
    assert translate(f"{kept}; click [Export].") == f"{kept}."


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("The band plays; click Export.", "The band plays."),
        ("Click Export, and then the band begins and the cat dances.", "The band begins and the cat dances."),
        ("Click Export, so Sophie and Andy can see it.", "Sophie and Andy can see it."),
        ("So it is ready; click Export, it plays at once.", "So it is ready; it plays at once."),
    ],
)
def test_only_the_word_that_joined_it_to_what_is_gone_is_taken_off(sentence: str, left: str) -> None:
    assert translate(sentence) == left


def test_a_sentence_is_shown_as_soon_as_it_ended() -> None:
    translator = GuiTranslator()
    assert translator.feed("The city glows. It ra") == "The city glows."
    assert translator.feed("ins.\n") == " It rains.\n"
    assert translator.feed("城市亮了。它") == "城市亮了。"


def test_a_text_without_sentences_is_not_held_for_ever() -> None:
    assert GuiTranslator().feed("x" * 2000) == ""
    assert GuiTranslator().feed("x" * 3000) == "x" * 2000
    assert GuiTranslator().feed("x" * 1999 + ". ") == "x" * 1999 + "."
    assert GuiTranslator().feed("x" * 2500 + ". ") == "x" * 2500 + "."


def test_a_text_goes_on_after_a_pause() -> None:
    translator = GuiTranslator()
    assert translator.feed("The city") + translator.flush() == "The city"
    assert translator.feed(" glows.") + translator.flush() == " glows."


@pytest.mark.parametrize("text", ["click " * 20_000, "to " * 40_000, "(" * 100_000, "1. " * 30_000, '"' * 100_000])
def test_a_hostile_answer_is_translated_at_once(text: str) -> None:
    began = time.perf_counter()
    translate(text)
    assert time.perf_counter() - began < 5
