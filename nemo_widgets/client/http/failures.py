"""Failures of the network in words of ours; httpx's own go no further than this package."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from nemo_widgets.client.network import unreachable, untraced
from nemo_widgets.errors import ConnectionFailedError, ServiceError


class InterruptedRequestError(ConnectionFailedError):
    """The network broke after the request had left: the service may have begun with it."""


@contextmanager
def told(origin: str) -> Iterator[None]:
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
