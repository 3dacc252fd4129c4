"""The processes that draw: stopped quickly, replaced when they die, and kept away from a person's script."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import av
import pytest

from nemo_widgets.errors import StoppedError
from nemo_widgets.local.rendering.pool import RenderPool, _Worker, render_pool
from nemo_widgets.local.rendering.render import render
from nemo_widgets.protocol.draft import Draft

_STOP_S = 0.2
"""How long a render may go on when it has been told to stop."""
_TIMES = 20
_MOMENT_S = 0.02


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with render_pool(2) as processes:
        yield processes


def draft_of(duration_ms: int, scene: str = "abstract_light") -> Draft:
    shot = {"d": duration_ms, "m": {"scene": scene, "seed": 1}}
    sound = {"d": duration_ms, "m": {"style": "piano", "seed": 1}}
    return Draft.parse({"t": [{"tt": 0, "sg": [shot]}, {"tt": 1, "sg": [sound]}]})


class Stopper:
    """Asks a render to stop when it has gone on for a while."""

    def __init__(self, after_s: float) -> None:
        self._at = time.monotonic() + after_s
        self.asked_at = 0.0

    def __call__(self) -> bool:
        if not self.asked_at and time.monotonic() >= self._at:
            self.asked_at = time.monotonic()
        return self.asked_at > 0

    @property
    def gone_s(self) -> float:
        """How long ago it asked, in seconds."""
        return time.monotonic() - self.asked_at


def idle(executor: Executor) -> None:
    """Wait until nobody draws any more: one call a worker, each of which holds its worker for a moment."""
    for future in [executor.submit(time.sleep, _MOMENT_S) for _ in range(2)]:
        future.result()


def stop(out: Path, pool: Executor, stopper: Stopper) -> None:
    with pytest.raises(StoppedError):
        render(
            draft_of(60_000), out, size=(320, 180), pool=pool, assets={},
            on_progress=lambda share: None, cancelled=stopper,
        )  # fmt: skip


def test_nineteen_of_twenty_renders_stop_within_200_ms(tmp_path: Path, pool: RenderPool) -> None:
    idle(pool)
    returned, quiet = [], []
    for number in range(_TIMES):
        started = time.monotonic()
        idle(pool)
        # What the machine takes today to ask two idle processes.
        usual_s = time.monotonic() - started
        stopper = Stopper(0.02 * number)
        stop(tmp_path / "clip.mp4", pool, stopper)
        returned.append(stopper.gone_s)
        idle(pool)
        quiet.append(stopper.gone_s - usual_s)
    assert sorted(returned)[_TIMES * 95 // 100 - 1] < _STOP_S, returned
    assert sorted(quiet)[_TIMES * 95 // 100 - 1] < _STOP_S, quiet
    assert list(tmp_path.iterdir()) == []


def test_threads_stop_as_well_and_leave_nothing_behind(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        stop(tmp_path / "clip.mp4", threads, Stopper(0.1))
    assert list(tmp_path.iterdir()) == []


class Killer:
    """Kills a worker each time that another share of a render is done."""

    def __init__(self, *shares: float) -> None:
        self.told: list[float] = []
        self.left = list(shares)

    def __call__(self, share: float) -> None:
        self.told.append(share)
        if self.left and share >= self.left[0]:
            self.left.pop(0)
            workers = [child for child in multiprocessing.active_children() if isinstance(child, _Worker)]
            workers[0].kill()


def test_a_render_outlives_the_death_of_its_workers(tmp_path: Path, pool: RenderPool) -> None:
    killer = Killer(0.05, 0.4)
    render(
        draft_of(4000), tmp_path / "clip.mp4", size=(640, 360), quality="draft", pool=pool, assets={},
        on_progress=killer, cancelled=lambda: False,
    )  # fmt: skip
    assert not killer.left
    assert killer.told == sorted(killer.told)
    with av.open(tmp_path / "clip.mp4") as container:
        assert [round(frame.time * 30) for frame in container.decode(video=0)] == list(range(120))
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_pool_that_does_not_mend_is_given_up(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1) as processes:
        doomed = processes.submit(os.getpid).result()
        os.kill(doomed, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            render(
                draft_of(1000), tmp_path / "clip.mp4", size=(64, 36), pool=processes, assets={},
                on_progress=lambda share: None, cancelled=lambda: False,
            )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_script_is_not_run_again_by_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os\n"
        "print('once')\n"
        "from nemo_widgets.local.rendering.pool import render_pool\n"
        "with render_pool(1) as pool:\n"
        "    print(pool.submit(os.getpid).result() != os.getpid())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.split(), done.stderr) == (["once", "True"], "")


_INTERRUPTED = """
import os, signal, sys
from nemo_widgets.local.rendering.pool import render_pool

told = []
signal.signal(signal.SIGINT, lambda number, frame: told.append(number))
with render_pool(2) as pool:
    being_started = [pool.submit(os.getpid) for _ in range(2)]
    os.killpg(0, signal.SIGINT)
    first = {future.result() for future in being_started}
    os.killpg(0, signal.SIGINT)
    later = {pool.submit(os.getpid).result() for _ in range(8)}
print(len(told), os.getpid() in first | later)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
def test_an_interrupt_of_all_processes_is_left_to_the_parent(tmp_path: Path) -> None:
    # The first comes while the workers start, the second while they have nothing to do.
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED],
        capture_output=True, text=True, check=False, timeout=60, start_new_session=True,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["2", "False"], "")
