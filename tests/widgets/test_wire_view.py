"""The live view of a wire: it follows what goes over it, its switches work, and nothing from outside becomes markup."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.widgets.wire_table import wire_html
from nemo_widgets.widgets.wire_view import WireView

from .conftest import WAIT_S, SmallEngine


@pytest.fixture
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(engine=SmallEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.fixture
def view(studio: LocalStudio) -> Iterator[WireView]:
    view = WireView(studio.wire)
    yield view
    view.close()


def until(good: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not good():
        assert time.monotonic() < deadline, "it stays as it is"
        time.sleep(0.02)


def ask_for_credits(studio: LocalStudio) -> httpx.Response:
    headers = {"Authorization": f"Bearer {studio.token}"}
    return httpx.get(f"{studio.url}/api/credits/balance/simple", headers=headers, trust_env=False)


def switch(view: WireView, label: str) -> object:
    return next(button for button in view.children[0].children if button.description == label)


def button(view: WireView, label: str) -> object:
    return next(button for button in view.children[1].children if button.description.startswith(label))


def test_it_shows_what_goes_over_the_wire_as_it_goes(studio: LocalStudio, view: WireView) -> None:
    table = view.children[-1]
    assert "Nothing went over the wire yet" in table.value
    ask_for_credits(studio)
    until(lambda: "5 credits" in table.value and "200 ·" in table.value)
    assert studio.token not in table.value
    button(view, "Clear").click()
    until(lambda: "Nothing went over the wire yet" in table.value)


def test_a_switch_lets_something_go_wrong_and_shows_when_it_is_used_up(studio: LocalStudio, view: WireView) -> None:
    plan, many = view.children[2], switch(view, "Too many requests")
    many.value = True
    until(lambda: plan.value == "any:429(3)*1")
    assert ask_for_credits(studio).status_code == 429
    until(lambda: not many.value)
    assert plan.value == ""
    assert ask_for_credits(studio).status_code == 200
    slow = switch(view, "Dead links")
    slow.value = True
    assert str(studio.faults) == "file:410"
    slow.value = False
    assert str(studio.faults) == ""


def test_a_plan_can_be_typed_and_a_wrong_one_is_told(studio: LocalStudio, view: WireView) -> None:
    plan, said = view.children[2], view.children[3]
    plan.value = "run_sse:silent; credits:500"
    until(lambda: switch(view, "Silent edits").value)
    assert ask_for_credits(studio).status_code == 500
    plan.value = "run_sse:<explode>"
    assert "A rule looks like" in said.value
    assert "<explode>" not in said.value
    until(lambda: plan.value == "run_sse:silent; credits:500")


def turn(view: WireView, label: str) -> None:
    next(button for button in view.children[5].children if button.description == label).click()


def test_one_can_go_back_to_whatever_is_kept(studio: LocalStudio, view: WireView) -> None:
    table = view.children[-1]
    for _ in range(25):
        ask_for_credits(studio)
    until(lambda: "The newest 20 of 50 records" in table.value)
    turn(view, "Older")
    assert "Numbers 11 to 30 of 50 records" in table.value
    turn(view, "Older")
    assert "Numbers 1 to 20 of 50 records" in table.value
    ask_for_credits(studio)
    until(lambda: "Numbers 1 to 20 of 52 records" in table.value)
    turn(view, "Newer")
    assert "Numbers 21 to 40 of 52 records" in table.value
    turn(view, "Newest")
    assert "The newest 20 of 52 records" in table.value
    turn(view, "Older")
    button(view, "Clear").click()
    until(lambda: "Nothing went over the wire yet" in table.value)
    ask_for_credits(studio)
    until(lambda: "2 records" in table.value)


def test_a_pause_holds_the_table(studio: LocalStudio, view: WireView) -> None:
    table, pause = view.children[-1], button(view, "Pause")
    pause.value = True
    before = table.value
    ask_for_credits(studio)
    slow = switch(view, "Slow")
    studio.wire.switch("any:slow(1)", on=True)
    until(lambda: slow.value)
    assert table.value == before
    pause.value = False
    until(lambda: "credits" in table.value)


def test_the_credits_are_seen_while_they_are_spent(studio: LocalStudio, view: WireView) -> None:
    standing = view.children[4]
    assert standing.value == "Credits: 10,000 available · Exports: none under way"
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, trust_env=False, timeout=20) as http:
        session = http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["data"]["session_id"]
        http.post("/run_sse", json={"session_id": session, "new_message": {"parts": [{"text": "a city"}]}})
    until(lambda: "9,900 available" in standing.value)


def test_links_and_tokens_expire_at_a_click(studio: LocalStudio, view: WireView) -> None:
    headers = {"X-Client-Id": "5b1f2a3c-0000-4000-8000-000000000000"}
    given = httpx.post(f"{studio.url}/api/auth/anonymous-token", headers=headers, trust_env=False).json()["data"]
    until(lambda: "local_owner 10,000 available; anon_" in view.children[4].value)
    button(view, "Expire links").click()
    button(view, "Expire tokens").click()
    ask = {"Authorization": f"Bearer {given['token']}"}
    late = httpx.get(f"{studio.url}/api/credits/balance/simple", headers=ask, trust_env=False)
    assert (late.status_code, late.json()["code"]) == (401, 1001)
    assert ask_for_credits(studio).status_code == 200


def test_a_new_lesson_takes_two_clicks(studio: LocalStudio, view: WireView) -> None:
    studio.wire.plan = "credits:500"
    ask_for_credits(studio)
    reset = button(view, "New lesson")
    reset.click()
    assert str(studio.faults) == "credits:500"
    assert reset.description == "Press again to forget all"
    assert reset.layout.width == "auto", "the label would be cut off"
    reset.click()
    until(lambda: reset.description == "New lesson" and not reset.disabled)
    assert str(studio.faults) == ""
    until(lambda: "Nothing went over the wire yet" in view.children[-1].value)


def test_a_stopped_studio_is_told_and_a_closed_view_sees_no_more(studio: LocalStudio) -> None:
    view = WireView(studio.wire)
    studio.stop()
    switch(view, "Slow").value = True
    until(lambda: "not running" in view.children[3].value and not view.children[4].value)
    view.close()
    studio.start()
    before = view.children
    ask_for_credits(studio)
    assert view.children == before


def test_the_wire_shows_itself_in_one_view(studio: LocalStudio) -> None:
    first, second = studio.wire._repr_mimebundle_(), studio.wire._repr_mimebundle_()
    kind = "application/vnd.jupyter.widget-view+json"
    assert first[kind]["model_id"] == second[kind]["model_id"]
    assert "records" in repr(studio.wire)


@dataclass
class Line:
    """A record of anything at all."""

    name: str
    method: str
    path: str
    session: str
    event: str
    fault: str
    excerpt: str
    what: str
    number: int = 1
    at_s: float = 0.0
    elapsed_ms: float = 0.0
    direction: str = "to studio"
    call: int | None = None
    status: int | None = None
    size_bytes: int = 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert {name for name, _ in attrs} <= {"class", "scope", "aria-label"}


_HOSTILE = st.text(max_size=20) | st.sampled_from(['<img src=x onerror="x">', '"><script>', "'", "&lt;", "</td>"])


@given(
    st.builds(
        Line,
        *[_HOSTILE] * 7,
        what=st.sampled_from(["request", "response", "event", "end"]),
    )
)
def test_nothing_from_the_wire_becomes_markup(line: Line) -> None:
    tags = _Tags()
    tags.feed(wire_html([line], 1))
    assert tags.seen <= {"style", "table", "caption", "thead", "tbody", "tr", "th", "td"}
