"""What a sentence asks for (``protocol/README.md``, *Routing*).

A sentence is a request only if nothing else is in it: without its politeness (`phrases`) and, for an export, without
what it says about the file (`parameters`), the rest must be one of the requests below from end to end. So a sentence
that merely contains the word is a prompt for the agent.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from nemo_widgets.protocol.handover import handed_over
from nemo_widgets.protocol.parameters import Parameters, take_parameters
from nemo_widgets.protocol.phrases import bare, is_chinese, plain

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
    quality : str or None
        Of an export: ``"high"``, ``"normal"`` or ``"draft"``, when it was said.
    fps : int or None
        Of an export: frames per second, when it was said.
    path : str or None
        Of an export: the file's name or path as it was written, when it was said.
    sources : tuple of str
        Of an upload: the paths and URLs that were named.
    """

    action: Action
    text: str
    resolution: str | None = None
    format: str | None = None
    quality: str | None = None
    fps: int | None = None
    path: str | None = None
    sources: tuple[str, ...] = ()


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
    if len(text) > _LONGEST:
        return Request("chat", text)
    line = plain(text)
    rest, parameters = take_parameters(line)
    asked = bare(rest)
    if _asks_for("export", asked) or (parameters.format is not None and _GIVE_ME.fullmatch(asked)):
        return _export(text, parameters)
    if (sources := handed_over(line)) is not None:
        return Request("upload", text, sources=sources)
    asked = bare(line)
    if _asks_for("credits", asked):
        return Request("credits", text)
    return Request("state" if _asks_for("state", asked) else "chat", text)


def _asks_for(action: Action, asked: str) -> bool:
    if _ASKED[action].fullmatch(asked):
        return True
    if not is_chinese(asked):
        return False
    if _ASKED_ZH[action].fullmatch(asked.replace(" ", "")):
        return True
    for chinese, english in _IN_ENGLISH.items():
        asked = asked.replace(chinese, f" {english} ")
    return _ASKED[action].fullmatch(" ".join(asked.split())) is not None


def _export(text: str, said: Parameters) -> Request:
    return Request("export", text, said.resolution, said.format, said.quality, said.fps, said.path)


_LONGEST: Final = 2000

_IT: Final = r"(?:it|this|that|them|everything|all of it)"
_THE_VIDEO: Final = (
    r"(?:(?:the|my|our|this|that|your|whole|a copy of) )?"
    r"(?:(?:final|finished|whole|full|complete|completed|current|last|latest|new|rendered|edited|generated) )*+"
    r"(?:video|clip|movie|film|project|result|timeline|file|edit|cut|version|sequence|output|render|short|reel|"
    r"thing)(?: file)?"
)
_SOMEWHERE: Final = (
    r"(?: (?:as|to|into|onto|on|in) (?:a |my |the |this )?"
    r"(?:file|computer|laptop|pc|mac|disk|drive|machine|phone|desktop|device|notebook|downloads?(?: folder)?|"
    r"folder))?"
)
_MINE: Final = r"(?:(?:the|my|our|current|remaining|available|account|total|own|nemo|cloud|left) )*+"
_SHOW: Final = (
    r"(?:(?:show|tell|give|get|check|see|list|view|display|print|look up|look at|what about|how about)(?: (?:me|"
    r"us))? )"
)
_WHAT_IS: Final = r"(?:what's|whats|what is|what are|how much is|how are|how is|how's|hows) "
_OF_IT: Final = r"(?:project|session|timeline|video|clip|task|job|draft|edit)"
_GIVE_ME: Final = re.compile(r"(?:give|send|get) (?:me|us)")

