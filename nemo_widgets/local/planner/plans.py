"""What the planner hands over: the steps that the agent takes, and what it says after each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class PlanAsset:
    """An uploaded file that a message may mean.

    Attributes
    ----------
    name : str
        Its file name.
    kind : {"video", "image", "audio"}
        What it holds.
    path : str
        Where it is on disk, with forward slashes.
    duration_s : float or None
        Seconds; None for a picture.
    url : str
        What the draft calls it.
    """

    name: str
    kind: Literal["video", "image", "audio"]
    path: str
    duration_s: float | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The timelines that can be gone back to.

    Attributes
    ----------
    earlier : tuple of Mapping
        Raw drafts, oldest first: the timeline before each message that changed it.
    undone : tuple of Mapping
        Those that were left by taking changes back; the one that *redo* restores comes first.
    """

    earlier: tuple[Mapping[str, Any], ...] = ()
    undone: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the agent.

    Attributes
    ----------
    tool : str
        What it uses; empty when it only talks.
    args : Mapping
        What it gives the tool.
    says : str
        Markdown, said after it.
    draft : Mapping
        The raw draft after it.
    silent : bool
        Whether it is done without a word, as the service does now and then.
    moves : int
        Steps through the history that lead to its draft: negative ones take changes back, positive ones make them
        again. 0 for a change of its own.
    """

    tool: str
    args: Mapping[str, Any]
    says: str
    draft: Mapping[str, Any]
    silent: bool = False
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps that answer one message, in order; never none."""

    stages: tuple[Stage, ...] = field(default=())
