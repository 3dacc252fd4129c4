"""Stands before every call: who may come in, from where, and with how much.

Loopback is no protection by itself: every web page the person opens can send requests to it, and so can every user of
the machine. So the Host must be the studio's own (against DNS rebinding), an Origin must be too, and every call but the
two below needs a token.
"""

import asyncio
import hashlib
from http import HTTPStatus
from time import monotonic

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nemo_widgets.local.options import Options
from nemo_widgets.local.server.answers import RENDER_CALLS, Refusal, bad_token, file_too_large, refuse
from nemo_widgets.local.server.presence import Presence
from nemo_widgets.local.state.records import Account
from nemo_widgets.local.state.store import Store

ANONYMOUS_TOKEN = "/api/auth/anonymous-token"
FILES = "/files/"
UPLOADS = "/api/upload-video/"
_SLOWEST_BYTES_PER_S = 16 * 1024
ATTRIBUTION = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")


def digest_of(token: str) -> str:
    """Return the form in which a token is kept and looked up: looking up a digest takes the same time for any guess."""
    return hashlib.sha256(token.encode()).hexdigest()


class Guard:
    """ASGI middleware that refuses what must not reach a call.

    Parameters
    ----------
    app : ASGIApp
        What lies behind.
    store : Store
        Knows the tokens.
    presence : Presence
        Is told of every request that was let in, and knows the studio's own origin.
    options : Options
        Bounds and forms.
    """

    def __init__(self, app: ASGIApp, *, store: Store, presence: Presence, options: Options) -> None:
        self._app = app
        self._store = store
        self._presence = presence
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        headers = Headers(scope=scope)
        try:
            self._check_place(headers)
            self._check_size(path, headers)
            scope["account"] = self._check_person(path, headers)
        except Refusal as refusal:
            await refuse(path, refusal, scope["options"])(scope, receive, send)
            return
        with self._presence.busy():
            body = _Body(receive, self._limit(path), self._options.body_timeout_s)
            await self._app(scope, body.receive, send)

    def _check_place(self, headers: Headers) -> None:
        if [host.lower() for host in headers.getlist("host")] not in ([host] for host in self._presence.hosts):
            raise Refusal("This Host is not the local studio's.", code=421, status=HTTPStatus.MISDIRECTED_REQUEST)
        origins = headers.getlist("origin")
        if origins and origins not in ([f"http://{host}"] for host in self._presence.hosts):
            raise Refusal(
                "Pages of other origins may not call the local studio.", code=403, status=HTTPStatus.FORBIDDEN
            )

    def _check_size(self, path: str, headers: Headers) -> None:
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self._limit(path):
            raise too_much(self._limit(path))

    def _check_person(self, path: str, headers: Headers) -> Account | None:
        if path.startswith(FILES) or (path == ANONYMOUS_TOKEN and self._options.anonymous):
            return None
        scheme, _, token = headers.get("authorization", "").partition(" ")
        account = self._store.account_of(digest_of(token.strip())) if scheme.lower() == "bearer" else None
        if account is None:
            raise bad_token()
        if path.startswith(RENDER_CALLS) and not all(headers.get(name) for name in ATTRIBUTION):
            raise Refusal(
                "Export is not in this plan: the attribution headers are missing.",
                code=402, status=HTTPStatus.PAYMENT_REQUIRED,
            )  # fmt: skip
        return account

    def _limit(self, path: str) -> int:
        return self._options.max_upload_bytes if path.startswith(UPLOADS) else self._options.max_body_bytes


def too_much(limit_bytes: int) -> Refusal:
    """Return the refusal of a body above its bound."""
    refusal = file_too_large(f"The request is larger than {limit_bytes // 1024 // 1024} MB. Send less at once.")
    refusal.status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return refusal


class _Body:
    """A request's body that may neither grow past its bound, nor stop, nor trickle for ever."""

    def __init__(self, receive: Receive, limit_bytes: int, timeout_s: float) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._timeout_s = timeout_s
        self._began_s = monotonic()
        self._received_bytes = 0
        self._is_whole = False

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience_s()):
                message = await self._receive()
        except TimeoutError:
            raise Refusal("The request's body stopped arriving.", code=408, status=HTTPStatus.REQUEST_TIMEOUT) from None
        if message["type"] == "http.request":
            self._received_bytes += len(message.get("body", b""))
            if self._received_bytes > self._limit_bytes:
                raise too_much(self._limit_bytes)
            self._is_whole = not message.get("more_body")
        return message

    def _patience_s(self) -> float:
        allowed_s = self._timeout_s + self._received_bytes / _SLOWEST_BYTES_PER_S
        return min(self._timeout_s, self._began_s + allowed_s - monotonic())
