"""One message and the agent's answer to it: plan, tools, heartbeats, text, and the draft that remains."""

import asyncio
import logging
import re
import secrets
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from time import monotonic
from weakref import WeakValueDictionary

from nemo_widgets.errors import NemoError
from nemo_widgets.local.jobs.acceptance import Acceptance
from nemo_widgets.local.jobs.phrases import phrases
from nemo_widgets.local.jobs.planning import Planning
from nemo_widgets.local.jobs.rawclips import RawClips
from nemo_widgets.local.options import Options
from nemo_widgets.local.planner.plans import Plan, Stage
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.state.records import SessionRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.events import AgentError, Event, Heartbeat, TextDelta, ToolCall, ToolResult

_log = logging.getLogger(__name__)

GENERATE = "generate_video"
_PIECE = re.compile(r"(?:\S{1,24}\s*){1,3}|\s+")

Emit = Callable[[Event], Awaitable[None]]


def pieces(text: str) -> Iterator[str]:
    """Split a text into the small pieces in which an agent says it; joined they are the text."""
    return (match[0] for match in _PIECE.finditer(text))


def _edits(plan: Plan) -> bool:
    return any(stage.tool for stage in plan.stages)


def _generates(plan: Plan) -> bool:
    return any(stage.tool == GENERATE for stage in plan.stages)


