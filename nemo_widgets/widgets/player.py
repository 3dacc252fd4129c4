"""The player: a clip in the cell, with its bytes pulled over the comm when they are needed."""

import os
from typing import TYPE_CHECKING

import msgspec
import traitlets as t

from nemo_widgets.display import in_notebook
from nemo_widgets.errors import InputError
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget, mime_bundle
from nemo_widgets.widgets.fallback import fallback_html
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.shelf import ClipShelf
from nemo_widgets.widgets.states import ClipFacts

if TYPE_CHECKING:
    from nemo_widgets.client import Clip


def _facts_to_json(facts: ClipFacts | None, _widget: object) -> object:
    return msgspec.to_builtins(facts)


class VideoPlayer(NemoWidget):
    """Plays a clip inside the notebook.

    Parameters
    ----------
    source : Clip or path
        What to play.

    Examples
    --------
    >>> player = VideoPlayer("city.mp4")
    >>> player.current_time_s = 2.5
    >>> player.playing = True
    """

    clip = t.Instance(
        ClipFacts,
        allow_none=True,
        help="What is on show; written by the kernel only.",
    ).tag(sync=True, to_json=_facts_to_json, from_json=lambda value, _widget: msgspec.convert(value, ClipFacts | None))
    current_time_s = t.Float(0.0, help="Playhead in seconds, default 0; setting it seeks.").tag(sync=True)
    playing = t.Bool(False, help="Whether it plays, default False; setting it starts or pauses.").tag(sync=True)
    rate = t.Float(1.0, help="Speed as a factor, 0.1 to 4, default 1.").tag(sync=True)
    volume = t.Float(1.0, help="Loudness, 0 to 1, default 1; 0 is silent.").tag(sync=True)
    loop = t.Bool(False, help="Whether it starts again at the end, default False.").tag(sync=True)
    in_s = t.Float(None, allow_none=True, help="Where the A–B loop begins, in seconds; None for the start.").tag(
        sync=True
    )
    out_s = t.Float(None, allow_none=True, help="End of the A–B loop in s; None: the clip's end.").tag(sync=True)
    group = t.Unicode(
        "", help="Players with the same non-empty name start, pause, seek and change speed together."
    ).tag(sync=True)

    def __init__(self, source: "Clip | str | os.PathLike[str]", *, group: str = "") -> None:
        self._shelf = ClipShelf()
        facts = self._shelf.put(source)
        super().__init__(_kind="player", _fallback=facts.id, clip=facts, group=group)

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view that wants bytes."""
        if (told := self._shelf.answer(ask)) is not None:
            return told
        raise InputError("A player only gives out its clip.")

    def wind_up(self) -> None:
        """End what is under way, and let go of the file."""
        super().wind_up()
        self._shelf.close()

    def fallback(self) -> str:
        """Return a picture and the facts of the clip."""
        return fallback_html(self.clip) if self.clip else ""

    def play(self) -> None:
        """Start, in every view."""
        self.playing = True

    def pause(self) -> None:
        """Pause, in every view."""
        self.playing = False

    def seek(self, time_s: float) -> None:
        """Move the playhead to `time_s` seconds."""
        self.current_time_s = time_s


class ShownClip:
    """How a clip shows itself: a player in a notebook, its own words elsewhere."""

    def __init__(self, clip: "Clip") -> None:
        self._clip = clip

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, object]:
        words: dict[str, object] = {"text/plain": repr(self._clip)}
        return mime_bundle(VideoPlayer(self._clip)) | words if in_notebook() else words


def show_clip(clip: "Clip") -> ShownClip:
    """Return what shows `clip`."""
    return ShownClip(clip)
