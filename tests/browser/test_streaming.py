"""An answer in a real front end: streamed into its cell, stopped from the toolbar, readable without a kernel."""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import nbformat
import pytest
from playwright.sync_api import Page, expect

from nemo_widgets.local import Engine, LocalStudio, Options

from ..local.conftest import TinyEngine
from ..test_kernel_stop import LIMIT_S, SlowEngine
from .conftest import Lab, NotebookPage, text_seen, write_notebook

pytestmark = pytest.mark.browser

MOST_UPDATES_PER_S = 30
COUNT = """() => {
    const { kernel } = window.nemoTestPanel.sessionContext.session;
    window.nemoTestUpdates = [];
    kernel.iopubMessage.connect((_, { header }) => {
        if (header.msg_type.endsWith('display_data')) window.nemoTestUpdates.push(performance.now());
    });
}"""

NOTE_PRESSES = """() => {
    const note = () => { window.nemoTestPressed = Date.now(); };
    document.addEventListener('click', note, { capture: true });
}"""


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1, speed="lifelike")) as running:
        yield running


def setup(studio: LocalStudio) -> str:
    return f"import nemo_widgets as nemo\nsession = nemo.connect({studio.url!r}, token={studio.token!r}).new_session()"


def check_streaming(book: NotebookPage, file: Path) -> None:
    """Watch an answer arrive in the second cell, then what the saved notebook holds of it."""
    page = book.page
    book.run(0)
    page.evaluate(COUNT)
    generating_was_shown = text_seen(book.cell(1), "Generating video ·")
    book.start(1)
    output = book.cell(1).locator(".jp-OutputArea-output")
    generating_was_shown()
    expect(output.locator("strong")).to_have_text("one scene")  # Markdown, and not its source
    page.evaluate("() => window.nemoTestRun")
    expect(output).not_to_contain_text("Generating video ·")
    times_s = [at_ms / 1000 for at_ms in page.evaluate("() => window.nemoTestUpdates")]
    assert len(times_s) > 3
    assert len(times_s) <= MOST_UPDATES_PER_S * (times_s[-1] - times_s[0]) + 2
    book.save()
    shown = nbformat.read(file, 4).cells[1].outputs[0]["data"]
    assert "Your clip is ready: **one scene**, one second." in shown["text/markdown"]
    assert "Generating video ·" not in shown["text/plain"]


def test_jupyterlab_shows_the_answer_as_it_grows_and_keeps_it(notebook, studio: LocalStudio, lab: Lab) -> None:
    book = notebook(setup(studio), "turn = await session.send('a city')")
    check_streaming(book, lab.root / book.path)
    book.shut_down_kernel()
    book.page.reload()
    book.page.wait_for_function("() => window.jupyterapp?.started")
    book.open()
    expect(book.cell(1).locator(".jp-OutputArea-output strong")).to_have_text("one scene")


def test_notebook_7_shows_the_answer_as_it_grows_and_keeps_it(page: Page, studio: LocalStudio, lab: Lab) -> None:
    book = ClassicPage(page, f"{uuid4().hex[:8]}.ipynb")
    write_notebook(lab.root / book.path, [setup(studio), "turn = nemo.run(session.send('a city'))"])
    page.goto(f"{lab.url}notebooks/{book.path}?token={lab.token}")
    book.open()
    check_streaming(book, lab.root / book.path)
    book.shut_down_kernel()


class ClassicPage(NotebookPage):
    """A notebook in Notebook 7, which shows one document and has opened it already."""

    def open(self) -> None:
        """Wait until its kernel answers."""
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
        self._panel = self.page.evaluate(
            """async () => {
                const panel = window.jupyterapp.shell.currentWidget;
                await panel.context.ready;
                await panel.sessionContext.ready;
                await panel.sessionContext.session.kernel.info;
                window.nemoTestPanel = panel;
                return panel.id;
            }"""
        )


@pytest.mark.parametrize("waiting", ["await session.send('city')", "nemo.run(session.send('city'))"])
def test_the_toolbars_stop_reaches_the_studio_at_once_shows_one_line_and_the_next_cell_runs(
    notebook, page: Page, waiting: str
) -> None:
    engine = SlowEngine()
    made = Engine(plan=engine.plan, render=engine.render, canvas_size=lambda draft, resolution: (64, 36))
    with LocalStudio(engine=made, options=Options(workers=1, credits=100_000)) as studio:
        book = notebook(setup(studio), waiting, "print('next', 6 * 7)")
        book.run(0)
        page.evaluate(NOTE_PRESSES)
        delays_s: list[float] = []
        for _ in range(5):
            engine.drawing.clear()
            engine.stopped_at_s.clear()
            book.start(1)
            assert engine.drawing.wait(20)
            clocks_s = time.time() - time.monotonic()
            page.locator("[data-command='notebook:interrupt-kernel']").first.click()
            page.evaluate("() => window.nemoTestRun")
            pressed_s = page.evaluate("() => window.nemoTestPressed") / 1000
            delays_s.append(engine.stopped_at_s[0] + clocks_s - pressed_s)
            expect(book.cell(1).locator(".jp-OutputArea-output").last).to_contain_text("; the draft is unchanged")
            assert "Traceback" not in book.cell(1).inner_text()
            book.run(2)
            expect(book.cell(2).locator(".jp-OutputArea-output")).to_have_text("next 42")
    sys.stdout.write(f"{[round(delay_s * 1000) for delay_s in delays_s]} ms\n")
    assert statistics.median(delays_s) < LIMIT_S
