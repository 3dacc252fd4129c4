"""How the agent answers when a fault plan has it misbehave: too quietly, too slowly, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable

from nemo_widgets.local.faults.plan import Fault
from nemo_widgets.local.jobs.turns import GENERATE, Emit
from nemo_widgets.local.options import Options
from nemo_widgets.local.state.records import SessionRecord
from nemo_widgets.local.studio import Studio
from nemo_widgets.protocol.events import AgentError, Event, Heartbeat, TextDelta, ToolResult

Answering = Callable[[SessionRecord, str, Emit], Awaitable[None]]

_PAUSE_S = 2.0


def acting(studio: Studio, fault: Fault | None, options: Options) -> Answering:
    """Return how a message is answered.

    Parameters
    ----------
    studio : Studio
        Whose agent it is.
    fault : Fault or None
        One that is about answers; None for the ordinary way.
    options : Options
        The time between heartbeats.
    """
    if fault is None:
        return studio.turns.answer
    argument = fault.argument

    async def idle(session: SessionRecord, prompt: str, emit: Emit) -> None:
        studio.store.accept_messages([session.id])
        if fault.name == "error":
            code = None if argument is None else int(argument)
            await emit(AgentError("The agent failed, as the fault plan says.", code))
        beats = 0
        while fault.name == "heartbeats" and (argument is None or beats < argument):
            await asyncio.sleep(options.heartbeat_s)
            await emit(Heartbeat())
            beats += 1

    async def silent(session: SessionRecord, prompt: str, emit: Emit) -> None:
        async def emit_all_but_text(event: Event) -> None:
            if not isinstance(event, TextDelta):
                await emit(event)

        await studio.turns.answer(session, prompt, emit_all_but_text)

    async def in_two_stages(session: SessionRecord, prompt: str, emit: Emit) -> None:
        async def emit_and_pause(event: Event) -> None:
            await emit(event)
            if isinstance(event, ToolResult) and event.name == GENERATE:
                await asyncio.sleep(_PAUSE_S if argument is None else argument)

        await studio.turns.answer(session, prompt, emit_and_pause)

    return {"silent": silent, "two-stage": in_two_stages}.get(fault.name, idle)
