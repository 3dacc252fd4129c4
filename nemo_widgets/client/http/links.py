"""Follows the URLs that the service hands out, and sends nothing of ours."""

import urllib.request
from collections.abc import Callable
from typing import IO, Final

import httpx

from nemo_widgets.client.addresses import origin_in, public_address, same_origin
from nemo_widgets.client.http.failures import told
from nemo_widgets.client.http.patience import Patience
from nemo_widgets.client.http.tls import trusted
from nemo_widgets.errors import ProtocolError, ServiceError

MAX_FILE_BYTES: Final = 4 * 1024 * 1024 * 1024


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
        with told(origin_in(url)):
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
        self._direct = httpx.AsyncHTTPTransport(verify=trusted(trust_env=False), trust_env=False)
        proxies = urllib.request.getproxies()
        self._proxied: dict[str, httpx.AsyncHTTPTransport] = {
            scheme: httpx.AsyncHTTPTransport(verify=trusted(), proxy=proxies[scheme])
            for scheme in ("http", "https")
            if scheme in proxies
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
