"""Which addresses a URL from the service may lead to: public ones, and those of the API's own origin."""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from nemo_widgets.errors import ConnectionFailedError, ServiceError


class PrivateAddressError(ServiceError):
    """A link leads to an address of this machine or its network."""


_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_loopback(origin: str) -> bool:
    """Whether an origin is on this machine."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(url: str, origin: str) -> bool:
    """Whether a URL belongs to an origin; the names of this machine are one."""

    def parts(address: str) -> tuple[str, str, int | None]:
        split = urlsplit(address)
        host = "127.0.0.1" if is_loopback(address) else split.hostname or ""
        return split.scheme, host, split.port or _DEFAULT_PORTS.get(split.scheme)

    return parts(url) == parts(origin)


def origin_in(url: str) -> str:
    """Return the origin of a URL as it stands there, without a user and a password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def public_address(host: str, port: int) -> str:
    """Return an address to connect to, or refuse: a name may mean a machine that only this one can reach.

    Raises
    ------
    ServiceError
        The host is, or resolves to, an address that is not public.
    ConnectionFailedError
        The name is not known.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectionFailedError(f"The name {host} is not known here. Is the network up?") from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    for address in addresses:
        if not _is_public(address):
            raise PrivateAddressError(f"The service's link leads to {host}, a private address. It was not followed.")
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)
