"""Wishes about titles and captions."""

from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import meta, shots, texts
from nemo_widgets.local.planner.wishes.context import Context, Say
from nemo_widgets.local.planner.wishes.letters import about_letters, goes_on_about_letters, goes_on_about_text, like

_LONGEST_TITLE_S = 10.0
"""*Titled X for 2 minutes* means the clip."""


@dataclass(frozen=True, slots=True)
class When:
    """When a text is shown, in milliseconds; None where nothing is said.

    Attributes
    ----------
    start_ms, end_ms, length_ms : int or None
        Where it begins and ends, how long it is there.
    edge : {"", "start", "end", "whole", "until"}
        At the start or the end of the whole, all the time, or from where it begins until the end.
    shots : tuple of str
        Over these shots.
    """

    start_ms: int | None = None
    end_ms: int | None = None
    length_ms: int | None = None
    edge: str = ""
    shots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """Where on the screen a text is, and how it appears; empty where nothing is said."""

    place: str = ""
    animation: str = ""


@dataclass(frozen=True, slots=True)
class PutText:
    """Put words on the picture; without words, the title of the whole."""

    role: str
    words: str
    when: When
    how: How
    anew: bool


@dataclass(frozen=True, slots=True)
class PutCaptions:
    """Put several captions on, one after another: spread over the whole, or each over a shot."""

    words: tuple[str, ...]
    how: How
    shots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeText:
    """Change texts that are there: those of a role, with some words or with a number."""

    role: str
    old: str
    number: int | None
    words: str
    when: When
    how: How
    longer: float = 1.0


@dataclass(frozen=True, slots=True)
class RemoveText:
    """Take texts off."""

    role: str
    old: str
    number: int | None


def read_texts(clause: Clause, context: Context) -> None:
    """Find what a clause wants of titles and captions; that letters have one colour and size is said last."""
    quoted = clause.has("quote")
    _read_texts(clause, context)
    if quoted and context.tells_letters:
        context.wish(Say("text_plain"))


def _read_texts(clause: Clause, context: Context) -> None:
    things = clause.all("thing", "title", "caption", "text")
    quotes = clause.all("quote")
    said_call = clause.does("call") and bool(quotes)
    if not things and not quotes and _goes_on(clause, context):
        when, how = _when(clause, context, things, quotes), _how(clause)
        if when != When() or how != How():
            context.wish(ChangeText(context.text_role, "", None, "", when, how))
        told = ("text_how", "text_plain", "no_such_text")
        said = any(isinstance(wish, Say) and wish.sentence in told for wish in context.wishes)
        if about_letters(clause, ()) and not said:
            context.wish(Say("text_plain"))
        clause.use(*clause.left)
        return
    context.tells_letters = context.tells_text = False
    if not things and not quotes and not _is_of_text(clause, context):
        return
    if not things and quotes and clause.has("ambience"):
        return
    role = _role(things, context)
    number = _number(clause, things)
    removes = clause.does("remove") and not clause.does("add", "replace") and (things or quotes)
    if removes:
        clause.use(*things, *quotes)
        context.wish(RemoveText(_wanted_role(things), quotes[0].get("quote") if quotes else "", number))
        return
    when, how = _when(clause, context, things, quotes), _how(clause)
    # Words for colour and size are about the letters, which have one; they don't colour the picture.
    letters = about_letters(clause, (*things, *quotes))
    clause.use(*things, *quotes, *letters)
    context.text_role = role
    context.tells_letters, context.tells_text = bool(letters), True
    if not quotes:
        _without_words(clause, context, things, number, when, how)
        return
    words = [token.get("quote") for token in quotes]
    if clause.does("replace") and not things and len(words) == 1 and (old := like(words[0], context.draft)):
        context.wish(ChangeText("", old, None, words[0], when, how))
        return
    changes = clause.does("replace", "make", "move") or said_call
    if len(words) > 1 and clause.does("replace"):
        context.wish(ChangeText(_wanted_role(things), words[0], number, words[-1], when, how))
    elif letters and clause.does("make") and not clause.does("add", "replace"):
        # "Make the title 'A' bigger": its words are its name.
        if not (there := any(meta(piece).get("text") == words[0] for piece in texts(context.draft))):
            context.wish(Say("no_such_text", {"title": words[0]}))
        context.tells_letters = there
    elif changes and not clause.does("add") and when == When():
        context.wish(ChangeText(role, "", number, words[0], when, how))
    elif changes and not clause.does("add", "replace") and not things:
        context.wish(ChangeText("", words[0], None, "", when, how))
    elif clause.does("trim", "shorten", "lengthen", "show") and not things and not clause.does("add"):
        context.wish(ChangeText("", words[0], None, "", when, how, _longer(clause)))
    else:
        for word in words:
            context.wish(PutText(role, word, when, how, clause.does("add")))


def _goes_on(clause: Clause, context: Context) -> bool:
    """Whether a clause still speaks of the text of the one before; of a new video's, only after words for letters."""
    if context.tells_letters and goes_on_about_letters(clause):
        return True
    return context.tells_text and bool(shots(context.draft)) and goes_on_about_text(clause)


def _is_of_text(clause: Clause, context: Context) -> bool:
    """Whether a clause goes on about a text: "… and keep it for 5 seconds", "… at the bottom"."""
    if not context.text_role or clause.has("scene") or clause.has("thing") or clause.has("shots"):
        return False
    return clause.has("spot") or clause.has("animation")


