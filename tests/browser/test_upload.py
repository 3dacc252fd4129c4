"""Files from the browser to the session, in a real JupyterLab, with the package's own local studio."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Lab, NotebookPage, open_lab, text_seen
from .upload_files import WATCHED, grown_clip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CELL = f"{WATCHED}\nuploader = nemo.Uploader()\nuploader"
WORK_MS = 60_000
BIG = 40_000_000


def opened(notebook, *cells: str):
    """Open a notebook whose first cell shows an `Uploader`; return the notebook and the drop zone."""
    book = notebook(CELL, *cells)
    book.run()
    zone = book.cell().get_by_role("region", name="Uploader")
    expect(zone).to_be_visible()
    return book, zone


def card(zone: Locator, name: str) -> Locator:
    """Return the card of a file that the session has."""
    return zone.get_by_role("list", name="Files of this session").get_by_text(f"@{name}", exact=True)


def pick(zone: Locator, *files: Path) -> None:
    """Choose files in the picker."""
    zone.locator("input[type=file]").first.set_input_files(list(files))


def begun(zone: Locator, least: float = 0.05) -> None:
    """Wait until some of the file under way has arrived."""
    zone.locator("progress").first.evaluate(
        """(bar, least) => new Promise((resolve) => {
            const look = () => (bar.value > least ? resolve() : requestAnimationFrame(look));
            look();
        })""",
        least,
    )


def press_at_once(zone: Locator, name: str) -> None:
    """Press a button as soon as some of the file has arrived: inside the page, for the file may be whole soon."""
    zone.evaluate(
        """(root, name) => new Promise((resolve) => {
            const look = () => {
                const button = root.querySelector(`[aria-label="${name}"]`);
                if (button && root.querySelector('progress')?.value > 0) resolve(button.click());
                else requestAnimationFrame(look);
            };
            look();
        })""",
        name,
    )


def arrived(book: NotebookPage, *files: tuple[str, str]) -> None:
    """Check that these files and no others were handed on, bit for bit, and that nothing lies on the disk."""
    assert book.python("print(sorted(set(arrived)))") == str(sorted(files))
    book.until("left() == []")


def test_five_megabytes_arrive_as_they_were_and_nothing_stays_on_the_disk(
    notebook, page: Page, clip_file: Path, tmp_path: Path
) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", 5_000_000)
    book, zone = opened(notebook)
    pick(zone, tmp_path / "beach.mp4")
    expect(card(zone, "beach.mp4")).to_be_visible(timeout=WORK_MS)
    expect(zone).to_contain_text("video · 0:12 · 640×360 · 5.0 MB")
    arrived(book, ("beach.mp4", digest))


@pytest.mark.slow
def test_a_kernel_that_is_busy_for_twelve_seconds_is_waited_for(
    notebook, page: Page, clip_file: Path, tmp_path: Path
) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook, "import ctypes; ctypes.PyDLL(None).sleep(12)  # with the GIL: no thread of it runs")
    told = text_seen(zone, "Waiting for the kernel, nothing is lost")
    pick(zone, tmp_path / "beach.mp4")
    begun(zone)
    book.start(1)
    told()
    expect(card(zone, "beach.mp4")).to_be_visible(timeout=WORK_MS)
    arrived(book, ("beach.mp4", digest))


@pytest.mark.slow
def test_an_upload_goes_on_when_the_socket_was_closed_in_the_middle(
    notebook, page: Page, clip_file: Path, tmp_path: Path
) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook)
    pick(zone, tmp_path / "beach.mp4")
    for share in (0.1, 0.4):
        begun(zone, share)
        page.evaluate("() => window.nemoTestPanel.sessionContext.session.kernel._ws.close()")
    expect(card(zone, "beach.mp4")).to_be_visible(timeout=WORK_MS)
    arrived(book, ("beach.mp4", digest))


@pytest.mark.slow
def test_the_same_file_goes_on_where_it_was_after_the_page_was_loaded_again(
    notebook, page: Page, clip_file: Path, tmp_path: Path
) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook)
    book.save()
    pick(zone, tmp_path / "beach.mp4")
    begun(zone, 0.2)
    page.reload()
    page.wait_for_function("() => window.jupyterapp?.started")
    page.evaluate("() => window.jupyterapp.restored")
    book.open()
    zone = book.cell().get_by_role("region", name="Uploader")
    expect(zone).to_be_visible()
    pick(zone, tmp_path / "beach.mp4")
    expect(card(zone, "beach.mp4")).to_be_visible(timeout=WORK_MS)
    book.until(f"resumed[0] == 0 and resumed[1] > {BIG // 10}")
    arrived(book, ("beach.mp4", digest))


@pytest.mark.slow
def test_two_tabs_with_the_same_file_end_with_one_card(
    lab: Lab, notebook, page: Page, clip_file: Path, tmp_path: Path
) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook)
    book.save()
    other = page.context.new_page()
    open_lab(other, lab)
    second = NotebookPage(other, book.path)
    second.open()
    other_zone = second.cell().get_by_role("region", name="Uploader")
    expect(other_zone).to_be_visible()
    pick(zone, tmp_path / "beach.mp4")
    pick(other_zone, tmp_path / "beach.mp4")
    for each in (zone, other_zone):
        expect(card(each, "beach.mp4")).to_be_visible(timeout=WORK_MS)
        expect(each.get_by_role("list", name="Uploads")).to_have_count(0, timeout=WORK_MS)
        expect(each.locator(".nemo-card")).to_have_count(1)
        expect(each.locator(".nemo-error")).to_have_count(0)
    arrived(book, ("beach.mp4", digest))
    other.close()


@pytest.mark.slow
def test_ten_files_at_once_all_arrive(notebook, page: Page, clip_file: Path, tmp_path: Path) -> None:
    names = [f"take-{number}.mp4" for number in range(10)]
    digests = [
        grown_clip(clip_file, tmp_path / name, 3_000_000 + number, seed=number) for number, name in enumerate(names)
    ]
    book, zone = opened(notebook)
    pick(zone, *(tmp_path / name for name in names))
    for name in names:
        expect(card(zone, name)).to_be_visible(timeout=WORK_MS)
    expect(zone.get_by_role("status")).to_have_text("10 files uploaded")
    arrived(book, *zip(names, digests, strict=True))


@pytest.mark.slow
def test_a_cancelled_file_leaves_nothing_behind(notebook, page: Page, clip_file: Path, tmp_path: Path) -> None:
    grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook)
    pick(zone, tmp_path / "beach.mp4")
    press_at_once(zone, "Cancel the upload of beach.mp4")
    expect(zone.get_by_role("list", name="Uploads")).to_have_count(0)
    arrived(book)


@pytest.mark.slow
def test_a_paused_file_waits_and_goes_on(notebook, page: Page, clip_file: Path, tmp_path: Path) -> None:
    digest = grown_clip(clip_file, tmp_path / "beach.mp4", BIG)
    book, zone = opened(notebook)
    pick(zone, tmp_path / "beach.mp4")
    press_at_once(zone, "Pause beach.mp4")
    expect(zone).to_contain_text("Paused at")
    zone.get_by_role("button", name="Go on with beach.mp4").click()
    expect(card(zone, "beach.mp4")).to_be_visible(timeout=WORK_MS)
    arrived(book, ("beach.mp4", digest))


@pytest.mark.slow
def test_a_file_of_jupyterlabs_own_browser_is_dragged_onto_it(lab: Lab, notebook, page: Page, clip_file: Path) -> None:
    _book, zone = opened(notebook)
    page.evaluate("() => window.jupyterapp.commands.execute('filebrowser:activate')")
    page.get_by_role("listitem", name="clip.mp4").hover()
    page.mouse.down()
    box = zone.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=5)  # not by hover(): what is dragged lies over everything
    expect(zone.get_by_text("Drop to add as footage")).to_be_visible()
    page.mouse.up()
    expect(card(zone, "clip.mp4")).to_be_visible(timeout=WORK_MS)
    expect(zone.locator(".nemo-error")).to_have_count(0)
