"""A cassette in a real JupyterLab, shown to a class after the service that made it has gone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import nemo_widgets as nemo
from nemo_widgets.local import LocalStudio, Options

from ..local.conftest import TinyEngine
from .conftest import Lab, text_seen

pytestmark = pytest.mark.browser

CELL = 'import nemo_widgets as nemo\nstudio = nemo.Studio(nemo.connect("demo.nemo", speed=5))\nstudio'


@pytest.fixture(scope="module")
def cassette(lab: Lab) -> Path:
    """Record a session with a studio that is over when this returns."""
    path = lab.root / "demo.nemo"
    engine = TinyEngine().engine()
    with LocalStudio(engine=engine, options=Options(workers=1, speed="lifelike")) as studio, nemo.record(path):
        client = nemo.connect(studio.url, token=studio.token)
        session = client.new_session()
        nemo.run(session.send("a city at night", show=False))
        nemo.run(session.export(lab.root / "live.mp4", show=False))
        nemo.run(client.close())
    return path


def test_the_studio_shows_a_cassette_and_its_clips_play(notebook, page: Page, cassette: Path) -> None:
    book = notebook(CELL, "await studio.session.send('a dog')")
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    expect(studio).to_contain_text("Plays demo.nemo, a recording of the local studio")
    expect(studio).not_to_contain_text("Works locally")
    offered = studio.get_by_role("list", name="Prompts of the recording").get_by_role("button")
    expect(offered).to_have_text(["a city at night"])
    offered.click()
    generating_was_shown = text_seen(studio, "Generating video")
    page.keyboard.press("Enter")
    expect(studio.locator("strong", has_text="one scene")).to_be_visible()
    generating_was_shown()
    expect(studio.get_by_role("button", name="Send")).to_be_visible()
    expect(offered).to_have_count(0)  # it ends there
    studio.get_by_role("button", name="Export video").click()
    expect(studio.get_by_role("button", name="Export again")).to_be_visible()
    book.until("studio.clip is not None and studio.clip.width == 1920")
    studio.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.3")
    book.run(1)
    expect(book.cell(1).locator(".jp-OutputArea-output").last).to_contain_text("demo.nemo has no answer to")
