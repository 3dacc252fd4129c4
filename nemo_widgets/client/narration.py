"""An answer in a person's words: its text without what is not meant for them, and what the agent is doing meanwhile."""

import re
from collections.abc import Sequence
from typing import Final

from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import Event, TextDelta, ToolCall, ToolResult
from nemo_widgets.protocol.gui import GuiTranslator
from nemo_widgets.protocol.instructions import Instruction

STILL_WORKING: Final = "⏳ Still working…"
STILL_WORKING_S: Final = 120.0

_APOLOGY_BEGINS: Final = re.compile(r"(?:^|(?<=[\s.!?。！？]))\s*I encountered a temporary issue", re.IGNORECASE)
_APOLOGY: Final = re.compile(
    r"\s*I encountered a temporary issue[^.!?\n]*[.!?]?(?:\s*(?:Please|Sorry|Try|Could you)[^.!?\n]*[.!?]?)*\s*",
    re.IGNORECASE,
)

_GENERATING: Final = "Generating video"
_DOING: Final[tuple[tuple[str, str], ...]] = (
    (r"(?:generat|creat|mak)\w*_(?:an?_)?(?:video|clip)|text_to_video|image_to_video|t2v|i2v", _GENERATING),
    (r"(?:generat|creat|mak)\w*_(?:an?_)?image", "Generating image"),
    (r"music|bgm|audio|voice|sound|tts", "Working on the sound"),
    (r"title|text|caption|subtitle", "Working on the titles"),
    (r"transition|effect|filter|style|color|colour|grade", "Working on the look"),
    (r"cut|trim|split|crop|speed|move|duration|length", "Cutting"),
    (r"search|find|fetch|download", "Looking for material"),
    (r"analy|inspect|understand|describe", "Looking at the material"),
    (r"draft|timeline|track|segment|layout|canvas", "Arranging the timeline"),
)


class AnswerText:
    """The text of an answer while it arrives.

    Editor instructions are taken out. A text after a tool begins a paragraph of its own. The apology that the service
    appends to some good answers is held back, and dropped when it turns out to be the last thing said.
    """

    def __init__(self) -> None:
        self.shown = ""
        self._gui = GuiTranslator()
        self._held = ""
        self._blank = ""
        self._tool_came = False

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """The editor instructions that were taken out."""
        return tuple(self._gui.instructions)

    def feed(self, event: Event) -> str:
        """Take the next event and return the text that can be shown now."""
        match event:
            case TextDelta(text):
                return self._passed(self._gui.feed(text))
            case ToolCall() | ToolResult():
                rest = self._passed(self._gui.flush())
                self._tool_came = True
                return rest
            case _:
                return ""

    def flush(self) -> str:
        """Return what is left when the answer has ended."""
        rest = self._passed(self._gui.flush())
        held, self._held = self._held, ""
        return rest if self.shown.strip() else rest + self._paragraph(held)

    def add(self, text: str) -> str:
        """Say something in the agent's place; returned as it came."""
        self.shown += text
        return text

    def _passed(self, text: str) -> str:
        text = self._held + text
        begins = _APOLOGY_BEGINS.search(text)
        if begins is None or not _APOLOGY.fullmatch(text, begins.start()):
            self._held = ""
            return self._paragraph(text)
        self._held = text[begins.start() :]
        return self._paragraph(text[: begins.start()])

    def _paragraph(self, text: str) -> str:
        text = self._blank + text
        said = text.rstrip()
        self._blank = text[len(said) :]  # waits for what comes after it: an answer does not end with blank lines
        if not said:
            return ""
        if not self.shown:
            said = said.lstrip()
        elif self._tool_came:
            said = "\n\n" + said.lstrip()
        self._tool_came = False
        self.shown += said
        return said


class Progress:
    """What the agent is doing, in plain words; never a tool's arguments.

    Parameters
    ----------
    now_s : float
        When the message was sent, by any clock that the other moments are of as well.

    Attributes
    ----------
    reminder_s : float
        When to say that it is still working: two minutes after the last text, then every two minutes.
    has_generated : bool
        Whether a clip was generated.
    """

    def __init__(self, now_s: float) -> None:
        self.reminder_s = now_s + STILL_WORKING_S
        self.has_generated = False
        self._doing = "Thinking"
        self._since_s = now_s

    def see(self, event: Event, now_s: float) -> None:
        """Take notice of an event."""
        match event:
            case TextDelta():
                self.reminder_s = now_s + STILL_WORKING_S
            case ToolCall(name):
                self._doing, self._since_s = doing(name), now_s
            case ToolResult(name):
                is_clip = doing(name) == _GENERATING
                self.has_generated |= is_clip
                self._doing, self._since_s = "The raw clip is ready · finishing it" if is_clip else "Thinking", now_s

    def status(self, now_s: float) -> str:
        """Return a line such as ``Generating video · 45 s``."""
        return f"{self._doing} · {now_s - self._since_s:.0f} s"

    def reminder(self, now_s: float) -> str:
        """Return ``⏳ Still working… Generating video · 120 s``, and set the time for the next one."""
        while self.reminder_s <= now_s:
            self.reminder_s += STILL_WORKING_S
        return f"{STILL_WORKING} {self.status(now_s)}"


def added_to_clip(before: Draft, after: Draft) -> tuple[str, ...]:
    """Return what came on top of a raw clip: the service adds music, a title and effects to it by itself.

    Parameters
    ----------
    before, after : Draft
        The timeline before the message and after its answer.
    """
    others = [track.raw for track in before.tracks if track.kind != "video"]
    clip = [track.raw for track in after.tracks if track.kind == "video"]
    return changes(Draft.parse({**after.raw, "t": [*clip, *others]}), after) if clip else ()


def in_words(changed: Sequence[str], added: Sequence[str]) -> str:
    """Return what was done as a list, for an agent that said nothing: the raw clip first, then what was added."""

    def listed(sentences: Sequence[str]) -> str:
        return "\n".join(f"- {sentence}" for sentence in sentences)

    clip = [sentence for sentence in changed if sentence not in added]
    if not added or not clip:
        return listed(changed)
    return f"The raw clip:\n\n{listed(clip)}\n\nThen added to it:\n\n{listed(added)}"


def doing(tool: str) -> str:
    """Return what a tool does, in words; its own name made readable when it is not known."""
    for pattern, words in _DOING:
        if re.search(pattern, tool, re.IGNORECASE):
            return words
    readable = re.sub(r"[^\w]+|_+", " ", tool).strip()
    return readable[:1].upper() + readable[1:60] if readable else "Working"
