"""From a description to its shots: what each shows, how long it lasts, and what holds for all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nemo_widgets.local.planner.generating.timing import Part, own_ms, timed, total_asked_ms
from nemo_widgets.local.planner.lexicon import CHINESE, entry
from nemo_widgets.local.planner.looks import Look, read_look
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import Subject, drawn, find_subject, topic_of, unknown_words
from nemo_widgets.local.planner.wishes.context import Context
from nemo_widgets.local.planner.wishes.files import file_tokens, pictures_of
from nemo_widgets.local.planner.wishes.shots import NewShot

_MOST_SHOTS = 20
_GLOBAL = ("style", "camera", "aim", "pace", "grade", "mood")
"""Words that hold for the whole when they stand by themselves at its end."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a description wants to be shown.

    Attributes
    ----------
    shots : tuple of NewShot
        In order; those of files may have no length: they last as long as the files do.
    clauses : tuple of tuple of Clause
        For each shot those that tell of it.
    asked_ms : int or None
        The length of the whole that was asked for.
    crossfaded : bool
        Whether one is to become the next: "from day to night".
    """

    shots: tuple[NewShot, ...]
    clauses: tuple[tuple[Clause, ...], ...]
    asked_ms: int | None
    crossfaded: bool = False


def read_story(
    clauses: Sequence[Clause], context: Context, title: Sequence[Token] = (), unwanted: Sequence[Token] = ()
) -> Story:
    """Read what is to be shown from the clauses of a description, after titles and sounds have been read from them.

    Where they don't say it, the words of the `title` may; what is `unwanted` is left out.
    """
    parts, whole = _parts(clauses, context)
    count = _count(clauses)
    if len(parts) == 1 and not parts[0].urls and count > 1:
        parts = [Part(parts[0].clauses, parts[0].tokens) for _ in range(min(count, _MOST_SHOTS))]
    everywhere = read_look([token for clause in whole for token in clause.left])
    looks, crossfaded = _looks(parts, everywhere, context.message.names)
    looks = [_without_unwanted(look, unwanted) for look in looks]
    if len(looks) == 1 and looks[0].subject is None and looks[0].without:
        looks = [replace(looks[0], without=topic_of(context.message.text) or looks[0].without)]
    asked = total_asked_ms(clauses, whole, parts)
    shots: list[NewShot] = []
    told: list[tuple[Clause, ...]] = []
    turned = parts if len(looks) == len(parts) else [parts[0]] * len(looks)
    for part, look in zip(turned, looks, strict=True):
        if part.urls:
            for url in part.urls:
                shots.append(NewShot(replace(look, subject=None), url, part.own_ms))
                told.append(tuple(part.clauses))
        else:
            known = look if look.subject else replace(look, subject=find_subject(title))
            shots.append(NewShot(known if known.subject else _guessed(look, part.tokens), "", part.own_ms))
            told.append(tuple(part.clauses))
    shots, told = shots[:_MOST_SHOTS], told[:_MOST_SHOTS]
    return Story(tuple(timed(shots, asked)), tuple(told), asked, crossfaded)


# Parts


def _parts(clauses: Sequence[Clause], context: Context) -> tuple[list[Part], list[Clause]]:
    """Tell the shots of a description apart, and the clauses that speak of the whole."""
    listed = _is_list(clauses, context)
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
        starts = bool(files) or (shows and (follows or listed or not parts))
        starts = starts and not _introduces(clause, clauses[index + 1 :])
        if not starts and parts and follows and any(clause.has(kind) for kind in ("time", "weather", "season", "hue")):
            starts = clause.lead in ("then", "last")
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
        part.own_ms = own_ms(part, len(parts))
    return parts, whole


def _introduces(clause: Clause, later: Sequence[Clause]) -> bool:
    """Whether a clause only says what the shots after it are: "an intro about water: first clouds, then …"."""
    surely = any(strength >= 1 for token in clause.left for _, strength in token.all("scene"))
    if surely or not later or later[0].lead not in (":", "first"):
        return False
    return sum(_shows(other) for other in later) > 1


def _shows(clause: Clause) -> bool:
    """Whether a clause names something to be seen."""
    if any(strength >= 1 and not token.has("style") for token in clause.left for _, strength in token.all("scene")):
        return True
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
    if _count(clauses) > 1 or any(clause.has("turn", "montage", "each") for clause in clauses):
        return True
    if sum(clause.has("length") or clause.has("span") for clause in showing) > 1:
        return True
    sure = [
        clause
        for clause in showing
        if any(strength >= 3 for token in clause.left for _, strength in token.all("scene"))
    ]
    scenes = {subject.asked for clause in sure if (subject := find_subject(clause.left)) is not None}
    return len(sure) >= 3 and len(scenes) == len(sure)


_COUNTERS = ("个", "段", "条", "different", "short", "不同", "的")


def _count(clauses: Sequence[Clause]) -> int:
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


# Looks


def _looks(parts: Sequence[Part], everywhere: Look, names: Collection[str]) -> tuple[list[Look], bool]:
    """Return a look for each shot; what one leaves open is as in the whole, and its subject as in the one before."""
    if len(parts) == 1 and not parts[0].urls and (turned := _turning(parts[0].tokens, names)) is not None:
        return [look.over(everywhere) for look in turned], True
    looks: list[Look] = []
    for part in parts:
        look = _look(part.tokens, names)
        if look.subject is None and not look.without and looks and not part.urls:
            look = replace(look, subject=looks[-1].subject)
        looks.append(look.over(replace(everywhere, subject=None)) if looks or parts else look)
    if looks and looks[0].subject is None and everywhere.subject is not None and not parts[0].urls:
        looks = [replace(look, subject=look.subject or everywhere.subject) for look in looks]
    return looks, False


def _look(tokens: Sequence[Token], names: Collection[str]) -> Look:
    look = read_look(tokens, names)
    if look.subject is None and not look.without:
        look = replace(look, without=unknown_words(tokens))
    return look


def _turning(tokens: Sequence[Token], names: Collection[str]) -> tuple[Look, Look] | None:
    """Read "from day to night", "winter turning into spring": two looks of one subject."""
    for kind in ("time", "season", "weather"):
        said = [token for token in tokens if token.has(kind)]
        if len(said) < 2 or _is_same(kind, said[0], said[1]):
            continue
        first, second = said[0], said[1]
        between = [token for token in tokens if first.end <= token.start and token.end <= second.start]
        before = [token for token in tokens if token.end <= first.start and not token.has("article")]
        leads = bool(before) and before[-1].has("prep", "from")
        turns = any(token.has("turn", "becoming") or token.has("verb", "replace") for token in between)
        if turns or (leads and any(token.has("prep", "to") for token in between)):
            others = [token for token in tokens if token not in (first, second)]
            return _look([*others, first], names), _look([*others, second], names)
    return None


def _is_same(kind: str, first: Token, second: Token) -> bool:
    values = (first.get(kind), second.get(kind))
    return len({entry(kind, value).get("light", value) for value in values}) == 1


def _without_unwanted(look: Look, unwanted: Sequence[Token]) -> Look:
    """Take out of a look what a description doesn't want: "not at night", "no falling snow"."""
    for token in unwanted:
        if look.weather and token.has("weather", look.weather):
            look = replace(look, weather="")
        if look.style and token.has("style", look.style):
            look = replace(look, style="")
        if token.has("time") and look.time in ("", token.get("time")):
            is_day = entry("time", token.get("time"))["light"] == "day"
            look = replace(look, time="night" if is_day else "day")
        look = replace(look, hues=tuple(hue for hue in look.hues if not token.has("hue", hue)))
    return look


def _guessed(look: Look, tokens: Sequence[Token]) -> Look:
    """Return a look with a subject that suits it, where it says nothing but the weather or the time."""
    for kind, value in (("weather", look.weather), ("time", look.time), ("season", look.season)):
        scene = str(entry(kind, value).get("scene", "")) if value else ""
        if scene and not look.without:
            word = next((token.text for token in tokens if token.has(kind)), "")
            return replace(look, subject=Subject(drawn(scene), word, "guess", scene))
    return look
