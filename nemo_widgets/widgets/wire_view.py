"""The wire of a local studio, live: a table of what goes over it, and switches for what shall go wrong.

Built of ipywidgets alone: a lesson's tool, whose front end is a table and some buttons.
"""

import asyncio
import html
from bisect import bisect_right
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Protocol

import ipywidgets as w

from nemo_widgets.errors import NemoError
from nemo_widgets.kernel import job_loop, submit
from nemo_widgets.widgets.base import in_words
from nemo_widgets.widgets.wire_table import Record, wire_html

_ROWS = 20
_EVERY_S = 0.25
_CERTAIN_S = 10.0
_RESET, _SURE = "New lesson", "Press again to forget all"


class Preset(Protocol):
    """A fault that has a switch."""

    @property
    def label(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def explanation(self) -> str: ...


class Wire(Protocol):
    """What is watched; its methods may be called from any thread."""

    plan: str

    @property
    def presets(self) -> Sequence[Preset]: ...
    def __len__(self) -> int: ...
    def records(self, newest: int | None = None) -> Sequence[Record]: ...
    def watch(self, changed: Callable[[], None]) -> Callable[[], None]: ...
    def is_on(self, rule: str) -> bool: ...
    def switch(self, rule: str, *, on: bool) -> None: ...
    def clear(self) -> None: ...
    def reset(self) -> None: ...
    def standing(self) -> object: ...
    def expire_links(self) -> None: ...
    def expire_tokens(self) -> None: ...


class WireView(w.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The newest lines of a wire, at most four times a second, and its switches.

    Parameters
    ----------
    wire : Wire
        What is watched.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lock = RLock()
        self._due = self._showing = False
        self._switches = {preset.rule: _switch(preset) for preset in wire.presets}
        self._plan = w.Text(
            description="Plan",
            continuous_update=False,
            placeholder="nothing goes wrong; try run_sse:cut@200",
            layout=w.Layout(width="auto"),
        )
        self._pause = w.ToggleButton(False, description="Pause", tooltip="Hold the table still, to talk about it")
        self._clear = w.Button(description="Clear", tooltip="Forget what went over the wire so far")
        self._reset = w.Button(
            description=_RESET,
            tooltip="Press twice: fresh credits, no sessions, no faults; the studio begins anew",
            layout=w.Layout(width="auto"),
        )
        self._old_links = w.Button(description="Expire links", tooltip="Links to exports given so far lead nowhere")
        self._old_tokens = w.Button(
            description="Expire tokens", tooltip="Tokens that clients asked for end now; the owner's own stays"
        )
        self._older = w.Button(description="Older", tooltip="Go back in what went over the wire; the table holds still")
        self._newer = w.Button(description="Newer", disabled=True, tooltip="Go towards what went over the wire last")
        self._newest = w.Button(description="Newest", disabled=True, tooltip="Follow the wire again")
        self._last: int | None = None
        self._said = w.HTML()
        self._standing = w.HTML()
        self._table = w.HTML(layout=w.Layout(width="100%"))
        self._table.add_class("nemo-wire-box")
        row = w.Layout(flex_flow="row wrap")
        super().__init__(
            [
                w.Box([*self._switches.values()], layout=row),
                w.Box([self._pause, self._clear, self._reset, self._old_links, self._old_tokens], layout=row),
                self._plan,
                self._said,
                self._standing,
                w.Box([self._older, self._newer, self._newest], layout=row),
                self._table,
            ]
        )
        for rule, switch in self._switches.items():
            switch.observe(lambda change, rule=rule: self._flip(rule, change["new"]), "value")
        self._plan.observe(lambda change: self._replan(change["new"]), "value")
        self._pause.observe(lambda change: self._changed(), "value")
        self._clear.on_click(lambda _: self._forget())
        self._older.on_click(lambda _: self._turn(-_ROWS))
        self._newer.on_click(lambda _: self._turn(_ROWS))
        self._newest.on_click(lambda _: self._turn(None))
        self._reset.on_click(lambda _: self._ask_to_reset())
        self._old_links.on_click(lambda _: self._do(wire.expire_links))
        self._old_tokens.on_click(lambda _: self._do(wire.expire_tokens))
        self._end = wire.watch(self._changed)
        self._show()

    def __repr__(self) -> str:
        return repr(self._wire)

    def close(self) -> None:
        """Take the view away; the wire goes on."""
        self._end()
        super().close()

    def _changed(self) -> None:
        with self._lock:
            if self._due:
                return
            self._due = True
        loop = job_loop()
        loop.call_soon_threadsafe(loop.call_later, _EVERY_S, self._show)

    def _show(self) -> None:
        """Bring everything up to date; the traits are written here alone."""
        with self._lock:
            self._due = False
            self._showing = True
            try:
                self._plan.value = self._wire.plan
                for rule, switch in self._switches.items():
                    switch.value = self._wire.is_on(rule)
                self._standing.value = html.escape(str(self._wire.standing()))
            except NemoError as stopped:
                self._standing.value = ""
                self._said.value = _paragraph(str(stopped))
            finally:
                self._showing = False
            if not self._pause.value:
                self._show_page()

    def _show_page(self) -> None:
        """Show the newest records, or the page that was turned to, which stays where it is while more come."""
        kept = self._wire.records()
        end = len(kept)
        if self._last is not None:
            end = max(bisect_right(kept, self._last, key=lambda record: record.number), min(_ROWS, len(kept)))
        self._older.disabled = end <= _ROWS
        self._newer.disabled = self._newest.disabled = self._last is None
        self._table.value = wire_html(kept[max(0, end - _ROWS) : end], len(kept), first=max(0, end - _ROWS) + 1)

    def _forget(self) -> None:
        with self._lock:
            self._last = None
        self._wire.clear()

    def _turn(self, by: int | None) -> None:
        """Go back or forth by so many records; None follows the wire again."""
        with self._lock:
            kept = self._wire.records()
            last = len(kept)
            if self._last is not None:
                last = bisect_right(kept, self._last, key=lambda record: record.number)
            last = len(kept) if by is None else max(min(_ROWS, len(kept)), last + by)
            self._last = kept[last - 1].number if last < len(kept) else None
            self._show_page()

    def _flip(self, rule: str, on: bool) -> None:
        with self._lock:  # a click that comes while everything is brought up to date waits, and then counts
            if not self._showing:
                self._do(lambda: self._wire.switch(rule, on=on))

    def _replan(self, text: str) -> None:
        with self._lock:
            if not self._showing:
                self._do(lambda: setattr(self._wire, "plan", text))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
            self._said.value = ""
        except NemoError as error:
            self._said.value = _paragraph(str(error))
        self._changed()

    def _ask_to_reset(self) -> None:
        """Reset at the second click: the first may have been a slip, in front of a class."""
        if self._reset.description == _RESET:
            self._reset.description = _SURE
            loop = job_loop()
            loop.call_soon_threadsafe(loop.call_later, _CERTAIN_S, self._forget_click)
            return
        self._reset.disabled = True
        submit(self._reset_now(), name="wire:reset")

    def _forget_click(self) -> None:
        if not self._reset.disabled:
            self._reset.description = _RESET

    async def _reset_now(self) -> None:
        try:
            await asyncio.to_thread(self._wire.reset)
            with self._lock:
                self._last = None
            self._said.value = ""
        except Exception as error:
            self._said.value = _paragraph(in_words(error))
        finally:
            self._reset.description = _RESET
            self._reset.disabled = False
            self._changed()


def _switch(preset: Preset) -> w.ToggleButton:
    return w.ToggleButton(False, description=preset.label, tooltip=preset.explanation, layout=w.Layout(width="auto"))


def _paragraph(text: str) -> str:
    return f'<p role="alert">{html.escape(text)}</p>'


def show_wire(wire: Wire) -> WireView:
    """Return what shows `wire`."""
    return WireView(wire)
