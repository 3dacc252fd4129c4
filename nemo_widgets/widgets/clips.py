"""What a player must know about a clip before it has any of it."""

import base64
import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from nemo_widgets.errors import InputError
from nemo_widgets.media.service import service
from nemo_widgets.widgets.states import ClipFacts

if TYPE_CHECKING:
    from nemo_widgets.client import Clip

_MIME_OF_SUFFIX = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm"}


class _Seen(msgspec.Struct):
    duration_s: float
    width: int
    height: int
    fps: float


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
        if not os.fspath(source):
            raise InputError("The name of the file to play is empty. Give a path, a URL or a clip.")
        path = Path(source).expanduser()
        _check(path)
        backend = prompt = ""
    else:
        if not hasattr(source, "path"):
            raise InputError(f"{type(source).__name__} is nothing that can be played. Give a path, a URL or a clip.")
        path = source.path
        _check(path)
        backend, prompt = source.backend, source.prompt
    told, posters = service.ask("clip", path)
    seen = msgspec.convert(told, _Seen)
    return path, ClipFacts(
        id=uuid4().hex[:12],
        name=path.name,
        mime=_MIME_OF_SUFFIX.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "video/mp4",
        size_bytes=path.stat().st_size,
        duration_s=seen.duration_s,
        width=seen.width,
        height=seen.height,
        fps=seen.fps,
        backend=backend,
        prompt=prompt,
        poster="data:image/jpeg;base64," + base64.b64encode(posters[0]).decode("ascii") if posters else "",
    )


def _check(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder: name the file in it that is to be played.")
    if not path.is_file():
        raise InputError(f"There is no file {path}: it was moved or deleted, or the path is wrong.")
