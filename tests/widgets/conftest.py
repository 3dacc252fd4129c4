"""A browser that is a list of messages, and a studio on a real port that draws small pictures."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
import comm
import numpy as np
import pytest
from comm.base_comm import BaseComm

from nemo_widgets.client import Client, connect
from nemo_widgets.errors import StoppedError
from nemo_widgets.kernel import run
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.planner.plans import Plan, Stage
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.widgets.base import NemoWidget
from nemo_widgets.widgets.upload_messages import FIRST_CHUNK_BYTES, HEAD_BYTES

WAIT_S = 20


class Line(BaseComm):
    """A comm whose far end is the test. What the kernel sends must be JSON, as on the wire."""

    def __init__(self, **options: Any) -> None:
        self.arrived = threading.Condition()
        self.messages: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(**options)

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any) -> None:
        if msg_type == "comm_msg" and data["method"] == "custom":
            content = json.loads(json.dumps(data["content"]))
            with self.arrived:
                self.messages.append((content, [bytes(buffer) for buffer in buffers or ()]))
                self.arrived.notify_all()


class View:
    """One view of a widget, at the other end of its line."""

    def __init__(self, widget: NemoWidget) -> None:
        self.line: Line = widget.comm
        self._name = uuid4().hex[:6]
        self._asked = 0

    def send(self, content: Any, buffers: Sequence[bytes] = ()) -> None:
        """Send any custom message, on this thread."""
        message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": list(buffers)}
        self.line.handle_msg(message)

    def ask(self, kind: str, *buffers: bytes, **fields: Any) -> dict[str, Any]:
        """Ask and return the reply."""
        return self.ask_for_bytes(kind, *buffers, **fields)[0]

    def ask_for_bytes(self, kind: str, *buffers: bytes, **fields: Any) -> tuple[dict[str, Any], list[bytes]]:
        """Ask and return the reply and its bytes."""
        self._asked += 1
        asked_as = f"{self._name}-{self._asked}"
        self.send({"type": kind, "id": asked_as, **fields}, buffers)
        return self.wait_for(lambda content: content.get("id") == asked_as)

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> tuple[dict[str, Any], list[bytes]]:
        """Wait for a message."""
        with self.line.arrived:
            found: list[tuple[dict[str, Any], list[bytes]]] = []

            def look() -> bool:
                found[:] = [message for message in self.line.messages if wanted(message[0])]
                return bool(found)

            assert self.line.arrived.wait_for(look, WAIT_S), f"only this came: {self.line.messages}"
            return found[0]

    def replies(self, asked_as: str) -> list[dict[str, Any]]:
        """Return every message with this id."""
        return [content for content, _ in self.line.messages if content.get("id") == asked_as]

    def state(self) -> dict[str, Any]:
        """Ask for the whole state."""
        state: dict[str, Any] = self.ask("get_snapshot")["state"]
        return state

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the state is as wanted."""
        deadline = time.monotonic() + WAIT_S
        while not wanted(state := self.state()):
            assert time.monotonic() < deadline, f"the state stays {state}"
            time.sleep(0.02)
        return state


@pytest.fixture(autouse=True)
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", Line)
    monkeypatch.setattr("nemo_widgets.widgets.runtime._carrier", None)


class SmallEngine:
    """Says a sentence and draws one second of grey. `gate` holds answers and drawings until it is set."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    def plan(self, prompt: str, draft: Draft, assets: object, seed: int, history: object) -> Plan:
        self.gate.wait(WAIT_S)
        if prompt == "hello":
            return Plan((Stage("", {}, "Hello! What shall we make?", draft.raw),))
        if prompt == "better":
            return Plan((Stage("", {}, "Hm. Check your billing page. Click Export. Drag the clip up.", draft.raw),))
        clip = {"id": "v1", "s": 0, "d": 1000, "m": {"name": prompt}}
        made = {"t": [{"tt": 0, "sg": [clip]}], "d": 1000, "m": {"title": "", "width": 640, "height": 360}}
        return Plan((Stage("generate_video", {}, "Your clip is **ready**.", made),))

    def render(self, draft: Draft, out: Path, *, on_progress: Any, cancelled: Any, **_: Any) -> None:
        while not self.gate.wait(0.01):
            if cancelled():
                raise StoppedError("stopped")
        on_progress(0.5)
        write_clip(out)

    def engine(self) -> Engine:
        return Engine(plan=self.plan, render=self.render, canvas_size=lambda draft, resolution: (640, 360))


def write_clip(path: Path, seconds: float = 1.0) -> None:
    """Write a small video of brightening grey."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(round(seconds * 30)):
            picture = np.full((180, 320, 3), 60 + number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def upload(view: View, name: str, data: bytes, chunk_bytes: int = FIRST_CHUNK_BYTES) -> dict[str, Any]:
    """Send a file as a drop zone does, its last chunk first, and return the last reply."""
    begun = view.ask("begin_upload", data[:HEAD_BYTES], name=name, size_bytes=len(data), modified_ms=1)
    if begun["type"] == "failed":
        return begun
    for offset in reversed(range(0, len(data), chunk_bytes)):
        chunk = data[offset : offset + chunk_bytes]
        assert view.ask("upload_chunk", chunk, upload=begun["upload"], offset=offset)["type"] == "chunk_taken"
    return view.ask("finish_upload", upload=begun["upload"], digest=hashlib.sha256(data).hexdigest())


@pytest.fixture
def engine() -> SmallEngine:
    return SmallEngine()


@pytest.fixture
def client(engine: SmallEngine) -> Iterator[Client]:
    """Connect to a studio on a real port."""
    with LocalStudio(engine=engine.engine(), options=Options(workers=1, heartbeat_s=0.05)) as studio:
        made = connect(studio.url, token=studio.token)
        yield made
        engine.gate.set()
        run(made.close())


@pytest.fixture
def clip_path(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    write_clip(path)
    return path


@pytest.fixture
def view_of() -> Callable[[NemoWidget], View]:
    return View
