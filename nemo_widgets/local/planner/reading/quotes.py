"""What a message quotes or names: words in quotation marks, titles that go without, uploaded files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.lexicon import Tag, key_of, lexicon, split_words
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.reading.tokens import mark, without_marks

_TYPES = r"(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac)"
_LATIN = "[A-Za-z0-9_()-]"
_FILE = re.compile(
    rf"@?(?<!{_LATIN})(?:{_LATIN}+(?:[ .]{_LATIN}+){{0,8}}?|[\u3400-\u9fff]{{1,20}})\.{_TYPES}(?!{_LATIN})",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”|「([^」\n]{1,200})」|『([^』\n]{1,200})』|《([^》\n]{1,200})》|«([^»\n]{1,200})»"
    r"|(?<!\w)‘(.{1,200}?)’(?!\w)|(?<!\w)'(.{1,200}?)'(?!\w)|(?<!\w)`([^`\n]{1,200})`"
)
_SMALL = r"of|the|and|in|on|at|for|to|a|an|is|by|with|&"
_NAME = r"[A-Z][\w'’&!?-]*"
_CAPITALS = rf"[A-Z0-9][\w'’&!?-]*(?:\s+(?:{_NAME}|\d+\b|(?:(?:{_SMALL})\s+){{1,3}}{_NAME}))*"
_TITLE = (
    r"(?:titled|title|entitled|caption|subtitle|headline|heading|text|words|credits)"
    r"(?:\s+(?:on\s+(?:the\s+)?screen|overlay))?"
)
_BARE = (
    re.compile(
        rf"\b{_TITLE}\s*(?:is)?\s*[:=]\s*([^,;\n]+?)(?=\s*(?:[,;.\n]|\s(?:with|and|over|in|at|from|for)\s|$))",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_TITLE}\s+([\u3400-\u9fff][^\s,，。;；、]*)", re.IGNORECASE),
    re.compile(r"(?:标题|片名|题目|文字|字幕)\s*(?:为|是|叫做|叫)?\s*[:：]\s*([^\s,，。;；、]+)"),
    re.compile(r"(?:标题|片名|题目|文字|字幕)\s*(?:为|是|叫做|叫|改成|改为|换成)\s*([^\s,，。;；、:：]+)"),
    re.compile(
        rf"\b(?i:{_TITLE}|called|named|saying|says|reads|write|(?:call|name|title)\s+(?:it|this)"
        rf"|(?:my|our|her|his|their)\s+names?,?)[ \t]+"
        rf"(?i:to\s+|is\s+|of\s+|as\s+|it\s+|says\s+|saying\s+)*({_CAPITALS})"
    ),
)
_SHOUTED = re.compile(r"(?<=: )([A-Z][A-Z0-9'’&!-]*(?:\s+[A-Z0-9][A-Z0-9'’&!%-]*)+)(?=[.!]?$)")
"""A PHRASE IN CAPITALS at the end, behind a colon, of a message that isn't all in capitals."""
_LOWER = re.compile(
    r"\s*(?:add\s+)?(?:an?\s+|the\s+)?(?:title|caption|subtitle)\s+([A-Za-z][\w'’ !]{0,40})\s*", re.IGNORECASE
)
_MOST = 1000
"""Things that are marked in one message, at most."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A message with a mark in the place of everything that is quoted or named.

    Attributes
    ----------
    text : str
        The rest, with the marks.
    things : tuple of Tag
        What they stand for: a ``quote`` with its words, a ``file`` with its URL, a ``lost_file`` with its name.
    """

    text: str
    things: tuple[Tag, ...]


