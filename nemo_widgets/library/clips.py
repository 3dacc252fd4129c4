"""Finished clips by their content: a file is named by its SHA-256, whole or not there, and readable by its owner only.

::

    clips/ab/ab12….mp4     the content, read-only
    clips/ab/ab12….json    what is known of it, so that a new database can take it over
    clips/ab/ab12….jpg     its poster, below 8 KB; missing when none could be made
    incoming/….part        a download that is under way
"""

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from nemo_widgets.errors import LibraryError
from nemo_widgets.library.digests import digest_of
from nemo_widgets.library.filesystem import private_folder

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ABANDONED_S: Final = 86_400.0
_READ_ONLY: Final = 0o400
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A clip in the store.

    Attributes
    ----------
    digest : str
        The SHA-256 of its content.
    path : Path
        Not for people: it may be deleted when the disk gets full.
    size_bytes : int
        Of the content.
    """

    digest: str
    path: Path
    size_bytes: int


class ClipStore:
    """The files. Safe to use from several threads and programs at once.

    Parameters
    ----------
    folder : Path
        Of the library; made, for its owner alone, when it is first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._clips = folder / "clips"
        self._incoming = folder / "incoming"

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Give the path of a new empty file that goes away at the end of the block, unless it was taken in.

        Raises
        ------
        LibraryError
            Nothing can be written there.
        """
        part = private_folder(self._incoming) / f"{secrets.token_hex(8)}.part"
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
        except OSError as error:
            raise unwritable(part.parent, error) from error
        try:
            yield part
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def take_in(self, part: Path, facts: Mapping[str, Any], poster: bytes | None) -> StoredClip:
        """Move a whole file from `incoming` to its place; one that is there already stays as it is.

        Parameters
        ----------
        part : Path
            On the same disk as the store.
        facts : Mapping
            What is known of it, as JSON.
        poster : bytes or None
            A small JPEG.

        Raises
        ------
        LibraryError
            It cannot be written.
        """
        try:
            digest, size_bytes = digest_of(part), part.stat().st_size
            target = self.path(digest)
            private_folder(target.parent)
            self._put(target.with_suffix(".json"), json.dumps({**facts, "size_bytes": size_bytes}).encode())
            if poster is not None:
                self._put(target.with_suffix(".jpg"), poster)
            with part.open("rb") as content:
                os.fsync(content.fileno())
            part.chmod(_READ_ONLY)
            part.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            raise unwritable(self._clips, error) from error
        return StoredClip(digest, target, size_bytes)

    def path(self, digest: str) -> Path:
        """Return where a clip is, or would be."""
        if not _DIGEST.fullmatch(digest):
            raise LibraryError(f"{digest[:80]!r} names no clip of the library.")
        return self._clips / digest[:2] / f"{digest}.mp4"

    def has(self, digest: str) -> bool:
        """Whether a clip is there."""
        return self.path(digest).is_file()

    def poster(self, digest: str) -> bytes | None:
        """Return a clip's poster, a JPEG; None when there is none."""
        try:
            return self.path(digest).with_suffix(".jpg").read_bytes()
        except OSError:
            return None

    def facts(self, digest: str) -> Mapping[str, Any]:
        """Return what was written down beside a clip; empty when that cannot be read."""
        try:
            facts = json.loads(self.path(digest).with_suffix(".json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def write_to(self, digest: str, out: IO[bytes]) -> None:
        """Copy a clip into an open file, without copying bytes where the file system can share them.

        Raises
        ------
        LibraryError
            The clip is not there, or is damaged: its content is not what its name says.
        OSError
            `out` cannot be written.
        """
        try:
            content = self.path(digest).open("rb")
        except OSError as error:
            raise LibraryError(f"The clip is not in the library any more ({error}). Export it again.") from error
        with content:
            _copy(content, out)
        out.flush()
        out.seek(0)
        if not self.is_intact(digest):
            aside = self.path(digest).with_suffix(".damaged")
            with suppress(OSError):
                self.path(digest).replace(aside)
            raise LibraryError(f"The clip in the library was damaged on disk. It lies in {aside} now; export it again.")

    def is_intact(self, digest: str) -> bool:
        """Whether a clip's content is still what its name says; reads all of it."""
        try:
            return digest_of(self.path(digest)) == digest
        except OSError:
            return False

    def delete(self, digest: str) -> int:
        """Delete a clip; return how many bytes that frees."""
        target, freed_bytes = self.path(digest), 0
        for file in (target, target.with_suffix(".jpg"), target.with_suffix(".json")):
            with suppress(OSError):
                size_bytes = file.stat().st_size
                file.unlink()
                freed_bytes += size_bytes
        with suppress(OSError):  # other clips are in it
            target.parent.rmdir()
        return freed_bytes

    def digests(self) -> list[str]:
        """Return the clips that are there, in no order."""
        return [file.stem for file in self._clips.glob("??/*.mp4") if _DIGEST.fullmatch(file.stem)]

    def size_bytes(self) -> int:
        """Return what all files take up, half-finished ones included."""
        total = 0
        for file in [*self._clips.glob("??/*"), *self._incoming.glob("*")]:
            with suppress(OSError):
                total += file.stat().st_size
        return total

    def abandoned(self) -> list[Path]:
        """Return the downloads that nobody has written to for a day."""
        found = []
        for part in self._incoming.glob("*.part"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _ABANDONED_S:
                    found.append(part)
        return found

    def _put(self, file: Path, content: bytes) -> None:
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def _copy(content: IO[bytes], out: IO[bytes]) -> None:
    if hasattr(os, "copy_file_range"):
        with suppress(OSError):  # not between these two file systems
            while os.copy_file_range(content.fileno(), out.fileno(), 2**30):
                pass
            return
    content.seek(0)
    out.seek(0)
    out.truncate()
    shutil.copyfileobj(content, out, 2**20)


def _sync_folder(folder: Path) -> None:
    """Make a rename outlive a power cut, where folders can be synced."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unwritable(folder: Path, error: OSError) -> LibraryError:
    """Return the error that tells that nothing can be written to a folder of the library."""
    return LibraryError(f"The library ({folder}) cannot be written ({error.strerror or error}). Is the disk full?")
