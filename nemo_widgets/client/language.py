"""The language a session is opened with: that of its first prompt, as far as its script tells, else the machine's."""

import locale
import re
from typing import Final

_SCRIPTS: Final[tuple[tuple[str, str], ...]] = (
    ("ja", r"[\u3040-\u30ff]"),
    ("ko", r"[\uac00-\ud7af\u1100-\u11ff]"),
    ("zh-CN", r"[\u3400-\u9fff]"),
    ("ru", r"[\u0400-\u04ff]"),
    ("ar", r"[\u0600-\u06ff]"),
    ("he", r"[\u0590-\u05ff]"),
    ("el", r"[\u0370-\u03ff]"),
    ("hi", r"[\u0900-\u097f]"),
    ("th", r"[\u0e00-\u0e7f]"),
)


def language_of(prompt: str) -> str:
    """Return the ISO code of a prompt's language.

    Parameters
    ----------
    prompt : str
        What a person wrote. Quoted words do not count: a title may be in another language.

    Returns
    -------
    str
        Such as ``"en"`` or ``"zh-CN"``.
    """
    own_words = re.sub(r"\"[^\"]*\"|“[^”]*”|「[^」]*」", "", prompt) or prompt
    for code, script in _SCRIPTS:
        if re.search(script, own_words):
            return code
    said = (locale.getlocale()[0] or "").partition("_")[0]
    return said if re.fullmatch(r"[a-z]{2,3}", said) and said != "c" else "en"
