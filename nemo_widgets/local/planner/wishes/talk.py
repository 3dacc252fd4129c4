"""What can't be done, and small talk."""

import re

from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import LOOK_KINDS
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.wishes.context import Context, Told

_NO = ("no", "nope", "no no", "wrong", "bad", "不", "不对", "不行", "不要")
_PRAISE = ("i love", "i like", "i really like", "我喜欢")
_TALKED = 8
"""A greeting has at most so many words."""


def read_missing(clause: Clause, context: Context) -> None:
    """Find what a clause asks that can't be done; it is said, and the clause asks for nothing else."""
    token = clause.first("missing")
    if token is None or (clause.does("remove") and not any(other.has("missing", "keying") for other in clause.tokens)):
        if token is not None:
            clause.use(token)
        return
    told = Told(str(entry("missing", token.get("missing"))[context.message.language]))
    if told not in context.wishes:
        context.wish(told)
    clause.use(*clause.tokens)


def is_left_alone(clause: Clause) -> bool:
    """Whether a clause says that something is to stay as it is: "don't change the music", "keep the title"."""
    if any(token.has("join", "not") for token in clause.tokens):
        return True
    measures = any(
        clause.has(kind) for kind in ("length", "span", "instant", "percent", "shots", "ordinal", "quote", "scene")
    )
    return clause.does("keep") and clause.has("thing") and not measures and not clause.does("make", "add", "replace")


def is_remark(message: Message) -> bool:
    """Whether a message only asks or admires: "what a lovely day", "why is it so dark?"."""
    first = next((token for token in message.tokens if not token.has("join")), None)
    if first is not None and first.has("talk", "opinion"):
        return not any(token.has(kind) for token in message.tokens for kind in LOOK_KINDS if kind != "mood")
    return first is not None and first.has("talk", "question") and not message.has("verb") and not message.has("quote")


_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7ff]")
_HOW_MUCH = re.compile("how long|how many|多长|多少|几个|多久")
_FOREIGN = 2
"""Words of another language that show that a message is in one."""


def is_foreign(message: Message) -> bool:
    """Whether a message is neither in English nor in Chinese."""
    if _OTHER_SCRIPT.search(message.text):
        return True
    return sum(token.has("talk", "foreign") for token in message.tokens) >= _FOREIGN


def is_about_state(message: Message) -> bool:
    """Whether a message asks what there is: "how long is it now?", "what's the title?"."""
    if message.has("verb") or message.has("quote") or not message.has("talk", "question"):
        return False
    things = message.has("thing", "title", "caption", "text", "music", "length", "shot", "clip")
    return bool(_HOW_MUCH.search(message.text)) or (is_remark(message) and things)


def small_talk(message: Message) -> str:
    """Return the sentence that answers a message which asks for no change; empty when none fits."""
    words = [token for token in message.tokens if not token.has("join")]
    if message.text.strip(" .!") in _NO:
        return "dislike"
    opinion = next((token for token in words if token.has("talk", "opinion")), None)
    if opinion is not None:
        return "thanks" if opinion.text in _PRAISE else "dislike"
    if message.has("talk", "vague"):
        return "vague"
    if not words or (len(words) <= _TALKED and message.has("talk", "help", "hello")):
        return "help"
    if len(words) <= _TALKED and message.has("talk", "thanks"):
        return "thanks"
    if message.has("talk", "4k"):
        return "resolution"
    if message.has("talk", "export"):
        return "click_export"
    return ""
