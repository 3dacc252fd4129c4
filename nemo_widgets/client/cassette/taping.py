"""The way to the service with a recorder beside it: what comes back is passed on unchanged, and noted."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final, Literal, cast

from nemo_widgets.client.auth import Access
from nemo_widgets.client.cassette.asked import Asked, asked
from nemo_widgets.client.http import InterruptedRequestError, Links, LinksLike, Part, Patience, Reply, Wire, WireLike

if TYPE_CHECKING:
    from nemo_widgets.client.cassette.copying import Copy
    from nemo_widgets.client.cassette.recorder import Recorder

_MOST_BYTES: Final = 48 * 1024 * 1024

_now_s = time.perf_counter
End = Literal["whole", "broken", "stopped"]
Ending = Callable[["Heard"], None]


class Heard:
    """What comes back of one request, as it comes.

    Attributes
    ----------
    asked : Asked
        The request.
    began_s, head_s, ended_s : float
        When it was asked, when the answer began to come, when it had come; of ``time.perf_counter``.
    status, kind, retry_after
        Its head; a status of 0 says that the network broke before there was one.
    pieces : list of (float, bytes)
        Its body, each piece with when it came.
    end : str
        ``"whole"``, ``"broken"`` or ``"stopped"``.
    """

    def __init__(self, request: Asked) -> None:
        self.asked = request
        self.began_s = self.head_s = self.ended_s = _now_s()
        self.status, self.kind, self.retry_after = 0, "", ""
        self.pieces: list[tuple[float, bytes]] = []
        self.end: End = "stopped"

    @property
    def body(self) -> bytes:
        """All of it."""
        return b"".join(piece for _, piece in self.pieces)

    def over(self, end: End) -> None:
        """Note how it ended."""
        self.end, self.ended_s = end, _now_s()


class _Passed(Reply):
    """A reply that passes on another one's head."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    @property
    def status(self) -> int:
        return self._reply.status

    @property
    def kind(self) -> str:
        return self._reply.kind

    @property
    def server(self) -> str:
        return self._reply.server

    @property
    def retry_after(self) -> str:
        return self._reply.retry_after

    async def close(self) -> None:
        await self._reply.close()


class _FetchedReply(_Passed):
    """A file on its way, of which a copy is kept."""

    def __init__(self, reply: Reply, tape: "Recorder", render: str) -> None:
        super().__init__(reply)
        self._tape = tape
        self._render = render

    async def pieces(self) -> AsyncIterator[bytes]:
        with self._tape.copy() as copy:
            async for piece in self._reply.pieces():
                copy.write(piece)
                yield piece
            if 200 <= self.status < 300 and "json" not in self.kind:
                self._tape.keep(copy, render=self._render)


class _TapedReply(_Passed):
    """An answer that is noted piece by piece."""

    def __init__(self, reply: Reply, heard: Heard, ended: Ending) -> None:
        super().__init__(reply)
        self._heard = heard
        self._ended = ended
        self._told = False
        self._size_bytes = 0
        heard.head_s = _now_s()
        heard.status, heard.kind, heard.retry_after = reply.status, reply.kind, reply.retry_after

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._reply.pieces():
                self._size_bytes += len(piece)
                if self._size_bytes <= _MOST_BYTES:  # no real answer is longer; its replay breaks off there
                    self._heard.pieces.append((_now_s(), piece))
                yield piece
        except InterruptedRequestError:
            self._tell("broken")
            raise
        else:
            self._tell("whole" if self._size_bytes <= _MOST_BYTES else "broken")

    async def close(self) -> None:
        self._tell("stopped")
        await self._reply.close()

    def _tell(self, end: End) -> None:
        if not self._told:
            self._told = True
            self._heard.over(end)
            self._ended(self._heard)


class _TapedWire:
    def __init__(self, wire: WireLike, current: Callable[[], "Recorder | None"]) -> None:
        self._wire = wire
        self._current = current

    @property
    def server(self) -> str:
        return self._wire.server

    async def open(
        self,
        access: Access,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> Reply:
        tape = self._current()
        request = asked(method, path, json, [name for name, _, _ in parts])
        sending = self._wire.open(access, method, path, json=json, parts=parts, headers=headers, stream=stream)
        if tape is None or request.what == "other":
            return await sending
        heard = Heard(request)
        try:
            reply = await sending
        except InterruptedRequestError:
            heard.over("broken")
            if tape.is_of(access.origin):
                tape.heard(heard, access)
            raise
        if not tape.follows(access, reply.server):
            return reply
        if request.what == "download":
            return _FetchedReply(reply, tape, request.render)
        return _TapedReply(reply, heard, lambda heard: tape.heard(heard, access))

    async def close(self) -> None:
        await self._wire.close()


class _TapedLinks:
    def __init__(self, links: LinksLike, origin: str, current: Callable[[], "Recorder | None"]) -> None:
        self._links = links
        self._origin = origin
        self._current = current

    async def download(self, url: str, out: IO[bytes], on_progress: Callable[[float], None] | None = None) -> None:
        tape = self._current()
        if tape is None or not tape.is_of(self._origin):
            await self._links.download(url, out, on_progress)
            return
        with tape.copy() as copy:
            await self._links.download(url, cast(IO[bytes], _Both(out, copy)), on_progress)
            tape.keep(copy, url=url)

    async def close(self) -> None:
        await self._links.close()


class _Both:
    """A file that is written to two places."""

    def __init__(self, out: IO[bytes], other: "Copy") -> None:
        self._out = out
        self._other = other

    def write(self, piece: bytes) -> int:
        self._other.write(piece)
        return self._out.write(piece)


class Taped:
    """The way to a live service; what is said on it while a recording is under way is recorded.

    Parameters
    ----------
    patience : Patience or None
        How long the service may be quiet.
    current : callable
        Returns the recording that is under way, if there is one.
    """

    def __init__(self, patience: Patience | None, current: Callable[[], "Recorder | None"]) -> None:
        self._patience = patience
        self._current = current

    def wire(self) -> WireLike:
        """Return what requests go through."""
        return _TapedWire(Wire(self._patience), self._current)

    def links(self, origin: str) -> LinksLike:
        """Return what the service's URLs are fetched with."""
        return _TapedLinks(Links(origin), origin, self._current)
