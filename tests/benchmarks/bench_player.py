"""Measure how soon a long clip plays in JupyterLab, and how well four players keep together.

A 5 MB and a 200 MB clip of the same pictures stand in one notebook, outside the server's folder, so that both come
through the kernel. ``python tests/benchmarks/bench_player.py --runs 5 --together 60``
"""

# ruff: noqa: T201

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import nbformat
import numpy as np
from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--enable-precise-memory-info"]

FIRST_FRAME = """() => new Promise((resolve) => {
    const begun = performance.now();
    const look = new MutationObserver(() => {
        const video = document.querySelector('.nemo-player video');
        if (!video) return;
        look.disconnect();
        video.requestVideoFrameCallback(() => resolve(performance.now() - begun));
    });
    look.observe(document.body, { subtree: true, childList: true });
    window.jupyterapp.commands.execute('notebook:run-cell');
})"""

SEEK = """() => new Promise((resolve) => {
    const video = document.querySelector('.nemo-player video');
    const begun = performance.now();
    video.addEventListener('seeked', () => resolve(performance.now() - begun), { once: true });
    video.currentTime = 0.8 * video.duration;
})"""

SPREAD = """(lengthS) => new Promise((resolve) => {
    const videos = [...document.querySelectorAll('.nemo-player video')];
    const shown = videos.map(() => 0);
    videos.forEach((video, place) => {
        const next = (_now, { mediaTime }) => { shown[place] = mediaTime; video.requestVideoFrameCallback(next); };
        video.requestVideoFrameCallback(next);
    });
    document.querySelector('.nemo-player [aria-label="Play (K)"]').click();
    const spreads = [];
    let pushedAt = 0, againMs = null;
    const begun = performance.now();
    const look = () => {
        const spread = Math.max(...shown) - Math.min(...shown);
        const now = performance.now();
        if (now - begun > 2000 && !pushedAt) spreads.push(spread);
        if (!pushedAt && now - begun > 1000 * lengthS) { pushedAt = now; videos[2].currentTime += 1.5; }
        const near = spread <= 1 / 30 + 0.001;
        if (pushedAt && againMs === null && now - pushedAt > 60 && near) againMs = now - pushedAt;
        if (pushedAt && (againMs !== null || now - pushedAt > 5000)) resolve([spreads.map((s) => s * 30), againMs]);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


def make_clip(path: Path, size: tuple[int, int], bit_rate: int, seconds: int, repeats: int) -> None:
    """Write noise at `bit_rate`, encoded once and repeated, so that a long clip takes no longer to make."""
    short = path.with_name(f"short-{path.name}")
    rng = np.random.default_rng(1)
    with av.open(str(short), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "60", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.bit_rate = bit_rate
        for number in range(30 * seconds):
            luma = rng.integers(0, 255, (size[1] // 4, size[0] // 4), np.uint8)
            frame = np.repeat(np.repeat(luma, 4, 0), 4, 1)
            frame[:, number : number + 16] = 255
            for packet in stream.encode(av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")):
                container.mux(packet)
        container.mux(stream.encode())
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = None
        for turn in range(repeats):
            with av.open(str(short)) as source:
                if stream is None:
                    stream = out.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is None:
                        continue
                    ticks = round(turn * seconds / packet.time_base)
                    packet.pts, packet.dts, packet.stream = packet.pts + ticks, packet.dts + ticks, stream
                    out.mux(packet)


def start_lab(base: Path) -> "tuple[subprocess.Popen[bytes], str]":
    """Start JupyterLab with folders of its own; return it and its address with the token."""
    root = base / "root"
    root.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith("NEMO_")}
    env |= {f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    options = [f"--ServerApp.root_dir={root}", "--ServerApp.port=0", "--IdentityProvider.token=bench"]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--LabApp.expose_app_in_browser=True",
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, *options], env=env, cwd=root, stdout=quiet, stderr=quiet)
    while True:
        for file in (base / "runtime").glob("jpserver-*.json"):
            try:
                return process, str(json.loads(file.read_text())["url"])
            except ValueError:
                continue
        if process.poll() is not None:
            raise RuntimeError("JupyterLab did not start.")
        time.sleep(0.2)


def open_notebook(page: Page, url: str, root: Path, cells: list[str]) -> None:
    """Open a notebook with these cells and wait for its kernel."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, root / "bench.ipynb")
    page.goto(f"{url}lab?reset&token=bench")
    page.wait_for_function("() => window.jupyterapp?.started")
    page.evaluate(
        """async () => {
            await window.jupyterapp.restored;
            const open = { path: 'bench.ipynb', factory: 'Notebook' };
            const panel = await window.jupyterapp.commands.execute('docmanager:open', open);
            await panel.context.ready; await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info;
            window.bench = panel;
        }"""
    )


