"""Bytes to and from servers; the only package that imports httpx.

Two ways out, so that credentials cannot go astray: `Wire` takes a token and talks to the origin that belongs to it;
`Links` follows the URLs that the service hands out and sends nothing of ours.
"""

from nemo_widgets.client.http.failures import InterruptedRequestError
from nemo_widgets.client.http.links import MAX_FILE_BYTES, Links
from nemo_widgets.client.http.patience import Patience
from nemo_widgets.client.http.reply import LinksLike, Network, Part, Reply, WireLike
from nemo_widgets.client.http.wire import Wire

__all__ = [
    "MAX_FILE_BYTES",
    "InterruptedRequestError",
    "Links",
    "LinksLike",
    "Network",
    "Part",
    "Patience",
    "Reply",
    "Wire",
    "WireLike",
]
