"""How a picture is wished to look, as a message says it: subject, light, colours, weather, style, camera."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nemo_widgets.local.planner.absent import absent
from nemo_widgets.local.planner.lexicon import entry, key_of, lexicon, split_words
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import Subject, find_subject

LOOK_KINDS = ("time", "hue", "season", "weather", "style", "camera", "aim", "pace", "grade", "mood", "tint")
"""Kinds of words that say how a picture looks, apart from its subject."""


@dataclass(frozen=True, slots=True)
class Look:
    """A wish for a picture; empty where nothing is said.

    Attributes
    ----------
    subject : Subject or None
        What is to be seen.
    without : tuple of str
        What was said that the picture doesn't show.
    time, season, weather, style, camera, aim, pace : str
        Values of the vocabulary.
    aim_word : str
        The move that the camera can't make, as it was said.
    hues, moods : tuple of str
        In the order said.
    grade : Mapping of str to float
        What is added to each value of the grade.
    grade_sets : Mapping of str to float
        What values of the grade are set to.
    words : tuple of str
        Everything said of the look, as palettes may list it.
    """

    subject: Subject | None = None
    without: tuple[str, ...] = ()
    time: str = ""
    season: str = ""
    weather: str = ""
    style: str = ""
    camera: str = ""
    aim: str = ""
    aim_word: str = ""
    pace: str = ""
    hues: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    grade: Mapping[str, float] = field(default_factory=dict)
    grade_sets: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def light(self) -> str:
        """The light of palettes that it asks for: day, dusk, night, or nothing."""
        return str(entry("time", self.time)["light"]) if self.time else ""

    @property
    def speed(self) -> float | None:
        """How fast things move; None where nothing is said."""
        return float(entry("pace", self.pace)["speed"]) if self.pace else None

    @property
    def tells_colours(self) -> bool:
        """Whether it says anything that chooses a palette."""
        return bool(self.time or self.hues or self.season or self.words) or any(
            "hues" in entry("mood", mood) for mood in self.moods
        )

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return self == Look()

    def over(self, other: "Look") -> "Look":
        """Return this look with another one's wishes where it has none."""
        mine = {name: getattr(self, name) or getattr(other, name) for name in self.__dataclass_fields__}
        mine["grade"] = {**other.grade, **self.grade}
        mine["grade_sets"] = {**other.grade_sets, **self.grade_sets}
        mine["words"] = (*self.words, *other.words)
        return Look(**mine)


def read_look(tokens: Sequence[Token]) -> Look:
    """Read a look from tokens, whatever else they say."""

    def first(kind: str) -> str:
        return next((token.get(kind) for token in tokens if token.has(kind)), "")

    grade: dict[str, float] = {}
    sets: dict[str, float] = {}
    for index, token in enumerate(tokens):
        if (value := token.get("grade")) is not None:
            data = entry("grade", value)
            turn = -1.0 if _is_turned_down(tokens, index, value) else 1.0
            for name, step in data.get("adds", {}).items():
                grade[name] = grade.get(name, 0.0) + turn * step * _amount(tokens, index)
            for name, level in data.get("sets", {}).items():
                sets[name] = max(sets.get(name, 0.0), level, key=abs)
    aim = next((token for token in tokens if token.has("aim")), None)
    hues = [token.get("hue") for index, token in enumerate(tokens) if _colours_scene(token, tokens[index + 1 :])]
    moods = [token.get("mood") for token in tokens if token.has("mood")]
    subject = find_subject(tokens)
    return Look(
        subject=subject,
        without=absent(tokens, subject),
        time=_time(tokens),
        season=first("season"),
        weather=_weather(tokens),
        style=_style(tokens),
        camera=first("camera"),
        aim=aim.get("aim") if aim else "",
        aim_word=aim.text if aim else "",
        pace=_pace(tokens),
        hues=tuple(dict.fromkeys(hues)),
        moods=tuple(dict.fromkeys(moods)),
        grade=grade,
        grade_sets=sets,
        words=tuple(_plain(token.text) for token in tokens if token.has("tint")),
    )


