"""A library in a folder of its own, and a file system that is full."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nemo_widgets.library import Library, Place

LOCAL = Place("local", "local 0.1.0")
CLOUD = Place("cloud", "https://mega-api-prod.nemovideo.ai")


class FakeTime:
    """Seconds since 1970 that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def library(tmp_path: Path, clock: FakeTime, told: list[str]) -> Iterator[Library]:
    made = Library(tmp_path / "library", max_bytes=1_000_000, tell=told.append, clock=clock)
    yield made
    made.close()


@contextmanager
def no_file_larger_than(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow further: the system refuses it as a full disk does, on any disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def put(library: Library, content: bytes, **facts: object) -> str:
    """Keep a clip; return its digest."""
    with library.clips.incoming() as part:
        part.write_bytes(content)
        return library.keep(part, facts).digest
