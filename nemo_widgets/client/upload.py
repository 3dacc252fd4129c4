"""Files and URLs into a session (``protocol/README.md``, *Uploads*): checked before sending, read meanwhile."""

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal, cast
from urllib.parse import quote

from nemo_widgets.client.api import Api
from nemo_widgets.client.http import Part
from nemo_widgets.errors import FileTooLargeError, FileTypeError, InputError, ProtocolError

Kind = Literal["video", "image", "audio"]
Source = str | os.PathLike[str] | bytes | IO[bytes]

MAX_FILE_BYTES: Final = 200 * 1024 * 1024

_TYPES: Final[Mapping[str, tuple[Kind, str]]] = {
    ".mp4": ("video", "video/mp4"),
    ".mov": ("video", "video/quicktime"),
    ".avi": ("video", "video/x-msvideo"),
    ".webm": ("video", "video/webm"),
    ".mkv": ("video", "video/x-matroska"),
    ".jpg": ("image", "image/jpeg"),
    ".jpeg": ("image", "image/jpeg"),
    ".png": ("image", "image/png"),
    ".gif": ("image", "image/gif"),
    ".webp": ("image", "image/webp"),
    ".mp3": ("audio", "audio/mpeg"),
    ".wav": ("audio", "audio/wav"),
    ".m4a": ("audio", "audio/mp4"),
    ".aac": ("audio", "audio/aac"),
}

_SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (4, b"ftypqt", ".mov"),
    (4, b"ftypM4A", ".m4a"),
    (4, b"ftyp", ".mp4"),
    (8, b"AVI ", ".avi"),
    (8, b"WAVE", ".wav"),
    (8, b"WEBP", ".webp"),
    (0, b"\x89PNG", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (0, b"GIF8", ".gif"),
    (0, b"ID3", ".mp3"),
    (0, b"\xff\xfb", ".mp3"),
    (0, b"\xff\xf1", ".aac"),
)
_EBML: Final = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in a session, which a prompt can speak of by its name.

    Attributes
    ----------
    filename, kind, url : str
        As the service keeps it; `kind` is ``"video"``, ``"image"`` or ``"audio"``.
    duration_s, width, height, fps : number or None
        None where it does not apply, or was not said.
    digest : str
        The service's hash of the content; may be empty.
    """

    filename: str
    kind: str
    url: str = field(repr=False)
    duration_s: float | None
    width: int | None
    height: int | None
    fps: float | None
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How much of an upload has left this machine, in bytes."""

    sent_bytes: int
    total_bytes: int

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return self.sent_bytes / self.total_bytes if self.total_bytes else 1.0


OnProgress = Callable[[UploadProgress], None]


@dataclass(frozen=True, slots=True)
class File:
    """An open file that the service takes."""

    name: str
    content: IO[bytes]
    size_bytes: int
    media_type: str


@contextmanager
def checked_files(sources: Sequence[Source]) -> Iterator[list[File]]:
    """Open what is no URL among the sources, while a block runs.

    Raises
    ------
    FileTypeError, FileTooLargeError, InputError
        The service would not take it, or it is not there.
    """
    with ExitStack() as opened:
        yield [_checked(source, opened) for source in sources if not _is_url(source)]


async def upload(
    api: Api, session_id: str, sources: Sequence[Source], files: Sequence[File], on_progress: OnProgress | None = None
) -> list[Asset]:
    """Upload files, bytes, open files and URLs; return their assets in the same order.

    Parameters
    ----------
    sources : sequence of Source
        All of them.
    files : sequence of File
        From `checked_files`, of the same sources.

    Raises
    ------
    ProtocolError
        The service did not answer with an asset for each.
    """
    path = f"/api/upload-video/nemo_agent/me/{quote(session_id, safe='')}"
    urls = [source for source in sources if _is_url(source)]
    assets: dict[bool, Iterator[Asset]] = {}
    if urls:  # first: what lies behind them is checked by nobody else, and then nothing was uploaded if one is wrong
        answer = await api.post(path, {"urls": urls, "source_type": "url"})
        assets[True] = iter(_assets(answer, len(urls)))
    if files:
        meter = _Meter(sum(file.size_bytes for file in files), on_progress)
        answer = await api.post_files(path, lambda: meter.parts(files))
        assets[False] = iter(_assets(answer, len(files)))
    return [next(assets[_is_url(source)]) for source in sources]


