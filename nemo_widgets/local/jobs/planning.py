"""Plans the answers: the quick ones in turn on the server's own loop, so that the network is looked at in between."""

import asyncio

from nemo_widgets.local.planner.plans import History, Plan, PlanAsset
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.state.records import SessionRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.draft import Draft


class Planning:
    """Turns messages into plans. Used on the server's loop only.

    Parameters
    ----------
    store : Store
        What a session has: its timeline, its files, what was before.
    engine : Engine
        Whose planner it is.
    """

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._turn = asyncio.Lock()
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether a message that came now would wait for others."""
        return self._waiting > 0

    async def plan(self, session: SessionRecord, prompt: str, seed: int) -> Plan:
        """Return what is to be done about a message."""
        if not self._engine.plans_at_once(prompt):
            return await asyncio.to_thread(self._engine.plan, *self._asked(session, prompt, seed))
        self._waiting += 1  # the lock itself is free for a moment between two plans
        try:
            async with self._turn:
                await asyncio.sleep(0)  # whoever has arrived meanwhile is let in first
                return self._engine.plan(*self._asked(session, prompt, seed))
        finally:
            self._waiting -= 1

    def _asked(
        self, session: SessionRecord, prompt: str, seed: int
    ) -> tuple[str, Draft, list[PlanAsset], int, History]:
        kept = self._store.history.of(session.id)
        history = History(kept.earlier, kept.undone)
        return prompt, Draft.parse(session.draft), self._assets(session.id), seed, history

    def _assets(self, session_id: str) -> list[PlanAsset]:
        found = []
        for asset in self._store.assets(session_id):
            held = self._store.file(asset.key)
            if held:
                found.append(PlanAsset(asset.name, asset.kind, held[1].as_posix(), asset.duration_s, asset.url))
        return found
