"""Prompt variants side by side: `compare` makes a `Sweep`, one session and one clip a variant."""

from nemo_widgets.compare.sweep import Sweep, compare
from nemo_widgets.compare.take import Take, TakeState
from nemo_widgets.compare.variants import Variant

__all__ = ["Sweep", "Take", "TakeState", "Variant", "compare"]
