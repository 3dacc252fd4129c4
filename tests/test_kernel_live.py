"""The job loop inside a real Jupyter kernel, driven as a front end drives it."""

import queue
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import ipykernel
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

_pumped = pytest.mark.skipif(
    sys.version_info >= (3, 14) or tuple(ipykernel.version_info[:2]) < (7, 4),
    reason="run() waits without the widgets here",
)
_own_outputs = pytest.mark.skipif(ipykernel.version_info[0] < 7, reason="displays follow the running cell here")

_SETUP = """
    import asyncio, threading, time
    from nemo_widgets import kernel
    clicks = []
    def on_open(comm, message):
        comm.on_msg(lambda message: clicks.append(message["content"]["data"]["n"]))
    get_ipython().kernel.comm_manager.register_target("click", on_open)
    async def clicked(count):
        while len(clicks) < count:
            await asyncio.sleep(0.01)
        return list(clicks)
"""


class Frontend:
    """One person at one notebook: starts cells, clicks, interrupts, and reads what each cell put out."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager = manager
        self._client = client
        self._outputs: dict[str, list[tuple[str, dict[str, Any]]]] = {}

    def start(self, code: str) -> str:
        """Start a cell and return its id."""
        return self._client.execute(textwrap.dedent(code), allow_stdin=False, stop_on_error=False)

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

    def outputs(self, cell: str) -> list[tuple[str, dict[str, Any]]]:
        """Return what a cell put out so far, as (message type, content)."""
        return self._outputs.get(cell, [])

    def printed(self, cell: str) -> str:
        """Return what a cell printed on either stream."""
        return "".join(content["text"] for kind, content in self.outputs(cell) if kind == "stream")

    def read(self, until: Any, timeout_s: float = 30) -> None:
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

    def open_widget(self) -> None:
        """Open the comm that `click` talks to."""
        self._send("comm_open", {"comm_id": "w1", "target_name": "click", "data": {}})

    def click(self, n: int) -> None:
        """Send a widget message."""
        self._send("comm_msg", {"comm_id": "w1", "data": {"n": n}})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        self._client.shell_channel.send(self._client.session.msg(kind, content))

    def interrupt(self) -> None:
        """Press Stop."""
        self._manager.interrupt_kernel()


@pytest.fixture
def frontend() -> Iterator[Frontend]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client: BlockingKernelClient = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        frontend = Frontend(manager, client)
        assert frontend.do(_SETUP)["status"] == "ok"
        yield frontend
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@_pumped
def test_a_widget_click_arrives_while_run_blocks_the_cell(frontend: Frontend) -> None:
    frontend.open_widget()
    cell = frontend.start("print(kernel.run(asyncio.wait_for(clicked(40), 20)))")
    frontend.read(until=lambda kind, content, parent: kind == "execute_input" and parent == cell)
    for n in range(40):
        frontend.click(n)
    assert frontend.finish(cell)["status"] == "ok"
    assert frontend.printed(cell).strip() == str(list(range(40)))


def test_queued_cells_still_run_after_run_in_every_one_of_them(frontend: Frontend) -> None:
    cells = [frontend.start(f"print({n}, kernel.run(asyncio.sleep(0.3, 'ran')))") for n in range(6)]
    for n, cell in enumerate(cells):
        assert frontend.finish(cell)["status"] == "ok"
        assert frontend.printed(cell) == f"{n} ran\n"


@_pumped
def test_clicks_and_queued_cells_survive_each_other(frontend: Frontend) -> None:
    frontend.open_widget()
    first = frontend.start("kernel.run(asyncio.wait_for(clicked(1), 20))")
    second = frontend.start("kernel.run(asyncio.wait_for(clicked(21), 20)); print('second')")
    third = frontend.start("print('third', len(clicks))")
    for n in range(21):
        frontend.click(n)
        time.sleep(0.02)
    assert frontend.finish(first)["status"] == "ok"
    assert frontend.finish(second)["status"] == "ok"
    assert frontend.finish(third)["status"] == "ok"
    assert frontend.printed(third) == "third 21\n"


@_pumped
def test_run_inside_a_click_inside_run_returns(frontend: Frontend) -> None:
    frontend.do("""
        def on_nested(comm, message):
            comm.on_msg(lambda message: clicks.append(kernel.run(asyncio.sleep(0.1, "nested"))))
        get_ipython().kernel.comm_manager.unregister_target("click", on_open)
        get_ipython().kernel.comm_manager.register_target("click", on_nested)
    """)
    frontend.open_widget()
    cell = frontend.start("print(kernel.run(asyncio.wait_for(clicked(2), 20)))")
    frontend.read(until=lambda kind, content, parent: kind == "execute_input" and parent == cell)
    frontend.click(1)
    frontend.click(2)
    assert frontend.finish(cell)["status"] == "ok"
    assert frontend.printed(cell) == "['nested', 'nested']\n"


@_pumped
def test_run_inside_an_awaiting_cell_returns(frontend: Frontend) -> None:
    frontend.open_widget()
    cell = frontend.start("await asyncio.sleep(0); print(kernel.run(asyncio.wait_for(clicked(1), 20)))")
    frontend.read(until=lambda kind, content, parent: kind == "execute_input" and parent == cell)
    frontend.click(7)
    assert frontend.finish(cell)["status"] == "ok"
    assert frontend.printed(cell) == "[7]\n"


@_pumped
def test_the_job_loop_stays_unpatched_after_run(frontend: Frontend) -> None:
    assert frontend.value("asyncio.Task.__module__") == "'_asyncio'"
    assert frontend.do("kernel.run(asyncio.sleep(0))")["status"] == "ok"
    assert frontend.value("type(asyncio.get_running_loop())._run_once.__module__") == "'nest_asyncio'"
    for name in ("run_forever", "run_until_complete", "_run_once", "_check_running"):
        assert frontend.value(f"type(kernel.job_loop()).{name}.__module__") == "'asyncio.base_events'"


@_own_outputs
def test_prints_and_displays_of_a_job_land_in_the_cell_that_launched_it(frontend: Frontend) -> None:
    launcher = frontend.start("""
        from IPython.display import display
        async def talk():
            for n in range(20):
                print(f"line {n}")
                display({"text/plain": f"shown {n}"}, raw=True)
                await asyncio.sleep(0.05)
        job = kernel.submit(talk())
    """)
    frontend.finish(launcher)
    second = frontend.start("for n in range(5):\n    print('mine'); time.sleep(0.1)")
    frontend.finish(second)
    third = frontend.start("job.result(10); print('third')")
    frontend.finish(third)
    frontend.drain()
    assert frontend.printed(launcher) == "".join(f"line {n}\n" for n in range(20))
    shown = [content["data"]["text/plain"] for kind, content in frontend.outputs(launcher) if kind == "display_data"]
    assert shown == [f"shown {n}" for n in range(20)]
    assert frontend.printed(second) == "mine\n" * 5
    assert frontend.printed(third) == "third\n"


@pytest.mark.parametrize(
    "waiting", ["await kernel.submit(work())", "kernel.run(work())", "await asyncio.sleep(0); kernel.run(work())"]
)
def test_an_interrupt_stops_the_job_waits_for_its_clean_up_and_the_next_cell_runs(
    frontend: Frontend, waiting: str
) -> None:
    frontend.do("""
        stopped = []
        async def work():
            print("working")
            try:
                await asyncio.sleep(60)
            finally:
                stopped.append(time.time())
                await asyncio.sleep(0.2)
                print("cleaned up")
    """)
    cell = frontend.start(waiting)
    queued = frontend.start("print('next')")
    frontend.read(until=lambda kind, content, parent: kind == "stream" and "working" in content["text"])
    time.sleep(0.2)
    pressed = time.time()
    frontend.interrupt()
    reply = frontend.finish(cell)
    assert reply["status"] == "error"
    assert reply["ename"] in {"KeyboardInterrupt", "CancelledError"}
    assert frontend.printed(cell).endswith("cleaned up\n")
    assert frontend.finish(queued)["status"] == "ok"
    assert frontend.printed(queued) == "next\n"
    assert float(frontend.value("stopped[0]")) - pressed < 0.25


def test_an_answer_is_streamed_into_its_cell_and_its_final_text_is_what_is_saved(frontend: Frontend) -> None:
    cell = frontend.start("""
        from nemo_widgets.display import LiveAnswer, LiveProgress
        async def answer():
            with LiveAnswer() as live:
                for n in range(200):
                    live.show("word " * n, status=f"Generating *video* · {n} s")
                    await asyncio.sleep(0.005)
                live.show("# Done\\x1b[31m")
            with LiveProgress() as progress:
                progress.update(0.5, "Rendering <b>city</b>")
                await asyncio.sleep(0.1)
                progress.close("Exported city.mp4")
        begun = time.monotonic()
        kernel.run(answer())
        elapsed = time.monotonic() - begun
    """)
    assert frontend.finish(cell)["status"] == "ok"
    first = [content["data"] for kind, content in frontend.outputs(cell) if kind == "display_data"]
    updates = [content["data"] for kind, content in frontend.outputs(cell) if kind == "update_display_data"]
    assert len(first) == 2
    assert any(r"*Generating \*video\* · " in data.get("text/markdown", "") for data in updates)
    assert {"text/markdown": "# Done\x1b[31m", "text/plain": "# Done"} in updates
    assert "&lt;b&gt;city" in first[1]["text/html"]
    assert updates[-1] == {"text/html": "<p>Exported city.mp4</p>", "text/plain": "Exported city.mp4"}
    assert 5 < len(updates) <= 32 * float(frontend.value("elapsed")) + 4
