"""What a session was given: by content, so that the same is not sent twice, and for the table of assets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from nemo_widgets.client.upload import Asset


@dataclass(frozen=True, slots=True)
class GivenFile:
    """An asset, and what is known of the file that it was made from.

    Attributes
    ----------
    asset : Asset
        As the service has it.
    size_bytes : int or None
        None for a URL.
    digest : str
        SHA-256 of the content; empty for a URL, which nobody has read here.
    poster : bytes
        A JPEG below 8 KB; empty when there is none.
    """

    asset: Asset
    size_bytes: int | None
    digest: str
    poster: bytes = field(repr=False)


class Given:
    """The files of a session, oldest first. Used on the job loop, and read anywhere."""

    def __init__(self) -> None:
        self._session_id = ""
        self._files: tuple[GivenFile, ...] = ()
        self._turns: dict[str, asyncio.Lock] = {}
        self._listeners: list[Callable[[tuple[GivenFile, ...]], None]] = []

    @property
    def files(self) -> tuple[GivenFile, ...]:
        """All of them."""
        return self._files

    def listen(self, listener: Callable[[tuple[GivenFile, ...]], None]) -> Callable[[], None]:
        """Call `listener` with all files whenever there is a new one, on the job loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def known(self, session_id: str, digest: str) -> GivenFile | None:
        """Return the file of this content, if the session has it."""
        if session_id != self._session_id:
            return None
        return next((one for one in self._files if digest and one.digest == digest), None)

    def turn(self, digest: str) -> asyncio.Lock:
        """Return what who sends this content holds, so that nobody sends it at the same time."""
        return self._turns.setdefault(digest, asyncio.Lock())

    def add(self, session_id: str, files: list[GivenFile]) -> None:
        """Note what the session has been given; what an earlier one, which is gone, had counts no more."""
        before = self._files if session_id == self._session_id else ()
        self._session_id, self._files = session_id, (*before, *files)
        for listener in list(self._listeners):
            listener(self._files)
