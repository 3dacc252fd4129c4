"""The table: what several hundred messages, English and Chinese, must give."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.planner.plans import Plan, PlanAsset
from nemo_widgets.protocol.draft import Draft

from .notation import differs

GROUPS = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["group"]
EMPTY = Draft.parse({})
UPLOADS = (
    PlanAsset("beach.mov", "video", "/up/beach.mov", 7.5, "studio://1"),
    PlanAsset("cat.png", "image", "/up/cat.png", None, "studio://2"),
    PlanAsset("song.mp3", "audio", "/up/song.mp3", 60.0, "studio://3"),
)


def tools(planned: Plan) -> str:
    return "+".join(stage.tool or "-" for stage in planned.stages)


def after(planned: Plan) -> Draft:
    return Draft.parse(planned.stages[-1].draft)


@cache
def before(base: str, uploads: bool) -> Draft:
    """Return the timeline that a group begins with."""
    return after(plan(base, EMPTY, UPLOADS if uploads else (), 1)) if base else EMPTY


@cache
def planned(base: str, uploads: bool, message: str) -> Plan:
    """Return the plan for a row of the table."""
    there = before(base, uploads)
    return plan(message, there, UPLOADS if uploads else (), 1 if there.is_empty else 2)


ROWS = [
    pytest.param(group["base"], group["uploads"], *row, id=f"{group['name']}: {row[0]}")
    for group in GROUPS
    for row in group["rows"]
]


@pytest.mark.parametrize(("base", "uploads", "message", "used", "expected"), ROWS)
def test_a_message_gives_this_draft(base: str, uploads: bool, message: str, used: str, expected: str) -> None:
    found = planned(base, uploads, message)
    assert tools(found) == used
    assert all(stage.says for stage in found.stages)
    if expected == "=":
        assert found.stages[-1].draft == before(base, uploads).raw
    else:
        assert differs(after(found), expected) == ""


def test_there_are_cases_in_both_languages() -> None:
    messages = [message for group in GROUPS for message, _, _ in group["rows"]]
    chinese = [message for message in messages if any("\u4e00" <= letter <= "\u9fff" for letter in message)]
    assert len(messages) - len(chinese) >= 300
    assert len(chinese) >= 100
