"""Requests are routed, and sentences that merely contain the word go to the agent (the table is `routing.txt`)."""

import shlex
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.phrases import is_chinese
from nemo_widgets.protocol.routing import Request, route

TABLE = Path(__file__).with_name("routing.txt")


def rows() -> list[tuple[str, str, str]]:
    """Return the table as sentences, their actions, and what is understood of them."""
    found, action = [], ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("["):
            action = line.strip("[]")
        elif line and not line.startswith("#"):
            sentence, _, understood = line.partition(" -> ")
            found.append((sentence, *(("chat", "") if understood == "chat" else (action, understood))))
    return found


ROWS = rows()


def of(action: str) -> list[tuple[str, str]]:
    return [(sentence, understood) for sentence, meant, understood in ROWS if meant == action]


def request(action: str, sentence: str, understood: str) -> Request:
    expected: dict[str, Any] = (
        dict(pair.split("=", 1) for pair in shlex.split(understood)) if action == "export" else {}
    )
    if "fps" in expected:
        expected["fps"] = int(expected["fps"])
    if action == "upload" and understood:
        expected["sources"] = tuple(understood.split(" | "))
    return Request(action, sentence, **expected)  # type: ignore[arg-type]


ACTIONS = ["export", "credits", "state", "upload", "chat"]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_sentence_goes_where_its_writer_meant(action: str) -> None:
    expected = [request(action, *row) for row in of(action)]
    assert [found for found in map(route, [row[0] for row in of(action)]) if found not in expected] == []
    assert [route(sentence) for sentence, _ in of(action)] == expected


@pytest.mark.parametrize("change", [str.upper, str.title, "  {}  ".format, "{}!".format, "{} …".format, "{} 🙏".format])
@pytest.mark.parametrize("action", ACTIONS)
def test_case_blanks_and_a_last_mark_change_nothing(action: str, change: Any) -> None:
    assert [sentence for sentence, _ in of(action) if route(change(sentence)).action != action] == []


@pytest.mark.parametrize("polite", ["please {}", "Could you {}?", "ok, now {} please", "{}, thanks!", "hey, {} for me"])
def test_politeness_changes_nothing(polite: str) -> None:
    for sentence, action, _ in ROWS:
        if action != "chat" and not is_chinese(sentence) and sentence[0] not in '/"':
            assert route(polite.format(sentence)).action == action, polite.format(sentence)


def test_the_table_is_large_and_bilingual() -> None:
    sentences = [sentence for sentence, _, _ in ROWS]
    assert len(set(sentences)) == len(sentences) >= 600
    assert sum(map(is_chinese, sentences)) >= 150


@given(st.text(max_size=60))
def test_any_text_goes_somewhere(text: str) -> None:
    assert route(text).text == text.strip()


@given(st.sampled_from([sentence for sentence, action, _ in ROWS if action != "chat"]), st.text("abcdef ", min_size=6))
def test_a_request_with_more_words_after_it_is_a_prompt(sentence: str, more: str) -> None:
    words = "".join(more.split())
    if len(words) >= 6:
        assert route(f"{sentence} of {words}").action == "chat"


def test_a_request_may_have_several_lines() -> None:
    assert route("please\nexport\n").action == "export"
    assert route("upload\na.mp4\nb.mp4").sources == ("a.mp4", "b.mp4")
    assert route("export\nthe harbour at dawn").action == "chat"


def test_what_is_longer_than_any_request_is_a_prompt() -> None:
    longest = "please " * 284 + "export it..."
    assert (len(longest), route(longest).action) == (2000, "export")
    assert route(longest + ".") == Request("chat", longest + ".")


@pytest.mark.parametrize(
    "sentence",
    [
        "export " * 280,
        "please " * 285,
        "导出" * 990,
        "导出 1080p " * 180,
        "my credits " * 180 + "x",
        "我想看看" * 490,
        "查一下" * 660,
        "还剩多少" * 490,
        "upload " + "a.mp4和" * 300 + "x",
        "upload " + "a.mp4, " * 280 + "?x",
        "upload " + '"' * 1900,
        "a." * 990,
        "export as " + "a." * 900,
        "export in the " * 140,
        "show me " * 240,
        "the final " * 190 + "video",
        " " * 1990 + "x",
        "now, " * 390 + "x",
    ],
)
def test_a_hostile_sentence_is_decided_at_once(sentence: str) -> None:
    assert len(sentence) <= 2000
    began = time.perf_counter()
    route(sentence)
    assert time.perf_counter() - began < 0.5
