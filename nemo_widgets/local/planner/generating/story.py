"""From a description to its shots: what each shows, how long it lasts, and what holds for all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nemo_widgets.local.planner.generating.parts import parts_of, shots_counted
from nemo_widgets.local.planner.generating.timing import Part, timed, total_asked_ms
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look, read_look
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import Subject, drawn, find_subject, topic_of, unknown_words
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
    parts, whole = parts_of(clauses, context)
    count = shots_counted(clauses)
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
