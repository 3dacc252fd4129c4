"""What stands in for the network while a cassette is replayed: nothing leaves this machine."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import IO, Any

from nemo_widgets.client.auth import Access
from nemo_widgets.client.cassette.asked import Asked, asked
from nemo_widgets.client.cassette.playing import Player, Replay
from nemo_widgets.client.clock import Clock
from nemo_widgets.client.http import InterruptedRequestError, LinksLike, Part, Reply, WireLike
from nemo_widgets.errors import NotRecordedError, ServiceError
from nemo_widgets.library.cassette import Answer, Call, Cassette, Media

_JSON = "application/json"


class _Recorded(Reply):
    """An answer from the tape, in the time in which it came."""

    def __init__(self, answer: Answer, content: bytes, clock: Clock, began_s: float, player: Player | None) -> None:
        self._answer = answer
        self._content = content
        self._clock = clock
        self._began_s = began_s
        self._player = player

    @property
    def status(self) -> int:
        return self._answer.status

    @property
    def kind(self) -> str:
        return self._answer.kind.lower()

    @property
    def server(self) -> str:
        return ""

    @property
    def retry_after(self) -> str:
        return self._answer.retry_after

    async def pieces(self) -> AsyncIterator[bytes]:
        at = 0
        if self._answer.stream is None:
            yield _body(self._answer)
        for at_s, size_bytes in self._answer.pieces:
            await _until(self._clock, self._began_s + at_s)
            yield self._content[at : at + size_bytes]
            at += size_bytes
        if self._answer.stream is not None:
            await _until(self._clock, self._began_s + self._answer.ended_s - self._answer.began_s)
        self._over(stopped=False)
        if self._answer.end == "broken":
            raise InterruptedRequestError("The connection broke off here when this was recorded.")
        if self._answer.end == "stopped":
            raise NotRecordedError("The answer was stopped here when it was recorded, so the rest of it is not there.")

    async def close(self) -> None:
        self._over(stopped=True)

    def _over(self, *, stopped: bool) -> None:
        if self._player is not None:
            self._player.end(stopped=stopped)
            self._player = None


class _ReplayWire:
    server = ""

    def __init__(self, cassette: Cassette, replay: Replay, clock: Clock) -> None:
        self._cassette = cassette
        self._replay = replay
        self._clock = clock

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
        for _, content, _ in parts:
            while content.read(2**20):  # so that an upload is told as one
                pass
        request = asked(method, path, json, [name for name, _, _ in parts])
        match request.what:
            case "message":
                return await self._step(*self._replay.say(request.session, request.said))
            case "upload":
                return await self._step(*self._replay.give(request.session, request.files))
            case "download":
                return self._file(request)
            case _:
                return self._told(self._looked_up(request))

    async def close(self) -> None:
        pass

    def _looked_up(self, request: Asked) -> Call | Mapping[str, Any]:
        match request.what:
            case "open":
                return {"session_id": self._replay.open(), "task_id": "task-1"}
            case "state":
                return self._replay.state(request.session) or {}
            case "credits":
                return self._replay.credits()
            case "submit":
                return self._replay.submit(request.session, request.render, request.output)
            case "status":
                return self._status(request.render)
            case "cancel":
                self._replay.render(request.render).is_cancelled = True
                return {"status": "cancelled"}
            case _:
                raise NotRecordedError(
                    f"{self._cassette.path.name} is a recording: this is not on it, such as the way into the web app."
                )

    def _status(self, render: str) -> Call | Mapping[str, Any]:
        now = self._replay.render(render)
        return {"status": "cancelled"} if now.is_cancelled else self._replay.status(render)

    def _told(self, found: Call | Mapping[str, Any]) -> Reply:
        if isinstance(found, Call):
            answer = found.answer
        else:
            answer = Answer(began_s=0, head_s=0, ended_s=0, kind=_JSON, body=dict(found))
        return _Recorded(answer, b"", self._clock, self._clock.now(), None)

    async def _step(self, player: Player, call: Call) -> Reply:
        answer, began_s = call.answer, self._clock.now()
        try:
            await _until(self._clock, began_s + answer.head_s - answer.began_s)
        except BaseException:
            player.end(stopped=True)
            raise
        if not answer.status:
            player.end(stopped=False)
            raise InterruptedRequestError("The connection broke off here when this was recorded.")
        return _Recorded(answer, self._cassette.stream(call), self._clock, began_s, player)

    def _file(self, request: Asked) -> Reply:
        number = self._replay.render(request.render).export.submitted.render
        for kept in self._cassette.tape.media:
            if kept.render == number:
                return _RecordedFile(self._cassette, kept)
        raise _not_kept(self._cassette)


class _RecordedFile(Reply):
    def __init__(self, cassette: Cassette, kept: Media) -> None:
        self._cassette = cassette
        self._kept = kept

    @property
    def status(self) -> int:
        return HTTPStatus.OK

    @property
    def kind(self) -> str:
        return "video/mp4"

    @property
    def server(self) -> str:
        return ""

    @property
    def retry_after(self) -> str:
        return ""

    async def pieces(self) -> AsyncIterator[bytes]:
        for piece in self._cassette.content(self._kept):
            yield piece

    async def close(self) -> None:
        pass


class _ReplayLinks:
    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette

    async def download(self, url: str, out: IO[bytes], on_progress: Callable[[float], None] | None = None) -> None:
        kept = self._found(url)
        written_bytes = 0
        for piece in self._cassette.content(kept):
            written_bytes += out.write(piece)
            if on_progress is not None and kept.size_bytes:
                on_progress(min(1.0, written_bytes / kept.size_bytes))

    async def close(self) -> None:
        pass

    def _found(self, url: str) -> Media:
        media = [kept for kept in self._cassette.tape.media if kept.url]
        exact = [kept for kept in media if kept.url == url]
        same = [kept for kept in media if _file_of(kept.url) == _file_of(url)]  # with another signature
        if not exact and not same:
            raise _not_kept(self._cassette)
        return (exact or same)[-1]


class CassetteNetwork:
    """The ways to a service that is a cassette.

    Parameters
    ----------
    cassette : Cassette
        What was recorded.
    clock : Clock
        The time of the tape.
    """

    def __init__(self, cassette: Cassette, clock: Clock) -> None:
        self._cassette = cassette
        self._clock = clock
        self._replay = Replay(cassette.tape, cassette.path.name, clock)

    def wire(self) -> WireLike:
        """Return what requests go through."""
        return _ReplayWire(self._cassette, self._replay, self._clock)

    def prompts(self, session: str | None) -> list[str]:
        """Return the messages that a session can be sent at this point; None is one that was not opened yet."""
        return self._replay.prompts(session)

    def links(self, origin: str) -> LinksLike:
        """Return what URLs on the cassette are looked up with."""
        return _ReplayLinks(self._cassette)


def _file_of(url: str) -> str:
    place, _, name = url.rpartition("/")
    host, _, number = place.rpartition("/")
    return f"{host}/{number.partition('.')[0]}/{name}"


def _body(answer: Answer) -> bytes:
    return answer.text.encode() if answer.body is None else json.dumps(answer.body).encode()


def _not_kept(cassette: Cassette) -> ServiceError:
    name = cassette.path.name
    return ServiceError(f"This clip was not fetched while {name} was recorded, so it is not on it.", code=404)


async def _until(clock: Clock, moment_s: float) -> None:
    left_s = moment_s - clock.now()
    if left_s > 0:
        await clock.sleep(left_s)
