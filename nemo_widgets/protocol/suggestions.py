"""What a person may call instead of the editor's buttons that the agent spoke of.

A suggestion is never carried out unasked: a message that sends itself costs money, a file that writes itself surprises.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nemo_widgets.protocol.instructions import Instruction

SuggestedAction = Literal["export", "upload", "preview", "edit"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that a person may do next, which the agent explained by its editor's buttons.

    Attributes
    ----------
    action : {"export", "upload", "preview", "edit"}
        What it is.
    words : str
        What it is good for, in words.
    call : str
        How it is done in Python, on a session named ``session``.
    prompt : str
        Of an edit: the message that would be sent; empty when the agent did not say what to change.
    """

    action: SuggestedAction
    words: str
    call: str
    prompt: str = ""

    def __str__(self) -> str:
        colon = "：" if self.words[-1:] >= "\u2e80" else ": "
        return f"{self.words}{colon}`{self.call}`"


def suggestions(instructions: Sequence[Instruction], *, chinese: bool) -> tuple[Suggestion, ...]:
    """Return what to suggest for the instructions that were taken out of an answer; looks are not suggested.

    Parameters
    ----------
    instructions : sequence of Instruction
        What `gui` found.
    chinese : bool
        Whether the words are Chinese.
    """
    made: list[Suggestion] = []
    for found in instructions:
        match found.action:
            case "edit":
                words = (_DONE_BY_AGENT if found.prompt else _SAY_IT)[chinese]
                # As JSON it is one Python text, whatever the service wrote.
                said = json.dumps(found.prompt or "…", ensure_ascii=False)
                made.append(Suggestion("edit", words, f"await session.send({said})", found.prompt))
            case "export" | "upload" | "preview" as action:
                words_of, call = _CALLS[action]
                made.append(Suggestion(action, words_of[chinese], call))
            case "state" | "credits":
                pass  # carried out: `LOOKS`
    return tuple(made)


_DONE_BY_AGENT: Final = ("To have the agent do that", "让助手来做")
_SAY_IT: Final = ("To change something, say it", "想改什么，直接说")
_CALLS: Final = {
    "export": (("To have this as a file", "导出为文件"), "await session.export()"),
    "upload": (("To hand over files", "上传素材"), 'await session.upload("clip.mp4")'),
    "preview": (("To play the raw clip", "播放原始片段"), "await session.preview()"),
}
