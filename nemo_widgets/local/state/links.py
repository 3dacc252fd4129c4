"""URLs of the studio's own files: kept without an origin, because the port changes at every start."""

import re
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import quote

_KEPT = "studio:"
_FILE_URL = re.compile(r"(?:studio:|https?://[^/?#]+)/files/([A-Za-z0-9_-]{22,64})/[^/?#]+")


def new_key() -> str:
    """Return a path segment that nobody guesses: knowing it is the permission to read the file."""
    return secrets.token_urlsafe(24)


def kept_url(key: str, name: str) -> str:
    """Return the form in which a file's URL is stored."""
    return f"{_KEPT}/files/{key}/{quote(name)}"


def file_key(url: str) -> str | None:
    """Return the key inside a file's URL, stored or published; None when it is no URL of a studio's file."""
    match = _FILE_URL.fullmatch(url)
    return match[1] if match else None


def published(value: object, origin: str) -> object:
    """Return decoded JSON with every stored file URL made reachable at `origin`."""
    if isinstance(value, str):
        return origin + value.removeprefix(_KEPT) if value.startswith(f"{_KEPT}/files/") else value
    if isinstance(value, Mapping):
        return {key: published(item, origin) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [published(item, origin) for item in value]
    return value
