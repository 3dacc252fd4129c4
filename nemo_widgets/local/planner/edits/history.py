"""Changes taken back and made again, and beginning anew."""

from dataclasses import replace

from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.plans import History, Stage
from nemo_widgets.local.planner.timeline import Raw, shots
from nemo_widgets.local.planner.wishes.history import Redo, Restart, Undo


def undo(wish: Undo, draft: Raw, desk: Desk, history: History) -> Stage:
    """Go back to an earlier timeline."""
    earlier = history.earlier
    if not earlier:
        return desk.only_says(draft, "nothing_to_undo")
    if wish.steps is None:
        # "Everything" ends at the first version that shows something.
        first = next((index for index, raw in enumerate(earlier) if shots(raw)), len(earlier) - 1)
        steps = len(earlier) - first
    else:
        steps = min(wish.steps, len(earlier))
    goal = earlier[-steps]
    stage = desk.done("undo", {"steps": steps}, goal, goal, _told("undone", steps, goal, desk))
    if wish.steps is not None and steps < wish.steps:
        stage = replace(stage, says=f"{stage.says} {desk.voice.say('undone_fewer', steps=steps)}")
    return replace(stage, moves=-steps)


def redo(wish: Redo, draft: Raw, desk: Desk, history: History) -> Stage:
    """Go forward again."""
    if not history.undone:
        return desk.only_says(draft, "nothing_to_redo")
    steps = min(wish.steps, len(history.undone))
    goal = history.undone[steps - 1]
    return replace(desk.done("redo", {"steps": steps}, goal, goal, _told("redone", steps, goal, desk)), moves=steps)


def _told(sentence: str, steps: int, goal: Raw, desk: Desk) -> str:
    if not shots(goal):
        return desk.voice.say(f"{sentence}_empty")
    return desk.voice.say(sentence if steps == 1 else f"{sentence}_several", steps=steps)


def restart(wish: Restart, draft: Raw, desk: Desk) -> Stage:
    """Empty the timeline."""
    facts = {key: value for key, value in (draft.get("m") or {}).items() if key != "title"}
    return Stage("clear_timeline", {}, desk.voice.say("restarted"), {"t": [], "d": 0, "m": facts})
