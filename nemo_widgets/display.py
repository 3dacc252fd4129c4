"""How objects show themselves: a registry of ``"module:function"`` strings, resolved when something is first shown.

So the core works without pandas, PyAV or a front end, and no import points backwards.
"""

import importlib
from typing import Any

_SHOWN_BY = {
    "clip": "nemo_widgets.widgets.player:show_clip",
    "tracks_table": "nemo_widgets.tables:tracks_table",
}


def resolve(name: str) -> Any:
    """Return the function that shows or tabulates `name`, importing its module now.

    Parameters
    ----------
    name : str
        A key of the registry.
    """
    module, _, function = _SHOWN_BY[name].partition(":")
    return getattr(importlib.import_module(module), function)
