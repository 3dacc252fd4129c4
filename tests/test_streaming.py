"""An answer while it streams: in a terminal, in a script and in a saved notebook."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import nbformat
import pexpect
import pytest
from nbclient import NotebookClient

from nemo_widgets.local import LocalStudio, Options

from .local.conftest import TinyEngine

WAYS = ["await session.send('a city')", pytest.param("nemo.run(session.send('a city'))", marks=pytest.mark.slow)]
ANSWER = "Your clip is ready: **one scene**, one second."


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1, speed="lifelike")) as running:
        yield running


def setup(studio: LocalStudio) -> str:
    return f"import nemo_widgets as nemo; session = nemo.connect({studio.url!r}, token={studio.token!r}).new_session()"


@pytest.mark.parametrize("way", WAYS)
def test_a_terminal_shows_the_answer_as_it_grows_with_its_progress_and_keeps_the_text_alone(
    studio: LocalStudio, way: str
) -> None:
    command = ["-m", "IPython", "--simple-prompt", "--no-banner", "--no-confirm-exit", "--colors=NoColor"]
    env = {**os.environ, "TERM": "dumb"}
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", env=env, timeout=30, dimensions=(40, 160))
    try:
        child.expect(r"In \[1\]: ")
        child.sendline(setup(studio))
        child.expect(r"In \[2\]: ")
        child.sendline(f"turn = {way}")
        child.expect(r"Generating video · \d+ s")
        child.expect(r"In \[3\]: ")
        shown = (child.before or "").replace("\r\n", "\n")
    finally:
        child.close(force=True)
    assert ANSWER in shown
    assert "Traceback" not in shown
    kept = [line.rsplit("\r", 1)[-1].rstrip() for line in shown.split("\n")]
    assert not any(line.startswith(("Generating", "The raw clip is ready")) for line in kept)


@pytest.mark.parametrize(
    "way", ["nemo.run(session.send('a city'))", pytest.param("asyncio.run(main())", marks=pytest.mark.slow)]
)
def test_a_script_writes_the_answer_to_its_output_and_progress_beside_it(studio: LocalStudio, way: str) -> None:
    script = f"""
        import asyncio
        {setup(studio)}
        async def main():
            await session.send('a city')
        {way}
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert ANSWER in done.stdout
    assert "Generating" not in done.stdout
    assert "Generating video" in done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_notebook_keeps_the_answer_as_markdown_and_as_text_no_progress_and_nothing_empty(
    studio: LocalStudio, way: str
) -> None:
    export = way.replace("send('a city')", "export()")
    sources = [setup(studio), export, f"turn = {way}", f"turn = {way}", "turn.text"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    studio.faults = "run_sse:2001*1"
    NotebookClient(notebook, timeout=60, allow_errors=True).execute()
    _, unbegun, refused, answered, text = (cell.outputs for cell in notebook.cells)
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
