"""What the studio asks of the modules that invent and draw: a planner, a renderer, and the size of a canvas."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from nemo_widgets.local.planner.plans import History, Plan, PlanAsset
from nemo_widgets.protocol.draft import Draft

Quality = Literal["draft", "final"]
CanvasSize = Callable[[Draft, str], tuple[int, int]]


Planner = Callable[[str, Draft, Sequence[PlanAsset], int, History], Plan]


class Renderer(Protocol):
    """Make a file out of a draft; raise `StoppedError` once `cancelled` says so."""

    def __call__(
        self,
        draft: Draft,
        out: Path,
        *,
        size: tuple[int, int],
        fps: int = 30,
        quality: Quality = "final",
        pool: Executor,
        assets: Mapping[str, Path],
        on_progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """The three together.

    Attributes
    ----------
    plan : Planner
        Turns a message, the draft, the uploaded files, a seed and the session's earlier drafts into stages; the same
        arguments give the same plan.
    render : Renderer
        Makes a file out of a draft.
    canvas_size : callable
        Gives width and height in pixels for a draft and a resolution such as "1080p".
    plans_at_once : callable
        Whether a message, by its text, is planned within some milliseconds. Such a plan is made on the server's own
        thread, between two looks at the network; every other on a thread beside it, which takes turns with the server
        at the interpreter, five milliseconds each.
    """

    plan: Planner
    render: Renderer
    canvas_size: CanvasSize
    plans_at_once: Callable[[str], bool] = lambda prompt: False
