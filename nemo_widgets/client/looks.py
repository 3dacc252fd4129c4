"""What the agent sends a person to its editor to look at, looked at for them.

A look costs nothing and writes nothing, so it is taken unasked; it is beside the point, so its failure fails nothing
(``protocol/README.md``, *GUI translation*).
"""

from collections.abc import Awaitable, Callable, Sequence

from nemo_widgets.client.credits import Credits
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.instructions import Instruction


async def looked(
    instructions: Sequence[Instruction],
    draft: Draft,
    ask_credits: Callable[[], Awaitable[Credits | None]],
    *,
    chinese: bool,
) -> tuple[str, ...]:
    """Return a line for each thing that a person was told to look at.

    Parameters
    ----------
    instructions : sequence of Instruction
        What was taken out of the answer.
    draft : Draft
        The timeline after the answer.
    ask_credits : callable
        Asks what is left; None when that cannot be asked. Called only when the credits are to be shown.
    chinese : bool
        Whether the lines are Chinese.
    """
    lines: list[str] = []
    for action in dict.fromkeys(found.action for found in instructions):
        if action == "state":
            lines.append(draft.summary())
        elif action == "credits" and (credits := await ask_credits()) is not None:
            lines.append(f"{'积分：' if chinese else 'Credits: '}{credits.in_words(chinese=chinese)}")
    return tuple(lines)
