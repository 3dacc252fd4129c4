"""Files and URLs into a session (``protocol/README.md``, *Uploads*): checked before sending, read meanwhile."""

import io
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast
from urllib.parse import quote

from nemo_widgets.client.api import Api
from nemo_widgets.client.http import Part
from nemo_widgets.client.upload_checks import MAX_FILE_BYTES, check_beginning, suffix_of
from nemo_widgets.client.upload_folder import process_folder
from nemo_widgets.errors import InputError, ProtocolError
from nemo_widgets.protocol.filetypes import HEAD_BYTES, MEDIA_TYPES, types_of

Source = str | os.PathLike[str] | bytes | IO[bytes]


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
    """An open file that the service takes.

    Attributes
    ----------
    name : str
        What the service is told.
    content : binary file
        At its beginning.
    path : Path
        Where it is on disk; what came as bytes was put there.
    size_bytes : int
        Of all of it.
    media_type : str
        Such as ``"video/mp4"``.
    """

    name: str
    content: IO[bytes]
    path: Path
    size_bytes: int
    media_type: str


@contextmanager
def checked_files(sources: Sequence[Source], max_bytes: int = MAX_FILE_BYTES) -> Iterator[list[File]]:
    """Open what is no URL among the sources, while a block runs; what has no file is put into one.

    Raises
    ------
    FileTypeError, FileTooLargeError, InputError
        The service would not take it, or it is not there.
    """
    with ExitStack() as opened:
        yield [_checked(source, max_bytes, opened) for source in sources if not is_url(source)]


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
    urls = [source for source in sources if is_url(source)]
    assets: dict[bool, Iterator[Asset]] = {}
    if urls:  # first: what lies behind them is checked by nobody else, and then nothing was uploaded if one is wrong
        answer = await api.post(path, {"urls": urls, "source_type": "url"})
        assets[True] = iter(_assets(answer, len(urls)))
    if files:
        meter = _Meter(sum(file.size_bytes for file in files), on_progress)
        answer = await api.post_files(path, lambda: meter.parts(files))
        assets[False] = iter(_assets(answer, len(files)))
    return [next(assets[is_url(source)]) for source in sources]


def is_url(source: Source) -> bool:
    """Whether a source lies behind an address."""
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def _checked(source: Source, max_bytes: int, opened: ExitStack) -> File:
    if isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        if not path.is_file():
            raise InputError(f"There is no file {path}. Is the path right? It is looked for from {Path.cwd()}.")
        try:
            content: IO[bytes] = opened.enter_context(path.open("rb"))
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}).") from error
        name = path.name
    else:
        content = io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
        name, path = Path(str(getattr(source, "name", ""))).name, None
    size_bytes = content.seek(0, os.SEEK_END)
    content.seek(0)
    head = content.read(HEAD_BYTES)
    content.seek(0)
    if path is None and suffix_of(name) not in MEDIA_TYPES:
        name = f"{Path(name).stem or 'upload'}.{next(iter(types_of(head)), 'data')}"
    kind = check_beginning(name, size_bytes, head, max_bytes)
    if path is None:
        path = Path(opened.enter_context(TemporaryDirectory(dir=process_folder()))) / name
        with path.open("xb") as kept:
            shutil.copyfileobj(content, kept)
        content.seek(0)
    return File(name, content, path, size_bytes, MEDIA_TYPES[kind])


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
