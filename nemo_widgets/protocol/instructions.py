"""Whether a clause tells the reader to use the web editor, and what it is good for here.

The translation is described in ``protocol/README.md``, *GUI translation*.

An instruction begins with its verb, after words such as "please" or "you can": a clause whose verb has somebody for a
subject ("a man clicks a button") is a description.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

Action = Literal["export", "upload", "preview", "state", "credits", "edit"]

LOOKS: Final[frozenset[Action]] = frozenset({"state", "credits"})
"""What only looks: it costs nothing and writes nothing."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction to use the editor.

    Attributes
    ----------
    action : Action
        What it is good for here.
    prompt : str
        Of an edit: what would be said to the agent instead of doing it by hand; empty when the words do not say it.
    """

    action: Action
    prompt: str = ""


def instruction(clause: str) -> Instruction | None:
    """Return what a clause's instruction is good for here; None when it is not an instruction to use the editor."""
    found = next((match for pattern in _INSTRUCTIONS if (match := pattern.match(clause))), None)
    if found is None:
        return None
    action: Action = next((action for action, words in _MEANT if words.search(clause)), "edit")
    return Instruction(action, _prompt(clause[found.start("order") :]) if action == "edit" else "")


def says_nothing_alone(clause: str) -> bool:
    """Whether a clause only leads to an instruction: ``"To download it, "``, ``"Next, "``, ``"如需下载，"``."""
    return _LEADS_ON.match(clause) is not None


_MARKUP: Final = r"[\s>#*_•·-]*(?:\d+[.)、]\s*)?[\s*_]*"
_ORDER: Final = r"and|or|but|then|so|now|next|first|second|finally|lastly|also|again|once more|alternatively|afterwards"
_LEAD: Final = (
    rf"{_MARKUP}(?:(?:{_ORDER}|please|simply|just|to do so|"
    r"feel free to|don't forget to|remember to|make sure to|be sure to|all you (?:have|need) to do is(?: to)?|"
    r"you can(?: also| now| then| always)?|you could|you may|you might want to|you'll (?:need|have) to|"
    r"you (?:need|have) to|"
    r"you should|you will be able to|you're able to|i recommend you|i suggest you|try to|when ready|"
    r"(?:if|when|once) you[^,]*),?\s+)*"
)
_LABEL: Final = (
    r"(?:\[[^\]\n]+\]|\"[^\"\n]+\"|'[^'\n]+'|“[^”\n]+”|「[^」\n]+」|\*\*[^*\n]+\*\*|`[^`\n]+`|(?-i:[A-Z])\w*)"
)
_PLACE: Final = (
    r"(?:panel|tab|menu|toolbar|sidebar|side bar|editor|workspace|canvas|timeline|inspector|media library|dialog|"
    r"drop-?down|settings|dashboard|library|track header|preview window|web app|icon|button)"
)
# Where a person may look at something, and where nothing but the editor can be meant.
_SCREEN: Final = (
    r"(?:timeline(?! of)|editor|preview (?:window|panel|area|monitor)|(?:effects|media|layers|assets|timeline) panel|"
    r"web app|inspector|media library)"
)
_THING: Final = r"(?:the|your|this|that|any|a|an|each|it|them|clips?|files?|segments?|footage|media|titles?)\b"

