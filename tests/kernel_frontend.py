"""A person at a notebook, for tests: starts cells, clicks, interrupts, and reads what each cell put out."""

import queue
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

Until = Callable[[str, dict[str, Any], str], object]


class Frontend:
    """One person at one notebook, with a kernel of its own."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager = manager
        self._client = client
        self._outputs: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self._comm = ""

    def start(self, code: str, *, stop_on_error: bool = False) -> str:
        """Start a cell and return its id; with `stop_on_error` its failure drops the cells queued behind it."""
        return self._client.execute(textwrap.dedent(code), allow_stdin=False, stop_on_error=stop_on_error)

    def finish(self, cell: str, timeout_s: float = 30) -> dict[str, Any]:
        """Wait for the reply and the end of a cell; return the reply's content."""
        deadline = time.monotonic() + timeout_s
        while True:
            reply = self._client.get_shell_msg(timeout=max(0.01, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == cell:
                break
        self.read(until=lambda kind, content, parent: parent == cell and content.get("execution_state") == "idle")
        content: dict[str, Any] = reply["content"]
        return content

    def do(self, code: str) -> dict[str, Any]:
        """Run a cell to its end."""
        return self.finish(self.start(code))

    def value(self, expression: str) -> str:
        """Return the repr of an expression."""
        cell = self.start(expression)
        assert self.finish(cell)["status"] == "ok"
        return next(content["data"]["text/plain"] for kind, content in self.outputs(cell) if kind == "execute_result")

    def complete(self, code: str) -> tuple[str, list[str]]:
        """Press Tab at the end of `code`; return what would be replaced, and what is offered, in its order."""
        asked = self._client.complete(code, len(code))
        while True:
            reply = self._client.get_shell_msg(timeout=30)
            if reply["parent_header"].get("msg_id") == asked:
                content = reply["content"]
                return code[content["cursor_start"] : content["cursor_end"]], list(content["matches"])

    def outputs(self, cell: str) -> list[tuple[str, dict[str, Any]]]:
        """Return what a cell put out so far, as (message type, content)."""
        return self._outputs.get(cell, [])

    def printed(self, cell: str) -> str:
        """Return what a cell printed on either stream."""
        return "".join(content["text"] for kind, content in self.outputs(cell) if kind == "stream")

    def read(self, until: Until, timeout_s: float = 30) -> None:
        """Read outputs until one satisfies `until(kind, content, cell)`."""
        deadline = time.monotonic() + timeout_s
        while True:
            message = self._client.get_iopub_msg(timeout=max(0.01, deadline - time.monotonic()))
            cell = message["parent_header"].get("msg_id", "")
            kind, content = message["header"]["msg_type"], message["content"]
            self._outputs.setdefault(cell, []).append((kind, content))
            if until(kind, content, cell):
                return

    def drain(self, quiet_s: float = 0.3) -> None:
        """Read outputs until none has come for `quiet_s`."""
        while True:
            try:
                self.read(until=lambda *_: True, timeout_s=quiet_s)
            except queue.Empty:
                return

    def until_printed(self, words: str) -> None:
        """Read outputs until some cell has printed `words`."""
        self.read(until=lambda kind, content, cell: kind == "stream" and words in content["text"])

    def tell_widget(self, model_id: str, content: dict[str, Any]) -> None:
        """Send a widget what its view would."""
        self._send("comm_msg", {"comm_id": model_id, "data": {"method": "custom", "content": content}})

    def open_widget(self) -> None:
        """Open the comm that `click` talks to."""
        self._comm = uuid4().hex
        self._send("comm_open", {"comm_id": self._comm, "target_name": "click", "data": {}})

    def click(self, n: int) -> None:
        """Send a widget message."""
        self._send("comm_msg", {"comm_id": self._comm, "data": {"n": n}})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        self._client.shell_channel.send(self._client.session.msg(kind, content))

    def interrupt(self) -> None:
        """Press Stop."""
        self._manager.interrupt_kernel()

    def kill(self) -> None:
        """End the kernel as a crash does: it can do nothing more."""
        self._manager.signal_kernel(signal.SIGKILL)

    def restart(self, *, now: bool) -> None:
        """Press Restart: the kernel is interrupted, then asked to end, or with `now` killed, and started again."""
        self._manager.restart_kernel(now=now)
        self._client.wait_for_ready(timeout=60)

    def shut_down(self) -> None:
        """Press Shut Down: the kernel is interrupted, then asked to end."""
        self._manager.shutdown_kernel(now=False)


@contextmanager
def notebook(python: str = sys.executable) -> Iterator[Frontend]:
    """Start a kernel.

    Parameters
    ----------
    python : str
        The interpreter that it runs on.
    """
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = python
    manager.start_kernel()
    client: BlockingKernelClient = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Frontend(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
