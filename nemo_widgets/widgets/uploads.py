"""Small files from the browser, put together from chunks in an owner-only folder."""

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock
from uuid import uuid4

from nemo_widgets.errors import FileTooLargeError, InputError
from nemo_widgets.widgets.messages import MAX_UPLOAD_BYTES, UPLOAD_CHUNK_BYTES


@dataclass(slots=True)
class _Incoming:
    path: Path
    size_bytes: int
    received: dict[int, int] = field(default_factory=dict)

    @property
    def received_bytes(self) -> int:
        return sum(self.received.values())


class UploadDesk:
    """Takes files in chunks that may come in any order, on any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._incoming: dict[str, _Incoming] = {}

    def begin(self, name: str, size_bytes: int) -> str:
        """Prepare for a file and return the name that its chunks carry.

        Raises
        ------
        FileTooLargeError
            It is beyond what goes through the browser.
        InputError
            It is empty.
        """
        name = safe_name(name)
        if size_bytes > MAX_UPLOAD_BYTES:
            raise FileTooLargeError(too_large(name, size_bytes))
        if size_bytes <= 0:
            raise InputError(f"{name} is empty: there is nothing to upload.")
        upload = uuid4().hex
        path = Path(tempfile.mkdtemp(prefix="nemo-upload-")) / name
        path.touch(mode=0o600)
        with self._lock:
            self._incoming[upload] = _Incoming(path, size_bytes)
        return upload

    def take(self, upload: str, offset: int, chunk: bytes | memoryview) -> int:
        """Write a chunk where it belongs and return how many bytes are there."""
        with self._lock:
            incoming = self._find(upload)
            length = len(chunk)
            if not 0 < length <= UPLOAD_CHUNK_BYTES or offset < 0 or offset + length > incoming.size_bytes:
                raise InputError(f"A piece of {incoming.path.name} does not fit: upload it again.")
            with incoming.path.open("r+b") as file:
                file.seek(offset)
                file.write(chunk)
            incoming.received[offset] = length
            return incoming.received_bytes

    def finish(self, upload: str) -> Path:
        """Return the complete file; `drop` removes it when it is no longer needed."""
        with self._lock:
            incoming = self._find(upload)
            if incoming.received_bytes != incoming.size_bytes:
                raise InputError(
                    f"Only {incoming.received_bytes} of {incoming.size_bytes} bytes of {incoming.path.name} arrived: "
                    "upload it again."
                )
            return incoming.path

    def drop(self, upload: str) -> None:
        """Remove a file, finished or not; one that is not known is fine."""
        with self._lock:
            incoming = self._incoming.pop(upload, None)
        if incoming is not None:
            shutil.rmtree(incoming.path.parent, ignore_errors=True)

    def close(self) -> None:
        """Remove everything."""
        for upload in list(self._incoming):
            self.drop(upload)

    def _find(self, upload: str) -> _Incoming:
        incoming = self._incoming.get(upload)
        if incoming is None:
            raise InputError("This upload is not known any more: start it again.")
        return incoming


def safe_name(name: str) -> str:
    """Return a file's own name: no folders, no control characters, at most 120 characters."""
    own = PureWindowsPath(PurePosixPath(name).name).name
    cleaned = re.sub(r"[\x00-\x1f\x7f]", "", own).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    return (f"{stem[-100:]}{dot}{suffix[:19]}" if stem else cleaned[-120:]) or "file"


def too_large(name: str, size_bytes: int) -> str:
    """Say that a file is too large for the drop zone, and what to do."""
    return (
        f"{name} is {size_bytes / 1e6:.1f} MB; the drop zone takes {MAX_UPLOAD_BYTES >> 20} MiB. "
        f'Larger files go from a cell: await studio.session.upload("{name}")'
    )
