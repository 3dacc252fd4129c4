"""Numbers as people write them, in English and Chinese: lengths, moments, shares, ordinals, shapes."""

import re
from collections.abc import Callable

from nemo_widgets.local.planner.lexicon import Tag
from nemo_widgets.local.planner.reading.clock import HOUR, hour_pattern, time_at

RATIOS = {
    "16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080), "4:5": (1080, 1350), "5:4": (1350, 1080),
    "4:3": (1440, 1080), "3:4": (1080, 1440), "21:9": (1920, 822),
}  # fmt: skip
"""The shapes of canvas, and their size in pixels."""

_NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "forty": 40,
    "forty five": 45, "fifty": 50, "sixty": 60, "ninety": 90, "a couple of": 2, "a couple": 2, "a few": 3,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "last": -1, "final": -1, "latest": -1, "penultimate": -2, "second to last": -2, "next to last": -2,
    "middle": 0, "opening": 1, "closing": -1,
}  # fmt: skip
NUMERALS = frozenset(" ".join([*_NUMBERS, *_ORDINALS, "seconds minutes percent degrees times frames"]).split())
"""Words that are numbers or say of what."""
_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def _any_of(words: dict[str, int]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in sorted(words, key=len, reverse=True))


_ZH = "[零一二两三四五六七八九十]+"
_N = rf"(?:\d+(?:[.,]\d+)?|{_any_of(_NUMBERS)}|{_ZH})"
_COUNT = rf"(?:half an?\b|half|an?|半|{_N})"
_SECONDS = r"(?:seconds?|secs?|s|秒钟|秒)(?![a-z])"
_MINUTES = r"(?:minutes?|mins?|分钟|分(?!之))(?![a-z])"
_ANOTHER = r"(?!\s+(?:shot|clip|scene|caption|title|one|version|take|half|photo|video|time)s?\b)"
"""After "a second": then it is not a length."""
_AND_A_HALF = r"(?:\s*and\s*a\s*half|半)"
_LENGTH = (
    rf"(?:{_COUNT})[\s-]*{_MINUTES}(?:{_AND_A_HALF})?(?:\s*(?:and)?\s*{_N}[\s-]*{_SECONDS})?"
    rf"|{_N}\s+and\s+a\s+half[\s-]+(?:{_SECONDS}|{_MINUTES})"
    rf"|(?:half an?\b|half|半|{_N})[\s-]*{_SECONDS}|an?[\s-]+{_SECONDS}{_ANOTHER}"
    rf"|(?:(?<=first )|(?<=last )|(?<=final ))(?:second|minute)\b{_ANOTHER}"
    r"|\d+\s*m\s*\d+\s*s(?![a-z])|\d+\s*(?:ms|milliseconds|毫秒)(?![a-z])|\d+\s*frames?\b"
)
_CLOCK = r"\d{1,2}:[0-5]\d(?:\.\d+)?(?!\d)"
_MOMENT = rf"(?:{_CLOCK}|(?:second|sec\.?|第)?\s*{_N}(?:[\s-]*{_SECONDS})?)"
_SPAN = (
    rf"(?:(?:from|between|从|自)\s*)?(?P<span_from>{_MOMENT})(?:处)?\s*(?:-|–|—|to|and|until|till|到|至|~)\s*"
    rf"(?P<span_to>{_CLOCK}|(?:第)?\s*{_N}[\s-]*{_SECONDS})"
)
_SECONDS_FROM = (
    rf"(?:(?:from|between)\s+)?seconds?\s+(?P<span_from>{_N})\s*(?:-|–|to|until|through|and)\s*"
    rf"(?:seconds?\s+)?(?P<span_to>{_N})(?![\d%])"
)
_HOURS = rf"{_COUNT}[\s-]*(?:hours?|hrs?)(?=\s+(?:long|clip|video|film|of)\b)|{_COUNT}(?:个)?小时(?=的?视频|的?短片|长)"
_MORE = (
    rf"{_N}\s+(?:more|extra|additional)\s+(?:{_SECONDS}|{_MINUTES})|(?:more|extra|多|再加|再多)\s*{_N}[\s-]*{_SECONDS}"
)
_DECADE = (
    r"(?:the|early|late|mid)[\s-]+(?:19|20)?[1-9]0'?s\b|(?:19|20)[1-9]0'?s\b|'[1-9]0'?s\b"
    r"|[1-9]0s(?=[\s-]+(?:style|synth\w*|vibe|retro|music|look|disco|pop|rock|movie|film|aesthetic|feel|era|vhs|neon"
    r"|hip|tv)\b)"
)