def mark_quotes(prompt: str, assets: Sequence[PlanAsset]) -> Marked:
    """Find what a message quotes or names; an apostrophe inside a word is no quotation mark."""
    things: list[Tag] = []

    def noted(thing: Tag) -> str:
        if len(things) >= _MOST:
            return " "
        things.append(thing)
        return f" {mark(len(things) - 1)} "

    text = without_marks(prompt)
    for pattern, asset in _names(assets, text):
        text = pattern.sub(lambda _, url=asset.url: noted(Tag("file", url)), text)  # type: ignore[misc]
    text = _QUOTED.sub(
        lambda hit: noted(_quoted(" ".join(next(group for group in hit.groups() if group).split()))), text
    )
    text = _FILE.sub(lambda hit: noted(Tag("lost_file", hit[0].lstrip("@").split()[-1])), text)
    if (hit := _LOWER.fullmatch(text)) and all(_is_plain(word) for word in hit[1].split()):
        text = text[: hit.start(1)] + noted(Tag("quote", hit[1].strip())) + text[hit.end(1) :]
    bare = (*_BARE, _SHOUTED) if re.search("[a-z]", text) else _BARE[:4]  # Capitals are no names then.
    for _ in range(20):
        found = next((hit for hit in (pattern.search(text) for pattern in bare) if hit and _is_title(hit[1])), None)
        if found is None:
            break
        text = text[: found.start(1)] + noted(Tag("quote", found[1].strip())) + text[found.end(1) :]
    return Marked(text, tuple(things))


def _quoted(words: str) -> Tag:
    return (
        Tag("lost_file", words.lstrip("@"))
        if re.fullmatch(rf"\S+\.{_TYPES}", words, re.IGNORECASE)
        else Tag("quote", words)
    )


_NO_TITLE = ("animation", "spot", "corner", "place", "verb", "hue", "turn", "amount", "every")
"""Kinds of words that say where, how and in which colour a title is shown."""


def _is_plain(word: str) -> bool:
    """Whether a word says nothing of a title, so that it may be one: "title hi"."""
    return all(tag.kind in ("talk", "scene", "extra") for tag in lexicon()[word.lower()])


def _is_title(words: str) -> bool:
    """Whether words without quotation marks can be a title: neither marked already, nor where or how it is shown."""
    if not any(letter.isalpha() for letter in words) or any(0xE000 <= ord(letter) <= 0xF8FF for letter in words):
        return False
    tags = lexicon()[key_of(split_words(words)) or words] or lexicon()[words]
    return not any(tag.kind in _NO_TITLE for tag in tags)


def _names(assets: Sequence[PlanAsset], text: str) -> Iterator[tuple[re.Pattern[str], PlanAsset]]:
    """Yield what each file may be called, the longest names first."""
    for asset in sorted(assets, key=lambda asset: len(asset.name), reverse=True):
        name = re.escape(asset.name)
        yield (
            re.compile(
                rf"[\"'“”‘’「『`]{name}[\"'“”‘’」』`]|@?(?<![A-Za-z0-9_.-]){name}(?![A-Za-z0-9_-])", re.IGNORECASE
            ),
            asset,
        )
    for asset in sorted(assets, key=lambda asset: len(asset.name), reverse=True):
        stem = asset.name.rpartition(".")[0]
        words = split_words(stem)
        # A file called "forest.mp4" is not what "a forest" means.
        known = bool(lexicon()[key_of(words)]) or len(stem) < 4
        lead = r"(?:@|(?<=\bmy )|(?<=\bfile ))" if known else rf"@?(?<!{_LATIN})"
        sort = r"(?:clip|video|footage|film|photo|picture|image|song|track)\b"
        kinds = {tag.kind for tag in lexicon()[key_of(words)]}
        if "extra" in kinds or "scene" in kinds:
            follow = rf"\s+{sort}" if "scene" in kinds else rf"(?:\s+{sort}|\b)"
            yield re.compile(rf"(?<=\bthe ){re.escape(stem)}{follow}", re.IGNORECASE), asset
        if stem and words:
            yield re.compile(rf"{lead}{re.escape(stem)}(?![A-Za-z0-9_.-])", re.IGNORECASE), asset
