"""No word is lost: each is understood, says nothing, or is named in the answer as what isn't drawn or done."""

import tomllib
from pathlib import Path

import pytest

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.planner.reading.message import read_message
from nemo_widgets.local.planner.timeline import prepared
from nemo_widgets.local.planner.wishes.talk import is_foreign, is_remark, small_talk
from nemo_widgets.protocol.draft import Draft

from .test_answers import GROUPS as ANSWERS
from .test_cases import GROUPS, UPLOADS, before

UNHEARD = tomllib.loads(Path(__file__).with_name("unheard.toml").read_text("utf-8"))
ROWS = sorted({
    (group["base"], bool(group.get("uploads")), row[0]) for group in (*GROUPS, *ANSWERS) for row in group["rows"]
})  # fmt: skip
THREE = "three shots: a city at night, a forest and the sea, 4 seconds each, with the title 'Trip' and piano music"


def lost_words(base: str, uploads: bool, message: str) -> list[str]:
    """Return the words of a message that nobody takes up.

    Left out are, beside what asks for nothing at all (a question, thanks, another language, which get an answer of
    their own): single letters and single Chinese characters, which are parts of words that stand beside them.
    """
    there: Draft = before(base, uploads)
    assets = UPLOADS if uploads else ()
    planned = plan(message, there, assets, 2)
    answer = " ".join(stage.says for stage in planned.stages).lower()
    read = read_message(message, assets, prepared(there.dump()))
    if is_foreign(read) or is_remark(read) or (small_talk(read) and not any(stage.tool for stage in planned.stages)):
        return []
    return [
        token.text
        for token in read.tokens
        if token.is_unknown and len(token.text) > 1 and token.text.lower() not in answer
    ]


@pytest.mark.parametrize("part", range(4))
def test_no_word_of_the_tables_is_lost(part: int) -> None:
    lost = {row[2]: words for row in ROWS[part::4] if (words := lost_words(*row))}
    assert lost == {}


@pytest.mark.parametrize("message", UNHEARD["new"])
def test_no_word_of_an_unheard_description_is_lost(message: str) -> None:
    assert lost_words("", False, message) == []


@pytest.mark.parametrize("message", UNHEARD["edit"])
def test_no_word_of_an_unheard_edit_is_lost(message: str) -> None:
    assert lost_words(THREE, False, message) == []


@pytest.mark.parametrize(("message", "things"), UNHEARD["things"].items())
def test_what_a_picture_does_not_show_is_named(message: str, things: list[str]) -> None:
    answer = " ".join(stage.says for stage in plan(message, before("", False), (), 2).stages)
    assert [thing for thing in things if thing not in answer] == []


def test_there_are_sixty_unheard_messages_in_both_languages() -> None:
    messages = [*UNHEARD["new"], *UNHEARD["edit"], *UNHEARD["things"]]
    assert len(set(messages)) >= 60
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in message) for message in messages) >= 20
