"""The studio's calls as an OpenAPI description, made of its routes and of the types in `shapes`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

import nemo_widgets
from nemo_widgets.local.options import EnvelopeForm
from nemo_widgets.local.server import shapes
from nemo_widgets.local.server.answers import RENDER_CALLS
from nemo_widgets.local.server.names import NUMBERS, call_of

DESCRIPTION: Final = "/openapi.json"

_JSON: Final = "application/json"
_REF: Final = "#/components/schemas/{name}"
_OPEN: Final = ("token", "file")
"""Calls without a token: whoever asks for one, and whoever knows a file's key."""

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Call:
    summary: str
    takes: type[msgspec.Struct] | None = None
    gives: type[msgspec.Struct] | None = None
    media_type: str = _JSON


_CALLS: Final[Mapping[str, _Call]] = {
    "token": _Call("Ask for an anonymous token", gives=shapes.TokenGiven),
    "claim": _Call("Ask for a link to a project", shapes.ClaimAsked, shapes.ClaimGiven),
    "session": _Call("Open a session", shapes.SessionAsked, shapes.SessionGiven),
    "run_sse": _Call("Send a message; the answer is a stream", shapes.MessageSent, media_type="text/event-stream"),
    "upload": _Call("Upload files, or have them fetched", shapes.UrlsSent, shapes.FilesKept),
    "credits": _Call("Ask for the balance", gives=shapes.Balance),
    "state": _Call("Ask for a session's state", gives=shapes.SessionState),
    "render": _Call("Hand in a render", shapes.RenderAsked, shapes.RenderTaken),
    "status": _Call("Ask how far a render is", gives=shapes.Render),
    "cancel": _Call("Cancel a render", gives=shapes.Render),
    "download": _Call("Fetch a rendered file", media_type="video/mp4"),
    "file": _Call("Fetch a file by its key", media_type="*/*"),
}


async def describe(request: Request) -> Response:
    """Answer with the description of the form that this studio answers in."""
    return JSONResponse(description(request.app.routes, request.app.state.studio.options.envelope))


def description(routes: Iterable[BaseRoute], envelope: EnvelopeForm = "documented") -> Json:
    """Return an OpenAPI 3.1 description.

    Parameters
    ----------
    routes : iterable of BaseRoute
        The calls; each must have a type of its own above.
    envelope : EnvelopeForm
        What answers are wrapped in.
    """
    types: list[type[msgspec.Struct]] = [shapes.RenderBare, shapes.Refused]
    for call in _CALLS.values():
        types += [kind for kind in (call.takes, call.gives) if kind is not None and kind not in types]
    _, components = msgspec.json.schema_components(types, ref_template=_REF)
    paths: Json = {}
    for route in routes:
        if isinstance(route, Route) and route.path != DESCRIPTION:
            methods = sorted((route.methods or set()) - {"HEAD"})
            paths[route.path] = {method.lower(): _operation(route, envelope) for method in methods}
    return {
        "openapi": "3.1.0",
        "info": {"title": "The local studio of nemo_widgets", "version": nemo_widgets.__version__},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _operation(route: Route, envelope: EnvelopeForm) -> Json:
    name = call_of(route.path) or ""
    call = _CALLS[name]
    described: Json = {"operationId": name, "summary": call.summary, "parameters": _parameters(route.path, name)}
    if name in NUMBERS:
        described["description"] = f"Call {NUMBERS[name]} of the protocol."
    if name in _OPEN:
        described["security"] = []
    if call.takes:
        body: Json = {_JSON: {"schema": _ref(call.takes)}}
        if name == "upload":
            body["multipart/form-data"] = {"schema": _FILES}
        described["requestBody"] = {"required": True, "content": body}
    refused = {_JSON: {"schema": _ref(shapes.Refused)}}
    content: Json = {call.media_type: {}, **refused}
    if call.gives:
        answer = _enveloped(call.gives, _form(route.path, envelope))
        content = {_JSON: {"schema": {"anyOf": [answer, _ref(shapes.Refused)]}}}
    described["responses"] = {
        "200": {"description": "What was asked for, or a documented code.", "content": content},
        "default": {"description": "Refused.", "content": refused},
    }
    return described


_FILES: Final[Json] = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {
            "type": "array",
            "minItems": 1,
            "maxItems": shapes.MOST_FILES,
            "items": {"type": "string", "format": "binary"},
        }
    },
}


def _parameters(path: str, name: str) -> list[Json]:
    def parameter(name: str, place: str, schema: Json) -> Json:
        return {"name": name, "in": place, "required": True, "schema": {"type": "string", **schema}}

    found = [parameter(part[1:-1], "path", {"minLength": 1}) for part in path.split("/") if part.startswith("{")]
    if name == "token":
        found.append(parameter("X-Client-Id", "header", {"format": "uuid"}))
    if path.startswith(RENDER_CALLS):
        headers = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")
        found += [parameter(header, "header", {"minLength": 1}) for header in headers]
    return found


def _form(path: str, envelope: EnvelopeForm) -> EnvelopeForm:
    if envelope == "documented":
        return "success" if path.startswith(RENDER_CALLS) else "code"
    return envelope


def _enveloped(kind: type[msgspec.Struct], form: EnvelopeForm) -> Json:
    if form == "bare":
        return _ref(shapes.RenderBare if kind is shapes.Render else kind)
    if form == "success":
        return _object({"success": {"const": True}, "data": _ref(kind)})
    return _object({"code": {"const": 0}, "message": {"type": "string"}, "data": _ref(kind)})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": [*properties]}


def _ref(kind: type[msgspec.Struct]) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}
