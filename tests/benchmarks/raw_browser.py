"""JupyterLab in Chromium for measurements, driven over Chrome's own protocol.

Playwright mirrors every frame of a WebSocket into its driver, so that a clip of 200 MB goes through that as well. Here
the network is not listened to at all.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import psutil
import websocket

from nemo_widgets.client import studio_process
from nemo_widgets.protocol.address import parse_address

FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
_QUIET = [
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--mute-audio",
    "--no-first-run",
    "--remote-debugging-port=0",
]
_START_S = 60.0

T = TypeVar("T")


class TabError(Exception):
    """The tab has crashed, said nothing in time, or a script in it has failed."""


@dataclass
class Tab:
    """A tab of the browser."""

    socket: websocket.WebSocket
    target: str
    errors: list[str] = field(default_factory=list)
    _number: int = 0

    def call(self, method: str, *, within_s: float = 120.0, **params: object) -> dict[str, Any]:
        """Ask the browser for something and wait for the answer.

        Raises
        ------
        TabError
            It crashed, or there was no answer in time.
        """
        self._number += 1
        number, deadline = self._number, time.monotonic() + within_s
        self.socket.settimeout(within_s)
        try:
            self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
            while True:
                self.socket.settimeout(max(0.01, deadline - time.monotonic()))
                told = json.loads(self.socket.recv())
                if told.get("id") == number:
                    break
                self._note(told)
        except websocket.WebSocketTimeoutException:
            raise TabError(f"nothing within {within_s:.0f} s") from None
        except (websocket.WebSocketException, OSError, ValueError) as error:
            raise TabError(f"the tab has gone ({error})") from error
        if "error" in told:
            raise TabError(str(told["error"]))
        result: dict[str, Any] = told["result"]
        return result

    def run(self, function: str, *arguments: object, within_s: float = 120.0) -> Any:
        """Call a JavaScript function, wait for its promise, and return what it gives."""
        given = ", ".join(json.dumps(argument) for argument in arguments)
        how = {"expression": f"({function})({given})", "awaitPromise": True, "returnByValue": True}
        told = self.call("Runtime.evaluate", within_s=within_s, **how)
        if "exceptionDetails" in told:
            details = told["exceptionDetails"]
            raise TabError(str(details.get("exception", {}).get("description", details["text"])))
        return told["result"].get("value")

    def until(self, function: str, *arguments: object, within_s: float = 60.0) -> None:
        """Wait until a JavaScript function gives something true."""
        deadline = time.monotonic() + within_s
        while not self.run(function, *arguments, within_s=within_s):
            if time.monotonic() > deadline:
                raise TabError(f"not within {within_s:.0f} s: {function}")
            time.sleep(0.05)

    def collect(self) -> None:
        """Let the page's scripts give back what they no longer use."""
        for _ in range(2):
            self.call("HeapProfiler.collectGarbage")

    def heap_mb(self) -> float:
        """Return what the page's scripts hold, after a collection."""
        self.collect()
        usage = self.call("Runtime.getHeapUsage")
        return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6

    def _note(self, told: dict[str, Any]) -> None:
        params = told.get("params", {})
        match told.get("method"):
            case "Inspector.targetCrashed":
                raise TabError("the tab crashed")
            case "Inspector.detached":
                raise TabError(f"the tab has gone ({params.get('reason')})")
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(str(details.get("exception", {}).get("description", details["text"])))
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                words = [str(part.get("value", part.get("description", ""))) for part in params["args"]]
                self.errors.append(" ".join(words))


@dataclass(frozen=True)
class Chrome:
    """A browser that runs."""

    process: "subprocess.Popen[bytes]"
    port: int
    version: str

    def tab(self) -> Tab:
        """Open a tab."""
        made = _asked(self.port, "new?about:blank", method="PUT")
        socket = websocket.create_connection(
            made["webSocketDebuggerUrl"], suppress_origin=True, enable_multithread=False
        )
        tab = Tab(socket, made["id"])
        for domain in ("Page", "Runtime", "Inspector", "HeapProfiler"):
            tab.call(f"{domain}.enable")
        return tab

    def close(self, tab: Tab) -> None:
        """Close a tab, also one that has crashed."""
        tab.socket.close()
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/close/{tab.target}", timeout=20).close()

    def memory_mb(self) -> float:
        """Return what all of the browser's processes take; what several share counts once (PSS, from /proc)."""
        root = psutil.Process(self.process.pid)
        return sum(pss_mb(process.pid) for process in [root, *root.children(recursive=True)])


