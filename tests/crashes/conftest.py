"""What is found on disk from outside, while kernels and studios come and go."""

import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import psutil
import pytest

from nemo_widgets import settings
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.studio_process import find_or_start
from nemo_widgets.library import JobRecord, Library, Wanted

T = TypeVar("T")

PROMPT = "a 1-second clip of abstract light"


@pytest.fixture
def library() -> Library:
    found = own_keeper().library
    assert found is not None
    return found


@pytest.fixture
def chance() -> random.Random:
    """Return when things happen: at other moments in each run."""
    seed = time.time_ns() % 1_000_000
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


def until(found: Callable[[], T | None], timeout_s: float = 60) -> T:
    """Return what is found, as soon as it is."""
    deadline_s = time.monotonic() + timeout_s
    while (value := found()) is None:
        assert time.monotonic() < deadline_s, "it did not come"
        time.sleep(0.005)
    return value


def exports(library: Library) -> list[JobRecord]:
    """Return the exports that were written down, oldest first."""
    return library.ledger.jobs(Wanted(kinds=("export",))) if library.exists else []


def renders_submitted() -> int:
    """Return how many renders the local studio was ever asked for."""
    with closing(sqlite3.connect(settings.studio_state_dir() / "studio.sqlite3")) as db:
        return int(db.execute("SELECT count(*) FROM renders").fetchone()[0])


def kill_studio() -> None:
    """End the local studio as a crash does, and see that nobody goes on drawing for it."""
    studio = psutil.Process(find_or_start().pid)
    drawing = studio.children(recursive=True)
    studio.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(drawing, timeout=30)[1] == []
