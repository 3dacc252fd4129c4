"""How the kernel and its media helper talk: a line's length, a line of JSON, and the bytes that belong to it."""

import mmap
import struct
import sys
from io import BufferedReader
from typing import BinaryIO

import msgspec

_MAX_LINE_BYTES = 1024 * 1024
_MAX_BUFFER_BYTES = 512 * 1024 * 1024
_LARGE_BYTES = 256 * 1024

Bytes = bytes | memoryview


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """To the helper; `what` is a method of `Desk`, or ``"cancel"`` for the request of this number."""

    number: int
    what: str
    path: str = ""
    options: dict[str, object] = {}


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """From the helper: what was asked for, or what went wrong in words; `sizes` are those of the buffers after it."""

    number: int
    told: dict[str, object] = {}
    sizes: list[int] = []
    failed: str = ""
    stopped: bool = False


def write(file: BinaryIO, message: Request | Response, buffers: list[bytes] | None = None) -> None:
    """Write a message and its bytes."""
    line = msgspec.json.encode(message)
    file.write(struct.pack(">I", len(line)) + line)
    for buffer in buffers or ():
        file.write(buffer)
    file.flush()


def read_line(file: BinaryIO) -> bytes | None:
    """Return the next line, None at the end.

    Raises
    ------
    ValueError
        The other side does not keep to the form.
    """
    head = file.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "big")
    if size > _MAX_LINE_BYTES:
        raise ValueError("the line is too long")
    line = file.read(size)
    return line if len(line) == size else None


def read_response(file: BufferedReader) -> tuple[Response, list[Bytes]] | None:
    """Return the next response with its bytes, None at the end.

    Raises
    ------
    ValueError
        The helper does not keep to the form.
    """
    line = read_line(file)
    if line is None:
        return None
    response = msgspec.json.decode(line, type=Response)
    if any(size < 0 for size in response.sizes) or sum(response.sizes) > _MAX_BUFFER_BYTES:
        raise ValueError("too many bytes at once")
    buffers = [_read(file, size) for size in response.sizes]
    whole = all(len(buffer) == size for buffer, size in zip(buffers, response.sizes, strict=True))
    return (response, buffers) if whole else None


def _read(file: BufferedReader, size: int) -> Bytes:
    """Return so many bytes, or fewer at the end.

    Large ones come in memory of their own, which the system has back as soon as nobody holds them: pieces of a clip are
    of all sizes, and freed on several threads, so that the heap would keep tens of megabytes.
    """
    if size < _LARGE_BYTES:
        return file.read(size)
    view = memoryview(_own_memory(size))
    got = 0
    while got < size and (count := file.readinto(view[got:])):
        got += count
    return view[:got]


def _own_memory(size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
