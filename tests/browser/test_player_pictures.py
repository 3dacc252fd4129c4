"""The looks of the player in each state: light, dark, 320 px wide. `PICTURES=folder pytest …` keeps what it saw."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from .clip_files import GetClip, made, shown

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

CLIPPED = """(figure) => {
    const whole = figure.getBoundingClientRect();
    return [...figure.querySelectorAll('button, input, select, p, span, kbd, dd')].filter((part) => {
        const { left, right, width } = part.getBoundingClientRect();
        if (part.checkVisibility() && width > 1 && (left < whole.left - 1 || right > whole.right + 1)) return true;
        return part.matches('button, p, dd, dt, .nemo-help') && part.scrollWidth > part.clientWidth + 1;
    }).map((part) => part.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def keep(tmp_path: Path, serious_faults: Callable[[str], list[str]]) -> Callable[[Locator, str], None]:
    """Look at a player as it is now: nothing is cut off, axe finds nothing serious, and there is a picture of it."""
    folder = Path(os.environ.get("PICTURES") or tmp_path)

    def look(figure: Locator, name: str) -> None:
        figure.scroll_into_view_if_needed()
        figure.screenshot(path=folder / f"{name}.png", animations="disabled")
        assert figure.evaluate(CLIPPED) == [], name
        assert serious_faults(".nemo-player") == [], name

    return look


def test_every_state_of_the_player_fits_and_can_be_read(
    notebook, page: Page, clip: GetClip, tmp_path: Path, theme, keep
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip("plain.mp4").read_bytes())
    cells = [
        shown(clip("plain.mp4")),
        made(broken, "broken"),
        "broken",
        shown(clip("sound.m4a")),
        shown(clip("still.png")),
    ]
    book = notebook(*cells)
    book.run(1)
    broken.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    for index in (2, 3, 4):
        book.run(index)
    for look, narrow, dark in (
        ("light", False, False),
        ("dark", False, True),
        ("narrow", True, False),
        ("narrow-dark", True, True),
    ):
        theme(dark)
        narrowed = page.add_style_tag(content=".jp-OutputArea-output { max-width: 336px; }") if narrow else None
        book.run(0)
        figure = book.cell(0).get_by_role("figure")
        page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
        expect(figure.locator(".nemo-scrub .nemo-waveform")).to_be_visible()
        keep(figure, f"{look}-rest")
        figure.press("k")
        page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.5")
        keep(figure, f"{look}-playing")
        figure.press("k")
        figure.press("?")
        keep(figure, f"{look}-help")
        page.keyboard.press("Escape")
        figure.get_by_role("button", name="More").click()
        keep(figure, f"{look}-more")
        figure.press("i")
        figure.press("l")
        figure.press("o")
        bar = figure.get_by_label("Position").bounding_box()
        assert bar is not None
        page.mouse.move(bar["x"] + bar["width"] * 0.97, bar["y"] + bar["height"] / 2)
        expect(figure.locator(".nemo-tile")).to_be_visible()
        keep(figure, f"{look}-scrubbing")
        page.mouse.move(0, 0)
        for index, name in ((2, "error"), (3, "sound"), (4, "still")):
            keep(book.cell(index).get_by_role("figure"), f"{look}-{name}")
        if narrowed is not None:
            narrowed.evaluate("(style) => style.remove()")


PROMPT = "A 6-second clip of a caravan in the desert at sunset, with cinematic music"


def test_the_studio_as_the_readme_shows_it(notebook, page: Page, tmp_path: Path, theme) -> None:
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    page.set_viewport_size({"width": 1420, "height": 1100})
    book = notebook("import nemo_widgets as nemo\nstudio = nemo.Studio()\nstudio")
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    studio.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.keyboard.press("Enter")
    export = studio.get_by_role("button", name="Export video")
    expect(export).to_be_visible(timeout=200_000)
    export.click(timeout=200_000)  # when the raw clip is there
    expect(studio.get_by_role("button", name="Export again")).to_be_visible(timeout=200_000)
    player = studio.get_by_role("figure")
    player.get_by_label("Position").fill("2.4")
    page.wait_for_function(
        """() => {
            const video = document.querySelector('.nemo-player video');
            return !video.seeking && video.readyState >= 2 && video.currentTime > 2.3;
        }"""
    )
    page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement.blur()")
    for dark, name in ((False, "light"), (True, "dark")):
        theme(dark)
        with Image.open(io.BytesIO(studio.screenshot(animations="disabled"))) as shot:
            picture = shot.convert("RGB")
        dotted = picture.quantize(
            palette=picture.quantize(256), dither=Image.Dither.FLOYDSTEINBERG
        )  # no bands in skies
        dotted.save(folder / f"studio-{name}.png", optimize=True)
        assert player.evaluate(CLIPPED) == []
