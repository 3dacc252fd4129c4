"""The service's calls by path, and what is repeated: as little as possible (``protocol/README.md``, *Paid work*)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, Any, Final, TypeVar

from nemo_widgets.client.auth import Access, AccessSource, own_server
from nemo_widgets.client.clock import Clock
from nemo_widgets.client.http import MAX_FILE_BYTES, InterruptedRequestError, Part, Patience, Reply, Wire, WireLike
from nemo_widgets.client.keeper import tell
from nemo_widgets.client.network import untraced
from nemo_widgets.errors import (
    AuthError,
    ConnectionFailedError,
    NemoError,
    ProtocolError,
    RateLimitedError,
    ServiceError,
)
from nemo_widgets.protocol.account import Account, check_address, refused_token
from nemo_widgets.protocol.address import STUDIO_SERVER
from nemo_widgets.protocol.envelope import open_envelope
from nemo_widgets.protocol.refusals import TOKEN_CODES
from nemo_widgets.protocol.retry import retry_after_s

T = TypeVar("T")
Notify = Callable[[str], None]
Parts = Callable[[], list[Part]]

_BACKOFF_S: Final = (0.5, 1.0, 2.0)
_RATE_LIMIT_WAIT_S: Final = 30.0
_LONGEST_WAIT_S: Final = 120.0


class Api:
    """The calls that need a token.

    Parameters
    ----------
    source : AccessSource
        Where the token comes from; it goes to the origin that it came with.
    clock : Clock
        What waiting is done with.
    wire : WireLike
        What requests go through.
    """

    def __init__(self, source: AccessSource, clock: Clock, wire: WireLike) -> None:
        self._source = source
        self._clock = clock
        self._wire = wire

    @property
    def is_local_studio(self) -> bool:
        """Whether the last answer came from a local studio, at whatever address."""
        return self._wire.server == STUDIO_SERVER

    async def access(self) -> Access:
        """Return the origin and the account that calls are made with."""
        return await self._source.get()

    async def get(self, path: str) -> Mapping[str, Any]:
        """Ask for something; as asking changes nothing, it is repeated when the network or the service fails."""
        return (await self.poll(path))[0]

    async def poll(self, path: str) -> tuple[Mapping[str, Any], float | None]:
        """Ask like `get`; also return after how many seconds to ask again, if the service said."""
        return await self._repeated(lambda: self._call("GET", path))

    async def post(self, path: str, json: Mapping[str, Any], notify: Notify | None = None) -> Mapping[str, Any]:
        """Send something, once: only a refusal that comes before any work is followed by a second try."""
        return (await self._call("POST", path, json=json, notify=notify))[0]

    async def post_files(self, path: str, parts: Parts) -> Mapping[str, Any]:
        """Send files, read while they are sent.

        Parameters
        ----------
        path : str
            Of the call.
        parts : callable
            Gives the files at their beginning; called once more when a try was refused.
        """
        return (await self._call("POST", path, parts=parts))[0]

    @asynccontextmanager
    async def stream(
        self, path: str, json: Mapping[str, Any], notify: Notify | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send something whose answer is an event stream; gives the stream's bytes as they arrive.

        Raises
        ------
        InterruptedRequestError
            The network broke when the service may have begun: the message must not be sent again.
        NemoError
            The service refused.
        """

        async def send(access: Access) -> Reply:
            headers = {"Accept": "text/event-stream"}
            return await self._wire.open(access, "POST", path, json=json, headers=headers, stream=True)

        async def accept(reply: Reply, access: Access) -> Reply:
            if 200 <= reply.status < 300 and ("event-stream" in reply.kind or not reply.kind):
                return reply
            await _opened(reply, access.account)
            raise ProtocolError(f"The service did not answer with a stream of events. {check_address(access.account)}")

        reply = await self._accepted(send, accept, notify)
        try:
            yield _something_of(reply)
        finally:
            await reply.close()

    async def fetch(self, path: str, out: IO[bytes]) -> None:
        """Write a file that the API itself serves; asked for again like `get`, from its beginning."""

        async def send(access: Access) -> Reply:
            return await self._wire.open(access, "GET", path)

        async def write(reply: Reply, access: Access) -> None:
            if not 200 <= reply.status < 300 or "json" in reply.kind or "html" in reply.kind:
                await _opened(reply, access.account)
                raise ProtocolError("The service sent something else than the file.")
            out.seek(0)
            out.truncate()
            written_bytes = 0
            async for piece in reply.pieces():
                written_bytes += out.write(piece)
                if written_bytes > MAX_FILE_BYTES:
                    await reply.close()
                    raise ServiceError(f"The file is larger than {MAX_FILE_BYTES / 1e9:.1f} GB; it was given up.")

        await self._repeated(lambda: self._accepted(send, write, None))

    async def close(self) -> None:
        """End all connections."""
        await self._wire.close()

    async def _repeated(self, ask: Callable[[], Awaitable[T]]) -> T:
        for delay_s in _BACKOFF_S:
            try:
                return await ask()
            except ConnectionFailedError:
                pass
            except ServiceError as error:
                if not is_outage(error):
                    raise
            await self._clock.sleep(delay_s)
        return await ask()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        parts: Parts | None = None,
        notify: Notify | None = None,
    ) -> tuple[Mapping[str, Any], float | None]:
        async def send(access: Access) -> Reply:
            return await self._wire.open(access, method, path, json=json, parts=parts() if parts else ())

        async def read(reply: Reply, access: Access) -> tuple[Mapping[str, Any], float | None]:
            return await _opened(reply, access.account), _asked_to_wait_s(reply)

        return await self._accepted(send, read, notify)

    async def _accepted(
        self,
        send: Callable[[Access], Awaitable[Reply]],
        read: Callable[[Reply, Access], Awaitable[T]],
        notify: Notify | None,
    ) -> T:
        """Return what the answer says; a refused token or a rate limit, and nothing else, gets one more try."""
        access = await self._source.get()
        try:
            reply = await send(access)
        except InterruptedRequestError:
            raise
        except ConnectionFailedError as error:  # nothing was sent
            access = await self._source.moved(access, error)
            reply = await send(access)
        try:
            return await read(reply, access)
        except AuthError as error:
            if error.code not in TOKEN_CODES:
                raise
            access = await self._source.renewed(access, error)
        except RateLimitedError:
            await _rate_limit_over(reply, self._clock, notify)
        return await read(await send(access), access)


