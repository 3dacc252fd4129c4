"""The library as the conversation uses it: beside the loop, and never in its way.

What cannot be written down is told once, in one line; the work itself goes on, for it may have been paid for.
"""

import asyncio
import atexit
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from nemo_widgets import settings
from nemo_widgets.errors import NemoError
from nemo_widgets.library import Library
from nemo_widgets.terminal import plain, write

T = TypeVar("T")

_log = logging.getLogger(__name__)


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

    @property
    def keeps_clips(self) -> bool:
        """Whether finished clips are kept at all."""
        return self.library is not None and self.library.max_bytes > 0

    async def do(self, work: Callable[[Library], T], otherwise: T) -> T:
        """Return what `work` returns, or `otherwise` when there is no library or it fails.

        It runs on a thread. Cancelling the wait lets it end first, so that what was begun is known to be there.
        """
        library = self.library
        if library is None:
            return otherwise

        def tried() -> T:
            try:
                return work(library)
            except Exception as error:  # whatever it is, it must not cost a person the answer
                self.warn(error)
                return otherwise

        writing = asyncio.ensure_future(asyncio.to_thread(tried))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait({writing})
            raise

    def warn(self, error: Exception) -> None:
        """Tell, once, that what is done now is not kept."""
        if not isinstance(error, NemoError):
            _log.error("The library failed", exc_info=error)
        if not self._has_warned:
            self._has_warned = True
            why = str(error) or type(error).__name__
            tell(f"{why} The work goes on, but from here on it may be missing from the history.")


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
        if keeper.library is not None:
            keeper.library.close()
