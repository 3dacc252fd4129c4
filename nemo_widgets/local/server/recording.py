"""Writes down what goes over the wire, in front of everything else: faults are seen as a client sees them."""

import re
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nemo_widgets.local.server.frames import Frames, kind_of, text_of
from nemo_widgets.local.server.names import NUMBERS, call_of
from nemo_widgets.local.server.redacting import HIDDEN, Redactor
from nemo_widgets.local.server.wirelog import Direction, What, WireLog, WireRecord

_KEPT_BYTES: Final = 4096
_EXCERPT_CHARS: Final = 300
_SHOWN_OF_REQUESTS: Final = ("accept", "content-type", "range", "x-skill-source", "x-skill-version", "x-skill-platform")
_SHOWN_OF_RESPONSES: Final = ("content-type", "retry-after", "content-range")
_IN_PATH: Final = re.compile(r"/nemo_agent/me/([^/]+)")
_IN_BODY: Final = re.compile(r'"session_?[Ii]d"\s*:\s*"([^"]{1,100})"')
_RENDER_IN_PATH: Final = re.compile(r"/api/render/proxy/(?:lambda/)?([^/]+)(?:/cancel|/download)?")


class Recording:
    """ASGI middleware that records each exchange while somebody wants it; else it costs one look.

    Parameters
    ----------
    app : ASGIApp
        What lies behind.
    log : callable
        Gives the log to write to, or None.
    session_of_render : callable
        Gives the session of a render job by its id; empty when there is none.
    """

    def __init__(
        self, app: ASGIApp, log: Callable[[], WireLog | None], session_of_render: Callable[[str], str]
    ) -> None:
        self._app = app
        self._log = log
        self._session_of_render = session_of_render
        self._redactor = Redactor()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, watched or not."""
        log = self._log() if scope["type"] == "http" else None
        if log is None:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(log, self._redactor, self._session_of_render, scope, receive, send)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            exchange.close("closed by the studio")


class _Exchange:
    """A request and what answers it, written down as it passes."""

    def __init__(
        self,
        log: WireLog,
        redactor: Redactor,
        session_of_render: Callable[[str], str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._log = log
        self._redactor = redactor
        self._scope = scope
        self._receive = receive
        self._send = send
        self._number = log.new_exchange()
        self._began_s = time.time()
        self._began_at = time.perf_counter()
        path = scope["path"]
        self._name = call_of(path) or ""
        self._headers = Headers(scope=scope)
        self._session = _first(_IN_PATH, path)
        if not self._session and self._name in ("status", "cancel", "download"):
            self._session = session_of_render(_first(_RENDER_IN_PATH, path))
        self._is_requested = self._has_begun = self._is_over = self._is_stream = False
        self._request, self._request_bytes = bytearray(), 0
        self._answer, self._answer_bytes = bytearray(), 0
        self._status = 0
        self._answer_headers = Headers(raw=[])
        self._frames = Frames()
        redactor.learn(self._headers.get("authorization", "").rpartition(" ")[2])
        redactor.learn(self._headers.get("x-client-id", ""))

    @property
    def transport(self) -> "_Transport":
        """The connection, for faults that break it."""
        return _Transport(self._send.__self__.transport, self.close)  # type: ignore[attr-defined]

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            self._request_bytes += len(body)
            self._request += body[: _KEPT_BYTES - len(self._request)]
            if not message.get("more_body"):
                self._tell_request()
        else:
            self.close("the client left")
        return message

    async def send(self, message: Message) -> None:
        if not self._is_over:
            self._tell_request()
            if message["type"] == "http.response.start":
                self._begin_answer(message)
            else:
                self._take(message.get("body", b""), last=not message.get("more_body"))
        await self._send(message)

    def close(self, how: str) -> None:
        """Note the end of the connection, unless the answer was whole."""
        if self._is_over:
            return
        self._is_over = True
        self._tell_request()
        if self._is_stream:
            if torn := self._frames.rest():
                self._tell(
                    "from studio", "event", event="torn", size_bytes=len(torn), excerpt=text_of(torn[:_KEPT_BYTES])
                )
        elif self._has_begun:
            self._tell_answer()
        direction: Direction = "to studio" if how == "the client left" else "from studio"
        self._tell(direction, "end", event=how, size_bytes=self._answer_bytes)

    def _begin_answer(self, message: Message) -> None:
        self._has_begun = True
        self._status = message["status"]
        self._answer_headers = Headers(raw=message.get("headers", []))
        self._is_stream = self._answer_headers.get("content-type", "").startswith("text/event-stream")
        if self._is_stream:
            self._tell_answer()

    def _take(self, body: bytes, *, last: bool) -> None:
        self._answer_bytes += len(body)
        if self._is_stream:
            for frame in self._frames.feed(body):
                said = text_of(frame[:_KEPT_BYTES])
                self._tell("from studio", "event", event=kind_of(frame), size_bytes=len(frame), excerpt=said)
            if last:
                self.close("the stream ended")
            return
        self._answer += body[: _KEPT_BYTES - len(self._answer)]
        if last:
            self._is_over = True
            self._tell_answer()

    def _tell_request(self) -> None:
        if self._is_requested:
            return
        self._is_requested = True
        said = _readable(self._request, self._headers.get("content-type", ""))
        self._session = self._session or _first(_IN_BODY, said)
        shown = _shown(self._headers, _SHOWN_OF_REQUESTS)
        for name in ("authorization", "x-client-id"):
            if name in self._headers:
                shown.append(f"{name}: {HIDDEN}")
        size_bytes = max(self._request_bytes, _announced(self._headers))
        self._tell("to studio", "request", size_bytes=size_bytes, headers=" · ".join(shown), excerpt=said)

    def _tell_answer(self) -> None:
        said = _readable(self._answer, self._answer_headers.get("content-type", ""))
        self._redactor.learn_from(said)
        self._session = self._session or _first(_IN_BODY, said)
        self._tell(
            "from studio",
            "response",
            status=self._status,
            size_bytes=self._answer_bytes,
            headers=" · ".join(_shown(self._answer_headers, _SHOWN_OF_RESPONSES)),
            excerpt=said,
        )

    def _tell(self, direction: Direction, what: What, *, headers: str = "", excerpt: str = "", **rest: Any) -> None:
        now = time.perf_counter()
        self._log.add(
            WireRecord(
                at_s=self._began_s + now - self._began_at,
                elapsed_ms=(now - self._began_at) * 1000,
                exchange=self._number,
                direction=direction,
                what=what,
                call=NUMBERS.get(self._name),
                name=self._name,
                method=self._scope["method"],
                path=self._redactor.hide(self._scope["path"])[:_EXCERPT_CHARS],
                session=self._redactor.hide(self._session),
                fault=self._scope.get("faults_met", ""),
                headers=_cut(self._redactor.hide(headers)),
                excerpt=_cut(self._redactor.hide(excerpt)),
                **rest,
            )
        )


class _Transport:
    """A connection whose sudden end is written down."""

    def __init__(self, transport: Any, note: Callable[[str], None]) -> None:
        self._transport = transport
        self._note = note

    def get_extra_info(self, name: str) -> Any:
        return self._transport.get_extra_info(name)

    def close(self) -> None:
        self._note("cut by the studio")
        self._transport.close()

    def abort(self) -> None:
        self._note("reset by the studio")
        self._transport.abort()


def _shown(headers: Headers, names: tuple[str, ...]) -> list[str]:
    return [f"{name}: {headers[name].partition('; boundary')[0]}" for name in names if name in headers]


def _announced(headers: Headers) -> int:
    announced = headers.get("content-length", "")
    return int(announced) if announced.isdecimal() and len(announced) < 16 else 0


def _readable(body: bytearray, media_type: str) -> str:
    if media_type and not media_type.startswith(("application/json", "text/")):
        return ""
    return body.decode(errors="replace")


def _cut(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= _EXCERPT_CHARS else shown[: _EXCERPT_CHARS - 1] + "…"


def _first(pattern: "re.Pattern[str]", text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
