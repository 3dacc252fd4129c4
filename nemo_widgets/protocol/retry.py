"""When the service wants to be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MOST_DIGITS: Final = 9  # some thirty years


def retry_after_s(header: str, now: datetime) -> float | None:
    """Read a ``Retry-After`` header (RFC 9110, 10.2.3).

    Parameters
    ----------
    header : str
        A number of seconds, or an HTTP date; empty when there is none.
    now : datetime
        With its time zone.

    Returns
    -------
    float or None
        Seconds from now, 0 when the moment has passed; None when the header is neither form.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= _MOST_DIGITS else None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
