"""An event-stream response that stops its work the moment the client goes away."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nemo_widgets.local.server.wire import Writer
from nemo_widgets.protocol.events import Event


class EventStream(Response):
    """Runs the work inside the response, so that the connection's end is the work's end.

    Parameters
    ----------
    work : callable
        Gets an ``emit(event)``; the stream ends when it returns.
    writer : Writer
        The dialect.
    """

    media_type = "text/event-stream"

    def __init__(self, work: Callable[[Callable[[Event], Awaitable[None]]], Awaitable[None]], writer: Writer) -> None:
        self.status_code = 200
        self.background = None
        self._work = work
        self._writer = writer
        self.init_headers({"Cache-Control": "no-store"})
        del self.headers["Content-Length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; cancels the work when the client disconnects."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        work = asyncio.create_task(self._stream(send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait([work, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.wait([work, gone])
        if not work.cancelled():
            work.result()

    async def _stream(self, send: Send) -> None:
        async def emit(event: Event) -> None:
            if data := self._writer.write(event):
                await send({"type": "http.response.body", "body": data, "more_body": True})

        await self._work(emit)
        await send({"type": "http.response.body", "body": self._writer.end(), "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
