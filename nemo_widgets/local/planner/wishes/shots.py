"""Wishes for new shots: more of them, others in the place of those that are there, pictures in a corner."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nemo_widgets.local.planner.absent import absent
from nemo_widgets.local.planner.lexicon import CHINESE
from nemo_widgets.local.planner.looks import LOOK_KINDS, Look, read_look
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.subjects import unknown_words
from nemo_widgets.local.planner.timeline import SHORTEST_SHOT_MS, shots
from nemo_widgets.local.planner.wishes.another import is_another
from nemo_widgets.local.planner.wishes.context import Context, Say, Spot
from nemo_widgets.local.planner.wishes.files import file_tokens, lost_file, part_of_file, pictures_of
from nemo_widgets.local.planner.wishes.speaking import only_speaks

NEW = "+"
"""Stands for the ids of shots that the same message adds."""


@dataclass(frozen=True, slots=True)
class NewShot:
    """A shot to be made.

    Attributes
    ----------
    look : Look
        What it shows and how it looks.
    url : str
        The uploaded file that it is, else it is drawn.
    length_ms : int or None
        How long it lasts; None where nothing is said.
    transition : str
        How it comes in.
    from_ms : int
        Where in its file it begins.
    """

    look: Look
    url: str = ""
    length_ms: int | None = None
    transition: str = ""
    from_ms: int = 0


@dataclass(frozen=True, slots=True)
class AddShots:
    """Put shots where they are wished."""

    new: tuple[NewShot, ...]
    spot: Spot
    is_unsure: bool = False
    """Whether they may have been meant to take the place of all."""


@dataclass(frozen=True, slots=True)
class ReplaceShots:
    """Put others in the place of shots; None for the whole picture."""

    shots: tuple[str, ...] | None
    new: tuple[NewShot, ...]


def opens(clause: Clause) -> bool:
    """Whether a clause says what is to come first: "start with the sea"."""
    return any(token.text.startswith(("start with", "begin with", "open with")) for token in clause.all("verb", "use"))


def read_shots(clause: Clause, context: Context) -> None:
    """Find what a clause wants to be shown."""
    for token in clause.all("lost_file"):
        clause.use(token)
        context.wish(lost_file(token, context))
        if not file_tokens(clause, context) and not any(clause.has(kind) for kind in ("scene", "ratio", "quote")):
            clause.use(*clause.tokens)
            return
    target, new = _parted(clause, context)
    if not new:
        return
    if (word := _into_picture(clause, new)) and shots(context.draft):
        clause.use(*clause.tokens)
        context.wish(Say("cannot_draw", {"word": word}))
        return
    if (speaks := only_speaks(new, clause)) is not None:
        context.wish(*speaks)
        return
    others = clause.does("remove", "move", "duplicate", "undo", "trim", "keep") and clause.has_own_verb
    if others and not clause.does("add", "put"):
        return
    follows = (clause.lead in ("then", "last") and not clause.has_own_verb) or clause.does("finish") or opens(clause)
    if clause.does("replace", "swap") or (clause.has("turn", "only") and clause.does("use", "keep", "show")):
        context.wish(ReplaceShots(meant_ids(target, clause, context), new_shots(clause, new, context)))
    elif is_another(clause):
        context.wish(AddShots(new_shots(clause, new, context), context.spot(clause) or Spot(None), is_unsure=True))
        context.focus = [NEW]
    elif (
        clause.does("add", "generate")
        or follows
        or (clause.does("show") and _is_placed(clause))
        or _is_use_of_file(new, target, context)
    ):
        if _moves(new, clause, context):
            return
        made = new_shots(clause, new, context)
        context.wish(AddShots(made, context.spot(clause) or _first_or_last(clause) or Spot(None)))
        context.focus = [NEW]
    else:
        context.wish(ReplaceShots(meant_ids(target, clause, context), new_shots(clause, new, context)))


def _into_picture(clause: Clause, new: Sequence[Token]) -> str:
    """Return what is to stand in the picture that is there, "a dancing bear in front"; empty for a shot of its own."""
    before = any(token.text in _IN_FRONT for token in clause.tokens)
    sure = any(token.has("file") or token.has("own") or token.has("shots") for token in new) or any(
        strength >= 1 for token in new for _, strength in token.all("scene")
    )
    return next(iter(absent(clause.tokens, None)), "") if before and not sure else ""


_IN_FRONT = ("in front", "in foreground", "foreground", "in background", "前面")

# What is new, and what it is to replace


def _parted(clause: Clause, context: Context) -> tuple[Token | None, list[Token]]:
    """Tell the shots that a clause is about from the scenes and files that it wants."""
    files = [token for token in file_tokens(clause, context) if pictures_of(token, context)]
    wanted = [token for token in clause.all("scene") if is_wanted(token, clause)]
    if not wanted and clause.does("replace", "make", "swap") and not clause.has("thing", "style"):
        wanted = [token for token in clause.all("extra") if _is_asked(token, clause)]
    pivot = clause.pivot() if clause.does("replace") else None
    if pivot is not None and wanted and all(token.start < pivot for token in wanted):
        wanted += [token for token in clause.all("extra") if token.start > pivot and token not in wanted]
    against = next((token for token in clause.tokens if token.has("join", "instead_of")), None)
    candidates = sorted({token.start: token for token in (*wanted, *files)}.values(), key=lambda token: token.start)
    if against is not None:
        candidates = [token for token in candidates if token.start < against.start]
    if clause.does("swap") and all(token.has("shots") for token in candidates):
        return None, []
    refs = clause.all("shots")
    strong = [token for token in refs if token not in candidates]
    if clause.does("replace", "swap"):
        pivot = clause.pivot()
        old = [token for token in refs if pivot is None or token.start < pivot]
        target = old[0] if old else None
        new = [
            token
            for token in candidates
            if token is not target and (pivot is None or target is None or token.start > pivot)
        ]
        if target is not None and not new and target in candidates and not _has_other_wish(clause, candidates):
            return None, [target]
        return target, new
    target = strong[0] if strong else None
    placed = clause.does("show") and _is_placed(clause)
    goes_on = clause.lead in ("then", "last") and not clause.has_own_verb
    if clause.does("add", "generate", "use") or placed or goes_on:
        old = [token for token in candidates if _is_goal(token, clause) or (context.has_found and token.has("shots"))]
        return target or next(iter(old), None), [token for token in candidates if token not in old]
    named = [token for token in candidates if token.has("shots")]
    if target is None and named and (len(named) < len(candidates) or _has_other_wish(clause, named)):
        return named[0], [token for token in candidates if token not in named]
    return target, candidates


def _is_placed(clause: Clause) -> bool:
    """Whether a clause says that something comes at the start or the end: "show the sea at the end"."""
    return any(token.get("at").shots is None for token in clause.all("at"))


def _is_asked(token: Token, clause: Clause) -> bool:
    """Whether a thing that no scene shows is to be the picture: "make it a castle", "replace it with a cat"."""
    lead = next((other for other in reversed(clause.tokens) if other.start < token.start), None)
    pivot = clause.pivot()
    return lead is not None and (lead.has("article", "a", "an") or (pivot is not None and token.start > pivot))


def is_wanted(token: Token, clause: Clause) -> bool:
    """Whether a word for a scene is one here: hints are not, and what is only near needs to be asked for."""
    strength = max(strength for _, strength in token.all("scene"))
    if strength >= 3:
        return True
    lead = next((other for other in reversed(clause.tokens) if other.start < token.start), None)
    if strength == 1:
        shot = clause.does("add", "generate") and any(clause.has(kind) for kind in ("length", "at", "thing"))
        hints = any(token.has(kind) for kind in ("time", "weather", "hue"))
        tinted = any(clause.has(kind) for kind in ("hue", "grade"))
        named = bool(CHINESE.search(token.text)) or (lead is not None and lead.has("article", "the"))
        return (shot or not hints) and not (named and tinted)
    if any(token.has(kind) for kind in ("verb", "thing", "filler", "place", "side", "own")):
        return False
    asked = lead is not None and (lead.has("article", "a") or lead.text in ("an", "of") or lead.has("verb"))
    return (asked or bool(CHINESE.search(token.text))) and not any(
        clause.has(kind) for kind in ("grade", "camera", "percent")
    )


def _is_goal(token: Token, clause: Clause) -> bool:
    """Whether something is added to what is named: "add rain to the forest", 给森林加雨."""
    lead = clause.before(token)
    things = [other for other in clause.tokens if other.end <= token.start and (other.has("extra") or other.is_unknown)]
    if token.has("shots") and things and lead is not None and (lead.has("prep", "to", "over") or lead.text == "in"):
        return not clause.has("thing", "shot", "clip")
    if not token.has("shots") or not any(clause.has(kind) for kind in LOOK_KINDS):
        return False
    verb = clause.first("verb", "add")
    if CHINESE.search(token.text):
        return verb is not None and token.start < verb.start
    return lead is not None and (lead.has("prep", "to", "over") or lead.text in ("in", "on"))


def _has_other_wish(clause: Clause, named: Sequence[Token]) -> bool:
    """Whether a clause says anything beside the names of shots: then it is about those."""
    kinds = (*LOOK_KINDS, "length", "span", "instant", "factor", "degrees", "percent", "transition", "at", "ratio")
    rest = [token for token in clause.left if token not in named]
    verbs = clause.verbs - {"make", "replace", "generate", "use", "show"}
    return bool(verbs) or any(token.has(kind) for token in rest for kind in kinds)


def meant_ids(target: Token | None, clause: Clause, context: Context) -> tuple[str, ...] | None:
    if target is None:
        return tuple(context.focus) if context.focus and clause.has("pronoun") else None
    clause.use(target)
    if target.get("shots").every:
        return None
    context.focus = context.resolved(target.get("shots"))
    return tuple(context.focus)


def _is_use_of_file(new: Sequence[Token], target: Token | None, context: Context) -> bool:
    """Whether files are named that are to be added: they are, unless they are to take the place of something."""
    return target is None and not any(token.has("scene") or token.has("extra") for token in new)


def _moves(new: Sequence[Token], clause: Clause, context: Context) -> bool:
    """Whether what is named is on the timeline already, and only its place is spoken of."""
    if not all(token.has("shots") and context.resolved(token.get("shots")) for token in new):
        return False
    if clause.has("verb", "finish") or opens(clause):
        return True
    return clause.does("put", "move", "use") and (clause.has("at") or clause.has("ordinal"))


def _first_or_last(clause: Clause) -> Spot | None:
    token = clause.first("ordinal", 1, -1)
    if token is None and opens(clause):
        return Spot("")
    clause.use(token)
    return None if token is None else Spot("" if token.get("ordinal") == 1 else None)


def new_shots(clause: Clause, new: Sequence[Token], context: Context) -> tuple[NewShot, ...]:
    """Return the shots that are wished; the words for their look and length are used up."""
    look_tokens = [
        token for token in clause.left if any(token.has(kind) for kind in (*LOOK_KINDS, "extra")) or token in new
    ]
    length = clause.first("length")
    coming = clause.first("transition")
    files = [token for token in new if not (token.has("scene") or token.has("extra"))]
    look = read_look(look_tokens)
    clause.use(*look_tokens, length, coming, *new)
    clause.use(
        *clause.all("thing", "shot", "clip", "picture", "transition"), *clause.all("own"), *clause.all("near_genre")
    )
    ms = None if length is None else max(SHORTEST_SHOT_MS, round(1000 * length.get("length")))
    start, ms = part_of_file(clause, files, ms)
    transition = coming.get("transition") if coming is not None and coming.get("transition") != "cut" else ""
    made = [
        NewShot(replace(look, subject=None), url, ms, transition, start)
        for token in files
        for url in pictures_of(token, context)
    ]
    if len(files) < len(new):
        made.append(NewShot(look, "", ms, transition))
    return tuple(shot for shot in made if not shot.url or context.message.asset(shot.url).kind != "audio")


def read_unknown(clause: Clause, context: Context) -> None:
    """Find a shot of something that no scene shows: it is added all the same, as the nearest that there is."""
    asks = clause.does("add", "generate", "replace") or (clause.lead in ("then", "last") and not clause.has_own_verb)
    named = unknown_words(list(clause.left))
    extra = clause.first("extra")
    if clause.does("remove") and extra is not None and not context.has_found:
        context.wish(Say("looks_so"))
    of_text = any(token.has("thing", "title", "caption", "text", "style") for token in clause.tokens)
    if not asks or not (named or extra) or clause.has("file") or (context.has_found and (extra is None or of_text)):
        return
    if clause.has("thing", "shot", "clip"):
        target = meant_ids(clause.first("shots"), clause, context) if clause.does("replace") else None
        made = new_shots(clause, [], context)
        look_tokens = [token for token in clause.left if token.has("extra")]
        look = replace(read_look(look_tokens), without=(extra.text if extra else named,))
        length = next((shot.length_ms for shot in made), None)
        new = (NewShot(look, "", length),)
        context.wish(ReplaceShots(target, new) if target else AddShots(new, context.spot(clause) or Spot(None)))
    else:
        context.wish(Say("cannot_draw", {"word": extra.text if extra else named}))
    clause.use(*clause.tokens)