def count_of(text: str) -> float:
    """Return the number that a numeral stands for."""
    text = re.sub(r"[\s-]+", " ", text.strip())
    if text[0].isdigit():
        return float(text.replace(",", "."))
    if text.startswith("half") or text == "半":
        return 0.5
    if text in ("a", "an"):
        return 1.0
    if text in _NUMBERS:
        return float(_NUMBERS[text])
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float("".join(str(_DIGITS[digit]) for digit in text))
    return float((_DIGITS.get(tens[-1:], 1)) * 10 + _DIGITS.get(ones[:1], 0))


_PART = re.compile(rf"({_COUNT})[\s-]*(?:(ms|milliseconds|毫秒)|({_SECONDS})|({_MINUTES}|m(?![a-z]))|(frames?))")
_FRAMES_PER_S = 30


def seconds_of(text: str) -> float:
    """Return a length of time in seconds: ``1m30s``, ``two and a half minutes``, ``半分钟``."""
    if ":" in text:
        minutes, _, rest = text.partition(":")
        return 60 * float(minutes) + float(rest)
    if text in ("second", "minute"):  # "the first second"
        return 1.0 if text == "second" else 60.0
    half = 0.5 if re.search(_AND_A_HALF + r"(?!\w)|分钟?半|秒半", text) else 0.0
    text = re.sub(r"\s*and\s*a\s*half", "", text)
    total = 0.0
    for index, hit in enumerate(_PART.finditer(text)):
        unit = 0.001 if hit[2] else 60.0 if hit[4] else 1 / _FRAMES_PER_S if hit[5] else 1.0
        total += (count_of(hit[1]) + (half if index == 0 else 0.0)) * unit
    return total


def _moment_of(text: str) -> float:
    if ":" in text or _PART.search(text):
        return seconds_of(text)
    hit = re.search(_N, text)
    return count_of(hit[0]) if hit else 0.0


def _span(hit: re.Match[str]) -> tuple[Tag, ...]:
    start, end = _moment_of(hit["span_from"]), _moment_of(hit["span_to"])
    return (Tag("span", (start, end)),) if end > start else ()


def _shape(hit: re.Match[str]) -> tuple[Tag, ...]:
    width, height = (int(side) for side in re.findall(r"\d+", hit[0])[:2])
    if width >= 100 and height >= 100:
        near = min(RATIOS, key=lambda ratio: abs(RATIOS[ratio][0] / RATIOS[ratio][1] - width / height))
        return (Tag("ratio", near),)
    ratio = f"{width}:{height}"
    return (Tag("ratio", ratio),) if ratio in RATIOS else ()


def _number(hit: re.Match[str]) -> float:
    found = re.search(rf"{_COUNT}", hit[0])
    return count_of(found[0]) if found else 1.0


def _ordinal(hit: re.Match[str]) -> tuple[Tag, ...]:
    text = hit[0]
    known = next((place for word, place in _ORDINALS.items() if re.sub(r"[\s-]+", " ", text) == word), None)
    if known is None:
        if text == "中间":
            known = 0
        elif text.startswith(("最后", "末", "倒数")):
            known = -round(_number(hit)) if re.search(rf"倒数第?{_N}", text) else -1
        elif text.startswith(("首", "头")):
            known = 1
        else:
            known = round(_number(hit))
    return (Tag("ordinal", known),)


def _seed(hit: re.Match[str]) -> tuple[Tag, ...]:
    return (Tag("seed", int(re.findall(r"\d+", hit[0])[-1])),)


def _duration(hit: re.Match[str]) -> tuple[Tag, ...]:
    return (Tag("length", float(re.sub(r"[^\d.]", "", hit[0]))),)


def _volume(hit: re.Match[str]) -> tuple[Tag, ...]:
    return (Tag("percent", float(re.sub(r"[^\d.]", "", hit[0]))), Tag("thing", "volume"))


def _hour(hit: re.Match[str]) -> tuple[Tag, ...]:
    return (Tag("time", time_at(hit[0], round(_number(hit)))),)


def _chinese_percent(hit: re.Match[str]) -> tuple[Tag, ...]:
    if hit[0].endswith("成"):
        return (Tag("percent", count_of(hit[0].removesuffix("成")) / 10),)
    return (Tag("percent", count_of(hit[0].removeprefix("百分之")) / 100),)


