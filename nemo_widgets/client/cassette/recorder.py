"""`record`: everything that a live session says goes into one file, which ``connect`` replays."""

import asyncio
import atexit
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self, cast

from nemo_widgets import settings
from nemo_widgets.client.cassette.copying import Copy
from nemo_widgets.client.cassette.editing import Take, can_be_replayed, edited, raw_clips
from nemo_widgets.client.clip import OutputFile
from nemo_widgets.client.http import Links
from nemo_widgets.client.keeper import tell
from nemo_widgets.errors import CassetteError, NemoError, OutputPathError
from nemo_widgets.kernel import Job, on_job_loop, run, submit
from nemo_widgets.library.cassette import SUFFIX, write_cassette
from nemo_widgets.protocol.address import STUDIO_SERVER
from nemo_widgets.protocol.redact import redact

if TYPE_CHECKING:
    from nemo_widgets.client.auth import Access
    from nemo_widgets.client.cassette.taping import Heard

_RAW_CLIP_BYTES: Final = 2 * 1024**3
_SWITCH: Final = threading.Lock()
_current: "Recorder | None" = None


def record(path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> "Recorder":
    """Record what is said from now on, in this kernel, by any client of one service: the first that speaks.

    A context manager, or until its ``stop()``. Tokens, claim links, signatures of URLs and ids of users are left out.
    What the library answers (``reuse=True``) isn't said by the service, and not recorded.

    Parameters
    ----------
    path : path, optional
        The file to make; ``.nemo`` is added. Without one the recording that is under way is returned.
    overwrite : bool, default False
        Replace a file that is there.

    Raises
    ------
    OutputPathError
        The file is there already, or cannot be written.
    CassetteError
        A recording is under way already, or, without a path, none is.

    Examples
    --------
    >>> with nemo.record("demo.nemo"):  # doctest: +SKIP
    ...     turn = await session.send("a city at night")
    >>> client = nemo.connect("demo.nemo")  # doctest: +SKIP
    """
    global _current
    with _SWITCH:
        if path is None:
            if _current is None:
                raise CassetteError('Nothing is being recorded. nemo.record("demo.nemo") begins.')
            return _current
        if _current is not None:
            raise CassetteError(
                f"{_current.path.name} is being recorded already. nemo.record().stop() ends that, and writes the file."
            )
        _current = Recorder(path, overwrite=overwrite)
        return _current


def current() -> "Recorder | None":
    """Return the recording that is under way, if there is one."""
    return _current


class Recorder:
    """A recording that is under way. Made by `record`.

    Parameters
    ----------
    path : path
        The file to make.
    overwrite : bool
        Replace a file that is there.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool) -> None:
        self._output = _output(path, overwrite=overwrite)
        self._take = Take(began_s=time.perf_counter(), began_at=datetime.now(UTC).isoformat(timespec="seconds"))
        folder = settings.private_folder(settings.cache_dir() / "recordings")
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._lock = threading.Lock()
        self._asked_for: set[str] = set()
        self._fetching: set[Job[None]] = set()
        self._has_warned = False
        self._is_over = False
        self._is_written = False

    @property
    def path(self) -> Path:
        """Where the file goes."""
        return self._output.path

    def __repr__(self) -> str:
        state = "under way" if not self._is_over else "written" if self._is_written else "nothing to write"
        return f"<Recording {self.path.name}, {state}: {self._take.in_words()}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._stop(None)

    def stop(self, path: str | os.PathLike[str] | None = None) -> Path:
        """End the recording and write the file, unless nothing was answered; stopping again changes nothing.

        Parameters
        ----------
        path : path, optional
            Where to write it instead, such as after an error.

        Raises
        ------
        OutputPathError
            It cannot be written there. Nothing is lost: call it again with another path.
        """
        return run(self._stop(path))

    @on_job_loop
    async def _stop(self, path: str | os.PathLike[str] | None) -> Path:
        if not self._is_over:
            if path is not None:
                self._output = _output(path, overwrite=False)
            if self._fetching:
                await asyncio.wait([asyncio.ensure_future(_ended(job)) for job in self._fetching])
            await asyncio.to_thread(self.write)
            print(self._outcome())  # noqa: T201  whether it is what was meant
        return self.path

    def _outcome(self) -> str:
        if not self._is_written:
            return f"The service answered nothing that can be replayed, so {self.path.name} was not written."
        only_failures = (
            " Nothing in it went well: a replay shows the same errors." if self._take.has_only_failed else ""
        )
        return f"Recorded {self.path.name}: {self._take.in_words()}.{only_failures}"

    def write(self) -> None:
        """Write what was recorded so far, and end the recording. Without anything to replay there is no file."""
        global _current
        with self._lock:
            if self._is_over:
                return
            tape, streams = edited(self._take)
            if can_be_replayed(tape):
                with self._output as out:
                    write_cassette(out, tape, streams, {kept.digest: self._folder / kept.digest for kept in tape.media})
                self._is_written = True
            self._is_over = True
        with _SWITCH:
            if _current is self:
                _current = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def is_of(self, origin: str) -> bool:
        """Whether what this service says is recorded."""
        return not self._is_over and origin in self._take.origins

    def follows(self, access: "Access", server: str) -> bool:
        """Whether what this service says is recorded: it is the first one that spoke."""
        with self._lock:
            self._take.secrets |= {access.token, access.account.user_id}
            if not self._take.origin:
                self._take.origin = access.origin
                is_cloud = access.origin == settings.CLOUD_API_URL
                self._take.backend = "cloud" if is_cloud else "local" if server == STUDIO_SERVER else "custom"
            if access.origin == self._take.origin or (self._take.backend == "local" and server == STUDIO_SERVER):
                self._take.origins.add(access.origin)
        if not self._is_over and access.origin not in self._take.origins:
            self._warn(f"{access.origin} is not recorded: {self.path.name} holds what {self._take.origin} says.")
        return self.is_of(access.origin)

    def heard(self, heard: "Heard", access: "Access") -> None:
        """Take down what came back of a request."""
        with self._lock:
            if self._is_over:
                return
            self._take.heard.append(heard)
        if heard.asked.what == "state":
            for url in raw_clips(heard):
                self._fetch(access.origin, url)

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """Give a file for what is about to be fetched; what is not `kept` goes away."""
        copy = Copy(self._folder / f"{secrets.token_hex(8)}.part")
        try:
            yield copy
        finally:
            copy.discard()

    def keep(self, copy: Copy, *, url: str = "", render: str = "") -> None:
        """Keep a file that was fetched as a whole, by its URL or by its render."""
        try:
            digest, size_bytes = copy.whole()
            copy.path.replace(self._folder / digest)
        except OSError as error:
            self._warn(f"A clip is missing in {self.path.name}: it could not be written ({error.strerror or error}).")
            return
        with self._lock:
            self._take.keep(digest, size_bytes, url=url, render=render)

    def _fetch(self, origin: str, url: str) -> None:
        """Fetch a raw clip, so that whoever asks for it in a replay finds it: its link will not last."""
        bare = url.partition("?")[0]
        with self._lock:
            if bare in self._asked_for:
                return
            self._asked_for.add(bare)
        self._fetching.add(submit(self._fetched(origin, url), name="raw clip for a recording"))

    async def _fetched(self, origin: str, url: str) -> None:
        links = Links(origin, max_bytes=_RAW_CLIP_BYTES)
        try:
            with self.copy() as copy:
                await links.download(url, cast(IO[bytes], copy))
                self.keep(copy, url=url)
        except NemoError as error:
            self._warn(f"A raw clip is missing in {self.path.name}. {redact(str(error))}")
        finally:
            await links.close()

    def _warn(self, words: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            tell(words)


async def _ended(job: Job[None]) -> None:
    await job


def _output(path: str | os.PathLike[str], *, overwrite: bool) -> OutputFile:
    output = OutputFile(path, suffix=SUFFIX)
    if output.path.exists() and not overwrite:
        raise OutputPathError(
            f"{output.path.name} is there already, and what was paid for is not replaced unasked. Give another name, "
            "or record(…, overwrite=True)."
        )
    output.check()
    return output


@atexit.register
def _write_at_exit() -> None:
    if _current is not None:
        try:
            _current.write()
        except (NemoError, OSError) as error:
            tell(f"{_current.path.name} was not written. {error}")
