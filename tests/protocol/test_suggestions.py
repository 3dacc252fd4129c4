"""What an instruction of the agent's becomes: something a person may call, never something that was done unasked."""

import ast
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.gui import GuiTranslator
from nemo_widgets.protocol.instructions import LOOKS, Action, Instruction
from nemo_widgets.protocol.suggestions import Suggestion, suggestions


def called(suggestion: Suggestion) -> tuple[str, list[object]]:
    """Return the method that a suggestion's Python calls on the session, and its arguments."""
    (statement,) = ast.parse(suggestion.call, mode="exec").body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Await)
    call = statement.value.value
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    assert isinstance(call.func.value, ast.Name)
    assert call.func.value.id == "session"
    return call.func.attr, [ast.literal_eval(argument) for argument in call.args]


@pytest.mark.parametrize("chinese", [False, True])
@pytest.mark.parametrize("action", sorted(set(get_args(Action)) - LOOKS))
def test_what_costs_or_writes_is_suggested_with_the_python_that_does_it(action: Action, chinese: bool) -> None:
    (made,) = suggestions([Instruction(action, "Split" if action == "edit" else "")], chinese=chinese)
    assert made.action == action
    assert called(made)[0] == ("send" if action == "edit" else action)
    assert str(made) == f"{made.words}{'：' if chinese else ': '}`{made.call}`"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in made.words) is chinese


@pytest.mark.parametrize("action", sorted(LOOKS))
def test_what_only_looks_is_not_suggested(action: Action) -> None:
    assert suggestions([Instruction(action)], chinese=False) == ()


def test_a_suggestion_is_frozen() -> None:
    (made,) = suggestions([Instruction("export")], chinese=False)
    with pytest.raises(AttributeError):
        made.call = "rm -rf"  # type: ignore[misc]


def test_an_edit_with_words_is_done_by_the_agent_and_keeps_them() -> None:
    drag = [Instruction("edit", "Drag it up")]
    (english,), (chinese,) = (suggestions(drag, chinese=chinese) for chinese in (False, True))
    assert (english.words, english.prompt) == ("To have the agent do that", "Drag it up")
    assert (chinese.words, chinese.prompt) == ("让助手来做", "Drag it up")


@pytest.mark.parametrize(
    ("words", "told"), [("导出", "导出：`x`"), ("导出 MP4", "导出 MP4: `x`"), ("a导b", "a导b: `x`")]
)
def test_a_colon_is_that_of_the_writing_before_it(words: str, told: str) -> None:
    assert str(Suggestion("export", words, "x")) == told


def test_an_edit_without_words_asks_for_them() -> None:
    (made,) = suggestions([Instruction("edit")], chinese=False)
    assert made.prompt == ""
    assert "say" in made.words
    assert called(made) == ("send", ["…"])


@given(st.text(max_size=120))
def test_whatever_the_service_writes_the_python_is_one_call_with_one_text(written: str) -> None:
    translator = GuiTranslator()
    translator.feed(f"Drag the {written} to the left.\n")
    translator.feed(f"Click [{written}].\n")
    for made in suggestions(translator.instructions, chinese=False):
        name, arguments = called(made)
        assert str(made).count("`") == 2
        assert "\n" not in str(made)
        if made.prompt:
            assert (name, arguments) == ("send", [made.prompt])
            assert len(made.prompt) <= 200


def test_a_label_that_closes_the_call_stays_inside_its_text() -> None:
    translator = GuiTranslator()
    translator.feed('Click [Add "); quit("x]. ')
    translator.feed("Drag `it` to ${HOME}\\.\n")
    made = suggestions(translator.instructions, chinese=False)
    assert made
    assert {called(suggestion)[0] for suggestion in made} == {"send"}
