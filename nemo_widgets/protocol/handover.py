"""Whether a sentence hands files over: ``"upload beach.mp4 and https://example.com/a.png"``, or nothing but a file."""

import re
from typing import Final

from nemo_widgets.protocol.phrases import without_politeness


def handed_over(line: str) -> tuple[str, ...] | None:
    """Return the files and URLs that a sentence hands over, perhaps none by name; None when it is about something else.

    Parameters
    ----------
    line : str
        A plain sentence (`phrases.plain`), in the case that it was written in.
    """
    asked = without_politeness(line)
    found = _UPLOAD.fullmatch(asked) or _HERE.fullmatch(asked)
    if found is None:
        return None
    return tuple(file[1].strip("\"'“”「」") for file in _NEXT_FILE.finditer(found["files"] or ""))


_MEDIA: Final = r"(?:mp4|mov|avi|webm|mkv|m4v|jpe?g|png|gif|webp|heic|mp3|wav|m4a|aac|flac|ogg)"
_ANY: Final = r"[a-z]{1,5}\d?"  # of an unknown type too: the upload then says which are taken


def _file(ending: str, *, url: str) -> str:
    # Atomic: a name is never tried in longer forms, so a hostile sentence is decided in linear time.
    quoted = rf"\"[^\"]+\.{ending}\"|'[^']+\.{ending}'|“[^”]+\.{ending}”|「[^」]+\.{ending}」"
    name = rf"[^\s,，、\"'“”「」:：]:?[^\s,，、\"'“”「」:：]*?\.{ending}(?![a-z0-9_.-])"
    return rf"(?>{quoted}|{url}|{name})"


_AND: Final = r"(?:\s*[,，、;]\s*(?:and\s+)?|\s+(?:(?:and|&)\s+|[和及]\s*)?|[和及]\s*)"
_LOCATED: Final = _file(_ANY, url=r"https?://[^\s,，、\"']+")
_MEDIA_FILE: Final = _file(_MEDIA, url=rf"https?://[^\s,，、\"']+?\.{_MEDIA}(?:[?#][^\s,，、\"']*)?(?![^\s,，、\"'])")
_NEXT_FILE: Final = re.compile(rf"{_AND}?({_LOCATED})", re.IGNORECASE)

_NOUN: Final = (
    r"(?:files?|videos?|clips?|images?|photos?|pictures?|footage|music|audio|songs?|media|assets?|material|"
    r"recordings?|"
    r"logo|soundtrack|voice-?over|something|stuff|urls?|links?)"
)
_NOUN_ZH: Final = r"(?:文件|檔案|视频|視頻|影片|图片|圖片|照片|音频|音頻|音乐|音樂|素材|录音|链接|片段)"
_UPLOAD: Final = re.compile(
    r"(?:/?(?:upload|attach|import)"
    r"(?: (?:a|an|the|my|our|some|this|these|those|that|it|them|one|two|three|several|more|another|new|few|"
    r"couple|of|own|"
    r"local|video|audio|image|media|source)(?= |$))*+"
    rf"(?: {_NOUN}(?![\w.-]))?"
    r"(?: from (?:my |the |this |a )?(?:computer|laptop|pc|mac|disk|drive|phone|desktop|device|folder|url|link|web))?"
    r"|(?:上[传傳]|[导導]入)(?:[一这這]?[个個段张張首些]|几个|我的|我|新的|本地|的)*"
    rf"{_NOUN_ZH}?)"
    rf"(?: ?[:：]? ?(?P<files>{_LOCATED}(?:{_AND}{_LOCATED})*+))?",
    re.IGNORECASE,
)
_HERE: Final = re.compile(
    rf"(?:(?:here(?:'s| is| are| you go)|this is|these are)(?: (?:my|our|the|a|an|some|"
    rf"this))?(?: {_NOUN}(?![\w.-]))?[:,]? "
    rf"|(?:这是|給你|给你)(?:我的)?{_NOUN_ZH}? ?[:：]? ?)?"
    rf"(?P<files>{_MEDIA_FILE}(?:{_AND}{_MEDIA_FILE})*+)",
    re.IGNORECASE,
)
