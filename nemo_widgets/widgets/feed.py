"""What a studio shows, and the numbered updates that keep its views the same."""

from collections.abc import Callable
from threading import RLock

import msgspec
from msgspec.structs import replace

from nemo_widgets.display import UPDATES_PER_S
from nemo_widgets.kernel import job_loop
from nemo_widgets.widgets.messages import Snapshot, TextAdded, Update
from nemo_widgets.widgets.states import StudioState, TurnState

CallLater = Callable[[float, Callable[[], None]], None]


def _later(delay_s: float, call: Callable[[], None]) -> None:
    loop = job_loop()
    loop.call_soon_threadsafe(loop.call_later, delay_s, call)


class Feed:
    """The one owner of a `StudioState`; callable from any thread.

    Changes are told at most `UPDATES_PER_S` times a second: the first at once, those that follow it together. A burst
    past ZMQ's high-water mark would be dropped without a word, its last messages first.

    Parameters
    ----------
    tell : callable
        Sends an update to every view.
    state : StudioState
        What is shown at first.
    later : callable
        Calls a function after so many seconds; by default on the job loop.
    """

    def __init__(self, tell: Callable[[Update], None], state: StudioState, later: CallLater = _later) -> None:
        self._tell = tell
        self._call_later = later
        self._lock = RLock()
        self._state = state
        self._seq = 0
        self._fields: set[str] = set()
        self._turns: set[int] = set()
        self._texts: dict[int, str] = {}
        self._resting = False

    @property
    def state(self) -> StudioState:
        """What is shown now."""
        return self._state

    def change(self, **fields: object) -> None:
        """Replace fields of the state, other than the turns."""
        with self._lock:
            self._state = replace(self._state, **fields)
            self._fields.update(fields)
            self._changed()

    def put_turn(self, turn: TurnState) -> None:
        """Replace the turn of this number, or add it as the next one."""
        with self._lock:
            turns = [*self._state.turns[: turn.number - 1], turn, *self._state.turns[turn.number :]]
            self._state = replace(self._state, turns=turns)
            self._turns.add(turn.number)
            self._texts.pop(turn.number, None)
            self._changed()

    def turn(self, number: int) -> TurnState:
        """Return the turn of this number."""
        return self._state.turns[number - 1]

    def add_text(self, number: int, text: str) -> None:
        """Append to a turn's answer."""
        with self._lock:
            turns = list(self._state.turns)
            turns[number - 1] = replace(turns[number - 1], text=turns[number - 1].text + text)
            self._state = replace(self._state, turns=turns)
            if number not in self._turns:
                self._texts[number] = self._texts.get(number, "") + text
            self._changed()

    def snapshot(self, asked_as: str) -> Snapshot:
        """Return the whole state in reply to a view, after telling all views what they don't know yet."""
        with self._lock:
            self._flush()
            return Snapshot(id=asked_as, seq=self._seq, state=self._state)

    def _changed(self) -> None:
        if not self._resting:
            self._resting = True
            self._flush()
            self._call_later(1 / UPDATES_PER_S, self._rested)

    def _rested(self) -> None:
        with self._lock:
            if self._flush():
                self._call_later(1 / UPDATES_PER_S, self._rested)
            else:
                self._resting = False

    def _flush(self) -> bool:
        if not (self._fields or self._turns or self._texts):
            return False
        self._seq += 1
        changed = {name: getattr(self._state, name) for name in self._fields}
        update = Update(
            seq=self._seq,
            turns=[self._state.turns[number - 1] for number in sorted(self._turns)],
            texts=[TextAdded(turn=number, text=text) for number, text in sorted(self._texts.items())],
        )
        self._fields, self._turns, self._texts = set(), set(), {}
        self._tell(replace(update, **changed) if changed else update)
        return True


UPDATED_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Update)) - {"seq", "turns", "texts"}
"""What `Feed.change` can tell."""
