"""An answer while it streams: in a terminal, in a script and in a saved notebook."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import nbformat
import pexpect
import pytest
from nbclient import NotebookClient

from nemo_widgets.local import LocalStudio, Options

from .local.conftest import TinyEngine

ANSWER = "Your clip is ready: **one scene**, one second."


AWAIT, RUN = "await session.send('a city')", "nemo.run(session.send('a city'))"
WAYS = [AWAIT, pytest.param(RUN, marks=pytest.mark.slow)]

Shown = TypeVar("Shown")


@contextmanager
def lifelike() -> Iterator[LocalStudio]:
    """Give a studio that takes its time."""
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1, speed="lifelike")) as running:
        yield running


def setup(studio: LocalStudio) -> str:
    return f"import nemo_widgets as nemo; session = nemo.connect({studio.url!r}, token={studio.token!r}).new_session()"


@pytest.fixture(scope="module")
def begun() -> Iterator[Callable[[Callable[[str], Shown], str], Shown]]:
    """Begin what every run of the tests looks at, all at once: most of it is waiting."""
    with ThreadPoolExecutor() as pool:
        first = [(in_terminal, AWAIT), (in_script, RUN)]
        running = {(look, way): pool.submit(look, way) for look, way in first}

        def result(look: Callable[[str], Shown], way: str) -> Shown:
            return running[look, way].result() if (look, way) in running else look(way)

        yield result


def in_terminal(way: str) -> str:
    command = ["-m", "IPython", "--simple-prompt", "--no-banner", "--no-confirm-exit", "--colors=NoColor"]
    env = {**os.environ, "TERM": "dumb"}
    with lifelike() as studio:
        child = pexpect.spawn(sys.executable, command, encoding="utf-8", env=env, timeout=30, dimensions=(40, 160))
        try:
            child.expect(r"In \[1\]: ")
            child.sendline(setup(studio))
            child.expect(r"In \[2\]: ")
            child.sendline(f"turn = {way}")
            child.expect(r"Generating video · \d+ s")
            child.expect(r"In \[3\]: ")
            return (child.before or "").replace("\r\n", "\n")
        finally:
            child.close(force=True)


def in_script(way: str) -> "subprocess.CompletedProcess[str]":
    with lifelike() as studio:
        script = f"""
            import asyncio
            {setup(studio)}
            async def main():
                await session.send('a city')
            {way}
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)


def in_notebook(way: str) -> list[Any]:
    export = way.replace("send('a city')", "export()")
    with lifelike() as studio:
        sources = [setup(studio), export, f"turn = {way}", f"turn = {way}", "turn.text"]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        studio.faults = "run_sse:2001*1"
        NotebookClient(notebook, timeout=60, allow_errors=True).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.parametrize("way", WAYS)
def test_a_notebook_keeps_the_answer_as_markdown_and_as_text_no_progress_and_nothing_empty(
    begun: Any, way: str
) -> None:
    _, unbegun, refused, answered, text = begun(in_notebook, way)  # here: a kernel's client wants the main thread
    assert [(output["output_type"], output["ename"]) for output in unbegun] == [("error", "NothingToExportError")]
    assert [output["output_type"] for output in refused] == ["display_data", "error"]
    assert refused[0]["data"] == {"text/markdown": "*No answer came.*", "text/plain": "No answer came."}
    (output,) = answered
    said = eval(text[0]["data"]["text/plain"])
    assert ANSWER in said
    assert output["output_type"] == "display_data"
    assert set(output["data"]) == {"text/markdown", "text/plain"}
    for form in output["data"].values():
        assert form.startswith(said)
        assert "Generating video ·" not in form


@pytest.mark.parametrize("way", WAYS)
def test_a_terminal_shows_the_answer_as_it_grows_with_its_progress_and_keeps_the_text_alone(
    begun: Any, way: str
) -> None:
    shown = begun(in_terminal, way)
    assert ANSWER in shown
    assert "Traceback" not in shown
    kept = [line.rsplit("\r", 1)[-1].rstrip() for line in shown.split("\n")]
    assert not any(line.startswith(("Generating", "The raw clip is ready")) for line in kept)


@pytest.mark.parametrize("way", [RUN, pytest.param("asyncio.run(main())", marks=pytest.mark.slow)])
def test_a_script_writes_the_answer_to_its_output_and_progress_beside_it(begun: Any, way: str) -> None:
    done = begun(in_script, way)
    assert done.returncode == 0, done.stderr
    assert ANSWER in done.stdout
    assert "Generating" not in done.stdout
    assert "Generating video" in done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "Error" not in done.stderr
