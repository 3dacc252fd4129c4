"""From a description to its shots: what each shows, how long it lasts, and what holds for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nemo_widgets.local.planner.absent import absent
from nemo_widgets.local.planner.generating.parts import parts_of, shots_counted
from nemo_widgets.local.planner.generating.timing import Part, fitted, timed, total_asked_ms
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look, read_look
from nemo_widgets.local.planner.making import file_ms
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import Subject, drawn, find_subject, is_explained, topic_of
from nemo_widgets.local.planner.timeline import SHORTEST_SHOT_MS
from nemo_widgets.local.planner.wishes.context import Context
from nemo_widgets.local.planner.wishes.shots import NewShot

_MOST_SHOTS = 20


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
    beside : tuple of str
        What is said of the whole and is in none of the shots.
    refused_ms : int or None
        A length of the whole that was asked for and that the lengths of the shots don't make.
    """

    shots: tuple[NewShot, ...]
    clauses: tuple[tuple[Clause, ...], ...]
    asked_ms: int | None
    crossfaded: bool = False
    beside: tuple[str, ...] = ()
    refused_ms: int | None = None


def read_story(
    clauses: Sequence[Clause], context: Context, title: Sequence[Token] = (), unwanted: Sequence[Token] = ()
) -> Story:
    """Read what is to be shown from the clauses of a description, after titles and sounds have been read from them.

    Where they don't say it, the words of the `title` may; what is `unwanted` is left out.
    """
    parts, whole = parts_of(clauses, context)
    count = shots_counted(clauses)
    if len(parts) == 1 and not parts[0].urls and count > 1:
        parts = [Part(parts[0].clauses, parts[0].tokens) for _ in range(min(count, _MOST_SHOTS))]
    everywhere = read_look([token for clause in whole for token in clause.left])
    looks, crossfaded = _looks(parts, everywhere)
    looks = [_without_unwanted(look, unwanted) for look in looks]
    explained = is_explained(context.message.text)
    if len(looks) == 1 and looks[0].without and (looks[0].subject is None or explained):
        topic = topic_of(context.message.text)
        rest = [word for word in looks[0].without if word not in topic]
        subject = looks[0].subject
        if subject is not None and subject.word in topic:
            subject = replace(subject, fit="near")
        looks = [replace(looks[0], subject=subject, without=(topic, *rest) if topic else looks[0].without)]
    asked = total_asked_ms(clauses, whole, parts)
    refused_ms = _disagrees(parts, asked)
    asked = None if refused_ms else asked
    shots: list[NewShot] = []
    told: list[tuple[Clause, ...]] = []
    turned = parts if len(looks) == len(parts) else [parts[0]] * len(looks)
    for part, look in zip(turned, looks, strict=True):
        if part.urls:
            for url in part.urls:
                shots.append(NewShot(replace(look, subject=None), url, part.own_ms, from_ms=part.from_ms))
                told.append(tuple(part.clauses))
        else:
            known = look if look.subject else replace(look, subject=find_subject(title))
            shots.append(NewShot(known if known.subject else _guessed(look, part.tokens), "", part.own_ms))
            told.append(tuple(part.clauses))
    shots, told = shots[:_MOST_SHOTS], told[:_MOST_SHOTS]
    beside = _beside([token for clause in whole for token in clause.left], looks)
    shots = fitted(shots, asked, {asset.url: file_ms(asset) for asset in context.message.assets})
    return Story(tuple(timed(shots, asked)), tuple(told), asked, crossfaded, beside, refused_ms)


def _disagrees(parts: Sequence[Part], asked_ms: int | None) -> int | None:
    """Return the length of the whole where those of the shots leave no room in it, or don't fill it."""
    own = [part.own_ms for part in parts if part.own_ms is not None]
    if asked_ms is None or len(parts) < 2 or not own:
        return None
    free = sum(part.own_ms is None for part in parts)
    left = asked_ms - sum(own)
    return asked_ms if (left if free == 0 else left < free * SHORTEST_SHOT_MS) else None


def _beside(tokens: Sequence[Token], looks: Sequence[Look]) -> tuple[str, ...]:
    """Return what tokens of the whole name that none of the shots shows."""
    lacks = [absent(tokens, look.subject) for look in looks]
    return tuple(word for word in lacks[0] if all(word in words for words in lacks)) if lacks else ()


# Looks


def _looks(parts: Sequence[Part], everywhere: Look) -> tuple[list[Look], bool]:
    """Return a look for each shot; what one leaves open is as in the whole, and its subject as in the one before."""
    if len(parts) == 1 and not parts[0].urls and (turned := _turning(parts[0].tokens)) is not None:
        return [look.over(replace(everywhere, without=())) for look in turned], True
    looks: list[Look] = []
    for part in parts:
        look = read_look(part.tokens)
        is_open = (look.subject is None and not look.without) or _is_anywhere(part.tokens)
        if is_open and looks and not part.urls:
            look = replace(look, subject=looks[-1].subject)
        looks.append(look.over(replace(everywhere, subject=None, without=())))
    if looks and looks[0].subject is None and everywhere.subject is not None and not parts[0].urls:
        looks = [replace(look, subject=look.subject or everywhere.subject) for look in looks]
    return looks, False


def _is_anywhere(tokens: Sequence[Token]) -> bool:
    """Whether tokens name nothing but what goes with any picture: "…, then a rainbow"."""
    things = [entry("extra", token.get("extra")) for token in tokens if token.has("extra")]
    return bool(things) and all(thing.get("anywhere") for thing in things) and not any(t.has("scene") for t in tokens)


def _turning(tokens: Sequence[Token]) -> tuple[Look, Look] | None:
    """Read "from day to night", "winter turning into spring": two looks of one subject."""
    for kind in ("time", "season", "weather"):
        said = [token for token in tokens if token.has(kind) or (kind == "weather" and token.has("mood", "calm"))]
        if len(said) < 2 or _is_same(kind, said[0], said[1]):
            continue
        first, second = said[0], said[1]
        between = [token for token in tokens if first.end <= token.start and token.end <= second.start]
        before = [token for token in tokens if token.end <= first.start and not token.has("article")]
        leads = bool(before) and before[-1].has("prep", "from")
        turns = any(token.has("turn", "becoming") or token.has("verb", "replace") for token in between)
        if turns or (leads and any(token.has("prep", "to") for token in between)):
            others = [token for token in tokens if token not in (first, second)]
            return read_look([*others, first]), read_look([*others, second])
    return None


def _is_same(kind: str, first: Token, second: Token) -> bool:
    values = (first.get(kind) or "clear", second.get(kind) or "clear")  # Calm is the end of a storm.
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
