"""The calls of ``protocol/README.md`` but uploads and renders: accounts, sessions, chat, credits, state, files."""

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from nemo_widgets.local.faults.acting import acting
from nemo_widgets.local.options import Options
from nemo_widgets.local.server.answers import Refusal, answer, malformed, not_found, out_of_credits, unknown_session
from nemo_widgets.local.server.shapes import LANGUAGE, MOST_PROMPT_CHARS
from nemo_widgets.local.server.stream import EventStream
from nemo_widgets.local.server.wire import WRITERS
from nemo_widgets.local.state.links import published
from nemo_widgets.local.state.records import Account, SessionRecord
from nemo_widgets.local.studio import Studio
from nemo_widgets.protocol.draft import Draft

_LANGUAGE = re.compile(LANGUAGE)
_CLAIM_S = 600


def studio_of(request: Request) -> Studio:
    """Return the studio that a request came to."""
    studio: Studio = request.app.state.studio
    return studio


def options_of(request: Request) -> Options:
    """Return how the studio behaves towards this request."""
    options: Options = request.scope["options"]
    return options


def account_of(request: Request) -> Account:
    """Return the account that the guard let in."""
    account: Account = request.scope["account"]
    return account


def session_of(request: Request, session_id: object) -> SessionRecord:
    """Return a session of the request's account, or refuse."""
    session = studio_of(request).store.session(session_id) if isinstance(session_id, str) else None
    if session is None or session.user_id != account_of(request).user_id:
        raise unknown_session()
    return session


async def json_object(request: Request) -> Mapping[str, Any]:
    """Return the body, which must be a JSON object, of numbers and text that can be written down again."""
    try:
        body = json.loads(await request.body(), parse_constant=_no_number)
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as problem:
        raise malformed("The body is not JSON, or holds half a character.") from problem
    if not isinstance(body, Mapping):
        raise malformed("The body is not a JSON object.")
    return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def reply(request: Request, data: Mapping[str, object]) -> Response:
    """Answer a call in the form its options ask for, file URLs made reachable."""
    studio = studio_of(request)
    reachable = {key: published(value, studio.presence.origin) for key, value in data.items()}
    return answer(request.url.path, reachable, options_of(request))


async def anonymous_token(request: Request) -> Response:
    """Call 1."""
    try:
        client_id = str(uuid.UUID(request.headers["x-client-id"]))
    except (KeyError, ValueError):
        raise Refusal("X-Client-Id must be a UUID.", code=400, status=HTTPStatus.BAD_REQUEST) from None
    opened = studio_of(request).open_account(client_id)
    if opened is None:
        raise Refusal(
            "This client id has a token already, valid for seven days.", code=429, status=HTTPStatus.TOO_MANY_REQUESTS
        )
    token, account = opened
    return reply(
        request,
        {
            "token": token,
            "user_id": account.user_id,
            "expires_at": datetime.fromtimestamp(account.expires_at, UTC).isoformat(),
            "credits": studio_of(request).store.credits(account.user_id),
        },
    )


async def open_session(request: Request) -> Response:
    """Call 2."""
    body = await json_object(request)
    name, language = body.get("task_name", "project"), body.get("language", "en")
    if not isinstance(name, str) or not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise malformed("task_name must be text and language an ISO code.")
    session = studio_of(request).open_session(account_of(request).user_id, name[:200], language)
    return reply(
        request, {"task_id": session.task_id, "session_id": session.id, "user_id": account_of(request).user_id}
    )


async def chat(request: Request) -> Response:
    """Call 3."""
    studio = studio_of(request)
    body = await json_object(request)
    session = session_of(request, body.get("session_id"))
    prompt = _prompt(body.get("new_message"))
    available = studio.store.credits(session.user_id) - studio.turns.frozen(session.user_id)
    options = options_of(request)
    # Who can pay for anything need not wait until it is known what this costs.
    if available < max(options.generation_credits, options.edit_credits):
        price = await studio.turns.price(session, prompt)
        if available < price:
            raise out_of_credits(available, price)
    answering = acting(studio, request.scope["answer_fault"], options)
    return EventStream(lambda emit: answering(session, prompt, emit), WRITERS[options.dialect]())


def _prompt(message: object) -> str:
    parts = message.get("parts") if isinstance(message, Mapping) else None
    if not isinstance(parts, list):
        raise malformed("new_message needs parts.")
    texts = [part.get("text") for part in parts if isinstance(part, Mapping)]
    prompt = "\n".join(text for text in texts if isinstance(text, str)).strip()
    if not prompt:
        raise malformed("The message has no text.")
    if len(prompt) > MOST_PROMPT_CHARS:
        raise malformed(f"The message is longer than {MOST_PROMPT_CHARS:,} characters.")
    return prompt


async def credits_balance(request: Request) -> Response:
    """Call 5."""
    studio, user_id = studio_of(request), account_of(request).user_id
    total, frozen = studio.store.credits(user_id), studio.turns.frozen(user_id)
    return reply(request, {"available": total - frozen, "frozen": frozen, "total": total})


async def latest_state(request: Request) -> Response:
    """Call 6."""
    session = session_of(request, request.path_params["session_id"])
    draft = Draft.parse(session.draft)
    assets = studio_of(request).store.assets(session.id)
    state = {
        "draft": session.draft,
        "video_infos": [asset.wire() for asset in assets if asset.kind == "video"],
        "canvas_config": {"width": draft.width, "height": draft.height, "ratio": draft.meta.get("ratio")},
        "generated_media": session.generated,
        "video_analyses": [],
    }
    names = {"session_id": session.id, "task_id": session.task_id, "task_name": session.task_name}
    return reply(request, {**names, "state": state})


async def claim_token(request: Request) -> Response:
    """Call 11."""
    body = await json_object(request)
    session = session_of(request, body.get("session_id"))
    if body.get("task_id") != session.task_id:
        raise unknown_session()
    return reply(request, {"claim_token": f"clm_{secrets.token_urlsafe(24)}", "expires_in": _CLAIM_S})


async def file(request: Request) -> Response:
    """Serve a file to whoever knows its key."""
    store, key = studio_of(request).store, request.path_params["key"]
    held = store.file(key)
    if held is None and store.has_expired(key):
        raise Refusal(
            "This link has expired. Ask for the export again: it has a new one.", code=410, status=HTTPStatus.GONE
        )
    if held is None or held[0].name != request.path_params["name"]:
        raise not_found("There is no such file.")
    record, path = held
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
    return FileResponse(path, media_type=record.media_type, headers=headers)
