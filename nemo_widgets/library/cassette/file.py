"""A cassette on disk: a ZIP file with an index, the bytes of the streams, and the media by their content.

::

    tape.json               the index (`tape.Tape`)
    streams/<number>.sse    the bytes of an event stream
    media/<sha256>          a file that the service made; stored as it is, so that nothing unpacks into more

It may come from anybody: nothing is unpacked by a name of its own, every size is bounded while it is read, and what the
index promises is checked.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from nemo_widgets.errors import CassetteError
from nemo_widgets.library.cassette.tape import VERSION, Call, Media, Tape

SUFFIX: Final = ".nemo"

MAX_INDEX_BYTES: Final = 64 * 1024 * 1024
MAX_STREAM_BYTES: Final = 64 * 1024 * 1024
MAX_MEDIA_BYTES: Final = 4 * 1024 * 1024 * 1024
_MOST_FILES: Final = 20_000
_INDEX: Final = "tape.json"
_PIECE_BYTES: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)


def write_cassette(out: IO[bytes], tape: Tape, streams: Mapping[int, bytes], media: Mapping[str, Path]) -> None:
    """Write a cassette.

    Parameters
    ----------
    out : binary file
        Open for writing, at its beginning.
    tape : Tape
        The index.
    streams : Mapping of int to bytes
        The bytes of the event streams by their number.
    media : Mapping of str to Path
        The files by their SHA-256.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_INDEX, msgspec.json.format(msgspec.json.encode(tape), indent=1))
        for number, content in streams.items():
            archive.writestr(_stream(number), content)
        for digest, path in media.items():
            archive.write(path, f"media/{digest}", zipfile.ZIP_STORED)


class Cassette:
    """A cassette that was opened and understood. The file must stay where it is.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    path : Path
        The file.
    tape : Tape
        Its index.

    Raises
    ------
    CassetteError
        There is no such file, or it is no whole cassette, or one of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as archive:
            _check_directory(archive, path)
            self.tape = _index(_read(archive, _INDEX, MAX_INDEX_BYTES), path)
            for call in self.tape.calls:
                _check_call(call, archive, path)
            for kept in self.tape.media:
                _check_media(kept, archive, path)

    def stream(self, call: Call) -> bytes:
        """Return the bytes of a call's event stream."""
        if call.answer.stream is None:
            return b""
        with self._opened() as archive:
            return _read(archive, _stream(call.answer.stream), MAX_STREAM_BYTES)

    def content(self, kept: Media) -> Iterator[bytes]:
        """Give a file's content in pieces.

        Raises
        ------
        CassetteError
            It is not what the index says.
        """
        digest = hashlib.sha256()
        with self._opened() as archive, archive.open(f"media/{kept.digest}") as content:
            while piece := content.read(_PIECE_BYTES):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != kept.digest:
            raise _damaged(self.path)

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield archive
        except FileNotFoundError as error:
            raise CassetteError(
                f"There is no recording {self.path}. It is looked for from {Path.cwd()}; nemo.record() makes one."
            ) from error
        except OSError as error:
            raise CassetteError(f"{self.path} cannot be read ({error.strerror or error}).") from error
        except _DAMAGED as error:
            raise _damaged(self.path) from error


def _check_directory(archive: zipfile.ZipFile, path: Path) -> None:
    names = [info.filename for info in archive.infolist()]
    is_locked = any(info.flag_bits & _ENCRYPTED for info in archive.infolist())
    if _INDEX not in names or len(names) > _MOST_FILES or len(set(names)) != len(names) or is_locked:
        raise _no_cassette(path)


def _index(content: bytes, path: Path) -> Tape:
    try:
        said = msgspec.json.decode(content, type=_Said)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _no_cassette(path) from error
    if said.format != "nemo-cassette":
        raise _no_cassette(path)
    if said.version != VERSION:
        raise CassetteError(
            f"{path.name} is a recording of version {said.version}, and this package plays version {VERSION}. Upgrade "
            "nemo-widgets, or record it again."
        )
    try:
        return msgspec.json.decode(content, type=Tape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _no_cassette(path) from error


class _Said(msgspec.Struct):
    format: str
    version: int


def _check_call(call: Call, archive: zipfile.ZipFile, path: Path) -> None:
    answer = call.answer
    sizes = [size for _, size in answer.pieces]
    times = [at_s for at_s, _ in answer.pieces]
    whole = 0
    if answer.stream is not None:
        whole = _size(archive, _stream(answer.stream), path)
    is_timed = answer.began_s <= answer.head_s <= answer.ended_s and times == sorted(times)
    if not is_timed or sum(sizes) != whole or whole > MAX_STREAM_BYTES:
        raise _damaged(path)


def _check_media(kept: Media, archive: zipfile.ZipFile, path: Path) -> None:
    name = f"media/{kept.digest}"
    is_stored = name in archive.NameToInfo and archive.getinfo(name).compress_type == zipfile.ZIP_STORED
    if not is_stored or _size(archive, name, path) != kept.size_bytes or kept.size_bytes > MAX_MEDIA_BYTES:
        raise _damaged(path)


def _size(archive: zipfile.ZipFile, name: str, path: Path) -> int:
    try:
        return archive.getinfo(name).file_size
    except KeyError as error:
        raise _damaged(path) from error


def _read(archive: zipfile.ZipFile, name: str, limit_bytes: int) -> bytes:
    with archive.open(name) as content:
        data = content.read(limit_bytes + 1)  # what the directory says of the size is not believed
    if len(data) > limit_bytes:
        raise zipfile.BadZipFile(f"{name} is larger than it may be")
    return data


def _stream(number: int) -> str:
    return f"streams/{number:04}.sse"


def _no_cassette(path: Path) -> CassetteError:
    return CassetteError(f"{path.name} is no recording. nemo.record() makes one, and connect() takes the file it made.")


def _damaged(path: Path) -> CassetteError:
    return CassetteError(
        f"{path.name} is damaged: a part is missing, or is not what it should be. Copy it again from where it came, or "
        "record it again."
    )
