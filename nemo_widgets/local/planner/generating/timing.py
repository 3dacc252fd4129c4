"""How long the shots of a description last: each by itself, all together, or in equal shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import LONGEST_MS, SHORTEST_MS, SHORTEST_SHOT_MS
from nemo_widgets.local.planner.wishes.shots import NewShot

DEFAULT_MS, DEFAULT_SHOT_MS = 10_000, 4_000


@dataclass(slots=True)
class Part:
    """One shot of a story while it is read: the clauses that tell of it, its files, its length, `said_ms` elsewhere.

    `from_ms` is where in its file it begins.
    """

    clauses: list[Clause] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    own_ms: int | None = None
    said_ms: int | None = None
    from_ms: int = 0
    own_token: Token | None = None


def share_lengths(parts: Sequence[Part]) -> None:
    """Give every part the length that is said of it alone.

    "A 4-second clip of the sea, then mountains" lasts 4 s in all; "…, then 3 s of mountains" makes it the sea's own.
    """
    several = len(parts) > 1
    for part in parts[1:]:
        _own_length(part, several, clips=True)
    for part, before in zip(parts, [None, *parts[:-1]], strict=True):
        part.from_ms = _begins_ms(part, before)
    others = sum(part.own_ms or 0 for part in parts[1:])
    for part in parts[:1]:
        _own_length(part, several, clips=False)
        clip = next(
            (token for clause in part.clauses for token in clause.all("length") if _names_clip(token, clause)), None
        )
        if several and part.own_ms is None and others and clip is not None:
            is_whole = any(clause.all("thing", "clip") and _is_film(clause, clip) for clause in part.clauses)
            if not (is_whole and _ms(clip) > others):
                part.own_ms, part.own_token = _ms(clip), clip


def _own_length(part: Part, several: bool, *, clips: bool) -> None:
    if part.said_ms is not None:
        part.own_ms = part.said_ms
        return
    if not several and not part.urls:
        return
    named: Token | None = None
    for clause in part.clauses:
        if (span := clause.first("span")) is not None:
            part.own_ms = _spanned_ms(span)
            return
        for token in clause.all("length"):
            if clause.has("turn", "total") or clause.has("turn", "each") or _is_of_each(token, clause):
                continue
            if clause.has("amount", "half"):
                continue  # "10 seconds: half sea, half forest."
            if _names_clip(token, clause) and not part.urls:
                named = named or token
                continue
            part.own_ms, part.own_token = _ms(token), token
            return
    if clips and named is not None:
        part.own_ms, part.own_token = _ms(named), named


def _begins_ms(part: Part, before: Part | None) -> int:
    """Read "beach.mov from 2 to 5 seconds": a part of the file, unless it is when the shot is on, after another one."""
    span = next((span for clause in part.clauses if (span := clause.first("span")) is not None), None)
    if span is None or not part.urls or not span.text.startswith(_FROM):
        return 0
    follows = any(clause.has("span") for clause in before.clauses) if before is not None else False
    return 0 if follows else round(1000 * float(span.get("span")[0]))


_FROM = ("from", "second", "从", "自")


def _names_clip(length: Token, clause: Clause) -> bool:
    """Whether a length is that of a clip: "a 4-second clip", "a 4-second cinematic clip"."""
    follow = clause.after(length)
    return follow is not None and (follow.has("thing", "clip") or follow.has("style"))


_FILMS = ("video", "film", "movie", "short film", "teaser", "视频", "短片", "影片", "片子", "成片")


def _is_film(clause: Clause, length: Token) -> bool:
    """Whether a length is that of "a video", which may have several shots, rather than of "a clip"."""
    thing = next((token for token in clause.all("thing", "clip") if token.start > length.start), None)
    return thing is not None and thing.text.rstrip("s") in _FILMS


def _ms(length: Token) -> int:
    return round(1000 * float(length.get("length")))


def _spanned_ms(span: Token) -> int:
    start, end = span.get("span")
    return round(1000 * float(end - start))


def _is_of_each(length: Token, clause: Clause) -> bool:
    """Whether a length is that of every one of several: "three shots of 4 seconds", "three 4-second shots"."""
    if clause.has("turn", "each"):
        return True
    lead, follow = clause.before(length), clause.after(length)
    behind = lead is not None and (lead.has("thing", "shot") or lead.has("prep", "of"))
    return (behind and clause.has("thing", "shot", "clip") and not _is_one(clause)) or (
        follow is not None and follow.has("thing", "shot", "clip") and lead is not None and lead.has("number")
    )


def _is_one(clause: Clause) -> bool:
    return not any(token.has("number") and token.get("number") > 1 for token in clause.tokens)


def total_asked_ms(clauses: Sequence[Clause], whole: Sequence[Clause], parts: Sequence[Part]) -> int | None:
    """Return the length of the whole that is asked for."""
    for clause in clauses:
        for token in clause.all("length"):
            if _is_of_each(token, clause):
                return _ms(token) * max(len(parts), 1)
    taken = {part.own_token for part in parts} if len(parts) > 1 else set()
    for clause in clauses:
        for token in clause.all("length"):
            if token in taken:
                continue
            follow = clause.after(token)
            names_clip = follow is not None and (
                follow.has("thing", "clip") or follow.has("style") or follow.has("ratio")
            )
            alone = len(parts) == 1 and not parts[0].urls
            if (
                clause in whole
                or alone
                or (names_clip and not parts[0].urls)
                or clause.has("turn", "total")
                or clause.has("amount", "half")
            ):
                return _ms(token)
    if len(parts) == 1 and len(parts[0].urls) > 1 and parts[0].own_ms is not None:
        parts[0].own_ms, total = None, parts[0].own_ms
        return total
    if len(parts) == 1 and not parts[0].urls:
        return _measured_ms(clauses)
    return None


def _measured_ms(clauses: Sequence[Clause]) -> int | None:
    """Read "a 2-3 second clip", which may be the longer, and "a 0:30 clip"."""
    for clause in clauses:
        if (span := clause.first("span")) is not None:
            follow = clause.after(span)
            ranged = follow is not None and follow.has("thing", "clip")
            return round(1000 * float(span.get("span")[1])) if ranged else _spanned_ms(span)
        if (instant := clause.first("instant")) is not None:
            lead = clause.before(instant)
            if lead is None or not lead.has("prep", "at", "from"):
                return round(1000 * float(instant.get("instant")))
    return None


def fitted(shots: list[NewShot], asked_ms: int | None, files_ms: Mapping[str, int]) -> list[NewShot]:
    """Give files of which no length is said one that leaves room in the whole for every other shot.

    Parameters
    ----------
    shots : list of NewShot
        All shots; some may have a length.
    asked_ms : int or None
        The length of the whole; with None every file is as long as it is.
    files_ms : Mapping
        How long files are by themselves, by URL.
    """
    free = [index for index, shot in enumerate(shots) if shot.length_ms is None]
    files = sorted((index for index in free if shots[index].url), key=lambda index: files_ms[shots[index].url])
    drawn = len(free) - len(files)
    if asked_ms is None or not files or len(shots) < 2:
        return shots
    room = max(SHORTEST_MS, min(LONGEST_MS, asked_ms) - sum(shot.length_ms or 0 for shot in shots))
    if not drawn and sum(files_ms[shots[index].url] for index in files) <= room:
        return shots
    result = list(shots)
    for place, index in enumerate(files):
        # The shorter ones first: what they don't need of their share is for the others.
        share = min(files_ms[shots[index].url], room // (len(free) - place))
        result[index] = replace(shots[index], length_ms=max(SHORTEST_SHOT_MS, share))
        room -= share
    return result


def timed(shots: list[NewShot], asked_ms: int | None) -> list[NewShot]:
    """Give every drawn shot a length: its own, else an equal share of what is left of the whole."""
    free = [index for index, shot in enumerate(shots) if shot.length_ms is None and not shot.url]
    if not free:
        return shots
    own = sum(shot.length_ms for shot in shots if shot.length_ms is not None)
    if asked_ms is None:
        each = max(DEFAULT_MS // len(shots), DEFAULT_SHOT_MS)
        room = DEFAULT_MS if len(shots) == 1 else each * len(free)
    else:
        room = max(SHORTEST_MS, min(LONGEST_MS, asked_ms) - own)
    result = list(shots)
    for place, index in enumerate(free):
        begin, end = room * place // len(free), room * (place + 1) // len(free)
        result[index] = replace(shots[index], length_ms=end - begin)
    return result