def _colours_scene(token: Token, after: Sequence[Token]) -> bool:
    """Whether a word is a colour of the whole picture, not of a thing that no scene shows: "a red car"."""
    return token.has("hue") and not (after and after[0].has("extra"))


def _time(tokens: Sequence[Token]) -> str:
    """Return the time of day; a plain name of one wins over a word like "sunny"."""
    named = [token for token in tokens if token.has("time")]
    plain = [token for token in named if not token.has("weather")]
    return next((str(token.get("time")) for token in (*plain, *named)), "")


def _plain(text: str) -> str:
    return key_of(split_words(text)) or text


def _style(tokens: Sequence[Token]) -> str:
    """Return the style; a plain name of one wins over a word that only hints at it."""
    named = [token.get("style") for token in tokens if token.has("style")]
    plain = [token.get("style") for token in tokens if token.has("style") and not token.has("scene")]
    return next(iter([*plain, *named]), "")


def _pace(tokens: Sequence[Token]) -> str:
    """Return the pace; slow motion and time lapse say more than slow and fast."""
    said = [token.get("pace") for token in tokens if token.has("pace")]
    return next((pace for pace in said if pace not in ("slow", "fast")), said[0] if said else "")


def _weather(tokens: Sequence[Token]) -> str:
    said = [token.get("weather") for token in tokens if token.has("weather")]
    return next((weather for weather in said if weather != "clear"), said[0] if said else "")


_DOWN = {"down"}
_TURNED = {"brighter", "contrast", "vivid"}
"""Grades whose plain word ("brightness") can be turned down: "less brightness"."""


def _is_turned_down(tokens: Sequence[Token], index: int, value: str) -> bool:
    near = [*tokens[max(0, index - 2) : index], *tokens[index + 1 : index + 2]]
    return value in _TURNED and any(token.has("turn", *_DOWN) or token.has("verb", "quieter") for token in near)


def _amount(tokens: Sequence[Token], index: int) -> float:
    """Return how many steps are meant: "a bit" half of one, "much" two, a percentage by its size."""
    near = [*tokens[max(0, index - 3) : index], *tokens[index : index + 4]]
    data = entry("grade", tokens[index].get("grade")).get("adds", {})
    share = next((token.get("percent") for token in near if token.has("percent")), None)
    if share is not None and data:
        return float(min(1.0, share) / max(abs(step) for step in data.values()))
    if any(token.has("amount", "much") for token in near):
        return 2.0
    return 0.5 if any(token.has("amount", "little") for token in near) else 1.0


def with_moods(look: Look, *, chooses_colours: bool) -> Look:
    """Return a look in which moods fill in what nothing plainer says.

    Parameters
    ----------
    look : Look
        What was said.
    chooses_colours : bool
        Whether a palette is chosen for it: then moods that have colours need no grade.
    """
    grade = dict(look.grade)
    style, weather, pace = look.style, look.weather, look.pace
    for mood in look.moods:
        data = entry("mood", mood)
        if not (chooses_colours and "hues" in data):
            for name, step in data.get("grade", {}).items():
                grade[name] = grade.get(name, 0.0) + step
        style = style or str(data.get("style", ""))
        weather = weather or str(data.get("weather", ""))
        if not pace and "pace" in data:
            pace = "slow" if data["pace"] < 1 else "fast"
    return replace(look, grade=grade, style=style, weather=weather, pace=pace)


def in_edit(look: Look) -> Look:
    """Return what a look asks of a picture that is there: moods become what they do to it."""
    # A word that already does something of its own is not taken for a colour as well.
    words = tuple(word for word in look.words if not any(tag.kind in _PLAINER for tag in lexicon()[word]))
    # "Calmer" asks for less than there is, so it stays until it is known what there is.
    calm = ("calm",) if "calm" in look.moods and not look.pace else ()
    known = replace(look, moods=tuple(mood for mood in look.moods if mood not in calm))
    return replace(with_moods(known, chooses_colours=False), moods=calm, words=words)


_PLAINER = ("mood", "grade", "style", "weather")
