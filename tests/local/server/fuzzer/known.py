"""Hooks of schemathesis: most of its made-up ids become ones that the studio knows, so that its requests get far."""

import json
import os
import zlib
from typing import Any

import schemathesis

KNOWN = json.loads(os.environ["KNOWN"])
SAYINGS = [
    "a 1-second clip of the sea", "add the title 'Fuzz'", "make it twice as fast", "undo", "夜の街", "remove shot 7",
    "first a forest, then a city", "crop it to 9:16", "trim it to 0 seconds", "louder by -900%", "hello",
]  # fmt: skip


@schemathesis.hook
def before_call(context: Any, case: Any, arguments: dict[str, Any]) -> None:
    """Put known ids, and now and then words that mean something, into a request."""
    chance = zlib.crc32(repr((case.path_parameters, case.body)).encode(errors="replace"))
    if chance % 4 == 0:
        return
    for values in (case.path_parameters, case.body):
        if isinstance(values, dict):
            values.update({name: KNOWN[name] for name in values if name in KNOWN})
    if isinstance(case.body, dict) and "new_message" in case.body and chance % 3:
        case.body["new_message"] = {"parts": [{"text": SAYINGS[chance % len(SAYINGS)]}]}