_ENGLISH: Final = (
    r"(?:check|view|see|visit|open|go to|manage|review)\b[^.]*\b(?:account|billing|subscription)\b",
    r"(?:click|tap|press|hit|select|use|find|choose)\b[^.]*?\b(?:export|download)\b",
    rf"(?:export|download)\b[^.]*\b(?:from|using|via|with|in|through)\s+(?:the|your)\s+[^.]*{_PLACE}",
    rf"(?:preview|play|watch|view|see|review|find|check)\b[^.]*\b(?:in|on|from|using)\s+(?:(?:the|"
    rf"your)\s+)?(?:\w+\s+)?{_SCREEN}",
    rf"(?:check|view|see|look at|review)\s+(?:out\s+)?(?:the|your)\s+{_SCREEN}",
    rf"drag(?:\s*(?:and|&|-)\s*drop)?\s+{_THING}",
    rf"drop\s+{_THING}[^.]*\b(?:onto|on|into|in|to|here)\b",
    r"(?:double|right)[- ]click\b",
    rf"(?:click|tap)\b(?:\s+(?:on|the|your|that|this))*\s+(?:{_LABEL}|[^.]*{_PLACE}|here)",
    rf"click\s+(?:on\s+)?{_THING}",
    rf"(?:press|hit|select|choose)\b[^.]*?\b{_PLACE}\b",
    r"(?:press|hit)\s+(?:\[[^\]\n]+\]|\*\*[^*\n]+\*\*)",
    rf"(?:open|go to|head to|head over to|navigate to|switch to|expand|use)\s+(?:(?:the|your)\s+[^.]*)?{_PLACE}",
    rf"open\s+(?:\[[^\]\n]+\]|{_LABEL}\s+{_PLACE})",
)
_LEAD_ZH: Final = (
    rf"{_MARKUP}(?:请|您|你|可以|可|也|还|能|需要|只需|只要|直接|然后|接着|随后|再|现在|之后|最后|如需|如果|若|"
    rf"想要?|要|"
    r"在网页中|在编辑器[中里]|[\s,，])*"
)
_CHINESE: Final = (
    r"(?:查看|检查|前往|打开|管理)[^。]*(?:账户|帐户|账号|账单|订阅|计费)",
    r"(?:点击|单击|点按|按下|点选|选择|使用|点)[^。]*(?:导出|下载)",
    r"(?:通过|用)[^。]*(?:导出|下载)按[钮键]",
    r"在?(?:时间线|时间轴|编辑器|预览窗口|预览面板|画布)(?:中|里|上|内)?(?:预览|查看|播放|观看)",
    r"(?:预览|查看|播放)[^。]*(?:时间线|时间轴|编辑器|预览窗口|面板)",
    r"(?:拖拽|拖动|拖放|拖入|拖到|将[^。]*拖|把[^。]*拖)",
    r"(?:点击|单击|双击|右键|点按|点选|按下)",
    r"(?:打开|进入|切换到|展开|前往)[^。]*(?:面板|编辑器|时间线|时间轴|菜单|选项卡|标签页?|侧边栏|工具栏|设置|"
    r"工作区|素材库)",
)
_INSTRUCTIONS: Final = tuple(
    re.compile(f"{lead}(?P<order>{pattern})", re.IGNORECASE)
    for lead, patterns in ((_LEAD, _ENGLISH), (_LEAD_ZH, _CHINESE))
    for pattern in patterns
)

# What an instruction is about, the surest word first.
_WORDS: Final[tuple[tuple[Action, str], ...]] = (
    ("credits", r"\b(?:account|billing|subscription|credits)\b|账户|帐户|账号|账单|订阅|计费|积分"),
    ("export", r"\b(?:export|download|render)\b|导出|下载"),
    ("upload", r"\b(?:upload|import|files|footage|media library)\b|上传|导入|文件|素材库"),
    ("edit", r"\b(?:drag|drop|double[- ]click|right[- ]click)\b|拖|双击|右键"),
    ("state", rf"\b{_SCREEN}\b|\b(?:in|on) (?:the )?timeline\b|时间线|时间轴|编辑器|预览窗口"),
    ("preview", r"\b(?:play|preview|watch)\b|播放|预览"),
    ("edit", r"\b(?:icon|button)\b|[\[「“]|\*\*|按钮"),
    ("state", rf"\b{_PLACE}\b|\[|\*\*|面板|菜单|选项卡|标签|侧边栏|工具栏|设置|工作区|画布"),
)
_MEANT: Final = tuple((action, re.compile(words, re.IGNORECASE)) for action, words in _WORDS)

_LONGEST_PROMPT: Final = 200
_DRAGS: Final = re.compile(r"drag|drop|将|把|拖", re.IGNORECASE)
_BUTTON: Final = re.compile(
    r"(?:click|tap|press|hit|select|choose|use)\s+(?:on\s+)?(?:the\s+)?(?:\[([^\]]+)\]|\*\*([^*]+)\*\*|"
    r"\"([^\"]+)\"|“([^”]+)”|'([^']+)'|`([^`]+)`|((?-i:[A-Z])\w*(?:\s+(?-i:[A-Z])\w*)*))"
    r"|(?:点击|单击|点按|按下|点选)\s*(?:\[([^\]]+)\]|「([^」]+)」|“([^”]+)”|(\w{1,8}?)(?=按[钮键]))",
    re.IGNORECASE,
)

_LEADS_ON: Final = re.compile(
    rf"{_MARKUP}(?:(?:to|in order to|if|when|once|for)\b|(?:{_ORDER})\W*$|如需|如果|若|想要?|要|为了|当|(?:最后|"
    rf"然后|接着)\W*$)",
    re.IGNORECASE,
)


def _prompt(order: str) -> str:
    """Return a drag as it stands, and of a button its label."""
    button = _BUTTON.match(order)
    if button is not None:
        said = next(group for group in button.groups() if group)
    elif _DRAGS.match(order):
        said = order.rstrip(" .!。！,;，；)）")
    else:
        return ""
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    said = said.replace("**", "").replace("`", "")
    return said[:1].upper() + said[1:] if len(said) <= _LONGEST_PROMPT else ""
