"""Two kernels that write one history at once."""

from pathlib import Path

import pytest

from nemo_widgets.library import Library

from ..client.conftest import TOKEN, Service, clip_bytes, service
from ..kernel_frontend import notebook
from .conftest import PROMPT

__all__ = ["clip_bytes", "service"]

_WORK = """
    import nemo_widgets as nemo
    async def work():
        async with nemo.connect() as client:
            for number in range({count}):
                session = client.new_session()
                await session.send({PROMPT!r}, show=False)
                await session.export({name!r} + f"-{{number}}.mp4", resolution="360p", show=False)
                for _ in range(5):
                    await session.send("hello", show=False)
    nemo.run(work())
"""


def check_that_two_kernels_share_a_history(count: int, library: Library, folder: Path) -> None:
    with notebook() as first, notebook() as second:
        cells = [
            (frontend, frontend.start(_WORK.format(PROMPT=PROMPT, name=str(folder / name), count=count)))
            for frontend, name in ((first, "ann"), (second, "ben"))
        ]
        for frontend, cell in cells:
            assert frontend.finish(cell, 600)["status"] == "ok", frontend.outputs(cell)
            assert "may be missing" not in frontend.printed(cell)
    jobs = library.ledger.jobs()
    assert all(job.state == "done" for job in jobs)
    assert len({job.owner for job in jobs}) == 2
    exports = [job for job in jobs if job.kind == "export"]
    assert len(exports) == len(list(folder.glob("*.mp4"))) == 2 * count
    assert sum(job.text == "hello" for job in jobs) == 2 * count * 5
    assert len(jobs) == 2 * count * 7
    assert all(library.clips.is_intact(job.clip) for job in exports)
    assert library.database.problems() == []


def test_two_kernels_write_one_history_and_nothing_is_lost(
    library: Library, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_API_URL", service.url)
    monkeypatch.setenv("NEMO_TOKEN", TOKEN)
    check_that_two_kernels_share_a_history(3, library, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_kernels_write_one_history_for_minutes_and_nothing_is_lost(library: Library, tmp_path: Path) -> None:
    check_that_two_kernels_share_a_history(10, library, tmp_path)