def pss_mb(pid: int) -> float:
    """Return the proportional set size of a process: shared pages are divided among who shares them (Linux)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0  # it has just ended
    return next((int(line.split()[1]) * 1024 / 1e6 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def _asked(port: int, what: str, method: str = "GET") -> dict[str, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/json/{what}", method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        told: dict[str, str] = json.load(answer)
    return told


@contextmanager
def chrome(base: Path, size: tuple[int, int] = (1280, 2600)) -> Iterator[Chrome]:
    """Start a browser with a profile of its own."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise RuntimeError("Chromium is missing.")
    profile = base / f"profile-{time.monotonic_ns()}"
    window = f"--window-size={size[0]},{size[1]}"
    quiet = subprocess.DEVNULL
    command = [program, *_QUIET, *FLAGS, window, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    try:
        port = _written(process, profile, "DevToolsActivePort", lambda text: int(text.split("\n", 1)[0]))
        yield Chrome(process, port, _asked(port, "version")["Browser"])
    finally:
        _end(process)


@contextmanager
def jupyterlab(base: Path) -> Iterator[str]:
    """Start JupyterLab with folders of its own and give its address; notebooks go to `base`/root."""
    root = base / "root"
    root.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith("NEMO_")}
    env |= {f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env |= {f"XDG_{name}_HOME": str(base / f"xdg-{name.lower()}") for name in ("CONFIG", "DATA", "CACHE")}
    env |= {"IPYTHONDIR": str(base / "ipython"), "XDG_RUNTIME_DIR": str(base / "xdg-runtime")}
    (base / "xdg-runtime").mkdir(mode=0o700)
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={root}", "--ServerApp.port=0"]
    command += ["--IdentityProvider.token=bench", "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e12"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, cwd=root, stdout=quiet, stderr=quiet)
    try:
        yield _written(process, base / "runtime", "jpserver-*.json", lambda text: str(json.loads(text)["url"]))
    finally:
        process.terminate()
        process.wait()
        for file in base.rglob("studio-*.json"):  # a local studio outlives the kernel that started it
            if (address := parse_address(file.read_text())) is not None:
                studio_process.stop(address)


def _written(process: "subprocess.Popen[bytes]", folder: Path, pattern: str, read: Callable[[str], T]) -> T:
    """Return what a program writes to a file when it is ready."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        for file in folder.glob(pattern):
            try:
                return read(file.read_text())
            except (ValueError, LookupError):
                continue  # half written
        time.sleep(0.1)
    raise RuntimeError(f"There is no {pattern}: the program did not start.")


def _end(process: "subprocess.Popen[bytes]") -> None:
    everything = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    process.terminate()
    _, left = psutil.wait_procs(everything, timeout=10)
    for one in left:
        one.kill()
    process.wait()


@contextmanager
def notebook(browser: Chrome, url: str, base: Path, cells: list[str]) -> Iterator[Tab]:
    """Open a notebook with these cells in a tab of its own, with its kernel running; both end."""
    name = f"bench-{time.monotonic_ns()}.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, base / "root" / name)
    tab = browser.tab()
    tab.call("Page.navigate", url=f"{url}lab/workspaces/{name[:-6]}?reset&token=bench")
    tab.until("() => !!window.jupyterapp?.started")
    tab.run(
        """async (path) => {
            await window.jupyterapp.started; await window.jupyterapp.restored;
            window.jupyterapp.shell.collapseLeft();
            const panel = await window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' });
            await panel.context.ready; await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info;
            window.bench = panel;
            window.benchRun = (index) => {
                panel.content.activeCellIndex = index;
                panel.content.deselectAll();
                return window.jupyterapp.commands.execute('notebook:run-cell');
            };
        }""",
        name,
    )
    tab.errors.clear()
    kernel = tab.run("() => window.bench.sessionContext.session.kernel.id")
    try:
        yield tab
    finally:
        headers = {"Authorization": "token bench"}
        request = urllib.request.Request(f"{url}api/kernels/{kernel}", method="DELETE", headers=headers)
        urllib.request.urlopen(request, timeout=60).close()
        browser.close(tab)


def python(tab: Tab, code: str) -> str:
    """Run `code` in the notebook's kernel, beside the cells, and return what it printed."""
    said: str = tab.run(
        """async (code) => {
            const future = window.bench.sessionContext.session.kernel.requestExecute({ code });
            let said = '';
            future.onIOPub = ({ content, header }) => {
                if (header.msg_type === 'stream') said += content.text;
                if (header.msg_type === 'error') said += content.ename + ': ' + content.evalue;
            };
            await future.done;
            return said;
        }""",
        code,
    )
    return said.strip()
