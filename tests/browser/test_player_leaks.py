"""What a player leaves behind when its output is cleared: nothing, in the page and in the kernel."""

import sys
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from .clip_files import GetClip, made

pytestmark = pytest.mark.browser

COUNT_URLS = """() => {
    const live = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (thing) => {
        const url = createObjectURL.call(URL, thing);
        if (!thing.type?.includes('javascript')) live.add(url);
        return url;
    };
    URL.revokeObjectURL = (url) => { live.delete(url); revokeObjectURL.call(URL, url); };
    window.nemoUrls = live;
}"""
# Ours, not the two bare elements that ipywidgets keeps of every view of every widget; prototypes are found too.
ALIVE = """function () {
    const real = this.filter((thing) => !Object.hasOwn(thing, 'constructor'));
    const ours = (node) => /VIDEO|nemo/.test(`${node.nodeName} ${node.className}`);
    return {
        sources: real.filter((thing) => thing instanceof MediaSource).length,
        buffers: real.filter((thing) => thing instanceof SourceBuffer).length,
        elements: real.filter((thing) => thing instanceof Element && ours(thing)).length,
        signals: real.filter((thing) => thing instanceof AbortSignal).length,
        reactRoots: real.filter((thing) => Object.keys(thing).some((key) => key.startsWith('_reactListening'))).length,
    };
}"""
LISTENERS_OF_A_REACT_ROOT = 133
# asyncio's own pool grows to its bound.
THREADS = "sum(not thread.name.startswith('asyncio_') for thread in threading.enumerate())"
KERNEL = f"[len(asyncio.all_tasks(job_loop())), len(player._jobs), {THREADS}, len(psutil.Process().children())]"
PREPARE = "import asyncio, threading, psutil\nfrom nemo_widgets.kernel import job_loop"


class Memory:
    """What lives in a page, as its developer tools know it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._scripts: dict[str, str] = {}
        self._tools.on("Debugger.scriptParsed", lambda told: self._scripts.update({told["scriptId"]: told["url"]}))
        for domain in ("Debugger", "Performance", "HeapProfiler"):
            self._tools.send(f"{domain}.enable")

    def listeners(self) -> int:
        """Count all listeners of the page, JupyterLab's too."""
        metrics = self._tools.send("Performance.getMetrics")["metrics"]
        return int(next(metric["value"] for metric in metrics if metric["name"] == "JSEventListeners"))

    def global_listeners(self) -> Counter[str]:
        """Count the listeners that are not JupyterLab's on what outlives every view."""
        found: Counter[str] = Counter()
        for thing in ("window", "document", "document.body", "document.documentElement", "navigator.serviceWorker"):
            held = self._tools.send("Runtime.evaluate", {"expression": thing})["result"].get("objectId")
            if held is None:
                continue
            for listener in self._tools.send("DOMDebugger.getEventListeners", {"objectId": held})["listeners"]:
                if "/static/" not in self._scripts.get(listener["scriptId"], ""):
                    found[f"{listener['type']} on {thing}"] += 1
        return found

    def alive(self) -> dict[str, int]:
        """Count what only a player has, after all that nobody holds was let go."""
        base = self._tools.send("Runtime.evaluate", {"expression": "EventTarget.prototype"})["result"]["objectId"]
        group = {"objectGroup": "alive"}
        self._tools.send(
            "HeapProfiler.collectGarbage"
        )  # before the search does: what holds and is held goes in two turns
        found = self._tools.send("Runtime.queryObjects", {"prototypeObjectId": base, **group})["objects"]
        asked = {"objectId": found["objectId"], "functionDeclaration": ALIVE, "returnByValue": True}
        counts: dict[str, int] = self._tools.send("Runtime.callFunctionOn", asked)["result"]["value"]
        self._tools.send("Runtime.releaseObjectGroup", group)
        return counts


def display_and_clear(book, page: Page, times: int) -> None:
    page.evaluate(COUNT_URLS)
    book.run(0)
    book.python(PREPARE)
    memory = Memory(page)

    def once() -> None:
        book.run(1)
        page.wait_for_function("() => document.querySelector('.nemo-player video')?.readyState >= 2")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
        expect(page.locator(".nemo-player")).to_have_count(0)
        page.wait_for_function("() => window.nemoUrls.size === 0")

    def left() -> dict[str, Any]:
        return {
            **memory.alive(),
            "global listeners": memory.global_listeners(),
            "style sheets": page.evaluate("() => document.adoptedStyleSheets.length"),
            "kernel": book.python(f"print({KERNEL})"),
        }

    once()  # the first brings what stays: the bundle, and the kernel's threads
    book.until("not player._jobs")
    before, listeners = left(), memory.listeners()
    for _ in range(times):
        once()
    book.until(f"{KERNEL} == {before['kernel']}")
    for _ in range(5):  # what holds others is let go of first
        after, more = left(), memory.listeners() - listeners
        # JupyterLab draws parts of its own anew, and React then listens for all that it knows.
        more -= LISTENERS_OF_A_REACT_ROOT * max(0, after["reactRoots"] - before["reactRoots"])
        if more <= 0:
            break
    sys.stdout.write(f"{times} times shown and cleared: {more} more listeners, of {listeners}; {before} → {after}\n")
    assert more < 50  # at fifty times, less than one a time; a few of JupyterLab's come and go
    assert after["signals"] - before["signals"] <= 2 * times  # ipywidgets keeps each view, which holds one
    assert after == before | {name: after[name] for name in ("signals", "reactRoots")}
    assert (after["sources"], after["buffers"], after["elements"]) == (0, 0, 0)


def test_five_times_shown_and_cleared_leave_nothing(notebook, page: Page, clip: GetClip) -> None:
    display_and_clear(notebook(made(clip("plain.mp4")), "player"), page, 5)


@pytest.mark.slow
def test_fifty_times_shown_and_cleared_leave_nothing(notebook, page: Page, clip: GetClip) -> None:
    display_and_clear(notebook(made(clip("plain.mp4")), "player"), page, 50)
