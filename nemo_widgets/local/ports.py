"""What the studio asks of the modules that invent and draw: a planner, a renderer, and the size of a canvas."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from nemo_widgets.protocol.draft import Draft

Quality = Literal["draft", "final"]
CanvasSize = Callable[[Draft, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class PlanAsset:
    """An uploaded file as the planner sees it."""

    name: str
    kind: Literal["video", "image", "audio"]
    path: str
    duration_s: float | None
    url: str


class Stage(Protocol):
    """One step of the agent: a tool (none when it only talks), what it says afterwards, and the draft it leaves."""

    @property
    def tool(self) -> str: ...
    @property
    def args(self) -> Mapping[str, Any]: ...
    @property
    def says(self) -> str: ...
    @property
    def draft(self) -> Mapping[str, Any]: ...
    @property
    def silent(self) -> bool: ...


class Plan(Protocol):
    """What the agent will do about one message."""

    @property
    def stages(self) -> Sequence[Stage]: ...


class Planner(Protocol):
    """Turn a message into a plan; the same arguments give the same plan."""

    def __call__(self, prompt: str, draft: Draft, assets: Sequence[Any], seed: int) -> Plan: ...


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
        Turns a message into stages.
    render : Renderer
        Makes a file out of a draft.
    canvas_size : callable
        Gives width and height in pixels for a draft and a resolution such as "1080p".
    """

    plan: Planner
    render: Renderer
    canvas_size: CanvasSize
