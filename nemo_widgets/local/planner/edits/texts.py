"""Titles and captions put on, changed and taken off."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.picture.fonts import can_write
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.timeline import (
    Raw,
    altered,
    end_of,
    meta,
    role_of,
    shots,
    start_of,
    texts,
    total_ms,
    with_facts,
    with_texts,
)
from nemo_widgets.local.planner.voice import joined, seconds
from nemo_widgets.local.planner.wishes.texts import ChangeText, How, PutCaptions, PutText, RemoveText, When

TITLE_MS, CAPTION_MS = 3000, 3000
_SHORTEST_MS = 100
_PLACES = {"title": "center", "caption": "bottom"}


def put_text(wish: PutText, draft: Raw, desk: Desk) -> Stage:
    """Put a title or a caption on; a title takes the place of the one that is there at that time."""
    there = texts(draft, wish.role)
    words = wish.words or str((draft.get("m") or {}).get("title") or "")
    if not words:
        return desk.only_says(draft, "which_words")
    if (
        wish.role == "title"
        and there
        and wish.when.start_ms is None
        and wish.when.edge != "end"
        and not wish.when.shots
    ):
        old = str(meta(there[0]).get("text"))
        changed = change_text(ChangeText("title", "", None, words, wish.when, wish.how), draft, desk)
        remark = desk.voice.say("title_replaced", old=old, title=words) if wish.anew and old != words else ""
        return replace(changed, says=joined(changed.says, remark))
    start, end = _span(wish.when, draft, CAPTION_MS if wish.role == "caption" else TITLE_MS)
    if wish.when.length_ms is None and wish.when.end_ms is None:
        # The next text of the same kind ends it.
        end = min([end, *(start_of(piece) for piece in there if start_of(piece) > start)])
    beside = [other for other in there if end_of(other) > start and start_of(other) < end]
    how = wish.how
    if wish.anew and beside and not how.place and wish.when != When():
        # It is said when: the one that is there stays, and the new one goes where it doesn't lie over it.
        taken = {str(meta(other).get("place") or "center") for other in beside}
        how, beside = How(next((p for p in ("bottom", "top", "center") if p not in taken), "bottom"), how.animation), []
    piece = {"s": start, "d": end - start, "m": {"name": words, "text": words, **_style(wish.role, how)}}
    others = [other for other in there if other not in beside]
    after = with_texts(draft, wish.role, [*others, piece])
    if wish.role == "title" and not there:
        after = with_facts(after, title=words)
    sentence = "title_added" if wish.role == "title" else "caption_added"
    says = desk.voice.say(sentence, title=words, start=seconds(start), end=seconds(end))
    return desk.done(f"add_{wish.role}", {"text": words}, draft, after, says, _glyphs(words, desk))


def put_captions(wish: PutCaptions, draft: Raw, desk: Desk) -> Stage:
    """Put captions on, one after another, in equal shares of the whole."""
    if len(wish.words) == 1 and not texts(draft, "caption"):
        return put_text(PutText("caption", wish.words[0], When(start_ms=0), wish.how, True), draft, desk)
    if len(wish.words) == 1:
        last = max(end_of(piece) for piece in texts(draft, "caption"))
        begin = last if last < total_ms(draft) - _SHORTEST_MS else 0
        return put_text(PutText("caption", wish.words[0], When(start_ms=begin), wish.how, True), draft, desk)
    edges = _edges(wish, draft)
    pieces = [
        {
            "s": edges[index],
            "d": edges[index + 1] - edges[index],
            "m": {"name": words, "text": words, **_style("caption", wish.how)},
        }
        for index, words in enumerate(wish.words)
        if edges[index + 1] > edges[index]
    ]
    after = with_texts(draft, "caption", pieces)
    each = seconds(edges[1] - edges[0])
    says = desk.voice.say("captions_added", count=len(pieces), texts=desk.voice.quoted(wish.words), each=each)
    return desk.done(
        "add_captions", {"texts": list(wish.words)}, draft, after, says, _glyphs("".join(wish.words), desk)
    )


def _edges(wish: PutCaptions, draft: Raw) -> list[int]:
    """Return where captions begin, and where the last one ends."""
    over = [piece for piece in shots(draft) if str(piece.get("id")) in wish.shots]
    if len(over) >= len(wish.words):
        over = over[: len(wish.words)]
        return [*(start_of(piece) for piece in over), end_of(over[-1])]
    total = total_ms(draft)
    return [total * index // len(wish.words) for index in range(len(wish.words) + 1)]


def change_text(wish: ChangeText, draft: Raw, desk: Desk) -> Stage:
    """Change the words, the time, the place or the animation of texts."""
    there = _meant(wish.role, wish.old, wish.number, draft)
    if not wish.words and (over := _over(wish.when.shots, there, draft)):
        # "The text in the last shot" is the one that is there already.
        there, wish = over, replace(wish, when=replace(wish.when, shots=()))
    if not there:
        if wish.words and not wish.old:
            return put_text(PutText(wish.role or "title", wish.words, wish.when, wish.how, True), draft, desk)
        if wish.old:
            return desk.only_says(draft, "no_such_text", title=wish.old)
        return desk.only_says(draft, "no_caption" if wish.role == "caption" else "no_title")
    chosen = there if wish.role == "caption" and not wish.words and wish.number is None else there[:1]
    after = draft
    for piece in chosen:
        after = _with_change(after, piece, wish)
    if after == draft:
        return desk.only_says(draft, "same_text", title=str(meta(chosen[0]).get("text")))
    now = next(piece for piece in texts(after) if piece.get("id") == chosen[0].get("id"))
    words = str(meta(now).get("text"))
    if chosen[0] in texts(draft, "title")[:1] and wish.words:
        after = with_facts(after, title=words)
    role = role_of(now)
    sentence = f"{role}_changed" if wish.words else "text_moved"
    place = str(meta(now).get("place") or "center")
    span = {"start": seconds(start_of(now)), "end": seconds(end_of(now)), "place": desk.voice.say(f"place_{place}")}
    says = [desk.voice.say(sentence, title=words, **span)]
    if wish.words and (wish.when != When() or wish.how != How()):
        says.append(desk.voice.say("text_moved", title=words, **span))
    return desk.done(f"edit_{role}", {"text": words}, draft, after, *says, _glyphs(words, desk))


def remove_text(wish: RemoveText, draft: Raw, desk: Desk) -> Stage:
    """Take texts off: those that are meant, else all of the role."""
    there = _meant(wish.role, wish.old, wish.number, draft)
    if not there:
        if wish.old:
            return desk.only_says(draft, "no_such_text", title=wish.old)
        return desk.only_says(draft, "no_caption" if wish.role == "caption" else "no_title")
    gone = {str(piece.get("id")) for piece in there}
    after = draft
    for role in ("title", "caption"):
        left = [piece for piece in texts(draft, role) if str(piece.get("id")) not in gone]
        if len(left) < len(texts(draft, role)):
            after = with_texts(after, role, left)
    words = desk.voice.quoted([str(meta(piece).get("text")) for piece in there])
    role = "caption" if all(role_of(piece) == "caption" for piece in there) else "title"
    return desk.done(f"remove_{role}", {}, draft, after, desk.voice.say("text_removed", texts=words))


def _meant(role: str, old: str, number: int | None, draft: Raw) -> list[Raw]:
    there = texts(draft, role or None)
    if old:
        said = old.casefold()
        return [piece for piece in texts(draft) if str(meta(piece).get("text", "")).casefold() == said]
    if number is not None:
        index = number - 1 if number > 0 else len(there) + number
        return [there[index]] if 0 <= index < len(there) else []
    return there or ([] if role else texts(draft))


def _over(ids: Sequence[str], there: Sequence[Raw], draft: Raw) -> list[Raw]:
    """Return the texts that begin over shots."""
    spans = [(start_of(piece), end_of(piece)) for piece in shots(draft) if str(piece.get("id")) in ids]
    return [piece for piece in there if any(begin <= start_of(piece) < end for begin, end in spans)]


def _style(role: str, how: How) -> dict[str, str]:
    look = {"role": role, "place": how.place or _PLACES[role]}
    return {**look, "animation": how.animation} if how.animation else look


def _span(when: When, draft: Raw, default_ms: int) -> tuple[int, int]:
    """Return when a new text begins and ends, inside the whole."""
    total = total_ms(draft)
    length = when.length_ms if when.length_ms is not None else default_ms
    if when.shots:
        pieces = [piece for piece in shots(draft) if str(piece.get("id")) in when.shots]
        if pieces:
            begin, end = start_of(pieces[0]), end_of(pieces[-1])
            return begin, min(end, begin + length) if when.length_ms is not None else end
    if when.edge == "whole":
        return 0, total
    if when.edge == "end":
        return max(0, total - length), total
    start = min(when.start_ms or 0, max(0, total - _SHORTEST_MS))
    end = when.end_ms if when.end_ms is not None and when.end_ms > start else start + length
    return start, max(start + 1, min(total, end))


def _with_change(draft: Raw, piece: Raw, wish: ChangeText) -> Raw:
    total = total_ms(draft)
    start, length = start_of(piece), int(piece["d"])
    if wish.when.edge == "until":
        length = total - start
    elif wish.when.shots or wish.when.edge in ("end", "whole") or wish.when.start_ms is not None:
        begin, end = _span(wish.when, draft, length)
        start, length = begin, end - begin
    elif wish.when.edge == "start":
        start = 0
    if wish.when.length_ms is not None:
        length = wish.when.length_ms
        start = max(0, total - length) if wish.when.edge == "end" else start
    elif wish.when.end_ms is not None and wish.when.end_ms > start:
        length = wish.when.end_ms - start
    if wish.longer > 1:
        following = [start_of(other) for other in texts(draft, role_of(piece)) if start_of(other) > start]
        length = max(length, min(round(length * wish.longer), min(following, default=total) - start))
    else:
        length = round(length * wish.longer)
    length = max(1, min(length, total - start))
    facts: dict[str, object] = {}
    if wish.words:
        facts |= {"text": wish.words, "name": wish.words}
    if wish.how.place:
        facts["place"] = wish.how.place
    if wish.how.animation:
        facts["animation"] = wish.how.animation
    role = role_of(piece)
    changed = {**altered(piece, **facts), "s": start, "d": length}
    pieces: Sequence[Raw] = [changed if other.get("id") == piece.get("id") else other for other in texts(draft, role)]
    return with_texts(draft, role, pieces)


def _glyphs(words: str, desk: Desk) -> str:
    return "" if can_write(words) else desk.voice.say("no_glyphs", title=words)
