"""What is said around a request and asks for nothing: "hi, could you …, please?", 麻烦…谢谢."""

import re
import unicodedata

_BEFORE = re.compile(
    r"\s*(?:"
    r"(?:hi|hello|hey|okay|ok|so|well|now|please|kindly|and|also|thanks|thank\s+you(?:\s+very\s+much)?|great|nice|perfect|cool)"
    r"(?:\s+(?:there|again|everyone|dear|nemo|computer))?(?:[\s,!.:;]+)"
    r"|(?:could|can|would|will)\s+you\s+(?:please\s+|kindly\s+|maybe\s+)?"
    r"|i(?:'d|\s+would)\s+like\s+(?:you\s+)?to\s+|i\s+want\s+(?:you\s+)?to\s+|let(?:'|’)?s\s+"
    r"|(?:你好|您好|嗨|哈喽|麻烦你?|劳驾|请你?|谢谢你?|好的)[，,!！。\s]*|(?:能不能|可不可以|可以|能)(?:请你|帮我|给我)?(?=把|将|让|给|加)"
    r")",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[\s,]*(?:please|thanks|thank\s+you(?:\s+(?:very|so)\s+much)?|thx|pls)[\s!.?]*|[!.]{2,}\s*"
    r"|[，,\s]*(?:谢谢你?|多谢|好吗|可以吗|行吗|(?<![酒网])吧)[。！!？?\s]*)$",
    re.IGNORECASE,
)
_MOST = 4
"""Courtesies that are taken off at each end."""


def without_courtesies(text: str) -> str:
    """Return a message without the courtesies at its ends; as it is where it has nothing else."""
    plain = text
    for _ in range(_MOST):
        begins = _BEFORE.match(plain)
        plain = plain[begins.end() :] if begins else plain
        plain = _AFTER.sub("", plain)
    return plain if any(unicodedata.category(letter)[0] in "LNS" for letter in plain) else text
