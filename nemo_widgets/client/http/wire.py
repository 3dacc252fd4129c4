"""Requests to the API, with the token that belongs to its origin."""

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from typing import Any

import httpx

from nemo_widgets import settings
from nemo_widgets.client.addresses import is_loopback
from nemo_widgets.client.auth import Access
from nemo_widgets.client.http.failures import told
from nemo_widgets.client.http.patience import Patience
from nemo_widgets.client.http.reply import Part, Reply
from nemo_widgets.client.http.tls import trusted
from nemo_widgets.client.network import untraced
from nemo_widgets.errors import ProtocolError


class _HttpReply(Reply):
    def __init__(self, response: httpx.Response, origin: str) -> None:
        self._response = response
        self._origin = origin

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def kind(self) -> str:
        return str(self._response.headers.get("content-type", "")).lower()

    @property
    def server(self) -> str:
        return str(self._response.headers.get("server", ""))

    @property
    def retry_after(self) -> str:
        return str(self._response.headers.get("retry-after", ""))

    async def pieces(self) -> AsyncIterator[bytes]:
        if self._response.headers.get("content-encoding", "identity") != "identity":
            await self.close()
            raise ProtocolError("The service compressed its answer, which it was asked not to do.")
        try:
            with told(self._origin):
                async for piece in self._response.aiter_raw():
                    yield piece
        finally:
            await self.close()

    async def close(self) -> None:
        await self._response.aclose()


class Wire:
    """Requests to the API. Follows no redirect, since the token must not leave its origin.

    Attributes
    ----------
    server : str
        What the server called itself in its last answer.
    """

    def __init__(self, patience: Patience | None = None) -> None:
        self.server = ""
        self._patience = patience or Patience()
        self._clients: dict[tuple[str, bool], httpx.AsyncClient] = {}

    async def open(
        self,
        access: Access,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> Reply:
        """Send one request, once, and return its answer when the head has arrived.

        Raises
        ------
        InterruptedRequestError
            The network broke when the service may have begun.
        ConnectionFailedError
            There was no connection: nothing was sent.
        """
        client = self._client(access.origin, of_streams=stream)
        request = client.build_request(
            method,
            access.origin + path,
            json=json,
            files=[("files", part) for part in parts] or None,
            headers=headers,
            timeout=self._patience.timeout(stream=stream, upload=bool(parts)),
        )
        try:
            with told(access.origin):
                reply = _HttpReply(await client.send(request, auth=_Bearer(access), stream=True), access.origin)
        except asyncio.CancelledError as error:
            raise untraced(error) from None
        self.server = reply.server
        return reply

    async def close(self) -> None:
        """End all connections."""
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.aclose()

    def _client(self, origin: str, *, of_streams: bool) -> httpx.AsyncClient:
        key = (origin, of_streams)
        if key not in self._clients:
            # A stream gets a connection of its own: one that was kept may have died unnoticed, and then nobody can
            # tell whether the message arrived.
            self._clients[key] = httpx.AsyncClient(
                headers={"Accept-Encoding": "identity", **settings.attribution_headers()},
                verify=trusted(trust_env=not is_loopback(origin)),
                trust_env=not is_loopback(origin),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0 if of_streams else 8),
            )
        return self._clients[key]


class _Bearer(httpx.Auth):
    """Adds the token last, so that no variable of a traceback holds the header."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._access.token:
            request.headers["Authorization"] = f"Bearer {self._access.token}"
        yield request
