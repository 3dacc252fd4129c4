"""Clips that are not plain video, and browsers that are not like Chromium."""

import pytest
from playwright.sync_api import Page, expect

from .clip_files import GetClip, shown
from .conftest import Lab, open_lab

pytestmark = pytest.mark.browser

KERNEL_MS = 30_000  # an answer, on a machine that does much else

MANAGED = """
    const Plain = window.MediaSource;
    window.nemoManaged = 0;
    window.ManagedMediaSource = class extends Plain {
        constructor() { super(); window.nemoManaged++; }
    };
    delete window.MediaSource;
"""
NEITHER = "delete window.MediaSource; delete window.ManagedMediaSource;"


def test_sound_and_pictures_are_shown_as_what_they_are(notebook, page: Page, clip: GetClip, serious_faults) -> None:
    book = notebook(shown(clip("sound.m4a"), "sound"), shown(clip("still.png"), "still"))
    book.run(0)
    sound = book.cell(0).get_by_role("figure", name="Sound: sound.m4a")
    expect(sound.locator(".nemo-stage .nemo-waveform")).to_be_visible(timeout=KERNEL_MS)
    sound.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.3")
    sound.get_by_label("Position").fill("8")
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 8.2")
    book.until("sound.playing and sound.current_time_s > 8")
    expect(sound.get_by_label("One frame forward (.)")).to_have_count(0)
    sound.get_by_role("button", name="More").click()
    expect(sound.get_by_role("button", name="Download")).to_be_visible()
    expect(sound.get_by_role("button", name="Snapshot")).to_have_count(0)

    book.run(1)
    still = book.cell(1).get_by_role("figure", name="Picture: still.png")
    page.wait_for_function(
        """() => {
            const picture = document.querySelector('.nemo-picture');
            return picture?.src.startsWith('blob:') && picture.naturalWidth === 320;
        }"""
    )
    expect(still.get_by_role("button")).to_have_count(0)
    assert serious_faults(".nemo-player") == []


def test_a_seek_while_it_plays_goes_on_from_there_also_far_from_the_only_keyframe(
    notebook, page: Page, clip: GetClip
) -> None:
    book = notebook(shown(clip("one-keyframe.mp4")))
    book.run()
    figure = book.cell().get_by_role("figure")
    figure.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.2")
    for key, lands_s in (("l", 9.2), ("j", 0.0), ("ArrowRight", 5.0)):
        if key == "l":
            figure.get_by_label("Position").fill("9.2")
        else:
            figure.press(key)
        page.wait_for_function(
            """(lands) => {
                const video = document.querySelector('.nemo-player video');
                return !video.paused && !video.seeking && video.currentTime > lands + 0.1;
            }""",
            arg=lands_s,
        )
    expect(figure.get_by_role("alert")).to_have_count(0)
    bar = figure.get_by_label("Position").bounding_box()
    assert bar is not None
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    expect(figure.locator(".nemo-tile")).to_be_visible(timeout=KERNEL_MS)


@pytest.mark.parametrize(
    ("mask", "names"), [(MANAGED, ["plain.mp4"]), (NEITHER, ["plain.mp4", "old.avi"])], ids=["managed", "neither"]
)
def test_other_browsers_play_too(lab: Lab, notebook, page: Page, clip: GetClip, mask: str, names: list[str]) -> None:
    page.add_init_script(mask)
    open_lab(page, lab)
    assert page.evaluate("() => window.MediaSource === undefined")
    book = notebook(*(shown(clip(name), f"p{place}") for place, name in enumerate(names)))
    for place, name in enumerate(names):
        book.run(place)
        figure = book.cell(place).get_by_role("figure")
        figure.get_by_role("button", name="Play", exact=True).click()
        video = figure.locator("video").element_handle()
        page.wait_for_function("(video) => video.currentTime > 0.3", arg=video)
        assert video.evaluate("(video) => video.src.startsWith('blob:')"), name
        figure.get_by_label("Position").fill("8")
        page.wait_for_function("(video) => video.currentTime > 8.1 && !video.paused", arg=video)
        expect(figure.get_by_role("alert")).to_have_count(0)
    assert page.evaluate("() => window.nemoManaged ?? 0") == (1 if mask == MANAGED else 0)
