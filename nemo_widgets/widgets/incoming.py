"""A file that arrives in chunks: what of it is there, and its digest so far."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, RLock

from nemo_widgets.errors import InputError

_BLOCK_BYTES = 1024 * 1024

Stamp = tuple[str, int, int]
"""What tells a file from another before its content is known: name, size in bytes, time of change in ms."""


@dataclass(eq=False)
class Incoming:
    """A file on its way. What was written once is never written again, so what was hashed is what is there."""

    upload: str
    stamp: Stamp
    folder: Path
    touched_s: float
    lock: RLock = field(default_factory=RLock)
    spans: list[tuple[int, int]] = field(default_factory=list)
    hashing: Lock = field(default_factory=Lock)
    hashed_bytes: int = 0
    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    ready: Path | None = None
    feeder: str = ""
    dropped: bool = False
    busy: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.stamp[0]

    @property
    def size_bytes(self) -> int:
        """How long the whole file is."""
        return self.stamp[1]

    @property
    def part(self) -> Path:
        """Where it is while it is not whole."""
        return self.folder / "part"

    @property
    def received_bytes(self) -> int:
        """How much of its beginning is there without a gap."""
        return self.spans[0][1] if self.spans and self.spans[0][0] == 0 else 0

    @property
    def held_bytes(self) -> int:
        """How much of it is on disk."""
        return sum(end - begin for begin, end in self.spans)

    def gaps(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Give what is missing between two offsets."""
        for have_begin, have_end in self.spans:
            if have_end <= begin:
                continue
            if have_begin >= end:
                break
            if begin < have_begin:
                yield begin, have_begin
            begin = max(begin, have_end)
        if begin < end:
            yield begin, end

    def add(self, begin: int, end: int) -> None:
        """Note that what lies between two offsets is on disk."""
        merged: list[tuple[int, int]] = []
        for span in sorted([*self.spans, (begin, end)]):
            if merged and span[0] <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], span[1]))
            else:
                merged.append(span)
        self.spans = merged

    def write(self, offset: int, data: memoryview) -> None:
        """Write what is missing of a chunk."""
        missing = list(self.gaps(offset, offset + len(data)))
        if not missing:
            return
        with self.part.open("r+b", buffering=0) as file:
            for begin, end in missing:
                file.seek(begin)
                rest = data[begin - offset : end - offset]
                while rest:
                    rest = rest[file.write(rest) :]
                self.add(begin, end)

    def prefix(self) -> tuple[int, str]:
        """Hash what is there without a gap; return how much that is, and its digest, empty for none.

        On a thread that may wait for a disk: what was hashed before is not read again.
        """
        with self.hashing:
            if (till := self.received_bytes) > self.hashed_bytes:
                with (self.ready or self.part).open("rb") as file:
                    file.seek(self.hashed_bytes)
                    while self.hashed_bytes < till:
                        block = file.read(min(_BLOCK_BYTES, till - self.hashed_bytes))
                        if not block:
                            raise InputError(f"{self.name} was cut while it arrived: upload it again.")
                        self.sha256.update(block)
                        self.hashed_bytes += len(block)
            return self.hashed_bytes, self.sha256.hexdigest() if self.hashed_bytes else ""

    def remove(self) -> None:
        """Take it off the disk."""
        with self.lock:
            self.dropped = True
            shutil.rmtree(self.folder, ignore_errors=True)
