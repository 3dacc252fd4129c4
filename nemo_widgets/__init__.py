"""Make videos from a notebook: `connect`, `Studio`, `compare` and the rest, each imported when first used."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nemo_widgets.client import Client, Clip, Session, Turn, connect
    from nemo_widgets.client.cassette import record
    from nemo_widgets.client.history import history
    from nemo_widgets.client.resume import resume
    from nemo_widgets.compare import Sweep, compare
    from nemo_widgets.errors import NemoError
    from nemo_widgets.kernel import run
    from nemo_widgets.protocol.draft import Draft
    from nemo_widgets.widgets import CompareGrid, PromptBox, Studio, Uploader, VideoPlayer

__version__ = "0.1.0"

_HOMES = {
    "Client": "nemo_widgets.client",
    "Clip": "nemo_widgets.client",
    "CompareGrid": "nemo_widgets.widgets",
    "Draft": "nemo_widgets.protocol.draft",
    "NemoError": "nemo_widgets.errors",
    "PromptBox": "nemo_widgets.widgets",
    "Session": "nemo_widgets.client",
    "Studio": "nemo_widgets.widgets",
    "Sweep": "nemo_widgets.compare",
    "Turn": "nemo_widgets.client",
    "Uploader": "nemo_widgets.widgets",
    "VideoPlayer": "nemo_widgets.widgets",
    "compare": "nemo_widgets.compare",
    "connect": "nemo_widgets.client",
    "history": "nemo_widgets.client.history",
    "record": "nemo_widgets.client.cassette",
    "resume": "nemo_widgets.client.resume",
    "run": "nemo_widgets.kernel",
}

__all__ = [
    "Client",
    "Clip",
    "CompareGrid",
    "Draft",
    "NemoError",
    "PromptBox",
    "Session",
    "Studio",
    "Sweep",
    "Turn",
    "Uploader",
    "VideoPlayer",
    "compare",
    "connect",
    "history",
    "record",
    "resume",
    "run",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        import difflib  # only on the way to an error

        near = difflib.get_close_matches(name, __all__, 1)
        ask = f" Did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}.{ask}", name=name)
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


def load_ipython_extension(shell: object) -> None:
    """Add ``%nemo`` and ``%%nemo`` to IPython: called by ``%load_ext nemo_widgets``."""
    importlib.import_module("nemo_widgets.magics").register(shell)
