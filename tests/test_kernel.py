"""The job loop and the ways to wait for it, in a plain process."""

import asyncio
import contextvars
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref

import nest_asyncio
import pytest

from nemo_widgets import kernel
from nemo_widgets.comms_ahead import LockOfCells
from nemo_widgets.job_thread import JobLoop


async def _where() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_run_returns_the_value_computed_on_the_job_thread() -> None:
    assert kernel.run(_where()) == "nemo-jobs"


def test_run_raises_the_jobs_own_error() -> None:
    async def fail() -> None:
        raise LookupError("no such clip")

    with pytest.raises(LookupError, match="no such clip"):
        kernel.run(fail())


def test_a_job_sees_the_contextvars_of_its_launcher() -> None:
    colour = contextvars.ContextVar("colour", default="none")

    async def read() -> str:
        return colour.get()

    colour.set("teal")
    job = kernel.submit(read())
    colour.set("red")
    assert job.result(5) == "teal"


def test_jobs_run_side_by_side_while_their_launcher_computes() -> None:
    async def tick() -> int:
        for _ in range(10):
            await asyncio.sleep(0.01)
        return 10

    jobs = [kernel.submit(tick()) for _ in range(3)]
    deadline = time.monotonic() + 10
    while not all(job.done() for job in jobs):
        assert time.monotonic() < deadline
    assert [job.result() for job in jobs] == [10, 10, 10]


def test_a_job_can_be_awaited_from_another_loop_and_from_a_job() -> None:
    async def nested() -> str:
        return await kernel.submit(_where())

    assert asyncio.run(_wait(kernel.submit(_where()))) == "nemo-jobs"
    assert kernel.run(nested()) == "nemo-jobs"


async def _wait(job: kernel.Job[str]) -> str:
    return await job


