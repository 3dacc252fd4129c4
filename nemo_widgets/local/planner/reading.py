"""What a message says: every wish that the planner can find in it, whatever it is about."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nemo_widgets.local.planner.lengths import Length, blank_decades, find_lengths
from nemo_widgets.local.planner.quotes import bare_title, split_quotes
from nemo_widgets.local.planner.vocabulary import SceneWords, vocabulary

RATIOS = {
    "16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080), "4:5": (1080, 1350), "5:4": (1350, 1080),
    "4:3": (1440, 1080), "3:4": (1080, 1440), "21:9": (1920, 822),
}  # fmt: skip
"""The shapes of canvas, and their size in pixels."""

_RATIO = re.compile(r"(?<![\d:])(\d{1,2})\s*[:x×/]\s*(\d{1,2})(?![\d:])")
_PIXELS = re.compile(r"(?<!\d)(\d{3,4})\s*[x×*]\s*(\d{3,4})(?!\d)")
_PERCENT = re.compile(r"(\d{1,3})\s*(?:%|percent|per cent)")
_SEED = re.compile(r"(?:\bseed|种子)\s*(?:number\s*|no\.?\s*|is\s*|为|是)?[=:#]?\s*(\d{1,9})")
_TITLE_LENGTH = re.compile(
    r"(?:⟦⟧|title|caption|text|标题|文字|字幕)\s*(?:on\s+|shown\s+)?(?:for|during|lasting|显示|持续)\s*(?:the\s+)?(?:first\s+)?$"
)
_LONGEST_TITLE_S = 10.0
"""*Titled X for 2 minutes* means the clip."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be seen: the scene, the word that led to it, and whether it is only the nearest that there is."""

    scene: str
    word: str
    near: bool
    start: int


@dataclass(frozen=True, slots=True)
class Tune:
    """A kind of music, the word that led to it, and whether it is only the nearest that there is."""

    style: str
    word: str
    near: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The wishes in a message; None where it says nothing.

    Attributes
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    text : str
        Lower case, titles replaced by ``⟦⟧``, seeds, decades and the title's length taken out.
    title : str or None
        The words of a title.
    title_s : float or None
        How long it is to be shown, in seconds.
    lengths : tuple of Length
        The other lengths of time, in order.
    ratio : str or None
        A key of `RATIOS`.
    tune : Tune or None
        A kind of music.
    volume : float or None
        0 to 1.
    seed : int or None
        A number for the take.
    """

    language: str
    text: str
    title: str | None
    title_s: float | None
    lengths: tuple[Length, ...]
    ratio: str | None
    tune: Tune | None
    volume: float | None
    seed: int | None

    def means(self, intent: str) -> bool:
        """Whether the message has a word of this intent of the vocabulary."""
        return self.text in vocabulary().intents[intent]

    def about_music(self, what: str = "any") -> bool:
        """Whether it has a word of this part of the vocabulary about music."""
        return self.text in vocabulary().music[what]

    @property
    def names_title(self) -> bool:
        """Whether it speaks of a title at all."""
        return self.means("title")

    @property
    def subject(self) -> Subject | None:
        """What is to be seen, as a whole."""
        return find_subject(self.text)

    def palette(self, scene: str) -> str | None:
        """Return the palette of `scene` that the words of light and colour lead to."""
        for name, words in vocabulary().palettes[scene].items():
            if self.text in words:
                return name
        return None


def read(prompt: str, file_names: Sequence[str] = ()) -> Reading:
    """Read a message.

    Parameters
    ----------
    prompt : str
        What the person wrote.
    file_names : sequence of str
        Uploaded files: a quoted file name is no title.
    """
    quotes = split_quotes(prompt)
    known = {name.lower() for name in file_names}
    titles = [words for words in quotes.inside if words.lower() not in known and not _is_file_name(words)]
    outside = quotes.outside
    title = titles[0] if titles else None
    if title is None and (bare := bare_title(outside)):
        title, outside = bare
    text = unicodedata.normalize("NFKC", outside).lower().replace("’", "'")
    seed = _SEED.search(text)
    if seed:
        text = _blank(text, seed.start(), seed.end())
    text = blank_decades(text)
    lengths = find_lengths(text)
    title_s = None
    for length in lengths:
        if title_s is None and length.seconds <= _LONGEST_TITLE_S and _TITLE_LENGTH.search(text[: length.start]):
            title_s = length.seconds
            lengths = [other for other in lengths if other is not length]
            text = _blank(text, length.start, length.end)
    return Reading(
        language="zh" if _CHINESE.search(text) else "en",
        text=text,
        title=title,
        title_s=title_s,
        lengths=tuple(lengths),
        ratio=_find_ratio(text),
        tune=_find_tune(text),
        volume=_find_volume(text),
        seed=int(seed[1]) if seed else None,
    )


def _is_file_name(words: str) -> bool:
    return (
        re.fullmatch(r"\S+\.(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac)", words, re.IGNORECASE)
        is not None
    )


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _find_ratio(text: str) -> str | None:
    for hit in _PIXELS.finditer(text):
        width, height = int(hit[1]), int(hit[2])
        return min(RATIOS, key=lambda ratio: abs(RATIOS[ratio][0] / RATIOS[ratio][1] - width / max(1, height)))
    for hit in _RATIO.finditer(text):
        if (ratio := f"{int(hit[1])}:{int(hit[2])}") in RATIOS:
            return ratio
    hits = [(len(found.word), ratio) for ratio, words in vocabulary().ratios.items() for found in words.all(text)]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def _find_tune(text: str) -> Tune | None:
    styles = vocabulary().styles.values()
    sure = [(found.start, Tune(style.name, found.word, False)) for style in styles for found in style.words.all(text)]
    if len(sure) > 1:
        places = [found.start for found in vocabulary().music["any"].all(text)]
        sure.sort(key=lambda hit: (min((abs(hit[0] - place) for place in places), default=0), hit[0]))
    if sure:
        return sure[0][1]
    if text not in vocabulary().music["any"]:
        return None
    near = [(found.start, Tune(style.name, found.word, True)) for style in styles for found in style.near.all(text)]
    return min(near, key=lambda hit: hit[0])[1] if near else None


def _find_volume(text: str) -> float | None:
    music = vocabulary().music
    if text not in music["any"] and text not in music["volume"] and _find_tune(text) is None:
        return None
    percent = _PERCENT.search(text)
    return min(100, int(percent[1])) / 100 if percent else None


def find_subject(text: str) -> Subject | None:
    """Find what a text wants to see: the scene with most words for it, the first of equals."""
    hits = [hit for hit in (_hit(scene, text) for scene in vocabulary().scenes.values()) if hit is not None]
    if not hits:
        return None
    return max(hits, key=lambda hit: (hit[0], -hit[1].start))[1]


def _hit(scene: SceneWords, text: str) -> tuple[int, Subject] | None:
    surest, words, weak, near = (list_.all(text) for list_ in (scene.surest, scene.words, scene.weak, scene.near))
    score = 20 * len(surest) + 3 * len(words) + len(weak) + len(near)
    if not score:
        return None
    first = min([*surest, *words, *weak] or near, key=lambda found: found.start)
    return score, Subject(scene.name, first.word, not (surest or words or weak), first.start)
