"""The library as the conversation uses it: beside the loop, and never in its way.

What cannot be written down is told once, in one line; the work itself goes on, for it may have been paid for.
"""

import asyncio
import atexit
import logging
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from nemo_widgets import settings
from nemo_widgets.errors import NemoError
from nemo_widgets.library import Library
from nemo_widgets.terminal import plain, write

T = TypeVar("T")

_log = logging.getLogger(__name__)

_MOST_LATE: Final = 1000

Write = Callable[[Library], object]


class Keeper:
    """Writes to a library, or to none.

    Parameters
    ----------
    library : Library or None
        None keeps nothing.

    Attributes
    ----------
    library : Library or None
        For whoever wants to be told of failures.
    """

    def __init__(self, library: Library | None) -> None:
        self.library = library
        self._has_warned = False
        self._late: OrderedDict[str, list[Write]] = OrderedDict()
        self._writing = threading.RLock()

    @property
    def keeps_clips(self) -> bool:
        """Whether finished clips are kept at all."""
        return self.library is not None and self.library.max_bytes > 0

    async def do(self, work: Callable[[Library], T], otherwise: T) -> T:
        """Return what `work` returns, or `otherwise` when there is no library or it fails."""
        library = self.library
        if library is None:
            return otherwise

        def tried() -> T:
            try:
                return work(library)
            except Exception as error:  # whatever it is, it must not cost a person the answer
                self.warn(error)
                return otherwise

        return await to_its_end(tried)

    async def write(self, job: str, work: Write) -> None:
        """Write something down of a job; what cannot be written now is written later, in its order.

        Parameters
        ----------
        job : str
            Its id.
        work : callable
            Tells the time by itself: it may be done much later.
        """
        if self.library is not None:
            await to_its_end(lambda: self._write(job, work))

    def catch_up(self) -> None:
        """Write down what could not be written before, if it can be now: before the history is looked at."""
        if self.library is not None and self._late:
            with self._writing:
                self._catch_up(self.library, max(1, len(self._late)))

    def warn(self, error: Exception) -> None:
        """Tell, once, that what is done now is not kept."""
        if not isinstance(error, NemoError):
            _log.error("The library failed", exc_info=error)
        if not self._has_warned:
            self._has_warned = True
            why = str(error) or type(error).__name__
            tell(f"{why} The work goes on, but from here on it may be missing from the history.")

    def close(self) -> None:
        """Write down what could not be written before, if it can be now, and close the library."""
        self.catch_up()
        if self.library is not None:
            self.library.close()

    def _write(self, job: str, work: Write) -> None:
        assert self.library is not None, "asked for by whoever has one"
        with self._writing:
            self._catch_up(self.library, 1)
            if job in self._late:
                self._late[job].append(work)
                return
            try:
                work(self.library)
            except Exception as error:  # as in do
                self.warn(error)
                self._late[job] = [work]
                if len(self._late) > _MOST_LATE:
                    self._late.popitem(last=False)

    def _catch_up(self, library: Library, most_failures: int) -> None:
        """Write down what is late, job by job; one whose turn fails goes to the end, so that it holds up no other."""
        was_late = bool(self._late)
        for _ in range(most_failures):
            try:
                while self._late:
                    job, writes = next(iter(self._late.items()))
                    while writes:
                        writes[0](library)
                        del writes[0]
                    del self._late[job]
            except Exception:  # warned of when it happened first
                self._late.move_to_end(job)
        if was_late and not self._late:
            self._has_warned = False
            tell("The library can be written again; what was missing from the history was added.")


async def to_its_end(work: Callable[[], T]) -> T:
    """Run `work` on a thread. Cancelling the wait lets it end first, so that what was begun is known to be there."""
    writing = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait({writing})
        raise


def tell(words: str) -> None:
    """Write a line where a person sees it: in the output of the cell that launched the job."""
    write(sys.stderr, f"{plain(words)}\n")


_KEEPERS: Final[dict[tuple[Path, int], Keeper]] = {}
_MUTEX: Final = threading.Lock()


def own_keeper() -> Keeper:
    """Return what keeps this person's work, one for all clients of the process.

    Raises
    ------
    SetupError
        A variable that says where, or how much, is wrong.
    """
    folder, max_bytes = settings.library_dir(), settings.library_max_bytes()
    if folder is None:
        return Keeper(None)
    with _MUTEX:
        if (folder, max_bytes) not in _KEEPERS:
            _KEEPERS[folder, max_bytes] = Keeper(Library(folder, max_bytes=max_bytes, tell=tell))
        return _KEEPERS[folder, max_bytes]


@atexit.register
def _close_all() -> None:
    for keeper in _KEEPERS.values():
        keeper.close()
