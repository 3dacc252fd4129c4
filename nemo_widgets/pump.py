"""Keep a Jupyter kernel's loop alive inside a blocking call, without losing a message.

``nest_asyncio`` makes the running loop re-entrant, but on its own it loses messages on ipykernel 7: all shell messages
share one `contextvars.Context`, so a nested step of theirs fails with "cannot enter context", and the click or the
queued cell is gone. Four guards make it safe:

- a context that is already entered when its callback's turn comes is copied for that one step;
- the frame of the loop's own ``_run_once`` below us counted the callbacks that were ready, and finds as many after us;
- an interrupt ends the wait, instead of being thrown into whichever callback of the kernel happens to run;
- one pump at a time: a call from inside a pumped callback just waits.
"""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, TypeVar

from nemo_widgets.interrupts import cancelling_interrupts

T = TypeVar("T")

_pumping = False


def pumpable_loop() -> asyncio.AbstractEventLoop | None:
    """Return the kernel's loop if it runs on this thread and can be pumped now, else None.

    Since Python 3.14 tasks can no longer be nested. Before ipykernel 7.4 (Colab has 6) comm messages wait for the
    end of the cell anyhow.
    """
    loop = asyncio._get_running_loop()
    if (
        loop is None
        or _pumping
        or sys.version_info >= (3, 14)
        or threading.current_thread() is not threading.main_thread()
    ):
        return None
    ipykernel = sys.modules.get("ipykernel")
    if ipykernel is None or tuple(ipykernel.version_info[:2]) < (7, 4):
        return None
    return loop if isinstance(loop, asyncio.BaseEventLoop) and _is_kernels(loop) else None


def _is_kernels(loop: asyncio.AbstractEventLoop) -> bool:
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython is not None else None
    return getattr(getattr(kernel, "io_loop", None), "asyncio_loop", None) is loop


def pump(loop: asyncio.AbstractEventLoop, waiter: Coroutine[Any, Any, T]) -> T:
    """Run `waiter` on `loop`, which is running on this thread further down the stack.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
        From `pumpable_loop`.
    waiter : Coroutine
        What to wait for.

    Raises
    ------
    KeyboardInterrupt
        The kernel was interrupted meanwhile.
    """
    global _pumping
    import nest_asyncio  # changes asyncio for the whole process, so not before the first run

    _pumping = True
    try:
        with _guarded(loop):
            nest_asyncio.apply(loop)
            task = loop.create_task(waiter)
            with cancelling_interrupts(loop, task):
                return loop.run_until_complete(task)
    finally:
        _pumping = False


class _LateContext:
    """Stands in for a handle's context, and decides when its turn has come whether that can be entered."""

    __slots__ = ("_context",)

    def __init__(self, context: Context) -> None:
        self._context = context

    def run(self, callback: Callable[..., object], *args: object) -> object:
        return _enterable(self._context).run(callback, *args)


def _enterable(context: Context) -> Context:
    try:
        context.run(_nothing)
    except RuntimeError:  # already entered, by a frame below us
        return context.copy()
    return context


def _nothing() -> None:
    pass


@contextmanager
def _guarded(loop: asyncio.AbstractEventLoop) -> Generator[None]:
    ready: deque[asyncio.Handle] = loop._ready  # type: ignore[attr-defined]
    for handle in ready:
        _guard(handle)
    expected_below = len(ready)
    original = loop.call_soon

    def call_soon(callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.Handle:
        handle = original(callback, *args, context=context)
        if context is not None:  # else the handle made a copy of its own
            _guard(handle)
        return handle

    loop.call_soon = call_soon  # type: ignore[method-assign]
    try:
        yield
    finally:
        del loop.call_soon  # the class's method shows again
        while len(ready) < expected_below:
            loop.call_soon(_nothing)


def _guard(handle: asyncio.Handle) -> None:
    context = handle._context  # type: ignore[attr-defined]
    if isinstance(context, Context):
        handle._context = _LateContext(context)  # type: ignore[attr-defined]