def _role(things: Sequence[Token], context: Context) -> str:
    for token in things:
        if token.has("thing", "caption"):
            return "caption"
        if token.has("thing", "title"):
            return "title"
    return context.text_role or "title"


def _wanted_role(things: Sequence[Token]) -> str:
    """Return the role that is named; none where only "text" is."""
    return next((token.get("thing") for token in things if token.has("thing", "caption", "title")), "")


def _number(clause: Clause, things: Sequence[Token]) -> int | None:
    if not things:
        return None
    lead = clause.before(things[0])
    while lead is not None and lead.text in ("个", "条", "句"):
        lead = clause.before(lead)
    if lead is None or not lead.has("ordinal"):
        return None
    clause.use(lead)
    return int(lead.get("ordinal"))


def _without_words(
    clause: Clause, context: Context, things: Sequence[Token], number: int | None, when: When, how: How
) -> None:
    wanted = _wanted_role(things) or context.text_role
    longer = _longer(clause)
    clause.use(*clause.all("verb", "lengthen", "shorten", "slower"))
    lead = clause.before(things[0]) if things else None
    with_one = lead is not None and lead.has("prep", "with")
    there = bool(texts(context.draft, "title"))
    if there and wanted == "title" and (when != When() or how != How()):
        context.wish(ChangeText(wanted, "", number, "", when, how, longer))
    elif (clause.does("add", "generate") or with_one) and wanted != "caption" and when.edge != "end":
        context.wish(PutText("title", "", when, how, True))
    elif when != When() or how != How() or longer != 1.0:
        context.wish(ChangeText(wanted, "", number, "", when, how, longer))
    elif clause.does("add") or not clause.does("keep", "undo"):
        context.wish(Say("which_words" if clause.does("add", "generate") else "text_how"))


def _longer(clause: Clause) -> float:
    if clause.does("lengthen", "slower"):
        return 1.5
    return 0.6 if clause.does("shorten") else 1.0


def _how(clause: Clause) -> How:
    spot, animation = clause.first("spot"), clause.first("animation")
    appears = animation.get("animation") if animation else ""
    of_text = clause.has("thing", "title", "caption", "text") or clause.has("quote")
    if spot is None and of_text and (corner := clause.first("corner")) is not None:
        clause.use(corner)
        return How("top" if "top" in corner.get("corner") else "bottom", appears)
    middle = clause.first("at")
    if spot is None and middle is not None and middle.get("at").side == "middle" and middle.get("at").shots is None:
        clause.use(middle)
        return How("center", appears)
    fades = clause.first("verb", "fade_in", "fade_both", "fade") if animation is None else None
    clause.use(spot, animation, fades)
    appears = appears or ("fade" if fades else "")
    return How(spot.get("spot") if spot else "", appears)


def _when(clause: Clause, context: Context, things: Sequence[Token], quotes: Sequence[Token]) -> When:
    """Read when a text is shown; a length that stands before it, or is long, is that of the clip."""
    first = min((token.start for token in (*things, *quotes)), default=0)
    start = end = length = None
    edge = ""
    if (span := clause.first("span")) is not None:
        clause.use(span)
        start, end = (round(1000 * moment) for moment in span.get("span"))
    if (instant := clause.first("instant")) is not None:
        clause.use(instant)
        start = round(1000 * instant.get("instant"))
    for token in clause.all("length"):
        lead = clause.before(token)
        value = token.get("length")
        ms = round(1000 * value)
        shown = clause.does("show", "lengthen", "shorten", "make", "move") and not clause.does("add")
        if lead is not None and (lead.has("prep", "at", "from") or lead.has("verb", "begin")) and start is None:
            start = ms
        elif lead is not None and lead.has("prep", "until"):
            end = ms
        elif lead is not None and lead.has("ordinal", 1, -1) and (token.start > first or shown):
            edge, length = ("start" if lead.get("ordinal") == 1 else "end"), ms
            clause.use(lead)
        elif value <= _LONGEST_TITLE_S and (
            _is_its_length(clause, token, first, shown) or (shots(context.draft) and _is_put_for(clause, token, first))
        ):
            length = ms
        else:
            continue
        clause.use(token)
    over: tuple[str, ...] = ()
    at = clause.first("at")
    if (things or context.text_role) and clause.has("every") and not clause.has("shots") and not quotes:
        clause.use(*clause.all("every"))
        edge = "whole"
    elif at is not None and at.get("at").shots is None and at.get("at").side != "middle":
        lead = clause.before(at)
        stays = at.get("at").side == "end" and lead is not None and lead.has("prep", "until", "to")
        stays = stays or at.text.startswith(("until", "till"))
        clause.use(at)
        edge = "until" if stays else at.get("at").side
    elif clause.has("verb", "finish") or (quotes and clause.lead == "last" and not clause.has("shots")):
        edge = "end"
    elif (named := clause.first("shots")) is not None and not named.has("scene"):
        over = context.target(clause) or ()
    return When(start, end, length, edge, over)


def _is_put_for(clause: Clause, token: Token, first: int) -> bool:
    """Whether a length ends what is said of a text that is put on: "add the title 'Hi' at the end, 2 seconds"."""
    return clause.does("add") and token.start > first and clause.after(token) is None


def _is_its_length(clause: Clause, token: Token, first: int, shown: bool) -> bool:
    """Whether a length is that of the text, not of what it is shown over."""
    lead, follow = clause.before(token), clause.after(token)
    if token.start > first:
        return shown or (lead is not None and lead.has("prep", "for"))
    return follow is not None and follow.has("thing", "title", "caption", "text")
