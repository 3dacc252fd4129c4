"""The player without a mouse: every control is reached with Tab, says its name, shows its focus, and does its work."""

import pytest
from playwright.sync_api import Page, expect

from .clip_files import GetClip, shown

pytestmark = pytest.mark.browser

KERNEL_MS = 30_000  # an answer, on a machine that does much else

FOCUSED = """() => {
    const { activeElement } = document;
    const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
    const name = activeElement.getAttribute('aria-label') || activeElement.textContent.trim();
    return [name, activeElement.closest('.nemo-player') && outlineStyle !== 'none' && outlineWidth !== '0px'];
}"""
# In the order of Tab: the name, the key that is pressed on it, and what is true then of `video` and its `player`.
BAR = [
    ("Play", "Enter", "!video.paused && !player.querySelector('.nemo-big-play')"),
    ("Position", "ArrowRight", "video.currentTime > 5"),
    ("Pause (K)", "Enter", "video.paused"),
    ("One frame back (,)", "Space", "player.querySelector('.nemo-frame').textContent.endsWith(' 89')"),
    ("One frame forward (.)", "Space", "player.querySelector('.nemo-frame').textContent.endsWith(' 90')"),
    ("Sound off (M)", "Enter", "video.muted && player.querySelector('[aria-label=Volume]').value === '0'"),
    ("Volume", "ArrowLeft", "player.querySelector('[aria-label=Volume]').value === '0'"),
    ("Volume", "ArrowRight", "!video.muted && video.volume === 0.05"),
    ("Loop", "Enter", "video.loop"),
    ("Loop from here (I)", "Enter", "player.querySelector('.nemo-range')"),
    ("Loop to here (O)", "Enter", "player.querySelectorAll('[aria-pressed=true]').length === 3"),
    ("Play all of it again (X)", "Space", "!player.querySelector('.nemo-range')"),
    ("Speed (< and >)", "ArrowDown", "video.playbackRate === 1.25"),
    ("Full screen (F)", "Enter", "document.fullscreenElement === player"),
    ("Full screen (F)", "Enter", "!document.fullscreenElement"),
    ("More", "Enter", "player.querySelector('.nemo-more')"),
]


def test_every_control_is_reached_named_and_used_by_keys_alone(
    notebook, page: Page, clip: GetClip, serious_faults
) -> None:
    book = notebook(shown(clip("plain.mp4")))
    book.run()
    figure = book.cell().get_by_role("figure")
    page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
    figure.focus()
    before = ""

    def reach(name: str) -> None:
        nonlocal before
        if name != before:
            page.keyboard.press("Tab")
        before = name
        assert page.evaluate(FOCUSED) == [name, True]

    for name, key, then in BAR:
        reach(name)
        if name == "One frame back (,)":
            # To a frame that is known: the counter may still be behind the moment at which it was paused.
            page.evaluate("() => { document.querySelector('.nemo-player video').currentTime = 6.01; }")
            expect(figure.locator(".nemo-frame")).to_have_text("00:00:06:00 · 90")
        if name == "Loop to here (O)":
            page.keyboard.press("ArrowLeft")
            page.keyboard.press("l")
        page.keyboard.press(key)
        page.wait_for_function(
            f"() => {{ const player = document.querySelector('.nemo-player'), video = player.querySelector('video'); "
            f"return {then}; }}"
        )
        if name == "Play all of it again (X)":  # it is gone, and the player has the keys: on from where it was
            assert page.evaluate("() => document.activeElement.matches('.nemo-player')")
            figure.get_by_label("Loop to here (O)").focus()

    reach("Snapshot")
    page.keyboard.press("Enter")
    expect(figure.get_by_role("status").filter(has_text="Saved")).to_be_visible(timeout=KERNEL_MS)
    reach("Download")
    with page.expect_download() as download:
        page.keyboard.press("Space")
    assert download.value.suggested_filename == "plain.mp4"
    reach("Picture in picture")
    reach("Keys (?)")
    page.keyboard.press("Enter")
    card = figure.get_by_role("dialog")
    expect(card.get_by_role("button", name="Close (Esc)")).to_be_focused()
    assert serious_faults(".nemo-player") == []
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(figure).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => !document.activeElement.closest('.nemo-player')"), "the player is no trap"
