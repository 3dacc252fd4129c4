"""How soon a clip is seen in JupyterLab, with this package and with what people use today; and how well it goes on."""

# ruff: noqa: T201

import statistics
from pathlib import Path

from bench_segments import lengthened, make
from player_clips import make_clip, repeated
from raw_browser import Chrome, Tab, TabError, chrome, notebook, python

FIRST_FRAME = """([index, selector]) => new Promise((resolve) => {
    const begun = performance.now();
    const look = new MutationObserver(() => {
        const video = document.querySelector(selector);
        if (!video) return;
        look.disconnect();
        video.requestVideoFrameCallback(() => resolve(performance.now() - begun));
    });
    look.observe(document.body, { subtree: true, childList: true });
    window.benchRun(index);
})"""

SEEK = """([selector, share]) => new Promise((resolve) => {
    const video = document.querySelector(selector);
    const begun = performance.now();
    video.addEventListener('seeked', () => resolve(performance.now() - begun), { once: true });
    video.currentTime = share * video.duration;
})"""

# From where it stands: how much of the clip was presented within which time, and how often it had to wait.
PLAY = """([selector, lengthS]) => new Promise((resolve) => {
    const video = document.querySelector(selector);
    const begun = performance.now();
    const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
    let from, since, waits = 0, frames = 0;
    video.addEventListener('waiting', () => waits++);
    const next = (now, { mediaTime }) => {
        from ??= mediaTime;
        since ??= now;
        frames++;
        if (mediaTime - from < lengthS) return video.requestVideoFrameCallback(next);
        const quality = video.getVideoPlaybackQuality();
        resolve([mediaTime - from, (now - since) / 1000, waits, frames,
            quality.droppedVideoFrames - droppedVideoFrames, since - begun]);
    };
    video.requestVideoFrameCallback(next);
    video.muted = true;
    void video.play();
})"""

_TURNS = 8  # of ten seconds

SAVE = """async () => {
    const begun = performance.now();
    await window.bench.context.save();
    return performance.now() - begun;
}"""

OURS = ".nemo-player video"
ANY = ".jp-OutputArea video"
_HEADER = "import nemo_widgets as nemo, ipywidgets\nfrom IPython.display import Video, display"