class Turns:
    """The agent: answers one message a session at a time and keeps its account straight.

    Parameters
    ----------
    store : Store
        Sessions and accounts.
    engine : Engine
        Whose planner turns a message into stages.
    raw_clips : RawClips
        Draws the clip that a generation gives.
    options : Options
        Pace and prices.
    """

    def __init__(self, store: Store, engine: Engine, raw_clips: RawClips, options: Options) -> None:
        self._store = store
        self._acceptance = Acceptance(store)
        self._planning = Planning(store, engine)
        self._raw_clips = raw_clips
        self._options = options
        self._talking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._frozen: Counter[str] = Counter()

    def frozen(self, user_id: str) -> int:
        """Return the credits that running work of an account holds."""
        return self._frozen[user_id]

    async def price(self, session: SessionRecord, prompt: str) -> int:
        """Return what a message would cost now, in credits."""
        try:
            plan = await self._planning.plan(session, prompt, session.seed)
        except Exception:
            # The answer itself will run into it, and tell.
            return 0
        return self._cost(plan, session)

    async def answer(self, session: SessionRecord, prompt: str, emit: Emit) -> None:
        """Answer a message. Cancelling stops at once: the stage at work leaves no trace and costs nothing."""
        number = await self._acceptance.take_on(session.id)
        try:
            if self._planning.is_busy:
                # It has arrived and has to wait for others: that is said at once.
                await emit(Heartbeat())
            async with AsyncExitStack() as turn:
                async with self._heartbeats(emit):
                    await turn.enter_async_context(self._talking.setdefault(session.id, asyncio.Lock()))
                await self._answer(session.id, prompt, session.seed + number, emit)
        except NemoError as problem:
            await emit(AgentError(str(problem)))
        except Exception:
            _log.exception("a message could not be answered")
            await emit(AgentError("The local studio failed; its log has the cause. The unfinished step cost nothing."))

    async def _answer(self, session_id: str, prompt: str, seed: int, emit: Emit) -> None:
        session = self._store.session(session_id)
        if session is None:
            raise NemoError("The session was removed while it was being used. Open a new one.")
        async with self._heartbeats(emit):
            plan = await self._planning.plan(session, prompt, seed)
        cost = self._cost(plan, session)
        available = self._store.credits(session.user_id) - self._frozen[session.user_id]
        if cost > available:
            await emit(AgentError(f"Out of credits: this needs {cost}, {available} are available.", code=2001))
            return
        with self._hold(session, plan, cost) as charge:
            await self._perform(plan, session, charge, emit)

    def _cost(self, plan: Plan, session: SessionRecord) -> int:
        if _generates(plan):
            return self._options.generation_credits
        return self._options.edit_credits if _edits(plan) and not session.edited else 0

    @contextmanager
    def _hold(self, session: SessionRecord, plan: Plan, cost: int) -> Iterator[Callable[[], None]]:
        held = cost
        self._frozen[session.user_id] += cost

        def charge() -> None:
            nonlocal held
            self._store.spend(session.user_id, held)
            self._frozen[session.user_id] -= held
            held = 0
            if not _generates(plan):
                self._store.mark_edited(session.id)

        try:
            yield charge
        finally:
            self._frozen[session.user_id] -= held

    async def _perform(self, plan: Plan, session: SessionRecord, charge: Callable[[], None], emit: Emit) -> None:
        words = phrases(session.language)
        speech = _Speech(emit, self._options.piece_s)
        silent = self._is_silent(plan, session)
        if _generates(plan):
            await speech.say(words.before_generating)
        kept = False
        for index, stage in enumerate(plan.stages):
            if stage.tool:
                draws = _last_of_its_pictures(plan, index)
                await self._use_tool(stage, session, charge, emit, keep=not kept, draws=draws)
                # A message is taken back as a whole: only its first change keeps the timeline before it.
                kept = not stage.moves
            if not (stage.silent or silent):
                await speech.say(stage.says)
        if _edits(plan) and not (plan.stages[-1].silent or silent):
            choice, turn = (words.after_generating, 1) if _generates(plan) else (words.after_editing, 2)
            await speech.say(choice[(session.accepted - turn) % len(choice)])

    def _is_silent(self, plan: Plan, session: SessionRecord) -> bool:
        """Whether an edit is made without a word, as the service does with some: always the same of a session."""
        if _generates(plan) or not all(stage.tool for stage in plan.stages):
            return False
        drawn = zlib.crc32(f"{session.seed}:{session.accepted}".encode()) / 2**32
        return drawn < self._options.silent_edits

    async def _use_tool(
        self, stage: Stage, session: SessionRecord, charge: Callable[[], None], emit: Emit, *, keep: bool, draws: bool
    ) -> None:
        call_id = f"call-{secrets.token_hex(4)}"
        await emit(ToolCall(stage.tool, stage.args, call_id))
        ready_at = monotonic() + self._options.tool_s(generates=stage.tool == GENERATE)
        clip = None
        before = self._store.session(session.id)
        async with self._heartbeats(emit):
            # An edit of the pictures makes them anew; the old raw clip would belie the timeline.
            changes = before is not None and _pictures(before.draft) != _pictures(stage.draft)
            if stage.tool == GENERATE or (draws and changes):
                clip = await self._raw_clips.draw(session.id, Draft.parse(stage.draft))
            await asyncio.sleep(ready_at - monotonic())
        # From here to the charge nothing awaits: a stage is done and paid for, or neither.
        self._store.save_draft(session.id, stage.draft, keep=keep, move=stage.moves)
        if clip is not None:
            self._store.add_generated(session.id, clip)
        charge()
        await emit(ToolResult(stage.tool, {"status": "success"}, call_id))

    @asynccontextmanager
    async def _heartbeats(self, emit: Emit) -> AsyncIterator[None]:
        async def beat() -> None:
            while True:
                await asyncio.sleep(self._options.heartbeat_s)
                await emit(Heartbeat())

        beats = asyncio.create_task(beat())
        try:
            yield
        finally:
            beats.cancel()


def _pictures(raw: Mapping[str, object]) -> object:
    draft = Draft.parse(raw)
    return draft.width, draft.height, [track.raw for track in draft.tracks if track.kind == "video"]


def _last_of_its_pictures(plan: Plan, index: int) -> bool:
    """Whether there are pictures after a stage, and no later one changes them again: only those are worth a clip."""
    shown = _pictures(plan.stages[index].draft)
    later = [stage for stage in plan.stages[index + 1 :] if stage.tool]
    tracks = Draft.parse(plan.stages[index].draft).tracks
    has_pictures = any(track.kind == "video" and track.segments for track in tracks)
    return has_pictures and all(_pictures(stage.draft) == shown for stage in later)


class _Speech:
    """What the agent says in one turn: paragraphs, in pieces."""

    def __init__(self, emit: Emit, pause_s: float) -> None:
        self._emit = emit
        self._pause_s = pause_s
        self._between = ""

    async def say(self, text: str) -> None:
        if not text:
            return
        for piece in pieces(self._between + text):
            await self._emit(TextDelta(piece))
            await asyncio.sleep(self._pause_s)
        self._between = "\n\n"
