"""A service on a real port that misbehaves on demand, down to the single byte, and counts what it accepted."""

import asyncio
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from nemo_widgets.client import Client, connect
from nemo_widgets.kernel import job_loop

TOKEN = "nmv_usr_right"
CLAIM = "clm_secret/1"
DRAFT = {"t": [{"tt": 0, "sg": [{"s": 0, "d": 1000, "m": {"name": "city"}}]}], "m": {"width": 1920, "height": 1080}}
TITLE = {"tt": 7, "sg": [{"s": 0, "d": 3000, "m": {"text": "Urban Dreams"}}]}
TITLED = {**DRAFT, "t": [*DRAFT["t"], TITLE]}


class FastClock:
    """A thousand seconds a second."""

    def __init__(self, speed: float = 1000) -> None:
        self.slept: list[float] = []
        self._speed = speed

    def now(self) -> float:
        return time.monotonic() * self._speed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(seconds / self._speed)


@dataclass
class Call:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """One scripted answer.

    `begins`: the service has begun, so a message counts as accepted. `timed`: more pieces of a stream, each so many
    seconds after the first ones.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    begins: bool = True
    reset: bool = False
    cut_at: int | None = None
    drip: bool = False
    stall: bool = False
    timed: Sequence[tuple[float, bytes]] = ()
    draft: Any = None

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def stream(*frames: Any, draft: Any = DRAFT, **rest: Any) -> Answer:
    lines = [frame if isinstance(frame, bytes) else f"data: {json.dumps(frame)}\n\n".encode() for frame in frames]
    return Answer(b"".join(lines), kind="text/event-stream", draft=draft, **rest)


def text(content: str) -> dict[str, str]:
    return {"type": "text", "content": content}


def refusal(code: int, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer({"code": code, "message": "said the service"}, status=status, headers=named, begins=False)


class Service:
    """Speaks just enough HTTP/1.1. `script[name]` holds answers that come before the ordinary one."""

    def __init__(self, clip: bytes) -> None:
        self.script: dict[str, deque[Answer]] = defaultdict(deque)
        self.calls: list[tuple[str, Call]] = []
        self.accepted = 0
        self.price = 10
        self.open_streams = 0
        self.draft: Any = {}
        self.media: list[Any] = []
        self.envelope = "code"
        self.tokens = {TOKEN}
        self.clip = clip
        self.url = ""
        self.after: dict[str, Callable[[], None]] = {}

    def told(self, name: str) -> list[Call]:
        return [call for called, call in self.calls if called == name]

    def wrap(self, data: Mapping[str, Any], render: bool = False) -> Answer:
        if self.envelope == "bare":
            return Answer(data)
        form = "success" if render or self.envelope == "success" else "code"
        return Answer({form: True if form == "success" else 0, "data": data})

    def ordinary(self, name: str, call: Call) -> Answer:
        match name:
            case "token":
                token = f"nmv_usr_anon{len(self.told('token'))}"
                self.tokens.add(token)
                expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7 * 86400))
                return self.wrap({"token": token, "user_id": "anon_1", "expires_at": expires, "credits": 100})
            case "session":
                return self.wrap({"task_id": "t1", "session_id": f"s{len(self.told('session'))}", "user_id": "u"})
            case "chat":
                return stream(text("Done. "), text("The city glows."))
            case "credits":
                left = 90 - self.price * self.accepted
                return self.wrap({"available": left, "frozen": 0, "total": left})
            case "state":
                state = {"draft": self.draft, "generated_media": self.media, "canvas_config": {"width": 1920}}
                return self.wrap({"session_id": "s1", "task_id": "t9", "task_name": "project", "state": state})
            case "upload":
                count = len(call.json["urls"]) if call.body.startswith(b"{") else call.body.count(b'name="files"')
                file = {
                    "filename": "a.mp4",
                    "file_type": "video",
                    "cdn_url": "u",
                    "duration": 1.5,
                    "width": 2,
                    "height": 3,
                }
                return self.wrap({"files": [{**file, "filename": f"{number}.mp4"} for number in range(count)]})
            case "submit":
                return self.wrap({"id": call.json["id"], "status": "pending", "progress": 0}, render=True)
            case "status":
                url = f"{self.url}/files/out.mp4"
                return self.wrap({"id": "r", "status": "completed", "progress": 1, "outputUrl": url}, render=True)
            case "claim":
                return self.wrap({"claim_token": CLAIM, "expires_in": 600})
            case "cancel":
                return self.wrap({"id": "r", "status": "cancelled"}, render=True)
            case "download" | "file":
                return Answer(self.clip, kind="video/mp4")
        return Answer({"detail": "Not Found"}, status=404)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (begin := await reader.readexactly(1)) != b"\x16":  # not how TLS begins
                head = begin + await reader.readuntil(b"\r\n\r\n")
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                call = Call(first.split()[0], first.split()[1], headers, body)
                await self.answer(call, writer)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, call: Call, writer: asyncio.StreamWriter) -> None:
        name = name_of(call)
        script = self.script[name]
        self.calls.append((name, call))
        known = (
            name in ("token", "file") or call.headers.get("authorization", "").removeprefix("Bearer ") in self.tokens
        )
        answer = refusal(1001, 401) if not known else script.popleft() if script else self.ordinary(name, call)
        if name == "chat" and answer.begins and known:
            self.accepted += 1
        if answer.draft is not None and known:
            self.draft = answer.draft
        self.after.get(name, lambda: None)()
        if answer.reset:
            writer.transport.abort()
            raise ConnectionResetError
        await self.write(answer, writer, reader_gone=writer.is_closing)

    async def write(self, answer: Answer, writer: asyncio.StreamWriter, reader_gone: Callable[[], bool]) -> None:
        body = answer.bytes()
        chunked = answer.kind == "text/event-stream"
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
        extra = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        writer.write(f"HTTP/1.1 {answer.status} X\r\nContent-Type: {answer.kind}\r\n{length}\r\n{extra}\r\n".encode())
        sent = body if answer.cut_at is None else body[: answer.cut_at]
        self.open_streams += chunked
        try:
            for piece in [sent[at : at + 1] for at in range(len(sent))] if answer.drip else [sent] if sent else []:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                await writer.drain()
            began_s = time.monotonic()
            for at_s, piece in answer.timed:
                await asyncio.sleep(at_s - (time.monotonic() - began_s))
                if reader_gone():
                    break
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            while answer.stall and not reader_gone():
                writer.write(b"%x\r\n%b\r\n" % (8, b": ping\n\n"))
                await writer.drain()
                await asyncio.sleep(0.01)
        finally:
            self.open_streams -= chunked
        if answer.cut_at is not None:
            writer.transport.abort()
            raise ConnectionResetError
        if chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()


def name_of(call: Call) -> str:
    path = call.path
    if path.startswith("/api/render/proxy/lambda/"):
        return "cancel" if path.endswith("/cancel") else "status"
    names = {
        "/api/auth/anonymous-token": "token",
        "/api/auth/claim-token": "claim",
        "/api/tasks/": "session",
        "/run_sse": "chat",
        "/api/credits/": "credits",
        "/api/state/": "state",
        "/api/upload-video/": "upload",
        "/api/render/proxy/lambda": "submit",
        "/api/render/proxy/": "download",
        "/files/": "file",
    }
    return next((name for prefix, name in names.items() if path.startswith(prefix)), "unknown")


@pytest.fixture(scope="session")
def clip_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((36, 64, 3), 90, np.uint8), format="rgb24")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path.read_bytes()


@pytest.fixture
def service(clip_bytes: bytes) -> Iterator[Service]:
    made = Service(clip_bytes)
    started, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def main() -> None:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0, limit=2**26)
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        await ended.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: (loop.run_until_complete(main()), loop.close()))
    thread.start()
    started.wait()
    yield made
    loop.call_soon_threadsafe(ended.set)
    thread.join()


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def client(service: Service, clock: FastClock) -> Iterator[Client]:
    made = connect(service.url, token=TOKEN, clock=clock)
    yield made
    asyncio.run_coroutine_threadsafe(made.close(), job_loop()).result(5)
