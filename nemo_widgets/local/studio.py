"""The studio's parts, put together and taken down in the right order."""

import secrets
from pathlib import Path
from types import TracebackType

from nemo_widgets.local.faults.plan import FaultPlan
from nemo_widgets.local.jobs.drawing import Drawing
from nemo_widgets.local.jobs.rawclips import RawClips
from nemo_widgets.local.jobs.renders import RenderQueue
from nemo_widgets.local.jobs.turns import Turns
from nemo_widgets.local.options import Options
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.server.guard import digest_of
from nemo_widgets.local.server.presence import Presence
from nemo_widgets.local.server.wirelog import WireLog
from nemo_widgets.local.standing import Standing
from nemo_widgets.local.state.housekeeping import tidy
from nemo_widgets.local.state.records import Account, SessionRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.address import PASSING

OWNER = "local_owner"
_OWNER_TOKEN_S = 10 * 365 * 24 * 3600.0
_ANONYMOUS_TOKEN_S = 7 * 24 * 3600.0


class Studio:
    """Store, agent and render queue; an async context manager around the time it works.

    Parameters
    ----------
    folder : Path
        Where it keeps everything.
    engine : Engine
        What invents and draws.
    options : Options
        How it behaves.
    token : str
        The bearer token of the person who started it.
    patience_s : float
        How long to wait for a studio that is still leaving the folder, in seconds.
    fresh : bool
        Whether to forget everything that an earlier studio left in the folder.
    passing : bool
        Whether the folder goes away at the end; the ids of its sessions say so.

    Attributes
    ----------
    faults : FaultPlan
        What goes wrong; may be replaced while the studio works, from any thread.
    wire_log : WireLog or None
        Where requests and answers are written down; None when nobody wants to see them. May be
        replaced in the same way.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        options: Options,
        *,
        token: str,
        patience_s: float = 0.0,
        fresh: bool = False,
        passing: bool = False,
    ) -> None:
        self.options = options
        self._session_ending = PASSING if passing else ""
        self.faults = FaultPlan.parse(options.faults)
        self.wire_log: WireLog | None = None
        self.presence = Presence()
        self.store = Store(folder, patience_s=patience_s, fresh=fresh)
        self.drawing = Drawing(engine.render, workers=options.workers)
        self.renders = RenderQueue(self.store, self.drawing, engine.canvas_size, parallel=options.parallel_renders)
        raw_clips = RawClips(self.store, self.drawing, engine.canvas_size)
        self.turns = Turns(self.store, engine, raw_clips, options)
        expires_at = self.store.clock() + _OWNER_TOKEN_S
        self.store.save_account(Account(OWNER, OWNER, digest_of(token), expires_at, options.credits))

    async def __aenter__(self) -> "Studio":
        tidy(self.store)
        self.renders.resume()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.renders.close()
        self.drawing.close()
        self.store.close()

    @property
    def idle_s(self) -> float:
        """Seconds since anyone needed the studio; 0 while a request or a render is under way."""
        return 0.0 if len(self.renders) else self.presence.idle_s

    def standing(self) -> Standing:
        """Return how accounts and exports stand now; may be asked from any thread."""
        credits = self.store.balances()
        states = [record.status for record in self.store.unfinished_renders()]
        held = {user: self.turns.frozen(user) for user in credits}
        return Standing(credits, held, states.count("processing"), states.count("pending"))

    def open_account(self, client_id: str) -> tuple[str, Account] | None:
        """Give a client id its token, valid seven days; None while an earlier one is still valid."""
        known = self.store.account_for(client_id)
        if known and known.expires_at > self.store.clock():
            return None
        token = f"nmv_usr_{secrets.token_urlsafe(32)}"
        user_id = known.user_id if known else f"anon_{secrets.token_hex(8)}"
        expires_at = self.store.clock() + _ANONYMOUS_TOKEN_S
        account = Account(user_id, client_id, digest_of(token), expires_at, self.options.credits)
        self.store.save_account(account)
        return token, account

    def open_session(self, user_id: str, task_name: str, language: str) -> SessionRecord:
        """Add an empty session."""
        seed = self.options.seed
        session = SessionRecord(
            id=f"s_{secrets.token_hex(12)}{self._session_ending}",
            task_id=f"t_{secrets.token_hex(8)}",
            user_id=user_id,
            task_name=task_name,
            language=language,
            seed=secrets.randbits(31) if seed is None else seed + 1000 * self.store.count_sessions(),
            accepted=0,
            edited=0,
            draft_json="{}",
            generated_json="[]",
            used_at=self.store.clock(),
        )
        self.store.add_session(session)
        if self.options.warm:
            self.drawing.warm_up()
        return session
