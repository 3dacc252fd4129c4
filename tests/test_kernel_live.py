"""The job loop inside a real Jupyter kernel, driven as a front end drives it."""

import sys
import time
from collections.abc import Iterator

import ipykernel
import pytest

from .kernel_frontend import Frontend, notebook

_pumped = pytest.mark.skipif(
    sys.version_info >= (3, 14) or tuple(ipykernel.version_info[:2]) < (7, 4),
    reason="run() waits without the widgets here",
)
_own_outputs = pytest.mark.skipif(ipykernel.version_info[0] < 7, reason="displays follow the running cell here")

_SETUP = """
    import asyncio, threading, time
    from nemo_widgets import kernel
    clicks = []
    get_ipython().kernel.comm_manager.targets.pop("click", None)
    def on_open(comm, message):
        comm.on_msg(lambda message: clicks.append(message["content"]["data"]["n"]))
    get_ipython().kernel.comm_manager.register_target("click", on_open)
    async def clicked(count):
        while len(clicks) < count:
            await asyncio.sleep(0.01)
        return list(clicks)
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[Frontend]:
    """Start one kernel for nearly all tests: each begins where the ones before have left it, as in a long lesson."""
    with notebook() as frontend:
        yield frontend


@pytest.fixture
def frontend(kernel: Frontend) -> Frontend:
    assert kernel.do(_SETUP)["status"] == "ok"
    return kernel


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
    cells = [frontend.start(f"print({n}, kernel.run(asyncio.sleep(0.1, 'ran')))") for n in range(6)]
    for n, cell in enumerate(cells):
        assert frontend.finish(cell)["status"] == "ok"
        assert frontend.printed(cell) == f"{n} ran\n"


@_pumped
def test_clicks_and_queued_cells_survive_each_other(frontend: Frontend) -> None:
    frontend.open_widget()
    for _ in range(12):  # a click that comes between two cells was held back in one of seven
        frontend.do("clicks.clear()")
        first = frontend.start("kernel.run(asyncio.wait_for(clicked(1), 20))")
        second = frontend.start("kernel.run(asyncio.wait_for(clicked(21), 20)); print('second')")
        third = frontend.start("print('third', len(clicks))")
        for n in range(21):
            frontend.click(n)
            time.sleep(0.003)
        for cell in (first, second, third):
            assert frontend.finish(cell)["status"] == "ok"
        assert frontend.printed(third) == "third 21\n"


@_pumped
def test_run_inside_a_click_inside_run_returns(frontend: Frontend) -> None:
    frontend.do("""
        def on_nested(comm, message):
            comm.on_msg(lambda message: clicks.append(kernel.run(asyncio.sleep(0.1, "nested"))))
        get_ipython().kernel.comm_manager.targets["click"] = on_nested
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
def test_the_job_loop_stays_unpatched_after_the_first_run() -> None:
    with notebook() as frontend:
        assert frontend.do("import asyncio\nfrom nemo_widgets import kernel")["status"] == "ok"
        check_that_the_job_loop_stays_unpatched(frontend)


def check_that_the_job_loop_stays_unpatched(frontend: Frontend) -> None:
    assert frontend.value("asyncio.Task.__module__") == "'_asyncio'"
    assert frontend.do("kernel.run(asyncio.sleep(0))")["status"] == "ok"
    assert frontend.value("type(asyncio.get_running_loop())._run_once.__module__") == "'nest_asyncio'"
    for name in ("run_forever", "run_until_complete", "_run_once", "_check_running"):
        assert frontend.value(f"type(kernel.job_loop()).{name}.__module__") == "'asyncio.base_events'"


_TALK = """
    from IPython.display import display
    async def talk(name):
        for n in range(20):
            print(f"{name} line {n}")
            display({"text/plain": f"{name} shown {n}"}, raw=True)
            await asyncio.sleep(0.03)
"""


def check_that_outputs_land_where_they_were_launched(frontend: Frontend, name: str) -> None:
    launcher = frontend.start(f"jobs = [kernel.submit(talk('{name} a')), kernel.submit(talk('{name} b'))]")
    second = frontend.start("for n in range(5):\n    print('mine'); time.sleep(0.05)")
    third = frontend.start("for job in jobs:\n    job.result(10)\nprint('third')")
    for cell in (launcher, second, third):
        assert frontend.finish(cell)["status"] == "ok"
    frontend.drain()
    expected = [f"{name} {job} {{}} {n}" for job in "ab" for n in range(20)]
    assert sorted(frontend.printed(launcher).splitlines()) == sorted(line.format("line") for line in expected)
    shown = [content["data"]["text/plain"] for kind, content in frontend.outputs(launcher) if kind == "display_data"]
    assert sorted(shown) == sorted(line.format("shown") for line in expected)
    assert frontend.printed(second) == "mine\n" * 5
    assert frontend.printed(third) == "third\n"


@_own_outputs
def test_prints_and_displays_of_jobs_land_in_the_cell_that_launched_them(frontend: Frontend) -> None:
    frontend.do(_TALK)
    check_that_outputs_land_where_they_were_launched(frontend, "once")


@pytest.mark.slow
@_own_outputs
def test_outputs_of_jobs_land_in_their_cell_twenty_times_of_twenty(frontend: Frontend) -> None:
    frontend.do(_TALK)
    for n in range(20):
        check_that_outputs_land_where_they_were_launched(frontend, f"round {n}")


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
