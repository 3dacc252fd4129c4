"""What the calls of ``protocol/README.md`` are called, by their paths."""

import re
from collections.abc import Mapping
from typing import Final

_PATHS: Final = tuple(
    (re.compile(pattern), call)
    for pattern, call in (
        (r"/api/auth/anonymous-token", "token"),
        (r"/api/auth/claim-token", "claim"),
        (r"/api/tasks/.*", "session"),
        (r"/run_sse", "run_sse"),
        (r"/api/upload-video/.*", "upload"),
        (r"/api/credits/.*", "credits"),
        (r"/api/state/.*", "state"),
        (r"/api/render/proxy/lambda", "render"),
        (r"/api/render/proxy/lambda/[^/]+/cancel", "cancel"),
        (r"/api/render/proxy/lambda/[^/]+", "status"),
        (r"/api/render/proxy/[^/]+/download", "download"),
        (r"/files/.*", "file"),
    )
)

NUMBERS: Final[Mapping[str, int]] = {
    "token": 1, "session": 2, "run_sse": 3, "upload": 4, "credits": 5, "state": 6,
    "render": 7, "status": 8, "cancel": 9, "download": 10, "claim": 11,
}  # fmt: skip
"""The numbers of the calls; files have none."""


def call_of(path: str) -> str | None:
    """Return the name of the call at a path, as fault plans have it; None when there is no such call."""
    return next((call for pattern, call in _PATHS if pattern.fullmatch(path)), None)
