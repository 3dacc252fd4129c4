"""The player on clips that the kernel hands over a piece at a time: outside the server's folder, of any kind."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .clip_files import KINDS, LENGTH_S, GetClip, made, shown

pytestmark = pytest.mark.browser


def test_every_kind_of_clip_plays_and_seeks_in_one_notebook(notebook, page: Page, clip: GetClip) -> None:
    book = notebook(*(shown(clip(name), f"p{place}") for place, name in enumerate(KINDS)))
    for place, name in enumerate(KINDS):
        book.run(place)
        figure = book.cell(place).get_by_role("figure")
        figure.get_by_role("button", name="Play", exact=True).click()
        video = figure.locator("video").element_handle()
        page.wait_for_function("(video) => video.currentTime > 0.3 && video.readyState >= 2", arg=video)
        assert video.evaluate("(video) => video.src.startsWith('blob:')"), name
        figure.get_by_label("Position").fill(str(0.8 * LENGTH_S))
        page.wait_for_function(
            "(video) => video.currentTime >= 8 && !video.seeking && video.readyState >= 2", arg=video
        )
        assert video.evaluate("(video) => video.getVideoPlaybackQuality().totalVideoFrames > 0"), name
        page.wait_for_function("(video) => video.ended && video.currentTime > 9.5", arg=video)
        expect(figure.get_by_role("alert")).to_have_count(0)


def test_frames_the_loop_and_a_snapshot_are_where_they_should_be(lab, notebook, page: Page, clip: GetClip) -> None:
    book = notebook(shown(clip("plain.mp4")))
    book.run()
    figure = book.cell().get_by_role("figure")
    page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
    book.python("player.seek(4.01)")
    page.wait_for_function("() => Math.abs(document.querySelector('.nemo-player video')?.currentTime - 4.01) < 0.01")
    figure.press(".")
    expect(figure.locator(".nemo-frame")).to_have_text("00:00:04:01 · 61")
    figure.press(",")
    expect(figure.locator(".nemo-frame")).to_have_text("00:00:04:00 · 60")

    before = set(lab.root.glob("plain-snapshot-*.png"))  # other tests save theirs beside the same notebook
    figure.get_by_role("button", name="More").click()
    figure.get_by_role("button", name="Snapshot").click()
    expect(figure.get_by_role("status").filter(has_text="Saved")).to_contain_text("320×180", timeout=20_000)
    assert len(set(lab.root.glob("plain-snapshot-*.png")) - before) == 1

    figure.press("i")
    book.until("abs(player.in_s - 4.03) < 0.05")
    book.python("player.out_s = 4.8")
    seeks = """() => new Promise((resolve) => {
        const video = document.querySelector('.nemo-player video');
        const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
        const targets = [];
        Object.defineProperty(video, 'currentTime', {
            configurable: true,
            get: () => get.call(video),
            set: (time) => { targets.push(time); set.call(video, time); },
        });
        video.addEventListener('seeked', () => targets.length >= 2 && resolve(targets));
        video.closest('.nemo-player').querySelector('[aria-label="Play (K)"]').click();
    })"""
    assert all(abs(time - 4.03) < 0.05 for time in page.evaluate(seeks))
    figure.press("x")
    book.until("player.in_s is None and player.out_s is None")


def test_a_file_that_is_not_a_video_any_more_gives_one_clear_error(
    notebook, page: Page, clip: GetClip, tmp_path: Path
) -> None:
    file = tmp_path / "broken.mp4"
    file.write_bytes(clip("plain.mp4").read_bytes())
    book = notebook(made(file), "player")
    book.run(0)
    file.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    book.run(1)
    figure = book.cell(1).get_by_role("figure")
    expect(figure.get_by_role("alert")).to_have_count(1)
    expect(figure.get_by_role("alert")).to_contain_text("broken.mp4")
    expect(figure.get_by_role("button", name="Try again")).to_be_visible()
