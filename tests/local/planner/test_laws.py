"""What holds for every message, whatever it says."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.planner.plans import History
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import LONGEST_MS
from nemo_widgets.protocol.draft import Draft

from .test_cases import EMPTY, GROUPS, UPLOADS, after, before, planned

THREE = "three shots: a city at night, a forest and the sea, 4 seconds each, with the title 'Trip' and piano music"
MESSAGES = [row[0] for group in GROUPS for row in group["rows"]]
BASES = [before(group["base"], group["uploads"]) for group in GROUPS]
SCRAPS = [
    "0 s", "999 seconds", "from 5 to 2 seconds", "-5%", "0x", "1:1:1", "second shot", "last", "'Hi'", "beach.mov",
    "nope.mov", "第二个镜头", "between", "after", "and", "then", "no", "\ue000", "\u2028", "⟦⟧", "「", "seed",
]  # fmt: skip
messages = st.one_of(
    st.sampled_from(MESSAGES),
    st.lists(st.sampled_from([*MESSAGES, *SCRAPS]), min_size=2, max_size=4).map(" and ".join),
    st.lists(st.sampled_from([*(word for message in MESSAGES for word in message.split()), *SCRAPS])).map(" ".join),
    st.text(max_size=60),
)
ANYTHING = given(messages, st.sampled_from(BASES), st.integers(0, 2**31))
LAWS = settings(max_examples=80, deadline=None)


def assert_valid(raw: Mapping[str, Any]) -> None:
    json.dumps(raw)
    lanes = raw.get("t", [])
    pieces = [piece for lane in lanes for piece in lane["sg"]]
    shots = next((lane["sg"] for lane in lanes if lane["tt"] == 0), [])
    end = 0
    for shot in shots:
        assert shot["s"] == end
        end += shot["d"]
    assert end <= LONGEST_MS
    assert all(piece["d"] > 0 and piece["s"] >= 0 and piece["s"] + piece["d"] <= end for piece in pieces)
    assert len({piece["id"] for piece in pieces}) == len(pieces)


def check_any_message(message: str, there: Draft, seed: int) -> None:
    found = plan(message, there, UPLOADS, seed)
    assert found.stages
    assert all(stage.tool or stage.says for stage in found.stages)
    assert found == plan(message, there, UPLOADS, seed)
    for stage in found.stages:
        assert_valid(stage.draft)


test_any_message_gives_a_valid_draft_and_always_the_same = LAWS(ANYTHING(check_any_message))
test_three_thousand_messages_do = pytest.mark.fuzz(settings(LAWS, max_examples=3000)(ANYTHING(check_any_message)))


@LAWS
@given(messages, st.sampled_from(BASES))
def test_undo_gives_the_earlier_draft_exactly_and_redo_undoes_it(message: str, there: Draft) -> None:
    changed = after(plan(message, there, UPLOADS, 3))
    undone = plan("undo", changed, UPLOADS, 4, History((there.raw,))).stages[-1]
    assert (undone.draft, undone.moves) == (there.raw, -1)
    redone = plan("redo", there, UPLOADS, 5, History((), (changed.raw,))).stages[-1]
    assert (redone.draft, redone.moves) == (changed.raw, 1)


ROWS = [(group["base"], group["uploads"], row[0]) for group in GROUPS for row in group["rows"]]
PLAIN = [row for row in ROWS if row[2].isascii() and row[2] == row[2].lower() and "title hi" not in row[2]]
CHINESE = [row for row in ROWS if re.search("[\u3400-\u9fff]", row[2]) and not re.search("标题(?:：|改)", row[2])]


@LAWS
@given(
    st.sampled_from(PLAIN),
    st.sampled_from(
        ["please {}", "{} please", "hi, {}", "could you {}?", "okay, {}", "{}, thanks!", "{}!!!", "  {} ", "now {}."]
    ),
)
def test_courtesies_change_nothing(row: tuple[str, bool, str], frame: str) -> None:
    base, uploads, message = row
    assert after(planned(base, uploads, frame.format(message))) == after(planned(base, uploads, message))


@LAWS
@given(
    st.sampled_from(CHINESE), st.sampled_from(["请{}", "你好，{}", "麻烦{}", "{}，谢谢", "{}。", "{}好吗？", "{}吧！"])
)
def test_courtesies_change_nothing_in_chinese(row: tuple[str, bool, str], frame: str) -> None:
    base, uploads, message = row
    assert after(planned(base, uploads, frame.format(message))) == after(planned(base, uploads, message))


@LAWS
@given(st.permutations([1, 2, 3]))
def test_shots_come_in_the_order_that_is_said_and_are_otherwise_the_same(order: list[int]) -> None:
    there = before(THREE, False).tracks[0].segments
    changed = (
        after(plan(f"reorder: {order[0]}, {order[1]}, {order[2]}", before(THREE, False), (), 1)).tracks[0].segments
    )
    assert [shot.id for shot in changed] == [there[number - 1].id for number in order]
    assert {shot.id: (shot.duration_ms, shot.meta) for shot in changed} == {
        shot.id: (shot.duration_ms, shot.meta) for shot in there
    }


@LAWS
@given(
    st.integers(0, 2),
    st.sampled_from([
        "make {} black and white", "trim {} to 2 seconds", "add rain to {}", "make {} noir", "reverse {}",
        "zoom in on {}", "make {} slow motion", "make {} warmer", "rotate {} by 90 degrees", "{} should be foggy",
        "make {} 2 seconds longer", "make {} at night", "replace {} with a desert", "flip {}", "another take of {}",
    ]),
)  # fmt: skip
def test_what_is_said_of_one_shot_leaves_the_others_alone(place: int, edit: str) -> None:
    named = ("the first shot", "shot 2", "the last shot")[place]
    there = before(THREE, False).tracks[0].segments
    changed = after(plan(edit.format(named), before(THREE, False), (), 1)).tracks[0].segments
    assert len(changed) == 3
    for index, (old, new) in enumerate(zip(there, changed, strict=True)):
        assert (index == place) or (old.duration_ms, old.meta) == (new.duration_ms, new.meta)


@LAWS
@given(st.integers(1, 200), st.sampled_from([base for base in BASES if not base.is_empty]))
def test_trimming_twice_is_trimming_once(seconds: int, there: Draft) -> None:
    once = after(plan(f"trim it to {seconds} seconds", there, (), 1))
    assert after(plan(f"trim it to {seconds} seconds", once, (), 2)).raw == once.raw


@LAWS
@given(messages, st.sampled_from(BASES))
def test_a_message_leaves_the_draft_that_it_is_given_alone(message: str, there: Draft) -> None:
    kept = json.dumps(there.raw)
    plan(message, there, UPLOADS, 1)
    assert json.dumps(there.raw) == kept


@pytest.mark.parametrize("message", ["", "   ", "?", "'", "「", "seed", "%", "a" * 20_000, "add first no title " * 900])
def test_odd_messages_get_an_answer(message: str) -> None:
    for there in (EMPTY, BASES[-1]):
        assert plan(message, there, (), 1).stages


@pytest.mark.parametrize("word", ["a", "the", "first", "shot", "after", "1,", "except", "一个"])
def test_reading_takes_so_much_longer_as_the_message_is_longer(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, has = 0, Token.has

    def counted(token: Token, *what: Any) -> bool:
        nonlocal looks
        looks += 1
        return has(token, *what)

    monkeypatch.setattr(Token, "has", counted)
    taken = []
    for count in (200, 400):
        looks = 0
        plan(f"{word} " * count, EMPTY, (), 1)
        taken.append(looks)
    assert taken[1] < 2.5 * taken[0]  # four times as many if each word is compared with each
