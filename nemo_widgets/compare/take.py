"""One variant on its way from a prompt to a clip."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from nemo_widgets.client import Client, Clip, ExportProgress, Session, Turn
from nemo_widgets.compare.variants import Variant
from nemo_widgets.errors import NemoError, StoppedError
from nemo_widgets.protocol.events import TextDelta

Phase = Literal["waiting", "generating", "queued", "rendering", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class TakeState:
    """What can be seen of a take at one moment.

    Attributes
    ----------
    phase : {"waiting", "generating", "queued", "rendering", "done", "failed", "stopped"}
        How far it is; queued is generated, and waiting for the renderer.
    text : str
        The agent's answer so far, Markdown.
    fraction : float or None
        How much of the render is done, 0 to 1; None when that is not known.
    elapsed_s : float
        Seconds since it began.
    credits_spent : float or None
        None while it is not known.
    clip : Clip or None
        The finished clip.
    error : str
        What went wrong, in words; empty when nothing did.
    """

    phase: Phase = "waiting"
    text: str = ""
    fraction: float | None = None
    elapsed_s: float = 0.0
    credits_spent: float | None = None
    clip: Clip | None = None
    error: str = ""


class Take:
    """A variant with a session of its own; `state` is replaced, never changed, and `on_change` told each time."""

    def __init__(self, variant: Variant, on_change: Callable[["Take"], None], *, reuse: bool = False) -> None:
        self.variant = variant
        self.state = TakeState()
        self.session: Session | None = None
        self.turn: Turn | None = None
        self._on_change = on_change
        self._reuse = reuse
        self._began_s = 0.0

    @property
    def is_reused(self) -> bool:
        """Whether its answer came from the library."""
        return self.turn is not None and self.turn.note != ""

    async def make(self, client: Client, path: Path) -> None:
        """Send the prompt once, then export to `path`. A failure of the service's ends in a state, not in an error.

        Runs on the job loop. A take that has its answer is only rendered, so that trying again costs nothing.
        """
        self._began_s = time.monotonic()
        try:
            if self.turn is None:
                self.turn = await self._generate(client)
            await self._render(path)
        except NemoError as error:
            self._set(phase="stopped" if isinstance(error, StoppedError) else "failed", error=str(error))
        except BaseException:
            # Cancelled, or a defect: the state must not stay "generating" for ever; the cause travels on.
            self._set(phase="stopped", error="Stopped.")
            raise

    async def _generate(self, client: Client) -> Turn:
        self._set(phase="generating", text="", error="")
        self.session = client.new_session(task_name="comparison")
        answer = self.session.stream(self.variant.prompt, reuse=self._reuse, repeat=self.variant.repeat)
        async with answer as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    self._set(text=self.state.text + event.text)
        note = f"\n\n*{answer.turn.note}*" if answer.turn.note else ""
        self._set(text=answer.turn.text + note, credits_spent=answer.turn.credits_spent)
        return answer.turn

    async def _render(self, path: Path) -> None:
        assert self.session is not None, "a take with a turn has a session"
        self._set(phase="queued", fraction=None, error="")
        clip = await self.session.export(path, on_progress=self._rendered, show=False)
        self._set(phase="done", fraction=1.0, clip=clip)

    def _rendered(self, progress: ExportProgress) -> None:
        self._set(phase="queued" if progress.status == "pending" else "rendering", fraction=progress.fraction)

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, elapsed_s=time.monotonic() - self._began_s, **changes)
        self._on_change(self)
