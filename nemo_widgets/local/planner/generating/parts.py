"""A description told apart: what belongs to which of its shots, and what to all of them."""

from collections.abc import Sequence

from nemo_widgets.local.planner.generating.timing import Part, share_lengths
from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import find_subject, holds
from nemo_widgets.local.planner.wishes.context import Context
from nemo_widgets.local.planner.wishes.files import file_tokens, pictures_of

_GLOBAL = ("style", "camera", "aim", "pace", "grade", "mood")
"""Words that hold for the whole when they stand by themselves at its end."""
_PROSE_TOKENS, _PROSE_SENTENCES = 40, 3
"""From so many on, a description is told in sentences: then commas don't part shots."""


def parts_of(clauses: Sequence[Clause], context: Context) -> tuple[list[Part], list[Clause]]:
    """Tell the shots of a description apart, and the clauses that speak of the whole."""
    told = _is_told(clauses)
    listed = not told and _is_list(clauses, context)
    parts: list[Part] = []
    whole: list[Clause] = []
    follows = False
    for index, clause in enumerate(clauses):
        files = [token for token in file_tokens(clause, context) if pictures_of(token, context)]
        shows = _shows(clause) or bool(files)
        follows = (
            follows
            or clause.lead in ("then", "last", "first")
            or _begins_first(clause)
            or _numbers(clause)
            or clause.has("verb", "finish")
        )
        starts = bool(files) or (shows and (follows or listed or not parts or (told and _is_elsewhere(clause, parts))))
        starts = starts and not _introduces(clause, clauses[index + 1 :])
        starts = starts or (not parts and _stands_alone(clause, clauses[index + 1 :]))
        if not starts and parts and follows and any(clause.has(kind) for kind in ("time", "weather", "season", "hue")):
            starts = clause.lead in ("then", "last")
        if starts and parts:
            parts[-1].said_ms = _before_it_ms(clause)
        if starts:
            parts += [Part(urls=urls) for urls in [pictures_of(token, context) for token in files] or [[]]]
            parts[-1].clauses.append(clause)
            if len(files) > 1:
                for part in parts[-len(files) :]:
                    part.clauses = [clause]
            follows = False
        elif parts and not _is_of_whole(clause, clauses[index + 1 :], parts, context):
            parts[-1].clauses.append(clause)
        else:
            whole.append(clause)
    if not parts:
        parts, whole = [Part(clauses=list(clauses))], []
    for part in parts:
        part.tokens = [token for clause in part.clauses for token in clause.left]
    share_lengths(parts)
    return parts, whole


def _is_told(clauses: Sequence[Clause]) -> bool:
    """Whether a description is told in sentences."""
    sentences = sum(clause.lead == "." for clause in clauses) + 1
    long = sum(len(clause.tokens) for clause in clauses) >= _PROSE_TOKENS
    return long and sentences >= _PROSE_SENTENCES and not any(_numbers(clause) for clause in clauses)


def _is_elsewhere(clause: Clause, parts: Sequence[Part]) -> bool:
    """Whether a sentence begins that surely shows another scene than the one before."""
    if clause.lead not in (".", "and"):
        return False
    named = [token for token in clause.left if any(strength >= 3 for _, strength in token.all("scene"))]
    there = find_subject([token for known in parts[-1].clauses for token in known.left])
    new = find_subject(named)
    return new is not None and there is not None and new.asked not in holds(there)


def _before_it_ms(clause: Clause) -> int | None:
    """Read "after five seconds the camera dives": how long the shot before lasts."""
    for length in clause.all("length"):
        lead = clause.before(length)
        while lead is not None and lead.text in ("about", "around", "some", "roughly", "approximately"):
            lead = clause.before(lead)
        if lead is not None and lead.has("side", "after"):
            clause.use(length)
            return round(1000 * float(length.get("length")))
    return None


