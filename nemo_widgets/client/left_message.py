"""A message that was left without its answer: what became of it is found on the timeline. It is not sent again."""

import asyncio
import sys
import time
from typing import Final

from nemo_widgets.client.client import Client
from nemo_widgets.client.exchange import RECOVERY_ASKS, SETTLING_ASKS, WHOLE_DEADLINE_S
from nemo_widgets.client.narration import in_words
from nemo_widgets.client.project import Project
from nemo_widgets.client.recording import JobRecord
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Turn
from nemo_widgets.errors import StreamBrokenError
from nemo_widgets.library import JobRecord as Row
from nemo_widgets.library import Library
from nemo_widgets.library.records import Before
from nemo_widgets.library.scrub import scrubbed
from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import TextDelta
from nemo_widgets.terminal import write

_UNSENT: Final = "The message was interrupted before it was sent, so it cost nothing. Send it again."
_UNCHANGED: Final = (
    "The message was interrupted, and the timeline is as it was before it. It was not sent again, since that could "
    "charge twice: send it again if you still want it."
)
_FOUND: Final = "Found on the timeline: the answer itself was lost when it was interrupted. Nothing was sent again."


async def found_turn(row: Row, client: Client, library: Library, job: JobRecord, *, show: bool) -> Turn:
    """Return what a message has changed, in words of ours.

    Raises
    ------
    StreamBrokenError
        It was not sent, or has changed nothing; that is known now, so it is not offered again.
    """
    before = await asyncio.to_thread(library.ledger.before, row.id)
    if before is None or not row.session_id:
        await job.end("failed", error=_UNSENT)
        raise StreamBrokenError(_UNSENT)
    following = await asyncio.to_thread(library.ledger.next_before, row)
    if following is not None:  # what a later message changed is not this one's
        after, generated = Draft.parse(following.draft), following.generated
    else:
        state = await _changed_state(row, client, before, show=show)
        after, generated = state.draft, len(state.generated_media)
    if not _differs(after, generated, before):
        await job.end("failed", error=_UNCHANGED)
        raise StreamBrokenError(_UNCHANGED)
    changed = changes(Draft.parse(before.draft), after)
    text = in_words(changed, ()) or "A raw clip was generated: session.preview() fetches it."
    turn = Turn(text, (TextDelta(text),), changed, after, time.time() - row.began_at, note=_FOUND)
    await job.answered(turn)
    return turn


async def _changed_state(row: Row, client: Client, before: Before, *, show: bool) -> State:
    """Ask for the state until it has changed and stays so; only once if the service has given the message up by now."""
    pace, project = await client.pace(), Project(client, row.task_name, None, row.session_id)
    state = await project.state_of(row.session_id, "look")
    for ask in range(RECOVERY_ASKS):
        if _differs(state.draft, len(state.generated_media), before) or _is_over(row):
            break
        if show and not ask:
            most_s = RECOVERY_ASKS * pace.recover_next_s
            words = f"{row.id}: nothing has changed on the timeline yet; asking again for up to {most_s:.0f} s…\n"
            write(sys.stdout, words)
        await client.clock.sleep(pace.recover_next_s)
        state = await project.state_of(row.session_id, "look")
    for _ in range(SETTLING_ASKS):
        if not _differs(state.draft, len(state.generated_media), before):
            break
        await client.clock.sleep(pace.settle_s)
        now = await project.state_of(row.session_id, "look")
        if not now.differs_from(state):
            break
        state = now
    return state


def _is_over(row: Row) -> bool:
    """Whether the agent works on it no more: it was told to stop, or the service has given it up by now."""
    return row.ended_at is not None or time.time() - row.began_at > WHOLE_DEADLINE_S


def _differs(draft: Draft, generated: int, before: Before) -> bool:
    return scrubbed(draft.raw) != before.draft or generated != before.generated
