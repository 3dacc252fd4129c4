"""What a sentence asks for (``protocol.md``, *Which request goes where*).

Only a sentence that is nothing but the request is routed: one that merely contains the word is a prompt for the agent.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Action = Literal["chat", "export", "credits", "state", "upload"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a sentence asks for.

    Attributes
    ----------
    action : Action
        ``"chat"`` goes to the agent; everything else is a call of its own.
    text : str
        The sentence, stripped.
    resolution : str or None
        Of an export: ``"1080p"``, ``"720p"`` …, when it was said.
    format : str or None
        Of an export: ``"mp4"``, ``"mov"``, ``"gif"`` …, when it was said.
    sources : tuple of str
        Of an upload: the paths and URLs that were named.
    """

    action: Action
    text: str
    resolution: str | None = None
    format: str | None = None
    sources: tuple[str, ...] = ()


_POLITE: Final = (
    r"(?:(?:please|pls|now|ok|okay|so|then|and|hey|just|great|perfect|good|thanks|can you|could you|would you|will you|"
    r"can i|could i|may i|i want to|i would like to|i'd like to|let's|let us|let me|go ahead and),?\s+)*"
)
_THANKS: Final = r"(?:,?\s+(?:please|pls|now|right now|again|thanks|thank you|for me))*"
_PARAMETER: Final = (
    r"(?:\s+(?:(?:as|in|to|at|with|using)\s+)?(?:an?\s+|the\s+)?"
    r"(?:[1-9]\d{2,3}p|4k|2k|full hd|hd|mp4|mov|gif|webm|avi|mkv|h\.?264|high quality|best quality)"
    r"(?:\s+(?:file|format|video|resolution|quality))?)*"
)
_RESULT: Final = (
    r"(?:\s+(?:it|this|that|(?:(?:the|my|our|this|that)\s+)?(?:(?:final|finished|whole|current)\s+)?"
    r"(?:video|clip|movie|film|project|result|timeline|file)))?"
)
_MY: Final = r"(?:(?:the|my|our|current|remaining|available|account)\s+)*"
_LOOK: Final = r"(?:(?:show|tell|give|get|check|see|list|view|display|print)(?:\s+(?:me|us))?\s+)?"

_ENGLISH: Final[dict[Action, tuple[str, ...]]] = {
    "export": (
        rf"(?:export|download|save){_PARAMETER}{_RESULT}{_PARAMETER}",
        rf"(?:send|give|get)\s+(?:me|us){_RESULT.removesuffix('?')}{_PARAMETER}",
    ),
    "credits": (
        rf"{_LOOK}{_MY}(?:credits?|balance|credits? balance)(?:\s+(?:left|remaining|available|balance))?",
        rf"(?:what's|what is|what are|how much is|how are)\s+{_MY}(?:credits?|balance|credits? balance)",
        r"how (?:many|much) credits?(?:\s+(?:do i|do we|have i|are)(?:\s+(?:still\s+)?(?:have|got))?)?"
        r"(?:\s+(?:left|remaining|available))?",
        r"(?:do i|do we) have (?:any |enough )?credits?(?:\s+left)?",
    ),
    "state": (
        rf"{_LOOK}{_MY}(?:(?:project|session|timeline|video)\s+)?(?:status|state)",
        rf"(?:what's|what is)\s+{_MY}(?:(?:project|session|timeline|video)\s+)?(?:status|state)",
        rf"(?:show|list|see|view|display|print)(?:\s+(?:me|us))?\s+(?:all\s+)?{_MY}(?:tracks?|timeline|lanes)",
        r"what(?:'s| is) (?:in|on) (?:the|my) timeline",
        r"tracks?|timeline",
    ),
}

_POLITE_ZH: Final = r"(?:请|麻烦|帮我|给我|我想|我要|我想要|可以|能不能|现在|好的|好|那就|再|[,，\s])*"
_THANKS_ZH: Final = r"(?:一下|吧|吗|呢|了|谢谢|可以吗|[,，\s])*"
_RESULT_ZH: Final = r"(?:我的|这个|这段|该|最终|成品|完整|\s)*(?:视频|影片|成片|短片|片子|作品|项目|文件|结果|它)?"
_PARAMETER_ZH: Final = (
    r"(?:成|为|到|出|一个|一份|一下|的|格式|分辨率|画质|高清|超清|\s)*"
    r"(?:(?:[1-9]\d{2,3}p|4k|2k|mp4|mov|gif|webm|avi|mkv)(?:的|格式|分辨率|画质|视频|文件|\s)*)*"
)

