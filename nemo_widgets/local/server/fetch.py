"""Fetches a file from a URL that someone else chose: public addresses only, so that nobody reads the network in here.

The name is resolved once and the connection goes to that very address, which leaves no second resolution to lie to.
"""

import http.client
import ipaddress
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from time import monotonic
from typing import BinaryIO, cast
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from nemo_widgets.local.options import MEBIBYTE
from nemo_widgets.local.server.answers import Refusal, file_too_large, malformed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAX_REDIRECTS = 5
_QUIET_S = 15.0
_DEADLINE_S = 180.0
_CHUNK_BYTES = 256 * 1024
_SPOOL_BYTES = MEBIBYTE
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


def is_public(address: Address) -> bool:
    """Return whether an address lies on the public internet, looked at through every way of wrapping IPv4 in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        # Other ways of wrapping IPv4 (::127.0.0.1, ::ffff:0:127.0.0.1), and the addresses of a site, lie outside.
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


@contextmanager
def fetch(
    url: str, *, limit_bytes: int, permitted: Callable[[Address], bool] = is_public
) -> Iterator[tuple[str, BinaryIO]]:
    """Fetch a file.

    Parameters
    ----------
    url : str
        ``http`` or ``https``, without a user name.
    limit_bytes : int
        The largest file that is fetched.
    permitted : callable
        Which addresses may be connected to.

    Yields
    ------
    name : str
        The last part of the URL's path.
    file : binary file
        Its content, at the beginning.

    Raises
    ------
    Refusal
        The URL may not be fetched, or could not be, or the file is too large.
    """
    ends_at = monotonic() + _DEADLINE_S
    for _ in range(_MAX_REDIRECTS):
        parts = _checked(url)
        connection = _connect(parts, permitted)
        with closing(connection), closing(_get(connection, parts)) as response:
            if response.status in (301, 302, 303, 307, 308):
                url = urljoin(url, response.headers.get("Location", ""))
                continue
            if response.status != HTTPStatus.OK:
                raise _unreachable(url, f"the server answered {response.status}")
            with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as file:
                _copy(url, response, file, limit_bytes, ends_at)
                file.seek(0)
                yield unquote(parts.path).rsplit("/", 1)[-1], cast(BinaryIO, file)
                return
    raise _unreachable(url, "it redirects too often")


def _unreachable(url: str, why: str) -> Refusal:
    return Refusal(f"{url[:200]} could not be fetched: {why}.", code=400, status=HTTPStatus.BAD_REQUEST)


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise malformed(f"{url[:200]} is not an http or https URL that can be fetched.")
    return parts


def _connect(parts: SplitResult, permitted: Callable[[Address], bool]) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise _unreachable(parts.geturl(), "its host is not known") from problem
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not all(permitted(address) for address in addresses):
        raise Refusal(
            f"{parts.geturl()[:200]} points into a private network. Upload the file itself instead.",
            code=403,
            status=HTTPStatus.FORBIDDEN,
        )
    try:
        raw = socket.create_connection((str(addresses[0]), port), timeout=_QUIET_S)
    except OSError as problem:
        raise _unreachable(parts.geturl(), "its host does not answer") from problem
    if parts.scheme == "http":
        connection = http.client.HTTPConnection(host, port)
        connection.sock = raw
        return connection
    secure = http.client.HTTPSConnection(host, port)
    try:
        secure.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except (OSError, ValueError) as problem:
        raw.close()
        raise _unreachable(parts.geturl(), "its host has no certificate that can be trusted") from problem
    return secure


def _get(connection: http.client.HTTPConnection, parts: SplitResult) -> http.client.HTTPResponse:
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "nemo-widgets"})
        return connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise _unreachable(parts.geturl(), "its host broke the connection off") from problem


def _copy(
    url: str,
    response: http.client.HTTPResponse,
    file: "tempfile.SpooledTemporaryFile[bytes]",
    limit: int,
    ends_at: float,
) -> None:
    size_bytes = 0
    try:
        while chunk := response.read1(_CHUNK_BYTES):
            size_bytes += len(chunk)
            if size_bytes > limit:
                raise file_too_large(f"{url[:200]} is larger than {limit // MEBIBYTE} MB. Trim or compress it.")
            if monotonic() > ends_at:
                raise _unreachable(url, "it takes too long")
            file.write(chunk)
    except (OSError, http.client.HTTPException) as problem:
        raise _unreachable(url, "the connection broke") from problem
