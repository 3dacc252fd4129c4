"""Clips on show: what a player must know about each, and their bytes in ranges."""

import base64
import mimetypes
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4

from nemo_widgets.display import resolve
from nemo_widgets.errors import InputError, MediaError
from nemo_widgets.widgets.base import WithBytes
from nemo_widgets.widgets.messages import MAX_RANGE_BYTES, RangeData, ReadRange
from nemo_widgets.widgets.states import ClipFacts

if TYPE_CHECKING:
    from nemo_widgets.client import Clip

_MIME_OF_SUFFIX = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm"}


def clip_facts(source: "Clip | str | os.PathLike[str]") -> tuple[Path, ClipFacts]:
    """Return a clip's file and what a player must know about it.

    Parameters
    ----------
    source : Clip or path
        A clip that was exported or previewed, or any video file.

    Raises
    ------
    InputError
        There is no such file.
    MediaError
        It is not a video.
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        _check(path)
        info = resolve("probe")(path)
        backend = prompt = ""
    else:
        path, info = source.path, source
        _check(path)
        backend, prompt = source.backend, source.prompt
    return path, ClipFacts(
        id=uuid4().hex[:12],
        name=path.name,
        mime=_MIME_OF_SUFFIX.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "video/mp4",
        size_bytes=path.stat().st_size,
        duration_s=info.duration_s or 0.0,
        width=info.width or 0,
        height=info.height or 0,
        fps=info.fps or 0.0,
        backend=backend,
        prompt=prompt,
        poster=_poster_url(path),
    )


def _check(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"There is no file {path}: it was moved or deleted, or the path is wrong.")


def _poster_url(path: Path) -> str:
    try:
        jpeg: bytes = resolve("poster")(path)
    except MediaError:
        return ""  # the player still shows the clip; only its still picture is missing
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


class ClipShelf:
    """The clips that one widget has on show, by the id that its views ask for. Safe on several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: dict[str, Path] = {}

    def put(self, source: "Clip | str | os.PathLike[str]") -> ClipFacts:
        """Put a clip on show and return its facts."""
        path, facts = clip_facts(source)
        with self._lock:
            self._paths[facts.id] = path
        return facts

    def read(self, ask: ReadRange) -> WithBytes:
        """Return the bytes that a view asks for.

        Raises
        ------
        InputError
            The clip is not on show, its file is gone, or the range is not one.
        """
        with self._lock:
            path = self._paths.get(ask.clip)
        if path is None:
            raise InputError("This clip is no longer on show: run its cell again.")
        if ask.offset < 0 or not 0 < ask.length <= MAX_RANGE_BYTES:
            raise InputError(f"A player may ask for 1 to {MAX_RANGE_BYTES} bytes at a time.")
        try:
            with path.open("rb") as file:
                total_bytes = os.fstat(file.fileno()).st_size
                file.seek(ask.offset)
                piece = file.read(ask.length)
        except OSError as error:
            raise InputError(
                f"{path.name} can no longer be read ({error.strerror}): export or preview it again."
            ) from error
        return WithBytes(RangeData(id=ask.id, offset=ask.offset, total_bytes=total_bytes), [piece])
