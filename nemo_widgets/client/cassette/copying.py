"""A file that is copied while somebody else reads it."""

import hashlib
import os
from pathlib import Path
from typing import IO


class Copy:
    """A file that is being written. That it cannot be written fails the recording of it, not the work itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._trouble: OSError | None = None
        self._content: IO[bytes] | None = None
        try:
            self._content = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            self._trouble = error

    def write(self, piece: bytes) -> int:
        """Write a piece."""
        if self._content is not None and self._trouble is None:
            try:
                self._content.write(piece)
            except OSError as error:
                self._trouble = error
        self._digest.update(piece)
        self._size_bytes += len(piece)
        return len(piece)

    def whole(self) -> tuple[str, int]:
        """Close it; return its SHA-256 and its size in bytes.

        Raises
        ------
        OSError
            Not all of it could be written.
        """
        if self._content is not None:
            self._content.close()
        if self._trouble is not None:
            raise self._trouble
        return self._digest.hexdigest(), self._size_bytes

    def discard(self) -> None:
        """Close it, and delete it unless it was moved elsewhere."""
        if self._content is not None:
            self._content.close()
        self.path.unlink(missing_ok=True)
