"""The player in a real JupyterLab: bytes arrive over the comm, and the picture moves."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_clip_plays_in_the_cell_and_python_sees_the_playhead(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(f"import nemo_widgets as nemo\nplayer = nemo.VideoPlayer({str(clip_file)!r})\nplayer")
    book.run()
    figure = book.cell().get_by_role("figure")
    figure.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.5")
    page.keyboard.press("k")
    expect(figure.get_by_role("button", name="Play (K)")).to_be_visible()
    book.until("not player.playing and player.current_time_s > 0.5")
