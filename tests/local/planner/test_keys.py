"""The keys that the planner writes are those that ``protocol/README.md`` lists."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nemo_widgets

from .test_cases import GROUPS, planned

README = (Path(nemo_widgets.__file__).parent / "protocol" / "README.md").read_text("utf-8")


def metadata(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield raw.get("m", {})
    for lane in raw.get("t", ()):
        yield from (segment.get("m", {}) for segment in lane["sg"])


def test_every_key_of_every_draft_is_listed() -> None:
    listed = set(re.findall(r"[`\"](\w+)[`\"]", README[README.index("## Draft") : README.index("## Uploads")]))
    written = {
        key
        for group in GROUPS
        for message, _, _ in group["rows"]
        for facts in metadata(planned(group["base"], group["uploads"], message).stages[-1].draft)
        for key, value in facts.items()
        for key in (key, *(value if isinstance(value, Mapping) else ()))
    }
    assert {"scene", "grade", "warmth", "transition", "ambience", "frame"} <= written
    assert written <= listed
