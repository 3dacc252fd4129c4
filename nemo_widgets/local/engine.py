"""The package's own planner and renderer."""

import importlib
from collections.abc import Sequence

from nemo_widgets.local.ports import Engine, Plan, PlanAsset
from nemo_widgets.protocol.draft import Draft


def own_engine() -> Engine:
    """Return the planner and the renderer that come with the package."""
    from nemo_widgets.local.render import canvas_size, render

    return Engine(plan=_plan, render=render, canvas_size=canvas_size)


def _plan(prompt: str, draft: Draft, assets: Sequence[PlanAsset], seed: int) -> Plan:
    planner = importlib.import_module("nemo_widgets.local.planner")
    plan: Plan = planner.plan(prompt, draft, assets, seed)
    return plan
