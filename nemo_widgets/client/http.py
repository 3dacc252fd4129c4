"""Bytes to and from servers; the only module that imports httpx.

Two ways out, so that credentials cannot go astray: `Wire` takes a token and talks to the origin that belongs to it;
`Links` follows the URLs that the service hands out and sends nothing of ours.
"""

import asyncio
import urllib.request
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

import httpx

from nemo_widgets import settings
from nemo_widgets.client.addresses import is_loopback, origin_in, public_address, same_origin
from nemo_widgets.client.auth import Access
from nemo_widgets.client.network import unreachable, untraced
from nemo_widgets.errors import ConnectionFailedError, ProtocolError, ServiceError

Part = tuple[str, IO[bytes], str]
"""A file to send: its name, its content at the beginning, its media type."""

MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
MAX_FILE_BYTES: Final = 4 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may be quiet, in seconds; an event stream may be as long as its own deadlines allow.

    Attributes
    ----------
    connect_s, answer_s, upload_s : float
        Until there is a connection, until the next piece of an answer, and until the next piece of an upload is taken.
    """

    connect_s: float = 15.0
    answer_s: float = 60.0
    upload_s: float = 300.0

    def timeout(self, *, stream: bool, upload: bool) -> httpx.Timeout:
        """Return it as httpx takes it."""
        if stream:
            return httpx.Timeout(None, connect=self.connect_s, write=self.answer_s)
        return httpx.Timeout(self.upload_s if upload else self.answer_s, connect=self.connect_s, pool=None)


class InterruptedRequestError(ConnectionFailedError):
    """The network broke after the request had left: the service may have begun with it."""


class Reply:
    """An answer whose head has arrived. It must be read to its end or closed."""

    def __init__(self, response: httpx.Response, origin: str) -> None:
        self._response = response
        self._origin = origin

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._response.status_code

    @property
    def kind(self) -> str:
        """The content type, in lower case; empty when none was given."""
        return str(self._response.headers.get("content-type", "")).lower()

    @property
    def retry_after(self) -> str:
        """The ``Retry-After`` header; empty when there is none."""
        return str(self._response.headers.get("retry-after", ""))

    async def body(self) -> bytes:
        """Return the whole body, and close.

        Raises
        ------
        ProtocolError
            It is larger than any real answer.
        """
        whole = bytearray()
        async for piece in self.pieces():
            whole += piece
            if len(whole) > MAX_ANSWER_BYTES:
                await self.close()
                raise ProtocolError(f"The service's answer is larger than {MAX_ANSWER_BYTES // 1024**2} MB.")
        return bytes(whole)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the body as it arrives, and close at its end."""
        if self._response.headers.get("content-encoding", "identity") != "identity":
            await self.close()
            raise ProtocolError("The service compressed its answer, which it was asked not to do.")
        try:
            with _told(self._origin):
                async for piece in self._response.aiter_raw():
                    yield piece
        finally:
            await self.close()

    async def close(self) -> None:
        """Give the connection back, or end it when the answer has not ended."""
        await self._response.aclose()


class Wire:
    """Requests to the API. Follows no redirect, since the token must not leave its origin."""

    def __init__(self, patience: Patience | None = None) -> None:
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
            with _told(access.origin):
                return Reply(await client.send(request, auth=_Bearer(access), stream=True), access.origin)
        except asyncio.CancelledError as error:
            raise untraced(error) from None

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


class Links:
    """Follows URLs that the service hands out. Private addresses are refused.

    Parameters
    ----------
    origin : str
        The API's own origin, which may be private: the local studio's is.
    max_bytes : int
        The most that a file may have.
    """

    def __init__(self, origin: str, *, max_bytes: int = MAX_FILE_BYTES) -> None:
        self._origin = origin
        self._max_bytes = max_bytes
        self._client = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity"},
            follow_redirects=True,
            timeout=Patience().timeout(stream=False, upload=False),
            trust_env=False,
            transport=_Guarded(origin),
        )

    async def download(self, url: str, out: IO[bytes], on_progress: Callable[[float], None] | None = None) -> None:
        """Write what a URL leads to.

        Parameters
        ----------
        url : str
            As the service gave it; one without an origin belongs to the API's.
        out : binary file
            Where it goes.
        on_progress : callable, optional
            Told the fraction, 0 to 1, when the size is known.

        Raises
        ------
        ServiceError
            It leads to a private address, or there is no such file, or it is too large.
        ConnectionFailedError
            The network broke.
        """
        url = self._origin + url if url.startswith("/") else url
        with _told(origin_in(url)):
            async with self._client.stream("GET", url) as response:
                if not response.is_success:
                    raise ServiceError(
                        f"The file is not at its link (HTTP {response.status_code}): links expire. Export again.",
                        code=response.status_code,
                    )
                if response.headers.get("content-type", "").startswith(("text/html", "application/json")):
                    raise ProtocolError("A web page came back instead of the file. The link may need a login.")
                total_bytes = int(response.headers.get("content-length", 0))
                written_bytes = 0
                async for piece in response.aiter_raw():
                    written_bytes += out.write(piece)
                    if written_bytes > self._max_bytes:
                        raise ServiceError(f"The file is larger than {self._max_bytes / 1e9:.1f} GB; it was given up.")
                    if on_progress is not None and total_bytes:
                        on_progress(min(1.0, written_bytes / total_bytes))

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()


class _Guarded(httpx.AsyncBaseTransport):
    """Connects to the address that was checked, so that a name cannot change its meaning in between."""

    def __init__(self, own_origin: str) -> None:
        self._own_origin = own_origin
        self._direct = httpx.AsyncHTTPTransport(trust_env=False)
        proxies = urllib.request.getproxies()
        self._proxied: dict[str, httpx.AsyncHTTPTransport] = {
            scheme: httpx.AsyncHTTPTransport(proxy=proxies[scheme]) for scheme in ("http", "https") if scheme in proxies
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in ("http", "https") or url.userinfo:
            raise ServiceError("The service gave a link that is not one to a web address. It was not followed.")
        if same_origin(str(url), self._own_origin):
            return await self._direct.handle_async_request(request)
        address = await public_address(url.host, url.port or {"http": 80, "https": 443}[url.scheme])
        proxy = self._proxied.get(url.scheme)
        if proxy is not None and not urllib.request.proxy_bypass(url.host):
            return await proxy.handle_async_request(request)
        request.url = url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        response = await self._direct.handle_async_request(request)
        request.url = url
        return response

    async def aclose(self) -> None:
        for transport in (self._direct, *self._proxied.values()):
            await transport.aclose()


@contextmanager
def _told(origin: str) -> Iterator[None]:
    """Tell a failure of the network in words; the cause stays chained."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        at_proxy, timed_out = isinstance(error, httpx.ProxyError), isinstance(error, httpx.ConnectTimeout)
        words = unreachable(origin, error, at_proxy=at_proxy, timed_out=timed_out)
        raise ConnectionFailedError(words) from untraced(error)
    except httpx.TimeoutException as error:
        raise InterruptedRequestError(
            f"{origin} stopped answering, so nobody knows how far it had come. Is the network up? Try again."
        ) from untraced(error)
    except httpx.TransportError as error:
        raise InterruptedRequestError(
            f"The connection to {origin} broke off ({type(error).__name__}), so nobody knows how far the service had "
            "come. Is the network up? Try again."
        ) from untraced(error)
    except httpx.TooManyRedirects as error:
        raise ServiceError("The service's link leads round in circles.") from error
    except httpx.InvalidURL as error:
        raise ServiceError("The service gave a link that is not one. It was not followed.") from error
