"""`kill -9` in the middle of a render, as a person meets it: a kernel, its `connect()`, and a studio of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

import nemo_widgets as nemo
from nemo_widgets import kernel
from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.studio_process import find
from nemo_widgets.media.probe import probe
from nemo_widgets.protocol.address import StudioAddress

from ..conftest import Caller, until

KERNEL = """
import asyncio
import nemo_widgets as nemo

async def main():
    async with nemo.connect() as client:
        session = client.new_session()
        await session.send("a 3-second clip of abstract light, no title, no music", show=False)
        clip = await session.export("clip.mp4", resolution="540p", show=False)
        print("exported", clip.path.name, (await client.credits()).total)

asyncio.run(main())
"""


def render_under_way(kernel_process: "subprocess.Popen[str]") -> tuple[str, str, StudioAddress]:
    """Wait until a kernel's export is being drawn; return our job, the studio's and the studio."""
    library = own_keeper().library
    assert library is not None

    def look() -> tuple[str, str, StudioAddress] | None:
        assert kernel_process.poll() is None, kernel_process.communicate()
        for job in library.ledger.jobs() if library.exists else []:
            asked, studio = library.ledger.render(job.id) if job.kind == "export" else None, find()
            if asked and asked.remote_id and studio:
                call = Caller(studio.url, studio.token)
                with call.http:
                    answer = call.http.get(f"/api/render/proxy/lambda/{asked.remote_id}").json()
                if 0 < answer.get("data", {}).get("progress", 0) < 1:
                    return job.id, asked.remote_id, studio
        return None

    return until(look, bool)  # type: ignore[return-value]


def killed(studio: StudioAddress) -> list[psutil.Process]:
    """Kill a studio; return the processes that drew for it."""
    workers = psutil.Process(studio.pid).children(recursive=True)
    os.kill(studio.pid, signal.SIGKILL)
    return workers


def start_kernel(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", KERNEL], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.slow
def test_an_export_goes_on_by_itself_when_its_studio_was_killed(tmp_path: Path) -> None:
    with start_kernel(tmp_path) as person:
        _, render, first = render_under_way(person)
        workers = killed(first)
        said, wrong = person.communicate(timeout=90)
    assert said.endswith("exported clip.mp4 9900.0\n"), (said, wrong)
    second = find()
    assert second is not None
    assert second.pid != first.pid
    assert round(probe(tmp_path / "clip.mp4").duration_s) == 3
    assert psutil.wait_procs(workers, timeout=10)[1] == []
    call = Caller(second.url, second.token)
    with call.http:
        assert call.render(render)["status"] == "completed", "it was rendered under another id"


@pytest.mark.slow
def test_the_next_connect_starts_a_studio_that_was_killed_with_its_kernel_and_the_render_goes_on(
    tmp_path: Path,
) -> None:
    with start_kernel(tmp_path) as person:
        job, render, first = render_under_way(person)
        person.kill()
    workers = killed(first)

    async def connect_again() -> tuple[nemo.Clip, float]:
        async with nemo.connect() as client:
            # The studio is there with the first call, and draws before anyone asks for the clip.
            credits = await client.credits()
            second = find()
            assert second is not None
            assert second.pid != first.pid
            call = Caller(second.url, second.token)
            with call.http:
                assert call.render(render)["status"] in ("pending", "processing", "completed")
                assert call.finished(render)["status"] == "completed"
            clip = await nemo.resume(job, client=client, show=False)
            assert isinstance(clip, nemo.Clip)
            return clip, credits.total

    clip, credits_left = kernel.run(connect_again())
    assert (clip.path.name, round(clip.duration_s), credits_left) == ("clip.mp4", 3, 9900)
    assert psutil.wait_procs(workers, timeout=10)[1] == []
