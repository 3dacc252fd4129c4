"""JupyterLab's Restart button in the middle of an export: the new kernel offers it, and `resume` brings the file."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.media.probe import probe

from ..local.conftest import TinyEngine
from .conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CONNECT = """\
import os
os.environ |= {{"XDG_DATA_HOME": {data!r}, "NEMO_API_URL": {url!r}, "NEMO_TOKEN": {token!r}}}
import nemo_widgets as nemo
client = nemo.connect()"""
BEGIN = "session = client.new_session()\nawait session.send('a city', show=False)"
EXPORT = "await session.export({name!r})"
RESUME = "clips = await nemo.resume()"
LOOK = "print(*nemo.history(kind='export')['state'])"

NOTE_RESTART = """() => {
    window.nemoTestRestarted = new Promise((resolve) => {
        window.jupyterapp.commands.commandExecuted.connect((_, { id, result }) => {
            if (id === 'notebook:restart-kernel') resolve(result);
        });
    });
}"""


def test_the_restart_button_in_the_middle_of_an_export_loses_nothing(
    notebook, page: Page, lab: Lab, tmp_path: Path
) -> None:
    tiny, file = TinyEngine(), lab.root / f"{uuid4().hex[:8]}.mp4"
    with LocalStudio(engine=tiny.engine(), options=Options(workers=1)) as studio:
        connect = CONNECT.format(data=str(tmp_path), url=studio.url, token=studio.token)
        book = notebook(connect, BEGIN, EXPORT.format(name=file.name), RESUME, LOOK)
        book.run(0)
        book.run(1)
        tiny.gate.clear()
        tiny.drawing.clear()
        book.start(2)
        assert tiny.drawing.wait(30)
        page.evaluate(NOTE_RESTART)
        page.locator("[data-command='notebook:restart-kernel']").first.click()
        page.locator(".jp-Dialog .jp-mod-accept").click()
        assert page.evaluate("() => window.nemoTestRestarted")
        assert not file.exists()
        tiny.gate.set()
        book.run(0)
        expect(book.cell(0).locator(".jp-OutputArea-output")).to_contain_text(
            "Left unfinished when a kernel ended or the network broke: 1 export. await nemo.resume() takes it up"
        )
        book.run(3)
        expect(book.cell(3).locator(".jp-OutputArea-output").last).to_contain_text(file.name)
        book.run(4)
        expect(book.cell(4).locator(".jp-OutputArea-output")).to_have_text("done")
    assert probe(file).duration_s == pytest.approx(1, abs=0.1)
