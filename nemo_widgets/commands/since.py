"""When something began, as a person says it: ``today``, ``yesterday``, ``7d``, ``2026-05-03``."""

import re
from datetime import datetime, time, timedelta
from typing import Final

from nemo_widgets.errors import InputError

_AGO: Final = re.compile(r"(\d{1,5})\s*(h|d|w)[a-z]*(?:\s+ago)?")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment(said: str, now: datetime | None = None) -> datetime:
    """Return when that was, in this machine's time zone unless it says another.

    Parameters
    ----------
    said : str
        ``today`` and ``yesterday`` begin at midnight, ``7d`` (``12h``, ``2w``) is so long ago; else ISO 8601.
    now : datetime, optional
        What time it is.

    Raises
    ------
    InputError
        It is no time.
    """
    now = now or datetime.now()
    words = said.strip().lower()
    midnight = datetime.combine(now.date(), time.min)
    if words in ("today", "yesterday"):
        return midnight - timedelta(days=words == "yesterday")
    try:
        if ago := _AGO.fullmatch(words):
            return now - int(ago[1]) * _UNITS[ago[2]]
        return datetime.fromisoformat(said.strip())
    except (ValueError, OverflowError):
        raise InputError(
            f'{said} is no time. Write today, yesterday, 7d, 12h, 2026-05-03, or "2026-05-03 14:00".'
        ) from None
