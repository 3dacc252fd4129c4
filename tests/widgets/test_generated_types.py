"""The front end's types are those of the Python side."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from nemo_widgets.widgets.schema import message_schema, trait_schema

JS = Path(__file__).parents[2] / "js"


@pytest.fixture
def node() -> str:
    """Node with the generator installed; missing, it fails in CI and skips elsewhere."""
    found = shutil.which("node")
    if found and (JS / "node_modules" / "json-schema-to-typescript").is_dir():
        return found
    reason = "Node or js/node_modules is missing: run npm ci in js/"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_checked_in_types_are_what_the_generator_makes(node: str) -> None:
    schema = json.dumps({"messages": message_schema(), "traits": trait_schema()})
    command = [node, "scripts/generate-types.mjs", "--stdout"]
    made = subprocess.run(command, cwd=JS, input=schema, capture_output=True, text=True, check=True, timeout=60)
    for name, text in json.loads(made.stdout).items():
        checked_in = (JS / "src" / "generated" / name).read_text(encoding="utf-8")
        assert checked_in == text, f"{name} is stale: run npm run generate in js/"


def test_a_request_has_one_kind_of_reply() -> None:
    from nemo_widgets.widgets import messages

    asks = set(messages.Ask.__subclasses__()) - {messages.Cancel}
    assert asks == set(messages.REPLY_TO)
