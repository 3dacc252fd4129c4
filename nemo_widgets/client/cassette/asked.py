"""Which call a request is, and what it is about: the same question for who records and for who replays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import unquote

from nemo_widgets.library.cassette import What

_PATHS: Final = tuple(
    (what, method, re.compile(path))
    for what, method, path in (
        ("open", "POST", r"/api/tasks/me/with-session/[^/]+"),
        ("message", "POST", r"/run_sse"),
        ("upload", "POST", r"/api/upload-video/[^/]+/me/(?P<session>[^/]+)"),
        ("credits", "GET", r"/api/credits/balance/simple"),
        ("state", "GET", r"/api/state/[^/]+/me/(?P<session>[^/]+)/latest"),
        ("submit", "POST", r"/api/render/proxy/lambda"),
        ("status", "GET", r"/api/render/proxy/lambda/(?P<render>[^/]+)"),
        ("cancel", "POST", r"/api/render/proxy/lambda/(?P<render>[^/]+)/cancel"),
        ("download", "GET", r"/api/render/proxy/(?P<render>[^/]+)/download"),
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as it tells one from another.

    Attributes
    ----------
    what : str
        Which call: those of `tape.What`; ``"download"`` is call 10; ``"other"`` is never recorded.
    session, render : str
        The ids that it names; empty when it names none.
    said : str
        The text of a message.
    files : tuple of str
        The names, or the addresses, of what is uploaded.
    output : Mapping
        How a render is wanted.
    """

    what: What | str
    session: str = ""
    render: str = ""
    said: str = ""
    files: tuple[str, ...] = ()
    output: Mapping[str, Any] = field(default_factory=dict)


def asked(method: str, path: str, json: Mapping[str, Any] | None, names: Sequence[str]) -> Asked:
    """Tell what a request asks for.

    Parameters
    ----------
    method, path : str
        As it goes over the wire.
    json : Mapping or None
        Its body.
    names : sequence of str
        The names of the files that go along.
    """
    body = json or {}
    for what, verb, pattern in _PATHS:
        found = pattern.fullmatch(path) if verb == method else None
        if found is None:
            continue
        session, render = (unquote(found.groupdict().get(name) or "") for name in ("session", "render"))
        match what:
            case "message":
                parts = body.get("new_message", {}).get("parts", [])
                said = "".join(str(part.get("text", "")) for part in parts)
                return Asked(what, session=str(body.get("session_id", "")), said=said)
            case "upload":
                files = tuple(PurePath(name).name for name in names) or tuple(map(str, body.get("urls", ())))
                return Asked(what, session=session, files=files)
            case "submit":
                session, render = str(body.get("sessionId", "")), str(body.get("id", ""))
                return Asked(what, session=session, render=render, output=dict(body.get("output", {})))
            case _:
                return Asked(what, session=session, render=render)
    return Asked("other")
