"""Files from the browser, put together from chunks that come in any order, on any thread, in an owner-only folder."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from uuid import uuid4

from nemo_widgets.client.upload_folder import process_folder
from nemo_widgets.errors import InputError
from nemo_widgets.widgets.incoming import Incoming, Stamp
from nemo_widgets.widgets.upload_messages import MAX_CHUNK_BYTES

KEPT_S = 600.0
"""How long an unfinished file is kept for a view that comes back."""

KEPT_BYTES = 2_000_000_000
"""How much of files that nobody feeds is kept in all; the oldest go first."""

_FED_S = 1.0
_UNKNOWN = "This upload is not known any more: start it again."


class UploadDesk:
    """Takes files in chunks, and keeps them until they are dropped or nobody has come back for them.

    Parameters
    ----------
    now : callable
        A clock in seconds.
    folder : callable
        Gives the folder, owner-only and this process's, in which the desk makes its own.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, folder: Callable[[], Path] = process_folder) -> None:
        self._now = now
        self._parent = folder
        self._lock = RLock()
        self._incoming: dict[str, Incoming] = {}
        self._folder: Path | None = None

    def begin(self, stamp: Stamp, *, feeder: str = "", fresh: bool = False) -> Incoming:
        """Prepare for a file that was checked already, or go on with one that nobody feeds any more.

        Parameters
        ----------
        stamp : Stamp
            Which file it is.
        feeder : str
            Who will send it.
        fresh : bool
            Never go on with what is there.

        Raises
        ------
        InputError
            There is no room for it.
        """
        self.expire()
        with self._lock:
            found = None if fresh else self._left(stamp, feeder)
            if found is not None:
                found.touched_s, found.feeder = self._now(), feeder
                return found
            gone = self._too_much(stamp[1])
        for one in gone:
            one.remove()
        with self._lock:
            self._check_room(stamp)
            upload = uuid4().hex
            made = Incoming(upload, stamp, self._own_folder() / upload, self._now(), feeder=feeder)
            try:
                made.folder.mkdir(mode=0o700)
                os.close(os.open(made.part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except OSError as error:
                made.remove()
                raise _unwritable(made, error) from error
            self._incoming[upload] = made
            return made

    def take(self, upload: str, offset: int, chunk: bytes | memoryview) -> int:
        """Write what is new of a chunk where it belongs; return how much of the beginning is there without a gap.

        An empty chunk writes nothing: a view asks so what is there, when answers may have been lost.

        Raises
        ------
        InputError
            It does not fit, or there is no room: then the file is dropped.
        """
        incoming = self.find(upload)
        data = memoryview(chunk).cast("B")
        end = offset + len(data)
        if len(data) > MAX_CHUNK_BYTES or offset < 0 or end > incoming.size_bytes:
            raise InputError(f"A piece of {incoming.name} does not fit: upload it again.")
        try:
            with incoming.lock:
                if incoming.dropped:
                    raise InputError(_UNKNOWN)
                incoming.touched_s = self._now()
                incoming.write(offset, data)
                return incoming.received_bytes
        except OSError as error:
            self.drop(upload)
            raise _unwritable(incoming, error) from error

    def finish(self, upload: str, digest: str) -> Path:
        """Return the whole file, once its digest is right; `drop` removes it. Waits for the disk.

        Raises
        ------
        InputError
            Bytes are missing, or are not those that were sent: then the file is dropped.
        """
        incoming = self.find(upload)
        if incoming.received_bytes != incoming.size_bytes:
            raise InputError(
                f"Only {incoming.held_bytes} of {incoming.size_bytes} bytes of {incoming.name} arrived: "
                "upload it again."
            )
        try:
            arrived = incoming.prefix()[1]
            if arrived == digest.lower():
                with incoming.lock:
                    if incoming.dropped:
                        raise InputError(_UNKNOWN)
                    incoming.touched_s = self._now()
                    if incoming.ready is None:
                        incoming.ready = incoming.part.rename(incoming.folder / incoming.name)
                    return incoming.ready
        except OSError as error:
            self.drop(upload)
            raise _unwritable(incoming, error) from error
        self.drop(upload)
        raise InputError(f"{incoming.name} did not arrive as it was sent, or was changed meanwhile: upload it again.")

    def find(self, upload: str) -> Incoming:
        """Return the file of this name.

        Raises
        ------
        InputError
            It was dropped, or never begun.
        """
        with self._lock:
            incoming = self._incoming.get(upload)
        if incoming is None:
            raise InputError(_UNKNOWN)
        return incoming

    @contextmanager
    def busy(self, upload: str) -> Iterator[None]:
        """Keep a file while a block runs, however long that takes."""
        with self._lock:
            incoming = self._incoming.get(upload)
        if incoming is None:
            yield
            return
        incoming.busy = True
        try:
            yield
        finally:
            incoming.busy, incoming.touched_s = False, self._now()

    def has(self, upload: str) -> bool:
        """Whether a file is here, finished or not."""
        with self._lock:
            return upload in self._incoming

    def names(self) -> list[str]:
        """Return the names of the files that are here, finished or not."""
        with self._lock:
            return [incoming.name for incoming in self._incoming.values()]

    def drop(self, upload: str) -> None:
        """Remove a file, finished or not; one that is not known is fine."""
        with self._lock:
            incoming = self._incoming.pop(upload, None)
        if incoming is not None:
            incoming.remove()

    def expire(self) -> float | None:
        """Remove what nobody came back for; return in how many seconds there may be more, None when nothing is left."""
        with self._lock:
            now = self._now()
            gone = [one for one in self._incoming.values() if now - one.touched_s >= KEPT_S and not one.busy]
            for one in gone:
                del self._incoming[one.upload]
            oldest = min((one.touched_s for one in self._incoming.values()), default=None)
        for one in gone:
            one.remove()
        return None if oldest is None else max(1.0, oldest + KEPT_S - now)

    def close(self) -> None:
        """Remove everything."""
        with self._lock:
            gone, self._incoming = list(self._incoming.values()), {}
            folder, self._folder = self._folder, None
        for one in gone:
            one.remove()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _left(self, stamp: Stamp, feeder: str) -> Incoming | None:
        now = self._now()
        for incoming in self._incoming.values():
            idle = now - incoming.touched_s >= _FED_S or (feeder and incoming.feeder == feeder)
            if incoming.stamp == stamp and incoming.ready is None and idle:
                return incoming
        return None

    def _too_much(self, size_bytes: int) -> list[Incoming]:
        now = self._now()
        idle = [one for one in self._incoming.values() if now - one.touched_s >= _FED_S and not one.busy]
        held, gone = sum(one.held_bytes for one in idle), []
        for one in sorted(idle, key=lambda one: one.touched_s):
            if held + size_bytes > KEPT_BYTES:
                held -= one.held_bytes
                gone.append(self._incoming.pop(one.upload))
        return gone

    def _check_room(self, stamp: Stamp) -> None:
        free = shutil.disk_usage(self._own_folder()).free
        free -= sum(one.size_bytes - one.held_bytes for one in self._incoming.values())
        if free < stamp[1]:
            raise InputError(_no_room(stamp[0], stamp[1], max(0, free)))

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(dir=self._parent()))
        return self._folder


def _no_room(name: str, size_bytes: int, free_bytes: int) -> str:
    return (
        f"The disk of the kernel is full: {name} is {size_bytes / 1e6:.1f} MB, and {free_bytes / 1e6:.1f} MB are free "
        f"in {tempfile.gettempdir()}. Make room there, and upload it again."
    )


def _unwritable(incoming: Incoming, error: OSError) -> InputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return InputError(_no_room(incoming.name, incoming.size_bytes, 0))
    return InputError(
        f"{incoming.name} can't be kept on the disk of the kernel ({error.strerror}): look at {tempfile.gettempdir()}, "
        "and upload it again."
    )
