"""Interrupts outside of a kernel: in scripts, and in IPython in a terminal."""

import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pexpect
import pytest

_JOB = """
    import asyncio, sys, threading
    from nemo_widgets import kernel
    async def waited_for():
        looks = 0  # two, as a loop looks for events in passing too, before it has begun all that waits
        while looks < 2:
            await asyncio.sleep(0.02)
            frame = sys._current_frames()[threading.main_thread().ident]
            looks = looks + 1 if frame.f_code.co_name in ("wait", "select") else 0
    async def work():
        await waited_for()
        print("working", flush=True)
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.2)
            kernel.tell_stopped("the draft is unchanged")
            print("cleaned up", flush=True)
"""
_WORDS = r"Stopped after \d+\.\d s; the draft is unchanged"
_UNBEGUN = r"Stopped after \d+\.\d s"


def _interrupted(waiting: str) -> tuple[str, str]:
    """Interrupt a script once it works; return its standard output and the last line of its traceback."""
    script = textwrap.dedent(_JOB) + textwrap.dedent(waiting)
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        said, trouble = process.stdout.read(), process.stderr.read()
    assert process.returncode != 0
    return said, trouble


@pytest.mark.parametrize(
    "waiting",
    [
        "kernel.run(work())",
        """
        async def main():
            kernel.run(work())
        asyncio.run(main())
        """,
        "asyncio.new_event_loop().run_until_complete(kernel.wait(kernel.submit(work())))",
    ],
    ids=["run", "run-in-a-coroutine", "run_until_complete"],
)
def test_an_interrupted_script_ends_with_keyboard_interrupt_in_words(waiting: str) -> None:
    said, trouble = _interrupted(waiting)
    assert said == "cleaned up\n"
    assert re.search(rf"^KeyboardInterrupt: {_WORDS}$", trouble, re.MULTILINE)


def test_under_asyncio_run_the_coroutine_sees_a_cancellation_and_the_script_a_keyboard_interrupt() -> None:
    said, trouble = _interrupted("""
        async def main():
            try:
                await kernel.submit(work())
            except asyncio.CancelledError as error:
                print(type(error) is asyncio.CancelledError, error, flush=True)
                raise
        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            raise
    """)
    assert re.fullmatch(rf"cleaned up\nTrue {_WORDS}\ninterrupted\n", said)
    assert trouble.strip().endswith("KeyboardInterrupt")


def test_several_waits_on_a_bare_loop_all_stop_and_the_loop_goes_on() -> None:
    said, trouble = _interrupted("""
        loop = asyncio.new_event_loop()
        async def both():
            await asyncio.gather(kernel.wait(kernel.submit(work())), kernel.wait(kernel.submit(work())))
        try:
            loop.run_until_complete(both())
        except asyncio.CancelledError as error:
            print(error, flush=True)
        loop.run_until_complete(asyncio.sleep(0.3))
        import signal
        print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
        loop.close()
        raise SystemExit(3)
    """)
    lines = said.splitlines()
    assert lines.count("cleaned up") == lines.count("working") + 1  # one line was read; a job may not have begun
    assert any(re.fullmatch(_WORDS, line) or re.fullmatch(_UNBEGUN, line) for line in lines)
    assert lines[-1] == "True"
    assert trouble == ""


@pytest.fixture
def terminal() -> Iterator["pexpect.spawn[str]"]:
    command = ["-m", "IPython", "--simple-prompt", "--no-banner", "--no-confirm-exit", "--colors=NoColor"]
    env = {**os.environ, "TERM": "dumb", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", env=env, timeout=30)
    child.expect(r"In \[1\]: ")
    yield child
    child.close(force=True)


@pytest.mark.parametrize("waiting", ["await kernel.submit(work())", "kernel.run(work())"])
def test_ctrl_c_in_a_terminal_stops_the_job_shows_one_line_and_leaves_the_prompt(
    terminal: "pexpect.spawn[str]", waiting: str
) -> None:
    terminal.sendline("exec(" + repr(textwrap.dedent(_JOB)) + ")")
    terminal.expect(r"In \[2\]: ")
    terminal.sendline(waiting)
    terminal.expect("working")
    terminal.sendintr()
    terminal.expect(r"In \[3\]: ")
    shown = [line.strip() for line in (terminal.before or "").splitlines() if line.strip()]
    assert shown[-2].endswith("cleaned up")
    assert re.fullmatch(_WORDS, shown[-1])
    assert not any("Traceback" in line for line in shown)
    terminal.sendline("6 * 7")
    terminal.expect("42")
