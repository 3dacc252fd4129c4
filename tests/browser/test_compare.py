"""A comparison in a real JupyterLab: made from the grid, played as one."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import text_seen

pytestmark = pytest.mark.browser

CODE = """\
import nemo_widgets as nemo
sweep = nemo.compare(["a 4-second clip of a city at night", "a 4-second clip of abstract light"])
sweep"""

TIMES = "() => [...document.querySelectorAll('.nemo-variant video')].map((video) => video.currentTime)"


def test_two_prompts_stream_render_and_play_side_by_side(notebook, page: Page, theme) -> None:
    book = notebook(CODE)
    book.run()
    grid = book.cell().get_by_role("region", name="Comparison of prompts")
    expect(grid.get_by_role("status").first).to_have_text("2 variants; nothing has been sent yet")
    _look(page, "compare-before")
    generating_was_shown = text_seen(grid, "Generating")
    grid.get_by_role("button", name="Make all 2").click()
    generating_was_shown()
    expect(grid.get_by_role("status").first).to_have_text("2 variants, all made", timeout=120_000)
    players = grid.get_by_role("figure")
    expect(players).to_have_count(2)
    for index in range(2):
        expect(players.nth(index).get_by_text("drawn locally, not by the AI")).to_be_visible()

    first, second = (players.nth(index).bounding_box() for index in range(2))
    assert first["x"] + first["width"] <= second["x"], "they lie beside each other"
    assert first["y"] == second["y"]

    grid.get_by_role("button", name="Play together").click()
    page.wait_for_function(f"() => ({TIMES})().every((time) => time > 0.3)")
    spread = "(times) => Math.max(...times) - Math.min(...times)"
    page.wait_for_function(f"() => ({spread})(({TIMES})()) < 0.05", timeout=2_000)
    _look(page, "compare-light")
    theme(True)
    _look(page, "compare-dark")
    assert book.python("print(len(sweep.clips), [take.session.id is not None for take in sweep.takes])") == (
        "2 [True, True]"
    )


def _look(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
