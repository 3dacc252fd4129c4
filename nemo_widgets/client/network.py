"""Failures of the network in words: what happened, what it means, what to do."""

import socket
import ssl
import urllib.request
from typing import TypeVar
from urllib.parse import urlsplit

from nemo_widgets.client.addresses import is_loopback
from nemo_widgets.settings import CLOUD_API_URL

E = TypeVar("E", bound=BaseException)

_UP_AND_AGAIN = 'Is the network up, without a login page or a firewall in between? Try again, or use connect("local").'


def untraced(error: E) -> E:
    """Return an error, and what it was caused by, without the frames they came through.

    Those are the libraries' own, and their variables hold headers and bodies: a report that shows variables would show
    tokens.
    """
    for link in _chain(error):
        link.__traceback__ = None
    return error


def unreachable(origin: str, error: BaseException, *, at_proxy: bool, timed_out: bool) -> str:
    """Tell why there was no connection.

    Parameters
    ----------
    origin : str
        Where it should have led.
    error : BaseException
        With what caused it.
    at_proxy : bool
        Whether a proxy refused.
    timed_out : bool
        Whether nobody answered in time.
    """
    chain = _chain(error)
    proxy = proxy_of(origin)
    if at_proxy:
        return (
            f"The proxy {proxy} did not let the request to {origin} through ({error}). Log in to the proxy, or check "
            "HTTPS_PROXY and NO_PROXY."
        )
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return (
            f"{origin} could not prove that it is the service (TLS: {error}), so nothing was sent. A proxy or a wrong "
            "clock does that; if your network has a certificate of its own, set SSL_CERT_FILE to it."
        )
    if proxy:
        return (
            f"The proxy {proxy} cannot be reached, and so neither can {origin}. Check HTTPS_PROXY and HTTP_PROXY, or "
            f"name {urlsplit(origin).hostname} in NO_PROXY to go there directly."
        )
    if any(isinstance(link, socket.gaierror) for link in chain):
        if origin == CLOUD_API_URL:
            return f"The NemoVideo cloud cannot be found: the network is down, or has no way out. {_UP_AND_AGAIN}"
        return (
            f"There is no server called {urlsplit(origin).hostname}, or the network is down. Look for a typing error "
            'in the address (NEMO_API_URL, or what connect() was given) and try again, or use connect("local").'
        )
    reason = "it did not answer in time" if timed_out else "nothing answers there"
    if origin == CLOUD_API_URL:
        return f"The NemoVideo cloud cannot be reached: {reason}. {_UP_AND_AGAIN}"
    advice = "Is the local studio running?" if is_loopback(origin) else "Is the network up?"
    return (
        f"{origin} cannot be reached: {reason}. {advice} Check the address (NEMO_API_URL, or what connect() was "
        'given), or use connect("local").'
    )


def proxy_of(origin: str) -> str:
    """Return the host and port of the proxy on the way to an origin, without its password; empty when there is none."""
    parts = urlsplit(origin)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if not proxy or is_loopback(origin) or urllib.request.proxy_bypass(parts.hostname or ""):
        return ""
    return urlsplit(proxy if "//" in proxy else f"//{proxy}").netloc.rpartition("@")[2]


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        link = left.pop()
        if link is not None and link not in chain:
            chain.append(link)
            left += [link.__cause__, link.__context__]
    return chain
