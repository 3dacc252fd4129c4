"""The package's own planner and renderer."""

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.rendering.render import canvas_size, render

_SHORT_CHARS = 400
"""What a person types in a go; planned in 1 to 10 ms."""

OWN_ENGINE = Engine(
    plan=plan, render=render, canvas_size=canvas_size, plans_at_once=lambda prompt: len(prompt) <= _SHORT_CHARS
)
"""What a studio uses unless it is given another."""
