"""The GUI translation (``protocol.md``): the agent writes as if its web editor were open; here nobody has it open.

Instructions to use the editor are taken out and become suggestions; descriptions of content stay as they came. Text is
judged a sentence at a time, so a stream is passed on as its sentences end.
"""

import re
from typing import Final, Literal

Suggestion = Literal["export", "state", "credits", "edit"]

SUGGESTIONS: Final[dict[Suggestion, str]] = {
    "export": "`export()` renders this as a file.",
    "state": "`tracks()` shows the timeline.",
    "credits": "`credits()` shows what is left.",
    "edit": "Say what to change, and the agent changes it.",
}

_LONGEST_HELD: Final = 2000

_SENTENCE_END: Final = re.compile(r"\n|[。！？]+[”’」』）*_]*|[.!?…]+[\"'”’)\]*_`]*(?=\s)")
_LIST_NUMBER: Final = re.compile(r"\s*\d+\.")
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|`[^`\n]*`")
_CLAUSE_END: Final = re.compile(
    r"(?:[,;:]|\s[–—-])\s+|\s?—\s?|[，；：、]|(?<!drag)\s+(?=(?:and|or|then|so)\s+(?:then\s+)?"
    r"(?:you\b|just\b|simply\b|click|tap|press|hit|select|open|drag|drop|preview|check|go to|use the))",
    re.IGNORECASE,
)

_MARKUP: Final = r"[\s>#*_•·-]*(?:\d+[.)、]\s*)?[\s*_]*"
_LEAD: Final = (
    rf"{_MARKUP}(?:(?:and|or|then|so|now|next|first|finally|also|again|once more|please|simply|just|to do so|"
    r"feel free to|you can(?: also| now| then)?|you could|you may|you'll need to|you need to|you should|"
    r"you will be able to|you're able to|i recommend you|try to|when ready|(?:if|when|once) you[^,]*),?\s+)*"
)
_LABEL: Final = r"(?:\[[^\]\n]+\]|\"[^\"\n]+\"|“[^”\n]+”|\*\*[^*\n]+\*\*|`[^`\n]+`|(?-i:[A-Z])\w*)"
_PLACE: Final = (
    r"(?:panel|tab|menu|toolbar|sidebar|side bar|editor|workspace|canvas|timeline|inspector|media library|dialog|"
    r"drop-?down|settings|dashboard|library|track header|preview window|web app|icon|button)"
)
_ENGLISH: Final[tuple[tuple[Suggestion, str], ...]] = (
    ("credits", r"(?:check|view|see|visit|open|go to|manage|review)\b[^.]*\b(?:account|billing|subscription)\b"),
    ("export", r"(?:click|tap|press|hit|select|use|find|choose)\b[^.]*?\b(?:export|download)\b[^.]*"),
    ("export", r"(?:export|download)\b[^.]*\b(?:from|using|via|with|in)\s+(?:the|your)\s+[^.]*" + _PLACE),
    (
        "state",
        rf"(?:preview|play|watch|view|see|review|find|check)\b[^.]*\b(?:in|on|from|using)\s+(?:(?:the|your)\s+[^.]*)?{_PLACE}",
    ),
    ("edit", r"(?:drag|drop)\b[^.]*\b(?:onto|on|to|into|in|from|along|over|here|it|them|clips?|files?|segments?)\b"),
    (
        "state",
        rf"(?:click|tap|double-click|right-click)\b(?:\s+(?:on|the|your|that|this))*\s+(?:{_LABEL}|[^.]*{_PLACE}|here)",
    ),
    ("state", rf"(?:press|hit|select|choose)\b[^.]*?\b{_PLACE}\b"),
    ("state", r"(?:press|hit)\s+(?:\[[^\]\n]+\]|\*\*[^*\n]+\*\*)"),
    (
        "state",
        rf"(?:open|go to|head to|head over to|navigate to|switch to|expand|use)\s+(?:(?:the|your)\s+[^.]*)?{_PLACE}",
    ),
    ("state", rf"open\s+(?:\[[^\]\n]+\]|{_LABEL}\s+{_PLACE})"),
)
_LEAD_ZH: Final = (
    rf"{_MARKUP}(?:请|您|你|可以|可|也|还|能|需要|只需|只要|直接|然后|接着|随后|再|现在|之后|最后|如需|如果|若|想要?|要|"
    r"在网页中|在编辑器[中里]|[\s,，])*"
)
_CHINESE: Final[tuple[tuple[Suggestion, str], ...]] = (
    ("credits", r"(?:查看|检查|前往|打开|管理)[^。]*(?:账户|帐户|账号|账单|订阅|计费)"),
    ("export", r"(?:点击|单击|点按|按下|点选|选择|使用|点)[^。]*(?:导出|下载)"),
    ("export", r"(?:通过|用)[^。]*(?:导出|下载)按[钮键]"),
    ("state", r"在?(?:时间线|时间轴|编辑器|预览窗口|预览面板|画布)(?:中|里|上|内)?(?:预览|查看|播放|观看)"),
    ("state", r"(?:预览|查看|播放)[^。]*(?:时间线|时间轴|编辑器|预览窗口|面板)"),
    ("edit", r"(?:拖拽|拖动|拖放|拖入|拖到|将[^。]*拖|把[^。]*拖)"),
    ("state", r"(?:点击|单击|双击|右键|点按|点选|按下)"),
    (
        "state",
        r"(?:打开|进入|切换到|展开|前往)[^。]*(?:面板|编辑器|时间线|时间轴|菜单|选项卡|标签页?|侧边栏|工具栏|设置|工作区|素材库)",
    ),
)
_INSTRUCTIONS: Final = tuple(
    (suggestion, re.compile(lead + pattern, re.IGNORECASE))
    for lead, patterns in ((_LEAD, _ENGLISH), (_LEAD_ZH, _CHINESE))
    for suggestion, pattern in patterns
)
_PURPOSE: Final = re.compile(
    rf"{_MARKUP}(?:to|in order to|if|when|once|for)\b|{_MARKUP}(?:如需|如果|若|想要?|要|为了|当)", re.IGNORECASE
)
_OPENING: Final = re.compile(r"(?:and|or|then|so|but)(?:\s+then)?\s+", re.IGNORECASE)


