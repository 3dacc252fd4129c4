"""Clips on show: their bytes, segments and pictures, for the views that ask."""

import asyncio
import itertools
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from nemo_widgets.errors import InputError
from nemo_widgets.media.service import service
from nemo_widgets.widgets.base import Answer, Later, WithBytes
from nemo_widgets.widgets.clips import clip_facts
from nemo_widgets.widgets.media_messages import (
    MAX_PEAKS,
    MAX_THUMBNAILS,
    Filmstrip,
    GetFilmstrip,
    GetWaveform,
    MediaFacts,
    OpenMedia,
    ReadSegment,
    Segment,
    SnapshotTaken,
    TakeSnapshot,
    Waveform,
)
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import MAX_RANGE_BYTES, RangeData, ReadRange
from nemo_widgets.widgets.states import ClipFacts

if TYPE_CHECKING:
    from nemo_widgets.client import Clip

_MAX_THUMBNAIL_PX = 360
_MAX_LENGTH_S = 60.0


class ClipShelf:
    """The clips that one widget has on show, by the id that its views ask for. Safe on several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: dict[str, Path] = {}

    def put(self, source: "Clip | str | os.PathLike[str]") -> ClipFacts:
        """Put a clip on show and return its facts."""
        path, facts = clip_facts(source)
        with self._lock:
            self._paths[facts.id] = path
        return facts

    def answer(self, ask: Ask) -> Answer | Later | None:
        """Answer what a view asks about a clip; None for an ask that is about something else.

        Raises
        ------
        InputError
            The clip is not on show, or what was asked for is out of bounds.
        """
        match ask:
            case ReadRange():
                return self.read(ask)
            case OpenMedia():
                return self._open(ask, self.path(ask.clip))
            case ReadSegment():
                if not (ask.start_s >= 0 and 0 <= ask.length_s <= _MAX_LENGTH_S):
                    raise InputError(f"A player may ask for 0 to {_MAX_LENGTH_S:.0f} s from 0 on.")
                return self._segment(ask, self.path(ask.clip))
            case GetFilmstrip():
                _within(ask.count, 1, MAX_THUMBNAILS, "pictures")
                _within(ask.height_px, 8, _MAX_THUMBNAIL_PX, "pixels of height")
                return self._filmstrip(ask, self.path(ask.clip))
            case GetWaveform():
                _within(ask.count, 1, MAX_PEAKS, "peaks")
                return self._waveform(ask, self.path(ask.clip))
            case TakeSnapshot():
                return self._snapshot(ask, self.path(ask.clip))
        return None

    async def _open(self, ask: OpenMedia, path: Path) -> Answer:
        told, _ = await service.answer("facts", path)
        return msgspec.convert({"type": "media_facts", "id": ask.id, **told}, MediaFacts)

    async def _segment(self, ask: ReadSegment, path: Path) -> Answer:
        wanted = {"form": ask.form, "start_s": ask.start_s, "length_s": ask.length_s, "init": ask.init}
        told, data = await service.answer("segment", path, **wanted)
        return WithBytes(msgspec.convert({"type": "segment", "id": ask.id, **told}, Segment), data)

    async def _filmstrip(self, ask: GetFilmstrip, path: Path) -> Answer:
        told, data = await service.answer("filmstrip", path, count=ask.count, height_px=ask.height_px)
        return WithBytes(msgspec.convert({"type": "filmstrip", "id": ask.id, **told}, Filmstrip), data)

    async def _waveform(self, ask: GetWaveform, path: Path) -> Answer:
        told, data = await service.answer("waveform", path, count=ask.count)
        return WithBytes(msgspec.convert({"type": "waveform", "id": ask.id, **told}, Waveform), data)

    async def _snapshot(self, ask: TakeSnapshot, path: Path) -> Answer:
        told, data = await service.answer("snapshot", path, time_s=ask.time_s)
        name = await asyncio.to_thread(write_beside, path, data[0])
        said = {"type": "snapshot_taken", "id": ask.id, "name": name, **told}
        return WithBytes(msgspec.convert(said, SnapshotTaken), data)

    def close(self) -> None:
        """Take all clips off show, and let go of their files."""
        with self._lock:
            paths, self._paths = set(self._paths.values()), {}
        for path in paths:
            service.forget(path)

    def path(self, clip: str) -> Path:
        """Return the file of a clip that is on show.

        Raises
        ------
        InputError
            It is not on show.
        """
        with self._lock:
            path = self._paths.get(clip)
        if path is None:
            raise InputError("This clip is no longer on show: run its cell again.")
        return path

    def read(self, ask: ReadRange) -> WithBytes:
        """Return the bytes that a view asks for.

        Raises
        ------
        InputError
            The clip is not on show, its file is gone, or the range is not one.
        """
        path = self.path(ask.clip)
        if ask.offset < 0 or not 0 < ask.length <= MAX_RANGE_BYTES:
            raise InputError(f"A player may ask for 1 to {MAX_RANGE_BYTES} bytes at a time.")
        try:
            with path.open("rb") as file:
                total_bytes = os.fstat(file.fileno()).st_size
                file.seek(ask.offset)
                piece = file.read(ask.length)
        except OSError as error:
            raise InputError(
                f"{path.name} can no longer be read ({error.strerror}): export or preview it again."
            ) from error
        return WithBytes(RangeData(id=ask.id, offset=ask.offset, total_bytes=total_bytes), [piece])


def write_beside(path: Path, png: bytes | memoryview) -> str:
    """Write a snapshot of a clip into the notebook's folder under a free name, and return that.

    Raises
    ------
    InputError
        It can't be written there.
    """
    stem = path.stem[:100]
    for number in itertools.count(1):
        name = f"{stem}-snapshot-{number}.png"
        try:
            with Path(name).open("xb") as file:
                file.write(png)
        except FileExistsError:
            continue
        except OSError as error:
            raise InputError(
                f"{name} can't be written to {Path.cwd()} ({error.strerror}): choose a path with player.snapshot(path)."
            ) from error
        return name
    raise AssertionError("numbers don't end")


def _within(count: int, least: int, most: int, what: str) -> None:
    if not least <= count <= most:
        raise InputError(f"A player may ask for {least} to {most} {what}.")
