"""Several players in one notebook: ten that play four at a time, and four that keep together."""

# ruff: noqa: T201

from pathlib import Path

import numpy as np
from player_clips import make_clip, repeated
from raw_browser import Chrome, notebook

_CLIPS = 10
_AT_ONCE = 4
_PLAY_S = 5.0

# Cells keep their places, also where the notebook takes those out of the page that are far away.
ROTATE = """async ([cells, lengthS]) => {
    const { content } = window.bench;
    const figures = () => cells.map((index) => content.widgets[index].node.querySelector('.nemo-player'));
    const until = async (holds) => {
        const begun = performance.now();
        while (!holds()) {
            if (performance.now() - begun > 30000) return false;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return true;
    };
    for (const [place, cell] of [...cells.entries()].reverse()) {
        content.widgets[cell].node.scrollIntoView();  // what nobody sees is not fetched
        if (!(await until(() => figures()[place]?.querySelector('video')?.readyState >= 2)))
            return ['not ready', cell, figures()[place]?.textContent ?? 'no player'];
    }
    const videos = figures().map((figure) => figure.querySelector('video'));
    const seen = videos.map(() => 0), waits = videos.map(() => 0);
    videos.forEach((video, place) => {
        const next = () => { seen[place]++; if (!video.paused) video.requestVideoFrameCallback(next); };
        video.requestVideoFrameCallback(next);
        video.addEventListener('waiting', () => waits[place]++);
    });
    const begun = videos.map(({ currentTime }) => currentTime);
    figures().forEach((figure) => figure.querySelector('[aria-label^="Play"]').click());
    await new Promise((resolve) => setTimeout(resolve, 1000 * lengthS));
    const went = videos.map(({ currentTime }, place) => currentTime - begun[place]);
    figures().forEach((figure) => figure.querySelector('[aria-label^="Pause"]')?.click());
    const faults = [...document.querySelectorAll('.nemo-player [role=alert]')].map((alert) => alert.textContent);
    videos.forEach(({ error }) => { if (error) faults.push(error.message); });
    return ['played', went, seen, waits, faults];
}"""

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


def rotation(browser: Chrome, url: str, base: Path) -> None:
    """Ten players of ten clips, a cell each: four play, then the next four, until each has played."""
    clips = [make_clip(base / f"ten-{number}.mp4", (640, 360), 1_000_000 + number, 8) for number in range(_CLIPS)]
    cells = ["import nemo_widgets as nemo", *(f"nemo.VideoPlayer({str(clip)!r})" for clip in clips)]
    print(f"\nTen players in a notebook, 360p, 30 fps, {_AT_ONCE} play at a time for {_PLAY_S:.0f} s")
    with notebook(browser, url, base, cells) as tab:
        for index in range(len(cells)):
            tab.run("(index) => window.benchRun(index)", index)
        faults: list[str] = []
        for first in range(0, _CLIPS, _AT_ONCE):
            players = [(first + place) % _CLIPS for place in range(_AT_ONCE)]
            said, *told = tab.run(ROTATE, [[1 + player for player in players], _PLAY_S])
            if said != "played":
                faults.append(f"{said}: {told}")
                continue
            went, seen, waits, alerts = told
            faults += alerts
            print(
                f"players {[player + 1 for player in players]}: {[round(length, 2) for length in went]} s played, "
                f"{seen} frames seen, {waits} waits"
            )
        print(f"errors in players: {faults or 'none'}; in the page: {tab.errors or 'none'}")


def together(browser: Chrome, url: str, base: Path, length_s: float) -> None:
    """Four players in one group: how far apart they are, and how soon together again after a push."""
    source = make_clip(base / "quarter-5.mp4", (640, 360), 1_000_000, 5)
    clip = repeated(base / "quarter.mp4", source, source.stat().st_size * (round(length_s / 5) + 3))
    cells = [
        "import nemo_widgets as nemo\nfrom IPython.display import display",
        f"for _ in range(4): display(nemo.VideoPlayer({str(clip)!r}, group='bench'))",
    ]
    with notebook(browser, url, base, cells) as tab:
        tab.run("() => window.benchRun(0)")
        tab.run("() => window.benchRun(1)")
        ready = "[...document.querySelectorAll('.nemo-player video')].filter((v) => v.readyState >= 2).length === 4"
        tab.until(f"() => {ready}")
        spreads, again_ms = tab.run(SPREAD, length_s, within_s=length_s + 60)
        frames = [round(float(value), 2) for value in np.percentile(spreads, [50, 95, 100])]
        print(f"\nFour players, 360p, 30 fps, {length_s:.0f} s: spread in frames, median, p95, worst: {frames}")
        print(f"after an offset of 1.5 s together again within {again_ms:.0f} ms" if again_ms else "not together again")
        print(f"errors in the page: {tab.errors or 'none'}")
