"""A hint for a prompt that leaves everything open: specific ones do better (``protocol/README.md``, *Routing*)."""

import re
from typing import Final

from nemo_widgets.protocol.phrases import bare, is_chinese, plain

EDIT_HINT: Final = (
    'Say what should change for a closer result, such as "warmer colours", "cut to 8 s" or "add a title".'
)
EDIT_HINT_ZH: Final = "说得更具体，效果会更好，例如：“色调更暖”、“剪到 8 秒”、“加一个标题”。"
NEW_HINT: Final = (
    "Say what is to be seen, for how long and in which mood for a closer result, such as "
    '"a 10-second cinematic clip of a city at night".'
)
NEW_HINT_ZH: Final = "说清楚画面、时长和氛围，效果会更好，例如：“一段 10 秒的电影感城市夜景”。"


def hint(text: str, *, chinese: bool = False) -> str | None:
    """Return a short hint for a vague prompt, in the prompt's language; None for every prompt that says something.

    It is shown beside the answer, never instead of it: the prompt is sent as it is.

    Parameters
    ----------
    text : str
        As a person typed it.
    chinese : bool
        Whether the conversation is Chinese: then the hint is too, whatever a prompt such as "better" is in.

    Examples
    --------
    ``hint("make it look better")`` is a hint; ``hint("make it warmer")`` is None.
    """
    if len(text) > _LONGEST:
        return None
    line = plain(text)
    if is_chinese(line):
        # "好" and "再" are politeness in one sentence and all there is in another.
        forms, table, chinese = [bare(line).replace(" ", ""), line.replace(" ", "")], _HINTS_ZH, True
    else:
        forms, table = [bare(line)], _HINTS
    return next((told[chinese] for pattern, told in table if any(map(pattern.fullmatch, forms))), None)


_LONGEST: Final = 200

_HOW_MUCH: Final = (
    r"(?:(?:a bit|a little|a little bit|a lot|way|much|even|more|really|very|so|super|all|just|somehow) )*+"
)
_BETTER: Final = (
    r"(?:better|nicer|prettier|cooler|greater|fancier|good|nice|pretty|cool|great|awesome|amazing|beautiful|perfect|"
    r"epic|special|interesting|exciting|professional|pro|pop|stand out|viral|shine|work|different)"
)
_IT: Final = (
    r"(?:it|this|that|everything|something|things|"
    r"(?:the |my |this |our )?(?:whole )?(?:video|clip|movie|film|footage|project|result|edit|one))"
)
_EDIT: Final = re.compile(
    rf"(?:make|get|have) {_IT} (?:(?:look|feel|be|seem|become) )?{_HOW_MUCH}{_BETTER}"
    rf"|{_IT} (?:should|could|must|needs? to|has to|can) (?:look|be|feel) {_HOW_MUCH}{_BETTER}"
    rf"|{_HOW_MUCH}(?:improve|enhance|fix|edit|change|polish|upgrade|refine|beautify|modify|optimi[sz]e|rework|redo|tweak|"
    rf"adjust)(?: {_IT})?(?: (?:up|a bit|a little|somehow|further))?"
    rf"|(?:do|try|add|change) (?:something|anything|some stuff|stuff|whatever)(?: {_BETTER}| else| new| more)?"
    rf"(?: (?:with|to|in|about) {_IT})?"
    rf"|(?:spice|jazz|liven|touch|clean) {_IT} up|(?:spice|jazz|liven|touch|clean) up {_IT}"
    rf"|{_HOW_MUCH}{_BETTER}|more|do (?:it )?better|do your (?:thing|magic|best)|work your magic|surprise me"
    r"|(?:i )?(?:do not|don't) like (?:it|this|that)|not good(?: enough)?|another(?: one| version)?"
)
_NEW: Final = re.compile(
    r"(?:make|create|generate|produce|do|give me|build|show me|get me)(?: me| us)?"
    rf"(?: (?:an?|some|one|another|the|my))?(?: {_HOW_MUCH}{_BETTER})?(?: new)?"
    r"(?: (?:videos?|clips?|movies?|films?|shorts?|reels?|animations?|footage|something|anything))"
    rf"(?: {_BETTER}| new)?"
    r"|(?:an?|some|one) (?:\w+ )?(?:video|clip|movie|film|short|reel|animation)|something"
    r"|(?:i )?(?:want|need|would like) (?:an?|some) (?:video|clip|movie|film)|video|clip|anything|whatever"
)

_SOME_ZH: Final = r"(?:一下子?|下|一些|一点儿?|点儿?|些|得|的|更加?|再|还|要|好好|稍微|变得|看起来|有|很)*+"
_IT_ZH: Final = r"(?:(?:这个|这段|我的|整个|那个|这|那)*+(?:视频|片子|短片|影片|作品|画面|效果|东西|它|内容)?)"
_BETTER_ZH: Final = (
    r"(?:好看|漂亮|美|好|酷|炫|高级感?|精彩|有趣|专业|完美|棒|不一样|特别|厉害|吸引人|出彩|大气|震撼|有意思|惊艳)"
)
_EDIT_ZH: Final = re.compile(
    rf"(?:把|将|让|使|给|对)?{_IT_ZH}{_SOME_ZH}"
    r"(?:优化|改进?|改善|美化|调整?|修改?|编辑|剪辑?|完善|润色|提升|处理|弄|做|搞|变)"
    rf"{_SOME_ZH}{_IT_ZH}{_SOME_ZH}(?:{_BETTER_ZH}{_SOME_ZH})?"
    # Without a verb "漂亮" alone would be praise.
    rf"|(?=.*[更点些再让把使])(?:把|将|让|使)?{_IT_ZH}{_SOME_ZH}{_BETTER_ZH}{_SOME_ZH}"
)
_NEW_ZH: Final = re.compile(
    r"(?:做|生成|制作|来|创作|拍|剪|弄|搞|要|想要)?(?:一个|一段|一条|个|段|条|点|些)?"
    rf"(?:{_SOME_ZH}{_BETTER_ZH}?的?)(?:新的?)?(?:视频|短片|片子|影片|短视频|动画|东西|内容)"
    r"|视频|短片|随便(?:做|来|搞|弄)?(?:点|个|些|一个)?(?:什么|东西|视频)?|什么都行|都可以"
)

_NEW_TOLD: Final = (NEW_HINT, NEW_HINT_ZH)
_EDIT_TOLD: Final = (EDIT_HINT, EDIT_HINT_ZH)
_HINTS: Final = ((_NEW, _NEW_TOLD), (_EDIT, _EDIT_TOLD))
_HINTS_ZH: Final = ((_NEW_ZH, _NEW_TOLD), (_EDIT_ZH, _EDIT_TOLD))
