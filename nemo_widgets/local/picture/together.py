"""Slow preparations, shared out among the workers of a render: each makes some of the parts, and all get all of them.

The parts go through files in the render's own folder. Without one (in a test, or where a worker has no such folder)
everyone makes everything.
"""

import hashlib
import os
import pickle
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_folder: ContextVar[Path | None] = ContextVar("folder of shared preparations", default=None)
_LONGEST_S = 20.0
"""How long someone waits for a part that another one makes, before making it as well."""
_TICK_S = 0.004
_LENGTH = struct.Struct("<Q")
_ROOM = 64
"""Every piece of a part begins at a multiple of this: numbers that lie askew are slow to read."""


@contextmanager
def sharing(folder: Path) -> Iterator[None]:
    """Share what is prepared in this block with all others who name the same folder, which must be there."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def together(key: object, makers: Sequence[Callable[[], T]]) -> list[T]:
    """Make several parts that do not need each other.

    Parameters
    ----------
    key : object
        What tells these parts from all others, by its ``repr``: equal keys must mean equal parts.
    makers : sequence of callable
        What makes each part. The parts must be such that they can be pickled, and nobody may change them.

    Returns
    -------
    list
        The parts, in order.
    """
    folder = _folder.get()
    if folder is None or not folder.is_dir():
        return [make() for make in makers]
    name = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
    places = [folder / f"{name}-{number}" for number in range(len(makers))]
    made = {number: _made(makers[number], place) for number, place in enumerate(places) if _claimed(place)}
    return [made[number] if number in made else _fetched(place, makers[number]) for number, place in enumerate(places)]


def _claimed(place: Path) -> bool:
    """Whether a part is ours to make: the first who asks gets it."""
    try:
        os.close(os.open(place.with_suffix(".claim"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    except OSError:
        return True
    return True


def _made(make: Callable[[], T], place: Path) -> T:
    try:
        part = make()
    except BaseException:
        with suppress(OSError):
            place.with_suffix(".failed").touch()
        raise
    # A full disk keeps nobody from drawing: the others wait in vain, then make it themselves.
    with suppress(OSError):
        _write(part, place)
    return part


def _write(part: object, place: Path) -> None:
    buffers: list[pickle.PickleBuffer] = []
    frame = pickle.dumps(part, protocol=5, buffer_callback=buffers.append)
    growing = place.with_suffix(".part")
    try:
        with growing.open("wb") as file:
            for piece in (memoryview(frame), *(buffer.raw() for buffer in buffers)):
                file.write(_LENGTH.pack(piece.nbytes).ljust(_ROOM, b"\0"))
                file.write(piece)
                file.write(bytes(-piece.nbytes % _ROOM))
        growing.replace(place)
    except OSError:
        place.with_suffix(".failed").touch()
        raise


def _read(place: Path) -> memoryview:
    """Return what is in a file, read straight to where it stays; it begins at a multiple of `_ROOM`."""
    with place.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        memory = np.empty(size + _ROOM, np.uint8)
        begin = -memory.ctypes.data % _ROOM
        data = memory.data[begin : begin + size]
        if file.readinto(data) != size:
            raise OSError(f"{place.name} is cut off")
        return data


def _fetched(place: Path, make: Callable[[], T]) -> T:
    limit = time.monotonic() + _LONGEST_S
    while not place.exists():
        if place.with_suffix(".failed").exists() or time.monotonic() > limit:
            return make()
        time.sleep(_TICK_S)
    data = _read(place)
    pieces = []
    at = 0
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _ROOM
        pieces.append(data[at : at + length])
        at += length + -length % _ROOM
    part: T = pickle.loads(pieces[0], buffers=pieces[1:])
    return part
