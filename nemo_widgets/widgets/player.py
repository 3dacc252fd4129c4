"""The player: a clip in the cell, with its bytes pulled over the comm when they are needed."""

import io
import math
import os
import weakref
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import traitlets as t
from PIL import Image

from nemo_widgets.display import in_notebook, resolve
from nemo_widgets.errors import InputError
from nemo_widgets.kernel import run
from nemo_widgets.media.service import service
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget, mime_bundle
from nemo_widgets.widgets.fallback import fallback_html
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.shelf import ClipShelf
from nemo_widgets.widgets.states import ClipFacts

if TYPE_CHECKING:
    from nemo_widgets.client import Clip


_BOUNDS = {"rate": (0.1, 4.0), "volume": (0.0, 1.0)}
_MOST_BYTES = 2 * 1024**3
_BATCH_BYTES = 48 * 1024**2


def _facts_to_json(facts: ClipFacts | None, _widget: object) -> object:
    return msgspec.to_builtins(facts)


class VideoPlayer(NemoWidget):
    """Plays a clip inside the notebook.

    Parameters
    ----------
    source : Clip, path or URL
        What to play. A URL's file is fetched first, and goes with the player.
    group : str
        Players with the same non-empty name start, pause, seek, loop and change speed together, each at its volume.

    Examples
    --------
    >>> player = VideoPlayer("city.mp4")
    >>> player  # shows it; ? there lists the keys
    >>> player.seek(2.5)
    >>> player.in_s, player.out_s = 2, 4  # plays these two seconds again and again
    >>> player.play()
    >>> picture = player.snapshot("city.png")  # a PIL image, and the file
    >>> frames = player.frames(8)  # a NumPy array, (8, height, width, 3)
    """

    clip = t.Instance(
        ClipFacts,
        allow_none=True,
        help="What is on show: name, duration_s, width, height, fps, size_bytes …; written by the kernel only.",
    ).tag(sync=True, to_json=_facts_to_json, from_json=lambda value, _widget: msgspec.convert(value, ClipFacts | None))
    current_time_s = t.Float(
        0.0,
        help="Playhead in seconds, default 0; setting it seeks. While it plays, views report it about once a second, "
        "and what they report is taken between cells: a cell that waits in a loop sees none of it.",
    ).tag(sync=True)
    playing = t.Bool(
        False, help="Whether it plays, default False; setting it starts or pauses the view that was used last."
    ).tag(sync=True)
    rate = t.Float(1.0, help="Speed as a factor, 0.1 to 4, default 1.").tag(sync=True)
    volume = t.Float(1.0, help="Loudness, 0 to 1, default 1; 0 is silent.").tag(sync=True)
    loop = t.Bool(False, help="Whether it starts again at the end, default False.").tag(sync=True)
    in_s = t.Float(None, allow_none=True, help="Where the A–B loop begins, in seconds; None for the start.").tag(
        sync=True
    )
    out_s = t.Float(None, allow_none=True, help="End of the A–B loop in s; None: the clip's end.").tag(sync=True)
    # A seek goes to the views with a number, and a view reports its playhead with the number of the last seek that it
    # has done: else a report that is on its way at that moment would take the playhead back.
    _seek = t.Tuple(t.Int(), t.Float(), default_value=(0, 0.0)).tag(sync=True)
    _report = t.Tuple(t.Int(), t.Float(), default_value=(0, 0.0)).tag(sync=True, echo_update=False)
    group = t.Unicode(
        "",
        help="Players with the same non-empty name start, pause, seek, loop and change speed together.",
    ).tag(sync=True)

    def __init__(self, source: "Clip | str | os.PathLike[str]", *, group: str = "") -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._reported_s: float | None = None
        if isinstance(source, str) and source.lower().startswith(("https://", "http://")):
            source, self._folder = run(resolve("foreign_file")(source))
        self._shelf = ClipShelf()
        facts = self._shelf.put(source)
        self._path = self._shelf.path(facts.id)
        super().__init__(_kind="player", _fallback=facts.id, clip=facts, group=group)
        weakref.finalize(self, _let_go, self._shelf, self._folder)

    @t.validate("current_time_s", "rate", "volume", "in_s", "out_s")
    def _within_bounds(self, proposal: t.Bunch) -> float | None:
        name, value = proposal["trait"].name, proposal["value"]
        if value is None:
            return None
        if not math.isfinite(value):
            raise t.TraitError(f"{name} is a number of finite size, not {value}.")
        if name in _BOUNDS:
            least, most = _BOUNDS[name]
            if not least <= value <= most:
                raise t.TraitError(f"{name} is a number from {least:g} to {most:g}, not {value:g}.")
            return float(value)
        return self._in_clip(value)

    def _in_clip(self, time_s: float) -> float:
        """Return the nearest moment of the clip."""
        return min(max(time_s, 0.0), self.clip.duration_s if self.clip and self.clip.duration_s else math.inf)

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Take what a view says, but for a playhead from before a seek."""
        super().set_state(sync_data)
        if "_report" not in sync_data:
            return
        sought, time_s = self._report
        if sought == self._seek[0]:
            self._reported_s = self._in_clip(time_s)  # a browser's clips may last a little longer
            self.current_time_s = self._reported_s

    def notify_change(self, change: t.Bunch) -> None:
        """Send what has changed to the views; a playhead that none of them reported is a seek."""
        if change["name"] != "current_time_s" or change["new"] == self._reported_s:
            super().notify_change(change)
            return
        with self.hold_sync():
            self._ask_to_seek(change["new"])
            super().notify_change(change)

    def _ask_to_seek(self, time_s: float) -> None:
        self._reported_s = None
        self._seek = (self._seek[0] + 1, time_s)

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view that wants bytes."""
        if (told := self._shelf.answer(ask)) is not None:
            return told
        raise InputError("A player only gives out its clip.")

    def wind_up(self) -> None:
        """End what is under way, and let go of the file."""
        super().wind_up()
        _let_go(self._shelf, self._folder)

    def fallback(self) -> str:
        """Return a picture and the facts of the clip."""
        return fallback_html(self.clip) if self.clip else ""

    def play(self) -> None:
        """Start, in the view that was used last; the others keep their place."""
        self.playing = True

    def pause(self) -> None:
        """Pause, in every view."""
        self.playing = False

    def seek(self, time_s: float) -> None:
        """Move the playhead to `time_s` seconds, in every view; beyond the clip is its nearest end."""
        before, self.current_time_s = self._seek, time_s
        if self._seek is before:  # the last report said so too, but that was a while ago
            self._ask_to_seek(self.current_time_s)

    def snapshot(self, path: "str | os.PathLike[str] | None" = None, *, time_s: float | None = None) -> Image.Image:
        """Return the picture that is shown at the playhead, in full size.

        Parameters
        ----------
        path : path, optional
            Also write it there; an existing file is replaced. The suffix says the format.
        time_s : float, optional
            Another moment than the playhead's.

        Raises
        ------
        MediaError
            The clip has no picture there.
        InputError
            It can't be written there, or the moment is outside the clip.
        """
        at_s = self.current_time_s if time_s is None else time_s
        if self.clip is not None and not 0 <= at_s <= max(self.clip.duration_s, self.current_time_s):
            raise InputError(f"The clip lasts {self.clip.duration_s:g} s: there is no picture at {at_s:g} s.")
        _, data = service.ask("snapshot", self._path, time_s=at_s)
        picture = Image.open(io.BytesIO(data[0]), formats=("PNG",))
        picture.load()
        if path is not None:
            try:
                picture.save(path)
            except (OSError, ValueError) as error:
                raise InputError(f"The picture can't be written to {path} ({error}): choose another path.") from error
        return picture

    def frames(self, n: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
        """Return `n` pictures, spread evenly over the clip.

        Parameters
        ----------
        n : int
            How many; what they take together is bounded by 2 GB.

        Returns
        -------
        ndarray of uint8, shape (n, height, width, 3)
            RGB, each the picture in the middle of an n-th of the clip.

        Raises
        ------
        InputError
            None, or too many.
        MediaError
            The clip has no pictures.
        """
        assert self.clip is not None
        each_bytes = self.clip.width * self.clip.height * 3
        if n < 1 or n * each_bytes > _MOST_BYTES:
            most = _MOST_BYTES // max(1, each_bytes)
            raise InputError(f"Ask for 1 to {most} frames of this clip: more would not fit into memory.")
        times_s = [self.clip.duration_s * (number + 0.5) / n for number in range(n)]
        at_once = max(1, _BATCH_BYTES // max(1, each_bytes))
        found: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = []
        for first in range(0, n, at_once):
            told, data = service.ask("pictures", self._path, times_s=times_s[first : first + at_once])
            shape = msgspec.convert(told["shape"], tuple[int, int, int])
            found += [np.frombuffer(pixels, np.uint8).reshape(shape) for pixels in data]
        return np.stack(found)


def _let_go(shelf: ClipShelf, folder: "TemporaryDirectory[str] | None") -> None:
    shelf.close()
    if folder is not None:
        folder.cleanup()


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
