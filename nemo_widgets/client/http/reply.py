"""What comes back of a request, and what sends one: over HTTP, or by something that stands in for it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from nemo_widgets.errors import ProtocolError

if TYPE_CHECKING:
    from nemo_widgets.client.auth import Access

Part = tuple[str, IO[bytes], str]
"""A file to send: its name, its content at the beginning, its media type."""

MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024


class Reply(ABC):
    """An answer whose head has arrived. It must be read to its end or closed."""

    @property
    @abstractmethod
    def status(self) -> int:
        """The HTTP status."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """The content type, in lower case; empty when none was given."""

    @property
    @abstractmethod
    def server(self) -> str:
        """What the server calls itself; empty when it does not say."""

    @property
    @abstractmethod
    def retry_after(self) -> str:
        """The ``Retry-After`` header; empty when there is none."""

    @abstractmethod
    def pieces(self) -> AsyncIterator[bytes]:
        """Give the body as it arrives, and close at its end."""

    @abstractmethod
    async def close(self) -> None:
        """Give the connection back, or end it when the answer has not ended."""

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


class WireLike(Protocol):
    """Sends requests to the API; see `Wire`."""

    @property
    def server(self) -> str:
        """What the server called itself in its last answer."""
        ...

    async def open(
        self,
        access: "Access",
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> Reply:
        """Send one request, once, and return its answer when the head has arrived."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class LinksLike(Protocol):
    """Follows URLs that the service hands out; see `Links`."""

    async def download(self, url: str, out: IO[bytes], on_progress: Callable[[float], None] | None = None) -> None:
        """Write what a URL leads to."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class Network(Protocol):
    """The ways to one service."""

    def wire(self) -> WireLike:
        """Return what requests go through."""
        ...

    def links(self, origin: str) -> LinksLike:
        """Return what the service's URLs are fetched with."""
        ...
