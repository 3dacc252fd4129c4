"""What is to be seen: the scene that the words of a message tell of, and what they name that it doesn't show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nemo_widgets.local.picture.scenes import FALLBACK, SCENES
from nemo_widgets.local.planner.lexicon import CHINESE, entry
from nemo_widgets.local.planner.reading.tokens import Token


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be seen.

    Attributes
    ----------
    scene : str
        The scene that is drawn.
    word : str
        What was said.
    fit : {"sure", "near", "guess", "chance"}
        Whether the scene is what was said, the nearest to it, what suits the weather or the time that was said, or
        one that was left to chance.
    asked : str
        The scene that was asked for, which this version may not draw.
    """

    scene: str
    word: str
    fit: str
    asked: str = ""


def nearest_to(scene: str) -> str:
    """Return the scene that comes nearest to one that this version does not draw."""
    return next((name for name in entry("scene", scene)["nearest"] if name in SCENES), FALLBACK)


def drawn(scene: str) -> str:
    """Return a scene, or the nearest to it that this version draws."""
    return scene if scene in SCENES else nearest_to(scene)


def find_subject(tokens: Iterable[Token]) -> Subject | None:
    """Find what is to be seen: the scene that the words tell most of, the first of equals."""
    tokens = list(tokens)
    scores: dict[str, float] = {}
    best_word: dict[str, tuple[float, int, str]] = {}
    extra: Token | None = next((token for token in tokens if token.has("extra")), None)
    surer = [token for token in tokens if token.has("scene") and not _only_hints(token)]
    placed = extra is not None and drawn(str(entry("extra", extra.get("extra"))["nearest"])) != FALLBACK
    for token in surer if surer or placed else tokens:
        for scene, strength in token.all("scene"):
            scores[scene] = scores.get(scene, 0.0) + strength
            known = (-strength, token.start, token.text)
            best_word[scene] = min(best_word.get(scene, known), known)
    # "A unicorn flying": what flies is said, where no place is.
    doing = max(scores.values(), default=0.0) < 1 and all(word.endswith("ing") for _, _, word in best_word.values())
    if scores and not (doing and extra is not None):
        scene = max(scores, key=lambda name: (scores[name], -best_word[name][1]))
        strength, _, word = best_word[scene]
        sure = scene in SCENES and -strength >= 1
        return Subject(drawn(scene), plain(word), "sure" if sure else "near", scene)
    if extra is not None:
        asked = entry("extra", extra.get("extra"))
        scene = str(asked["nearest"])
        fit = "sure" if drawn(scene) in asked["shown"] else "near"
        return Subject(drawn(scene), plain(extra.text), fit, scene)
    return None


def _only_hints(token: Token) -> bool:
    """Whether a word tells the time and only hints at a scene: "at sunset" may be the sea, but a castle is no sea."""
    return token.has("time") and all(strength <= 1 for _, strength in token.all("scene"))


def holds(subject: Subject) -> set[str]:
    """Return the scenes of which something is to be seen in the one that is drawn for a subject."""
    scenes = {subject.scene, subject.asked} - {""}
    return scenes.union(*(entry("scene", scene)["holds"] for scene in scenes))


def plain(word: str) -> str:
    """Return a word without its article, its "'s" and its "of"."""
    return word.removeprefix("the ").removeprefix("a ").removesuffix("'s").removesuffix(" of")


def is_recipient(token: Token, tokens: Sequence[Token]) -> bool:
    """Return whether a video is for someone, rather than of them: "for my daughter", 帮奶奶做."""
    before = [other for other in tokens if other.end <= token.start and not (other.has("article") or other.text in _MY)]
    return bool(before) and (before[-1].has("prep", "for") or before[-1].text in ("帮", "给", "为", "送给", "帮我"))


_MY = ("my", "our", "your", "his", "her", "their", "我", "我的", "的")


# Words of no known meaning


def unknown_words(tokens: Sequence[Token]) -> str:
    """Return the longest stretch of words of which none is known: what a picture was wished of."""
    joined: list[list[Token]] = [[]]
    for token in tokens:
        small = token.has("article") or token.has("prep") or token.has("filler") or len(token.text) == 1
        if token.is_unknown or (joined[-1] and small and not token.has("join") and not token.has("scene")):
            joined[-1].append(token)
        else:
            joined.append([])
    bare = [_trimmed(stretch) for stretch in joined]
    longest = max(bare, key=_unknown_letters)
    # A single Chinese character is a part of a word, hardly ever what was wished for.
    return text_of(longest) if _unknown_letters(longest) > 1 else ""


def _unknown_letters(stretch: Sequence[Token]) -> int:
    return sum(len(token.text) for token in stretch if token.is_unknown)


_TOPIC = re.compile(
    r"(?:\babout|\bexplain(?:s|ing)?)\s+(?:an?\s+|the\s+)?([^,.;:!?]{3,60}?)(?=\s+(?:in|for)\s+[\da-z]+\s+(?:s|seconds?|minutes?)\b|[,.;:!?]|$)"
    r"|(?:关于|介绍|讲解)(.{1,20}?)的?(?:教学)?(?:视频|短片|影片|片子|动画)"
    r"|(?:解释|讲解|讲讲|说明)(?:一下|下)?([^,。,.!?;]{2,20})$"
)
_EXPLAINED = re.compile(r"\bexplain|解释|讲解|讲讲|说明")


def topic_of(text: str) -> str:
    """Return what a text says that it is about; empty where it doesn't."""
    hit = _TOPIC.search(text)
    return (hit[1] or hit[2] or hit[3]).strip() if hit else ""


def is_explained(text: str) -> bool:
    """Whether a text asks for something to be explained: then its topic is one thing, whatever words are in it."""
    return bool(_EXPLAINED.search(text) and topic_of(text))


def text_of(stretch: Sequence[Token]) -> str:
    """Return what tokens say together."""
    glue = "" if stretch and CHINESE.match(stretch[0].text) else " "
    return glue.join(token.text for token in stretch)


def _trimmed(stretch: list[Token]) -> list[Token]:
    while stretch and not stretch[-1].is_unknown:
        stretch = stretch[:-1]
    return stretch
