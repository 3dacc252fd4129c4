"""Which shots a message means: "the second shot", "shots 1 and 3", "the forest", 第二个镜头."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.cuts import is_drawn, is_film, is_upload
from nemo_widgets.local.planner.lexicon import CHINESE, Tag
from nemo_widgets.local.planner.reading.ref import Ref
from nemo_widgets.local.planner.reading.tokens import Token
from nemo_widgets.local.planner.timeline import Raw, meta, shots


def with_references(tokens: Sequence[Token], draft: Raw) -> list[Token]:
    """Return tokens in which those that mean shots together are one, tagged ``shots``."""
    sorts = any(token.has("verb", "swap", "move", "reorder") for token in tokens)
    return _excepting(_joined(_named(_counted(_listed(list(tokens)), sorts), draft)))


# Numbers and ordinals


def _listed(tokens: list[Token]) -> list[Token]:
    """Make a list of plain numbers, "3, 1, 2", one token, tagged ``numbers``."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while (
            end + 2 < len(tokens) and _is_number(tokens[end]) and tokens[end + 1].has("join", ",", "and")
            and _is_number(tokens[end + 2])
        ):  # fmt: skip
            end += 2
        if end > at + 1 and not _follows_shot_word(result):
            numbers = tuple(round(token.get("number")) for token in tokens[at : end + 1 : 2])
            result.append(merged(tokens[at : end + 1], Tag("numbers", numbers)))
            at = end + 1
        else:
            result.append(tokens[at])
            at += 1
    return result


def _follows_shot_word(before: Sequence[Token]) -> bool:
    lead = next((token for token in reversed(before) if not token.has("article")), None)
    return lead is not None and lead.has("thing", "shot", "clip")


def _is_shot_word(token: Token) -> bool:
    return token.has("thing", "shot", "clip") or token.has("own", "image", "video") or token.text in _ONES


_ONES = ("one", "ones", "part", "section", "那个", "那段", "那一个", "那张")


def _skip(tokens: Sequence[Token], at: int) -> int:
    """Go over articles and words without meaning, such as the Chinese counters."""
    while at < len(tokens) and (
        tokens[at].has("article") or tokens[at].text in ("个", "张", "段", "条", "一个", "my", "of")
    ):
        at += 1
    return at


def _counted(tokens: list[Token], sorts: bool) -> list[Token]:
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        found = _ordinals_at(tokens, at, sorts) or _numbers_at(tokens, at) or _every_at(tokens, at)
        if found is None:
            result.append(tokens[at])
            at += 1
            continue
        ref, after = found
        while result and result[-1].has("article"):
            result.pop()
        result.append(merged(tokens[at:after], Tag("shots", ref)))
        at = after
    return result


def merged(tokens: Sequence[Token], tag: Tag) -> Token:
    """Make tokens one."""
    text = " ".join(token.text for token in tokens)
    return Token(text, tokens[0].start, tokens[-1].end, (tag,))


def _ordinals_at(tokens: Sequence[Token], at: int, sorts: bool) -> tuple[Ref, int] | None:
    """Read "first", "first and second", "last two".

    A word for shots has to follow, or "after" to go before, unless two of them are put in order.
    """
    begin = at
    numbers: list[int] = []
    while at < len(tokens) and tokens[at].has("ordinal"):
        numbers.append(tokens[at].get("ordinal"))
        at = _skip(tokens, at + 1)
        if at < len(tokens) and len(numbers) == 1 and _is_number(tokens[at]):
            many = round(tokens[at].get("number"))
            if 1 <= many <= 50:
                first = numbers[0]
                numbers = list(range(first, first + many)) if first > 0 else list(range(first - many + 1, first + 1))
            at = _skip(tokens, at + 1)
            break
        ahead = at
        while ahead < len(tokens) and tokens[ahead].has("join", "and", ","):
            ahead = _skip(tokens, ahead + 1)
        if ahead == at or ahead >= len(tokens) or not tokens[ahead].has("ordinal"):
            break
        at = ahead
    if not numbers:
        return None
    if at >= len(tokens) or not _is_shot_word(tokens[at]):
        back = begin - 1
        while back >= 0 and tokens[back].has("article"):
            back -= 1
        measured = at < len(tokens) and tokens[at].has("length")
        named = back >= 0 and tokens[back].has("side") and not CHINESE.search(tokens[back].text)
        pair = sorts and len(numbers) == 2
        return (Ref(numbers=tuple(numbers)), at) if (named or pair) and not measured else None
    return Ref(numbers=tuple(numbers), kind=tokens[at].get("own") or ""), at + 1


def _numbers_at(tokens: Sequence[Token], at: int) -> tuple[Ref, int] | None:
    """Read "shot 2", "shots 1 and 3", "shots 2-4"."""
    if not tokens[at].has("thing", "shot", "clip") or at + 1 >= len(tokens) or not _is_number(tokens[at + 1]):
        return None
    numbers = [round(tokens[at + 1].get("number"))]
    at += 2
    while at < len(tokens):
        ranged = False
        ahead = at
        while ahead < len(tokens) and (tokens[ahead].has("join", "and", ",") or tokens[ahead].has("prep", "to")):
            ranged = ranged or tokens[ahead].has("prep", "to")
            ahead += 1
        dash = ahead == at and tokens[at].start - tokens[at - 1].end <= 3 and tokens[at].start > tokens[at - 1].end
        if ahead >= len(tokens) or not _is_number(tokens[ahead]) or (ahead == at and not dash):
            break
        number = round(tokens[ahead].get("number"))
        span = range(numbers[-1] + 1, min(number, 200)) if ranged or dash else ()
        numbers += [*span, number]
        at = ahead + 1
    return Ref(numbers=tuple(number for number in numbers if 0 < number < 1000)), at


