"""What the planner hands over: the steps that the agent takes, and what it says after each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nemo_widgets.local.planner.vocabulary import answers, vocabulary


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


class Voice:
    """The agent's sentences in one language.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._answers = answers(language)

    def say(self, sentence: str, **values: object) -> str:
        """Fill in one of the sentences of ``answers.toml``."""
        return self._answers[sentence].format(**values)

    def scene(self, name: str) -> str:
        """Return what a scene is called."""
        return vocabulary().scenes[name].labels[self._language]

    def scenes(self) -> str:
        """Return what all scenes are called, as a list."""
        return self.listed([scene.labels[self._language] for scene in vocabulary().scenes.values()])

    def style(self, name: str) -> str:
        """Return what a kind of music is called."""
        return vocabulary().styles[name].labels[self._language]

    def listed(self, names: list[str]) -> str:
        """Join names as the language does."""
        if len(names) < 2:
            return "".join(names)
        return self._answers["list_join"].join(names[:-1]) + self._answers["list_last"] + names[-1]

    def missing(self, text: str) -> str | None:
        """Return what to say about the first thing in `text` that can't be done yet, or None."""
        return next((thing.says[self._language] for thing in vocabulary().missing if text in thing.words), None)


def seconds(ms: float) -> str:
    """Return milliseconds as seconds in words: ``3``, ``2.5``."""
    return f"{ms / 1000:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Return a share as ``35%``."""
    return f"{round(share * 100)}%"
