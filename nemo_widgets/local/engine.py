"""The package's own planner and renderer."""

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.rendering.render import canvas_size, render

OWN_ENGINE = Engine(plan=plan, render=render, canvas_size=canvas_size)
"""What a studio uses unless it is given another."""
