"""An instruction of the editor is known for what it is good for, and put as a message where it is an edit."""

import pytest

from nemo_widgets.protocol.instructions import Instruction, instruction


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("Click [Export].", Instruction("export")),
        ("Open the media panel.", Instruction("state")),
        ("Check your billing page.", Instruction("credits")),
        ("Open the media library to upload your files.", Instruction("upload")),
        ("Drag the clip up.", Instruction("edit", "Drag the clip up")),
        ("Drag the clip to track X.", Instruction("edit", "Drag the clip to track X")),
        ("Drag the `second` **clip** up", Instruction("edit", "Drag the second clip up")),
        ("Drag the\u202e clip\x07up", Instruction("edit", "Drag the clip up")),
        ("Drag the " + "x" * 191, Instruction("edit", "Drag the " + "x" * 191)),
        ("Drag the " + "x" * 192, Instruction("edit")),
        ("Click [Warm look].", Instruction("edit", "Warm look")),
        ("A man clicks a button.", None),
    ],
)
def test_a_clause_is_an_instruction_or_none(clause: str, found: Instruction | None) -> None:
    assert instruction(clause) == found
