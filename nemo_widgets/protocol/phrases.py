"""A person's sentence reduced to what it asks for: without politeness, punctuation and usual typing errors."""

import re
import unicodedata
from typing import Final

# Only what requests are made of: a whole converter would be a dependency for forty characters.
_SIMPLIFIED: Final = str.maketrans(
    "導載輸匯積餘額狀態傳軌時間軸視頻請幫給這個還幾點檔圖顯項麼嗎畫質儲發將為剩麻煩謝謝條進編輯讓變調動樣漂亮優",
    "导载输汇积余额状态传轨时间轴视频请帮给这个还几点档图显项么吗画质储发将为剩麻烦谢谢条进编辑让变调动样漂亮优",
)

_BEFORE: Final = re.compile(
    r"(?:"
    r"(?:please|pls|plz|kindly|now|ok|okay|alright|yes|yeah|yep|sure|so|then|and|hey|hi|hello|just|great|"
    r"perfect|nice|good|cool|awesome|thanks|thank you|looks good|love it|nemo|quickly|finally|"
    r"(?:can|could|would|will) you|(?:can|could|may|how do|how can|how could|where can|where do) (?:i|we)|"
    r"(?:i|we) (?:want|need|wanna|have) to|i wanna|i(?: woul|')d (?:like|love) to|i'm ready to|i am ready to|"
    r"ready to|time to|let's|lets|let us|let me|go ahead and|help me|try to)\b[\s,.!:-]*"
    r"|(?:请问|请|麻烦你?|劳驾|帮我|帮忙|给我|我们?(?:想要|想|要|需要)|(?:你|我)?(?:可以|可不可以|能不能|能否|能)|"
    r"现在|好的|好了|好|行|那就|那么|那|然后|再|直接|快|怎么|怎样|如何|在?哪里?)[\s,，]*"
    r")+",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"(?:[\s,，.!?-]*(?:\b(?:please|pls|plz|now|right now|right away|asap|again|thanks|thank you|thx|for me|"
    r"for us|ok|okay|when you can|if you can|if possible|will you|would you)|一下|吧|吗|呢|了|啊|呀|哦|嘛|谢谢你?|多谢|"
    r"可以吗|好吗|行吗|好不好|给我看看))+$",
    re.IGNORECASE,
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")

_PICTURES: Final = frozenset({"So", "Sk", "Cf", "Mn"})
_TYPED_WORDS: Final = ("export", "download", "credits", "balance", "status", "timeline", "tracks", "upload", "video")
_OTHER_WORDS: Final = {"credit", "track", "tacks", "racks", "stats", "status", "timelines", "exports", "videos"}


def plain(sentence: str) -> str:
    """Return a sentence on one line, in plain characters, without the punctuation and pictures at its ends."""
    text = " ".join(unicodedata.normalize("NFKC", sentence).replace("’", "'").split())
    start, end = 0, len(text)
    while end > start and _is_trailing(text[end - 1]):
        end -= 1
    while start < end and (text[start] == " " or _is_picture(text[start])):
        start += 1
    return text[start:end]


def without_politeness(text: str) -> str:
    """Return a plain sentence without what people say around a request, in English or Chinese."""
    if (polite := _BEFORE.match(text.translate(_SIMPLIFIED))) is not None:
        text = text[polite.end() :]
    if (polite := _AFTER.search(text.translate(_SIMPLIFIED))) is not None:
        text = text[: polite.start()]
    return text


def bare(text: str) -> str:
    """Return what a sentence asks for: lower case, simplified characters, no politeness, typing errors mended."""
    text = without_politeness(text.lstrip("/ ")).lower().translate(_SIMPLIFIED)
    words = "".join(" " if _is_mark(character) else character for character in text).split()
    return " ".join(_MENDED.get(word, word) for word in words)


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


def _is_mark(character: str) -> bool:
    return character in ",;!，；。" or _is_picture(character)


def _is_trailing(character: str) -> bool:
    return character in ".!?。~…,;:、- " or _is_picture(character)


def _is_picture(character: str) -> bool:
    """Whether it is an emoji, or one of the marks that emoji are put together with."""
    return unicodedata.category(character) in _PICTURES


def slips(word: str) -> set[str]:
    """Return what fingers make of a word: two letters exchanged, one left out or one doubled; never the first."""
    exchanged = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)}
    left_out = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    doubled = {word[:at] + word[at] + word[at:] for at in range(1, len(word))}
    return (exchanged | left_out | doubled) - _OTHER_WORDS


_MENDED: Final = {"teh": "the"} | {slip: word for word in _TYPED_WORDS for slip in slips(word)}