def clear(tab: Tab) -> None:
    """Clear the output of the cell that ran last."""
    tab.run("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
    tab.until("() => !document.querySelector('.jp-OutputArea video')")


def first_frames(browser: Chrome, url: str, base: Path, runs: int, size_bytes: int) -> None:
    """Short and long clips of three kinds, and the long MP4 in `ipywidgets.Video` and `IPython.display.Video`."""
    source = make_clip(base / "small.mp4", (1280, 720), 14_000_000, 3)
    clips = [source, repeated(base / "large.mp4", source, size_bytes)]
    for suffix in ("mov", "mkv"):
        clips += [
            repeated(base / f"{name}.{suffix}", source, size) for name, size in (("small", 1), ("large", size_bytes))
        ]
    cells = [_HEADER, *(f"nemo.VideoPlayer({str(clip)!r})" for clip in clips)]
    cells.append(f"video = ipywidgets.Video.from_file({str(clips[1])!r})\nvideo")
    first: dict[str, list[float]] = {clip.name: [] for clip in clips}
    seek: dict[str, list[float]] = {clip.name: [] for clip in clips}
    peer: list[float] = []
    with notebook(browser, url, base, cells) as tab:
        tab.run("() => window.benchRun(0)")
        for _ in range(runs):
            for index, clip in enumerate(clips):
                first[clip.name].append(tab.run(FIRST_FRAME, [1 + index, OURS]))
                seek[clip.name].append(tab.run(SEEK, [OURS, 0.8]))
                clear(tab)
            if len(peer) < 3:
                peer.append(tab.run(FIRST_FRAME, [len(cells) - 1, ANY]))
                clear(tab)
                python(tab, "video.close(); del video")
        errors = tab.errors
    print(f"\nFirst frame and seek, medians of {runs} (each in brackets)")
    middle = {name: statistics.median(took) for name, took in first.items()}
    for clip in clips:
        ratio = middle[clip.name] / middle[clip.name.replace("large", "small")]
        print(
            f"{clip.name}, {clip.stat().st_size / 1e6:.1f} MB: first frame {middle[clip.name]:.0f} ms "
            f"({ratio:.2f} × the short one's), seek to 80 % {statistics.median(seek[clip.name]):.0f} ms "
            f"({[round(took) for took in first[clip.name]]}, {[round(took) for took in seek[clip.name]]})"
        )
    ours, theirs = middle["large.mp4"], statistics.median(peer)
    print(f"ipywidgets.Video, large.mp4: first frame {theirs:.0f} ms ({[round(took) for took in peer]})")
    print(f"ours / ipywidgets.Video: {ours / theirs:.3f} (at most 0.25)")
    print(f"errors in the page: {errors or 'none'}")


def embedded(browser: Chrome, url: str, base: Path, size_bytes: int, within_s: float) -> None:
    """Show the long clip with `IPython.display.Video(embed=True)`, and save: it may take the tab with it."""
    clip = base / "large.mp4"
    if not clip.exists():
        repeated(clip, make_clip(base / "small.mp4", (1280, 720), 14_000_000, 3), size_bytes)
    with notebook(browser, url, base, [_HEADER, f"Video({str(clip)!r}, embed=True)"]) as tab:
        tab.run("() => window.benchRun(0)")
        said = "IPython.display.Video(embed=True), large.mp4:"
        try:
            print(f"{said} first frame {tab.run(FIRST_FRAME, [1, ANY], within_s=within_s) / 1000:.1f} s")
            saved_ms = tab.run(SAVE, within_s=within_s)
            size_bytes = (base / "root" / tab.run("() => window.bench.context.path")).stat().st_size
            print(f"{said} saved in {saved_ms / 1000:.1f} s, the notebook has {size_bytes / 1e6:.0f} MB")
        except TabError as error:
            print(f"{said} failed: {error}")


def converted(browser: Chrome, url: str, base: Path, play_s: float) -> None:
    """Codecs that this browser lacks, at 720p: how soon, whether as fast as they play, and a seek to the middle."""
    quiet = {"preset": "ultrafast", "x265-params": "log-level=none"}
    hevc = make(base / "phone.mp4", "libx265", 10, quiet, bit_rate=6_000_000, grain=6)
    old = make(base / "old.avi", "mpeg4", 10, {}, bit_rate=6_000_000, grain=6)
    clips = [
        lengthened(base / name, source, _TURNS * source.stat().st_size)
        for name, source in (("hevc.mp4", hevc), ("hevc.mov", hevc), ("asp.avi", old))
    ]
    print(f"\nConverted while they play, 720p, 30 fps, {10 * _TURNS} s long")
    for clip in clips:
        with notebook(browser, url, base, [_HEADER, f"nemo.VideoPlayer({str(clip)!r})"]) as tab:
            tab.run("() => window.benchRun(0)")
            first_ms = tab.run(FIRST_FRAME, [1, OURS])
            played, took, waits, frames, dropped, begun_ms = tab.run(PLAY, [OURS, play_s])
            print(
                f"{clip.name}, {clip.stat().st_size / 1e6:.0f} MB: first frame {first_ms:.0f} ms; plays "
                f"{begun_ms:.0f} ms after the press; {played:.1f} s of it in {took:.2f} s ({played / took:.3f} ×), "
                f"{waits} waits, {frames} frames seen, {dropped} dropped"
            )
            seek_ms = tab.run(SEEK, [OURS, 0.7])
            played, took, waits, _, dropped, _ = tab.run(PLAY, [OURS, 5.0])
            print(f"  seek to 70 % {seek_ms:.0f} ms, then {played / took:.3f} ×, {waits} waits, {dropped} dropped")
            if tab.errors:
                print(f"errors in the page: {tab.errors}")


def alone(url: str, base: Path, size_bytes: int, within_s: float) -> None:
    """Run `embedded` in a browser of its own, which may end with it."""
    with chrome(base) as browser:
        try:
            embedded(browser, url, base, size_bytes, within_s)
        except (TabError, OSError) as error:
            print(f"IPython.display.Video(embed=True): the browser did not survive it ({error})")
