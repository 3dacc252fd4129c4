"""Wishes about how shots look: light, colours, weather, style, camera, turning, the shape of the canvas."""

from dataclasses import dataclass, replace

from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import LOOK_KINDS, Look, in_edit, read_look
from nemo_widgets.local.planner.palettes import palette_of
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import meta, shots
from nemo_widgets.local.planner.wishes.context import Context, Say

Shots = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Restyle:
    """Let shots look otherwise."""

    shots: Shots
    look: Look


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn shots by so many degrees, clockwise."""

    shots: Shots
    degrees: int


@dataclass(frozen=True, slots=True)
class Flip:
    """Show shots as in a mirror: ``"h"`` from left to right, ``"v"`` from top to bottom; empty as they were."""

    shots: Shots
    axis: str


@dataclass(frozen=True, slots=True)
class SetCanvas:
    """Change the shape of the picture."""

    ratio: str


_SIDES = {"top": "v", "vertical": "v", "horizontal": "h"}


def read_canvas(clause: Clause, context: Context) -> None:
    """Find which shape a clause wants the picture to have."""
    token = clause.first("ratio")
    if token is None or clause.has("verb", "flip", "rotate"):
        return
    clause.use(token, *clause.all("thing", "shape"))
    context.wish(SetCanvas(token.get("ratio")))


def read_turning(clause: Clause, context: Context) -> None:
    """Find whether a clause wants shots turned or mirrored."""
    rotate, flip = clause.first("verb", "rotate"), clause.first("verb", "flip")
    degrees = clause.first("degrees")
    said = " ".join(token.text for token in clause.tokens)
    if flip is not None:
        clause.use(flip, *clause.all("turn", "horizontal", "vertical"), *clause.all("ratio"))
        upright = any(word in said for word in ("vertical", "upside", "top", "上下", "垂直"))
        context.wish(Flip(context.target(clause), "" if clause.does("undo", "remove") else "v" if upright else "h"))
    elif rotate is not None or degrees is not None:
        clause.use(rotate, degrees, *clause.all("turn", "clockwise", "counterclockwise"), *clause.all("ratio"))
        against = "counter" in said or "anti" in said or "left" in said or "逆" in said or "左" in said
        over = "upside" in said or "颠倒" in said or "倒过来" in said
        angle = round(degrees.get("degrees") / 90) * 90 if degrees is not None else 180 if over else 90
        if degrees is not None and angle != degrees.get("degrees"):
            context.wish(Say("quarter_turns"))
        context.wish(Turn(context.target(clause), (-angle if against else angle) % 360))


def read_restyling(clause: Clause, context: Context) -> None:
    """Find how a clause wants shots to look."""
    if (plain := clause.first("verb", "plain")) is not None:
        clause.use(plain, *clause.all("every"), *clause.all("thing"))
        context.wish(Restyle(context.target(clause), _PLAIN))
        return
    against = clause.first("join", "instead_of")
    tokens = [
        token
        for token in clause.left
        if any(token.has(kind) for kind in LOOK_KINDS)
        and (against is None or token.start < against.start)
        and not (token.has("extra") and clause.does("add") and not any(token.has(k) for k in LOOK_KINDS if k != "tint"))
    ]
    removes = clause.does("remove") and not clause.does("add", "replace", "make")
    if removes:
        look = _without(clause)
        if not look.is_empty:
            context.wish(Restyle(context.target(clause), look))
        return
    if not tokens:
        _without_value(clause, context)
        return
    clause.use(*tokens, *clause.all("thing", "style", "light", "weather", "grade", "camera"))
    tokens, old = _turned(clause, tokens)
    look = in_edit(replace(read_look(tokens_in_place(clause, tokens)), subject=None, without=()))
    if not replace(look, words=()).is_empty or look.words:
        target = context.target(clause)
        context.wish(Restyle(_lit_so(old, context) if target is None and old else target, look))


_NONE = {"warmth": 0.0, "brightness": 0.0, "contrast": 0.0, "saturation": 0.0}
_PLAIN = Look(weather="clear", style="natural", camera="gentle", pace="normal", grade_sets=_NONE)


def _turned(clause: Clause, tokens: list[Token]) -> tuple[list[Token], Token | None]:
    """Read "change night to day": leave out what is there, and return it beside the rest."""
    # "Turn the day into night" as well as "change day to night".
    turns = clause.does("replace") or any(token.text in ("turn", "turns", "into") for token in clause.tokens)
    pivot = clause.pivot() if turns else None
    for kind in ("time", "weather", "season", "style", "hue"):
        said = [token for token in tokens if token.has(kind)]
        if pivot is not None and len(said) == 2 and said[0].start < pivot < said[1].start:
            return [token for token in tokens if token is not said[0]], said[0]
    return tokens, None


def _lit_so(old: Token | None, context: Context) -> Shots:
    """Return the shots that look as a word says; None for all where none does."""
    if old is None:
        return None
    light = entry("time", old.get("time"))["light"] if old.has("time") else ""
    found = []
    for piece in shots(context.draft):
        facts = meta(piece)
        palette = palette_of(piece)
        there = (bool(light) and palette is not None and palette.light == light) or any(
            old.has(kind, facts.get(kind)) for kind in ("weather", "style") if facts.get(kind)
        )
        if there:
            found.append(str(piece["id"]))
    return tuple(found) or None


def tokens_in_place(clause: Clause, tokens: list[Token]) -> list[Token]:
    """Return the tokens of a look with those around them that say how much."""
    near = [
        token
        for token in clause.tokens
        if token.has("amount") or token.has("turn") or token.has("percent") or token.has("verb", "quieter")
    ]
    return sorted({token.start: token for token in (*tokens, *near)}.values(), key=lambda token: token.start)


def _without(clause: Clause) -> Look:
    """Return the look that is left once what a clause names is taken away."""
    look = Look()
    if clause.has("weather") or clause.has("thing", "weather"):
        look = replace(look, weather="clear")
    if clause.has("style") or clause.has("thing", "style"):
        look = replace(look, style="natural")
    if clause.has("camera") or clause.has("aim") or clause.has("thing", "camera"):
        look = replace(look, camera="still")
    if clause.has("grade") or clause.has("thing", "grade"):
        look = replace(look, grade_sets=_NONE)
    clause.use(*(token for token in clause.left if any(token.has(kind) for kind in LOOK_KINDS) or token.has("thing")))
    return look


_ASKED = {
    "style": "which_style",
    "weather": "which_weather",
    "light": "which_light",
    "grade": "which_grade",
    "camera": "which_camera",
    "shape": "which_shape",
}


def _without_value(clause: Clause, context: Context) -> None:
    """Ask for what a clause leaves open: "change the style"."""
    thing = clause.first("thing", *_ASKED)
    if context.has_found or clause.has("talk", "vague") or clause.has("talk", "question"):
        return
    if thing is not None and clause.does("replace", "add", "make", "other"):
        clause.use(thing)
        context.wish(Say(_ASKED[next(kind for kind in _ASKED if thing.has("thing", kind))]))
