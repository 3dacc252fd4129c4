"""The language a session is opened with: that of its first prompt where it can be told, else the machine's."""

import locale
import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SURE: Final = 0.8
_SCRIPTS: Final[tuple[tuple[str, str], ...]] = (
    ("ja", r"[\u3040-\u30ff]"),
    ("ko", r"[\uac00-\ud7af\u1100-\u11ff]"),
    ("zh-CN", r"[\u3400-\u9fff]"),
)
_LANGUAGES: Final = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "nl", "no",
    "pl", "pt", "ro", "ru", "sk", "sr", "sv", "th", "tr", "uk", "vi",
)  # fmt: skip


def language_of(prompt: str) -> str:
    """Return the ISO code of a prompt's language.

    Parameters
    ----------
    prompt : str
        What a person wrote. Quoted words do not count: a title may be in another language.

    Returns
    -------
    str
        Such as ``"en"`` or ``"zh-CN"``; the machine's language where a few words could be of any.
    """
    own_words = re.sub(r"\"[^\"]*\"|“[^”]*”|「[^」]*」", "", prompt)
    own_words = own_words if re.search(r"\w", own_words) else prompt
    if code := _by_script(own_words):
        return code
    code, probability = _identifier().classify(own_words)
    return str(code) if probability >= _SURE else _of_the_machine()


def reads_chinese(language: str, prompt: str) -> bool:
    """Whether whoever wrote a prompt reads Chinese.

    Parameters
    ----------
    language : str
        ISO code of the conversation; empty when it is not known.
    prompt : str
        What was said last in it.
    """
    return language.startswith("zh") or (not language.startswith("ja") and _by_script(prompt) == "zh-CN")


def _by_script(words: str) -> str:
    """Return the language that a few characters tell; empty when they could be of several."""
    return next((code for code, script in _SCRIPTS if re.search(script, words)), "")


@cache
def _identifier() -> "LanguageIdentifier":
    # Half a second and 80 MB, so not before someone speaks.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in _LANGUAGES if code in identifier.labels])
    return identifier


def _of_the_machine() -> str:
    said = (locale.getlocale()[0] or "").partition("_")[0]
    return said if re.fullmatch(r"[a-z]{2,3}", said) and said != "c" else "en"