def check_arriving(name: str, size_bytes: int, head: bytes, max_bytes: int = MAX_FILE_BYTES) -> None:
    """Check what is known of a file before it arrives.

    Raises
    ------
    FileTypeError, FileTooLargeError, InputError
        The service would not take it.
    """
    if size_bytes <= 0:
        raise InputError(f"{name} is empty: there is nothing to upload.")
    _media_type(name)
    if size_bytes > max_bytes:
        raise FileTooLargeError(
            f"{name} is {_megabytes(size_bytes)}; the limit is {max_bytes // 1024**2} MB a file. Trim it, or "
            "compress it first."
        )


def _is_url(source: Source) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def _checked(source: Source, opened: ExitStack) -> File:
    if isinstance(source, bytes | bytearray | memoryview):
        content: IO[bytes] = io.BytesIO(source)
        name = ""
    elif isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        if not path.is_file():
            raise InputError(f"There is no file {path}. Is the path right? It is looked for from {Path.cwd()}.")
        name = path.name
        _media_type(name)
        try:
            content = opened.enter_context(path.open("rb"))
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}).") from error
    else:
        content, name = source, Path(str(getattr(source, "name", ""))).name
    size_bytes = content.seek(0, os.SEEK_END)
    if Path(name).suffix.lower() not in _TYPES and not isinstance(source, str | os.PathLike):
        content.seek(0)
        name = (Path(name).stem or "upload") + _suffix_of(content.read(16))
    if size_bytes > MAX_FILE_BYTES:
        raise FileTooLargeError(
            f"{name} is {_megabytes(size_bytes)}; the service takes {MAX_FILE_BYTES // 1024**2} MB a file. Trim it, or "
            "compress it first."
        )
    return File(name, content, size_bytes, _media_type(name))


def _megabytes(size_bytes: int) -> str:
    size = f"{size_bytes / 1024**2:.0f}"
    return f"a little over {size} MB" if size == f"{MAX_FILE_BYTES // 1024**2}" else f"{size} MB"


def _media_type(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in _TYPES:
        accepted = ", ".join(known.removeprefix(".") for known in _TYPES)
        raise FileTypeError(
            f"{name} is of a type that the service does not take. It takes {accepted}; best MP4, MOV, PNG, JPG."
        )
    return _TYPES[suffix][1]


def _suffix_of(head: bytes) -> str:
    if head.startswith(_EBML):
        return ".webm"
    return next((suffix for at, magic, suffix in _SIGNATURES if head[at:].startswith(magic)), "")


class _Meter:
    """Counts what is read for sending; a second try counts anew."""

    def __init__(self, total_bytes: int, on_progress: OnProgress | None) -> None:
        self._total_bytes = total_bytes
        self._on_progress = on_progress
        self._sent_bytes = 0

    def parts(self, files: Sequence[File]) -> list[Part]:
        self._sent_bytes = 0
        for file in files:
            file.content.seek(0)
        return [(file.name, cast(IO[bytes], _Counted(file.content, self._count)), file.media_type) for file in files]

    def _count(self, size_bytes: int) -> None:
        self._sent_bytes = min(self._total_bytes, self._sent_bytes + size_bytes)
        if self._on_progress is not None:
            self._on_progress(UploadProgress(self._sent_bytes, self._total_bytes))


class _Counted:
    """An open file that tells how much was read of it."""

    def __init__(self, content: IO[bytes], count: Callable[[int], None]) -> None:
        self._content = content
        self._count = count

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self._count(len(piece))
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        return self._content.tell()


def _assets(answer: Mapping[str, Any], count: int) -> list[Asset]:
    found = answer.get("files", answer.get("data"))
    files = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
    if len(files) < count:
        raise ProtocolError(f"The service took {len(files)} of {count} files, and did not say why. Upload them again.")
    return [_asset(item) for item in files[:count]]


def _asset(item: Mapping[str, Any]) -> Asset:
    def number(key: str) -> float | None:
        value = item.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    width, height = number("width"), number("height")
    return Asset(
        filename=str(item.get("filename") or ""),
        kind=str(item.get("file_type") or ""),
        url=str(item.get("cdn_url") or item.get("url") or ""),
        duration_s=number("duration"),
        width=None if width is None else int(width),
        height=None if height is None else int(height),
        fps=number("fps"),
        digest=str(item.get("hash") or ""),
    )