def select(page: Page, index: int) -> None:
    """Make the cell at `index` the one that runs."""
    page.evaluate("(index) => { window.bench.content.activeCellIndex = index; }", index)


def heap_mb(page: Page) -> float:
    """Return what the page's scripts hold, after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


def measure(page: Page, runs: int, together_s: int) -> None:
    """Print the figures of one run of everything."""
    select(page, 0)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    before_mb = heap_mb(page)
    first: dict[str, list[float]] = {"small": [], "large": []}
    seek: dict[str, list[float]] = {"small": [], "large": []}
    for _ in range(runs):
        for index, name in enumerate(first):
            select(page, 1 + index)
            first[name].append(page.evaluate(FIRST_FRAME))
            seek[name].append(page.evaluate(SEEK))
            if name == "large":
                print(f"page heap with the large clip: +{heap_mb(page) - before_mb:.0f} MB")
            page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
            page.wait_for_function("() => !document.querySelector('.nemo-player')")
    for name in first:
        shown = (
            f"first frame {statistics.median(first[name]):.0f} ms, seek to 80 % {statistics.median(seek[name]):.0f} ms"
        )
        print(f"{name}: {shown} (medians of {runs}; {[round(value) for value in first[name]]})")
    print(f"large / small: {statistics.median(first['large']) / statistics.median(first['small']):.2f}")
    if together_s:
        select(page, 3)
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
        page.wait_for_function(
            "() => [...document.querySelectorAll('.nemo-player video')].filter((v) => v.readyState >= 2).length === 4"
        )
        spreads, again_ms = page.evaluate(SPREAD, together_s)
        frames = np.percentile(spreads, [50, 95, 100])
        print(f"four players, {together_s} s: spread in frames, median, p95, worst: {np.round(frames, 2).tolist()}")
        print(f"after an offset of 1.5 s together again within {again_ms} ms")


def main() -> None:
    """Make the clips, start JupyterLab and the browser, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--together", type=int, default=60, help="seconds; 0 leaves it out")
    options = parser.parse_args()
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        base = Path(folder)
        make_clip(base / "small.mp4", (1280, 720), 14_000_000, 3, 1)
        size = (base / "small.mp4").stat().st_size
        make_clip(base / "large.mp4", (1280, 720), 14_000_000, 3, max(1, round(200e6 / size)))
        make_clip(base / "quarter.mp4", (640, 360), 1_000_000, 5, 15)
        for name in ("small", "large"):
            print(f"{name}: {(base / f'{name}.mp4').stat().st_size / 1e6:.1f} MB")
        cells = [
            f"import nemo_widgets as nemo\nfrom IPython.display import display\nfolder = {str(base)!r}",
            "nemo.VideoPlayer(f'{folder}/small.mp4')",
            "nemo.VideoPlayer(f'{folder}/large.mp4')",
            "for _ in range(4): display(nemo.VideoPlayer(f'{folder}/quarter.mp4', group='bench'))",
        ]
        process, url = start_lab(base)
        try:
            browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 2600})
            page.set_default_timeout(120_000)
            open_notebook(page, url, base / "root", cells)
            print(f"Chromium {browser.version}, flags {' '.join(FLAGS)}; load {os.getloadavg()[0]:.0f}")
            measure(page, options.runs, options.together)
            page.evaluate("() => window.bench.sessionContext.shutdown()")
            browser.close()
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
