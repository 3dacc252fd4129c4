"""Twenty conversations of five messages: each change is told rightly, in a person's words."""

import tomllib
from pathlib import Path

import pytest

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.planner.plans import History
from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft

from .test_cases import EMPTY, UPLOADS, after

CONVERSATIONS = tomllib.loads(Path(__file__).with_name("conversations.toml").read_text("utf-8"))["conversation"]


@pytest.mark.parametrize(
    "conversation", CONVERSATIONS, ids=[" · ".join(turn[0] for turn in one["turns"]) for one in CONVERSATIONS]
)
def test_every_change_of_a_conversation_is_told(conversation: dict[str, object]) -> None:
    draft = after(plan(str(conversation["base"]), EMPTY, UPLOADS, 1))
    earlier: list[Draft] = []
    undone: list[Draft] = []
    for number, (message, *told) in enumerate(conversation["turns"], start=2):
        history = History(tuple(one.raw for one in earlier), tuple(one.raw for one in undone))
        planned = plan(message, draft, UPLOADS, number, history)
        changed = after(planned)
        assert list(changes(draft, changed)) == told, message
        moves = sum(stage.moves for stage in planned.stages)
        if moves < 0:
            undone.insert(0, draft)
            earlier.pop()
        elif moves > 0:
            earlier.append(draft)
            undone.pop(0)
        elif changed.raw != draft.raw:
            earlier.append(draft)
            undone.clear()
        draft = changed


def test_there_are_twenty_of_five_turns() -> None:
    assert len(CONVERSATIONS) >= 20
    assert {len(one["turns"]) for one in CONVERSATIONS} == {5}
