"""The comparison: every variant's prompt, answer and clip side by side, playing as one."""

import asyncio
import threading
from typing import TYPE_CHECKING

from IPython.display import HTML, display

from nemo_widgets.errors import InputError
from nemo_widgets.kernel import submit
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget
from nemo_widgets.widgets.fallback import fallback_html
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import (
    Comparison,
    ComparisonUpdate,
    Done,
    GetComparison,
    StartSweep,
    StopSweep,
)
from nemo_widgets.widgets.shelf import ClipShelf
from nemo_widgets.widgets.states import ClipFacts, ComparisonState, VariantState

if TYPE_CHECKING:
    from nemo_widgets.client import Clip
    from nemo_widgets.compare import Sweep, Take

# Answers are read, not watched: ten steps a second look smooth and leave room for the players' bytes.
_UPDATE_EVERY_S = 0.1


class CompareGrid(NemoWidget):
    """Shows a comparison while it is made, and its clips side by side.

    Parameters
    ----------
    sweep : Sweep
        From `nemo_widgets.compare`. Showing it starts nothing: press "Make all", or ``await sweep``.
    """

    def __init__(self, sweep: "Sweep") -> None:
        self._sweep = sweep
        self._shelf = ClipShelf()
        self._facts: dict[int, ClipFacts] = {}
        self._changed: set[int] = set()
        self._seq = 0
        self._flush_due = False
        self._publishing = threading.Lock()
        super().__init__(_kind="compare")
        self._end = sweep.on_change(self._note)

    @property
    def sweep(self) -> "Sweep":
        """What is shown."""
        return self._sweep

    def close(self) -> None:
        """End the widget; the sweep goes on."""
        self._end()
        super().close()

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view: its clips' bytes, the whole state, start and stop."""
        if (told := self._shelf.answer(ask)) is not None:
            return told
        match ask:
            case GetComparison():
                with self._publishing:
                    return Comparison(id=ask.id, seq=self._seq, state=self.state())
            case StartSweep():
                self._sweep.start()
                return Done(id=ask.id)
            case StopSweep():
                self._sweep.stop()
                return Done(id=ask.id)
        raise InputError("A comparison can be started, stopped and played.")

    def state(self) -> ComparisonState:
        """Return all that a view shows."""
        sweep = self._sweep
        return ComparisonState(
            backend=sweep.client.backend,
            running=sweep.running,
            variants=[self._variant(take) for take in sweep.takes],
        )

    def _variant(self, take: "Take") -> VariantState:
        state = take.state
        return VariantState(
            number=take.variant.index + 1,
            prompt=take.variant.prompt,
            text=state.text,
            phase=state.phase,
            fraction=state.fraction,
            elapsed_s=state.elapsed_s,
            credits_spent=state.credits_spent,
            error=state.error,
            clip=self._clip_facts(take.variant.index, state.clip),
        )

    def _clip_facts(self, index: int, clip: "Clip | None") -> ClipFacts | None:
        if clip is None:
            return None
        if index not in self._facts:
            self._facts[index] = self._shelf.put(clip)
        return self._facts[index]

    def _note(self, take: "Take | None") -> None:
        with self._guard:
            if take is not None:
                self._changed.add(take.variant.index)
            due, self._flush_due = self._flush_due, True
        if not due:
            submit(self._flush(), name="comparison update")

    async def _flush(self) -> None:
        await asyncio.sleep(_UPDATE_EVERY_S)
        await asyncio.to_thread(self._publish)  # a finished clip's poster takes a moment to decode

    def _publish(self) -> None:
        with self._publishing:
            with self._guard:
                self._flush_due = False
                changed, self._changed = sorted(self._changed), set()
            self._seq += 1
            variants = [self._variant(self._sweep.takes[index]) for index in changed]
            self.tell(ComparisonUpdate(seq=self._seq, running=self._sweep.running, variants=variants))


def show_sweep(sweep: "Sweep") -> None:
    """Show a sweep as a grid, after what stays of its finished clips in a saved notebook."""
    grid = CompareGrid(sweep)
    for variant in grid.state().variants:
        if variant.clip is not None:
            display(HTML(fallback_html(variant.clip)))  # type: ignore[no-untyped-call]
    display(grid)  # type: ignore[no-untyped-call]