_ENGLISH: Final[dict[Action, tuple[str, ...]]] = {
    "export": (
        rf"(?:export|download|save)(?: (?:{_IT}|{_THE_VIDEO}))?{_SOMEWHERE}",
        r"export a (?:video|clip|movie|film|file)",
        rf"{_THE_VIDEO} (?:export|download)|(?:export|download) of {_THE_VIDEO}",
        r"(?:start|begin|run|do|make) (?:the |an )?(?:export|download)",
        rf"(?:send|give|get|hand|bring|have) (?:(?:me|us) )?{_THE_VIDEO}(?: (?:to me|to us|over))?",
        rf"(?:send|give) (?:me|us) {_IT}|send {_IT} (?:to me|to us|over)",
    ),
    "credits": (
        rf"{_SHOW}?{_MINE}(?:credits|balance|credits? balance)(?: (?:left|remaining|available|balance|status|"
        rf"info|total))?",
        rf"{_WHAT_IS}(?:my|the|our) {_MINE}(?:credits|balance|credits? balance)(?: (?:left|now|like|today))?",
        rf"{_SHOW}?how (?:many|much) (?:of my |of the )?credits?"
        r"(?: (?:(?:do|have) (?:i|we)(?: still)?(?: have| got)?|(?:i|we)(?: still)? have|are|is|are there))?"
        r"(?: (?:left|remaining|remain|available|there))?(?: in my account)?",
        r"(?:do|have) (?:i|we)(?: still)? (?:have |got )?(?:any |enough |some |more )?credits?(?: left| remaining)?",
        r"(?:am i|are we) (?:out of|low on|running out of|running low on) credits",
        r"(?:are there )?(?:any|enough) credits? (?:left|remaining)",
    ),
    "state": (
        rf"{_SHOW}?{_MINE}(?:{_OF_IT}(?:'s)? )?(?:status|state)(?: report| update)?(?: of (?:the|my|our|"
        rf"this) {_OF_IT})?",
        rf"{_WHAT_IS}{_MINE}(?:{_OF_IT}(?:'s)? )?(?:status|state)(?: of (?:the|my|our|this) {_OF_IT})?",
        rf"(?:show|list|see|view|display|print|give)(?: (?:me|us))? (?:all )?{_MINE}"
        r"(?:tracks?|timeline|lanes|draft|track list|tracks? summary)(?: (?:on|of|in) (?:the|my|our|"
        r"this) (?:timeline|project|draft))?",
        r"(?:what's|whats|what is|what do (?:i|we) have|show (?:me|us) what's) (?:currently )?(?:in|on) (?:the|"
        r"my|our) timeline",
        r"(?:what|which|how many) tracks (?:are there|(?:do|have) (?:i|we) (?:have|got)|are (?:on|in) (?:the|"
        r"my) timeline)",
        r"(?:what|how) does (?:the|my) timeline look(?: like)?",
        r"tracks|timeline",
    ),
}

_VIDEO_ZH: Final = (
    r"(?:(?:我们?的|这个|这段|这条|那个|那段|该|最终|最后|完整|生成|剪好|做好|刚才|当前|整个|全部|成品|的)*+"
    r"(?:视频|影片|成片|短片|片子|作品|项目|文件|结果|它|短视频|成品|video|clip))"
)
_MINE_ZH: Final = (
    r"(?:我们?|账户|账号|帐户|当前|现在|目前|剩余|剩下|还有|还剩|还能用|可用|里|的|有|剩|多少|几个?|总共?)*+"
)
_SHOW_ZH: Final = (
    r"(?:查询|查看|查一下|查查|查下|查|看看|看一下|看一看|看下|看|检查|显示|列出|展示|告诉我|打印)?(?:一下|下)?"
)
_HOW_ZH: Final = (
    r"(?:还有|还剩|是|还|剩余|剩下|余额|有|剩|够|用完|多少|几个?|不|没|了|吗|呢|什么|怎么样|怎样|"
    r"如何|情况|到哪|里|上|中|哪些|内容|列表|条)*+"
)

_CHINESE: Final[dict[Action, tuple[str, ...]]] = {
    "export": (
        rf"(?:开始)?(?:导出|下载|保存|输出)(?:成|为|到|出来|下来|一下)?{_VIDEO_ZH}?(?:下来|出来|到本地|"
        rf"到电脑上?|到桌面)?",
        rf"(?:把|将){_VIDEO_ZH}(?:导出|下载|保存|输出)(?:成|为|到|来|下来|出来|到本地|到电脑上?|到桌面)?",
        rf"(?:把|将)?{_VIDEO_ZH}(?:发|传|发送)(?:给|到)?我",
        rf"(?:发|传|发送)(?:给)?我{_VIDEO_ZH}",
        rf"{_VIDEO_ZH}(?:导出|下载)",
    ),
    "credits": (rf"{_SHOW_ZH}{_MINE_ZH}(?:积分|余额){_HOW_ZH}",),
    "state": (
        rf"{_SHOW_ZH}(?:我们?的?|当前|现在|目前|项目|任务|会话|视频|时间[线轴]|的)*+(?:状态|进度){_HOW_ZH}",
        rf"{_SHOW_ZH}(?:我们?的?|当前|现在|目前|视频|所有|全部|有|哪些|几条|多少条?|的)*+(?:轨道|"
        rf"时间[线轴]){_HOW_ZH}",
    ),
}
_IN_ENGLISH: Final = {
    **{"导出": "export", "下载": "download", "保存": "save", "视频": "video", "积分": "credits", "余额": "balance"},
    **{"状态": "status", "轨道": "tracks", "时间线": "timeline", "查看": "check", "显示": "show", "看看": "show"},
    **{"我的": "my", "这个": "this"},
}

_ASKED: Final = {action: re.compile("|".join(forms)) for action, forms in _ENGLISH.items()}
_ASKED_ZH: Final = {action: re.compile("|".join(forms)) for action, forms in _CHINESE.items()}
