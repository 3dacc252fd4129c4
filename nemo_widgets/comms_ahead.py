"""Let widgets be heard while a cell waits.

On ipykernel 6, as Colab has it, a message of a widget waits in the kernel's queue until the cell has ended, so a Stop
button would come too late. A wait looks into that queue now and then, and hands over what came for widgets; everything
else keeps its place.

Since ipykernel 7 the kernel does that itself, but for one moment: when a cell has ended and the next one in the queue
has not begun, its lock is free, and a widget's message that comes just then gets in line behind all queued cells.
"""

import asyncio
import json
import sys
import threading
from typing import Any, Final

_FOR_WIDGETS: Final = frozenset({"comm_open", "comm_msg", "comm_close"})
_DELIMITER: Final = b"<IDS|MSG>"
_HEADER_AFTER: Final = 2  # the signature comes between the delimiter and the header


def waiting_kernel() -> Any:
    """Return the kernel that this thread keeps from answering widgets by waiting; None when it answers by itself."""
    if threading.current_thread() is not threading.main_thread():
        return None
    ipykernel, ipython = sys.modules.get("ipykernel"), sys.modules.get("IPython")
    if ipykernel is None or ipython is None:
        return None
    kernel = getattr(ipython.get_ipython(), "kernel", None)
    if ipykernel.version_info[0] != 6:
        _keep_out_of_line(getattr(kernel, "_main_asyncio_lock", None))
        return None
    return kernel if hasattr(kernel, "msg_queue") else None


class LockOfCells(asyncio.Lock):
    """A lock that is also taken while somebody waits for it: the next one has it all but for a turn of the loop."""

    def locked(self) -> bool:
        """Whether a cell runs, or is about to: a widget's message then goes past it instead of waiting."""
        return super().locked() or bool(self._waiters)


def _keep_out_of_line(lock: object) -> None:
    if type(lock) is asyncio.Lock:
        lock.__class__ = LockOfCells


def hand_over(kernel: Any) -> None:
    """Give the widgets of a kernel what has come for them.

    Parameters
    ----------
    kernel : ipykernel.ipkernel.IPythonKernel
        From `waiting_kernel`, or None, when nothing happens.
    """
    if kernel is None or kernel.shell_stream is None:
        return
    kernel.shell_stream.flush()
    queue = kernel.msg_queue._queue
    for entry in list(queue):
        if _kind(entry) in _FOR_WIDGETS:
            queue.remove(entry)  # in one step: an interrupt between taking out and putting back would lose a cell
            _handle(kernel, entry[2][0])


def _kind(entry: Any) -> str:
    try:
        parts = [bytes(getattr(frame, "bytes", frame)) for frame in entry[2][0]]
        return str(json.loads(parts[parts.index(_DELIMITER) + _HEADER_AFTER])["msg_type"])
    except (ValueError, IndexError, KeyError, TypeError):
        return ""  # not one of ours: the kernel tells what is wrong with it


def _handle(kernel: Any, frames: Any) -> None:
    cell_ident, cell = kernel._parent_ident["shell"], kernel.get_parent("shell")
    idents, rest = kernel.session.feed_identities(frames, copy=False)
    try:
        message = kernel.session.deserialize(rest, content=True, copy=False)
    except Exception:
        kernel.log.exception("Invalid message")
        return
    kernel.set_parent(idents, message, channel="shell")
    kernel._publish_status("busy", "shell")
    try:
        kernel.shell_handlers[message["header"]["msg_type"]](kernel.shell_stream, idents, message)
    except Exception:
        kernel.log.exception("A widget's message could not be handled")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        kernel._publish_status("idle", "shell")
        kernel.set_parent(cell_ident, cell, channel="shell")
