"""The sentences of the agent: those that it can say are there in both languages, and no others."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import nemo_widgets.local.planner
from nemo_widgets.local.planner.lexicon import sentences

SOURCES = sorted(Path(nemo_widgets.local.planner.__file__).parent.rglob("*.py"))


def spoken() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the texts of the sources, and the patterns of those that are put together."""
    texts: set[str] = set()
    patterns = []
    for node in (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            pattern = "".join(_pattern(part) for part in node.values)
            # A text with a fixed part names a family of sentences: "place_{where}".
            fixed = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.fullmatch("[a-z]+_([a-z_]*)|_[a-z]+", fixed):
                patterns.append(re.compile(pattern))
    return texts, patterns


def _pattern(part: ast.expr) -> str:
    return re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else "[a-z_]+?"


def unused(names: Iterator[str] | list[str]) -> list[str]:
    texts, patterns = spoken()
    return [name for name in names if name not in texts and not any(one.fullmatch(name) for one in patterns)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_is_said_somewhere(language: str) -> None:
    assert unused(list(sentences(language))) == []


def test_a_sentence_that_nothing_says_is_found() -> None:
    assert unused(["said_by_nobody"]) == ["said_by_nobody"]


def test_the_languages_say_the_same_with_the_same_blanks() -> None:
    blanks = [
        {name: {field for _, field, _, _ in string.Formatter().parse(text) if field} for name, text in told.items()}
        for told in (sentences("en"), sentences("zh"))
    ]
    assert blanks[0] == blanks[1]
