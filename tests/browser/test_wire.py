"""The wire of a local studio in a real JupyterLab: it fills while the agent answers, and faults are a click away."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OPEN = """import nemo_widgets as nemo
from nemo_widgets.local import LocalStudio
lesson = LocalStudio().start()
client = nemo.connect(lesson.url, token=lesson.token)
lesson.wire"""
SAY = 'turn = await client.new_session().send("a 1-second clip of the sea, no music, no title")'


def test_the_wire_fills_and_a_fault_is_a_click_away(notebook, page: Page, theme, serious_faults) -> None:
    book = notebook(OPEN, SAY, "await client.credits()", "lesson.stop()")
    book.run(0)
    wire = book.cell(0)
    expect(wire).to_contain_text("Nothing went over the wire yet")
    book.run(1)
    expect(wire).to_contain_text("3 run_sse")
    expect(wire).to_contain_text("the stream ended")
    expect(wire).to_contain_text("Credits: 9,900 available · Exports: none under way")
    wire.get_by_role("button", name="Too many requests").click()
    book.until("lesson.wire.plan == 'any:429(3)*1'")
    expect(wire.get_by_role("textbox", name="Plan")).to_have_value("any:429(3)*1")
    book.start(2)
    expect(wire).to_contain_text("429")
    expect(wire.get_by_role("textbox", name="Plan")).to_have_value("")
    page.evaluate("() => window.nemoTestRun")
    for width, dark in ((1280, False), (1280, True), (480, True)):
        page.set_viewport_size({"width": width, "height": 1000})
        theme(dark)
        assert serious_faults(".jp-OutputArea-output .widget-box") == []
    # Nothing of it lies beyond the right edge of a narrow page.
    assert wire.locator(".nemo-wire-box").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert book.python("print(lesson.token in str(lesson.wire.to_frame()))") == "False"
    book.run(3)
