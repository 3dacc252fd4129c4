"""The package's own planner and renderer, imported when a studio starts."""

import importlib

from nemo_widgets.local.ports import Engine


def own_engine() -> Engine:
    """Return the planner and the renderer that come with the package."""
    planner = importlib.import_module("nemo_widgets.local.planner")
    render = importlib.import_module("nemo_widgets.local.render")
    return Engine(plan=planner.plan, render=render.render, canvas_size=render.canvas_size)