_CHINESE: Final[dict[Action, tuple[str, ...]]] = {
    "export": (
        rf"(?:导出|下载|保存|輸出|匯出){_PARAMETER_ZH}{_RESULT_ZH}{_PARAMETER_ZH}",
        rf"(?:把|将){_RESULT_ZH}(?:导出|下载|保存){_PARAMETER_ZH}(?:下来|出来)?",
        rf"(?:把|将){_RESULT_ZH}(?:发|传)给我",
        rf"(?:发|传)给我{_RESULT_ZH}",
    ),
    "credits": (
        r"(?:查询|查看|查|看看|看|显示|一下|我的|我|账户|当前|剩余|还有|还剩|多少|有|剩|的|\s)*(?:积分|余额)"
        r"(?:是|还有|还剩|剩余|余额|有|剩|多少|几|\s)*",
    ),
    "state": (
        r"(?:查询|查看|查|看看|看|显示|一下|我的|当前|项目|任务|目前|的|\s)*(?:状态|进度)(?:是|怎么样|如何|什么|\s)*",
        r"(?:查看|看看|看|显示|列出|一下|我的|所有|全部|当前|的|\s)*(?:轨道|时间线|时间轴)",
    ),
}

_FILE: Final = r"(?:\"[^\"]+\"|'[^']+'|https?://\S+|\S+\.(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac))"
_UPLOAD: Final = re.compile(
    rf"(?:{_POLITE})(?:upload)(?:\s+(?:an?|the|my|some|this|these))?(?:\s+(?:files?|videos?|clips?|images?|photos?|"
    rf"pictures?|footage|music|audio|songs?))?(?P<files>(?:(?:\s+|\s*,\s*|\s+and\s+){_FILE})*){_THANKS}"
    rf"|{_POLITE_ZH}上传(?:一个|一段|一张|一些|这个|我的|文件|视频|图片|照片|音频|音乐|素材)*"
    rf"(?P<files_zh>(?:[\s,，、和]*{_FILE})*){_THANKS_ZH}",
    re.IGNORECASE,
)

_ACTIONS: Final[tuple[tuple[Action, re.Pattern[str]], ...]] = tuple(
    (
        action,
        re.compile(
            rf"{_POLITE}(?:{'|'.join(_ENGLISH[action])}){_THANKS}|{_POLITE_ZH}(?:{'|'.join(_CHINESE[action])}){_THANKS_ZH}",
            re.IGNORECASE,
        ),
    )
    for action in _ENGLISH
)

_RESOLUTION: Final = re.compile(r"(?<![a-z0-9])([1-9]\d{2,3}p|4k|2k|full hd|hd)(?![a-z0-9])", re.IGNORECASE)
_FORMAT: Final = re.compile(r"(?<![a-z])(mp4|mov|gif|webm|avi|mkv)(?![a-z])", re.IGNORECASE)
_RESOLUTION_NAMES: Final = {"full hd": "1080p", "hd": "720p", "2k": "1440p", "4k": "2160p"}
_LONGEST: Final = 300


def route(sentence: str) -> Request:
    """Decide where a person's sentence goes, in English or Chinese.

    Parameters
    ----------
    sentence : str
        As it was typed.

    Returns
    -------
    Request
        ``action == "chat"`` for everything that is not plainly a request of another kind.
    """
    text = sentence.strip()
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split()).rstrip(" .!?。~")
    if len(plain) > _LONGEST:
        return Request("chat", text)
    if (upload := _UPLOAD.fullmatch(plain)) is not None:
        named = re.findall(_FILE, upload["files"] or upload["files_zh"] or "", re.IGNORECASE)
        return Request("upload", text, sources=tuple(source.strip("\"'") for source in named))
    for action, pattern in _ACTIONS:
        if pattern.fullmatch(plain):
            return _with_parameters(action, text, plain)
    return Request("chat", text)


def _with_parameters(action: Action, text: str, plain: str) -> Request:
    if action != "export":
        return Request(action, text)
    resolution = found[1].lower() if (found := _RESOLUTION.search(plain)) else None
    kind = found[1].lower() if (found := _FORMAT.search(plain)) else None
    return Request(action, text, _RESOLUTION_NAMES.get(resolution or "", resolution), kind)
