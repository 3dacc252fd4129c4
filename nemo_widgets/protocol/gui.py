"""The GUI translation: the agent writes as if its web editor were open; here nobody has it open.

Instructions to use the editor are taken out and told for what they are good for; descriptions of content stay as they
came (``protocol/README.md``, *GUI translation*). Text is judged a sentence at a time, so a stream is passed on as its
sentences end.
"""

import re
from typing import Final

from nemo_widgets.protocol.instructions import Instruction, instruction, says_nothing_alone

_LONGEST_HELD: Final = 2000
_MOST_INSTRUCTIONS: Final = 8

# After the marks one more character is waited for: they may come in two pieces, and belong together.
_SENTENCE_END: Final = re.compile(
    r"\n|[。！？][。！？”’」』）)\"*_]*(?=[^。！？”’」』）)\"*_])|[.!?…]+[\"'”’)\]*_`]*(?=\s)"
)
_LIST_NUMBER: Final = re.compile(r"\s*\d+\.")
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|`[^`\n]*`")
_CLAUSE_END: Final = re.compile(
    r"(?:[,;:]|\s[–—-])\s+|\s?—\s?|[，；：、]|\s*[(（](?=\s*(?:please |just |you can )?(?:click|tap|open|drag|"
    r"点击|打开))|\)\s+|"
    r"(?<!drag)\s+(?=(?:and|or|then|so)\s+(?:then\s+)?"
    r"(?:you\b|just\b|simply\b|click|tap|press|hit|select|open|drag|drop|preview|check|go to|use the))",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"([.!?。！？…]*)[\"'”’)\]*_`]*\s*$")
_OPENING: Final = re.compile(r"(?:and|or|then|so|but)(?:\s+then)?\s+", re.IGNORECASE)


class GuiTranslator:
    """Takes the editor's instructions out of a text that arrives in pieces.

    Attributes
    ----------
    instructions : list of Instruction
        What was taken out, each once, in the order they came; the first eight.
    """

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self._held = ""

    def feed(self, text: str) -> str:
        """Take the next piece and return what can be shown of it: everything up to the last sentence that ended."""
        held = self._held + text
        shown, start = [], 0
        while (end := _sentence_end(held, start)) is not None:
            shown.append(self._translated(held[start:end]))
            start = end
        self._held = held[start:]
        return "".join(shown)

    def flush(self) -> str:
        """Return what is left when the text has ended."""
        held, self._held = self._held, ""
        return self._translated(held)

    def _translated(self, sentence: str) -> str:
        clauses = _clauses(sentence)
        found = [instruction(clause) for clause in clauses]
        if not any(found):
            return sentence
        for one in found:
            if one is not None and one not in self.instructions and len(self.instructions) < _MOST_INSTRUCTIONS:
                self.instructions.append(one)
        return _joined([clause for clause, is_one in zip(clauses, found, strict=True) if not is_one], sentence)


def translate(text: str) -> str:
    """Translate a whole text at once."""
    translator = GuiTranslator()
    return translator.feed(text) + translator.flush()


def _sentence_end(text: str, start: int) -> int | None:
    """Return where the sentence that begins at `start` ends, once that is certain whatever comes next."""
    longest = start + _LONGEST_HELD
    for end in _SENTENCE_END.finditer(text, start):
        if end.end() > longest:
            break
        if not _LIST_NUMBER.fullmatch(text, start, end.end()):
            return end.end()
    return longest if len(text) > longest else None


def _clauses(sentence: str) -> list[str]:
    quoted = [span.span() for span in _QUOTED.finditer(sentence)]
    clauses, start = [], 0
    for end in _CLAUSE_END.finditer(sentence):
        if not any(opens < end.start() < closes for opens, closes in quoted):
            clauses.append(sentence[start : end.end()])
            start = end.end()
    return [*clauses, sentence[start:]]


def _joined(kept: list[str], sentence: str) -> str:
    """Return what is left of a sentence as one of its own, with its line end; nothing when only a purpose is left."""
    text = "".join(kept).strip().rstrip(" ,;:—–-，；：、.!?。！？…(（")
    if not sentence.startswith("".join(kept[:1])) and (opening := _OPENING.match(text)) is not None:
        text = text[opening.end() :]
    if not any(character.isalnum() for character in text) or all(map(says_nothing_alone, kept)):
        return ""
    mark = _MARK.findall(sentence)[0]
    lead = sentence[: len(sentence) - len(sentence.lstrip())]
    return f"{lead}{text[0].upper()}{text[1:]}{mark}" + ("\n" if sentence.endswith("\n") else "")
