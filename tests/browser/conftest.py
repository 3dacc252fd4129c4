"""A real JupyterLab in Debian's Chromium: the harness of every browser test.

`lab` is one server for all tests, `page` a fresh tab, `notebook` opens a notebook with given cells and waits for its
kernel. Cells run by command, not by Shift+Enter: keys that come before the kernel is ready are dropped.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from nemo_widgets.client import studio_process
from nemo_widgets.protocol.address import parse_address

from .clip_files import clip as clip
from .clip_files import clip_file as clip_file

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]
START_S = 60
_SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab: its address with a slash at the end, its token, the folder that it shows."""

    url: str
    token: str
    root: Path


class NotebookPage:
    """A notebook that is open in a tab, with its kernel running."""

    def __init__(self, page: Page, path: str) -> None:
        self.page = page
        self.path = path
        self._panel = ""

    def open(self) -> None:
        """Open the notebook and wait until its kernel answers."""
        self._panel = self.page.evaluate(
            """async (path) => {
                const app = window.jupyterapp;
                const panel = await app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
                await panel.context.ready;
                await panel.sessionContext.ready;
                await panel.sessionContext.session.kernel.info;
                window.nemoTestPanel = panel;
                return panel.id;
            }""",
            self.path,
        )

    def run(self, index: int = 0) -> None:
        """Run the cell at `index` and wait until it has ended."""
        self.start(index)
        self.page.evaluate("() => window.nemoTestRun")

    def start(self, index: int = 0) -> None:
        """Run the cell at `index`; don't wait."""
        self.select(index)
        self.page.evaluate("() => { window.nemoTestRun = window.jupyterapp.commands.execute('notebook:run-cell'); }")

    def select(self, index: int) -> None:
        """Make the cell at `index` the one that commands act on."""
        self.page.evaluate(
            """(index) => {
                const { content } = window.nemoTestPanel;
                content.activeCellIndex = index;
                content.deselectAll();
            }""",
            index,
        )

    def cell(self, index: int = 0) -> Locator:
        """Return the cell at `index`."""
        return self.page.locator(f"[id='{self._panel}'] .jp-Notebook .jp-Cell").nth(index)

    def python(self, code: str) -> str:
        """Run `code` in the kernel, beside the cells, and return what it printed."""
        return str(
            self.page.evaluate(
                """async (code) => {
                    const future = window.nemoTestPanel.sessionContext.session.kernel.requestExecute({ code });
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
        ).strip()

    def until(self, condition: str) -> None:
        """Wait until `condition`, an expression, holds in the kernel: what the page sends there takes its own way."""
        deadline = time.monotonic() + 10
        while (said := self.python(f"print(bool({condition}))")) != "True":
            assert time.monotonic() < deadline, f"{condition} does not come true: {said}"
            time.sleep(0.05)

    def save(self) -> None:
        """Save the notebook to its file."""
        self.page.evaluate("() => window.nemoTestPanel.context.save()")

    def shut_down_kernel(self) -> None:
        """End the kernel for good."""
        self.page.evaluate("() => window.nemoTestPanel.sessionContext.shutdown()")


OpenNotebook = Callable[..., NotebookPage]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port, with settings and data folders of its own."""
    base = tmp_path_factory.mktemp("lab")
    root = base / "root"
    root.mkdir()
    for name, settings in _SETTINGS.items():
        file = base / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NEMO_")},
        "JUPYTER_CONFIG_DIR": str(base / "config"),
        "JUPYTER_DATA_DIR": str(base / "data"),
        "JUPYTER_RUNTIME_DIR": str(base / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(base / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(base / "workspaces"),
        "IPYTHONDIR": str(base / "ipython"),
        **{f"XDG_{kind}_HOME": str(base / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")},
        "XDG_RUNTIME_DIR": str(base / "xdg-runtime"),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]),
    }
    (base / "xdg-runtime").mkdir(mode=0o700)
    token = uuid4().hex
    log = (base / "lab.log").open("w")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={root}"]
    options = {"port": "0", "ip": "127.0.0.1", "allow_remote_access": "False"}
    command += [f"--ServerApp.{name}={value}" for name, value in options.items()]
    exposed = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    command += [f"--IdentityProvider.token={token}", *exposed]
    process = subprocess.Popen(command, env=env, cwd=root, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Lab(_address(process, base / "runtime", base / "lab.log"), token, root)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
        for file in (base / "data").rglob("studio-*.json"):  # a local studio outlives the kernel that started it
            address = parse_address(file.read_text())
            if address is not None:
                studio_process.stop(address)


def _address(process: "subprocess.Popen[bytes]", runtime: Path, log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        for file in runtime.glob("jpserver-*.json"):
            try:
                return str(json.loads(file.read_text())["url"])
            except ValueError:
                continue  # half written
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; Playwright's own browsers are never downloaded."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(lab: Lab, browser: Browser) -> Iterator[Page]:
    """Open JupyterLab in a tab and a workspace of its own. An error of ours that the page does not catch fails it."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: _note(errors, f"{error}\n{error.stack}"))
    page.on("console", lambda message: _note(errors, message.text) if message.type == "error" else None)
    open_lab(page, lab)
    yield page
    context.close()
    assert not errors, "\n".join(errors)


def _note(errors: list[str], error: str) -> None:
    if re.search(r"anywidget|nemo|blob:", error):  # JupyterLab has errors of its own, such as at a kernel's restart
        errors.append(error)


def open_lab(page: Page, lab: Lab) -> None:
    """Open JupyterLab in a new workspace and wait until it is there."""
    page.goto(f"{lab.url}lab/workspaces/{uuid4().hex[:8]}?reset&token={lab.token}")
    page.wait_for_function("() => window.jupyterapp?.started")
    page.evaluate("() => window.jupyterapp.restored")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")


@pytest.fixture
def notebook(lab: Lab, page: Page) -> Iterator[OpenNotebook]:
    """Open a new notebook with the given cells; its kernel is shut down at the end."""
    opened: list[NotebookPage] = []

    def open_notebook(*cells: str, path: str | None = None) -> NotebookPage:
        name = path or f"{uuid4().hex[:8]}.ipynb"
        if path is None:
            write_notebook(lab.root / name, cells)
        made = NotebookPage(page, name)
        made.open()
        opened.append(made)
        return made

    yield open_notebook
    for made in opened:
        made.shut_down_kernel()


def write_notebook(file: Path, cells: Sequence[str]) -> None:
    """Write a notebook with these code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, file)


WATCH = """(root, [name, condition]) => {
    const holds = new Function("root", `return ${condition}`);
    const look = () => { if (holds(root)) (window.nemoSeen ??= new Set()).add(name); };
    new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
}"""


def watch(root: Locator, condition: str) -> Callable[[], None]:
    """Watch for what may be on show for a moment only, shorter than the time between two looks of `expect`.

    Parameters
    ----------
    root : Locator
        What is watched, with all in it; it must stay in the page.
    condition : str
        JavaScript over `root`.

    Returns
    -------
    callable
        Waits until it has been on show.
    """
    name = f"{condition} {time.monotonic_ns()}"
    root.evaluate(WATCH, [name, condition])
    return lambda: root.page.wait_for_function("name => window.nemoSeen?.has(name)", arg=name)


def text_seen(root: Locator, text: str) -> Callable[[], None]:
    """Watch for a text: see `watch`."""
    return watch(root, f"root.textContent.includes({json.dumps(text)})")


@pytest.fixture
def theme(page: Page) -> Callable[[bool], None]:
    """Switch JupyterLab between dark (True) and light."""

    def switch(dark: bool) -> None:
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
        page.wait_for_selector(f"body[data-jp-theme-light='{'false' if dark else 'true'}']", state="attached")

    return switch


@pytest.fixture
def serious_faults(page: Page) -> Callable[[str], list[str]]:
    """Ask axe what is wrong, seriously or worse, inside the element of a selector."""
    axe = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"

    def look(selector: str) -> list[str]:
        page.add_script_tag(path=axe)
        found = page.evaluate("(selector) => axe.run(selector, { resultTypes: ['violations'] })", selector)
        return [
            f"{fault['id']}: {fault['help']}: {[node['html'] for node in fault['nodes']]}"
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]

    return look