def test_cancelling_the_wait_stops_the_job_and_waits_for_its_clean_up() -> None:
    steps: list[str] = []
    started = threading.Event()

    async def export() -> None:
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.2)
            steps.append("told the service")

    async def main() -> None:
        waiting = asyncio.create_task(kernel.wait(kernel.submit(export())))
        await asyncio.to_thread(started.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        steps.append("went on")

    asyncio.run(main())
    assert steps == ["told the service", "went on"]


def test_a_cancelled_job_is_done_only_after_its_clean_up() -> None:
    cleaned = threading.Event()

    async def export() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            cleaned.set()

    job = kernel.submit(export(), name="export")
    kernel.run(asyncio.sleep(0))
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        job.result(5)
    assert cleaned.is_set()
    assert job.cancelled()


def test_stopping_twice_leaves_the_clean_up_in_peace() -> None:
    cleaning, cleaned = threading.Event(), threading.Event()

    async def export() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cleaning.set()
            await asyncio.sleep(0.2)
            cleaned.set()

    job = kernel.submit(export(), name="export")
    kernel.run(asyncio.sleep(0))
    job.cancel()
    assert cleaning.wait(5)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        job.result(5)
    assert cleaned.is_set()


def test_a_stopped_job_says_after_how_long_and_what_became_of_its_work() -> None:
    async def export(*details: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            for detail in details:
                kernel.tell_stopped(detail)

    for details, told in [((), ""), (("all is well",) * 2, "; all is well"), (("one thing", "another"), "")]:
        job = kernel.submit(export(*details))
        kernel.run(asyncio.sleep(0))
        job.cancel()
        with pytest.raises(asyncio.CancelledError, match=rf"^Stopped after 0\.\d s{told}$"):
            job.result(5)


@pytest.mark.parametrize(("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (200, "3 min 20 s")])
def test_durations_are_told_in_words(seconds: float, words: str) -> None:
    assert kernel._duration(seconds) == words


def test_done_callbacks_run_before_and_after_the_end() -> None:
    heard: list[str] = []
    both = threading.Event()
    job = kernel.submit(_where())
    job.add_done_callback(lambda ended: heard.append(ended.result()))
    job.result(5)
    job.add_done_callback(lambda _: both.set())
    assert both.is_set()
    assert heard == ["nemo-jobs"]


def test_what_a_job_made_goes_with_it_without_a_collection() -> None:
    class Piece:
        pass

    made: list[weakref.ref[Piece]] = []

    async def make() -> Piece:
        piece = Piece()
        made.append(weakref.ref(piece))
        return piece

    gc.disable()
    try:
        told = threading.Event()
        kernel.submit(make()).add_done_callback(lambda job: (job.result(), told.set()))
        assert told.wait(10)
        deadline = time.monotonic() + 10  # the job loop's thread is about to let go of it
        while made[0]() is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert made[0]() is None
    finally:
        gc.enable()


def test_a_job_may_not_block_on_jobs() -> None:
    async def block() -> None:
        sleeping = asyncio.sleep(0)
        try:
            kernel.run(sleeping)
        finally:
            sleeping.close()

    with pytest.raises(RuntimeError, match="Use await there"):
        kernel.run(block())


def test_run_refuses_a_future_of_another_loop() -> None:
    loop = asyncio.new_event_loop()
    try:
        with pytest.raises(TypeError, match="await it there"):
            kernel.run(loop.create_future())
    finally:
        loop.close()


def test_on_job_loop_moves_the_body_and_goes_straight_on_when_already_there() -> None:
    @kernel.on_job_loop
    async def where_and_task() -> tuple[str, object]:
        return threading.current_thread().name, asyncio.current_task()

    async def inside() -> bool:
        return (await where_and_task())[1] is asyncio.current_task()

    assert asyncio.run(where_and_task())[0] == "nemo-jobs"
    assert kernel.run(inside())


def test_a_job_that_exits_ends_itself_and_not_the_others() -> None:
    async def leave() -> None:
        raise SystemExit(3)

    other = kernel.submit(asyncio.sleep(0.2, "still here"))
    with pytest.raises(SystemExit):
        kernel.submit(leave()).result(5)
    assert other.result(5) == "still here"


def test_a_failure_that_nobody_asks_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise LookupError("lost click")

    ended = threading.Event()
    job = kernel.submit(fail(), name="click")
    job.add_done_callback(lambda _: ended.set())
    assert ended.wait(5)
    kernel.run(asyncio.sleep(0))
    del job
    kernel.run(asyncio.sleep(0))
    gc.collect()
    assert "'click'" in caplog.text
    assert "lost click" in caplog.text


def test_an_interrupt_stops_the_job_within_100_ms_of_its_clean_up() -> None:
    stopped_at: list[float] = []

    async def export() -> None:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.sleep(60)
        finally:
            stopped_at.append(time.monotonic())

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        kernel.run(export())
    assert stopped_at[0] - begun - 0.2 < 0.1


def test_nest_asyncio_leaves_the_job_loop_alone() -> None:
    script = """
        import asyncio, nest_asyncio
        from asyncio.base_events import BaseEventLoop
        from nemo_widgets import kernel
        loop = asyncio.new_event_loop()
        nest_asyncio.apply(loop)
        nest_asyncio.apply(kernel.job_loop())
        async def apply_inside():
            nest_asyncio.apply()
        kernel.run(apply_inside())
        cls = type(kernel.job_loop())
        assert type(loop).run_forever.__module__ == "nest_asyncio"
        for name in ("run_forever", "run_until_complete", "_run_once", "_check_running"):
            assert getattr(cls, name) is getattr(BaseEventLoop, name), name
        loop.close()
    """
    _run_script(script)
    assert JobLoop._nest_patched
    assert nest_asyncio.__name__ not in JobLoop.run_forever.__module__


def test_importing_and_submitting_change_nothing_in_asyncio() -> None:
    _run_script("""
        import asyncio, sys
        task = asyncio.Task
        from nemo_widgets import kernel
        kernel.run(asyncio.sleep(0))
        assert asyncio.Task is task
        assert "nest_asyncio" not in sys.modules
    """)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_gets_a_loop_of_its_own() -> None:
    _run_script("""
        import asyncio, os, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        from nemo_widgets import kernel
        kernel.run(asyncio.sleep(0))
        parents = kernel.job_loop()
        child = os.fork()
        if child == 0:
            ok = kernel.run(asyncio.sleep(0, "child")) == "child" and kernel.job_loop() is not parents
            os._exit(0 if ok else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert kernel.run(asyncio.sleep(0, "parent")) == "parent"
    """)


def test_jobs_clean_up_when_the_process_ends() -> None:
    printed = _run_script("""
        import asyncio, time
        from nemo_widgets import kernel
        async def export():
            try:
                await asyncio.sleep(60)
            finally:
                print("told the service", flush=True)
        job = kernel.submit(export())
        kernel.run(asyncio.sleep(0))
    """)
    assert printed == "told the service\n"


def _run_script(source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(source)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_a_lock_of_cells_is_taken_while_the_next_cell_is_about_to_run() -> None:
    async def between_two_cells() -> list[bool]:
        lock = asyncio.Lock()
        await lock.acquire()
        lock.__class__ = LockOfCells  # as a kernel's is while a cell runs
        queued = asyncio.create_task(lock.acquire())
        await asyncio.sleep(0)
        seen = [lock.locked()]
        lock.release()
        seen.append(lock.locked())
        await queued
        lock.release()
        return [*seen, lock.locked()]

    assert asyncio.run(between_two_cells()) == [True, True, False]


def test_a_wrong_keyword_is_told_of_the_function_that_was_called() -> None:
    @kernel.on_job_loop
    async def shown(*, show: bool = True) -> bool:
        return show

    with pytest.raises(TypeError, match=r"shown\(\) got an unexpected keyword") as told:
        kernel.run(shown(shwo=True))  # type: ignore[call-arg]
    assert "hop" not in [entry.name for entry in told.traceback]
