"""``nemo_widgets/protocol/README.md`` stays true: its calls are the studio's, and what cites it finds what it cites."""

import re
from pathlib import Path

from starlette.routing import Route

from nemo_widgets.local.server.app import ROUTES

PACKAGE = Path(__file__).parents[2] / "nemo_widgets"
README = (PACKAGE / "protocol" / "README.md").read_text("utf-8")


def call(method: str, path: str) -> tuple[str, str]:
    return method, re.sub(r"[<{]\w+[>}]", "<>", path)


def test_its_calls_are_those_that_the_studio_answers() -> None:
    written = {call(*found) for found in re.findall(r"^\| \d+ \| `([A-Z]+) ([^`]+)`", README, re.MULTILINE)}
    answered = {call(min(route.methods or {"GET"}), route.path) for route in ROUTES if isinstance(route, Route)}
    of_the_studio_alone = {call("GET", "/files/{key}/{name}"), call("GET", "/openapi.json")}
    assert of_the_studio_alone < answered
    assert written == answered - of_the_studio_alone


def test_every_section_that_a_docstring_cites_is_there() -> None:
    headings = set(re.findall(r"^##+ (.+)$", README, re.MULTILINE))
    cited = {
        section
        for file in PACKAGE.rglob("*.py")
        for after in re.findall(r"``protocol/README\.md``,((?:[\s,]|and|\*[^*]+\*)+)", file.read_text("utf-8"))
        for section in re.findall(r"\*([^*]+)\*", after)
    }
    assert len(cited) > 5
    assert cited <= headings


def test_every_test_that_is_said_to_hold_a_rule_is_there() -> None:
    tests = Path(__file__).parents[1]
    said = re.findall(r"`([\w/]+\.py)::(\w+)`", (Path(__file__).parent / "README.md").read_text("utf-8"))
    assert len(said) > 100
    missing = [
        f"{file}::{name}"
        for file, name in said
        if not re.search(rf"^ *def {name}\(", (tests / file).read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_nothing_cites_a_page_that_the_project_does_not_have() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if "protocol.md" in file.read_text("utf-8")]
    assert files == []
