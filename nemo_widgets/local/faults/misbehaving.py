"""Carries a fault plan out, in front of the whole application: no call knows of it."""

import asyncio
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nemo_widgets.local.faults.kinds import Group
from nemo_widgets.local.faults.plan import Fault, FaultPlan
from nemo_widgets.local.options import Options
from nemo_widgets.local.server.answers import Refusal, refuse
from nemo_widgets.local.server.names import call_of

_STATUS_OF_CODE: Final = {
    1001: HTTPStatus.UNAUTHORIZED,
    1002: HTTPStatus.NOT_FOUND,
    1010: HTTPStatus.UNAUTHORIZED,
    1011: HTTPStatus.UNAUTHORIZED,
}
_FORMS: Final[tuple[Group, ...]] = ("envelope", "errors", "dialect")
_DRIP_S: Final = 0.0
_SLOW_S: Final = 1.0
_LOGIN: Final = "<!doctype html><title>Log in</title><form><input type=password></form>"


class Misbehaving:
    """ASGI middleware that lets calls fail as a plan says; without one it is not felt.

    Parameters
    ----------
    app : ASGIApp
        What lies behind.
    plan : callable
        Gives the plan that holds now.
    options : Options
        The forms that refusals come in.
    """

    def __init__(self, app: ASGIApp, plan: Callable[[], FaultPlan], options: Options) -> None:
        self._app = app
        self._plan = plan
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry a call out, or not, or not quite."""
        call = call_of(scope["path"]) if scope["type"] == "http" else None
        met = self._plan().take(call) if call else {}
        scope["faults_met"] = "; ".join(map(str, met.values()))
        scope["answer_fault"] = met.get("answer")
        scope["options"] = self._options.in_form(met[group].name for group in _FORMS if group in met)
        fault = met.get("transport")
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.replaces:
            await self._replaced(fault, scope, receive, send)
        elif fault.breaks:
            await self._broken(fault, scope, receive, send)
        else:
            await _Paced(send, fault).run(self._app, scope, receive)

    async def _replaced(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.moment == "after":
            await self._app(scope, _Undisturbed(receive).receive, _swallow)
        await _instead(fault, scope["path"], scope["options"])(scope, receive, send)

    async def _broken(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.moment == "before":
            await _break(fault, receive, send)
            if fault.name != "stall" or fault.argument is None:
                return
            await self._app(scope, receive, send)
        elif fault.moment == "after":
            held: list[Message] = []
            undisturbed = _Undisturbed(receive)
            await self._app(scope, undisturbed.receive, _kept_in(held))
            await _break(fault, undisturbed.receive_end, send)
            if fault.name == "stall" and fault.argument is not None:
                for message in held:
                    await send(message)
        else:
            await _Broken(send, receive, fault).run(self._app, scope)


class _Undisturbed:
    """A request whose sender seems to stay, so that the work goes on whatever happens to the connection."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        message = await self._receive() if not self._ended.is_set() else {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            self._ended.set()
            await asyncio.Event().wait()
        return message

    async def receive_end(self) -> Message:
        return {"type": "http.disconnect"} if self._ended.is_set() else await self._receive()


class _Broken:
    """An answer that breaks after some bytes of its body."""

    def __init__(self, send: Send, receive: Receive, fault: Fault) -> None:
        self._send = send
        self._undisturbed = _Undisturbed(receive)
        self._fault = fault
        self._left_bytes = fault.moment if isinstance(fault.moment, int) else None
        self._is_broken = False
        self._work: asyncio.Task[None] | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        self._work = asyncio.ensure_future(_awaited(app, scope, self._undisturbed.receive, self._pass))
        try:
            await asyncio.wait({self._work})
        finally:
            self._work.cancel()
            await asyncio.wait({self._work})
        if not self._work.cancelled():
            self._work.result()
        if self._is_broken and not (self._fault.name == "stall" and self._fault.argument is not None):
            await _gone(self._undisturbed.receive_end)

    async def _pass(self, message: Message) -> None:
        if self._is_broken and (self._fault.name != "stall" or self._fault.argument is None):
            return
        body = message.get("body", b"")
        if self._is_broken or message["type"] != "http.response.body" or not (body or not message.get("more_body")):
            await self._send(message)
            return
        if self._left_bytes is None:
            self._left_bytes = len(body) // 2
        if len(body) <= self._left_bytes:
            self._left_bytes -= len(body)
            await self._send(message)
            return
        kept = body[: self._left_bytes]
        self._is_broken = True
        if kept:
            await self._send({**message, "body": kept, "more_body": True})
        if self._fault.name == "stall":
            if self._fault.argument is not None:
                await asyncio.sleep(self._fault.argument)
                await self._send({**message, "body": body[len(kept) :]})
            return
        _end(self._send, reset=self._fault.name == "reset")
        if self._fault.name == "reset" and self._work is not None:
            self._work.cancel()


class _Paced:
    """An answer that comes byte by byte, or late."""

    def __init__(self, send: Send, fault: Fault) -> None:
        self._send = send
        self._is_drip = fault.name == "drip"
        self._pause_s = fault.argument if fault.argument is not None else _DRIP_S if self._is_drip else _SLOW_S

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive) -> None:
        if not self._is_drip:
            await asyncio.sleep(self._pause_s)
        await app(scope, receive, self._pass)

    async def _pass(self, message: Message) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            await self._send(message)
            return
        step = 1 if self._is_drip else len(body)
        for at in range(0, len(body), step):
            more = bool(message.get("more_body")) or at + step < len(body)
            await self._send({**message, "body": body[at : at + step], "more_body": more})
            await asyncio.sleep(self._pause_s)


def _instead(fault: Fault, path: str, options: Options) -> Response:
    match fault.name:
        case "login":
            return HTMLResponse(_LOGIN)
        case "garbage":
            return Response(b'{"code": 0, "data": {', media_type="application/json")
        case "empty":
            return Response(b"")
        case "refuse":
            return JSONResponse({"message": "Service unavailable."}, status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    code = int(fault.name)
    status = _STATUS_OF_CODE.get(code, HTTPStatus.OK) if code >= 1000 else code
    response = refuse(path, Refusal("As the fault plan says.", code=code, status=status), options)
    if fault.argument is not None:
        response.headers["Retry-After"] = f"{fault.argument:g}"
    return response


async def _break(fault: Fault, receive: Receive, send: Send) -> None:
    if fault.name == "stall" and fault.argument is not None:
        await asyncio.sleep(fault.argument)
        return
    if fault.name != "stall":
        _end(send, reset=fault.name == "reset")
    await _gone(receive)  # or uvicorn would complain about an answer that never came


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _swallow(message: Message) -> None:
    """Lose an answer."""


def _kept_in(held: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        held.append(message)

    return keep


async def _awaited(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def _end(send: Send, *, reset: bool) -> None:
    """Close the connection under an answer; ASGI has no word for that, so uvicorn's own object is asked."""
    transport: Any = send.__self__.transport  # type: ignore[attr-defined]
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
