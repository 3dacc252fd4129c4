"""The Studio in a real JupyterLab, with the package's own local studio: from a prompt to a clip that plays."""

import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from .conftest import watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CELL = "import nemo_widgets as nemo\nstudio = nemo.Studio()\nstudio"
PROMPT = "a 3-second clip of a sunset over the sea, no music"
WORK_MS = 120_000
QUICKSTART = Path(__file__).parents[2] / "notebooks" / "01_quickstart.ipynb"


def texts_seen(page: Page) -> None:
    """Keep every text that the transcript shows, as it changes."""
    page.evaluate(
        """() => {
            window.nemoTexts = [];
            const look = () => {
                const text = document.querySelector('.nemo-prose')?.textContent ?? '';
                if (text && text !== window.nemoTexts.at(-1)) window.nemoTexts.push(text);
            };
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )


def test_a_prompt_streams_an_answer_exports_plays_and_is_there_tomorrow(lab, notebook, page: Page) -> None:
    shutil.copy(QUICKSTART, lab.root / "quickstart.ipynb")
    book = notebook(path="quickstart.ipynb")
    cells = [cell.source for cell in nbformat.read(QUICKSTART, as_version=4).cells]
    first = next(index for index, source in enumerate(cells) if source.startswith("import nemo_widgets"))
    here = next(index for index, source in enumerate(cells) if "nemo.Studio()" in source and "studio" in source[:7])
    book.run(first)
    book.run(here)
    studio = book.cell(here).get_by_role("region", name="Studio")
    expect(studio).to_contain_text("drawn on this computer, not by the AI")
    texts_seen(page)
    studio.get_by_label("Prompt", exact=True).fill(PROMPT)
    stop_was_offered = watch(studio, "[...root.querySelectorAll('button')].some(it => it.textContent === 'Stop')")
    page.keyboard.press("Enter")
    stop_was_offered()
    expect(studio.get_by_role("button", name="Send")).to_be_visible(timeout=WORK_MS)
    texts = page.evaluate("() => window.nemoTexts")
    assert len(texts) > 1, "the answer came in one piece"
    assert texts[-1].startswith(texts[0].strip())
    expect(studio).to_contain_text("Raw clip", timeout=WORK_MS)
    expect(studio).to_contain_text("Timeline (1 track)")

    progress_was_shown = watch(studio, "root.querySelector('progress[aria-label^=Export]')")
    studio.get_by_role("button", name="Export video").click()
    progress_was_shown()
    expect(studio.get_by_role("button", name="Export again")).to_be_visible(timeout=WORK_MS)
    expect(studio.get_by_role("figure")).to_contain_text("drawn locally, not by the AI")

    studio.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.nemo-studio video').currentTime > 0.3")
    book.until("studio.clip.path.suffix == '.mp4' and studio.clip.width == 1920")

    book.save()
    page.reload()
    page.wait_for_function("() => window.jupyterapp?.started")
    page.evaluate("() => window.jupyterapp.restored")
    book.open()
    studio = book.cell(here).get_by_role("region", name="Studio")
    expect(studio).to_contain_text(PROMPT)
    expect(studio).to_contain_text("Exported:")

    book.save()
    saved = lab.root / f"again-{book.path}"
    shutil.copy(lab.root / book.path, saved)
    assert saved.stat().st_size < 60_000
    later = notebook(path=saved.name)  # as the next person finds it, without this kernel
    left = later.cell(here).locator(".nemo-fallback")
    expect(left).to_be_visible()
    expect(left).to_contain_text(PROMPT)
    expect(left).to_contain_text("drawn locally, not by the AI")
    expect(left).to_contain_text("run the notebook again")
    expect(left.locator("img")).to_be_visible()


def test_the_keyboard_alone_reaches_everything_and_lab_keeps_its_hands_off(notebook, page: Page) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    field = studio.get_by_label("Prompt", exact=True)
    field.focus()
    page.keyboard.type("a bb dd city")  # in command mode b inserts a cell and dd deletes one
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("at night")
    expect(field).to_have_value("a bb dd city\nat night")
    assert book.page.locator(".jp-Notebook .jp-Cell").count() == 1
    book.until("studio.prompt == 'a bb dd city\\nat night'")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.textContent.trim()"))
        ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid", f"no visible focus on {reached[-1]}"
    assert reached[:2] == ["Send", "choose files"]


def test_letters_typed_anywhere_in_it_are_not_jupyterlabs(notebook, page: Page) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    for place in ("A 10-second", "choose files", "Export video"):
        studio.get_by_role("button", name=place).first.focus()
        page.keyboard.press("m")  # in command mode it turns the cell, and its output, into text
    studio.get_by_text("Describe it in your own words").click()
    page.keyboard.press("m")
    page.keyboard.press("b")
    assert page.evaluate("() => window.nemoTestPanel.content.widgets.map(({ model }) => model.type)") == ["code"]
    expect(studio).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(notebook, page: Page, theme, serious_faults, clip_file, dark: bool) -> None:
    book = notebook(CELL, f"player = nemo.VideoPlayer({str(clip_file)!r})\nplayer", "nemo.PromptBox(studio.session)")
    for index in range(3):
        book.run(index)
    theme(dark)
    expect(book.cell(2).get_by_role("region", name="Prompt box")).to_be_visible()
    book.cell(1).get_by_role("figure").press("?")
    for selector in (".nemo-studio", ".nemo-player", ".nemo-prompt-box"):
        assert serious_faults(selector) == []


def test_it_fits_three_hundred_and_twenty_pixels(notebook, page: Page, clip_file) -> None:
    book = notebook(CELL, f"nemo.VideoPlayer({str(clip_file)!r})")
    book.run(0)
    book.run(1)
    page.evaluate("() => { for (const el of document.querySelectorAll('.nemo')) el.style.width = '320px'; }")
    for selector in (".nemo-studio", ".nemo-player"):
        wide = page.evaluate(
            """(selector) => {
                const root = document.querySelector(selector);
                const right = root.getBoundingClientRect().right + 1;
                return [...root.querySelectorAll('*')]
                    .filter((el) => el.checkVisibility() && el.getBoundingClientRect().right > right)
                    .map((el) => el.outerHTML.slice(0, 100));
            }""",
            selector,
        )
        assert wide == []


def test_a_file_is_dropped_in_and_one_that_is_none_is_told_why_not(notebook, page: Page, clip_file) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    picker = studio.locator("input[type=file]").first
    picker.set_input_files(clip_file)
    expect(studio.get_by_role("region", name="Footage")).to_contain_text("@clip.mp4video · 0:12", timeout=WORK_MS)
    book.python("studio.max_file_bytes = 2 * 1024**2")
    expect(studio).to_contain_text("up to 2 MB each")
    picker.set_input_files([{"name": "long.mov", "mimeType": "video/quicktime", "buffer": bytes(3_000_000)}])
    expect(studio).to_contain_text("long.mov is 3 MB; the limit is 2 MB a file. Trim it, or compress it first.")


def test_ctrl_s_in_it_saves_the_notebook(notebook, page: Page) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    studio.get_by_label("Prompt", exact=True).fill("half a sentence")
    page.wait_for_function("() => window.nemoTestPanel.context.model.dirty")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.nemoTestPanel.context.model.dirty")
    expect(studio.get_by_label("Prompt", exact=True)).to_have_value("half a sentence")


def test_a_kernel_that_restarts_is_told_inside_the_studio(notebook, page: Page) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    studio.get_by_label("Prompt", exact=True).fill("half a sentence")
    page.evaluate("() => window.nemoTestPanel.sessionContext.restartKernel()")
    expect(studio).to_contain_text("The kernel has stopped or was restarted. Run the notebook again")
    expect(studio.get_by_label("Prompt", exact=True)).to_have_value("half a sentence")


def test_a_long_conversation_scrolls_inside_itself_and_never_the_cell(notebook, page: Page) -> None:
    book = notebook(CELL)
    book.run()
    studio = book.cell().get_by_role("region", name="Studio")
    expect(studio).to_be_visible()
    book.python(
        "from nemo_widgets.widgets.states import TurnState\n"
        "for number in range(1, 15):\n"
        "    text = 'A long answer. ' * 20\n"
        "    studio._feed.put_turn(TurnState(number=number, prompt=f'prompt {number}', text=text, status='done'))"
    )
    expect(studio.get_by_text("prompt 14")).to_be_visible()
    overflow = page.evaluate(
        """() => {
            const found = [];
            const studio = document.querySelector('.nemo-studio');
            for (let el = studio; el && !el.matches('.jp-WindowedPanel-outer'); el = el.parentElement) {
                const [right, down] = [el.scrollWidth - el.clientWidth, el.scrollHeight - el.clientHeight];
                if (right > 0 || down > 0) found.push([el.className, right, down]);
            }
            return found;
        }"""
    )
    assert overflow == []

    book.save()
    page.reload()
    page.wait_for_function("() => window.jupyterapp?.started")
    page.evaluate("() => window.jupyterapp.restored")
    book.open()
    expect(book.cell().get_by_text("prompt 14")).to_be_in_viewport()  # the newest, as a conversation is left
