"""A small but real engine, and studios that use it on a real port."""

import io
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import av
import httpx
import numpy as np
import pytest

from nemo_widgets.errors import StoppedError
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.planner.plans import History, Plan, PlanAsset, Stage
from nemo_widgets.protocol.draft import Draft

T = TypeVar("T")

# Without proxies; and certificates are loaded once, for a client that loads them for itself takes 25 ms to make.
DIRECT: dict[str, Any] = {"verify": httpx.create_ssl_context(), "trust_env": False}
HEADERS = {"X-Skill-Source": "video-generative", "X-Skill-Version": "1.0.0", "X-Skill-Platform": "unknown"}


class TinyEngine:
    """Plans one scene of one second; draws one colour. `gate` holds every drawing until it is set."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.drawing = threading.Event()
        self.stopped = threading.Event()
        self.at_once = 0
        self.most_at_once = 0
        self.before: Callable[[Executor], None] = lambda pool: None
        self._mutex = threading.Lock()

    def engine(self) -> Engine:
        return Engine(plan=self.plan, render=self.render, canvas_size=lambda draft, resolution: (1920, 1080))

    def plan(self, prompt: str, draft: Draft, assets: Sequence[PlanAsset], seed: int, history: History) -> Plan:
        if prompt == "hello":
            return Plan((Stage("", {}, "Hello! What shall we make?", draft.raw),))
        if prompt == "break":
            raise ZeroDivisionError("the planner is broken")
        if prompt == "undo":
            return Plan((Stage("undo", {}, "Done.", history.earlier[-1], moves=-1),))
        if prompt == "redo":
            return Plan((Stage("redo", {}, "Done.", history.undone[0], moves=1),))
        if draft.is_empty:
            clip = {"id": "v1", "s": 0, "d": 1000, "m": {"name": prompt, "style": f"seed {seed}"}}
            if assets:
                clip["m"]["url"] = assets[0].url
            first = {"t": [{"tt": 0, "sg": [clip]}], "d": 1000, "m": {"title": "", "width": 1920, "height": 1080}}
            song = {"tt": 1, "sg": [{"id": "a1", "s": 0, "d": 1000, "m": {"name": "Lo-fi", "volume": 0.35}}]}
            second = {**first, "t": [*first["t"], song]}
            return Plan(
                (
                    Stage(
                        "generate_video", {"prompt": prompt}, "Your clip is ready: **one scene**, one second.", first
                    ),
                    Stage("add_music", {}, "I added some music.", second),
                )
            )
        if prompt.startswith("instead"):
            video = {"tt": 0, "sg": [{"id": "v1", "s": 0, "d": 1000, "m": {"name": prompt}}]}
            other = {**draft.raw, "t": [video, *draft.raw["t"][1:]]}
            return Plan((Stage("change_scene", {}, "Done.", other),))
        title = {"tt": 7, "sg": [{"id": "t1", "s": 0, "d": 500, "m": {"text": prompt}}]}
        changed = {**draft.raw, "t": [*draft.raw["t"], title]}
        return Plan((Stage("add_title", {}, "Done.", changed, silent=prompt.startswith("silently")),))

    def render(
        self,
        draft: Draft,
        out: Path,
        *,
        size: tuple[int, int],
        fps: int = 30,
        quality: str = "final",
        pool: Executor,
        assets: Mapping[str, Path],
        on_progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        with self._mutex:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.before(pool)
            on_progress(0.5)
            self.drawing.set()
            while not self.gate.wait(0.01):
                if cancelled():
                    self.stopped.set()
                    raise StoppedError("stopped")
            draw(out, size, round(draft.duration_ms / 1000 * fps), fps)
            on_progress(1.0)
        finally:
            with self._mutex:
                self.at_once -= 1


def draw(out: Path | io.BytesIO, size: tuple[int, int], frames: int, fps: int) -> None:
    with av.open(out if isinstance(out, io.BytesIO) else str(out), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 90, np.uint8), format="rgb24")
        for number in range(frames):
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


@pytest.fixture
def tiny() -> TinyEngine:
    return TinyEngine()


@pytest.fixture
def make_studio(tiny: TinyEngine) -> Iterator[Callable[..., LocalStudio]]:
    """Make studios that use the tiny engine, with two workers and quick heartbeats."""

    def make(**options: Any) -> LocalStudio:
        options.setdefault("options", Options(workers=1, heartbeat_s=0.05))
        return LocalStudio(engine=tiny.engine(), **options)

    yield make
    tiny.gate.set()


@pytest.fixture
def studio(make_studio: Callable[..., LocalStudio]) -> Iterator[LocalStudio]:
    with make_studio() as running:
        yield running


class Caller:
    """Makes the protocol's calls, with the headers of the real client unless told otherwise."""

    def __init__(self, url: str, token: str, **headers: str) -> None:
        everything = {"Authorization": f"Bearer {token}", **HEADERS, **headers}
        self.http = httpx.Client(base_url=url, headers=everything, **DIRECT, timeout=20)

    def open_session(self, language: str = "en") -> str:
        answer = self.http.post(
            "/api/tasks/me/with-session/nemo_agent", json={"task_name": "project", "language": language}
        )
        return str(answer.json()["data"]["session_id"])

    def message(self, session: str, text: str) -> dict[str, Any]:
        parts = {"role": "user", "parts": [{"text": text}]}
        return {"app_name": "nemo_agent", "user_id": "me", "session_id": session, "new_message": parts}

    @contextmanager
    def chat(self, session: str, text: str) -> Iterator[httpx.Response]:
        headers = {"Accept": "text/event-stream"}
        with self.http.stream("POST", "/run_sse", json=self.message(session, text), headers=headers) as answer:
            yield answer

    def say(self, session: str, text: str) -> list[dict[str, Any]]:
        """Send a message and return the decoded events."""
        with self.chat(session, text) as answer:
            return list(events(answer))

    def state(self, session: str) -> dict[str, Any]:
        state: dict[str, Any] = self.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["data"]["state"]
        return state

    def credits(self) -> dict[str, int]:
        balance: dict[str, int] = self.http.get("/api/credits/balance/simple").json()["data"]
        return balance

    def submit(
        self, session: str, render_id: str, draft: Mapping[str, Any] | None = None, **output: object
    ) -> httpx.Response:
        body = {"id": render_id, "sessionId": session, "draft": draft or self.state(session)["draft"]}
        wanted = {"format": "mp4", "quality": "high", **output}
        return self.http.post("/api/render/proxy/lambda", json={**body, "output": wanted})

    def render(self, render_id: str) -> dict[str, Any]:
        record: dict[str, Any] = self.http.get(f"/api/render/proxy/lambda/{render_id}").json()["data"]
        return record

    def finished(self, render_id: str) -> dict[str, Any]:
        """Poll a render until it has ended."""
        return until(lambda: self.render(render_id), lambda record: record["status"] in ("completed", "failed"))


def events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """Decode an event stream as it arrives."""
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def until(look: Callable[[], T], good: Callable[[T], object], timeout_s: float = 90.0) -> T:
    """Look again and again until what is seen is good."""
    ends_at = time.monotonic() + timeout_s
    while not good(seen := look()):
        assert time.monotonic() < ends_at, f"still {seen}"
        time.sleep(0.02)
    return seen


@pytest.fixture
def call(studio: LocalStudio) -> Iterator[Caller]:
    caller = Caller(studio.url, studio.token)
    with caller.http:
        yield caller
