"""The player in a real JupyterLab: bytes arrive over the comm, and the picture moves."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def cell(clip_file: Path) -> str:
    return f"import nemo_widgets as nemo\nplayer = nemo.VideoPlayer({str(clip_file)!r})\nplayer"


def test_a_clip_plays_in_the_cell_and_python_sees_the_playhead(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(cell(clip_file))
    book.run()
    figure = book.cell().get_by_role("figure")
    figure.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 0.5")
    page.keyboard.press("k")
    expect(figure.get_by_role("button", name="Play (K)")).to_be_visible()
    book.until("not player.playing and player.current_time_s > 0.5")


def test_python_moves_the_playhead_and_the_picture_follows(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(cell(clip_file))
    book.run()
    expect(book.cell().get_by_role("figure")).to_be_visible()
    book.python("player.seek(6.5); player.rate = 2; player.volume = 0; player.loop = True")
    page.wait_for_function(
        """() => {
            const { currentTime, playbackRate, muted, loop } = document.querySelector('.nemo-player video');
            return Math.abs(currentTime - 6.5) < 0.05 && playbackRate === 2 && muted && loop;
        }"""
    )
    book.python("player.play()")
    page.wait_for_function("() => document.querySelector('.nemo-player video').currentTime > 7")


def test_players_beside_each_other_share_the_width(notebook, page: Page, clip_file: Path) -> None:
    beside = "import ipywidgets\nipywidgets.HBox([player, nemo.VideoPlayer(player._path)])"
    book = notebook(f"{cell(clip_file)};\n{beside}")
    book.run()
    figures = book.cell().get_by_role("figure")
    expect(figures).to_have_count(2)
    widths = [box["width"] for box in (figures.nth(at).bounding_box() for at in (0, 1)) if box]
    assert len(widths) == 2
    assert min(widths) > 200, widths


KEYS = {
    ".": "video.paused && Math.floor(video.currentTime * 15) === 31",
    ",": "video.paused && Math.floor(video.currentTime * 15) === 29",
    "ArrowRight": "Math.abs(video.currentTime - 7) < 0.1",
    "j": "video.currentTime === 0",
    ">": "video.playbackRate === 1.25",
    "<": "video.playbackRate === 1",
    "m": "video.muted",
    "?": "document.querySelector('.nemo-help')",
    "f": "document.fullscreenElement?.contains(video)",
}


def test_every_key_does_what_the_help_card_says_and_none_reaches_the_notebook(
    notebook, page: Page, clip_file: Path
) -> None:
    book = notebook(cell(clip_file))
    book.run()
    figure = book.cell().get_by_role("figure")
    video = "const video = document.querySelector('.nemo-player video');"
    for key, holds in KEYS.items():
        book.python("player.seek(2.01)")
        page.wait_for_function(f"() => {{ {video} return Math.abs(video.currentTime - 2.01) < 0.01; }}")
        figure.press(key)
        page.wait_for_function(f"() => {{ {video} return {holds}; }}")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1


def test_two_views_of_one_player_do_not_chase_each_other(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(cell(clip_file), "player")
    book.run(0)
    book.run(1)
    book.cell(1).get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelectorAll('.nemo-player video')[1].currentTime > 1")
    assert page.evaluate("() => document.querySelectorAll('.nemo-player video')[0].paused")
    seeks = page.evaluate(
        """async () => {
            let count = 0;
            document.querySelectorAll('.nemo-player video')[1].addEventListener('seeking', () => count++);
            await new Promise((resolve) => setTimeout(resolve, 1500));
            return count;
        }"""
    )
    assert seeks == 0


def test_a_cleared_output_lets_the_file_of_the_server_go(notebook, page: Page, clip_file: Path) -> None:
    book = notebook(cell(clip_file))
    book.run()
    page.wait_for_function(
        """() => {
            window.nemoVideo = document.querySelector('.nemo-player video');
            return window.nemoVideo?.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
        }"""
    )
    assert page.evaluate("() => new URL(window.nemoVideo.src).pathname").startswith("/files/")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
    page.wait_for_function(
        "() => !window.nemoVideo.isConnected && window.nemoVideo.networkState === HTMLMediaElement.NETWORK_EMPTY"
    )


def test_a_saved_clip_without_a_kernel_is_still_a_picture_with_words(
    lab, notebook, page: Page, clip_file: Path
) -> None:
    book = notebook(
        "from nemo_widgets.client import Clip\nfrom pathlib import Path\n"
        f"clip = Clip.of_file(Path({str(clip_file)!r}), backend='local', prompt='a grey room')\nclip"
    )
    book.run()
    expect(book.cell().get_by_role("figure")).to_be_visible()
    fallback = book.cell().locator(".nemo-fallback")
    expect(fallback).to_be_attached()
    expect(fallback).not_to_be_visible()
    book.save()
    saved = nbformat.read(lab.root / book.path, 4)
    assert len(nbformat.writes(saved)) < 40_000

    # As a stranger opens it: unsigned, so JupyterLab cleans its HTML, and without the kernel.
    nbformat.write(saved, lab.root / f"again-{book.path}")
    later = notebook(path=f"again-{book.path}")
    fallback = later.cell().locator(".nemo-fallback")
    expect(fallback).to_be_visible()
    for said in ("a grey room", "0:12", "640×360", "0.1 MB", "drawn locally, not by the AI", "run the notebook again"):
        expect(fallback).to_contain_text(said)
    assert fallback.locator("img").evaluate("(img) => img.naturalWidth") > 0
