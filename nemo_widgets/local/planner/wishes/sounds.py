"""Wishes about music, ambience and how loud things are."""

from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.wishes.context import Context, Say
from nemo_widgets.local.planner.wishes.music_timing import fades, starts
from nemo_widgets.local.sound.music import FALLBACK_GENRE, GENRES

_LOUDER, _MUCH, _LITTLE = 1.4, 2.0, 1.15


@dataclass(frozen=True, slots=True)
class Tune:
    """A kind of music, the word that led to it, and whether it is only the nearest that there is."""

    genre: str
    word: str
    near: bool


@dataclass(frozen=True, slots=True)
class Loudness:
    """A volume from 0 to 1, or a factor for the one that there is; neither where nothing is said."""

    to: float | None = None
    by: float | None = None


@dataclass(frozen=True, slots=True)
class SetMusic:
    """Put music on, or another one: a genre, an uploaded file, or without both whatever is different."""

    tune: Tune | None
    url: str
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class RemoveMusic:
    """Take the music off."""


@dataclass(frozen=True, slots=True)
class PutAmbience:
    """Let the place be heard; ``"any"`` is what suits the picture."""

    kind: str
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class RemoveAmbience:
    """Take the sounds of the place off."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Make something louder, quieter, silent or heard again.

    Attributes
    ----------
    what : {"music", "ambience", "footage", "any", "all"}
        Of which sounds; "any" is the first of music, footage and ambience that there is.
    loudness : Loudness
        How loud.
    shots : tuple of str or None
        Of which footage; None for all of it.
    unmute : bool
        Whether what is silent gets its usual volume back.
    """

    what: str
    loudness: Loudness
    shots: tuple[str, ...] | None = None
    unmute: bool = False


def read_sounds(clause: Clause, context: Context) -> None:
    """Find what a clause wants to be heard."""
    _read_ambience(clause, context)
    things = clause.all("thing", "music", "sound", "volume", "footage_sound")
    goes_on = context.sounded and clause.lead in (",", "and") and not things
    context.sounded = any(token.has("thing", "music") for token in things)
    if goes_on and _describes_music(clause):
        context.sounded = True
        clause.use(*clause.tokens)
        return
    share = clause.first("percent")
    if goes_on and share is not None and not any(clause.has(kind) for kind in ("scene", "shots", "grade", "ambience")):
        clause.use(share)
        context.wish(SetVolume("music", Loudness(to=min(1.0, share.get("percent")))))  # "… the music soft, at 40 %."
        return
    genres = clause.all("genre")
    if things and _is_off(clause):
        clause.use(*things)
        music = any(token.has("thing", "music") for token in things)
        context.wish(RemoveMusic() if music else SetVolume("all", Loudness(to=0.0)))
        return
    if (genres or clause.has("near_genre")) and clause.does("remove") and not clause.does("add", "replace", "use"):
        clause.use(*things, *genres, *clause.all("near_genre"))
        context.wish(RemoveMusic())
        return
    loudness = _loudness(clause, things)
    if clause.does("mute", "unmute") and (clause.first("verb", "mute", "unmute") or things):
        what = _what(things, clause, context, of_all=True)
        clause.use(*things)
        shots = context.target(clause) if what == "footage" else None
        context.wish(SetVolume(what, Loudness(to=0.0), shots, unmute=clause.does("unmute")))
        return
    near = clause.all("near_genre")
    if (fades(clause, context, things, goes_on) or starts(clause, context, things)) and not (genres or near):
        return
    if context.sounded and clause.has("turn", "only") and (clause.has("shots") or clause.has("at")):
        clause.use(*clause.tokens)
        context.wish(Say("music_whole"))
        return
    if clause.does("remove") and not genres and clause.has("thing", "music"):
        clause.use(*things)
        context.wish(RemoveMusic())
        return
    if clause.does("remove") and clause.has("thing", "sound", "footage_sound"):
        what = "footage" if clause.has("thing", "footage_sound") else "all"
        clause.use(*things)
        context.wish(SetVolume(what, Loudness(to=0.0), context.target(clause) if what == "footage" else None))
        return
    tune = find_tune(clause, things)
    asks = clause.does("replace", "other", "add", "generate") or clause.has("verb", "other")
    wants_other = clause.has("thing", "music") and asks and loudness == Loudness()
    if tune is not None or wants_other:
        clause.use(*things)
        if things and not clause.has("scene"):
            clause.use(*clause.all("mood"), *clause.all("style"))  # They are said of the music.
        context.wish(SetMusic(tune, "", loudness))
    elif loudness != Loudness():
        if _is_of_part(clause):
            context.wish(Say("music_whole"))
        what = _what(things, clause, context)
        clause.use(*things)
        context.wish(SetVolume(what, loudness, context.target(clause) if what == "footage" else None))


def _is_of_part(clause: Clause) -> bool:
    """Whether a clause speaks of the music of one moment: "louder at the end"."""
    return clause.has("thing", "music") and (clause.has("at") or clause.has("shots"))


def _read_ambience(clause: Clause, context: Context) -> None:
    tokens = clause.all("ambience")
    if not tokens:
        return
    clause.use(*tokens)
    if clause.does("remove") and not clause.does("add"):
        context.wish(RemoveAmbience())
        return
    loudness = _loudness(clause, tokens)
    relative = clause.does("louder", "quieter", "mute") and not clause.does("add")
    if relative or (loudness != Loudness() and clause.does("make") and not clause.does("add")):
        context.wish(SetVolume("ambience", Loudness(to=0.0) if clause.does("mute") else loudness))
        clause.use(*clause.all("verb", "louder", "quieter", "mute"))
        return
    named = next((token.get("ambience") for token in tokens if token.get("ambience") != "any"), "any")
    context.wish(PutAmbience(named, loudness))


