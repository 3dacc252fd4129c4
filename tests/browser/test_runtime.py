"""How the front end reaches a page: packed inside its carrier, also where anywidget has no ``host.getWidget`` yet."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nemo_widgets.widgets.runtime import CARRIER, STUB, bundle, packed

pytestmark = pytest.mark.browser

RENDER = """async ([stub, carrier]) => {
    const { createObjectURL, revokeObjectURL } = URL;
    const open = new Set();
    URL.createObjectURL = (blob) => { const url = createObjectURL.call(URL, blob); open.add(url); return url; };
    URL.revokeObjectURL = (url) => { open.delete(url); revokeObjectURL.call(URL, url); };
    const { default: widget } = await import(createObjectURL.call(URL, new Blob([stub], { type: 'text/javascript' })));
    const traits = { _runtime: 'anywidget:abc', _kind: 'prompt-box', _fallback: '', prompt: '' };
    const nothing = () => {};
    const model = {
        get: (name) => traits[name], set: nothing, save_changes: nothing, on: nothing, off: nothing, send: nothing,
        widget_manager: {
            get_model: async (id) => {
                if (id !== 'abc' || !carrier) throw new Error('widget model not found');
                return { get: (name) => carrier[name] };
            },
        },
    };
    const el = document.body.appendChild(document.createElement('div'));
    const life = new AbortController();
    widget.initialize({ model, signal: life.signal });
    await widget.render({ model, el, signal: life.signal });
    return [el.textContent, open.size];
}"""


def test_without_get_widget_the_bundle_is_taken_from_its_carrier(browser: Browser) -> None:
    page = browser.new_page()
    carrier = {"_kind": "runtime", "_esm": CARRIER, "_bundle": packed(bundle().read_bytes())}
    assert page.evaluate(RENDER, [STUB, carrier]) == ["Connecting to the kernel…", 0]
    page.close()


def test_without_a_carrier_the_output_says_what_to_do(browser: Browser) -> None:
    page = browser.new_page()
    said, _ = page.evaluate(RENDER, [STUB, None])
    assert "could not start in this page: widget model not found" in said
    assert "Run the cell again" in said
    page.close()


def test_with_hot_reload_a_widget_starts_from_the_bundle_itself(notebook, clip_file: Path) -> None:
    watch = "import os\nos.environ['ANYWIDGET_HMR'] = '1'"
    book = notebook(f"{watch}\nimport nemo_widgets as nemo\nnemo.VideoPlayer({str(clip_file)!r})")
    book.run()
    expect(book.cell().get_by_role("figure")).to_be_visible()


CELL = """\
import anywidget
import nemo_widgets as nemo
from nemo_widgets.widgets import runtime

class Plain(anywidget.AnyWidget):
    _kind = runtime.FrontEnd._kind
    _esm = runtime.bundle().read_text("utf-8")

carriers = [Plain, runtime.FrontEnd]"""

SHOW = "runtime._carrier = carriers[{which}]()\nnemo.VideoPlayer({clip!r})"

FIRST_VIEW = """() => new Promise((resolve) => {
    const begun = performance.now();
    const look = new MutationObserver(() => {
        if (document.querySelector('.nemo-player video')) { look.disconnect(); resolve(performance.now() - begun); }
    });
    look.observe(document.body, { subtree: true, childList: true });
    window.jupyterapp.commands.execute('notebook:run-cell');
})"""


def test_unpacking_does_not_keep_the_first_view_waiting(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(CELL, *(SHOW.format(which=which, clip=str(clip_file)) for which in range(2)))
    book.run(0)
    waited_ms: list[list[float]] = [[], []]
    for _ in range(6):  # a new carrier each time, so to the page each view is the first
        for which in range(2):
            book.select(1 + which)
            waited_ms[which].append(page.evaluate(FIRST_VIEW))
            page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
            expect(page.locator(".nemo-player")).to_have_count(0)
    plain_ms, packed_ms = (min(waits) for waits in waited_ms)  # what the machine's other work disturbed least
    said = f"first view: {packed_ms:.0f} ms packed, {plain_ms:.0f} ms plain, ratio {packed_ms / plain_ms:.2f}"
    print(said)  # noqa: T201
    assert packed_ms < 1.5 * plain_ms, f"{said}; {waited_ms}"
