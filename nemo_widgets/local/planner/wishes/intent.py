"""Whether a message wants a new video, or a change of the one that is there."""

from collections.abc import Sequence

from nemo_widgets.local.planner.reading.clauses import Clause, pieces
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import is_explained
from nemo_widgets.local.planner.timeline import Raw

_PARTS = ("title", "caption", "text", "music", "sound", "volume", "transition", "shot", "pip")


def wants_picture(message: Message) -> bool:
    """Whether a message, with nothing on the timeline yet, describes something to be seen."""
    if message.has("talk", "question") and not message.has("scene"):
        return False
    if is_explained(message.text):
        return True
    clauses = message.clauses()
    if any(
        token.has("scene") or token.has("extra")
        for clause in clauses
        for token in clause.tokens
        if not _is_faint(token)
    ):
        return True
    edits = {
        "trim",
        "shorten",
        "lengthen",
        "remove",
        "move",
        "undo",
        "faster",
        "slower",
        "louder",
        "quieter",
        "split",
        "reverse",
    }
    if any(clause.does(*edits) for clause in clauses):
        return _only_describes(message)
    looks = any(message.has(kind) for kind in ("time", "season", "weather"))
    begins = clauses[0].tokens[0] if clauses and clauses[0].tokens else None
    if looks and not any(clause.has_own_verb for clause in clauses):
        return True
    if any(_generates(clause) for clause in clauses):
        return True
    if begins is not None and (begins.has("article") or begins.has("length")) and not message.has("verb", "add"):
        return any(token.is_unknown for token in message.tokens) or message.has("thing", "clip")
    return _only_describes(message)


def _only_describes(message: Message) -> bool:
    """Whether a message asks for nothing, though a verb is in it: "a view of cells dividing"."""
    asks = any(token.has("verb") for token in message.tokens[:3]) or message.has("thing") or message.has("talk")
    return not asks and sum(token.is_unknown for token in message.tokens) > 1


def _is_faint(token: Token) -> bool:
    """Whether a word only counts as a subject beside a plainer one."""
    return (not any(strength >= 0.5 for _, strength in token.all("scene")) and not token.has("extra")) or (
        token.has("verb") or token.has("talk")
    )


def wants_new_video(message: Message, draft: Raw) -> bool:
    """Whether a message wants another video in the place of the one that is there."""
    if message.has("join", "instead_of") or any(token.text == "instead" for token in message.tokens):
        return False
    parts = pieces(message.tokens)
    first = Clause(parts[0][1], "")
    if any(first.has("thing", thing) for thing in ("shot",)) and not first.has("thing", "clip"):
        return False
    if first.does("restart") and message.has("scene"):
        return True
    shown = [piece for piece in parts if any(strength >= 3 for token in piece[1] for _, strength in token.all("scene"))]
    opens = parts[0][0] == "first" or bool(first.tokens and first.tokens[0].has("ordinal", 1))
    if opens and len(shown) > 1:
        return True
    if _generates(first):
        return True
    if _lists_lengths(parts):
        return True
    begins = first.tokens[0] if first.tokens else None
    if begins is None or first.has_own_verb or first.has("pronoun"):
        return False
    if first.has("shots") and not (begins.has("article", "a", "an") and first.has("length")):
        return False
    describes = any(token.has("scene") or token.has("extra") or token.is_unknown for token in first.tokens)
    return (
        first.has("thing", "clip")
        and describes
        and (begins.has("article") or begins.has("length") or begins.has("filler"))
    )


def _lists_lengths(parts: Sequence[tuple[str, list[Token]]]) -> bool:
    """Whether a message is but a list of scenes and their lengths: "4 s sea, 3 s mountains, 2 s fireworks"."""
    timed = [
        tokens
        for _, tokens in parts
        if any(token.has("length") for token in tokens)
        and any(strength >= 3 for token in tokens for _, strength in token.all("scene"))
    ]
    asks = any(token.has("verb") or token.has("pronoun") for _, tokens in parts for token in tokens)
    return len(timed) > 1 and not asks and len(timed) == len(parts) and parts[0][0] not in ("then", "last")


def _generates(clause: Clause) -> bool:
    """Whether a clause says "create a clip", "make a 5-second video of …", 生成一段…."""
    if any(clause.has("thing", thing) for thing in _PARTS):
        return False
    describes = any(token.has("scene") or token.has("extra") or token.is_unknown for token in clause.tokens)
    token = clause.first("verb", "generate")
    lead = next((other for other in reversed(clause.tokens) if token and other.start < token.start), None)
    if token is not None and not (lead is not None and lead.has("article", "the")):  # "Restyle the film."
        return describes or clause.has("thing", "clip") or "video" in token.text or "clip" in token.text
    made = clause.first("verb", "make")
    if made is None or made.text not in ("make", "get", "would like", "让", "做"):
        return False
    follow = next((other for other in clause.tokens if other.start >= made.end), None)
    while follow is not None and follow.text in ("me", "us"):
        follow = next((other for other in clause.tokens if other.start >= follow.end), None)
    is_new = follow is not None and (follow.text in ("a", "an", "another", "new") or follow.has("length"))
    return is_new and (clause.has("thing", "clip") or describes)
