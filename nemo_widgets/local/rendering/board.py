"""A few shared bytes between a render and its workers: frames done by each, and whether to stop.

A small memory-mapped file: it works for threads and processes alike, and needs no manager process.
"""

import mmap
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

_CELL = struct.Struct("<I")


class Board:
    """The file, mapped. Cell 0 is the stop flag, the others count frames.

    Parameters
    ----------
    path : Path
        Where the file is.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)

    @classmethod
    def create(cls, path: Path, workers: int) -> Self:
        """Make the file, with a counter for each of `workers` tasks, and map it."""
        path.write_bytes(bytes(_CELL.size * (workers + 1)))
        return cls(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._map.close()

    def stop(self) -> None:
        """Ask every worker to stop after its current frame."""
        _CELL.pack_into(self._map, 0, 1)

    @property
    def stopped(self) -> bool:
        """Whether someone asked to stop."""
        return self._map[0] != 0

    def report(self, worker: int, frames: int) -> None:
        """Say that task number `worker` has done `frames` frames."""
        _CELL.pack_into(self._map, _CELL.size * (worker + 1), frames)

    def total(self) -> int:
        """Return the frames done by all of them."""
        return sum(cell for (cell,) in _CELL.iter_unpack(self._map[_CELL.size :]))
