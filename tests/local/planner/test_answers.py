"""What the agent says: that something can't be had, what comes nearest, and what there is."""

import tomllib
from pathlib import Path

import pytest

from nemo_widgets.local.planner.planner import plan

from .test_cases import before

GROUPS = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))["group"]
ROWS = [
    pytest.param(group["base"], message, words, id=f"{group['name']}: {message}")
    for group in GROUPS
    for message, *words in group["rows"]
]


@pytest.mark.parametrize(("base", "message", "words"), ROWS)
def test_the_answer_says_so(base: str, message: str, words: list[str]) -> None:
    answer = " ".join(stage.says for stage in plan(message, before(base, False), (), 2).stages)
    assert [word for word in words if (word.removeprefix("!") in answer) == word.startswith("!")] == []
