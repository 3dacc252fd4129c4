"""What is seen in the notebook: one file a widget. Traits and messages only: no HTTP and no PyAV here."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nemo_widgets.widgets.compare_grid import CompareGrid
    from nemo_widgets.widgets.player import VideoPlayer
    from nemo_widgets.widgets.prompt_box import PromptBox
    from nemo_widgets.widgets.studio import Studio
    from nemo_widgets.widgets.uploader import Uploader

_HOMES = {
    "CompareGrid": "nemo_widgets.widgets.compare_grid",
    "PromptBox": "nemo_widgets.widgets.prompt_box",
    "Studio": "nemo_widgets.widgets.studio",
    "Uploader": "nemo_widgets.widgets.uploader",
    "VideoPlayer": "nemo_widgets.widgets.player",
}

__all__ = ["CompareGrid", "PromptBox", "Studio", "Uploader", "VideoPlayer"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
