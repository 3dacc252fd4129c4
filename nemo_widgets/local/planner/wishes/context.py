"""What a clause is read against: the timeline, the files, and what was spoken of last."""

from dataclasses import dataclass, field

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.reading.places import Place
from nemo_widgets.local.planner.reading.ref import Ref, resolve
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import Raw, shots


@dataclass(frozen=True, slots=True)
class Say:
    """Nothing to do, only something to say: a sentence of ``words/answers.toml`` and what is filled in."""

    sentence: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """Nothing to do, only this to say, word for word."""

    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where shots are to go: the id of the shot after which, empty for the start; None for the end."""

    after: str | None


def _counts(ordinal: Token, clause: Clause) -> bool:
    """Whether an ordinal counts something else than shots: "the first 2 seconds", "the second caption"."""
    follow = clause.after(ordinal)
    if follow is not None and follow.has("length") and ordinal.get("ordinal") not in (1, -1):
        return False  # "The first shot 2 s, the second 3 s."
    return follow is not None and any(follow.has(kind) for kind in ("length", "thing", "number", "own"))


class Context:
    """The state of reading one message.

    Attributes
    ----------
    draft : Raw
        The timeline before the message: "the second shot" is counted there.
    message : Message
        What is read.
    focus : list of str or None
        The shots that were spoken of last, which "it" may mean.
    text_role : str
        Whether a title or a caption was spoken of last.
    tells_letters : bool
        Whether the clause before spoke of the colour or size of a text.
    tells_text : bool
        Whether the clause before was about a text.
    sounded : bool
        Whether the clause before spoke of music.
    wishes : list
        What was found, in order.
    """

    def __init__(self, message: Message, draft: Raw) -> None:
        self.message = message
        self.draft = draft
        self.focus: list[str] | None = None
        self.text_role = ""
        self.tells_letters = False
        self.tells_text = False
        self.wishes: list[object] = []
        self.topic: tuple[str, ...] | None = None
        self.sounded = False
        self._before = 0
        self._targets: dict[int, tuple[str, ...] | None] = {}

    def begin_clause(self) -> None:
        """Note that the next clause is read."""
        self._before = len(self.wishes)

    @property
    def has_found(self) -> bool:
        """Whether the clause that is read has asked for something already."""
        return len(self.wishes) > self._before

    def wish(self, *wishes: object) -> None:
        """Note wishes; what is for shots that there aren't is none."""
        self.wishes += [
            wish for wish in wishes if getattr(wish, "shots", None) != () and getattr(wish, "into", None) != ()
        ]

    def resolved(self, ref: Ref) -> list[str]:
        """Return the ids of shots; where there are none of that number, that is said."""
        if ref.rest:
            named = self.focus or []
            return [str(piece["id"]) for piece in shots(self.draft) if str(piece["id"]) not in named]
        if not shots(self.draft):
            return []
        ids, lacking = resolve(ref, self.draft)
        if lacking:
            values = {"number": lacking[0] if lacking[0] > 0 else -lacking[0], "count": len(shots(self.draft))}
            self.wish(Say("no_such_shot" if len(shots(self.draft)) != 1 else "only_one_shot", dict(values)))
        return ids

    def target(self, clause: Clause, *, new: bool = False) -> tuple[str, ...] | None:
        """Return which shots a clause is about: None for the whole, nothing for shots that there aren't.

        Parameters
        ----------
        clause : Clause
            Where they are named.
        new : bool
            Whether scenes and files named in it may be wished for, rather than meant as what is there.
        """
        if id(clause) not in self._targets:
            self._targets[id(clause)] = self._target(clause, new)
        return self._targets[id(clause)]

    def _target(self, clause: Clause, new: bool) -> tuple[str, ...] | None:
        token = self.target_token(clause, new=new)
        if token is not None:
            clause.use(token)
            if token.get("shots").every and not token.get("shots").each:
                return None
            return self.spoken_of(self.resolved(token.get("shots")))
        if clause.has("every"):
            return None
        goes_on = clause.lead in (",", "and") and not clause.has_own_verb
        ordinal = next((token for token in clause.left if token.has("ordinal") and not _counts(token, clause)), None)
        if ordinal is not None and self.focus and clause.lead in (",", "and"):
            clause.use(ordinal)  # "Trim the first shot to 2 s and the last to 3 s."
            return self.spoken_of(self.resolved(Ref(numbers=(ordinal.get("ordinal"),))))
        said_it = clause.has("pronoun") and not clause.has("thing", "clip", "picture")
        if self.focus and (said_it or goes_on):
            return tuple(self.focus)
        return self.topic

    def spoken_of(self, ids: list[str]) -> tuple[str, ...]:
        """Note which shots were spoken of last."""
        self.focus = ids
        return tuple(ids)

    def end_clause(self, clause: Clause) -> None:
        """Note what the clauses after this one may be about: "in the second shot, …", "take the last shot and …"."""
        token = self.target_token(clause, new=True)
        if token is not None and not token.get("shots").every and not self.has_found:
            ids = self.target(clause)
            if not clause.has_own_verb:
                self.topic = ids

    def target_token(self, clause: Clause, *, new: bool = False) -> Token | None:
        """Return the token that names the shots which a clause is about."""
        for token in clause.all("shots"):
            is_name = token.has("scene") or token.has("file") or token.has("own")
            if not (new and is_name):
                return token
        return None

    def spot(self, clause: Clause) -> Spot | None:
        """Return where a clause wants something to go; the token is used up."""
        token = clause.first("at")
        if token is None:
            return None
        clause.use(token)
        place: Place = token.get("at")
        everything = [str(piece["id"]) for piece in shots(self.draft)]
        if place.shots is None and place.side == "middle" and everything:
            return Spot(everything[(len(everything) - 1) // 2])
        if place.shots is None:
            return Spot("" if place.side == "start" else None)
        ids = [one for one in everything if one in self.resolved(place.shots)]
        if not ids:
            return Spot(None)
        if place.side == "after":
            return Spot(ids[-1])
        first = everything.index(ids[0])
        if place.side == "between":
            return Spot(ids[0])
        return Spot(everything[first - 1] if first else "")
