"""The three-line module of each widget, in a page whose anywidget is older than ``host.getWidget``."""

import pytest
from playwright.sync_api import Browser

from nemo_widgets.widgets.runtime import STUB, bundle

pytestmark = pytest.mark.browser

RENDER = """async ([stub, bundle]) => {
    const { default: widget } = await import(URL.createObjectURL(new Blob([stub], { type: 'text/javascript' })));
    const traits = { _runtime: 'anywidget:abc', _kind: 'prompt-box', _fallback: '', prompt: '' };
    const nothing = () => {};
    const model = {
        get: (name) => traits[name], set: nothing, save_changes: nothing, on: nothing, off: nothing, send: nothing,
        widget_manager: {
            get_model: async (id) => {
                if (id !== 'abc' || !bundle) throw new Error('widget model not found');
                return { get: (name) => name === '_esm' ? bundle : undefined };
            },
        },
    };
    const el = document.body.appendChild(document.createElement('div'));
    const life = new AbortController();
    widget.initialize({ model, signal: life.signal });
    await widget.render({ model, el, signal: life.signal });
    return el.textContent;
}"""


def test_without_get_widget_the_bundle_is_taken_from_its_carrier(browser: Browser) -> None:
    page = browser.new_page()
    assert page.evaluate(RENDER, [STUB, bundle().read_text()]) == "Connecting to the kernel…"
    page.close()


def test_without_a_carrier_the_output_says_what_to_do(browser: Browser) -> None:
    page = browser.new_page()
    said = page.evaluate(RENDER, [STUB, ""])
    assert "could not start in this page: widget model not found" in said
    assert "Run the cell again" in said
    page.close()
