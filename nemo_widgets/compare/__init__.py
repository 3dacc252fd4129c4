"""Prompt variants side by side: `compare` makes a `Sweep`, one session and one clip a variant."""

import sys
from types import ModuleType

from nemo_widgets.compare.sweep import Sweep, compare
from nemo_widgets.compare.take import Take, TakeState
from nemo_widgets.compare.variants import Variant

__all__ = ["Sweep", "Take", "TakeState", "Variant", "compare"]


class _AlsoAFunction(ModuleType):
    """Importing this package puts it where ``nemo_widgets.compare`` was the function: so it is called like that too."""

    __call__ = staticmethod(compare)


sys.modules[__name__].__class__ = _AlsoAFunction
