"""What may be kept on disk: no token, no claim link, no signature of a URL, wherever the service put them."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from nemo_widgets.protocol.redact import redact

_URL: Final = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
_SECRET_KEYS: Final = re.compile(
    r"token|authorization|password|secret|signature|credential|cookie|api_?key", re.IGNORECASE
)
_DEEPEST: Final = 60


def scrubbed_text(text: str) -> str:
    """Return `text` with its URLs cut off before the query, where signatures and claims are, and tokens blotted out."""
    return redact(_URL.sub(lambda found: _bare(found.group()), text))


def scrubbed(value: Any) -> Any:
    """Return decoded JSON of the service's as it may be kept.

    Parameters
    ----------
    value : object
        Mappings, sequences, text and numbers; what is nested deeper than 60 levels, or is no JSON, is left out.

    Returns
    -------
    object
        A copy; scrubbing it again changes nothing.
    """
    return _scrubbed(value, _DEEPEST)


def _scrubbed(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return scrubbed_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if levels == 0:
        return None
    if isinstance(value, Mapping):
        return {
            scrubbed_text(str(key)): "***" if _is_secret(key, item) else _scrubbed(item, levels - 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_scrubbed(item, levels - 1) for item in value]
    return None


def _is_secret(key: object, value: object) -> bool:
    return isinstance(value, str) and value != "" and _SECRET_KEYS.search(str(key)) is not None


def _bare(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "http://***"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
