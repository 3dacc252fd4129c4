"""The program in this process, and a library with a history."""

from collections.abc import Callable

import psutil
import pytest

from nemo_widgets import __version__, cli
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.library import Library, Place

from ..client.conftest import clip_bytes, service

__all__ = ["clip_bytes", "service"]

Said = tuple[int, str, str]
Program = Callable[..., Said]

LOCAL = Place("local", f"local {__version__}")


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Program:
    """Run a command; return its exit code, and what it said on either stream."""

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert isinstance(left.value.code, int)
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def library() -> Library:
    found = own_keeper().library
    assert found is not None
    return found


@pytest.fixture
def session(library: Library) -> int:
    return library.ledger.session_of(LOCAL, "s1", "project")


def kept(library: Library, content: bytes = b"film") -> str:
    """Keep a clip; return its digest."""
    with library.clips.incoming() as part:
        part.write_bytes(content)
        return library.keep(part, {"duration_s": 2.0, "width": 640, "height": 360}).digest


def left_behind(library: Library, job: str) -> str:
    """Let a job look as if its kernel had been killed."""
    sql = "UPDATE jobs SET pid = ?, pid_began_at = 1.0 WHERE id = ?"
    library.database.write(lambda db: db.execute(sql, (psutil.Process().pid, job)))
    return job