_LAST_ZH = rf"最后(?=\s*(?:那|的|镜头|片段|[\d几]|{_ZH}[个张段秒条分帧句]|[,。;!]|$))"
"""最后 before something that is counted; before a scene it joins: 森林,最后烟花."""
_Meaning = Callable[[re.Match[str]], tuple[Tag, ...]]
_SHAPE = r"(?<![\d:.])[1-9]\d{0,3}\s*[:x×/*]\s*[1-9]\d{0,3}(?![\d:])"
_COUNTED = r"(?=\s*[\d零一二两三四五六七八九十几]+\s*(?:秒|个|分|张|段))"
_RULES: tuple[tuple[str, _Meaning], ...] = (
    (r"(?:seed|种子)\s*(?:number\s*|no\.?\s*|is\s*|to\s*|为|是)?[=:#]?\s*\d{1,9}", _seed),
    (_DECADE, lambda hit: ()),
    (rf"{HOUR}|{hour_pattern(_N)}", _hour),
    (rf"{_SPAN}", _span),
    (_SECONDS_FROM, _span),
    (_SHAPE, _shape),
    (_CLOCK, lambda hit: (Tag("instant", seconds_of(hit[0])),)),
    (r"第\s*[\d.]+\s*秒(?:处|时)?|[\d.]+\s*秒处|second\s+\d+(?:\.\d+)?\b", lambda hit: (Tag("instant", _number(hit)),)),
    (rf"百分之{_ZH}|百分之\d+|(?:{_ZH}|\d)成(?![为了的])", _chinese_percent),
    (r"[+-]?\d{1,4}(?:\.\d+)?\s*(?:%|percent\b|per cent\b)", lambda hit: (Tag("percent", _number(hit) / 100),)),
    (r"(?:duration|length|时长)\s*[=:]?\s*\d+(?:\.\d+)?(?![\d.:%]|\s*[a-z秒分%])", _duration),
    (r"(?:volume|音量)\s*[=:]?\s*(?:0?\.\d+|[01]\.0)(?!\d)", _volume),
    (_HOURS, lambda hit: (Tag("length", 3600 * _number(hit)),)),
    (_MORE, lambda hit: (Tag("length", seconds_of(re.sub(r"more|extra|additional", "", hit[0]))), Tag("turn", "up"))),
    (_LENGTH, lambda hit: (Tag("length", seconds_of(hit[0])),)),
    (r"\d+(?:\.\d+)?\s*(?:°|degrees?\b|度)", lambda hit: (Tag("degrees", _number(hit)),)),
    (rf"(?:{_N})\s*(?:x\b|×|times\b|倍速|倍)|x\s*\d+(?:\.\d+)?\b", lambda hit: (Tag("factor", _number(hit)),)),
    (f"前{_COUNTED}", lambda hit: (Tag("ordinal", 1),)),
    (f"后{_COUNTED}", lambda hit: (Tag("ordinal", -1),)),
    (r"(?:once|twice|thrice)\b(?!\s+as)", lambda hit: (Tag("number", _TIMES[hit[0]]),)),
    (
        rf"第\s*(?:\d+|{_ZH})|{_LAST_ZH}|中间(?=那?个的?镜头|那|的镜头)|倒数第?\s*{_N}|(?:{_any_of(_ORDINALS)})\b|\d+(?:st|nd|rd|th)\b|首个",
        _ordinal,
    ),
    (
        rf"(?:#|no\.\s*|number\s+)\s*\d+|(?:\d+(?:\.\d+)?|{_any_of(_NUMBERS)})(?![A-Za-z0-9_])"
        rf"|{_ZH}(?=[个段条首张次步帧遍])|(?<=镜头)[\d一二两三四五六七八九十]+",
        lambda hit: (Tag("number", _number(hit)),),
    ),
)
_PATTERNS = tuple((re.compile(pattern), meaning) for pattern, meaning in _RULES)
_BEGINS = re.compile(
    r"[\d#'+-]|(?:seed|the|early|late|mid|from|between|half|an?|once|twice|thrice|no\.|number|second|sec"
    rf"|seconds|more|extra|minute|duration|length|volume|{_any_of(_NUMBERS)}|{_any_of(_ORDINALS)})\b|x(?=\s*\d)"
    rf"|[种从自第百最倒首半头末前后中多再凌清早上下傍晚夜深时音]|{_ZH}"
)
"""What a quantity can begin with."""


def quantity_at(text: str, start: int) -> tuple[int, tuple[Tag, ...]] | None:
    """Find a quantity that begins at a place of a lower-case text.

    Returns
    -------
    tuple of int and tags, or None
        Where it ends, and what it is: a length, an instant and both ends of a span in seconds, a percentage as a
        share, a factor, degrees, a ratio such as ``"9:16"``, a seed, a number, an ordinal (from the end where
        negative, 0 the middle). Without tags it means nothing here, such as a decade.
    """
    if not _BEGINS.match(text, start):
        return None
    for pattern, meaning in _PATTERNS:
        hit = pattern.match(text, start)
        if hit and (tags := meaning(hit)) is not None and (tags or pattern is _PATTERNS[1][0]):
            return hit.end(), tags
    return None
