"""The guards of the pump that a kernel shows only now and then, each in a process of its own."""

import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 14), reason="tasks cannot be nested: run() polls instead")


def _run_script(source: str) -> None:
    script = textwrap.dedent(source)
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_callbacks_that_were_ready_with_the_blocking_one_leave_the_loop_below_intact() -> None:
    _run_script("""
        import asyncio
        from nemo_widgets import pump
        loop, heard = asyncio.new_event_loop(), []
        loop.call_soon(lambda: heard.append(pump.pump(loop, asyncio.sleep(0.05, "pumped"))))
        for n in range(5):
            loop.call_soon(heard.append, n)
        loop.call_later(0.1, loop.stop)
        loop.run_forever()
        loop.close()
        assert heard == [0, 1, 2, 3, 4, "pumped"], heard
    """)


def test_steps_of_the_blocked_context_run_in_a_copy_and_keep_the_callers_variables() -> None:
    _run_script("""
        import asyncio, contextvars
        from nemo_widgets import pump
        loop, cell = asyncio.new_event_loop(), contextvars.ContextVar("cell", default="none")
        shared, heard = contextvars.copy_context(), []
        async def message(name):
            heard.append((name, cell.get()))
            cell.set(name)
            await asyncio.sleep(0)
        async def blocking():
            cell.set("blocking")
            loop.create_task(message("click"), context=shared)
            pump.pump(loop, asyncio.sleep(0.05))
            heard.append(("after", cell.get()))
            loop.stop()
        task = loop.create_task(blocking(), context=shared)
        loop.run_forever()
        loop.close()
        assert heard == [("click", "blocking"), ("after", "blocking")], heard
    """)


def test_the_loop_is_as_before_when_the_pump_ends() -> None:
    _run_script("""
        import asyncio
        from nemo_widgets import pump
        async def main():
            loop = asyncio.get_running_loop()
            try:
                pump.pump(loop, fail())
            except LookupError:
                pass
            assert "call_soon" not in vars(loop)
            assert not pump._pumping
        async def fail():
            raise LookupError
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()
    """)


def test_a_loop_that_is_no_kernels_is_not_pumped() -> None:
    _run_script("""
        import asyncio, ipykernel, sys
        from nemo_widgets import kernel, pump
        async def main():
            assert pump.pumpable_loop() is None
            assert kernel.run(asyncio.sleep(0, "value")) == "value"
            assert "nest_asyncio" not in sys.modules
        asyncio.run(main())
    """)
