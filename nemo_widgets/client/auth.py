"""Where credentials come from: given, kept, the local studio's own, or asked for (``protocol/README.md``, call 1)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from nemo_widgets import settings
from nemo_widgets.client.tokens import KeptToken, TokenFile
from nemo_widgets.errors import AuthError, ConnectionFailedError, NemoError, ServiceError, SetupError
from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.address import StudioAddress

AskForToken = Callable[[str, str], Awaitable[Mapping[str, Any]]]
"""Call 1: takes the origin and the client id, returns its answer."""

_RENEWED_BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Access:
    """An origin, and the token that goes to that origin and nowhere else.

    Attributes
    ----------
    origin : str
        Of the API.
    token : str
        Never part of a repr.
    account : Account
        Whose it is, for the words of an error.
    """

    origin: str
    token: str = field(repr=False)
    account: Account


@dataclass(frozen=True, slots=True)
class Secret:
    """A token that a person gave.

    Attributes
    ----------
    name : str
        Where it came from, as a message names it.
    text : str
        Never part of a repr; empty when there is none.

    Raises
    ------
    SetupError
        It cannot be a token.
    """

    name: str
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.text.isascii() or not self.text.isprintable() or " " in self.text:
            raise SetupError(
                f"The token of {self.name} holds blanks, line breaks or foreign letters, which no token does. Nothing "
                "was sent: copy it again."
            )

    def __bool__(self) -> bool:
        return self.text != ""


class AccessSource(Protocol):
    """Gives access, and better access once the service refuses the token."""

    async def get(self) -> Access:
        """Return access, from memory if possible."""
        ...

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        """Return access with another token than the refused one; raise `error` when there is none to be had."""
        ...

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        """Return access at another origin than the unreachable one; raise `error` when there is no other."""
        ...


def own_server(origin: str) -> str:
    """Return the origin when it is a person's own choice; empty when it is the cloud's."""
    return "" if origin == settings.CLOUD_API_URL else origin


class GivenToken:
    """A token that a person gave."""

    def __init__(self, origin: str, secret: Secret, *, web_url: str) -> None:
        account = Account(web_url=web_url, token_source=secret.name, server=own_server(origin))
        self._access = Access(origin, secret.text, account)

    async def get(self) -> Access:
        """Return it."""
        return self._access

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        """Raise the error: a person's token is not replaced by another one."""
        raise error

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        """Raise the error: the token belongs to its origin."""
        raise error


class LocalStudioToken:
    """The token of the local studio, which is found, or started, at the first call.

    Parameters
    ----------
    find_or_start : callable
        Blocks until the studio answers; returns its address.
    """

    def __init__(self, find_or_start: Callable[[], StudioAddress]) -> None:
        self._find_or_start = find_or_start
        self._lock = asyncio.Lock()
        self._access: Access | None = None

    async def get(self) -> Access:
        """Return the address that was found last, or find it."""
        async with self._lock:
            if self._access is None:
                self._access = await self._found()
            return self._access

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        """Find the studio again: one that was started anew has another token."""
        return await self._found_again(refused, error)

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        """Find or start the studio again: it ends when nobody uses it, and comes back on another port."""
        return await self._found_again(unreachable, error)

    async def _found_again(self, old: Access, error: NemoError) -> Access:
        async with self._lock:
            if self._access == old or self._access is None:
                found = await self._found()
                if found == old:
                    raise error
                self._access = found
            return self._access

    async def _found(self) -> Access:
        address = await asyncio.to_thread(self._find_or_start)
        return Access(address.url, address.token, Account(token_source="the local studio"))


class AnonymousToken:
    """A token that the service gives to anyone, kept until it expires: there is one in seven days.

    Parameters
    ----------
    origin, web_url : str
        Of the API, and of the web app.
    ask : AskForToken
        Makes the call.
    """

    def __init__(self, origin: str, *, web_url: str, ask: AskForToken) -> None:
        self._origin = origin
        self._web_url = web_url
        self._ask = ask
        self._lock = asyncio.Lock()
        self._access: Access | None = None
        self._expires_at = datetime.max.replace(tzinfo=UTC)

    async def get(self) -> Access:
        """Return the kept token, or ask for one."""
        async with self._lock:
            if self._access is None or datetime.now(UTC) > self._expires_at - _RENEWED_BEFORE:
                self._access = await self._kept_or_new(refused=None)
            return self._access

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        """Return another kernel's newer token, or ask for a new one with the same client id."""
        async with self._lock:
            if self._access is None or self._access == refused:
                self._access = await self._kept_or_new(refused=refused)
            return self._access

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        """Raise the error: the token belongs to its origin."""
        raise error

    async def _kept_or_new(self, *, refused: Access | None) -> Access:
        file = TokenFile(settings.config_dir() / "tokens.json")
        async with file.lock():
            kept = await asyncio.to_thread(file.read, self._origin)
            if kept is None or not kept.has_time or (refused is not None and kept.token == refused.token):
                # A token that cannot be kept would be lost, and there is none other for a week.
                await asyncio.to_thread(file.check)
                kept = await self._new()
                await asyncio.to_thread(file.write, self._origin, kept)
        self._expires_at = kept.expires_at
        account = Account(web_url=self._web_url, user_id=kept.user_id, server=own_server(self._origin))
        return Access(self._origin, kept.token, account)

    async def _new(self) -> KeptToken:
        try:
            return KeptToken.parse(await self._ask(self._origin, settings.client_id()))
        except ServiceError as error:
            if error.code != HTTPStatus.BAD_REQUEST:
                raise
        # The kept client id is none to the service.
        return KeptToken.parse(await self._ask(self._origin, settings.new_client_id()))
