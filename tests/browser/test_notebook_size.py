"""How large a notebook is on disk after clips were shown in it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.rendering.render import render
from nemo_widgets.protocol.draft import Draft

pytestmark = pytest.mark.browser

STATE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten clips as the local studio draws them, of different scenes: their posters are as full as posters get."""
    folder = tmp_path_factory.mktemp("drawn")
    clips = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            scene = sorted(SCENES)[number % len(SCENES)]
            shot = {"d": 500, "m": {"scene": scene, "seed": number}}
            draft = Draft.parse({"t": [{"tt": 0, "sg": [shot]}], "m": {}})
            path = folder / f"{scene}-{number}.mp4"
            quiet = {"on_progress": lambda share: None, "cancelled": lambda: False}
            render(draft, path, pool=pool, size=(640, 360), quality="draft", assets={}, **quiet)
            clips.append(path)
    return clips


@pytest.fixture
def widget_state(page: Page) -> Iterator[None]:
    """Let the notebook be saved with the state of its widgets."""

    def switch(on: bool) -> None:
        if page.evaluate("(command) => window.jupyterapp.commands.isToggled(command)", STATE) != on:
            page.evaluate("(command) => window.jupyterapp.commands.execute(command)", STATE)
            page.wait_for_function(
                "([command, on]) => window.jupyterapp.commands.isToggled(command) === on", arg=[STATE, on]
            )

    switch(on=True)
    yield
    switch(on=False)


def test_ten_drawn_clips_leave_a_small_notebook(
    lab, notebook, page: Page, drawn: list[Path], widget_state: None
) -> None:
    book = notebook("import nemo_widgets as nemo", *(f"nemo.VideoPlayer({str(clip)!r})" for clip in drawn))
    for index in range(11):
        book.run(index)
    expect(book.cell(1).get_by_role("figure")).to_be_visible()
    book.save()
    saved = json.loads((lab.root / book.path).read_text())
    outputs = [cell["outputs"] for cell in saved["cells"][1:]]
    assert all("data:image/jpeg" in json.dumps(output) for output in outputs)  # each has its picture without a kernel
    state = saved["metadata"].pop("widgets")["application/vnd.jupyter.widget-state+json"]["state"]
    assert sum(model["state"].get("_kind") == "player" for model in state.values()) == 10
    without, whole = len(json.dumps(saved, indent=1)), (lab.root / book.path).stat().st_size
    assert without < 200_000
    assert whole < 400_000
