"""The player on clips that the kernel hands over a piece at a time: outside the server's folder, of any kind."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

KINDS = {
    "plain.mp4": ("libx264", {"preset": "ultrafast"}),
    "camera.mkv": ("libx264", {"preset": "ultrafast", "bf": "2"}),
    "phone.mp4": ("libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "old.avi": ("mpeg4", {}),
}
LENGTH_S = 10
FPS = 15


def write_clip(path: Path, codec: str, options: dict[str, str], *, sound: bool = True) -> None:
    """Grey that brightens with the seconds, with a bar that crosses, and a tone."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=FPS, options=options)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        tone = container.add_stream("aac" if path.suffix != ".avi" else "mp3", rate=44_100) if sound else None
        for number in range(LENGTH_S * FPS):
            picture = np.full((180, 320, 3), 40 + number, np.uint8)
            picture[:, number * 2 : number * 2 + 10] = (80, 160, 240)
            for packet in video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in video.encode():
            container.mux(packet)
        if tone is not None:
            wave = (8000 * np.sin(np.arange(LENGTH_S * 44_100) * 0.06)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
            frame.rate, frame.pts, frame.time_base = 44_100, 0, Fraction(1, 44_100)
            for packet in [*tone.encode(frame), *tone.encode()]:
                container.mux(packet)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for name, (codec, options) in KINDS.items():
        write_clip(folder / name, codec, options)
    return folder


def shown(path: Path, name: str = "player") -> str:
    return f"import nemo_widgets as nemo\n{name} = nemo.VideoPlayer({str(path)!r})\n{name}"


def test_every_kind_of_clip_plays_and_seeks_in_one_notebook(notebook, page: Page, clips: Path) -> None:
    names = list(KINDS)
    book = notebook(*(shown(clips / name, f"p{place}") for place, name in enumerate(names)))
    for place, name in enumerate(names):
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


def test_frames_the_loop_and_a_snapshot_are_where_they_should_be(lab, notebook, page: Page, clips: Path) -> None:
    book = notebook(shown(clips / "plain.mp4"))
    book.run()
    figure = book.cell().get_by_role("figure")
    page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
    book.python("player.seek(4.01)")
    page.wait_for_function("() => Math.abs(document.querySelector('.nemo-player video')?.currentTime - 4.01) < 0.01")
    figure.press(".")
    expect(figure.locator(".nemo-frame")).to_have_text("00:00:04:01 · 61")
    figure.press(",")
    expect(figure.locator(".nemo-frame")).to_have_text("00:00:04:00 · 60")

    figure.get_by_role("button", name="More").click()
    figure.get_by_role("button", name="Snapshot").click()
    expect(figure.get_by_role("status").filter(has_text="Saved")).to_contain_text("320×180", timeout=20_000)
    saved = list(lab.root.glob("plain-snapshot-*.png"))
    assert len(saved) == 1

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


NAMES = [
    "Position",
    "Pause (K)",
    "One frame back (,)",
    "One frame forward (.)",
    "Sound off (M)",
    "Volume",
    "Loop",
    "Loop from here (I)",
    "Loop to here (O)",
    "Speed (< and >)",
    "Full screen (F)",
    "More",
    "Snapshot",
    "Download",
    "Picture in picture",
    "Keys (?)",
]


def test_every_control_is_reached_and_named_by_keys_alone(notebook, page: Page, clips: Path, serious_faults) -> None:
    book = notebook(shown(clips / "plain.mp4"))
    book.run()
    figure = book.cell().get_by_role("figure")
    figure.press("k")
    expect(figure.get_by_role("button", name="Pause (K)")).to_be_visible()
    figure.get_by_role("button", name="More").press("Enter")
    figure.focus()
    reached: list[str] = []
    for _ in range(len(NAMES) + 4):
        page.keyboard.press("Tab")
        now = page.evaluate(
            """() => {
                const { activeElement } = document;
                const inside = activeElement.closest('.nemo-player');
                const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
                const name = activeElement.getAttribute('aria-label') || activeElement.textContent.trim();
                return inside && [name, outlineStyle !== 'none' && outlineWidth !== '0px'];
            }"""
        )
        if now is None:
            break
        name, focus_is_seen = now
        assert focus_is_seen, name
        reached.append(name)
    missing = [name for name in NAMES if name not in reached and name.replace("Pause", "Play") not in reached]
    assert missing == [], reached
    figure.press("?")
    expect(figure.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(figure.get_by_role("dialog")).to_have_count(0)
    assert serious_faults(".nemo-player") == []


COUNT = """() => {
    const live = { urls: new Set(), sources: new Set() };
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (thing) => {
        const url = createObjectURL.call(URL, thing);
        if (!thing.type?.includes('javascript')) live.urls.add(url);
        if (thing instanceof MediaSource) {
            live.sources.add(thing);
            thing.addEventListener('sourceclose', () => live.sources.delete(thing));
        }
        return url;
    };
    URL.revokeObjectURL = (url) => { live.urls.delete(url); revokeObjectURL.call(URL, url); };
    window.nemoLive = () => [live.urls.size, live.sources.size, document.querySelectorAll('video').length,
        document.adoptedStyleSheets.length];
}"""


def display_and_clear(book, page: Page, times: int) -> None:
    page.evaluate(COUNT)
    book.run(0)
    before = page.evaluate("() => window.nemoLive()")
    for _ in range(times):
        book.run(1)
        page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
        expect(page.locator(".nemo-player")).to_have_count(0)
        page.wait_for_function("(before) => String(window.nemoLive()) === String(before)", arg=before)
    book.until("not player._jobs")


def made(path: Path) -> str:
    return f"import nemo_widgets as nemo\nplayer = nemo.VideoPlayer({str(path)!r})"


def test_five_times_shown_and_cleared_leave_nothing(notebook, page: Page, clips: Path) -> None:
    display_and_clear(notebook(made(clips / "plain.mp4"), "player"), page, 5)


@pytest.mark.slow
def test_fifty_times_shown_and_cleared_leave_nothing(notebook, page: Page, clips: Path) -> None:
    display_and_clear(notebook(made(clips / "plain.mp4"), "player"), page, 50)


def test_a_file_that_is_not_a_video_any_more_gives_one_clear_error(
    notebook, page: Page, clips: Path, tmp_path: Path
) -> None:
    file = tmp_path / "broken.mp4"
    file.write_bytes((clips / "plain.mp4").read_bytes())
    book = notebook(made(file), "player")
    book.run(0)
    file.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    book.run(1)
    figure = book.cell(1).get_by_role("figure")
    expect(figure.get_by_role("alert")).to_have_count(1)
    expect(figure.get_by_role("alert")).to_contain_text("broken.mp4")
    expect(figure.get_by_role("button", name="Try again")).to_be_visible()
