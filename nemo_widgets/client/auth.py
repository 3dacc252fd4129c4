"""Where the credentials come from: given, kept, asked for, or the local studio's own (``protocol.md``, call 1)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from filelock import AsyncFileLock

from nemo_widgets import settings
from nemo_widgets.errors import AuthError, ConnectionFailedError, NemoError, ProtocolError
from nemo_widgets.protocol.address import StudioAddress
from nemo_widgets.protocol.envelope import Account

AskForToken = Callable[[str, str], Awaitable[Mapping[str, Any]]]
"""Call 1: takes the origin and the client id, returns its answer."""

_VALIDITY = timedelta(days=7)
_RENEWED_BEFORE = timedelta(minutes=1)
_KEPT = ("token", "user_id", "expires_at")
_LONG_AGO = datetime.fromtimestamp(0, UTC)


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


class GivenToken:
    """A token that a person gave."""

    def __init__(self, origin: str, token: str, *, token_source: str, web_url: str) -> None:
        self._access = Access(origin, token, Account(web_url=web_url, token_source=token_source))

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
                self._access = await self._kept_or_new(refused="")
            return self._access

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        """Return another kernel's newer token, or ask for a new one with the same client id."""
        async with self._lock:
            if self._access is None or self._access == refused:
                self._access = await self._kept_or_new(refused=refused.token)
            return self._access

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        """Raise the error: the token belongs to its origin."""
        raise error

    async def _kept_or_new(self, *, refused: str) -> Access:
        file = settings.config_dir() / "tokens.json"
        settings.private_folder(file.parent)
        # Two kernels that start at once must not ask twice: the second would be locked out for a week.
        async with AsyncFileLock(file.with_suffix(".lock"), timeout=120):
            kept = await asyncio.to_thread(_read, file)
            found = _usable(kept.get(self._origin), refused)
            if found is None:
                found = _checked(await self._ask(self._origin, settings.client_id()))
                await asyncio.to_thread(settings.write_private, file, json.dumps({**kept, self._origin: found}))
        self._expires_at = _moment(found["expires_at"])
        return Access(self._origin, found["token"], Account(web_url=self._web_url, user_id=found["user_id"]))


def _read(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _usable(kept: object, refused: str) -> dict[str, str] | None:
    """Return a kept token if it is whole, has time left, and is not the one that was refused."""
    if not isinstance(kept, dict) or not all(isinstance(kept.get(key), str) for key in _KEPT):
        return None
    has_time = _moment(kept["expires_at"]) - _RENEWED_BEFORE > datetime.now(UTC)
    return kept if has_time and kept["token"] != refused else None


def _checked(answer: Mapping[str, Any]) -> dict[str, str]:
    token = answer.get("token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise ProtocolError("The service gave no token to work with. Try again later, or set NEMO_TOKEN.")
    expires_at = _moment(answer.get("expires_at"), otherwise=datetime.now(UTC) + _VALIDITY)
    return {"token": token, "user_id": str(answer.get("user_id", "")), "expires_at": expires_at.isoformat()}


def _moment(value: object, *, otherwise: datetime = _LONG_AGO) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return otherwise
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
