"""One hidden widget carries the front end; every other widget finds it in the page.

A widget's ``_esm`` is a synced trait, and each model imports a copy of its own: so the bundle travels once a kernel,
inside `FrontEnd`, and the others carry `STUB`. It travels compressed, because a saved notebook keeps every trait.
"""

import base64
import gzip
import os
from pathlib import Path
from threading import Lock

import anywidget
import traitlets as t

from nemo_widgets.errors import SetupError

BUNDLE = Path(__file__).parent.parent / "static" / "nemo_widgets.js"

STUB = """\
const shared = { early: [] };
async function frontEnd({ host, model }) {
  const ref = model.get("_runtime");
  if (host?.getWidget) return (await host.getWidget(ref)).exports;
  const carrier = await model.widget_manager.get_model(ref.replace("anywidget:", ""));
  const url = URL.createObjectURL(new Blob([carrier.get("_esm")], { type: "text/javascript" }));
  const module = await import(url).finally(() => URL.revokeObjectURL(url));
  return module.default.initialize({ model: carrier });
}
export default {
  initialize({ model }) {
    model.on("msg:custom", (...message) => shared.early?.length < 256 && shared.early.push(message));
  },
  async render(view) {
    try {
      (await frontEnd(view)).mount(view, shared);
    } catch (error) {
      view.el.textContent = `nemo_widgets could not start in this page: ${error.message}. Run the cell again; ` +
        "if that does not help: pip install -U 'anywidget>=0.11', restart the kernel and reload the page.";
    }
  },
};
"""
"""The ``_esm`` of every visible widget. `host` exists only in `render`, so what the kernel says before is kept. In a
page with an anywidget below 0.11 there is no ``getWidget``: there the carrier's module is imported and asked here."""

CARRIER = """\
export default {
  async initialize({ model }) {
    const text = atob(model.get("_bundle"));
    const packed = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) packed[at] = text.charCodeAt(at);
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    const [bundle] = await Promise.all([new Response(readable).text(), writer.write(packed), writer.close()]);
    const url = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
    const { mount } = await import(url).finally(() => URL.revokeObjectURL(url));
    return { mount };
  },
};
"""
"""The ``_esm`` of `FrontEnd`: unpacks the bundle inside the page and asks nobody for anything, since anywidget gives
``initialize`` two seconds. The bundle is text, because ipywidgets saves a binary trait with the whole message around
it."""


def hot_reload() -> bool:
    """Whether anywidget watches files (``ANYWIDGET_HMR=1``): then each widget carries the whole bundle."""
    return os.environ.get("ANYWIDGET_HMR") == "1"


def bundle() -> Path:
    """Return the built front end.

    Raises
    ------
    SetupError
        When it has not been built: a checkout that was not installed.
    """
    if not BUNDLE.is_file():
        raise SetupError(
            f"The front end is not built: {BUNDLE} is missing. Install the package (pip install .), "
            "or in a checkout run: cd js && npm ci && npm run build"
        )
    return BUNDLE


def packed(module: bytes) -> str:
    """Return a module as the front end unpacks it: gzip, then base64; the same for the same module."""
    return base64.b64encode(gzip.compress(module, mtime=0)).decode("ascii")


class FrontEnd(anywidget.AnyWidget):
    """The carrier of the bundle. Never shown; its ``initialize`` exports ``mount``."""

    _kind = t.Unicode("runtime").tag(sync=True)
    _esm = t.Unicode(CARRIER).tag(sync=True)
    _bundle = t.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(_bundle=packed(bundle().read_bytes()))


_lock = Lock()
_carrier: FrontEnd | None = None


def front_end() -> FrontEnd:
    """Return this kernel's carrier; a new one when ``Widget.close_all()`` has closed it."""
    global _carrier
    with _lock:
        if _carrier is None or _carrier.comm is None:
            _carrier = FrontEnd()
        return _carrier