def _is_number(token: Token) -> bool:
    return token.has("number") and token.text not in ("one", "a couple", "a few")


def _every_at(tokens: Sequence[Token], at: int) -> tuple[Ref, int] | None:
    """Read "all shots", "every photo", "both clips", "the shots"."""
    if tokens[at].has("every") or tokens[at].text in ("both",):
        after = _skip(tokens, at + 1)
        if after < len(tokens) and tokens[after].has("number"):
            after = _skip(tokens, after + 1)
        if after < len(tokens) and _is_shot_word(tokens[after]) and tokens[after].text not in _ONES:
            kind = tokens[after].get("own") or ""
            each = tokens[at].text in ("each", "every", "每个", "每一个")
            return Ref(every=not kind, each=each, kind=kind), after + 1
    return None


# Names


def _named(tokens: list[Token], draft: Raw) -> list[Token]:
    """Let names of what is on the timeline mean the shots that show it, beside what else they mean."""
    scenes = {str(meta(piece)["scene"]) for piece in shots(draft) if is_drawn(piece)}
    urls = {str(meta(piece)["url"]) for piece in shots(draft) if is_upload(piece)}
    stems = {
        str(meta(piece).get("name")).rpartition(".")[0].lower(): str(meta(piece)["url"])
        for piece in shots(draft)
        if is_upload(piece)
    }
    kinds = {"video" if is_film(piece) else "image" for piece in shots(draft) if is_upload(piece)}
    sorts = any(token.has("verb", *_SORTING) for token in tokens) and not any(
        token.has("verb", "replace") or token.text.startswith(("add", "insert", "加")) for token in tokens
    )
    result: list[Token] = []
    for at, token in enumerate(tokens):
        ref = None
        known = sorted({name for name, strength in token.all("scene") if name in scenes and strength >= 3})
        follows = at + 1 < len(tokens) and tokens[at + 1].has("thing", "shot", "clip")
        before = tokens[at - 1] if at else None
        definite = before is not None and (before.has("article", "the") or before.has("every", "all"))
        definite = definite or (sorts and not (before is not None and before.has("article", "a", "an")))
        if known and (follows or definite or CHINESE.search(token.text)):
            ref = Ref(scenes=tuple(known))
        elif definite and token.text in stems:
            ref = Ref(files=(stems[token.text],))
        elif token.has("file") and token.get("file") in urls:
            ref = Ref(files=(token.get("file"),))
        elif len(kinds) > 1 and token.has("thing", "clip") and _is_placed(tokens, at):
            ref = Ref(kind="video")
        elif token.get("own") in kinds and not token.has("shots"):
            ref = Ref(kind=token.get("own"))
        elif token.has("turn", "rest"):
            ref = Ref(rest=True)
        result.append(token if ref is None else replace(token, tags=(*token.tags, Tag("shots", ref))))
    return result


def _is_placed(tokens: Sequence[Token], at: int) -> bool:
    """Whether something is to go before or after what a token says: 视频前面, "after the video"."""
    near = [*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 2]]
    return any(token.has("side") for token in near)


_SORTING = ("swap", "move", "remove", "reorder", "keep", "duplicate", "split", "trim")
"""What is done with shots that are there: then "forest" is the forest that is there."""


def _excepting(tokens: list[Token]) -> list[Token]:
    """Make "all shots but the last", 除了第一个镜头 one reference."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        ahead = _skip(tokens, at + 1) if tokens[at].has("join", "except") else len(tokens)
        if ahead < len(tokens) and tokens[ahead].has("shots"):
            first = at
            while result and (result[-1].has("every") or (result[-1].has("shots") and result[-1].get("shots").every)):
                first -= 1
                result.pop()
            ref = Ref(every=True, each=True, but=tokens[ahead].get("shots"))
            result.append(merged(tokens[first : ahead + 1], Tag("shots", ref)))
            at = ahead + 1
            continue
        result.append(tokens[at])
        at += 1
    return result


def _joined(tokens: list[Token]) -> list[Token]:
    """Make "shot 1 and shot 3" one reference."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        ahead = at + 1
        if result and token.has("join", "and"):
            while ahead < len(tokens) and tokens[ahead].has("article"):
                ahead += 1
            if (
                ahead < len(tokens)
                and result[-1].has("shots")
                and tokens[ahead].has("shots")
                and re.fullmatch(r"and|和|与|跟|及|&|\+", token.text)
            ):
                first, second = result.pop(), tokens[ahead]
                ref = first.get("shots").joined(second.get("shots"))
                others = tuple(tag for tag in (*first.tags, *second.tags) if tag.kind not in ("shots",))
                result.append(
                    Token(f"{first.text} and {second.text}", first.start, second.end, (*others, Tag("shots", ref)))
                )
                at = ahead + 1
                continue
        result.append(token)
        at += 1
    return result