class GuiTranslator:
    """Takes the editor's instructions out of a text that arrives in pieces.

    Attributes
    ----------
    suggestions : list of Suggestion
        What the instructions that were taken out were good for, each once, in the order they came.
    """

    def __init__(self) -> None:
        self.suggestions: list[Suggestion] = []
        self._held = ""

    def feed(self, text: str) -> str:
        """Take the next piece and return what can be shown of it: everything up to the last sentence that ended."""
        self._held += text
        shown, start = [], 0
        for end in _SENTENCE_END.finditer(self._held):
            if _LIST_NUMBER.fullmatch(self._held[start : end.end()]):
                continue
            shown.append(self._translated(self._held[start : end.end()]))
            start = end.end()
        self._held = self._held[start:]
        if len(self._held) > _LONGEST_HELD:
            shown.append(self.flush())
        return "".join(shown)

    def flush(self) -> str:
        """Return what is left when the text has ended."""
        held, self._held = self._held, ""
        return self._translated(held)

    def _translated(self, sentence: str) -> str:
        clauses = _clauses(sentence)
        found = [_instruction(clause) for clause in clauses]
        if not any(found):
            return sentence
        for suggestion in found:
            if suggestion is not None and suggestion not in self.suggestions:
                self.suggestions.append(suggestion)
        return _joined([clause for clause, is_one in zip(clauses, found, strict=True) if not is_one], sentence)


def translate(text: str) -> str:
    """Translate a whole text at once."""
    translator = GuiTranslator()
    return translator.feed(text) + translator.flush()


def _clauses(sentence: str) -> list[str]:
    quoted = [span.span() for span in _QUOTED.finditer(sentence)]
    clauses, start = [], 0
    for end in _CLAUSE_END.finditer(sentence):
        if not any(opens < end.start() < closes for opens, closes in quoted):
            clauses.append(sentence[start : end.end()])
            start = end.end()
    return [*clauses, sentence[start:]]


def _instruction(clause: str) -> Suggestion | None:
    return next((suggestion for suggestion, pattern in _INSTRUCTIONS if pattern.match(clause)), None)


def _joined(kept: list[str], sentence: str) -> str:
    """Return what is left of a sentence as one of its own, with its line end; nothing when only a purpose is left."""
    whole = "".join(kept)
    text = _OPENING.sub("", whole.strip().rstrip(" ,;:—–-，；：、.!?。！？…"), count=1) if whole.strip() else ""
    if not any(character.isalnum() for character in text) or all(_PURPOSE.match(part) for part in kept):
        return ""
    ending = re.search(r"([.!?。！？…]*)[\"'”’)\]*_`]*\s*$", sentence)
    mark = ending[1] if ending else ""
    lead = sentence[: len(sentence) - len(sentence.lstrip())]
    return f"{lead}{text[0].upper()}{text[1:]}{mark}" + ("\n" if sentence.endswith("\n") else "")