def find_tune(clause: Clause, things: Sequence[Token] = ()) -> Tune | None:
    """Find the kind of music that a clause names; its token is used up.

    Words for moods and styles count only where music is spoken of, and so do those for what isn't played here.
    """
    spoken = any(token.has("thing", "music") for token in things)
    pictured = clause.has("scene") or clause.has("thing", "shot", "clip", "picture", "style")
    sure = [token for token in clause.all("genre") if spoken or not token.has("style")]
    alone = all(token.has("near_genre") or token.has("article") for token in clause.tokens)
    asked = spoken or alone or (clause.does("add", "use", "replace") and not pictured)
    near = [token for token in clause.all("near_genre") if asked or _is_beside(token, sure)]
    found = _wanted(clause, [*sure, *near]) or [*sure, *near]
    if found:
        clause.use(*sure, *near)
        return _tune(found)
    if spoken:
        for kind in ("mood", "style"):
            for token in clause.all(kind):
                if "music" in (data := entry(kind, token.get(kind))):
                    clause.use(token)
                    return Tune(str(data["music"]), token.text, False)
    return None


def _wanted(clause: Clause, found: Sequence[Token]) -> list[Token]:
    """Leave out what stands behind "instead of"."""
    against = next((token for token in clause.tokens if token.has("join", "instead_of")), None)
    found = [token for token in found if against is None or token.start < against.start]
    pivot = clause.pivot() if clause.does("replace") else None
    return [token for token in found if pivot is None or token.start > pivot] or found


_GENTLE = ("soft", "gentle", "轻柔")
"""Words for how music is played rather than which: of ambient it is true."""


def _is_beside(token: Token, sure: Sequence[Token]) -> bool:
    """Whether a word stands with one for a kind of music: "upbeat jazz"."""
    return any(token.start <= other.end + 1 and other.start <= token.end + 1 for other in sure)


def _tune(found: Sequence[Token]) -> Tune:
    """Return the kind that is said last; what isn't played here is told: "upbeat jazz" is jazz, "jazz piano" piano."""
    unplayed = [token for token in found if token.has("near_genre") and token.text not in _GENTLE]
    beside = [token for token in found if token in found[:1] or _is_beside(token, found[:1])]
    token = max(beside, key=lambda one: one.start) if unplayed else found[0]
    genre = token.get("genre") or token.get("near_genre")
    played = genre if genre in GENRES else FALLBACK_GENRE
    word = next((one.text for one in unplayed if one in beside), token.text)
    return Tune(played, word, word != token.text or token in unplayed or played != genre)


def _loudness(clause: Clause, things: Sequence[Token]) -> Loudness:
    """Read how loud; the percentage and the word for it are used up."""
    louder, quieter = clause.first("verb", "louder"), clause.first("verb", "quieter")
    up, down = clause.first("turn", "up"), clause.first("turn", "down")
    about = bool(things) or clause.has("genre")
    if not about and (clause.has("grade") or clause.has("thing", "grade", "camera", "speed")):
        return Loudness()
    if louder is None and quieter is None and things:
        louder, quieter = clause.first("turn", "large"), clause.first("turn", "small")
    share = clause.first("percent")
    if louder is None and about and up is not None and not clause.has("thing", "grade"):
        louder = up
    if quieter is None and about and down is not None:
        quieter = down
    if louder is None and quieter is None and not about:
        return Loudness()
    if (full := clause.first("amount", "full")) is not None:
        clause.use(full, louder)
        return Loudness(to=1.0)
    if share is not None:
        clause.use(share, louder, quieter)
        lead = clause.before(share)
        if lead is not None and lead.has("prep", "by") and (louder or quieter):
            step = share.get("percent")
            return Loudness(by=1 + step if louder else max(0.0, 1 - step))
        return Loudness(to=min(1.0, share.get("percent")))
    if about and (clause.has("amount", "half", "double")) and (louder or quieter or clause.has("thing", "volume")):
        half = clause.has("amount", "half")
        clause.use(louder, quieter, *clause.all("amount"))
        return Loudness(by=0.5 if half else 2.0)
    if louder is None and quieter is None:
        return Loudness()
    clause.use(louder, quieter)
    step = _MUCH if clause.has("amount", "much") else _LITTLE if clause.has("amount", "little") else _LOUDER
    return Loudness(by=step if louder is not None and quieter is None else 1 / step)


def _what(things: Sequence[Token], clause: Clause, context: Context, *, of_all: bool = False) -> str:
    if any(token.has("thing", "footage_sound") for token in things):
        return "footage"
    if any(token.has("thing", "music") for token in things):
        return "music"
    if clause.has("shots") or (clause.has("own", "video", "file") and not clause.has("own", "audio")):
        return "footage"
    if clause.has("thing", "clip") and not of_all:
        return "any"
    return "all" if of_all else "any"


def _describes_music(clause: Clause) -> bool:
    """Whether a clause goes on about what the music is like: "calm and cinematic", "not too loud"."""
    if clause.lead == "and" and len(clause.tokens) == 1 and clause.tokens[0].is_unknown:
        return True
    kinds = ("mood", "style", "article", "filler", "amount")
    described = any(token.has("mood") or token.has("style") or token.text in _GENTLE for token in clause.tokens)
    return described and all(
        (token.text in _GENTLE or any(token.has(kind) for kind in kinds)) and not token.has("scene")
        for token in clause.tokens
    )


def _is_off(clause: Clause) -> bool:
    """Whether a clause says "turn the music off", "music: none"."""
    said = {token.text for token in clause.tokens}
    return "none" in said or ("off" in said and clause.does("make"))
