"""What a long clip takes of memory, in all processes, and ten clips of a notebook's file."""

# ruff: noqa: T201

import json
import time
from pathlib import Path

from player_clips import make_clip, repeated
from player_starts import FIRST_FRAME, OURS, PLAY, SEEK, clear
from raw_browser import Chrome, Tab, notebook, pss_mb, python

_SEEKS = (0.8, 0.2, 0.6, 0.95, 0.4)
_KERNEL = """import json, os
from nemo_widgets.media.service import service
print(json.dumps([os.getpid(), service.process_id or 0]))"""

_PLACES = [
    "a harbour at dawn",
    "a city at night in the rain",
    "snowy mountains under a clear sky",
    "a forest in autumn",
    "an underwater reef",
    "a desert with dunes at sunset",
    "northern lights above a lake",
    "a meadow in spring",
    "waves on a beach",
    "a spaceship among the stars",
]

_DRAW = """import nemo_widgets as nemo
client = nemo.connect("local")
clips = []
for place in {places!r}:
    session = client.new_session()
    nemo.run(session.send(f"a 3-second clip of {{place}}"))
    clips.append(nemo.run(session.export(f"{{place.replace(' ', '-')}}.mp4")))"""


def _processes(tab: Tab) -> list[float]:
    """Return what the kernel and its media helper take."""
    return [pss_mb(pid) if pid else 0.0 for pid in json.loads(python(tab, _KERNEL))]


def memory(browser: Chrome, url: str, base: Path, size_bytes: int, watch_s: float) -> None:
    """Show a short clip, then a long one that is played and sought in; what is held after a collection, and at most."""
    small = make_clip(base / "memory-small.mp4", (1280, 720), 14_000_000, 3)
    large = repeated(base / "memory-large.mp4", small, size_bytes)
    cells = ["import nemo_widgets as nemo", *(f"nemo.VideoPlayer({str(clip)!r})" for clip in (small, large))]
    with notebook(browser, url, base, cells) as tab:
        tab.run("() => window.benchRun(0)")
        rows: list[tuple[str, float, float, list[float]]] = []

        def note(what: str) -> None:
            heap = tab.heap_mb()
            time.sleep(1)  # processes give back memory a moment after the page did
            rows.append((what, browser.memory_mb(), heap, _processes(tab)))

        note("before any player")
        tab.run(FIRST_FRAME, [1, OURS])
        tab.run(PLAY, [OURS, 2.0])
        note("short clip, played")
        clear(tab)
        note("short clip, cleared")
        tab.run(FIRST_FRAME, [2, OURS])
        note("long clip, first frame")
        tab.run(PLAY, [OURS, watch_s], within_s=2 * watch_s + 60)
        note(f"long clip, {watch_s:.0f} s played")
        for share in _SEEKS:
            tab.run(SEEK, [OURS, share])
            tab.run(PLAY, [OURS, 2.0])
            note(f"long clip, sought to {share:.0%} and played on")
        clear(tab)
        note("long clip, cleared")
        errors = tab.errors
    print(f"\nMemory (PSS, after a collection), {large.stat().st_size / 1e6:.0f} MB; growth from before any player")
    _, browser_mb, heap_mb, (kernel_mb, _) = rows[0]
    print(f"before: browser {browser_mb:.0f} MB, of it the page's heap {heap_mb:.0f} MB; kernel {kernel_mb:.0f} MB")
    for what, all_of_it, heap, (kernel, helper) in rows[1:]:
        print(
            f"{what}: browser {all_of_it - browser_mb:+.0f} MB (page heap {heap - heap_mb:+.0f}), "
            f"kernel {kernel - kernel_mb:+.0f} MB, its media helper {helper:.0f} MB"
        )
    most = [max(row[1] for row in rows) - browser_mb, max(sum(row[3]) for row in rows) - kernel_mb]
    print(f"most: browser {most[0]:+.0f} MB (below 150), kernel with its helper {most[1]:+.0f} MB (below 100)")
    print(f"errors in the page: {errors or 'none'}")


def notebooks(browser: Chrome, url: str, base: Path) -> None:
    """Draw ten clips with the local studio, show each in a cell of its own, and save: without and with widget state."""
    cells = [_DRAW.format(places=_PLACES), *(f"clips[{number}]" for number in range(len(_PLACES)))]
    with notebook(browser, url, base, cells) as tab:
        tab.run("(index) => window.benchRun(index)", 0, within_s=600)
        for index in range(1, len(cells)):
            tab.run("(index) => window.benchRun(index)", index)
        posters = python(tab, "print([len(clip.path.read_bytes()) for clip in clips])")
        name = tab.run("() => window.bench.context.path")
        print(f"\nTen clips of {posters} bytes, each in a cell of its own")
        for state in (False, True):
            if state:
                tab.run(
                    "() => window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')"
                )
            tab.run("async () => { await window.bench.context.save(); }")
            file = base / "root" / name
            kept = "widgets" in json.loads(file.read_text())["metadata"]
            size, bar = file.stat().st_size / 1e3, 400 if kept else 200
            print(f"the notebook, {'with' if kept else 'without'} widget state: {size:.0f} KB (below {bar})")
        print(f"errors in the page: {tab.errors or 'none'}")