async def ask_for_token(
    clock: Clock, origin: str, client_id: str, *, web_url: str, patience: Patience | None = None
) -> Mapping[str, Any]:
    """Make call 1, the only one without a token."""
    wire = Wire(patience)
    access = Access(origin, "", Account(web_url=web_url, server=own_server(origin)))
    headers = {"X-Client-Id": client_id}

    async def send() -> Reply:
        return await wire.open(access, "POST", "/api/auth/anonymous-token", headers=headers)

    try:
        reply = await send()
        try:
            return await _opened(reply, access.account)
        except RateLimitedError:
            await _rate_limit_over(reply, clock, None)
        try:
            return await _opened(await send(), access.account)
        except RateLimitedError as error:
            raise RateLimitedError(
                "The service gives one free token a week to each client, and yours is used up or lost. Set NEMO_TOKEN "
                f'to a token of your own ({web_url}), or work without the cloud: connect("local").',
                code=error.code,
                retry_after_s=error.retry_after_s,
            ) from error
    except ServiceError as error:
        if access.account.server and error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            raise AuthError(refused_token(access.account), code=error.code) from error
        raise
    finally:
        await wire.close()


def is_outage(error: ServiceError) -> bool:
    """Whether the service itself failed, so that nobody can tell how far it had come."""
    return 500 <= (error.code or 0) < 600


async def _something_of(reply: Reply) -> AsyncIterator[bytes]:
    """Give the bytes of a stream, which may be none, if only the answer says that it is a stream."""
    is_answer = bool(reply.kind)
    async for piece in reply.pieces():
        is_answer = True
        yield piece
    if not is_answer:
        raise InterruptedRequestError("The service answered with nothing at all, so nobody knows whether it has begun.")


def _asked_to_wait_s(reply: Reply) -> float | None:
    return retry_after_s(reply.retry_after, datetime.now(UTC))


class _Answer(dict[str, Any]):
    """What the service said; a report that shows variables does not show what may be a token."""

    def __repr__(self) -> str:
        return f"<an answer with {', '.join(self) or 'nothing'}>"


async def _opened(reply: Reply, account: Account) -> Mapping[str, Any]:
    try:
        return _Answer(
            open_envelope(
                reply.status,
                await reply.body(),
                content_type=reply.kind,
                account=account,
                retry_after_s=_asked_to_wait_s(reply),
            )
        )
    except NemoError as error:
        raise untraced(error)  # noqa: B904  what it was caused by is part of it


async def _rate_limit_over(reply: Reply, clock: Clock, notify: Notify | None) -> None:
    said_s = _asked_to_wait_s(reply)
    wait_s = _RATE_LIMIT_WAIT_S if said_s is None else said_s
    if wait_s > _LONGEST_WAIT_S:
        raise RateLimitedError(
            f"Too many requests: the service takes no more for {wait_s / 60:.0f} minutes. Try again then.",
            code=429,
            retry_after_s=wait_s,
        )
    (notify or tell)(f"Too many requests: waiting {wait_s:.0f} s, then trying once more")
    await clock.sleep(wait_s)
