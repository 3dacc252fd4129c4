"""Hours of the day, "at 6 am", 晚上八点, as the times of day that the vocabulary knows."""

import re

_TIMES = ((4, "midnight"), (7, "dawn"), (11, "morning"), (17, "day"), (18, "golden_hour"), (19, "sunset"), (20, "dusk"))
_LATER = ("p", "下午", "傍晚", "晚上", "夜里", "深夜", "中午")
HOUR = r"\d{1,2}(?:[:.][0-5]\d)?\s*(?:[ap]\.?m\b\.?|o'?clock\b)|(?<=\bat )(?:0?[4-9]|1\d|2[0-3]):[0-5]\d(?![:\d])"
"""An hour in English; without "am" and "pm" only after "at", and late enough not to be a moment of a clip."""


def hour_pattern(numeral: str) -> str:
    """Return a pattern for an hour in Chinese, given the one for its numerals."""
    parts = "凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里|深夜"
    return rf"(?:{parts})\s*{numeral}\s*点(?:钟|半)?|(?:\d{{1,2}}|[二两三四五六七八九十]+)\s*点(?:钟|半)?(?=的)"


def time_at(text: str, hour: int) -> str:
    """Return the time of day at an hour, as ``words/looks.toml`` calls it.

    Parameters
    ----------
    text : str
        What was said: "pm", 下午 and their like make a small hour a late one.
    hour : int
        The hour in it.
    """
    after_number = re.sub(r"[\d:.\s]", "", text)
    later = after_number.startswith(_LATER) or any(word in text for word in _LATER[1:])
    if later and hour < 12 and not (hour < 5 and text.startswith("夜")):
        hour += 12
    elif hour == 12 and after_number.startswith("a"):
        hour = 0
    return next((name for end, name in _TIMES if hour % 24 < end), "night")