def _introduces(clause: Clause, later: Sequence[Clause]) -> bool:
    """Whether a clause only says what the shots after it are: "an intro about water: first clouds, then …"."""
    surely = any(strength >= 1 for token in clause.left for _, strength in token.all("scene"))
    if surely or not later or later[0].lead not in (":", "first"):
        return False
    return sum(_shows(other) for other in later) > 1


def _stands_alone(clause: Clause, later: Sequence[Clause]) -> bool:
    """Whether a clause is a shot though it doesn't say what of: "a 4-second clip, then slide.png"."""
    clip = next(
        (token for token in clause.all("thing", "clip", "shot") if token.text in ("clip", "shot", "片段", "镜头")), None
    )
    return clip is not None and clause.has("length") and bool(later) and later[0].lead in ("then", "last")


def _shows(clause: Clause) -> bool:
    """Whether a clause names something to be seen."""
    if any(strength >= 1 and not token.has("style") for token in clause.left for _, strength in token.all("scene")):
        return True
    if any(token.has("thing", "title", "caption", "text", "music", "sound") for token in clause.tokens):
        return False
    asked = any(
        _after_article(clause, token)
        for token in clause.left
        if token.has("scene") or token.has("extra") or token.is_unknown
    )
    return (asked and not clause.has("genre")) or any(token.has("extra") for token in clause.left)


def _after_article(clause: Clause, token: Token) -> bool:
    lead = next((other for other in reversed(clause.tokens) if other.start < token.start), None)
    return bool(CHINESE.search(token.text)) or lead is None or lead.has("article") or lead.has("prep")


def _begins_first(clause: Clause) -> bool:
    return bool(clause.tokens) and clause.tokens[0].has("ordinal", 1) and len(clause.tokens) > 1


def _numbers(clause: Clause) -> bool:
    return any(token.has("shots") and token.get("shots").numbers for token in clause.left)


def _is_list(clauses: Sequence[Clause], context: Context) -> bool:
    """Whether the things named side by side are shots of their own, not all in one picture."""
    showing = [clause for clause in clauses if _shows(clause) or file_tokens(clause, context)]
    if len(showing) < 2:
        return False
    if any(file_tokens(clause, context) for clause in showing):
        return True
    if shots_counted(clauses) > 1 or any(clause.has("turn", "montage", "each") for clause in clauses):
        return True
    if sum(clause.has("length") or clause.has("span") for clause in showing) > 1:
        return True
    if sum(clause.has("amount", "half") for clause in showing) > 1:
        return True
    sure = [
        clause
        for clause in showing
        if any(strength >= 3 for token in clause.left for _, strength in token.all("scene"))
    ]
    scenes = {subject.asked for clause in sure if (subject := find_subject(clause.left)) is not None}
    return len(sure) >= 3 and len(scenes) == len(sure)


_COUNTERS = ("个", "段", "条", "different", "short", "不同", "的")


def shots_counted(clauses: Sequence[Clause]) -> int:
    """Return how many shots are asked for; 1 where no number is said."""
    for clause in clauses:
        for token in clause.all("thing", "shot", "clip"):
            lead = clause.before(token)
            while lead is not None and (lead.text in _COUNTERS or lead.has("length")):
                lead = clause.before(lead)
            if lead is not None and lead.has("number") and 1 < lead.get("number") <= 60:
                return int(lead.get("number"))
    return 1


def _is_of_whole(clause: Clause, later: Sequence[Clause], parts: Sequence[Part], context: Context) -> bool:
    """Whether a clause that shows nothing itself speaks of all shots: those at the end do, in style, camera, length."""
    if len(parts) < 2 and not any(_shows(other) for other in later if other.lead in ("then", "last", "and", ",")):
        return False
    if clause.has("every") or clause.has("turn", "total"):
        return True
    if clause.has("turn", "each"):
        return True
    if any(_shows(other) or file_tokens(other, context) for other in later):
        return False
    if clause.has("length"):
        return not any(other.has("length") for part in parts for other in part.clauses)
    return any(clause.has(kind) for kind in _GLOBAL) and clause.lead in (",", "and", ".")
