"""What a person reads about a message that was stopped or lost: what was done, and what it cost, as far as is known."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from nemo_widgets.client.credits import Spending
from nemo_widgets.client.exchange import AsksState, Exchange
from nemo_widgets.client.recording import JobRecord
from nemo_widgets.client.running import tell_stop
from nemo_widgets.client.state import State
from nemo_widgets.client.turn import Turn
from nemo_widgets.errors import DeadlineError, NemoError, ServiceError, StreamBrokenError
from nemo_widgets.kernel import current_job
from nemo_widgets.protocol.diff import changes

_ASK_S: Final = 2.0
_MOST_CHANGES: Final = 3


@asynccontextmanager
async def unsent_told() -> AsyncIterator[None]:
    """Tell, of work that is stopped before anything else is told, that nothing was sent."""
    try:
        yield
    except asyncio.CancelledError as error:
        job = current_job()
        if job is not None and not job.told:
            tell_stop(error, "nothing was sent")
        raise


async def run_telling_stop(
    exchange: Exchange, before: State, ask_state: AsksState, spending: Spending, record: JobRecord
) -> Turn:
    """Run an exchange; when it is stopped or lost, ask what became of the message, and what it has cost.

    The agent has heard of the stop by then.
    """
    try:
        return await exchange.run(before)
    except asyncio.CancelledError as error:
        tell_stop(error, await _found_out(before, ask_state, spending, record))
        raise
    except ServiceError:
        if exchange.was_refused:
            await record.refused()
        raise
    except (StreamBrokenError, DeadlineError) as error:
        spent = await spending.spent()
        record.credits_spent = spent or None  # the agent may still be at it
        raise type(error)(f"{error} {_cost(spent)}") from error


async def _found_out(before: State, ask_state: AsksState, spending: Spending, record: JobRecord) -> str:
    after: State | None = None
    with suppress(NemoError, TimeoutError):
        async with asyncio.timeout(_ASK_S):
            after = await ask_state()
            record.credits_spent = await spending.spent()
    if after is None:
        return "what was done by then could not be asked: look with await session.tracks()"
    return f"{_done(before, after)}{_paid(record.credits_spent)}"


def _done(before: State, after: State) -> str:
    changed = changes(before.draft, after.draft)
    if not changed and len(after.generated_media) > len(before.generated_media):
        return "a raw clip was generated (session.preview() fetches it), the draft is unchanged"
    if not changed:
        return "the draft is unchanged"
    more = f" and {len(changed) - _MOST_CHANGES} more changes" if len(changed) > _MOST_CHANGES else ""
    return f"done by then: {'; '.join(changed[:_MOST_CHANGES])}{more}"


def _paid(spent: float | None) -> str:
    if spent is None:
        return ", and whether credits were spent is not known"
    return f", and {spent:g} credits were spent" if spent > 0 else ", and no credits were spent"


def _cost(spent: float | None) -> str:
    if spent is None:
        return "Whether it was paid for is not known: await client.credits() shows what is left."
    return (
        f"By the balance it cost {spent:g} credits." if spent > 0 else "By the balance nothing was paid for it so far."
    )
