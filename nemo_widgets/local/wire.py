"""The wire of a studio that a class looks at: what went over it, and what shall go wrong on it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from nemo_widgets.display import resolve
from nemo_widgets.local.faults.plan import FaultPlan
from nemo_widgets.local.faults.presets import PRESETS, Preset
from nemo_widgets.local.server.wirelog import WireLog, WireRecord
from nemo_widgets.local.standing import Standing

if TYPE_CHECKING:
    import pandas as pd

_WIDGETS = "nemo_widgets.widgets.studio"
"""Not imported for this: without them there is nobody to tell."""


def tell_of_reset(url: str) -> None:
    """Let the widgets of this process that work at an origin know that it has forgotten their sessions."""
    if _WIDGETS in sys.modules:
        resolve("studio_began_anew")(url)


class Watched(Protocol):
    """What the wire asks of its studio."""

    @property
    def faults(self) -> FaultPlan: ...
    @faults.setter
    def faults(self, plan: FaultPlan | str) -> None: ...
    def reset(self) -> None: ...
    def standing(self) -> Standing: ...
    def expire_links(self) -> None: ...
    def expire_tokens(self) -> None: ...


class Wire:
    """Every request, response and stream event of a studio since somebody first looked, secrets taken out.

    In a notebook it shows itself as a live table with switches for faults. The newest 5,000 records are kept. Safe from
    any thread.

    Examples
    --------
    >>> studio = LocalStudio().start()  # doctest: +SKIP
    >>> studio.wire  # a live view
    >>> studio.wire.to_frame().groupby("name")["size_bytes"].sum()
    """

    presets: Sequence[Preset] = PRESETS
    """The faults that the live view has switches for."""

    def __init__(self, studio: Watched) -> None:
        self._studio = studio
        self._view: Any = None
        self.log = WireLog()

    def __len__(self) -> int:
        return len(self.log)

    def __iter__(self) -> Iterator[WireRecord]:
        return iter(self.log.records())

    def __repr__(self) -> str:
        return f"<Wire: {len(self)} records; to_frame() is a table of them>"

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of what went over the wire, one row a request, response, event or end of a connection."""
        return resolve("wire_table")(asdict(record) for record in self)  # type: ignore[no-any-return]

    def records(self, newest: int | None = None) -> tuple[WireRecord, ...]:
        """Return the records that are kept, or so many of the newest, oldest first."""
        return self.log.records(newest)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have a quick function called after every change, on any thread; what is returned ends that."""
        return self.log.watch(changed)

    def clear(self) -> None:
        """Forget what went over the wire so far."""
        self.log.clear()

    def reset(self) -> None:
        """Begin a new lesson: `LocalStudio.reset`."""
        self._studio.reset()

    def standing(self) -> Standing:
        """Return how the studio's accounts and exports stand: `LocalStudio.standing`."""
        return self._studio.standing()

    def expire_links(self) -> None:
        """Let every link to an exported file expire: `LocalStudio.expire_links`."""
        self._studio.expire_links()

    def expire_tokens(self) -> None:
        """Let every token that a client asked for expire: `LocalStudio.expire_tokens`."""
        self._studio.expire_tokens()

    @property
    def plan(self) -> str:
        """The fault plan that holds, without what is used up; may be set.

        Raises
        ------
        InputError
            The plan is wrong.
        """
        return str(self._studio.faults)

    @plan.setter
    def plan(self, text: str) -> None:
        self._studio.faults = text
        self.log.note_change()

    def is_on(self, rule: str) -> bool:
        """Return whether a rule of a fault plan holds and is not used up."""
        return any(left.is_like(wanted) for wanted in FaultPlan.parse(rule).rules for left in self._studio.faults.left)

    def switch(self, rule: str, *, on: bool) -> None:
        """Add a rule to the fault plan, before all others, or take it out; what else goes wrong stays.

        Raises
        ------
        InputError
            The rule is wrong.
        """
        wanted = FaultPlan.parse(rule).rules
        others = [left for left in self._studio.faults.left if not any(left.is_like(rule) for rule in wanted)]
        self._studio.faults = FaultPlan([*(wanted if on else ()), *others])
        self.log.note_change()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if self._view is None or self._view.comm is None:
            self._view = resolve("wire")(self)
        return self._view._repr_mimebundle_(include=include, exclude=exclude)
