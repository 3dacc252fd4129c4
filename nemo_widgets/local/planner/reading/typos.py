"""Slips of the keyboard: "forrest", "mountians". Only such slips as hardly ever make another word are mended.

A plain edit distance would take a goat for a boat and a bench for a beach. So the first letter counts as right, and
only two letters that changed places, one doubled or not, an inner one too many or missing, and one vowel for another
are looked up; each is tried only if the ones before it gave nothing.
"""

import re
from collections.abc import Collection, Iterator

from nemo_widgets.local.planner.lexicon import lexicon, real_words
from nemo_widgets.local.planner.reading.quantities import NUMERALS

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?", re.IGNORECASE)
_SHORTEST, _LONGEST = 4, 24
"""Letters of a word that is looked at."""
_LONG = 6
"""Letters of one in which another may be missing, or a vowel be wrong."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = "aeiou"
_MOST = 3
"""Slips mended in one message: who makes more writes in another language."""


def mended(text: str, names: Collection[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Mend the slips in a text.

    Parameters
    ----------
    text : str
        What was said.
    names : collection of str
        Words that are no slips, in lower case.

    Returns
    -------
    tuple of str and tuple of pairs of str
        The text, and each word that was said with the one that was meant.
    """
    found: dict[str, str] = {}

    def mend(hit: re.Match[str]) -> str:
        word = hit[0].lower()
        if word in names or (word not in found and len(found) >= _MOST):
            return hit[0]
        if meant := meant_by(word):
            found[word] = meant
        return meant or hit[0]

    return _WORD.sub(mend, text), tuple(found.items())


def meant_by(word: str) -> str:
    """Return the word of the vocabulary that is meant by one that isn't in it; empty where there is none."""
    if not _SHORTEST <= len(word) <= _LONGEST or word in real_words() or _is_form(word):
        return ""
    # A verb that isn't known is no slip: "swinging" is not "singing".
    surer = (_swapped, _doubled) if word.endswith(("ing", "ed")) else (_swapped, _doubled, _inserted, _other_vowels)
    for slips in surer:
        likely = sorted({slip for slip in slips(word) if len(slip) >= _SHORTEST and _is_known(slip)})
        if likely:
            return max(likely, key=len)
    return ""


def _is_known(word: str) -> bool:
    return any(form in lexicon().vocabulary or form in NUMERALS for form in (word, word.removesuffix("s")))


_ENDINGS = ("s", "es", "'s", "ed", "d", "er", "ers", "r", "ly", "ing", "y")


def _is_form(word: str) -> bool:
    """Whether a word is in the vocabulary, or a form of one that is: "classes", "lighted"."""
    stems = {word, *(word.removesuffix(ending) for ending in _ENDINGS)}
    stems |= {stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]}  # "stripped" is of "strip"
    return any(len(stem) > 2 and (_is_known(stem) or _is_known(stem + "e")) for stem in stems)


def _swapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))


def _doubled(word: str) -> Iterator[str]:
    for at in range(1, len(word)):
        yield word[:at] + word[at - 1] + word[at:]
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :]


def _inserted(word: str) -> Iterator[str]:
    if len(word) >= _LONG:
        yield from (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1))
    if len(word) >= _LONG - 1:
        yield from (word[:at] + letter + word[at:] for at in range(1, len(word)) for letter in _LETTERS)


def _other_vowels(word: str) -> Iterator[str]:
    if len(word) >= _LONG:
        for at in range(1, len(word) - 1):
            if word[at] in _VOWELS:
                yield from (word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS)
