"""The player in Notebook 7, whose pages and shortcuts are its own."""

import pytest
from playwright.sync_api import Page, expect

from .clip_files import GetClip, shown
from .conftest import Lab, NotebookPage, write_notebook
from .test_player import KEYS

pytestmark = pytest.mark.browser

OPENED = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    window.nemoTestPanel = panel;
    return panel.id;
}"""


class Notebook7Page(NotebookPage):
    """A notebook in a page of its own."""

    def open_at(self, lab: Lab) -> None:
        """Open it and wait until its kernel answers."""
        self.page.goto(f"{lab.url}notebooks/{self.path}?token={lab.token}")
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
        self._panel = self.page.evaluate(OPENED)


def test_a_clip_plays_seeks_and_takes_keys_in_notebook_7(lab: Lab, page: Page, clip: GetClip, serious_faults) -> None:
    write_notebook(lab.root / "seven.ipynb", [shown(clip("plain.mp4"))])
    book = Notebook7Page(page, "seven.ipynb")
    book.open_at(lab)
    assert "notebooks" in page.url
    book.run()
    figure = book.cell().get_by_role("figure")
    figure.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.3")
    figure.get_by_label("Position").fill("8")
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 8.1")
    page.keyboard.press("k")
    book.until("not player.playing and player.current_time_s > 8")
    video = "const video = document.querySelector('.nemo-player video');"
    for key, holds in KEYS.items():
        book.python("player.seek(2.01)")
        page.wait_for_function(f"() => {{ {video} return Math.abs(video.currentTime - 2.01) < 0.01; }}")
        figure.press(key)
        page.wait_for_function(f"() => {{ {video} return {holds}; }}")
    page.keyboard.press("f")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1
    expect(figure.get_by_role("alert")).to_have_count(0)
    assert serious_faults(".nemo-player") == []
    book.shut_down_kernel()
