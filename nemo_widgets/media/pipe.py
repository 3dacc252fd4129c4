"""How the kernel and its media helper talk: a line's length, a line of JSON, and the bytes that belong to it."""

import struct
from typing import BinaryIO

import msgspec

_MAX_LINE_BYTES = 1024 * 1024
_MAX_BUFFER_BYTES = 512 * 1024 * 1024


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


def read_response(file: BinaryIO) -> tuple[Response, list[bytes]] | None:
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
    buffers = [file.read(size) for size in response.sizes]
    whole = all(len(buffer) == size for buffer, size in zip(buffers, response.sizes, strict=True))
    return (response, buffers) if whole else None
